"""The sandbox's Okta under Okta's own published description, and the program through that proxy.

Prism holds every answer of the sandbox against the description. It silently skips a schema that it cannot compile,
so bodies that are known to be wrong come first: it must refuse each.
"""

import json
import re

import pytest
import yaml

from company_file import people_with_a_diagnosis
from loopback import Always
from okta_side import TOKEN, ask, assertion, query, strike, token_form
from prism import SPECS, Prism
from program import ACCESS, BLOCKED, UNDETERMINED, address_of_sandbox

# Okta's description, and the same with null where Okta's own examples have it.
STRICT, RELAXED, OAUTH = "okta-cut.yaml", "okta-cut-relaxed.yaml", "okta-oauth-cut.yaml"
# What no diagnosis needs and the sandbox does not have.
NOT_SERVED = {("POST", "/api/v1/apps/{appId}/users/{userId}")}
# "nullable: true" in Okta's own description, although one of the wrong bodies has it.
NULL_IS_PUBLISHED = '"secondEmail": null'
LONG_AGO = "2000-01-01T00:00:00Z"
SCOPES = "okta.users.read okta.groups.read okta.apps.read okta.logs.read okta.apps.manage okta.groups.manage"

CANARIES = json.loads((SPECS / "canary-okta.json").read_text(encoding="utf-8"))
PEOPLE = {person.cause: person for person in reversed(people_with_a_diagnosis("okta"))}


@pytest.fixture(scope="module")
def sandbox(program):
    with program.start("sandbox", "--scenario", "okta", "--listen", "127.0.0.1:0") as started:
        yield address_of_sandbox(started)
        assert started.is_running(), f"the sandbox ended by itself:\n{started.output()}"
        assert "panicked" not in started.output(), started.output()


@pytest.fixture(scope="module")
def proxy(sandbox, tmp_path_factory):
    """The address of a proxy that lets through only what Okta's description allows."""
    with Prism(RELAXED, sandbox, tmp_path_factory.mktemp("prism")) as prism:
        yield prism.address


@pytest.fixture(scope="module")
def endpoint(sandbox, tmp_path_factory):
    """The token endpoint, behind the same kind of proxy."""
    with Prism(OAUTH, sandbox, tmp_path_factory.mktemp("prism-oauth")) as prism:
        yield f"{prism.address}/oauth2/v1/token"


@pytest.fixture(autouse=True)
def as_founded(request):
    """Each test has the company as it was founded, where it has one."""
    if "sandbox" in request.fixturenames:
        done = ask(f"{request.getfixturevalue('sandbox')}/sandbox/reset", "POST")
        assert done.body["ok"], done.text


@pytest.fixture(scope="module")
def liar():
    """A service that gives the body it was told to, whatever it is asked."""

    with Always() as service:
        yield service


class TestCanaries:
    @pytest.mark.parametrize("spec", [STRICT, RELAXED])
    def test_every_wrong_body_is_refused(self, spec, liar, tmp_path):
        # The relaxed description exists to allow null; the strict one allows it in one of these places.
        allowed = NULL_IS_PUBLISHED if spec == STRICT else "null"
        wrong = [case for case in CANARIES if allowed not in json.dumps(case[1])]
        assert len(wrong) > 10
        with Prism(spec, liar.address, tmp_path) as prism:
            let_through = []
            for path, body in wrong:
                liar.body = body
                answer = ask(prism.address + path)
                if not answer.is_violation:
                    let_through.append((path, body, answer.status))
        assert let_through == []


class Ids:
    """What the company's Okta calls things."""

    def __init__(self, proxy):
        def first(path):
            return good(ask(proxy + path)).body[0]

        self.app = first("/api/v1/apps" + query(filter='name eq "amazon_aws_sso"'))["id"]
        self.user = good(ask(f"{proxy}/api/v1/users/dana%40example.com")).body["id"]
        self.group = first("/api/v1/groups" + query(search='profile.name eq "AWS-Payments-ReadOnly"'))["id"]
        mappings = f"/api/v1/apps/{self.app}/group-push/mappings"
        self.mapping = first(mappings + query(sourceGroupId=self.group))["id"]


