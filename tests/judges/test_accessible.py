"""axe-core on every view of the sandbox's page, in light and dark, on a desk and on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from chat_page import ChatPage

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def assert_accessible(chat, view):
    """No rule is broken by what is shown now."""
    results = Axe().run(chat.page, options={"runOnly": {"type": "tag", "values": RULES}})
    found = [
        f"{view}: {violation['id']} ({violation['impact']}): {violation['nodes'][0]['html'][:200]}"
        for violation in results.response["violations"]
    ]
    assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width, height", [(1440, 900), (390, 844)])
def test_every_view_is_accessible(browser, sandbox, chat, scheme, width, height):
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )
    tab = ChatPage(context.new_page(), sandbox)
    tab.open()
    is_phone = width < 1000

    def choose(person):
        if is_phone:
            tab.page.locator("#open-left").click()
            assert_accessible(tab, "people")
        tab.page.get_by_test_id(f"persona-{person}").click()

    expect(tab.greeting).to_be_visible()
    assert_accessible(tab, "opening")
    tab.page.get_by_test_id("clock").click()
    assert_accessible(tab, "clock")
    tab.page.keyboard.press("Escape")
    tab.press("ask")
    report = tab.message_of(tab.report().get_attribute("data-ts"))
    assert_accessible(tab, "report")
    tab.open_behind()
    tab.break_something("pause")
    expect(tab.failing).to_be_visible()
    assert_accessible(tab, "behind")
    tab.page.locator("#close-right").click()
    tab.button(report, "escalate").click()
    tab.modal.locator("textarea").fill("I need it.")
    assert_accessible(tab, "escalation")
    tab.submit()
    expect(tab.modal).to_be_hidden()
    tab.composer.fill("/")
    assert_accessible(tab, "commands")
    tab.composer.fill("")

    choose("sam")
    ticket = tab.the_message("I need it.")
    assert_accessible(tab, "ticket")
    tab.reply_to(ticket, "Since when?")
    assert_accessible(tab, "thread")
    tab.leave_thread()
    tab.say("/sso-why")
    tab.modal.locator('[data-action-id="account"]').fill("pay")
    expect(tab.modal.locator(".options").get_by_role("option").first).to_be_visible()
    assert_accessible(tab, "form")
    tab.submit()
    expect(tab.modal.get_by_role("alert").first).to_be_visible()
    assert_accessible(tab, "form with an error")
    tab.modal.get_by_test_id("modal-close").click()
    expect(tab.modal).to_be_hidden()

    choose("bo")
    assert_accessible(tab, "admin")
    context.close()
    assert tab.failures == []
