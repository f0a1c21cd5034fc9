"""The five minutes of a newcomer, from the printed address to the digest: with a mouse, on a phone, and the first of
them by keyboard alone. Each counts what has to be done."""

import re

import pytest
from playwright.sync_api import expect

from chat_page import SCREENSHOTS, ChatPage

MOST_ACTIONS = 25


class Newcomer:
    """Somebody at the page who counts what they press and type."""

    def __init__(self, chat, is_phone):
        self.chat = chat
        self.page = chat.page
        self.is_phone = is_phone
        self.actions = 0

    def press(self, control):
        control.click()
        self.actions += 1

    def type(self, field, text):
        field.fill(text)
        self.actions += 1

    def become(self, key):
        if self.is_phone:
            self.press(self.page.locator("#open-left"))
        self.press(self.page.get_by_test_id(f"persona-{key}"))

    def go_to_direct_message(self):
        if self.is_phone:
            self.press(self.page.locator("#open-left"))
        self.press(self.page.get_by_role("button", name="sso-why (direct message)"))


@pytest.mark.parametrize("width, height", [(1440, 900), (390, 844)])
def test_from_the_greeting_to_the_digest(browser, sandbox, chat, width, height):
    context = browser.new_context(viewport={"width": width, "height": height})
    chat = ChatPage(context.new_page(), sandbox)
    chat.open()
    newcomer = Newcomer(chat, is_phone=width < 1000)

    # Dana asks, and hands the question over.
    newcomer.press(chat.page.get_by_test_id("ask"))
    report = chat.message_of(chat.report().get_attribute("data-ts"))
    newcomer.press(chat.button(report, "escalate"))
    newcomer.type(chat.modal.locator("textarea"), "I need it for the month-end.")
    newcomer.press(chat.page.get_by_test_id("modal-submit"))
    expect(chat.modal).to_be_hidden()

    # Sam takes it, writes to her, and resolves it.
    newcomer.become("sam")
    ticket = chat.the_message("I need it for the month-end.")
    newcomer.press(chat.button(ticket, "claim"))
    expect(chat.button(ticket, "claim")).to_have_count(0)
    newcomer.press(ticket.get_by_test_id("reply"))
    newcomer.type(chat.page.get_by_test_id("thread-composer"), "It comes with the next sync.")
    newcomer.press(chat.page.get_by_test_id("thread-send"))
    newcomer.press(chat.page.get_by_test_id("leave-thread"))
    newcomer.press(chat.button(ticket, "resolve"))
    expect(chat.button(ticket, "reopen")).to_be_visible()

    # Dana reads it; the sync comes, and she has the account.
    newcomer.become("dana")
    newcomer.go_to_direct_message()
    expect(chat.messages.filter(has_text="It comes with the next sync.").first).to_be_visible()
    newcomer.press(chat.page.get_by_test_id("clock"))
    newcomer.press(chat.page.get_by_test_id("clock-sync"))

    # The morning comes, and Bo reads the digest.
    newcomer.become("bo")
    newcomer.press(chat.page.get_by_test_id("clock"))
    newcomer.press(chat.page.get_by_test_id("clock-digest"))
    expect(chat.messages.filter(has_text="Duplicate groups").first).to_be_visible()
    chat.screenshot(SCREENSHOTS / f"five-minutes-{width}.png")

    print(f"{width}: {newcomer.actions} actions")
    assert newcomer.actions <= MOST_ACTIONS
    context.close()
    assert chat.failures == []


def test_the_first_answer_and_the_fix_by_keyboard_alone(chat):
    keyboard = chat.page.keyboard
    # The skip link leads to the conversation, whose first control asks.
    for key in ["Tab", "Enter", "Tab", "Enter"]:
        keyboard.press(key)
    report = chat.message_of(chat.report().get_attribute("data-ts"))

    fix = chat.page.get_by_test_id("mend")
    reach(chat, fix)
    keyboard.press("Enter")
    expect(chat.behind).to_contain_text("Fixed.")
    recheck = chat.button(report, "recheck")
    reach(chat, recheck, "Shift+Tab")
    keyboard.press("Enter")
    expect(report).to_contain_text(re.compile("you (now )?have access", re.IGNORECASE))
    assert chat.page.evaluate("document.activeElement !== document.body"), "the focus is still somewhere"


def reach(chat, control, key="Tab", most=60):
    """Moves the focus until it is on that control."""
    expect(control).to_be_visible()
    for _ in range(most):
        if control.evaluate("control => control === document.activeElement"):
            return
        chat.page.keyboard.press(key)
    raise AssertionError(f"{most} times {key} do not reach it")