def good(answer, status=200):
    """That status, and nothing that Okta's description does not allow."""
    assert not answer.is_violation, answer.text
    assert answer.status == status, (answer.status, answer.text)
    return answer


def found(ids):
    """Every operation that reads, with what it finds."""
    app = f"/api/v1/apps/{ids.app}"
    return [
        "/api/v1/users",
        "/api/v1/users" + query(search='profile.email eq "dana@example.com"'),
        "/api/v1/users" + query(filter='profile.login eq "dana@example.com"'),
        "/api/v1/users" + query(q="dana"),
        f"/api/v1/users/{ids.user}",
        "/api/v1/users/dana%40example.com",
        f"/api/v1/users/{ids.user}/groups",
        "/api/v1/groups",
        "/api/v1/groups" + query(search='profile.name sw "AWS-"'),
        "/api/v1/groups" + query(filter='type eq "APP_GROUP"'),
        f"/api/v1/groups/{ids.group}",
        f"/api/v1/groups/{ids.group}/users",
        "/api/v1/apps",
        "/api/v1/apps" + query(filter='name eq "amazon_aws_sso"'),
        app,
        f"{app}/users",
        f"{app}/users/{ids.user}",
        f"{app}/users/{ids.user}" + query(expand="user"),
        f"{app}/group-push/mappings",
        f"{app}/group-push/mappings" + query(status="ACTIVE"),
        f"{app}/group-push/mappings" + query(status="INACTIVE"),
        f"{app}/group-push/mappings" + query(status="ERROR"),
        f"{app}/group-push/mappings/{ids.mapping}",
        f"{app}/features",
        f"{app}/connections/default",
        "/api/v1/logs" + query(sortOrder="DESCENDING"),
        "/api/v1/logs" + query(since=LONG_AGO, until="2100-01-01T00:00:00Z"),
        "/api/v1/logs" + query(
            since=LONG_AGO,
            until="2100-01-01T00:00:00Z",
            filter='eventType sw "application.provision" and outcome.result eq "FAILURE"',
        ),
    ]


def empty(ids):
    """Every list, with nothing to find."""
    app = f"/api/v1/apps/{ids.app}"
    return [
        "/api/v1/users" + query(search='profile.email eq "nobody@example.com"'),
        "/api/v1/groups" + query(search='profile.name eq "Nobody"'),
        f"/api/v1/groups/{ids.group}/apps",
        "/api/v1/apps" + query(filter='name eq "nothing"'),
        f"{app}/groups",
        f"{app}/group-push/mappings" + query(sourceGroupId="00g0"),
        "/api/v1/logs" + query(since=LONG_AGO, until="2000-01-02T00:00:00Z"),
    ]


def missing(ids):
    """Everything that can be asked for and not be there."""
    app = f"/api/v1/apps/{ids.app}"
    return [
        "/api/v1/users/nobody%40example.com",
        "/api/v1/users/00u0/groups",
        "/api/v1/groups/00g0",
        "/api/v1/groups/00g0/users",
        "/api/v1/groups/00g0/apps",
        "/api/v1/apps/0oa0",
        "/api/v1/apps/0oa0/groups",
        f"{app}/groups/{ids.group}",
        f"{app}/users/00u0",
        f"{app}/group-push/mappings/gPm0",
        "/api/v1/apps/0oa0/features",
        "/api/v1/apps/0oa0/connections/default",
    ]


