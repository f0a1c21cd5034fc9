"""The JSON report, version 1, as others rely on it: fields may be added, none may go or change its kind."""

import jsonschema

STEPS = [
    "account",
    "idp_user",
    "idp_membership",
    "app_assignment",
    "sync",
    "directory_user",
    "directory_group",
    "directory_membership",
    "duplicate_groups",
    "assignment",
    "provisioning",
    "portal",
]

# The step at which each cause breaks the route.
STEP_OF_CAUSE = {
    "account_not_found": "account",
    "account_ambiguous": "account",
    "account_not_active": "account",
    "user_not_in_idp": "idp_user",
    "user_disabled_in_idp": "idp_user",
    "not_in_group": "idp_membership",
    "nested_membership": "idp_membership",
    "group_not_assigned_to_app": "app_assignment",
    "user_not_assigned_to_app": "app_assignment",
    "sync_stopped": "sync",
    "sync_pending": "sync",
    "sync_error": "sync",
    "membership_missed": "sync",
    "user_not_provisioned": "directory_user",
    "user_disabled": "directory_user",
    "user_ambiguous": "directory_user",
    "group_not_synced": "directory_group",
    "skipped_by_the_idp": "sync",
    "name_twin_at_the_idp": "idp_membership",
    "not_activated": "idp_membership",
    "name_twin_at_the_idp": "idp_membership",
    "membership_not_synced": "directory_membership",
    "duplicate_group": "duplicate_groups",
    "dangling_assignment": "assignment",
    "no_assignment": "assignment",
    "permission_set_not_assigned": "assignment",
    "access_ended": "assignment",
    "assignment_in_progress": "assignment",
    "assignment_failed": "assignment",
    "permission_set_not_provisioned": "provisioning",
    "permission_set_outdated": "provisioning",
    "portal_stale": "portal",
}

TEXT = {"type": "string", "minLength": 1}
MAYBE_TEXT = {"type": ["string", "null"]}
TIME = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"}
MAYBE_TIME = {"anyOf": [TIME, {"type": "null"}]}


def _object(required, **properties):
    return {"type": "object", "required": required, "properties": properties}


def _list(items):
    return {"type": "array", "items": items}


SCHEMA = _object(
    [
        "version", "checked_at", "subject", "account", "permission_set", "verdict", "cause", "failing_step",
        "headline", "steps", "fix", "routes", "gaps", "reference",
    ],
    version={"const": 1},
    checked_at=TIME,
    subject=_object(
        ["email", "directory_user_id", "idp_user_id"],
        email=MAYBE_TEXT,
        directory_user_id=MAYBE_TEXT,
        idp_user_id=MAYBE_TEXT,
    ),
    account=_object(["id", "name"], id={"type": ["string", "null"], "pattern": r"^\d{12}$"}, name=MAYBE_TEXT),
    permission_set=MAYBE_TEXT,
    verdict={"enum": ["access", "blocked", "undetermined"]},
    cause={"enum": [*STEP_OF_CAUSE, None]},
    failing_step={"enum": [*STEPS, None]},
    headline=TEXT,
    reference={"type": "string", "pattern": "^[2-9A-HJ-NP-Z]{5}$"},
    steps=_list(
        _object(
            ["id", "status", "summary", "evidence"],
            id={"enum": STEPS},
            status={"enum": ["pass", "fail", "warn", "unknown", "not_reached"]},
            summary=TEXT,
            evidence=_list(_object(["label", "value"], label=TEXT, value=TEXT)),
            as_of=MAYBE_TIME,
            source={"enum": ["live", "cache", None]},
        )
    ),
    fix=_object(
        ["owner", "summary", "actions"],
        owner={"enum": ["you", "help_desk", "identity_admin", "nobody"]},
        summary=TEXT,
        actions=_list(_object(["label"], label=TEXT, url=MAYBE_TEXT, command=MAYBE_TEXT)),
        retry_at=MAYBE_TIME,
    ),
    routes=_list(
        _object(
            ["group", "permission_set", "state"],
            group={"anyOf": [_object(["id", "name"], id=MAYBE_TEXT, name=MAYBE_TEXT), {"type": "null"}]},
            permission_set=MAYBE_TEXT,
            state={"enum": ["works", "broken", "not_entitled", "unknown"]},
            broken_at={"enum": [*STEPS, None]},
            reason=MAYBE_TEXT,
            opens_accounts={"type": ["integer", "null"], "minimum": 0},
        )
    ),
    gaps=_list(
        _object(
            ["step", "kind", "detail"],
            step={"enum": STEPS},
            kind={"enum": ["not_configured", "forbidden", "throttled", "timeout", "error"]},
            operation=MAYBE_TEXT,
            detail=TEXT,
        )
    ),
)

_VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def assert_is_report(report):
    """The form, and what must agree within one report."""
    complaints = [f"{error.json_path}: {error.message}" for error in _VALIDATOR.iter_errors(report)]
    assert not complaints, complaints
    assert [step["id"] for step in report["steps"]] == STEPS
    status = {step["id"]: step["status"] for step in report["steps"]}
    if report["verdict"] == "blocked":
        assert report["failing_step"] == STEP_OF_CAUSE[report["cause"]]
        assert status[report["failing_step"]] == "fail"
    if report["verdict"] == "access":
        assert "fail" not in status.values()
        assert any(route["state"] == "works" for route in report["routes"])


def gap_operations(report):
    """What could not be read, by the operation's name."""
    return {gap.get("operation") for gap in report["gaps"]}
