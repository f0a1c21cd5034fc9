"""Which operations of AWS the program calls, read from its source by the names that AWS's own models give them."""

import re

import botocore.session
from botocore import xform_name

from program import ROOT

# The crates of the SDK, botocore's models of the same services, and the prefixes of their IAM actions.
SERVICES = {
    "aws_sdk_identitystore": ("identitystore", "identitystore"),
    "aws_sdk_organizations": ("organizations", "organizations"),
    "aws_sdk_ssoadmin": ("sso-admin", "sso"),
    "aws_sdk_sts": ("sts", "sts"),
}

# Whoever has credentials at all may call it (IAM's service authorization reference: no permission is needed).
NEEDS_NO_PERMISSION = {"sts:GetCallerIdentity"}

# The simulated company answers these calls and makes none.
NOT_THE_BOT = "sandbox"


def sources():
    """Every source file of the bot, without its tests."""
    for file in sorted((ROOT / "src").rglob("*.rs")):
        inside = file.relative_to(ROOT / "src")
        if inside.parts[0].removesuffix(".rs") == NOT_THE_BOT or {"tests", "tests.rs"} & set(inside.parts):
            continue
        yield re.split(r"#\[cfg\(test\)\]\nmod \w+ \{", file.read_text(encoding="utf-8"))[0]


def actions_called():
    """The IAM actions of the operations that are called: `client.list_groups()` is identitystore:ListGroups."""
    session = botocore.session.get_session()
    called_by_name = {}
    for model, prefix in SERVICES.values():
        for operation in session.get_service_model(model).operation_names:
            called_by_name.setdefault(xform_name(operation), []).append((model, f"{prefix}:{operation}"))
    found = set()
    for text in sources():
        used = {SERVICES[crate][0] for crate in SERVICES if crate in text}
        for name in re.findall(r"\.(\w+)\(\)", text):
            actions = called_by_name.get(name, [])
            found |= {action for model, action in actions if len(actions) == 1 or model in used}
    return found - NEEDS_NO_PERMISSION


def actions_named():
    """The actions that the bot names in its gaps, so that a reader knows what to allow."""
    named = set()
    for text in sources():
        named |= set(re.findall(r'"((?:identitystore|organizations|sso):[A-Z]\w+)"', text))
    return named
