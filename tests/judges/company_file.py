"""The people of the sandbox's company, read from the scenario file that describes them."""

import dataclasses
import shlex
import tomllib

from program import ROOT

SCENARIO = ROOT / "src" / "sandbox" / "scenarios" / "company.toml"


@dataclasses.dataclass(frozen=True)
class Person:
    key: str
    name: str
    email: str
    asks: str
    verdict: str
    cause: str
    # What the answer is once an administrator has done the remedy; None for those whom nobody can help.
    mended_verdict: str | None
    mended_cause: str | None

    @property
    def check_arguments(self):
        """The same question for `sso-why check`."""
        account, *permission_set = shlex.split(self.asks)
        asked = ["--permission-set", permission_set[0]] if permission_set else []
        return [self.email, account, *asked]


# The tables beside a person's own that tell what differs in a scenario, the nearest last.
TOLD_BESIDE = {
    "company": ("any_idp", "entra"),
    "okta": ("any_idp", "okta"),
    "no-idp": (),
    "quarantine": ("any_idp", "entra", "quarantine"),
}
SCENARIOS = tuple(TOLD_BESIDE)
IDP = {"company": "entra", "okta": "okta", "no-idp": None, "quarantine": "entra"}


def people_with_a_diagnosis(scenario="company"):
    """Everybody beside whom the file writes what the answer should be in that scenario."""
    company = tomllib.loads(SCENARIO.read_text(encoding="utf-8"))
    people = []
    for person in company["people"]:
        only = person.get("only")
        if only is not None and IDP[scenario] not in (None, only):
            continue
        expects = dict(person.get("expects", {}))
        mended = person.get("mended", {})
        for table in TOLD_BESIDE[scenario]:
            beside = person.get(table, {})
            expects.update({field: beside[field] for field in ("verdict", "cause") if field in beside})
            mended = beside.get("mended", mended)
        if not expects:
            continue
        people.append(
            Person(
                key=person["key"],
                name=person["name"],
                email=person["email"],
                asks=person["asks"],
                verdict=expects["verdict"],
                cause=expects["cause"],
                mended_verdict=mended.get("verdict"),
                mended_cause=mended.get("cause"),
            )
        )
    return people
