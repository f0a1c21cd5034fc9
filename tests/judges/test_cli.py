"""The terminal: bad input gets one clear sentence and the exit status that was promised, never a panic."""

import contextlib
import json
import socket
import unicodedata
import urllib.request

import boto3
import jsonschema
import pytest

from child import DEADLINE_SECONDS
from program import ACCESS, AWS_CREDENTIALS, BLOCKED, FAILED, REGION, WRONG_USAGE
from report_v1 import STEP_OF_CAUSE, assert_is_report
from terminal import too_wide

WITHOUT_CREDENTIALS = dict.fromkeys(AWS_CREDENTIALS)


def assert_failed_with_one_sentence(done, *words):
    """Exit status 1, nothing on standard output, and one line on standard error that holds these words."""
    assert done.returncode == FAILED, (done.returncode, done.stdout, done.stderr)
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert "panicked" not in lines[0]
    assert "\x1b" not in lines[0]
    assert [word for word in words if word.lower() not in lines[0].lower()] == [], lines[0]


def configuration(program, name, text):
    file = program.folder / f"{name}.toml"
    file.write_text(text, encoding="utf-8")
    return file


@contextlib.contextmanager
def nothing_listens():
    """An address at which connections are refused: bound, so that nobody takes it, but never listened on."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"


class TestConfiguration:
    @pytest.mark.parametrize(
        "text, wrong, meant",
        [
            ('[server]\nlisten_on = "127.0.0.1:0"\n', "listen_on", "listen"),
            ('[aws]\nregoin = "us-east-1"\n', "regoin", "region"),
            ('[salck]\nadmin_channel = "C0ADMINS"\n', "salck", "slack"),
        ],
    )
    def test_an_unknown_key_with_the_key_that_was_meant(self, program, sandbox, text, wrong, meant):
        file = configuration(program, f"unknown-{wrong}", text)

        for by_option in (True, False):
            arguments = ["--config", file] if by_option else []
            settings = {} if by_option else {"SSO_WHY_CONFIG": file}
            done = program.run(
                *arguments, "check", "dana@example.com", "Payments-Prod", AWS_ENDPOINT_URL=sandbox, **settings
            )
            assert_failed_with_one_sentence(done, wrong, f"{meant}")

    def test_what_is_no_toml(self, program, sandbox):
        file = configuration(program, "no-toml", "[server\n")

        done = program.run("--config", file, "check", "a@example.com", "B", AWS_ENDPOINT_URL=sandbox)

        assert_failed_with_one_sentence(done, "no-toml.toml")

    def test_a_file_that_is_not_there(self, program, sandbox):
        done = program.run(
            "--config", program.folder / "nowhere.toml", "check", "a@example.com", "B", AWS_ENDPOINT_URL=sandbox
        )

        assert_failed_with_one_sentence(done, "nowhere.toml")

    def test_a_secret_in_the_file_is_refused(self, program, sandbox):
        file = configuration(program, "secret", '[slack]\nbot_token = "xoxb-judge"\n')

        done = program.run("--config", file, "serve", AWS_ENDPOINT_URL=sandbox)

        assert_failed_with_one_sentence(done, "bot_token")
        assert "xoxb-judge" not in done.stderr

    @pytest.mark.parametrize("missing", ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"])
    def test_half_a_configuration(self, program, sandbox, missing):
        secrets = {"SLACK_BOT_TOKEN": "xoxb-judge", "SLACK_SIGNING_SECRET": "0123456789abcdef", missing: None}

        done = program.run("serve", SSO_WHY_LISTEN="127.0.0.1:0", AWS_ENDPOINT_URL=sandbox, **secrets)

        assert_failed_with_one_sentence(done, missing)
        assert "xoxb-judge" not in done.stderr

    def test_a_secret_file_that_is_not_there(self, program, sandbox):
        done = program.run(
            "serve",
            SSO_WHY_LISTEN="127.0.0.1:0",
            AWS_ENDPOINT_URL=sandbox,
            SLACK_BOT_TOKEN_FILE=program.folder / "no-such-token",
            SLACK_SIGNING_SECRET="0123456789abcdef",
        )

        assert_failed_with_one_sentence(done, "no-such-token")


class TestAws:
    def test_no_credentials(self, program, sandbox):
        done = program.run(
            "check", "dana@example.com", "Payments-Prod", AWS_ENDPOINT_URL=sandbox, **WITHOUT_CREDENTIALS
        )

        assert_failed_with_one_sentence(done, "credentials")

    def test_an_endpoint_that_nothing_answers(self, program):
        with nothing_listens() as address:
            done = program.run("check", "dana@example.com", "Payments-Prod", AWS_ENDPOINT_URL=address)

        assert_failed_with_one_sentence(done, "AWS")

    def test_a_region_without_an_instance(self, program, sandbox):
        """The company's instance lives in us-east-1; every other Region lists none."""
        file = configuration(program, "wrong-region", '[aws]\nregion = "eu-central-1"\n')

        for settings in ({"AWS_REGION": "eu-central-1"}, {"SSO_WHY_CONFIG": file}):
            done = program.run(
                "check", "dana@example.com", "Payments-Prod", **{"AWS_ENDPOINT_URL": sandbox, **settings}
            )
            assert_failed_with_one_sentence(done, "eu-central-1", "region")


