"""How the README runs `doctor` where the bot runs: each command fits what `deploy/` really makes there."""

import re
import subprocess

import pytest
import yaml

from program import BINARY, ROOT
from test_deploy_aws import built
from tools import judged_by

README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTAINERFILE = (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8")
BASE = ROOT / "deploy" / "kubernetes" / "base"
UNIT = ROOT / "deploy" / "systemd" / "sso-why.service"


def example(beginning):
    """The README's lines from this one to the end of their block, as a shell gets them."""
    (block,) = re.findall(rf"(?:^    {re.escape(beginning)}.*\n(?:^    .*\n)*)", README, re.MULTILINE)
    return re.sub(r"^    ", "", block, flags=re.MULTILINE)


def entry_point():
    return re.search(r'^ENTRYPOINT \["(.+)"\]$', CONTAINERFILE, re.MULTILINE).group(1)


def test_in_a_container_it_is_the_bot_with_another_command():
    bot = example("docker run -d").replace("\\\n", " ").split()
    command = example("docker run --rm").replace("\\\n", " ").split()

    assert command[-2:] == ["sso-why", "doctor"]
    for_a_service = {"-d", "--name", "--restart", "unless-stopped", "--stop-timeout", "65"}
    assert set(command) - set(bot) == {"--rm", "doctor"}
    assert set(bot) - set(command) == for_a_service
    volume = command[command.index("-v") + 1]
    assert f"VOLUME {volume.split(':')[1]}" in CONTAINERFILE


def test_in_kubernetes_it_looks_from_a_pod_of_the_bot():
    command = example("kubectl -n sso-why exec").split()

    deployment = yaml.safe_load((BASE / "deployment.yaml").read_text(encoding="utf-8"))
    namespace = yaml.safe_load((BASE / "kustomization.yaml").read_text(encoding="utf-8"))["namespace"]
    name = deployment["metadata"]["name"]
    assert command == ["kubectl", "-n", namespace, "exec", f"deploy/{name}", "--", entry_point(), "doctor"]
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    assert "command" not in container and "args" not in container


def test_on_fargate_it_is_one_more_task_of_the_stack():
    commands = example("made() {")

    stack = built()
    kinds = {name: kind for name, (kind, _) in stack.resources.items()}
    for name, kind in {
        "Cluster": "AWS::ECS::Cluster",
        "Service": "AWS::ECS::Service",
        "Task": "AWS::ECS::TaskDefinition",
        "Log": "AWS::Logs::LogGroup",
    }.items():
        assert f"$(made {name})" in commands and kinds[name] == kind
    bot = stack.containers()["sso-why"]
    assert '"name": "sso-why", "command": ["doctor"]' in commands
    assert "EntryPoint" not in bot and bot.get("Command", ["serve"]) == ["serve"]
    prefix = bot["LogConfiguration"]["Options"]["awslogs-stream-prefix"]
    assert f'"{prefix}/{bot["Name"]}/${{task##*/}}"' in commands
    assert subprocess.run(["bash", "-n"], input=commands, encoding="utf-8", check=False).returncode == 0


@pytest.fixture
def unit(tmp_path):
    """What the README's `sed` makes of the unit as it is delivered."""
    command = example("sed -e 's/ serve$/").split("systemctl")[0]
    installed = tmp_path / UNIT.name
    installed.write_text(UNIT.read_text(encoding="utf-8"), encoding="utf-8")
    made = tmp_path / "sso-why-doctor.service"
    for place, here in {"/etc/systemd/system/sso-why.service": installed, "/run/systemd/system/sso-why-doctor.service": made}.items():
        assert place in command
        command = command.replace(place, str(here))
    subprocess.run(["sh", "-ec", command], check=True)
    return made


def test_under_systemd_it_is_the_unit_with_another_command(unit):
    before, after = UNIT.read_text(encoding="utf-8").splitlines(), unit.read_text(encoding="utf-8").splitlines()

    # The user is by name the one that systemd makes of the bot's unit, or the folder would change its owner.
    assert set(after) - set(before) == {
        "Type=oneshot",
        "User=sso-why",
        "ExecStart=/usr/local/bin/sso-why --config /etc/sso-why/sso-why.toml doctor",
    }
    assert {line.split("=")[0] for line in set(before) - set(after)} == {"Type", "Restart", "RestartSec", "ExecStart"}
    assert UNIT.stem == "sso-why" and "DynamicUser=yes" in after

    unit.write_text("\n".join(after).replace("/usr/local/bin/sso-why", str(BINARY)) + "\n", encoding="utf-8")
    status, said = judged_by("systemd-analyze", "verify", "--man=no", unit)
    assert (status, [line for line in said.splitlines() if unit.name in line]) == (0, [])
