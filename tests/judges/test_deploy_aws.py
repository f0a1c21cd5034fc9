"""What AWS is given: the IAM policies and the CloudFormation template, judged by parliament and cfn-lint."""

import json
import math
import re

import cfnlint.decode
import parliament
import pytest

from aws_calls import actions_called, actions_named
from configuration import understood
from program import REGION, ROOT
from stack import Stack
from tools import judged_by

IAM = ROOT / "deploy" / "iam"
TEMPLATE = ROOT / "deploy" / "aws" / "fargate.yaml"
README = ROOT / "README.md"

# What a reader puts in place of the policies' capitals, and into the template's parameters.
VALUES = {
    "MANAGEMENT_ACCOUNT_ID": "111122223333",
    "INSTANCE_ID": "ssoins-1234567890abcdef",
    "IDENTITY_STORE_ID": "d-1234567890",
    "REGION": "us-east-1",
    "KEY_ID": "1234abcd-12ab-34cd-56ef-1234567890ab",
}
KEY = f"arn:aws:kms:us-east-1:{VALUES['MANAGEMENT_ACCOUNT_ID']}:key/{VALUES['KEY_ID']}"
LOG = "arn:aws:logs:us-east-1:111122223333:log-group:sso-why:*"
SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:sso-why-AbCdEf"

DATABASE = "sg-0123456789abcdef0"

# Identity Center's key: no operation of the bot's, but what Identity Center does in its name.
KMS = {"kms:Decrypt"}

# docs.slack.dev, "Socket Mode"; src/slack/socket.rs.
CONNECTIONS_OF_AN_APP = 10
CONNECTIONS_OF_EACH = 2

POLICIES = ["customer-managed-key", "digest", "read"]


def policy(name):
    """The policy as a reader would fill it in."""
    text = (IAM / f"{name}.json").read_text(encoding="utf-8")
    for placeholder, value in VALUES.items():
        text = re.sub(rf"\b{placeholder}\b", value, text)
    return text


def statements(name):
    return json.loads(policy(name))["Statement"]


def several(value):
    return [value] if isinstance(value, str) else value


def actions(of):
    return {action for statement in of for action in several(statement["Action"])}


def definition(action):
    """What AWS's service authorization reference says of the action, as parliament carries it."""
    prefix, name = action.split(":")
    for service in parliament.iam_definition:
        for privilege in service["privileges"]:
            if service["prefix"] == prefix and privilege["privilege"] == name:
                arns = {resource["resource"]: resource["arn"] for resource in service["resources"]}
                return privilege["access_level"], [
                    arns[resource["resource_type"].rstrip("*")]
                    for resource in privilege["resource_types"]
                    if resource["resource_type"].endswith("*")
                ]
    raise AssertionError(f"parliament does not know {action}")


class TestPolicies:
    def test_there_are_no_others(self):
        assert sorted(file.stem for file in IAM.iterdir()) == POLICIES

    @pytest.mark.parametrize("name", POLICIES)
    def test_parliament_finds_nothing_wrong(self, name):
        judged = parliament.analyze_policy_string(policy(name), include_community_auditors=True)

        assert [str(finding) for finding in judged.findings] == []

    def test_parliament_would_find_a_mistyped_action_and_a_resource_of_another_kind(self):
        mistyped = policy("read").replace("sso:ListInstances", "sso:ListInstance")
        elsewhere = policy("digest").replace("arn:aws:identitystore::", "arn:aws:s3::")

        for wrong, issue in ((mistyped, "UNKNOWN_ACTION"), (elsewhere, "RESOURCE_MISMATCH")):
            found = {finding.issue for finding in parliament.analyze_policy_string(wrong).findings}
            assert issue in found

    def test_together_they_allow_what_the_program_calls_and_nothing_else(self):
        allowed = set().union(*(actions(statements(name)) for name in POLICIES))

        assert allowed == actions_called() | KMS
        assert actions_named() == actions_called()

    def test_each_adds_to_the_others(self):
        every = [action for name in POLICIES for action in actions(statements(name))]

        assert len(every) == len(set(every))

    @pytest.mark.parametrize("name", POLICIES)
    def test_each_action_has_all_the_resources_that_it_needs(self, name):
        missing = []
        for statement in statements(name):
            for action in several(statement["Action"]):
                for arn in definition(action)[1]:
                    kind = re.sub(r"\$\{\w+\}", "*", arn)
                    if not any(parliament.is_arn_match("*", kind, one) for one in several(statement["Resource"])):
                        missing.append(f"{action}: {arn}")
        assert missing == []

    def test_they_only_read(self):
        allowed = actions(statements("read")) | actions(statements("digest"))

        assert {definition(action)[0] for action in allowed} <= {"Read", "List"}

    def test_the_table_of_the_readme_has_the_same(self):
        told = set(re.findall(r"^\| `((?:sso|identitystore|organizations):\w+)` \|", README.read_text(encoding="utf-8"), re.MULTILINE))

        assert told == actions_called()


