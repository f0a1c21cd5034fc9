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


def people_with_a_diagnosis():
    """Everybody beside whom the scenario writes what the answer should be."""
    scenario = tomllib.loads(SCENARIO.read_text(encoding="utf-8"))
    people = []
    for person in scenario["people"]:
        if "expects" not in person:
            continue
        mended = person.get("mended", {})
        people.append(
            Person(
                key=person["key"],
                name=person["name"],
                email=person["email"],
                asks=person["asks"],
                verdict=person["expects"]["verdict"],
                cause=person["expects"]["cause"],
                mended_verdict=mended.get("verdict"),
                mended_cause=mended.get("cause"),
            )
        )
    return people
