"""A ticket from the first question to the last word, as its two people see it in the browser."""

from playwright.sync_api import expect

from chat_page import SCREENSHOTS, ask


def test_a_ticket_is_taken_talked_about_and_resolved(chat):
    # Dana misses an account and hands the question on.
    report = chat.message_of(ask(chat, "dana", "/sso-why Payments-Prod").get_attribute("data-ts"))
    chat.button(report, "escalate").click()
    chat.modal.wait_for()
    chat.modal.locator("textarea").fill("I need it for the month-end.")
    chat.submit()
    expect(chat.modal).to_be_hidden()
    expect(report).to_contain_text("The help desk has it")
    expect(chat.button(report, "escalate")).to_have_count(0)

    # Sam finds it in the help desk's channel and takes it.
    chat.become("sam")
    chat.go_to("C0HELPDESK")
    ticket = chat.the_message("I need it for the month-end.")
    expect(ticket).to_contain_text("New: nobody has it yet.")
    expect(ticket).to_contain_text("Opened by @Dana Reyes")
    chat.screenshot(SCREENSHOTS / "ticket-new.png")
    chat.button(ticket, "claim").click()
    expect(ticket).to_contain_text("@Sam Okafor has it.")
    expect(ticket).to_contain_text("Claimed by @Sam Okafor")
    expect(chat.button(ticket, "claim")).to_have_count(0)

    # Dana's direct message with the bot says who has it.
    chat.become("dana")
    chat.go_to_direct_message()
    standing = chat.the_message("The help desk has your question about Payments-Prod.")
    expect(standing).to_contain_text("@Sam Okafor has it.")
    chat.screenshot(SCREENSHOTS / "ticket-direct.png")

    # What Sam says in the thread reaches her, but for what is among agents.
    chat.become("sam")
    chat.go_to("C0HELPDESK")
    chat.reply_to(ticket, "// she is new here")
    chat.reply_to(ticket, "Since when do you miss it?")
    expect(chat.replies_to(ticket)).to_have_count(2)
    chat.become("dana")
    chat.go_to_direct_message()
    question = chat.the_message("Since when do you miss it?")
    expect(question).to_contain_text("Sam Okafor, help desk, about Payments-Prod:")
    expect(chat.messages.filter(has_text="she is new here")).to_have_count(0)

    # What she answers comes back into the thread, with her name.
    chat.say("Since this morning.")
    chat.screenshot(SCREENSHOTS / "ticket-conversation.png")
    chat.become("sam")
    chat.go_to("C0HELPDESK")
    answer = chat.replies_to(ticket).filter(has_text="Since this morning.")
    expect(answer).to_have_count(1)
    expect(answer).to_contain_text("@Dana Reyes writes to @Sam Okafor:")
    chat.screenshot(SCREENSHOTS / "ticket-thread.png")

    # Sam closes it, and she is told.
    chat.button(ticket, "resolve").click()
    expect(ticket).to_contain_text("Resolved by @Sam Okafor")
    expect(chat.button(ticket, "reopen")).to_be_visible()
    chat.screenshot(SCREENSHOTS / "ticket-resolved.png")
    chat.become("dana")
    chat.go_to_direct_message()
    expect(chat.messages.last).to_contain_text("Your question about Payments-Prod is resolved.")
    expect(standing).to_contain_text("By @Sam Okafor,")
    expect(chat.messages.filter(has_text="she is new here")).to_have_count(0)
    chat.screenshot(SCREENSHOTS / "ticket-told.png")


def test_the_home_tab_is_filled_for_whoever_looks_next(chat):
    for person in ["dana", "jonas"]:
        chat.become(person)
        if person == "dana":
            chat.go_to("home")
        expect(chat.home).to_contain_text("account")
        expect(chat.home).not_to_contain_text("has not put anything here yet")


def test_the_home_tab_keeps_what_was_asked_until_it_is_there(chat):
    chat.become("dana")
    chat.go_to("home")
    expect(chat.home).to_contain_text("AWS has no account assigned to you.")

    ask(chat, "dana", "/sso-why Payments-Prod")
    chat.go_to("home")
    expect(chat.home).to_contain_text("What you asked and do not have yet")
    expect(chat.home).to_contain_text("Payments-Prod: ")
    chat.screenshot(SCREENSHOTS / "home-open.png")

    chat.mend()
    chat.button(chat.home, "recheck").click()
    expect(chat.home).to_contain_text("Payments-Prod: ReadOnly through AWS-Payments-ReadOnly")
    expect(chat.home).not_to_contain_text("What you asked and do not have yet")
    chat.screenshot(SCREENSHOTS / "home-mended.png")
