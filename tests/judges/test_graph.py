"""The sandbox's Microsoft Graph under the published description of it, and the program through that proxy.

Prism holds every answer of the sandbox against the description. It silently skips a schema that it cannot compile,
so bodies that are known to be wrong come first: it must refuse each.
"""

import contextlib
import json
import re

import pytest
import yaml

from company_file import people_with_a_diagnosis
from graph_side import BASE, TOKEN, Ids, ask, description, good, query, tell
from loopback import Always
from prism import SPECS, Prism
from program import ACCESS, BLOCKED, UNDETERMINED, address_of_sandbox

NOBODY = "00000000-0000-4000-8000-000000000000"
CANARIES = json.loads((SPECS / "canary-graph.json").read_text(encoding="utf-8"))
# Among the wrong bodies two stand that are right, as a complex type may be null there.
RIGHT = ('"lastExecution": null', '"errorInformation": null')
EXIT = {"access": ACCESS, "blocked": BLOCKED, "undetermined": UNDETERMINED}


def first_of_each_cause(scenario):
    return {person.cause: person for person in reversed(people_with_a_diagnosis(scenario))}


PEOPLE = [
    pytest.param(scenario, person, id=f"{scenario} {cause}")
    for scenario in ("company", "quarantine")
    for cause, person in sorted(first_of_each_cause(scenario).items())
]


class Tenant:
    """A sandbox on Entra ID, and its Graph behind the proxy."""

    def __init__(self, sandbox, prism):
        self.sandbox = sandbox
        self.graph = f"{prism.address}{BASE}"


