"""The day's digest of duplicate groups, as an admin sees it in the browser."""

from playwright.sync_api import expect

from chat_page import SCREENSHOTS


def test_the_digest_is_read_and_a_duplicate_laid_aside(chat):
    chat.open()
    chat.become("bo")
    chat.post_digest()
    chat.go_to("C0ADMINS")
    digest = chat.the_message("Duplicate groups: 5 hurt people now, 1 will hurt.")
    expect(digest).to_contain_text("AWS-Analytics-Readers from Entra ID cannot arrive")
    expect(digest).to_contain_text("What to do, in this order")
    chat.screenshot(SCREENSHOTS / "digest.png")

    payments = chat.replies_to(digest).filter(has_text="aws-payments-admin look alike")
    expect(payments).to_contain_text("aws sso-admin create-account-assignment")
    payments.scroll_into_view_if_needed()
    chat.screenshot(SCREENSHOTS / "digest-thread.png")
    chat.button(payments, "snooze_duplicate").click()
    chat.modal.wait_for()
    chat.modal.locator("select").select_option("30")
    chat.modal.locator("#input-reason").fill("Being merged, see the plan")
    chat.screenshot(SCREENSHOTS / "digest-snooze.png")
    chat.submit()
    expect(chat.modal).to_be_hidden()
    word = chat.replies_to(digest).filter(has_text="laid AWS-Payments-Admin aside until")
    expect(word).to_contain_text("@Bo")
    expect(word).to_contain_text("Being merged, see the plan")

    # A day has one digest, whoever asks for it.
    chat.post_digest()
    expect(chat.messages.filter(has_text="Duplicate groups: 5 hurt people now, 1 will hurt.")).to_have_count(1)
