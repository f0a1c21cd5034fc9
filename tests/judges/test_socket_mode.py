"""Socket Mode as others speak it: the sandbox's Slack is one that Slack's own SDK gets along with, beside the bot; and
the bot gets along with a WebSocket server that was written by others, over TLS."""

import datetime
import json
import queue
import ssl
import threading
import urllib.parse
import urllib.request

import pytest
import websockets.sync.server
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.response import SocketModeResponse

from block_kit import problems
from child import DEADLINE_SECONDS
from loopback import Always
from program import address_of_sandbox
from slack_side import BOT_TOKEN, command

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
        # What it tells to paste into another terminal is meant to hold the bot's token.
        log = [line for line in started.output().splitlines() if not line.startswith("  export ")]
        for secret in (APP_TOKEN, BOT_TOKEN, "ticket="):
            assert secret not in "\n".join(log), "a secret stands in the log"


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


class Tls:
    """A Slack on TLS, by the `websockets` library, with a certificate that only this test knows."""

    def __init__(self, folder):
        self.certificate = folder / "certificate.pem"
        self._key = folder / "key.pem"
        self._make_certificate()
        self.connections = queue.Queue()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self._key)
        self._sockets = websockets.sync.server.serve(self._serve, "127.0.0.1", 0, ssl=context)
        port = self._sockets.socket.getsockname()[1]
        address = f"wss://localhost:{port}/link/?ticket=a-ticket-that-nobody-may-read&app_id=A0SSOWHY"

        self._api = Always({"ok": True, "url": address})
        self.api = f"{self._api.address}/api"
        self._over = threading.Event()

    def __enter__(self):
        threading.Thread(target=self._sockets.serve_forever, daemon=True).start()
        self._api.__enter__()
        return self

    def __exit__(self, *raised):
        self._over.set()
        self._sockets.shutdown()
        self._api.__exit__(*raised)

    def connection(self):
        return self.connections.get(timeout=DEADLINE_SECONDS)

    def _serve(self, connection):
        connection.send(json.dumps({"type": "hello", "num_connections": 1, "debug_info": {}, "new": [1]}))
        self.connections.put(connection)
        self._over.wait()

    def _make_certificate(self):
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
        now = datetime.datetime.now(datetime.timezone.utc)
        day = datetime.timedelta(days=1)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - day)
            .not_valid_after(now + day)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
            .sign(key, hashes.SHA256())
        )
        self.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        unlocked = serialization.NoEncryption()
        pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, unlocked)
        self._key.write_bytes(pem)


@pytest.fixture
def bot_over_tls(program, tmp_path):
    """`sso-why serve` that trusts this one Slack, and logs all that it would ever log."""
    with Tls(tmp_path) as slack:
        settings = {
            "SSO_WHY_LISTEN": "127.0.0.1:0",
            "SSO_WHY_MODE": "socket",
            "SSO_WHY_LOG": "trace",
            "SLACK_API_URL": slack.api,
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SSL_CERT_FILE": slack.certificate,
            "DATABASE_URL": f"sqlite://{tmp_path}/store.db",
            "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        }
        with program.start("serve", **settings) as started:
            yield slack, started
            assert started.is_running(), f"the bot ended by itself:\n{started.output()}"
            for secret in (APP_TOKEN, BOT_TOKEN, "a-ticket-that-nobody-may-read", "hooks.slack.com"):
                assert secret not in started.output(), f"{secret} stands in the log"


def test_over_tls_the_bot_acknowledges_what_it_understands_and_survives_what_it_does_not(bot_over_tls):
    slack, bot = bot_over_tls
    connection = slack.connection()
    for nonsense in ("", "{", "[]", "null", '{"type": "tomorrow"}', '{"envelope_id": "x"}', b"\x00\xff", "[" * 100_000):
        connection.send(nonsense)
    assert connection.ping().wait(DEADLINE_SECONDS), "it answers a ping"
    fields = dict(urllib.parse.parse_qsl(command("help", "https://hooks.slack.com/commands/T0/1/secret")))
    envelopes = [
        {"type": "tomorrow", "envelope_id": "1", "payload": None},
        {"type": "interactive", "envelope_id": "2", "accepts_response_payload": True, "payload": {"type": "new"}},
        {"type": "slash_commands", "envelope_id": "3", "accepts_response_payload": True, "payload": fields},
    ]
    for envelope in envelopes:
        connection.send(json.dumps(envelope))
    answers = [json.loads(connection.recv(timeout=DEADLINE_SECONDS)) for _ in envelopes]
    answers = {answer.pop("envelope_id"): answer for answer in answers}

    assert answers["1"] == answers["2"] == {}
    assert problems("acknowledgement", answers["3"]["payload"]) == []
    assert "/sso-why" in answers["3"]["payload"]["text"]
    slack.connection()
    connection.close()
    assert slack.connection(), "another in the place of the one that ended"


def test_over_tls_a_stranger_is_not_spoken_with(program, tmp_path):
    with Tls(tmp_path) as slack:
        settings = {
            "SSO_WHY_LISTEN": "127.0.0.1:0",
            "SSO_WHY_MODE": "socket",
            "SLACK_API_URL": slack.api,
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "DATABASE_URL": f"sqlite://{tmp_path}/store.db",
            "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        }
        with program.start("serve", **settings) as bot:
            bot.wait_for_line("no connection to Slack.*could not be reached by WebSocket")
        assert slack.connections.empty()
