"""Every example that Microsoft and Okta document, in place of the sandbox's own answer: the program must read it.

One operation at a time answers with the documented body, whatever was asked; all else is the sandbox's. What the
examples are about has nothing to do with our company, so only two things are asked: a report comes, and no answer is
one that "could not be understood".
"""

import json
import re
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler

import pytest
import yaml

from loopback import Served
from prism import SPECS
from program import ACCESS, BLOCKED, UNDETERMINED, address_of_sandbox

# Who makes the program ask for it: somebody whose change is on its way, and somebody who never had it.
ASKERS = (["dana@example.com", "Payments-Prod"], ["noah@example.com", "Ledger-Prod"])


# What the program asks for the two of them; for the rest of the descriptions it has no use.
ASKED = {
    "/users",
    "/users/{user-id}/memberOf",
    "/users/{user-id}/transitiveMemberOf/microsoft.graph.group",
    "/groups/{group-id}",
    "/servicePrincipals",
    "/servicePrincipals/{servicePrincipal-id}/appRoleAssignedTo",
    "/servicePrincipals/{servicePrincipal-id}/synchronization/jobs",
    "/servicePrincipals/{servicePrincipal-id}/synchronization/jobs/{synchronizationJob-id}/schema",
    "/auditLogs/provisioning",
    "/auditLogs/directoryAudits",
    "/api/v1/users/{id}",
    "/api/v1/users/{id}/groups",
    "/api/v1/groups",
    "/api/v1/apps",
    "/api/v1/apps/{appId}",
    "/api/v1/apps/{appId}/users/{userId}",
    "/api/v1/apps/{appId}/group-push/mappings",
    "/api/v1/apps/{appId}/connections/default",
    "/api/v1/logs",
}


def documented(file, prefix):
    """Each GET operation's path as a pattern, with each of its examples of status 200."""
    description = yaml.safe_load((SPECS / file).read_text(encoding="utf-8"))
    told = []
    for path, operations in description["paths"].items():
        if path not in ASKED:
            continue
        content = operations.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
        media = content.get("application/json", {})
        examples = {name: resolved(description, one).get("value") for name, one in media.get("examples", {}).items()}
        if "example" in media:
            examples["example"] = media["example"]
        pattern = prefix + "".join(
            "[^/]+" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{[^}]+\})", path)
        )
        for name, body in examples.items():
            if path == "/api/v1/logs" and isinstance(body, dict):
                body = [body]  # Okta documents the list with single events.
            if body is not None:
                told.append(pytest.param(pattern, body, id=f"{path} {name}"))
    return told


def resolved(description, node):
    """The node, or what its reference leads to."""
    while "$ref" in node:
        found = description
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part.replace("~1", "/").replace("~0", "~")]
        node = found
    return node


class Instead(Served):
    """A proxy before the sandbox, in which one path answers with a body of ours."""

    def __init__(self, upstream):
        self.pattern, self.body, self.served = None, None, 0
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_arguments):
                pass

            def answer(self):
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                path = self.path.split("?")[0]
                if self.command == "GET" and proxy.pattern and re.fullmatch(proxy.pattern, path):
                    proxy.served += 1
                    return self.reply(200, json.dumps(proxy.body, default=str).encode(), {})
                headers = {name: value for name, value in self.headers.items() if name.lower() != "accept-encoding"}
                request = urllib.request.Request(
                    upstream + self.path, data=body or None, headers=headers, method=self.command
                )
                try:
                    with urllib.request.urlopen(request, timeout=60) as answer:
                        return self.reply(answer.status, answer.read(), answer.headers)
                except urllib.error.HTTPError as answer:
                    return self.reply(answer.code, answer.read(), answer.headers)

            do_GET = do_POST = do_PATCH = answer

            def reply(self, status, body, headers):
                self.send_response(status)
                # Okta's pages have two links, one of them to the next page.
                for name in ("link", "retry-after", "x-rate-limit-reset"):
                    for value in headers.get_all(name, []) if headers else []:
                        self.send_header(name, value)
                self.send_header("content-type", headers.get("content-type", "application/json"))
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        super().__init__(Handler)


@pytest.fixture(scope="module", params=["company", "okta"])
def company(request, program):
    with program.start("sandbox", "--listen", "127.0.0.1:0", "--scenario", request.param) as started:
        sandbox = address_of_sandbox(started)
        with Instead(sandbox) as instead:
            yield request.param, program, sandbox, instead


def reads(company, pattern, body):
    _, program, sandbox, instead = company
    instead.pattern, instead.body, instead.served = pattern, body, 0
    for asker in ASKERS:
        status, report = program.check_in_company(sandbox, *asker, idp=instead.address)
        assert status in (ACCESS, BLOCKED, UNDETERMINED)
        garbled = [gap for gap in report["gaps"] if "understood" in gap["detail"]]
        assert garbled == [], body
    assert instead.served > 0, "nobody asked for it"


@pytest.mark.parametrize("company", ["company"], indirect=True)
@pytest.mark.parametrize("pattern, body", documented("graph-cut.yaml", "/v1\\.0"))
def test_microsofts_examples_are_read(company, pattern, body):
    reads(company, pattern, body)


@pytest.mark.parametrize("company", ["okta"], indirect=True)
@pytest.mark.parametrize("pattern, body", documented("okta-cut-relaxed.yaml", ""))
def test_oktas_examples_are_read(company, pattern, body):
    reads(company, pattern, body)
