"""Kubernetes' files, built by kubectl's kustomize and held against Kubernetes' own schemas."""

import copy
import re
import shutil

import kubernetes_validate
import pytest
import yaml

from configuration import understood
from program import ROOT
from tools import judged_by

FILES = ROOT / "deploy" / "kubernetes"
README = ROOT / "README.md"
# The newest that the schemas know, and one that providers still support for a fee.
VERSIONS = ["1.37", "1.31"]

# What somebody puts on top: each with the folder below it and the components.
INSTALLATIONS = {
    "base": ("base", []),
    "three-replicas": ("three-replicas", []),
    "base-entra": ("base", ["entra"]),
    "base-http-okta": ("base", ["http", "okta"]),
    "three-replicas-http-entra": ("three-replicas", ["http", "entra"]),
}

SECRETS = "/run/secrets/sso-why/"


@pytest.fixture(scope="module")
def installations(tmp_path_factory):
    """Each installation as a list of resources."""
    folder = tmp_path_factory.mktemp("kubernetes")
    shutil.copytree(FILES, folder, dirs_exist_ok=True)
    return {name: built(folder, name, *of) for name, of in INSTALLATIONS.items()}


def built(folder, name, below, components):
    """An overlay of one's own, as the README shows it."""
    overlay = folder / f"own-{name}"
    overlay.mkdir()
    (overlay / "sso-why.toml").write_text('[aws]\nregion = "eu-west-1"\n', encoding="utf-8")
    kustomization = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "namespace": "sso-why",
        "resources": [f"../{below}"],
        "components": [f"../components/{component}" for component in components],
        "images": [{"name": "sso-why", "newName": "registry.example/sso-why", "newTag": "0.1.0"}],
        "configMapGenerator": [{"name": "sso-why", "behavior": "replace", "files": ["sso-why.toml"]}],
    }
    (overlay / "kustomization.yaml").write_text(yaml.safe_dump(kustomization), encoding="utf-8")
    status, said = judged_by("kubectl", "kustomize", overlay)
    assert status == 0, said
    return list(yaml.safe_load_all(said))


def the(kind, resources):
    (found,) = [one for one in resources if one["kind"] == kind]
    return found


def pod_of(resources):
    return the("Deployment", resources)["spec"]["template"]["spec"]


def bot_of(resources):
    (container,) = pod_of(resources)["containers"]
    return container


def environment_of(resources):
    return {variable["name"]: variable["value"] for variable in bot_of(resources)["env"]}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", INSTALLATIONS)
def test_kubernetes_schemas_take_it(installations, name, version):
    for resource in installations[name]:
        kubernetes_validate.validate(resource, version, strict=True)


def test_they_would_refuse_a_key_that_does_not_exist(installations):
    wrong = copy.deepcopy(the("Deployment", installations["base"]))
    wrong["spec"]["template"]["spec"]["securityContext"]["runAsNonroot"] = True

    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, VERSIONS[0], strict=True)


def test_the_folders_build_as_they_are():
    for folder in ("base", "three-replicas"):
        assert judged_by("kubectl", "kustomize", FILES / folder)[0] == 0


