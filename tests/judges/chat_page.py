"""A person at the sandbox's chat page, in a real browser: what they type, press and read there.

Nothing here waits for time to pass: each step waits until the page shows what it is about, or fails.
"""

from playwright.sync_api import expect

from child import DEADLINE_SECONDS
from program import TARGET

SCREENSHOTS = TARGET / "screenshots"

DEADLINE_MILLISECONDS = DEADLINE_SECONDS * 1000
expect.set_options(timeout=DEADLINE_MILLISECONDS)


def ask(chat, person, text, channel="C0GENERAL"):
    """Types the command as that person, and gives the message with the report once it is there."""
    chat.become(person)
    chat.go_to(channel)
    chat.say(text)
    return chat.report()


class ChatPage:
    """One browser tab on the page."""

    def __init__(self, page, address):
        self._page = page
        self._address = address
        self.failures = []
        page.set_default_timeout(DEADLINE_MILLISECONDS)
        page.on("pageerror", lambda error: self.failures.append(f"script: {error}"))
        page.on("console", self._note_console)
        page.on("request", self._note_request)
        page.on("dialog", lambda dialog: dialog.accept())

    def open(self):
        self._page.goto(f"{self._address}/")
        self.composer.wait_for()

    def become(self, key):
        self.leave_thread()
        row = self._page.get_by_test_id(f"persona-{key}")
        row.click()
        expect(row).to_have_attribute("aria-current", "true")

    def go_to(self, channel):
        row = self._page.get_by_test_id(f"channel-{channel}")
        row.click()
        expect(row).to_have_attribute("aria-current", "page")

    def go_to_direct_message(self):
        """The direct message with the bot."""
        row = self._page.get_by_role("button", name="sso-why (direct message)")
        row.click()
        expect(row).to_have_attribute("aria-current", "page")

    @property
    def page(self):
        return self._page

    @property
    def greeting(self):
        return self._page.get_by_test_id("greeting")

    @property
    def who(self):
        """The page's heading says who one is."""
        return self._page.get_by_role("heading", level=1)

    @property
    def place(self):
        return self._page.locator("#place")

    @property
    def failing(self):
        """What the page says to be broken or failing now."""
        return self._page.get_by_test_id("failing")

    @property
    def lost(self):
        """That the sandbox does not answer."""
        return self._page.get_by_test_id("lost")

    def press(self, testid):
        self._page.get_by_test_id(testid).click()

    def find(self, typed):
        self._page.get_by_test_id("find").fill(typed)

    def move_clock(self, to):
        """Moves the company's time: `minutes`, `sync` or `digest`."""
        self._page.get_by_test_id("clock").click()
        with self._page.expect_response("**/sandbox/clock") as answer:
            self._page.get_by_test_id(f"clock-{to}").click()
        assert answer.value.json()["ok"], answer.value.text()

    def break_something(self, what):
        with self._page.expect_response("**/sandbox/break") as answer:
            self._page.get_by_test_id(f"break-{what}").click()
        assert answer.value.json()["ok"], answer.value.text()

    @property
    def confirmation(self):
        return self._page.locator("#confirm")

    def confirm(self, meant):
        self._page.get_by_test_id("confirm-yes" if meant else "confirm-no").click()
        expect(self.confirmation).to_be_hidden()

    def say(self, text):
        self.composer.fill(text)
        self._page.get_by_test_id("send").click()

    def open_behind(self):
        """What happens behind the scenes, beside the conversation."""
        self.leave_thread()
        if not self.behind.is_visible():
            self._page.get_by_test_id("open-behind").click()
        expect(self.behind).to_be_visible()

    @property
    def behind(self):
        return self._page.get_by_test_id("behind")

    def mend(self):
        """What an administrator would do about this person's trouble."""
        self.open_behind()
        with self._page.expect_response("**/sandbox/mend") as answer:
            self._page.get_by_test_id("mend").click()
        assert answer.value.json()["ok"], answer.value.text()

    def screenshot(self, file):
        self._page.screenshot(path=file, full_page=True)

    @property
    def thread(self):
        """The pane with the thread that is open."""
        return self._page.get_by_test_id("thread")

    def open_thread(self, message):
        """Opens the thread of that message, if it is not the open one."""
        timestamp = message.get_attribute("data-ts")
        if not self.thread.locator(f'[data-ts="{timestamp}"]').is_visible():
            message.get_by_test_id("reply").click()
        expect(self.thread.locator(f'[data-ts="{timestamp}"]')).to_be_visible()

    def leave_thread(self):
        if self.thread.is_visible():
            self._page.get_by_test_id("leave-thread").click()
            expect(self.thread).to_be_hidden()

    def reply_to(self, message, text):
        """Says it in the thread of that message, which stays open."""
        self.open_thread(message)
        composer = self._page.get_by_test_id("thread-composer")
        expect(composer).to_be_focused()
        expect(composer).to_have_value("")
        composer.fill(text)
        self._page.get_by_test_id("thread-send").click()
        expect(self.thread.get_by_test_id("message").filter(has_text=text)).to_have_count(1)

    def replies_to(self, message):
        """What stands in the thread below that message, with the thread open."""
        self.open_thread(message)
        timestamp = message.get_attribute("data-ts")
        return self.thread.locator(f'[data-testid="message"][data-thread-ts="{timestamp}"]')

    @property
    def notice(self):
        """What the page itself says, such as why a command was not taken."""
        return self._page.locator("#notice")

    @property
    def home(self):
        return self._page.get_by_test_id("home")

    def post_digest(self):
        """Has the day's digest posted, and waits until it is."""
        self.open_behind()
        self._page.get_by_test_id("digest").click()
        expect(self.notice).to_contain_text("is in the admins' channel")

    @property
    def composer(self):
        return self._page.get_by_test_id("composer")

    @property
    def messages(self):
        """Those in the conversation; a thread has its own."""
        return self._page.locator('#messages [data-testid="message"]')

    @property
    def modal(self):
        return self._page.get_by_test_id("modal")

    def submit(self):
        self._page.get_by_test_id("modal-submit").click()

    def button(self, within, action_id):
        return within.locator(f'[data-action-id="{action_id}"]')

    def report(self):
        """The newest report in view, once there is one: every report can show its steps."""
        message = self.messages.filter(has=self._page.locator('[data-action-id="show_steps"]')).last
        message.wait_for()
        return message

    def the_message(self, words):
        """The one message of the bot with these words, whatever it says later."""
        found = self.messages.filter(has_text=words)
        expect(found).to_have_count(1)
        return self.message_of(found.get_attribute("data-ts"))

    def message_of(self, timestamp):
        """That very message, whatever it says by now."""
        return self._page.locator(f'#messages [data-testid="message"][data-ts="{timestamp}"]')

    def choose_account(self, typed, name):
        """Types a part of the name in the form and takes what the bot suggests."""
        field = self.modal.locator('[data-action-id="account"]')
        field.click()
        field.fill(typed)
        self.modal.get_by_role("option").filter(has_text=name).click()

    def _note_console(self, message):
        if message.type == "error":
            self.failures.append(f"console: {message.text}")

    def _note_request(self, request):
        if not request.url.startswith((self._address, "data:", "blob:")):
            self.failures.append(f"outside request: {request.url}")