class TestTemplate:
    def test_cfn_lint_finds_nothing_wrong(self):
        assert linted(TEMPLATE) == (0, "")

    def test_cfn_lint_would_find_a_property_that_does_not_exist(self, tmp_path):
        wrong = tmp_path / "wrong.yaml"
        wrong.write_text(TEMPLATE.read_text(encoding="utf-8").replace("StopTimeout:", "StopTimeOut:"), encoding="utf-8")

        assert "StopTimeOut" in linted(wrong)[1]

    def test_nothing_listens_to_the_outside(self, stack):
        kinds = {kind for kind, _ in stack.resources.values()}
        group = stack.properties("SecurityGroup")

        assert not [kind for kind in kinds if "LoadBalancing" in kind]
        assert "SecurityGroupIngress" not in group
        assert [(rule["FromPort"], rule["ToPort"]) for rule in group["SecurityGroupEgress"]] == [(443, 443), (5432, 5432)]
        assert group["SecurityGroupEgress"][1]["DestinationSecurityGroupId"] == DATABASE

    def test_the_database_lets_it_in_before_it_starts(self, stack):
        kinds = {name: kind for name, (kind, _) in stack.resources.items() if kind.endswith("Ingress")}
        into = stack.properties("IntoDatabase")

        assert list(kinds) == ["IntoDatabase"]
        assert (into["GroupId"], into["SourceSecurityGroupId"]) == (DATABASE, "<SecurityGroup>")
        assert cfnlint.decode.decode(str(TEMPLATE))[0]["Resources"]["Service"]["DependsOn"] == "IntoDatabase"

    @pytest.mark.parametrize("name", POLICIES)
    def test_the_program_has_the_policies_of_deploy_iam(self, stack, name):
        assert stack.policies("TaskRole")[name] == statements(name)

    def test_without_the_digest_and_a_key_it_may_do_less(self, stack, smaller_stack):
        assert set(stack.policies("TaskRole")) == set(POLICIES)
        assert set(smaller_stack.policies("TaskRole")) == {"read"}
        assert set(smaller_stack.policies("ExecutionRole")) == {"start"}

    def test_who_starts_it_may_read_that_one_secret(self, stack):
        given = [statement for policy in stack.policies("ExecutionRole").values() for statement in policy]
        by_sid = {statement["Sid"]: statement["Resource"] for statement in given}

        assert by_sid["ReadSecret"] == SECRET
        assert [sid for sid, resource in by_sid.items() if resource == "*"] == ["SignInToEcr"]
        # The log's ARN is not known before there is one.
        text = json.dumps({"Version": "2012-10-17", "Statement": given}).replace("<Log.Arn>", LOG)
        assert [str(finding) for finding in parliament.analyze_policy_string(text).findings] == []

    @pytest.mark.parametrize("role", ["TaskRole", "ExecutionRole"])
    def test_tasks_of_this_account_alone_take_the_roles(self, stack, role):
        (trust,) = stack.properties(role)["AssumeRolePolicyDocument"]["Statement"]

        assert trust["Principal"] == {"Service": "ecs-tasks.amazonaws.com"}
        assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": VALUES["MANAGEMENT_ACCOUNT_ID"]}

    def test_secrets_are_references_alone(self, stack, smaller_stack):
        for one, more in ((stack, ["AZURE_CLIENT_SECRET"]), (smaller_stack, [])):
            bot = one.containers()["sso-why"]
            assert [secret["Name"] for secret in bot["Secrets"]] == [
                "SLACK_BOT_TOKEN",
                "SLACK_APP_TOKEN",
                "DATABASE_URL",
                *more,
            ]
            assert [variable["Name"] for variable in bot["Environment"]] == ["SSO_WHY_CONFIG_TOML"]
            for secret in bot["Secrets"]:
                assert secret["ValueFrom"] == f"{SECRET}:{secret['Name']}::"

    def test_an_update_leaves_somebody_and_stays_within_slacks_connections(self, stack, smaller_stack):
        for one in (stack, smaller_stack):
            service = one.properties("Service")
            replicas, update = int(service["DesiredCount"]), service["DeploymentConfiguration"]
            # ECS rounds the least up and the most down.
            least = math.ceil(replicas * update["MinimumHealthyPercent"] / 100)
            most = replicas * update["MaximumPercent"] // 100
            assert 1 <= least < most or least < replicas == most
            assert most * CONNECTIONS_OF_EACH <= CONNECTIONS_OF_AN_APP

    def test_the_containers_are_locked_down(self, stack):
        for container in stack.containers().values():
            assert container["ReadonlyRootFilesystem"] is True
            assert container["LinuxParameters"] == {"Capabilities": {"Drop": ["ALL"]}}
        assert stack.containers()["sso-why"]["User"] == "10001:10001"

    def test_the_program_understands_the_configuration_that_it_gets(self, stack, smaller_stack, okta_stack, program):
        first, second, third = (understood(program, configuration(one)) for one in (stack, smaller_stack, okta_stack))

        assert first["server"]["mode"] == "socket"
        assert first["digest"] == {"schedule": "0 9 * * 1-5", "time_zone": "UTC"}
        assert first["entra"] == {"tenant_id": "tenant", "client_id": "app-registration"}
        assert second["digest"]["schedule"] == "off"
        assert not {"entra", "okta"} & set(second)
        assert third["okta"] == {"org_url": "https://example.okta.com", "client_id": "0oaBot", "app_id": "0oaAws"}
        assert third["digest"] == {"schedule": "30 7 * * *", "time_zone": "Europe/London"}
        assert (third["actions"]["force_sync"], third["slack"]["look_up_others"]) == (True, "everyone")

    def test_the_program_reads_it_where_it_stands(self, stack, program):
        (one,) = stack.containers()["sso-why"]["Environment"]

        def healthcheck(text):
            # Port 9 is discard's: nothing listens there.
            return program.run("healthcheck", SSO_WHY_LISTEN="127.0.0.1:9", **{one["Name"]: text}).stderr

        assert "nothing answers" in healthcheck(one["Value"])
        assert "SSO_WHY_CONFIG_TOML, line" in healthcheck(one["Value"].replace("time_zone", "time_zome"))

    def test_nothing_is_lost_with_a_task(self, stack):
        """The store is PostgreSQL, and a task has no volume of its own to lose."""
        task = stack.properties("Task")

        assert "DATABASE_URL" in [secret["Name"] for secret in stack.containers()["sso-why"]["Secrets"]]
        assert "Volumes" not in task and "EphemeralStorage" not in task

    def test_the_readme_gives_every_parameter_that_has_no_default(self):
        (command,) = re.findall(r"--parameter-overrides ((?:.*\\\n)*.*)\n", README.read_text(encoding="utf-8"))
        given = set(re.findall(r"(\w+)=", command))
        parameters, _ = cfnlint.decode.decode(str(TEMPLATE))
        needed = {name for name, one in parameters["Parameters"].items() if "Default" not in one}

        assert needed <= given <= set(parameters["Parameters"])