class TestAnswers:
    def test_what_is_found_has_the_published_form(self, proxy):
        for path in found(Ids(proxy)):
            assert good(ask(proxy + path)).body, path

    def test_what_is_empty_has_the_published_form(self, proxy):
        for path in empty(Ids(proxy)):
            assert good(ask(proxy + path)).body == [], path

    def test_what_is_missing_is_refused_in_the_published_form(self, proxy):
        for path in missing(Ids(proxy)):
            assert good(ask(proxy + path), 404).body["errorCode"] == "E0000007", path

    def test_every_page_of_every_list_has_the_published_form_and_leads_on_through_the_proxy(self, proxy):
        ids = Ids(proxy)
        paged = 0
        for path in [*found(ids), *empty(ids)]:
            address, seen = proxy + path, []
            while address:
                assert address.startswith(f"{proxy}/"), address
                answer = good(ask(address))
                if isinstance(answer.body, list):
                    seen.extend(json.dumps(entry) for entry in answer.body)
                address = answer.next
                paged += bool(address)
            assert len(seen) == len(set(seen)), path
        assert paged > 20

    def test_a_log_without_an_end_goes_on(self, proxy):
        address = proxy + "/api/v1/logs" + query(since="2100-01-01T00:00:00Z")
        for _ in range(3):
            answer = good(ask(address))
            assert answer.body == []
            address = answer.next
            assert address

    def test_mappings_are_changed_made_and_deleted_in_the_published_form(self, proxy):
        ids = Ids(proxy)
        mappings = f"{proxy}/api/v1/apps/{ids.app}/group-push/mappings"
        mapping = f"{mappings}/{ids.mapping}"
        for status in ("INACTIVE", "ACTIVE", "INACTIVE"):
            assert good(ask(mapping, "PATCH", {"status": status})).body["status"] == status
        good(ask(mapping + query(deleteTargetGroup="false"), "DELETE"), 204)
        good(ask(mapping), 404)
        body = {"sourceGroupId": ids.group, "targetGroupName": "Another name"}
        assert good(ask(mappings, "POST", body), 400).body["errorCode"] == "E0000001"
        body["targetGroupName"] = "AWS-Payments-ReadOnly"
        made = good(ask(mappings, "POST", body), 201).body
        assert made["sourceGroupId"] == ids.group

    def test_a_filter_that_cannot_be_read_is_refused(self, proxy):
        for expression in ("eventType", 'eventType pr and target.id eq "x"', '(eventType eq "x"'):
            answer = good(ask(proxy + "/api/v1/logs" + query(filter=expression)), 400)
            assert answer.body["errorCode"] == "E0000031"

    @pytest.mark.parametrize(
        "fault, status, code",
        [("forbidden", 403, "E0000006"), ({"throttled": {"retry_after": 3}}, 429, "E0000047")],
    )
    def test_every_operation_fails_in_the_published_form(self, proxy, sandbox, fault, status, code):
        ids = Ids(proxy)
        paths = {name_of(path): path for path in [*found(ids), *empty(ids)]}
        assert len(paths) == 12
        for operation, path in paths.items():
            strike(sandbox, operation, fault)
            assert good(ask(proxy + path), status).body["errorCode"] == code, operation
        strike(sandbox)

    def test_the_table_above_has_all_that_is_published(self, proxy):
        ids = Ids(proxy)
        asked = {("GET", path.split("?")[0]) for path in [*found(ids), *empty(ids), *missing(ids)]}
        mappings = f"/api/v1/apps/{ids.app}/group-push/mappings"
        asked |= {("POST", mappings), ("PATCH", f"{mappings}/x"), ("DELETE", f"{mappings}/x")}
        published = yaml.safe_load((SPECS / RELAXED).read_text(encoding="utf-8"))["paths"]
        left_out = set()
        for path, operations in published.items():
            form = re.compile(re.sub(r"\{\w+\}", "[^/]+", path))
            for method in {"get", "post", "put", "patch", "delete"} & operations.keys():
                if not any(verb == method.upper() and form.fullmatch(held) for verb, held in asked):
                    left_out.add((method.upper(), path))
        assert left_out == NOT_SERVED


