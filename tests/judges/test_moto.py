"""The unchanged program against moto: an AWS that we did not write must lead to the same causes."""

import json
import re

import pytest

from moto_company import MotoCompany
from program import ACCESS, BLOCKED, FAILED, UNDETERMINED
from report_v1 import assert_is_report, gap_operations
from terminal import too_wide


class Seeded:
    """One company; each story has an account of its own, so that no story helps another."""

    def __init__(self, endpoint):
        company = MotoCompany(endpoint)
        self.endpoint = endpoint
        self.ids = {}
        for name in ("ReadOnly", "Admin"):
            company.permission_set(name)
        for name in ("bystander", "direct", "member", "outsider", "twin", "spaced", "cyrillic", "orphan", "half"):
            company.person(f"{name}@example.com")
        company.person("short-name", email="long-name@example.com")

        # Two records: what one signs in with is the other's e-mail address.
        company.person("shared@example.com", email="first@example.com")
        company.person("second", email="shared@example.com")

        def account(name):
            self.ids[name] = company.account(name)
            return self.ids[name]

        company.assign("ReadOnly", account("Direct-Prod"), person="direct@example.com")

        company.group("Payments-ReadOnly", "member@example.com")
        company.assign("ReadOnly", account("Payments-Prod"), group="Payments-ReadOnly")

        company.group("Data-ReadOnly", "bystander@example.com")
        company.assign("ReadOnly", account("Data-Prod"), group="Data-ReadOnly")

        company.group("Billing-Admin", "twin@example.com")
        company.group("billing-admin", "bystander@example.com")
        company.assign("Admin", account("Billing-Prod"), group="billing-admin")

        company.group("Search Admin", "spaced@example.com")
        company.group("Search\u00a0Admin", "bystander@example.com")
        company.assign("Admin", account("Search-Prod"), group="Search\u00a0Admin")

        company.group("Ads-Admin", "cyrillic@example.com")
        company.group("\u0410ds-Admin", "bystander@example.com")
        company.assign("Admin", account("Ads-Prod"), group="\u0410ds-Admin")

        company.group("Legacy-Admin", "bystander@example.com")
        company.assign("Admin", account("Legacy-Prod"), group="Legacy-Admin")
        company.delete_group("Legacy-Admin")
        company.group("Legacy-Admin", "orphan@example.com")

        account("Empty-Prod")

        company.group("Half-ReadOnly", "half@example.com")
        company.group("Half-Admin", "bystander@example.com")
        half = account("Half-Prod")
        company.assign("ReadOnly", half, group="Half-ReadOnly")
        company.assign("Admin", half, group="Half-Admin")

        company.assign("ReadOnly", account("Short-Prod"), person="short-name")

        self.ids["Twice (first)"] = company.account("Twice")
        self.ids["Twice (second)"] = company.account("Twice")

        company.assign("ReadOnly", account("Closed-Prod"), person="direct@example.com")
        company.close_account(self.ids["Closed-Prod"])

        # More than Organizations gives on one page.
        for number in range(25):
            company.account(f"Filler-{number:02}")
        company.assign("ReadOnly", account("Zulu-Prod"), person="direct@example.com")


@pytest.fixture(scope="module")
def company(moto):
    return Seeded(moto)


