"""The sandbox's Microsoft Graph as its judge meets it: by a description, and past it."""

import json
import urllib.error
import urllib.parse
import urllib.request

import yaml

import prism
from prism import SPECS

# The public access token of the sandbox's tenant.
TOKEN = "graph-token-of-the-simulated-company"

PUBLISHED = "graph-cut.yaml"
# Where Graph and the sandbox serve what the published description has at the root.
BASE = "/v1.0"
# What the published description leaves out, and which of its lists has the same form: Graph's reference gives
# the first and the last as collections of directoryObject, and the second of user.
LEFT_OUT = {
    "/groups/{group-id}/owners": "/groups/{group-id}/members",
    "/directory/deletedItems/microsoft.graph.user": "/users",
    "/users/{user-id}/transitiveMemberOf": "/users/{user-id}/memberOf",
}


def description():
    """The published description as Graph serves it: below BASE, with what was left out."""
    described = yaml.safe_load((SPECS / PUBLISHED).read_text(encoding="utf-8"))
    paths = described["paths"]
    paths |= {path: paths[alike] for path, alike in LEFT_OUT.items()}
    described["paths"] = {BASE + path: operations for path, operations in paths.items()}
    return described


class Answer(prism.Answer):
    @property
    def code(self):
        """Graph's error code."""
        return self.body["error"]["code"]


def ask(address, method="GET", body=None, *, token=TOKEN, is_eventual=True):
    """One request, whatever comes back."""
    headers = {"Authorization": f"Bearer {token}"}
    if is_eventual:
        headers["ConsistencyLevel"] = "eventual"
    data = None
    if body is not None:
        headers["Content-Type"] = "application/json"
        data = json.dumps(body).encode()
    request = urllib.request.Request(address, method=method, headers=headers, data=data)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return _answer(answer.status, answer)
    except urllib.error.HTTPError as refused:
        with refused:
            return _answer(refused.code, refused)


def _answer(status, answer):
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return Answer(status, headers, answer.read().decode("utf-8"))


def good(answer, status=200):
    """That status, and nothing that the description does not allow."""
    assert not answer.is_violation, answer.text
    assert answer.status == status, (answer.status, answer.text)
    return answer


def query(path, **options):
    """The path with OData query options, which are written here without their dollar sign."""
    return f"{path}?" + urllib.parse.urlencode({f"${name}": value for name, value in options.items()})


def tell(sandbox, path, body=None):
    """Something that a person does on the sandbox's page."""
    done = ask(f"{sandbox}/sandbox/{path}", "POST", body)
    assert done.body["ok"], done.text


class Ids:
    """What the company's tenant calls things."""

    def __init__(self, graph):
        self.graph = graph
        application = good(ask(graph + query("/servicePrincipals", filter="startswith(displayName,'AWS')")))
        application = application.body["value"][0]
        self.application = f"/servicePrincipals/{application['id']}"
        self.app_id = application["appId"]
        jobs = good(ask(f"{graph}{self.application}/synchronization/jobs")).body["value"]
        self.job_id = jobs[0]["id"]
        self.job = f"{self.application}/synchronization/jobs/{self.job_id}"
        rules = good(ask(f"{graph}{self.job}/schema")).body["synchronizationRules"]
        self.rule = rules[0]["id"]

    def user(self, email):
        return good(ask(f"{self.graph}/users/{email}")).body["id"]

    def group(self, name):
        found = good(ask(self.graph + query("/groups", filter=f"displayName eq '{name}'"))).body
        return found["value"][0]["id"]

    def on_demand(self, *, group=None, person):
        """The body with which that person, or the group with that person, is provisioned."""
        member = {"objectId": self.user(person), "objectTypeName": "User"}
        subject = member
        if group is not None:
            subject = {"objectId": self.group(group), "objectTypeName": "Group", "links": {"members": [member]}}
        return {"parameters": [{"ruleId": self.rule, "subjects": [subject]}]}