def name_of(path):
    """What the sandbox calls the operation: the path without ids and without what the last of them has."""
    parts = path.split("?")[0].removeprefix("/api/v1/").split("/")
    rest = "/".join(parts[2:])
    for known in ("group-push/mappings", "connections", "features", "groups", "users", "apps"):
        if rest.startswith(known):
            return f"okta:{parts[0]}/{known}"
    return f"okta:{parts[0]}"


class TestTokens:
    def test_a_token_is_given_in_the_published_form_and_opens_the_api(self, sandbox, endpoint):
        form = token_form(assertion(sandbox, endpoint), SCOPES)
        granted = good(ask(endpoint, "POST", form=form, authorization=None)).body
        assert (granted["token_type"], granted["expires_in"], granted["scope"]) == ("Bearer", 3600, SCOPES)
        bearer = f"Bearer {granted['access_token']}"
        assert ask(f"{sandbox}/api/v1/users", authorization=bearer).status == 200
        again = good(ask(endpoint, "POST", form=form, authorization=None), 401)
        assert again.body["error"] == "invalid_client"

    @pytest.mark.parametrize(
        "claims, form, status, error",
        [
            ({"aud": "https://elsewhere.example"}, {}, 401, "invalid_client"),
            ({"exp": 1}, {}, 401, "invalid_client"),
            ({"sub": "somebody"}, {}, 401, "invalid_client"),
            ({}, {"client_assertion": "nonsense"}, 401, "invalid_client"),
            ({}, {"scope": "okta.users.manage"}, 400, "invalid_scope"),
            ({}, {"grant_type": "password"}, 400, "unsupported_grant_type"),
        ],
    )
    def test_what_is_wrong_is_refused_in_the_published_form(self, sandbox, endpoint, claims, form, status, error):
        asked = {**token_form(assertion(sandbox, endpoint, **claims), SCOPES), **form}
        assert good(ask(endpoint, "POST", form=asked, authorization=None), status).body["error"] == error

    def test_a_limit_is_told_in_the_published_form(self, sandbox, endpoint):
        strike(sandbox, "okta:token", {"throttled": {"retry_after": 3}})
        asked = token_form(assertion(sandbox, endpoint), SCOPES)
        refused = good(ask(endpoint, "POST", form=asked, authorization=None), 429)
        strike(sandbox)
        assert refused.body["errorCode"] == "E0000047"


class TestProgram:
    EXIT = {"access": ACCESS, "blocked": BLOCKED, "undetermined": UNDETERMINED}

    def configured(self, program, org_url, rest=""):
        file = program.folder / "okta.toml"
        file.write_text(f'[okta]\norg_url = "{org_url}"\n{rest}', encoding="utf-8")
        return {"SSO_WHY_CONFIG": file}

    @pytest.mark.parametrize("cause", sorted(PEOPLE))
    def test_each_cause_is_found_through_the_proxy(self, program, sandbox, proxy, cause):
        person = PEOPLE[cause]
        settings = self.configured(program, proxy)
        status, report = program.check(sandbox, *person.check_arguments, OKTA_CLIENT_TOKEN=TOKEN, **settings)
        assert (report["verdict"], report["cause"]) == (person.verdict, cause), report["headline"]
        assert status == self.EXIT[person.verdict]
        assert [gap for gap in report["gaps"] if (gap.get("operation") or "").startswith("okta:")] == []

    def test_a_private_key_does_as_well(self, program, sandbox):
        person = PEOPLE["sync_pending"]
        client_id = ask(f"{sandbox}/sandbox/okta-client-id").text
        settings = self.configured(program, sandbox, f'client_id = "{client_id}"\n')
        key = ask(f"{sandbox}/sandbox/okta-private-key.pem").text
        _, report = program.check(sandbox, *person.check_arguments, OKTA_CLIENT_PRIVATEKEY=key, **settings)
        assert (report["verdict"], report["cause"], report["gaps"]) == (person.verdict, "sync_pending", [])
        state = json.loads(ask(f"{sandbox}/sandbox/state?person={person.key}").text)
        assert state["calls"]["by_operation"]["okta:token"] == 1
