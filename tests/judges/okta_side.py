"""The sandbox's Okta as its judge meets it: by the published description, and past it."""

import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

from joserfc import jwt
from joserfc.jwk import RSAKey

import prism

# The public API token of the sandbox's Okta.
TOKEN = "sandbox-api-token-that-protects-nothing"
JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Answer(prism.Answer):
    @property
    def next(self):
        """The address of the next page, or None."""
        match = re.search(r'<([^>]+)>; rel="next"', self.headers.get("link", ""))
        return match and match.group(1)


def ask(address, method="GET", body=None, *, form=None, authorization=f"SSWS {TOKEN}"):
    """One request, whatever comes back."""
    headers = {"Authorization": authorization} if authorization else {}
    data = None
    if body is not None:
        headers["Content-Type"] = "application/json"
        data = json.dumps(body).encode()
    if form is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        data = urllib.parse.urlencode(form).encode()
    request = urllib.request.Request(address, method=method, headers=headers, data=data)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return _answer(answer.status, answer)
    except urllib.error.HTTPError as refused:
        with refused:
            return _answer(refused.code, refused)


def _answer(status, answer):
    headers = {}
    for name, value in answer.headers.items():
        headers[name.lower()] = ", ".join(filter(None, [headers.get(name.lower()), value]))
    return Answer(status, headers, answer.read().decode("utf-8"))


def query(**parameters):
    """Query parameters with their question mark."""
    return "?" + urllib.parse.urlencode(parameters)


def strike(sandbox, operation=None, fault=None):
    """The operation misbehaves from now on; without one, all behave again."""
    done = ask(f"{sandbox}/sandbox/faults", "POST", {"operation": operation, "fault": fault})
    assert done.body["ok"], done.text


def assertion(sandbox, endpoint, **changed):
    """A signed JWT with which the bot may ask that endpoint for a token, but for what is changed."""
    key = RSAKey.import_key(ask(f"{sandbox}/sandbox/okta-private-key.pem").text)
    client_id = ask(f"{sandbox}/sandbox/okta-client-id").text
    claims = {"iss": client_id, "sub": client_id, "aud": endpoint, "exp": int(time.time()) + 300}
    return jwt.encode({"alg": "RS256"}, {**claims, "jti": str(uuid.uuid4()), **changed}, key)


def token_form(signed, scope):
    """What is posted to the token endpoint."""
    return {
        "grant_type": "client_credentials",
        "client_assertion_type": JWT_BEARER,
        "client_assertion": signed,
        "scope": scope,
    }