class TestCheck:
    def test_the_report_of_a_person_of_the_company(self, program, sandbox):
        exit_status, report = program.check(sandbox, "dana@example.com", "Payments-Prod")

        assert (report["verdict"], report["cause"], exit_status) == ("blocked", "membership_not_synced", BLOCKED)
        assert_is_report(report)
        assert report["gaps"], "the identity provider is not connected, which must be said"

    def test_a_live_check_says_that_all_was_read_live(self, program, sandbox):
        _, report = program.check(sandbox, "dana@example.com", "Payments-Prod", "--live")

        assert "cache" not in {step.get("source") for step in report["steps"]}

    def test_an_account_with_an_emoji_in_its_name(self, program, sandbox, emoji_account):
        exit_status, report = program.check(sandbox, "dana@example.com", emoji_account["name"])

        assert report["account"] == emoji_account
        assert exit_status in (ACCESS, BLOCKED)

        done = program.run("check", "dana@example.com", emoji_account["name"], AWS_ENDPOINT_URL=sandbox)
        assert emoji_account["name"] in done.stdout
        assert too_wide(done.stdout) == []

    @pytest.mark.parametrize("letter", ["x", "🚀", "é", "漢", "-"])
    def test_a_long_account_name_still_fits_the_terminal(self, program, sandbox, letter):
        name = "P" + letter * 900 + "d"

        exit_status, report = program.check(sandbox, "dana@example.com", name)
        assert (report["cause"], exit_status) == ("account_not_found", BLOCKED)

        done = program.run("check", "dana@example.com", name, AWS_ENDPOINT_URL=sandbox)
        assert done.returncode == BLOCKED
        assert too_wide(done.stdout) == []

    @pytest.mark.parametrize("letter", ["x", "🚀"])
    @pytest.mark.parametrize("place", ["USER", "ACCOUNT", "--permission-set"])
    def test_ten_thousand_characters_are_refused_in_one_short_sentence(self, program, sandbox, letter, place):
        words = {"USER": "dana@example.com", "ACCOUNT": "Payments-Prod", "--permission-set": "ReadOnly"}
        words[place] = letter * 10_000

        done = program.run(
            "check",
            words["USER"],
            words["ACCOUNT"],
            "--permission-set",
            words["--permission-set"],
            AWS_ENDPOINT_URL=sandbox,
        )

        assert_failed_with_one_sentence(done, place, "longer")
        assert len(done.stderr) < 300

    @pytest.mark.parametrize("nothing", ["", "   "])
    def test_an_empty_name(self, program, sandbox, nothing):
        for arguments in ([nothing, "Payments-Prod"], ["dana@example.com", nothing]):
            done = program.run("check", *arguments, AWS_ENDPOINT_URL=sandbox)

            assert_failed_with_one_sentence(done, "empty")

    def test_colour_only_when_it_is_not_refused(self, program, sandbox):
        for settings in ({}, {"NO_COLOR": "1"}):
            done = program.run(
                "check", "dana@example.com", "Payments-Prod", AWS_ENDPOINT_URL=sandbox, **settings
            )
            assert "\x1b" not in done.stdout + done.stderr