@pytest.mark.parametrize(
    "user, account, status, verdict, cause",
    [
        pytest.param("direct@example.com", "Direct-Prod", ACCESS, "access", "portal_stale", id="assigned directly"),
        pytest.param("member@example.com", "Payments-Prod", ACCESS, "access", "portal_stale", id="through a group"),
        pytest.param("direct@example.com", "Zulu-Prod", ACCESS, "access", "portal_stale", id="on the second page"),
        pytest.param("short-name", "Short-Prod", ACCESS, "access", "portal_stale", id="by user name"),
        pytest.param("long-name@example.com", "Short-Prod", ACCESS, "access", "portal_stale", id="by e-mail"),
        pytest.param("outsider@example.com", "Data-Prod", BLOCKED, "blocked", "membership_not_synced", id="not in it"),
        pytest.param("nobody@example.com", "Data-Prod", UNDETERMINED, "undetermined", "user_not_provisioned", id="unknown person"),
        pytest.param("shared@example.com", "Data-Prod", BLOCKED, "blocked", "user_ambiguous", id="two records"),
        pytest.param("twin@example.com", "Billing-Prod", BLOCKED, "blocked", "duplicate_group", id="differs by case"),
        pytest.param("spaced@example.com", "Search-Prod", BLOCKED, "blocked", "duplicate_group", id="no-break space"),
        pytest.param("cyrillic@example.com", "Ads-Prod", BLOCKED, "blocked", "duplicate_group", id="look-alike letter"),
        pytest.param("orphan@example.com", "Legacy-Prod", BLOCKED, "blocked", "dangling_assignment", id="re-created"),
        pytest.param("outsider@example.com", "Empty-Prod", BLOCKED, "blocked", "no_assignment", id="nothing assigned"),
        pytest.param("direct@example.com", "Nowhere-Prod", BLOCKED, "blocked", "account_not_found", id="no account"),
        pytest.param("direct@example.com", "Twice", BLOCKED, "blocked", "account_ambiguous", id="two accounts"),
        pytest.param("direct@example.com", "Closed-Prod", BLOCKED, "blocked", "account_not_active", id="suspended"),
    ],
)
def test_diagnosis(program, company, user, account, status, verdict, cause):
    exit_status, report = program.check(company.endpoint, user, account)

    assert (report["verdict"], report["cause"], exit_status) == (verdict, cause, status), report
    assert_is_report(report)
    assert report["permission_set"] is None
    if account in company.ids:
        assert report["account"] == {"id": company.ids[account], "name": account}


def test_an_account_is_found_by_its_id(program, company):
    exit_status, report = program.check(company.endpoint, "direct@example.com", company.ids["Direct-Prod"])

    assert (report["cause"], exit_status) == ("portal_stale", ACCESS)
    assert report["account"]["name"] == "Direct-Prod"


def test_two_accounts_of_one_name_are_offered_by_their_ids(program, company):
    _, report = program.check(company.endpoint, "direct@example.com", "Twice")

    said = str(report["fix"]) + str(report["steps"][0])
    assert company.ids["Twice (first)"] in said
    assert company.ids["Twice (second)"] in said


def test_the_nearest_account_name_is_offered(program, company):
    _, report = program.check(company.endpoint, "direct@example.com", "Paymants-Prod")

    assert report["cause"] == "account_not_found"
    assert "Payments-Prod" in str(report["fix"]) + str(report["steps"][0])


def test_a_permission_set_that_the_person_lacks(program, company):
    exit_status, report = program.check(
        company.endpoint, "half@example.com", "Half-Prod", "--permission-set", "Admin"
    )

    assert (report["verdict"], report["cause"], exit_status) == ("blocked", "permission_set_not_assigned", BLOCKED)
    assert_is_report(report)
    assert report["permission_set"] == "Admin"


def test_a_permission_set_that_the_person_has(program, company):
    exit_status, report = program.check(
        company.endpoint, "half@example.com", "Half-Prod", "--permission-set", "ReadOnly"
    )

    assert (report["verdict"], report["cause"], exit_status) == ("access", "portal_stale", ACCESS)
    assert_is_report(report)
    assert report["permission_set"] == "ReadOnly"
    (works,) = [route for route in report["routes"] if route["state"] == "works"]
    assert (works["group"]["name"], works["permission_set"]) == ("Half-ReadOnly", "ReadOnly")


def test_what_moto_cannot_answer_is_a_gap_and_no_verdict(program, company):
    """moto answers ListAccountAssignmentCreationStatus with status 500 and a page of HTML."""
    _, report = program.check(company.endpoint, "outsider@example.com", "Empty-Prod")

    assert report["verdict"] == "blocked"
    assert "sso:ListAccountAssignmentCreationStatus" in gap_operations(report)


def test_the_steps_of_the_identity_provider_are_unknown_and_said(program, company):
    _, report = program.check(company.endpoint, "member@example.com", "Payments-Prod")

    status = {step["id"]: step["status"] for step in report["steps"]}
    assert {status[step] for step in ("idp_user", "idp_membership", "app_assignment", "sync")} == {"unknown"}
    assert {"not_configured"} <= {gap["kind"] for gap in report["gaps"]}


