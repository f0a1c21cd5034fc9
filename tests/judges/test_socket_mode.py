"""Socket Mode as Slack's own SDK speaks it: the sandbox's Slack is one that the SDK gets along with, beside the bot."""

import json
import threading
import urllib.parse
import urllib.request

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.response import SocketModeResponse

from child import DEADLINE_SECONDS
from program import address_of_sandbox
from slack_side import BOT_TOKEN

APP_TOKEN = "xapp-simulated-company"

# The bot has two connections, and Slack gives each its turn.
A_TURN_FOR_EVERYBODY = 3


@pytest.fixture(scope="module")
def sandbox(program):
    """A sandbox whose bot is in Socket Mode, as `--mode socket` has it."""
    with program.start("sandbox", "--listen", "127.0.0.1:0", "--mode", "socket") as started:
        yield address_of_sandbox(started)
        assert started.is_running(), f"the sandbox ended by itself:\n{started.output()}"
        assert "panicked" not in started.output(), started.output()
        for secret in (APP_TOKEN, BOT_TOKEN, "ticket="):
            assert secret not in started.output(), "a secret stands in the log"


class Sdk:
    """The SDK's client: keeps what it was sent, and acknowledges it."""

    def __init__(self, sandbox):
        web = WebClient(token=BOT_TOKEN, base_url=f"{sandbox}/api/")
        self.client = SocketModeClient(app_token=APP_TOKEN, web_client=web, ping_interval=1)
        self._requests = []
        self._frames = []
        self._changed = threading.Condition()
        self.client.message_listeners.append(self._hear)
        self.client.socket_mode_request_listeners.append(self._take)

    def __enter__(self):
        self.client.connect()
        return self

    def __exit__(self, *_):
        self.client.close()

    def wait_for_frame(self, kind):
        with self._changed:
            found = self._changed.wait_for(
                lambda: [frame for frame in self._frames if frame.get("type") == kind], DEADLINE_SECONDS
            )
            assert found, f"no {kind}; there are: {self._frames}"
            return found[0]

    def requests(self):
        with self._changed:
            return list(self._requests)

    def _hear(self, _client, frame, _text):
        with self._changed:
            self._frames.append(frame)
            self._changed.notify_all()

    def _take(self, client, request):
        with self._changed:
            self._requests.append(request)
        answer = {"response_type": "ephemeral", "text": "The SDK has it."} if request.type == "slash_commands" else None
        client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id, payload=answer))


@pytest.fixture(scope="module")
def sdk(sandbox):
    with Sdk(sandbox) as connected:
        yield connected


def told(sandbox, text, person="dana"):
    """Whether Slack says that what this person typed was acknowledged."""
    body = json.dumps({"person": person, "channel": "C0GENERAL", "text": text}).encode()
    request = urllib.request.Request(
        f"{sandbox}/sandbox/command", body, {"Content-Type": "application/json"}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=DEADLINE_SECONDS) as answer:
        return json.load(answer)


def seen(sandbox, person="dana"):
    query = urllib.parse.urlencode({"person": person})
    with urllib.request.urlopen(f"{sandbox}/sandbox/state?{query}", timeout=DEADLINE_SECONDS) as answer:
        return answer.read().decode()


def test_it_is_greeted_as_slack_greets(sdk):
    hello = sdk.wait_for_frame("hello")

    assert hello["num_connections"] >= 1
    assert hello["connection_info"]["app_id"]
    assert hello["debug_info"]["approximate_connection_time"] > 0


def test_each_connection_has_its_turn_and_the_sdks_acknowledgement_is_shown(sandbox, sdk):
    sdk.wait_for_frame("hello")
    for _ in range(A_TURN_FOR_EVERYBODY):
        assert told(sandbox, "/sso-why help")["ok"]

    request, *_ = [request for request in sdk.requests() if request.type == "slash_commands"]
    assert request.accepts_response_payload
    assert request.payload["command"] == "/sso-why"
    assert request.payload["response_url"].startswith(f"{sandbox}/")
    shown = seen(sandbox)
    assert "The SDK has it." in shown
    assert "operation_timeout" not in shown and "dispatch_failed" not in shown


def test_an_event_comes_as_an_envelope_that_tells_its_attempt(sandbox, sdk):
    for _ in range(A_TURN_FOR_EVERYBODY):
        assert told(sandbox, "@sso-why help")["ok"]

    events = [request for request in sdk.requests() if request.type == "events_api"]
    assert events
    for request in events:
        assert request.retry_attempt == 0
        assert request.payload["type"] == "event_callback"
        assert request.payload["event"]["type"] in ("app_mention", "message")


def test_a_token_of_the_bot_opens_nothing(sandbox):
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        WebClient(base_url=f"{sandbox}/api/").apps_connections_open(app_token=BOT_TOKEN)