def test_the_overlay_of_the_readme_builds(tmp_path):
    (shown,) = re.findall(r"^```yaml\n(# kustomization.yaml\n.*?)^```$", README.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    shutil.copytree(FILES, tmp_path / "kubernetes")
    (tmp_path / "kustomization.yaml").write_text(shown, encoding="utf-8")
    shutil.copy(FILES / "base" / "sso-why.toml", tmp_path)

    status, said = judged_by("kubectl", "kustomize", tmp_path)

    assert status == 0, said
    resources = list(yaml.safe_load_all(said))
    # What `kubectl create secret` is given there is what the pod reads.
    given = set(re.findall(r"--from-file=(\w+)", README.read_text(encoding="utf-8")))
    assert {name.removesuffix("_FILE") for name in environment_of(resources) if name.endswith("_FILE")} == given


@pytest.mark.parametrize("name", INSTALLATIONS)
class TestEveryInstallation:
    def test_the_pod_is_locked_down(self, installations, name):
        """All that Kubernetes' Pod Security Standard "restricted" asks for, and a root that cannot be written."""
        pod, bot = pod_of(installations[name]), bot_of(installations[name])

        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert bot["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert pod["automountServiceAccountToken"] is False
        namespace = the("Namespace", installations[name])
        assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"

    def test_it_is_probed_where_the_program_answers(self, installations, name):
        bot = bot_of(installations[name])
        paths = {probe: bot[probe]["httpGet"]["path"] for probe in ("startupProbe", "livenessProbe", "readinessProbe")}

        assert paths == {"startupProbe": "/healthz", "livenessProbe": "/healthz", "readinessProbe": "/readyz"}
        assert bot["ports"] == [{"name": "http", "containerPort": 8080}]
        assert {"cpu", "memory"} <= set(bot["resources"]["requests"])

    def test_secrets_are_files_of_a_secret_that_is_made_elsewhere(self, installations, name):
        (mount,) = [one for one in bot_of(installations[name])["volumeMounts"] if one["name"] == "secrets"]
        (volume,) = [one for one in pod_of(installations[name])["volumes"] if one["name"] == "secrets"]
        named = {key: value for key, value in environment_of(installations[name]).items() if key.endswith("_FILE")}

        assert mount["mountPath"] + "/" == SECRETS
        assert volume["secret"]["secretName"] == "sso-why"
        assert {key: SECRETS + key.removesuffix("_FILE") for key in named} == named
        assert [one for one in installations[name] if one["kind"] == "Secret"] == []

    def test_one_configuration_reaches_the_pod(self, installations, name):
        configuration = the("ConfigMap", installations[name])
        (volume,) = [one for one in pod_of(installations[name])["volumes"] if one["name"] == "configuration"]

        assert volume["configMap"]["name"] == configuration["metadata"]["name"]
        assert configuration["data"] == {"sso-why.toml": '[aws]\nregion = "eu-west-1"\n'}
        assert environment_of(installations[name])["SSO_WHY_CONFIG"] == "/etc/sso-why/sso-why.toml"

    def test_who_is_meant_by_the_selectors(self, installations, name):
        labels = the("Deployment", installations[name])["spec"]["template"]["metadata"]["labels"]
        of = {
            "Deployment": lambda spec: spec["selector"]["matchLabels"],
            "Service": lambda spec: spec["selector"],
            "NetworkPolicy": lambda spec: spec["podSelector"]["matchLabels"],
            "PodDisruptionBudget": lambda spec: spec["selector"]["matchLabels"],
        }
        for resource in installations[name]:
            if resource["kind"] in of:
                assert of[resource["kind"]](resource["spec"]).items() <= labels.items(), resource["kind"]


class TestWithOneReplica:
    def test_its_data_is_on_a_volume_that_one_process_uses_at_a_time(self, installations):
        deployment = the("Deployment", installations["base"])["spec"]
        mounts = {mount["mountPath"] for mount in bot_of(installations["base"])["volumeMounts"]}

        assert (deployment["replicas"], deployment["strategy"]) == (1, {"type": "Recreate"})
        assert "/var/lib/sso-why" in mounts
        assert the("PersistentVolumeClaim", installations["base"])["spec"]["accessModes"] == ["ReadWriteOnce"]


class TestWithThreeReplicas:
    def test_an_update_or_a_drained_node_stops_one_at_a_time(self, installations):
        deployment = the("Deployment", installations["three-replicas"])["spec"]
        budget = the("PodDisruptionBudget", installations["three-replicas"])["spec"]

        assert deployment["replicas"] == 3
        assert deployment["strategy"]["rollingUpdate"] == {"maxUnavailable": 1, "maxSurge": 0}
        assert budget["minAvailable"] == 2

    def test_they_share_postgres_and_no_volume(self, installations):
        resources = installations["three-replicas"]

        assert environment_of(resources)["DATABASE_URL_FILE"] == SECRETS + "DATABASE_URL"
        assert [one for one in resources if one["kind"] == "PersistentVolumeClaim"] == []
        assert [one for one in pod_of(resources)["volumes"] if "persistentVolumeClaim" in one] == []
        assert 5432 in ports_out(resources)


def test_nobody_connects_but_prometheus_and_over_http_the_ingress(installations):
    for name, namespaces in {"base": ["monitoring"], "base-http-okta": ["monitoring", "ingress-nginx"]}.items():
        policy = the("NetworkPolicy", installations[name])["spec"]
        assert policy["policyTypes"] == ["Ingress", "Egress"]
        assert [
            source["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"]
            for rule in policy["ingress"]
            for source in rule["from"]
        ] == namespaces
        assert 443 in ports_out(installations[name])


def test_the_mode_decides_which_secret_slack_needs(installations):
    assert "SLACK_APP_TOKEN_FILE" in environment_of(installations["base"])
    over_http = environment_of(installations["base-http-okta"])
    assert "SLACK_SIGNING_SECRET_FILE" in over_http
    assert "SLACK_APP_TOKEN_FILE" not in over_http


def test_the_program_understands_the_configuration_that_is_shipped(program):
    shipped = (FILES / "base" / "sso-why.toml").read_text(encoding="utf-8")

    assert understood(program, shipped)["server"]["mode"] == "socket"


def ports_out(resources):
    rules = the("NetworkPolicy", resources)["spec"]["egress"]
    return {port["port"] for rule in rules for port in rule["ports"]}