def test_another_region_is_another_company(program, company):
    """In moto every Region has an instance of its own: here an empty one, so the person is not there."""
    configuration = program.folder / "another-region.toml"
    configuration.write_text('[aws]\nregion = "eu-west-1"\n', encoding="utf-8")

    exit_status, report = program.check(
        company.endpoint, "direct@example.com", "Direct-Prod", SSO_WHY_CONFIG=configuration
    )

    assert (report["cause"], exit_status) == ("user_not_provisioned", UNDETERMINED)


@pytest.mark.parametrize("user, account, cause", [
    ("member@example.com", "Payments-Prod", "portal_stale"),
    ("spaced@example.com", "Search-Prod", "duplicate_group"),
    ("orphan@example.com", "Legacy-Prod", "dangling_assignment"),
    ("direct@example.com", "Nowhere-Prod", "account_not_found"),
])
def test_the_text_fits_a_terminal(program, company, user, account, cause):
    done = program.run("check", user, account, AWS_ENDPOINT_URL=company.endpoint)

    assert cause in done.stdout
    assert user in done.stdout
    assert "\x1b" not in done.stdout + done.stderr
    assert too_wide(done.stdout) == []


def names_of(finding):
    return {group["name"] for group in finding["groups"]}


def test_near_duplicates_are_in_the_digest(company, program):
    done = program.run("digest", "--format", "json", AWS_ENDPOINT_URL=company.endpoint)
    assert done.returncode == 0, done.stderr
    digest = json.loads(done.stdout)
    assert digest["version"] == 1 and digest["complete"], digest["gaps"]
    near = [finding for finding in digest["findings"] if finding["kind"] == "near_name"]
    assert {frozenset(names_of(finding)) for finding in near} == {
        frozenset({"Billing-Admin", "billing-admin"}),
        frozenset({"Search Admin", "Search\u00a0Admin"}),
        frozenset({"Ads-Admin", "\u0410ds-Admin"}),
    }
    for finding in near:
        assert (finding["severity"], finding["state"]) == ("hurting", "new")
        assert {group["origin"] for group in finding["groups"]} <= {"manual", "unknown"}
        # Both are in the wrong one: whoever is in the look-alike has what it opens.
        assert finding["people_hurt"] == 1
        assert finding["remedy"] and all(step["summary"] for step in finding["remedy"])
    # The deleted Legacy-Admin, which is still assigned; what it was called nobody can tell any more.
    (gone,) = [finding for finding in digest["findings"] if finding["kind"] != "near_name"]
    assert (gone["kind"], gone["severity"]) == ("recreated", "will_hurt")
    assert [group["place"] for group in gone["groups"]] == ["deleted"]
    (opens,) = gone["groups"][0]["opens"]
    assert opens["account"]["id"] == company.ids["Legacy-Prod"]


def test_the_digest_in_a_terminal_fits_it(company, program):
    done = program.run("digest", AWS_ENDPOINT_URL=company.endpoint)
    assert done.returncode == 0, done.stderr
    assert "3 hurt people now" in done.stdout
    # Commands and addresses are of use only in one piece.
    prose = [line for line in done.stdout.splitlines() if not re.search(r"--|https://|^ +\$ ", line)]
    assert not too_wide("\n".join(prose))


def test_the_doctor_names_what_moto_has_not_and_nothing_else(program, company):
    """moto allows everything to everybody, answers in its own words for what nobody has, and lacks three operations."""
    done = program.run("doctor", "--format", "json", AWS_ENDPOINT_URL=company.endpoint)

    assert done.returncode == FAILED, done.stderr
    checks = [check for check in json.loads(done.stdout)["checks"] if check["id"].startswith("aws.")]
    lacking = {check["id"]: check["detail"] for check in checks if check["status"] != "ok"}
    listed = "aws.sso:ListAccountAssignmentCreationStatus"
    deleted = "aws.sso:ListAccountAssignmentDeletionStatus"
    assert list(lacking) == [listed, "aws.sso:ListApplications", deleted, "aws.identity_source"]
    assert "no usable answer" in lacking[listed]