@pytest.fixture(scope="module")
def described(tmp_path_factory):
    """The description as a file."""
    file = tmp_path_factory.mktemp("description") / "graph.yaml"
    file.write_text(yaml.safe_dump(description()), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def start_tenant(program, described, tmp_path_factory):
    """A function that gives the tenant of a scenario, as it was founded; the same one for the same scenario."""
    tenants = {}
    with contextlib.ExitStack() as stack:

        def tenant(scenario):
            if scenario not in tenants:
                arguments = ("sandbox", "--scenario", scenario, "--listen", "127.0.0.1:0")
                started = stack.enter_context(program.start(*arguments))
                stack.callback(assert_healthy, started)
                sandbox = address_of_sandbox(started)
                prism = stack.enter_context(Prism(described, sandbox, tmp_path_factory.mktemp("prism")))
                tenants[scenario] = Tenant(sandbox, prism)
            tell(tenants[scenario].sandbox, "reset")
            return tenants[scenario]

        yield tenant


def assert_healthy(sandbox):
    assert sandbox.is_running(), f"the sandbox ended by itself:\n{sandbox.output()}"
    assert "panicked" not in sandbox.output(), sandbox.output()


@pytest.fixture
def tenant(start_tenant):
    """The company as it was founded, healthy."""
    return start_tenant("company")


@pytest.fixture
def in_quarantine(start_tenant):
    """The company whose synchronization is in quarantine."""
    return start_tenant("quarantine")


class TestCanaries:
    def test_every_wrong_body_is_refused(self, described, tmp_path):
        with Always() as liar, Prism(described, liar.address, tmp_path) as prism:
            refused = {}
            for path, liar.body in CANARIES:
                answer = ask(prism.address + BASE + path)
                refused[json.dumps(liar.body)] = answer.is_violation
        assert len(refused) > 10
        let_through = {body for body, is_refused in refused.items() if not is_refused}
        assert let_through == {body for body in refused if any(right in body for right in RIGHT)}


def found(ids):
    """Every operation that reads, with what it finds."""
    dana, nils = "/users/dana@example.com", "/users/nils@example.com"
    payments, tools = f"/groups/{ids.group('AWS-Payments-ReadOnly')}", f"/groups/{ids.group('AWS-Tools-Users')}"
    of_groups = "microsoft.graph.group"
    ivan = ids.user("ivan@example.com")
    principal = f"principalId eq {payments.removeprefix('/groups/')}"
    added = (
        "activityDisplayName eq 'Add member to group' and activityDateTime ge 2000-01-01T00:00:00Z"
        f" and targetResources/any(t: t/id eq '{payments.removeprefix('/groups/')}')"
    )
    return [
        "/users",
        query("/users", filter="mail eq 'dana@example.com' or userPrincipalName eq 'dana@example.com'"),
        query("/users", filter="mail eq 'mika@agency.example'", select="id,userPrincipalName,accountEnabled"),
        dana,
        query(dana, select="id,displayName,givenName,surname,mail,userPrincipalName,accountEnabled,userType"),
        "/users/ivan@example.com",
        f"{dana}/memberOf",
        f"{dana}/memberOf/{of_groups}",
        query(f"{dana}/memberOf/{of_groups}", select="id,displayName", count="true"),
        f"{nils}/transitiveMemberOf",
        f"{nils}/transitiveMemberOf/{of_groups}",
        f"{dana}/appRoleAssignments",
        "/groups",
        query("/groups", filter="startswith(displayName,'AWS-P')"),
        payments,
        f"{tools}/members",
        f"{payments}/members",
        f"{tools}/transitiveMembers",
        f"{payments}/owners",
        f"{payments}/appRoleAssignments",
        "/servicePrincipals",
        query("/servicePrincipals", filter=f"appId eq '{ids.app_id}'"),
        ids.application,
        f"{ids.application}/appRoleAssignedTo",
        query(f"{ids.application}/appRoleAssignedTo", filter=principal, count="true"),
        f"{ids.application}/synchronization/jobs",
        ids.job,
        f"{ids.job}/schema",
        "/auditLogs/provisioning",
        query(
            "/auditLogs/provisioning",
            filter=f"jobId eq '{ids.job_id}' and sourceIdentity/id eq '{ivan}' and activityDateTime gt 2000-01-01",
            orderby="activityDateTime desc",
            top="500",
        ),
        query("/auditLogs/provisioning", filter="statusInfo/status eq 'failure'"),
        "/auditLogs/directoryAudits",
        query("/auditLogs/directoryAudits", filter=added, orderby="activityDateTime desc"),
    ]


def empty(ids):
    """Every list that can be, with nothing in it."""
    team, everyone = ids.group("AWS-Tools-Team"), ids.group("AWS-Everyone")
    mika = query("/users", filter="mail eq 'mika@agency.example'", select="id")
    mika = f"/users/{good(ask(ids.graph + mika)).body['value'][0]['id']}"
    of_groups = "microsoft.graph.group"
    break_glass = ids.group("AWS-Break-Glass")
    return [
        query("/users", filter="mail eq 'nobody@example.com'"),
        query(
            "/directory/deletedItems/microsoft.graph.user",
            filter=f"id eq '{NOBODY}' or mail eq 'nobody@example.com'",
            select="id,mail,userPrincipalName,deletedDateTime",
        ),
        f"{mika}/memberOf",
        f"{mika}/memberOf/{of_groups}",
        f"{mika}/transitiveMemberOf",
        f"{mika}/transitiveMemberOf/{of_groups}",
        f"{mika}/appRoleAssignments",
        query("/groups", filter="displayName eq 'nothing'"),
        f"/groups/{break_glass}/members",
        f"/groups/{break_glass}/transitiveMembers",
        f"/groups/{everyone}/owners",
        f"/groups/{team}/appRoleAssignments",
        query("/servicePrincipals", filter="displayName eq 'nothing'"),
        query(f"{ids.application}/appRoleAssignedTo", filter=f"principalId eq {NOBODY}", count="true"),
        query("/auditLogs/provisioning", filter="activityDateTime lt 2000-01-01"),
        query("/auditLogs/directoryAudits", filter="activityDateTime lt 2000-01-01"),
    ]


def missing(ids):
    """Everything that can be asked for and not be there."""
    user, group, application = f"/users/{NOBODY}", f"/groups/{NOBODY}", f"/servicePrincipals/{NOBODY}"
    return [
        user,
        f"{user}/memberOf",
        f"{user}/appRoleAssignments",
        group,
        f"{group}/members",
        f"{group}/transitiveMembers",
        f"{group}/owners",
        f"{group}/appRoleAssignments",
        application,
        f"{application}/appRoleAssignedTo",
        f"{application}/synchronization/jobs",
        f"{ids.application}/synchronization/jobs/nothing",
        f"{ids.application}/synchronization/jobs/nothing/schema",
    ]


def acted(ids):
    """Every action, with a body that it takes."""
    return {
        "/users/nils@example.com/checkMemberGroups": {"groupIds": [ids.group("AWS-Tools-Users")]},
        f"{ids.job}/provisionOnDemand": ids.on_demand(group="AWS-Robotics-Engineers", person="milo@example.com"),
        f"{ids.job}/start": None,
        f"{ids.job}/restart": {"criteria": {"resetScope": "Escrows"}},
    }


class TestAnswers:
    def test_what_is_found_has_the_published_form(self, tenant):
        for path in found(Ids(tenant.graph)):
            body = good(ask(tenant.graph + path)).body
            assert body.get("value", body), path

    def test_what_is_empty_has_the_published_form(self, tenant):
        for path in empty(Ids(tenant.graph)):
            assert good(ask(tenant.graph + path)).body["value"] == [], path

    def test_what_is_missing_is_refused_in_the_published_form(self, tenant):
        for path in missing(Ids(tenant.graph)):
            assert good(ask(tenant.graph + path), 404).code == "Request_ResourceNotFound", path

    def test_every_page_of_every_list_has_the_published_form_and_leads_on_through_the_proxy(self, tenant):
        ids = Ids(tenant.graph)
        paged = 0
        for path in [*found(ids), *empty(ids)]:
            address, seen = tenant.graph + path, []
            while address:
                assert address.startswith(f"{tenant.graph}/"), address
                body = good(ask(address)).body
                entries = body.get("value", [])
                assert len(entries) <= 3
                assert "@odata.count" not in body or address == tenant.graph + path
                seen.extend(json.dumps(entry, sort_keys=True) for entry in entries)
                address = body.get("@odata.nextLink")
                paged += bool(address)
            assert len(seen) == len(set(seen)), path
        assert paged > 30

    def test_an_advanced_query_without_its_header_is_refused_in_the_published_form(self, tenant):
        ids = Ids(tenant.graph)
        assigned = query(f"{ids.application}/appRoleAssignedTo", filter=f"principalId eq {NOBODY}", count="true")
        refused = good(ask(tenant.graph + assigned, is_eventual=False), 400)
        assert refused.code == "Request_UnsupportedQuery"
        counted = good(ask(tenant.graph + query("/groups", count="true"))).body
        refused = good(ask(counted["@odata.nextLink"], is_eventual=False), 400)
        assert refused.code == "Request_UnsupportedQuery"

    def test_what_cannot_be_asked_is_refused_in_the_published_form(self, tenant):
        for path in (
            query("/users", filter="displayName ne 'Dana'"),
            query("/users", filter="mail eq 'dana"),
            query("/users", select="favouriteColour"),
            query("/groups", search="displayName:AWS"),
            query("/auditLogs/provisioning", filter="contains(jobId,'A')"),
        ):
            assert good(ask(tenant.graph + path), 400).code in ("BadRequest", "Request_UnsupportedQuery"), path

    def test_another_token_is_refused_in_the_published_form(self, tenant):
        refused = good(ask(f"{tenant.graph}/users", token="another"), 401)
        assert refused.code == "InvalidAuthenticationToken"

    def test_actions_are_answered_in_the_published_form(self, tenant):
        for path, body in acted(Ids(tenant.graph)).items():
            good(ask(tenant.graph + path, "POST", body), 204 if path.endswith("start") else 200)

    @pytest.mark.parametrize(
        "group, person, result, code",
        [
            ("AWS-Robotics-Engineers", "milo@example.com", "Success", None),
            ("AWS-Everyone", "theo@example.com", "Skipped", "RedundantExport"),
            ("AWS-Fleet-Managers", "olga@example.com", "Skipped", "NotEffectivelyEntitled"),
            ("AWS-Website-Developers", "ivan@example.com", "Failure", "MandatoryFieldsMissing"),
        ],
    )
    def test_every_outcome_on_demand_has_the_published_form(self, tenant, group, person, result, code):
        ids = Ids(tenant.graph)
        address = f"{tenant.graph}{ids.job}/provisionOnDemand"
        answer = good(ask(address, "POST", ids.on_demand(group=group, person=person))).body
        told = json.loads(answer["key"])
        assert (told["result"], told["details"].get("errorCode")) == (result, code)
        assert json.loads(answer["value"])["statusInfo"]["status"] == result

    def test_a_person_on_demand_has_the_published_form(self, tenant):
        ids = Ids(tenant.graph)
        address = f"{tenant.graph}{ids.job}/provisionOnDemand"
        answer = good(ask(address, "POST", ids.on_demand(person="yuki@example.com")))
        assert json.loads(answer.body["value"])[0]["statusInfo"]["status"] == "Success"

    def test_a_quarantine_has_the_published_form(self, in_quarantine):
        ids = Ids(in_quarantine.graph)
        for path in found(ids):
            good(ask(in_quarantine.graph + path))
        status = good(ask(in_quarantine.graph + ids.job)).body["status"]
        assert (status["code"], status["quarantine"]["reason"]) == ("Quarantine", "EncounteredQuarantineException")

    @pytest.mark.parametrize(
        "fault, status, code",
        [
            ("forbidden", 403, "Authorization_RequestDenied"),
            ({"throttled": {"retry_after": 3}}, 429, "TooManyRequests"),
        ],
    )
    def test_every_operation_fails_in_the_published_form(self, tenant, fault, status, code):
        ids = Ids(tenant.graph)
        asked = [("GET", path, None) for path in [*found(ids), *empty(ids)]]
        asked += [("POST", path, body) for path, body in acted(ids).items()]
        state = ask(f"{tenant.sandbox}/sandbox/state?person=dana").body
        operations = [name for name in state["operations"] if name.startswith("graph:")]
        assert len(operations) == 20
        for operation in operations:
            tell(tenant.sandbox, "faults", {"operation": operation, "fault": fault})
        for method, path, body in asked:
            refused = good(ask(tenant.graph + path, method, body), status)
            assert refused.code == code, path
            assert ("retry-after" in refused.headers) == (status == 429)
        tell(tenant.sandbox, "faults", {"operation": None, "fault": None})

    def test_the_tables_above_have_all_that_is_described(self, tenant):
        ids = Ids(tenant.graph)
        asked = {("get", path.split("?")[0]) for path in [*found(ids), *empty(ids)]}
        asked |= {("post", path) for path in acted(ids)}
        left_out = []
        for path, operations in description()["paths"].items():
            form = re.compile(re.sub(r"\{[\w-]+\}", "[^/]+", path.removeprefix(BASE)))
            for method in {"get", "post", "put", "patch", "delete"} & operations.keys():
                if not any(verb == method and form.fullmatch(held) for verb, held in asked):
                    left_out.append((method, path))
        assert left_out == []


class TestProgram:
    @pytest.mark.parametrize("scenario, person", PEOPLE)
    def test_each_cause_is_found_through_the_proxy(self, program, start_tenant, scenario, person):
        tenant = start_tenant(scenario)
        file = program.folder / f"{scenario}.toml"
        file.write_text(f'[entra]\ngraph_url = "{tenant.graph}"\n', encoding="utf-8")
        settings = {"SSO_WHY_CONFIG": file, "SSO_WHY_ENTRA_ACCESS_TOKEN": TOKEN}
        status, report = program.check(tenant.sandbox, *person.check_arguments, **settings)
        assert (report["verdict"], report["cause"]) == (person.verdict, person.cause), report["headline"]
        assert status == EXIT[person.verdict]
        assert report["gaps"] == []
