"""A fresh machine on the README's way to production, against the simulated company over its real wire protocols:
manifest, configuration, `doctor`, the bot, a question, an escalation, the digest."""

import json
import re
import time
import urllib.error
import urllib.request

import pytest

from child import DEADLINE_SECONDS
from front import Front
from people import People
from program import ACCESS, BLOCKED, FAILED, ROOT, Program, address_of_sandbox

HOST_OF_THE_MANIFEST = "https://sso-why.example.com"
HELP_DESK, ADMINS = "C0HELPDESK", "C0ADMINS"


class Machine(Program):
    """A machine with the program and nothing else, which an administrator sets up step by step."""

    def __init__(self, folder):
        super().__init__(folder)
        self.secrets = {}

    def configure(self, company, exports):
        """The README's file in `./sso-why.toml` with the section of the IdP, and the variables that the company tells; of
        Socket Mode the secrets in files, where the README has them in production."""
        with urllib.request.urlopen(f"{company}/sandbox/idp.toml", timeout=DEADLINE_SECONDS) as answer:
            of_the_idp = answer.read().decode()
        (self.folder / "sso-why.toml").write_text(file_in_the_readme() + of_the_idp, encoding="utf-8")
        self.secrets = dict(export.split("=", 1) for export in exports)
        if self.secrets["SSO_WHY_MODE"] == "socket":
            for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"):
                self.secrets[f"{name}_FILE"] = self._file(name.lower(), self.secrets.pop(name))
        # A free port, where the company only names one.
        self.secrets["SSO_WHY_LISTEN"] = "127.0.0.1:0"

    def doctor(self):
        """The exit status, and each check with how it stands."""
        done = self.run("doctor", "--format", "json", **self.secrets)
        told = json.loads(done.stdout)
        assert told["ok"] == (done.returncode == 0), done.stdout
        return done.returncode, {check["id"]: check["status"] for check in told["checks"]}

    def serve(self):
        return self.start("serve", SSO_WHY_LOG="trace", **self.secrets)

    def _file(self, name, secret):
        file = self.folder / name
        file.write_text(f"{secret}\n", encoding="utf-8")
        return file


def wait_until_ready(bot, address):
    deadline = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=DEADLINE_SECONDS) as answer:
                assert answer.status == 200
                return
        except urllib.error.HTTPError as answer:
            assert answer.status == 503
    raise AssertionError(f"it never was ready:\n{bot.output()}")


def offers(action_id):
    return lambda message: f'"action_id": "{action_id}"' in json.dumps(message)


def file_in_the_readme():
    """The configuration file of the README's way to production, as it stands there."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.search(r"^4\. .*?```toml\n(.*?)```", readme, re.DOTALL | re.MULTILINE).group(1)


def checks_in_the_readme():
    """What the README says that `doctor` checks."""
    block = re.search(r"^\$ sso-why doctor\n(.*?)\n```", (ROOT / "README.md").read_text(), re.DOTALL | re.MULTILINE)
    return re.findall(r"^  ok  (\S+)", block.group(1), re.MULTILINE)


@pytest.fixture(params=["company", "okta"], ids=["entra", "okta"])
def company(request, program):
    """A company that has Slack, AWS and an identity provider, and no bot."""
    with program.start("sandbox", "--listen", "127.0.0.1:0", "--scenario", request.param, "--without-bot") as started:
        yield address_of_sandbox(started)
        assert started.is_running(), f"the company ended by itself:\n{started.output()}"
        assert "panicked" not in started.output(), started.output()


@pytest.mark.parametrize("mode", ["http", "socket"])
def test_a_fresh_machine_becomes_production(company, mode, tmp_path):
    people = People(company)
    machine = Machine(tmp_path)
    with Front() as front:
        # The app, from the manifest as it is shipped, with our own host where Slack is to find it.
        manifest = (ROOT / "manifest" / f"slack-app-{mode}.json").read_text(encoding="utf-8")
        if mode == "http":
            assert "settings.interactivity.request_url" in people.install(json.loads(manifest))["warning"]
        installed = people.install(json.loads(manifest.replace(HOST_OF_THE_MANIFEST, front.address)))
        assert "warning" not in installed
        machine.configure(company, installed["exports"])
        secrets = [installed["bot_token"], installed["app_token"], installed["signing_secret"]]

        # The doctor names what is still to be done, and that it is done.
        status, checks = machine.doctor()
        assert status == FAILED
        not_ok = {check for check, status in checks.items() if status != "ok"}
        assert not_ok == {f"slack.channel:{HELP_DESK}", f"slack.channel:{ADMINS}"}
        people.type("sam", HELP_DESK, "/invite @sso-why")
        people.type("bo", ADMINS, "/invite @sso-why")
        status, checks = machine.doctor()
        assert (status, set(checks.values())) == (0, {"ok"}), checks
        if mode == "http" and "entra.token" in checks:
            assert list(checks) == checks_in_the_readme()

        with machine.serve() as bot:
            address = bot.wait_for_line(r"listening on (http://127\.0\.0\.1:\d+)").group(1)
            front.bot = ("127.0.0.1", int(address.rsplit(":", 1)[1]))
            wait_until_ready(bot, address)

            # A question in a terminal and the same in Slack.
            done = machine.run("check", "dana@example.com", "Payments-Prod", **machine.secrets)
            assert done.returncode == BLOCKED, done.stderr
            assert "Payments-Prod" in done.stdout
            people.type("dana", "C0GENERAL", "/sso-why Payments-Prod")
            report = people.wait_for_message("dana", "C0GENERAL", offers("escalate"))
            assert "Payments-Prod" in report["text"] and report["is_ephemeral"]

            # An escalation, which the help desk takes.
            people.press("dana", report, "escalate")
            people.submit("dana", people.wait_for_form("dana"), note="I need it before noon.")
            ticket = people.wait_for_message("sam", HELP_DESK, offers("claim"))
            assert "I need it before noon." in json.dumps(ticket)
            people.press("sam", ticket, "claim")
            people.wait_for_message("sam", HELP_DESK, offers("resolve"))

            # The digest, beside the bot that runs.
            done = machine.run("digest", "--post", **machine.secrets)
            assert done.returncode == ACCESS, done.stderr
            digest = people.wait_for_message("bo", ADMINS, lambda message: message["user"] == ticket["user"])
            assert digest["text"].startswith("Duplicate groups: ")

            assert bot.stop() == 0, bot.output()
            for secret in secrets:
                assert secret not in bot.output(), "a secret stands in the log"
