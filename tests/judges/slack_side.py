"""Slack's side of the wire as Slack's own SDK signs it, and a place for the bot's answers to arrive."""

import http.client
import http.server
import json
import threading
import time
import urllib.parse
import uuid

from slack_sdk.signature import SignatureVerifier

from child import DEADLINE_SECONDS
from loopback import Served

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"

# What the sandbox's Slack has installed; a bot that runs beside it needs the same two.
BOT_TOKEN = "xoxb-simulated-company"
SIGNING_SECRET = "signing-secret-of-the-simulated-company"


class Signer:
    """Sends requests to one bot, signed as `slack_sdk` would check them."""

    def __init__(self, address, secret):
        self._host = urllib.parse.urlsplit(address).netloc
        self._verifier = SignatureVerifier(secret)

    def headers(self, body, *, age_seconds=0):
        """The two headers of a request that Slack signed that long ago."""
        timestamp = str(int(time.time()) - age_seconds)
        signature = self._verifier.generate_signature(timestamp=timestamp, body=body)
        return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature}

    def post(self, route, body, *, content_type=FORM, headers=None):
        """Sends the body with these headers, by default a fresh and right signature: status and answer."""
        body = body if isinstance(body, bytes) else body.encode()
        headers = self.headers(body) if headers is None else headers
        connection = http.client.HTTPConnection(self._host, timeout=DEADLINE_SECONDS)
        try:
            connection.request("POST", route, body, {"Content-Type": content_type, **headers})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def get(self, route):
        connection = http.client.HTTPConnection(self._host, timeout=DEADLINE_SECONDS)
        try:
            connection.request("GET", route)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def status_of_unfinished(self, route, headers, pieces):
        """Sends the head and then piece after piece of a body that never ends; the status that comes first."""
        connection = http.client.HTTPConnection(self._host, timeout=DEADLINE_SECONDS)
        try:
            connection.putrequest("POST", route)
            for name, value in headers.items():
                connection.putheader(name, value)
            connection.endheaders()
            try:
                for piece in pieces:
                    connection.send(piece)
            except (BrokenPipeError, ConnectionResetError):
                pass  # The bot has answered and hung up; what it said can still be read.
            return connection.getresponse().status
        finally:
            connection.close()


def command(text, response_url, *, user="U0DANA", channel="C0GENERAL"):
    """A slash command as Slack sends it."""
    return urllib.parse.urlencode(
        {
            "token": "unused",
            "team_id": "T0EXAMPLE",
            "team_domain": "example",
            "channel_id": channel,
            "channel_name": "general",
            "user_id": user,
            "user_name": "somebody",
            "command": "/sso-why",
            "text": text,
            "api_app_id": "A0SSOWHY",
            "is_enterprise_install": "false",
            "response_url": response_url,
            # Slack gives each command its own; the same once more is the same command.
            "trigger_id": f"1.2.{uuid.uuid4().hex}",
        }
    )


def interaction(payload):
    """A button, a form or a type-ahead as Slack sends it: JSON within a form."""
    return urllib.parse.urlencode({"payload": json.dumps(payload)})


class ResponseUrl(Served):
    """A response URL of Slack's: keeps what the bot posts there, and answers as Slack does."""

    def __init__(self):
        self._bodies = []
        self._changed = threading.Condition()
        kept = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")
                kept._keep(json.loads(body))

            def log_message(self, *_):
                pass

        super().__init__(Handler)
        self.address += "/response/judge"

    def wait_for(self, is_it):
        """The first body for which `is_it` holds."""
        with self._changed:
            found = self._changed.wait_for(lambda: [body for body in self._bodies if is_it(body)], DEADLINE_SECONDS)
            assert found, f"no such answer arrived; there are: {self._bodies}"
            return found[0]

    def _keep(self, body):
        with self._changed:
            self._bodies.append(body)
            self._changed.notify_all()
