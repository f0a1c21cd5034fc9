"""The unit, judged by systemd's own analysis."""

import re

import pytest

from program import BINARY, ROOT
from tools import judged_by

UNIT = ROOT / "deploy" / "systemd" / "sso-why.service"
# In tenths, as systemd-analyze counts them: 0 is sealed off, 100 is everything. It has 1.1.
MOST_EXPOSED = 15


@pytest.fixture
def installed(tmp_path):
    """The unit, with the program where it really is on this machine."""

    def install(change=lambda text: text):
        text = UNIT.read_text(encoding="utf-8").replace("/usr/local/bin/sso-why", str(BINARY))
        file = tmp_path / UNIT.name
        file.write_text(change(text), encoding="utf-8")
        return file

    return install


def said_of_it(output):
    """What is said of this unit: the machine's others have their own faults."""
    return [line for line in output.splitlines() if UNIT.name in line]


def test_systemd_understands_all_of_it(installed):
    status, said = judged_by("systemd-analyze", "verify", "--man=no", installed())

    assert (status, said_of_it(said)) == (0, [])


def test_it_would_see_a_mistyped_setting(installed):
    mistyped = installed(lambda text: text.replace("ProtectHome=", "ProtectHme="))

    assert "ProtectHme" in "".join(said_of_it(judged_by("systemd-analyze", "verify", "--man=no", mistyped)[1]))


def test_it_is_hardly_exposed(installed):
    arguments = ("security", "--offline=true", "--no-pager", f"--threshold={MOST_EXPOSED}")
    status, said = judged_by("systemd-analyze", *arguments, installed())
    assert status == 0, said

    softened = installed(lambda text: text.replace("DynamicUser=yes", "").replace("CapabilityBoundingSet=", ""))
    assert judged_by("systemd-analyze", *arguments, softened)[0] != 0


def test_each_credential_is_where_the_program_looks_for_it():
    text = UNIT.read_text(encoding="utf-8")
    loaded = set(re.findall(r"^LoadCredential=([\w-]+):", text, re.MULTILINE))
    read = set(re.findall(r"^Environment=\w+_FILE=%d/([\w-]+)$", text, re.MULTILINE))

    assert loaded == read == {"slack-bot-token", "slack-app-token"}


def test_the_readme_puts_each_file_where_the_unit_looks_for_it():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    put = set()
    for sources, folder in re.findall(r"^    install -m \d+ (.+) (/\S+/)$", readme, re.MULTILINE):
        put |= {folder + source.rsplit("/", 1)[-1] for source in sources.split()}
    named = re.findall(r"^(?:ExecStart=|LoadCredential=[\w-]+:)(.+)$", UNIT.read_text(encoding="utf-8"), re.MULTILINE)
    paths = {word for line in named for word in line.split() if word.startswith("/")}

    assert put == paths | {f"/etc/systemd/system/{UNIT.name}"}
