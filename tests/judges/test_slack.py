"""The bot over HTTP: it takes what Slack's SDK signs, refuses all else, and survives nonsense."""

import json

import pytest

from block_kit import problems
from slack_side import BOT_TOKEN, FORM, JSON, SIGNING_SECRET, ResponseUrl, Signer, command, interaction

ROUTES = ["/slack/commands", "/slack/interactions", "/slack/events"]
MEBIBYTE = 1024 * 1024


@pytest.fixture(scope="module")
def bot(program, sandbox):
    """`sso-why serve`, with the sandbox as its Slack and its AWS."""
    with program.serve(sandbox, SLACK_BOT_TOKEN=BOT_TOKEN, SLACK_SIGNING_SECRET=SIGNING_SECRET) as started:
        yield started
        assert started.is_running(), f"the bot ended by itself:\n{started.output()}"
        assert "panicked" not in started.output(), started.output()
        for secret in (BOT_TOKEN, SIGNING_SECRET):
            assert secret not in started.output(), "a secret stands in the log"


@pytest.fixture(scope="module")
def slack(bot):
    address = bot.wait_for_line(r"listening.*\b(127\.0\.0\.1:\d+)").group(1)
    return Signer(f"http://{address}", SIGNING_SECRET)


@pytest.fixture
def response_url():
    with ResponseUrl() as waiting:
        yield waiting


@pytest.mark.parametrize("route", ROUTES)
def test_what_slack_sdk_signs_is_accepted(slack, route):
    assert slack.post(route, command("help", "http://127.0.0.1:9/"))[0] == 200
    assert slack.post(route, interaction({"type": "block_actions", "actions": []}))[0] == 200
    assert slack.post(route, '{"type": "event_callback", "event": {"type": "app_home_opened"}}', content_type=JSON)[0] == 200


@pytest.mark.parametrize("route", ROUTES)
def test_a_signature_of_almost_five_minutes_ago_is_accepted(slack, route):
    # Not 300 exactly: the second may turn on the way.
    body = "ssl_check=1"
    assert slack.post(route, body, headers=slack.headers(body, age_seconds=240))[0] == 200
    assert slack.post(route, body, headers=slack.headers(body, age_seconds=-240))[0] == 200


@pytest.mark.parametrize("route", ROUTES)
class TestRefused:
    body = "ssl_check=1"

    def refused(self, slack, route, headers, body=None):
        assert slack.post(route, body or self.body, headers=headers)[0] == 401

    def test_a_tampered_body(self, slack, route):
        self.refused(slack, route, slack.headers(self.body), body="ssl_check=2")

    def test_another_secret(self, slack, route):
        stranger = Signer("http://127.0.0.1:9", "0123456789abcdef0123456789abcdef")
        self.refused(slack, route, stranger.headers(self.body))

    @pytest.mark.parametrize("age_seconds", [310, 86_400, -310])
    def test_a_timestamp_over_five_minutes_off(self, slack, route, age_seconds):
        self.refused(slack, route, slack.headers(self.body, age_seconds=age_seconds))

    @pytest.mark.parametrize("missing", ["X-Slack-Request-Timestamp", "X-Slack-Signature"])
    def test_a_missing_header(self, slack, route, missing):
        headers = slack.headers(self.body)
        del headers[missing]
        self.refused(slack, route, headers)

    def test_no_headers_at_all(self, slack, route):
        self.refused(slack, route, {})

    @pytest.mark.parametrize("signature", ["", "v0=", "v0=00", "v1=" + "0" * 64, "v0=" + "0" * 64, "v0=" + "z" * 64])
    def test_what_is_no_signature(self, slack, route, signature):
        self.refused(slack, route, {**slack.headers(self.body), "X-Slack-Signature": signature})

    @pytest.mark.parametrize("timestamp", ["", "now", "1e9", "-1", "9" * 30])
    def test_what_is_no_timestamp(self, slack, route, timestamp):
        self.refused(slack, route, {**slack.headers(self.body), "X-Slack-Request-Timestamp": timestamp})

    def test_unsigned_nonsense_before_anything_is_parsed(self, slack, route):
        self.refused(slack, route, {}, body=b"\xff\xfe payload={")


@pytest.mark.parametrize("route", ROUTES)
class TestTooLarge:
    """Nothing here is signed: size comes before the signature, and before the body has been read whole."""

    def test_by_its_announced_length(self, slack, route):
        headers = {"Content-Type": FORM, "Content-Length": str(MEBIBYTE + 1)}
        assert slack.status_of_unfinished(route, headers, pieces=[]) == 413

    def test_in_chunks(self, slack, route):
        headers = {"Content-Type": FORM, "Transfer-Encoding": "chunked"}
        sixteenth = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        one_byte_more = b"1\r\nx\r\n"
        assert slack.status_of_unfinished(route, headers, pieces=[sixteenth] * 16 + [one_byte_more]) == 413

    def test_even_when_signed(self, slack, route):
        body = b"x" * (MEBIBYTE + 1)
        headers = {**slack.headers(body), "Content-Type": FORM, "Content-Length": str(len(body))}
        assert slack.status_of_unfinished(route, headers, pieces=[]) == 413

    def test_a_mebibyte_itself_is_not_too_large(self, slack, route):
        body = b"x" * MEBIBYTE
        assert slack.post(route, body)[0] == 200
        assert slack.post(route, body, headers={})[0] == 401


