"""The container image: nothing in it but the program, and the program works with nothing around it."""

import urllib.error
import urllib.request

import pytest

from child import DEADLINE_SECONDS
from image import CONTAINERFILE, HOST, STATIC, Container, Image
from program import AWS_CREDENTIALS, BLOCKED, FAILED, ROOT, address_of_sandbox
from slack_side import BOT_TOKEN
from test_socket_mode import APP_TOKEN
from tools import judged_by

PROGRAM = "/usr/bin/sso-why"
CONFIGURATION = ROOT / "deploy" / "kubernetes" / "base" / "sso-why.toml"
SECRETS = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN}


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    built = Image(tmp_path_factory.mktemp("image"))
    yield built
    built.remove()


@pytest.fixture(scope="module")
def sandbox(program):
    with program.start("sandbox", "--listen", "127.0.0.1:0", "--mode", "socket") as started:
        yield address_of_sandbox(started)


@pytest.fixture(scope="module")
def bot(image, sandbox, tmp_path_factory):
    """The container as it starts by itself, with the configuration of Kubernetes' base in Socket Mode; the sandbox is
    its Slack and its AWS."""
    folder = tmp_path_factory.mktemp("container")
    for name, secret in SECRETS.items():
        (folder / name).write_text(secret, encoding="utf-8")
    settings = {
        "SSO_WHY_CONFIG": f"/etc/sso-why/{CONFIGURATION.name}",
        "SSO_WHY_LISTEN": "127.0.0.1:0",
        "SLACK_API_URL": f"{sandbox}/api",
        **{f"{name}_FILE": f"/etc/sso-why/{name}" for name in SECRETS},
        "AWS_ENDPOINT_URL": sandbox.replace("127.0.0.1", HOST),
        **AWS_CREDENTIALS,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    files = [CONFIGURATION, *(folder / name for name in SECRETS)]
    with Container(image, folder, files=files, **settings) as started:
        yield started


@pytest.fixture(scope="module")
def address(bot):
    return bot.process.wait_for_line(r"listening.*\b(127\.0\.0\.1:\d+)").group(1)


def test_hadolint_finds_nothing_wrong(tmp_path):
    assert judged_by("hadolint", CONTAINERFILE) == (0, "")

    careless = tmp_path / "Containerfile"
    careless.write_text("FROM debian\nRUN apt-get install curl\n", encoding="utf-8")
    assert judged_by("hadolint", careless)[0] != 0


class TestWhatIsInIt:
    def test_the_program_the_certificates_and_a_folder_for_data(self, image):
        files = {path: (kind, mode) for kind, mode, _, path in image.files() if kind != "d"}

        assert files == {PROGRAM: ("f", "755"), "/etc/ssl/certs/ca-certificates.crt": ("f", "644")}

    def test_only_the_folder_for_data_is_the_programs_own(self, image):
        owned = [path for _, _, owner, path in image.files() if owner != "0:0"]

        assert owned == ["/var/lib/sso-why"]

    def test_the_program_needs_no_library(self):
        assert "statically linked" in judged_by("ldd", STATIC)[1]

    def test_how_it_starts(self, image):
        assert image.settings["User"] == "10001:10001"
        assert (image.settings["Entrypoint"], image.settings["Cmd"]) == ([PROGRAM], ["serve"])
        assert image.settings["Healthcheck"]["Test"] == ["CMD", PROGRAM, "healthcheck"]
        assert image.settings["WorkingDir"] == "/var/lib/sso-why"
        assert set(image.settings["ExposedPorts"]) == {"8080/tcp"}
        assert sorted(image.settings["Env"])[-1] == "SSO_WHY_LISTEN=0.0.0.0:8080"


class TestWhatItDoes:
    def test_it_becomes_ready_with_a_root_that_cannot_be_written(self, bot, address):
        bot.process.wait_for_line("connected to Slack")

        with urllib.request.urlopen(f"http://{address}/readyz", timeout=DEADLINE_SECONDS) as answer:
            assert (answer.status, answer.read()) == (200, b"ready")

    def test_its_store_is_on_the_volume(self, bot, address):
        assert (bot.volume / "sso-why.db").exists()

    def test_it_answers_and_finds_aws_by_name(self, bot, address):
        status, said = bot.run(PROGRAM, "check", "dana@example.com", "Payments-Prod")

        assert status == BLOCKED, said
        assert "membership_not_synced" in said

    def test_the_health_check_tells_a_bot_that_lives_from_one_that_does_not(self, bot, address):
        (_, *check) = bot.health_check

        assert bot.run(*check, SSO_WHY_LISTEN=address) == (0, "the bot lives\n")
        status, said = bot.run(*check, SSO_WHY_LISTEN="127.0.0.1:9")
        assert status == FAILED
        assert "nothing answers" in said

    def test_there_is_no_shell_in_it(self, bot, address):
        for shell in ("sh", "/bin/sh", "bash"):
            assert bot.run(shell, "-c", "true")[0] != 0

    def test_it_stops_when_it_is_asked_to(self, bot, address):
        assert bot.stop() == 0, bot.process.output()
        with pytest.raises(urllib.error.URLError):
            urllib.request.urlopen(f"http://{address}/healthz", timeout=DEADLINE_SECONDS)

    def test_no_secret_stands_in_its_log(self, bot):
        for secret in SECRETS.values():
            assert secret not in bot.process.output()