class TestUsage:
    @pytest.mark.parametrize(
        "arguments",
        [
            [],
            ["chekc"],
            ["check"],
            ["check", "dana@example.com"],
            ["check", "dana@example.com", "Payments-Prod", "--format", "yaml"],
            ["check", "dana@example.com", "Payments-Prod", "--no-such-option"],
            ["sandbox", "--listen", "nowhere"],
            ["explain"],
        ],
    )
    def test_wrong_usage(self, program, arguments):
        done = program.run(*arguments)

        assert done.returncode == WRONG_USAGE, (done.returncode, done.stderr)
        assert done.stdout == ""
        assert done.stderr
        assert "panicked" not in done.stderr

    @pytest.mark.parametrize("option", ["--help", "--version"])
    def test_what_was_asked_for_is_no_error(self, program, option):
        done = program.run(option)

        assert (done.returncode, done.stderr) == (0, "")
        assert "sso-why" in done.stdout

    def test_a_scenario_that_does_not_exist(self, program):
        done = program.run("sandbox", "--listen", "127.0.0.1:0", "--scenario", "nowhere")

        assert done.returncode in (FAILED, WRONG_USAGE)
        assert "company" in done.stderr, "the scenarios that exist are named"


class TestExplain:
    @pytest.mark.parametrize("cause", sorted(STEP_OF_CAUSE))
    def test_every_cause_has_its_page(self, program, cause):
        done = program.run("explain", cause)

        assert (done.returncode, done.stderr) == (0, "")
        assert cause in done.stdout.splitlines()[0]
        for heading in ("What it means", "How it is detected", "How it is fixed"):
            assert heading in done.stdout
        assert too_wide(done.stdout) == []

    def test_an_unknown_cause_with_the_one_that_was_meant(self, program):
        done = program.run("explain", "duplicate_grup")

        assert done.returncode in (FAILED, WRONG_USAGE)
        assert done.stdout == ""
        assert "duplicate_group" in done.stderr


@pytest.fixture(scope="module")
def emoji_account(sandbox):
    """The company's account with an emoji in its name, as AWS lists it."""
    organizations = boto3.client(
        "organizations",
        endpoint_url=sandbox,
        region_name=REGION,
        aws_access_key_id=AWS_CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=AWS_CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
    )
    pages = organizations.get_paginator("list_accounts").paginate(PaginationConfig={"PageSize": 20})
    accounts = [account for page in pages for account in page["Accounts"]]
    (found,) = [account for account in accounts if any(unicodedata.category(c) == "So" for c in account["Name"])]
    return {"id": found["Id"], "name": found["Name"]}


class TestDoctor:
    SHAPE = {
        "type": "object",
        "required": ["version", "ok", "checks"],
        "properties": {
            "version": {"const": 1},
            "ok": {"type": "boolean"},
            "checks": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["id", "status", "detail", "remedy"],
                    "properties": {
                        "id": {"type": "string", "minLength": 1},
                        "status": {"enum": ["ok", "failed", "skipped"]},
                        "detail": {"type": "string", "minLength": 1},
                        "remedy": {"type": ["string", "null"]},
                    },
                    "if": {"properties": {"status": {"const": "failed"}}},
                    "then": {"properties": {"remedy": {"type": "string", "minLength": 1}}},
                    "else": {"properties": {"remedy": {"type": "null"}}},
                },
            },
        },
    }

    def doctor(self, program, sandbox, *arguments):
        """As the sandbox tells a second terminal to run it."""
        file, secrets = program.configuration_of(sandbox)
        return program.run("--config", file, "doctor", *arguments, AWS_ENDPOINT_URL=sandbox, **secrets)

    def test_all_is_well_in_the_sandbox(self, program, sandbox):
        done = self.doctor(program, sandbox)

        assert (done.returncode, done.stderr) == (0, "")
        assert "FAILED" not in done.stdout and "\x1b" not in done.stdout
        assert too_wide(done.stdout) == []

    def test_a_right_that_is_missing_is_told_to_scripts(self, program, sandbox):
        tell(sandbox, "rights", {"right": "organizations:ListAccounts"})
        try:
            done = self.doctor(program, sandbox, "--format", "json")
        finally:
            tell(sandbox, "rights", {})

        assert (done.returncode, done.stderr) == (FAILED, "")
        told = json.loads(done.stdout)
        jsonschema.validate(told, self.SHAPE)
        assert told["ok"] is False
        (failed,) = [check for check in told["checks"] if check["status"] == "failed"]
        assert failed["id"] == "aws.organizations:ListAccounts"
        assert json.loads(failed["remedy"]) == {
            "Effect": "Allow",
            "Action": "organizations:ListAccounts",
            "Resource": "*",
        }


def tell(sandbox, what, body):
    """Tells the sandbox something as its page does."""
    request = urllib.request.Request(
        f"{sandbox}/sandbox/{what}",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=DEADLINE_SECONDS) as answer:
        assert json.load(answer)["ok"]