NONSENSE = [
    pytest.param("", FORM, id="nothing"),
    pytest.param("ssl_check=1&token=unused", FORM, id="ssl_check"),
    pytest.param("a=b&a=c&%zz=%", FORM, id="a form of no kind"),
    pytest.param("\0\x7f\ufffd", FORM, id="hardly text"),
    pytest.param("payload=", FORM, id="an empty payload"),
    pytest.param("payload=%7Bnot+json", FORM, id="a payload that is no JSON"),
    pytest.param("payload=null", FORM, id="a null payload"),
    pytest.param(interaction([]), FORM, id="a list as payload"),
    pytest.param(interaction({}), FORM, id="a payload without a type"),
    pytest.param(interaction({"type": "workflow_step_edit"}), FORM, id="an unknown interaction"),
    pytest.param(interaction({"type": "block_actions"}), FORM, id="a click on nothing"),
    pytest.param(
        interaction(
            {
                "type": "block_actions",
                "team": None,
                "is_enterprise_install": True,
                "user": {"id": "U0DANA"},
                "container": {"type": "message", "message_ts": "1.2", "channel_id": "C0GENERAL"},
                "actions": [{"action_id": "no_such_action", "block_id": "b", "value": "v9:???", "type": "button"}],
            }
        ),
        FORM,
        id="an unknown button in an organization-wide install",
    ),
    pytest.param(
        interaction({"type": "view_submission", "user": {"id": "U0DANA"}, "view": {"callback_id": "no_such_form"}}),
        FORM,
        id="an unknown form",
    ),
    pytest.param(interaction({"type": "block_suggestion", "action_id": "no_such_list"}), FORM, id="an unknown list"),
    pytest.param(interaction({"type": "message_action", "callback_id": "no_such"}), FORM, id="an unknown shortcut"),
    pytest.param("command=%2Fother&text=x&user_id=U0DANA", FORM, id="another command"),
    pytest.param("command=%2Fsso-why", FORM, id="a command without a person"),
    pytest.param("{not json", JSON, id="no JSON"),
    pytest.param("[]", JSON, id="a list"),
    pytest.param('{"type": "no_such_envelope"}', JSON, id="an unknown envelope"),
    pytest.param('{"type": "event_callback"}', JSON, id="an event without an event"),
    pytest.param('{"type": "event_callback", "event": {"type": "no_such_event"}}', JSON, id="an unknown event"),
    pytest.param(
        '{"type": "event_callback", "authorizations": [{"team_id": null}], "event": {"type": "app_mention"}}',
        JSON,
        id="a mention by nobody",
    ),
    pytest.param('{"type": "app_rate_limited", "minute_rate_limited": 1}', JSON, id="a rate limit"),
    pytest.param("[" * 100_000, JSON, id="deep nesting"),
]


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("body, content_type", NONSENSE)
def test_signed_nonsense_is_answered_with_200(bot, slack, route, body, content_type):
    assert slack.post(route, body, content_type=content_type)[0] == 200
    assert bot.is_running()


@pytest.mark.parametrize("route", ROUTES)
def test_the_challenge_is_echoed(slack, route):
    challenge = "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"
    status, answer = slack.post(
        route,
        json.dumps({"token": "unused", "challenge": challenge, "type": "url_verification"}),
        content_type=JSON,
    )

    assert status == 200
    assert challenge == answer or challenge == json.loads(answer)["challenge"]


@pytest.mark.parametrize("route", ROUTES)
def test_a_command_is_acknowledged_and_its_report_follows(slack, route, response_url):
    status, acknowledgement = slack.post(route, command("Payments-Prod", response_url.address))

    assert status == 200
    looking = json.loads(acknowledgement)
    assert problems("acknowledgement", looking) == []
    assert looking["text"]
    assert looking.get("response_type", "ephemeral") == "ephemeral"
    report = response_url.wait_for(lambda body: has_button(body, "recheck"))
    assert problems("response_url", report) == []
    assert "Payments-Prod" in report["text"]
    assert report.get("response_type", "ephemeral") == "ephemeral", "a report is for the asker alone"


def test_help_needs_no_look_up(slack):
    status, answer = slack.post("/slack/commands", command("help", "http://127.0.0.1:9/"))

    assert status == 200
    message = json.loads(answer)
    assert problems("acknowledgement", message) == []
    assert "/sso-why" in message["text"]


def test_ten_thousand_characters_get_a_polite_answer(slack, response_url):
    status, acknowledgement = slack.post("/slack/commands", command("P" * 10_000, response_url.address))

    assert status == 200
    answer = json.loads(acknowledgement) if "blocks" in acknowledgement else None
    answer = answer or response_url.wait_for(lambda body: body.get("text"))
    assert problems("response_url", answer) == []


def test_the_bot_says_that_it_lives(slack):
    assert slack.get("/healthz")[0] == 200
    assert slack.get("/readyz")[0] == 200


def test_metrics_are_prometheus_text_of_our_own_names(slack):
    status, text = slack.get("/metrics")

    assert status == 200
    names = {line.split("{")[0].split(" ")[0] for line in text.splitlines() if line and not line.startswith("#")}
    assert names
    assert [name for name in names if not name.startswith("sso_why_")] == []


def has_button(message, action_id):
    """Whether the message has a button of that action."""
    return any(
        element.get("action_id") == action_id
        for block in message.get("blocks") or []
        for element in block.get("elements") or []
    )