def linted(file):
    """cfn-lint's exit status, and what it says of errors and warnings."""
    return judged_by("cfn-lint", "--", file)


@pytest.fixture(scope="module")
def stack():
    return built(
        IdentityCenterKey=KEY,
        SecretKey=KEY,
        IdentityProvider="entra",
        EntraTenantId="tenant",
        EntraClientId="app-registration",
    )


@pytest.fixture(scope="module")
def smaller_stack():
    return built(Digest="no", Replicas="1")


@pytest.fixture(scope="module")
def okta_stack():
    return built(
        IdentityProvider="okta",
        OktaOrgUrl="https://example.okta.com",
        OktaClientId="0oaBot",
        OktaAppId="0oaAws",
        ForceSync="true",
        LookUpOthers="everyone",
        Schedule="30 7 * * *",
        TimeZone="Europe/London",
    )


def built(**parameters):
    return Stack(
        TEMPLATE,
        ImageTag="0.1.0",
        Secret=SECRET,
        Vpc="vpc-1",
        Subnets="subnet-1",
        DatabaseSecurityGroup=DATABASE,
        HelpdeskChannel="C0HELPDESK",
        AdminChannel="C0ADMINS",
        Region=REGION,
        InstanceId=VALUES["INSTANCE_ID"],
        IdentityStoreId=VALUES["IDENTITY_STORE_ID"],
        ManagementAccountId=VALUES["MANAGEMENT_ACCOUNT_ID"],
        **parameters,
    )


def configuration(stack):
    (written,) = stack.containers()["sso-why"]["Environment"]
    return written["Value"]
