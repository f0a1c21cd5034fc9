"""The program under judgement: where it is, and how it is run with nothing of this machine's own settings."""

import json
import os
import pathlib
import re
import subprocess
import urllib.request

from child import DEADLINE_SECONDS, Child

ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGET = ROOT / os.environ.get("CARGO_TARGET_DIR", "target")
BINARY = TARGET / "debug" / "sso-why"

# The company's Identity Center lives there, in the sandbox and in moto's seeded company alike.
REGION = "us-east-1"

AWS_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "judge", "AWS_SECRET_ACCESS_KEY": "judge"}

ACCESS, FAILED, WRONG_USAGE, BLOCKED, UNDETERMINED = 0, 1, 2, 10, 20


class Program:
    """Runs the binary from an empty folder, with an environment of its own."""

    def __init__(self, folder):
        if not BINARY.exists():
            raise FileNotFoundError(f"{BINARY} is missing: `cargo build` makes it")
        self.folder = folder

    def environment(self, **settings):
        """No credentials file, no metadata service, no proxy: only what is set here. None takes one away."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_REGION": REGION,
            **AWS_CREDENTIALS,
            **settings,
        }
        return {name: str(value) for name, value in environment.items() if value is not None}

    def run(self, *arguments, **settings):
        """Runs one command to its end; `settings` are environment variables."""
        return subprocess.run(
            [BINARY, *arguments],
            env=self.environment(**settings),
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=2 * DEADLINE_SECONDS,
            check=False,
        )

    def check(self, endpoint, *arguments, **settings):
        """`check … --format json` against that AWS endpoint: the exit status and the report."""
        done = self.run("check", *arguments, "--format", "json", AWS_ENDPOINT_URL=endpoint, **settings)
        try:
            return done.returncode, json.loads(done.stdout)
        except json.JSONDecodeError:
            raise AssertionError(
                f"check {arguments} printed no report (exit status {done.returncode}):\n{done.stdout}\n{done.stderr}"
            ) from None

    def check_in_company(self, sandbox, *arguments, idp=None):
        """`check … --format json` against a sandbox, its IdP included, as its page tells a second terminal to; with
        `idp`, the IdP at that address instead."""
        file, tokens = self.configuration_of(sandbox, idp)
        return self.check(sandbox, *arguments, SSO_WHY_CONFIG=file, **tokens)

    def configuration_of(self, sandbox, idp=None):
        """The file that the sandbox's page gives a second terminal, and the secrets that go with it."""
        with urllib.request.urlopen(f"{sandbox}/sandbox/sso-why.toml", timeout=DEADLINE_SECONDS) as answer:
            told = answer.read().decode()
        if idp is not None:
            told = told.replace(sandbox, idp)
        file = self.folder / "sandbox.toml"
        file.write_text(told, encoding="utf-8")
        # What must not stand in a file is told in its comments.
        return file, dict(re.findall(r"^# export (\w+)=(\S+)$", told, re.MULTILINE))

    def serve(self, sandbox, **settings):
        """`serve` over HTTP, with the sandbox as its Slack and its AWS; to be used as a context manager."""
        beside = {"SSO_WHY_LISTEN": "127.0.0.1:0", "SLACK_API_URL": f"{sandbox}/api", "AWS_ENDPOINT_URL": sandbox}
        return self.start("serve", **beside, **settings)

    def start(self, *arguments, **settings):
        """Starts one command that stays; to be used as a context manager."""
        return Child([BINARY, *arguments], env=self.environment(**settings), cwd=self.folder)


def start_sandbox(program):
    """`sso-why sandbox` on a free port of this machine."""
    return program.start("sandbox", "--listen", "127.0.0.1:0")


def address_of_sandbox(sandbox):
    """Where the sandbox's page is, without the slash at its end."""
    return sandbox.wait_for_line(r"Open (http://127\.0\.0\.1:\d+)/").group(1)
