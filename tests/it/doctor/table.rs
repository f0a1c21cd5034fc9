//! The doctor's table in a terminal of 80 columns: every name in one piece, and what could not be tried for one reason
//! told once.

use insta::assert_snapshot;
use sso_why::checkup::needs::IAM_ACTIONS;
use sso_why::checkup::{Because, Checkup, Outcome};
use sso_why::doctor::without_configuration;
use sso_why::sandbox::faults::Fault;

use super::{below, looked_at, reading, told};
use crate::harness::World;

/// The table alone. All of it fits 80 columns, and no name is cut.
fn table(checkup: &Checkup) -> String {
    let told = told(checkup);
    for check in &checkup.checks {
        let Outcome::Skipped(Because::Of(first)) = &check.outcome else {
            assert!(told.contains(&check.id.name()), "{told}");
            continue;
        };
        assert!(told.contains(&first.name()), "{told}");
    }
    told.trim_start_matches('\n').split_once("\n\n").map(|(table, _)| table.to_owned()).unwrap_or_default()
}

#[tokio::test]
async fn all_is_well() {
    let checkup = looked_at(&reading("company").await.installation()).await;
    assert!(checkup.is_well());
    let told = told(&checkup);
    assert_snapshot!(told, @"

    ok  config                                           read from sso-why.toml
    ok  store                                            writable, schema 4
    ok  slack.token                                      sso-why in Example Ltd
    ok  slack.scope:app_mentions:read                    granted
    ok  slack.scope:channels:history                     granted
    ok  slack.scope:channels:read                        granted
    ok  slack.scope:chat:write                           granted
    ok  slack.scope:commands                             granted
    ok  slack.scope:groups:history                       granted
    ok  slack.scope:groups:read                          granted
    ok  slack.scope:im:history                           granted
    ok  slack.scope:im:write                             granted
    ok  slack.scope:usergroups:read                      granted
    ok  slack.scope:users:read                           granted
    ok  slack.scope:users:read.email                     granted
    ok  slack.channel:C0HELPDESK                         in #help-desk
    ok  slack.channel:C0ADMINS                           in #aws-admins
    ok  aws.identity                                     999988887777,
                                                         sso-why/sandbox
    ok  aws.region                                       us-east-1, primary
    ok  aws.sso:ListInstances                            allowed
    ok  aws.organizations:ListAccounts                   allowed
    ok  aws.organizations:DescribeAccount                allowed
    ok  aws.identitystore:GetUserId                      allowed
    ok  aws.identitystore:DescribeUser                   allowed
    ok  aws.identitystore:ListGroupMembershipsForMember  allowed
    ok  aws.identitystore:DescribeGroup                  allowed
    ok  aws.identitystore:ListGroups                     allowed
    ok  aws.identitystore:ListGroupMemberships           allowed
    ok  aws.sso:ListPermissionSetsProvisionedToAccount   allowed
    ok  aws.sso:ListAccountAssignments                   allowed
    ok  aws.sso:ListAccountAssignmentsForPrincipal       allowed
    ok  aws.sso:DescribePermissionSet                    allowed
    ok  aws.sso:ListAccountAssignmentCreationStatus      allowed
    ok  aws.sso:DescribeAccountAssignmentCreationStatus  allowed
    ok  aws.sso:ListApplications                         allowed
    ok  aws.identitystore:GetGroupId                     allowed
    ok  aws.sso:ListAccountAssignmentDeletionStatus      allowed
    ok  aws.sso:DescribeAccountAssignmentDeletionStatus  allowed
    ok  entra.token                                      taken
    ok  entra.User.Read.All                              allowed
    ok  entra.GroupMember.Read.All                       allowed
    ok  entra.Application.Read.All                       allowed
    ok  entra.Synchronization.Read.All                   allowed
    ok  entra.AuditLog.Read.All                          allowed
    ok  entra.PrivilegedEligibilitySchedule.Read.AzureADGroup
            allowed
    ok  entra.sync_job                                   AWS IAM Identity Center:
                                                         runs
    ok  clock                                            in step with Slack

    Note   That Slack's requests arrive only Slack can prove: start the bot and
           say /sso-why help in Slack. Where no answer comes, look at the bot's
           log. If it says that a signature does not fit, SLACK_SIGNING_SECRET is
           another app's; if it says nothing, the URLs in the app's manifest do
           not lead to the bot, or the app has Socket Mode on.

    All 47 checks are well.
    ");
}

#[tokio::test]
async fn the_readme_shows_what_is_printed() {
    let readme = include_str!("../../../README.md");
    let world = reading("company").await;
    let well = told(&looked_at(&world.installation()).await);
    assert!(readme.contains(well.trim_start()), "{well}");
    world.sandbox.rights.take_away("sso:ListAccountAssignments");
    let wrong = below(&looked_at(&world.installation()).await);
    let failure = wrong.split("\n\n").next().expect("a failure");
    assert!(readme.contains(failure), "{wrong}");
}

#[tokio::test]
async fn all_is_well_with_okta_in_socket_mode() {
    let world = World::of("okta").await;
    assert_snapshot!(table(&looked_at(&world.installation()).await), @"
    ok  config                                           read from sso-why.toml
    ok  store                                            writable, schema 4
    ok  slack.token                                      sso-why in Example Ltd
    ok  slack.scope:app_mentions:read                    granted
    ok  slack.scope:channels:history                     granted
    ok  slack.scope:channels:read                        granted
    ok  slack.scope:chat:write                           granted
    ok  slack.scope:commands                             granted
    ok  slack.scope:groups:history                       granted
    ok  slack.scope:groups:read                          granted
    ok  slack.scope:im:history                           granted
    ok  slack.scope:im:write                             granted
    ok  slack.scope:usergroups:read                      granted
    ok  slack.scope:users:read                           granted
    ok  slack.scope:users:read.email                     granted
    ok  slack.channel:C0HELPDESK                         in #help-desk
    ok  slack.channel:C0ADMINS                           in #aws-admins
    ok  aws.identity                                     999988887777,
                                                         sso-why/sandbox
    ok  aws.region                                       us-east-1, primary
    ok  aws.sso:ListInstances                            allowed
    ok  aws.organizations:ListAccounts                   allowed
    ok  aws.organizations:DescribeAccount                allowed
    ok  aws.identitystore:GetUserId                      allowed
    ok  aws.identitystore:DescribeUser                   allowed
    ok  aws.identitystore:ListGroupMembershipsForMember  allowed
    ok  aws.identitystore:DescribeGroup                  allowed
    ok  aws.identitystore:ListGroups                     allowed
    ok  aws.identitystore:ListGroupMemberships           allowed
    ok  aws.sso:ListPermissionSetsProvisionedToAccount   allowed
    ok  aws.sso:ListAccountAssignments                   allowed
    ok  aws.sso:ListAccountAssignmentsForPrincipal       allowed
    ok  aws.sso:DescribePermissionSet                    allowed
    ok  aws.sso:ListAccountAssignmentCreationStatus      allowed
    ok  aws.sso:DescribeAccountAssignmentCreationStatus  allowed
    ok  aws.sso:ListApplications                         allowed
    ok  aws.identitystore:GetGroupId                     allowed
    ok  aws.sso:ListAccountAssignmentDeletionStatus      allowed
    ok  aws.sso:DescribeAccountAssignmentDeletionStatus  allowed
    ok  okta.token                                       taken
    ok  okta.okta.users.read                             allowed
    ok  okta.okta.groups.read                            allowed
    ok  okta.okta.apps.read                              allowed
    ok  okta.okta.logs.read                              allowed
    ok  okta.app                                         AWS IAM Identity Center:
                                                         runs
    ok  clock                                            in step with Slack
    ");
}

#[test]
fn nothing_is_configured() {
    let wrong =
        "the environment lacks SLACK_BOT_TOKEN; set SLACK_BOT_TOKEN or SLACK_BOT_TOKEN_FILE".to_owned();
    assert_snapshot!(table(&without_configuration(wrong, None)), @"
    FAILED   config                     the environment lacks SLACK_BOT_TOKEN
    skipped  store                      not tried: config first
    skipped  slack.token                not tried: config first
    skipped  slack.scope:* (12 scopes)  not tried: config first
    skipped  aws.identity               not tried: config first
    skipped  aws.region                 not tried: config first
    skipped  aws.* (15 actions)         not tried: config first
    skipped  clock                      not tried: config first
    ");
}

#[tokio::test]
async fn aws_does_not_take_the_credentials() {
    let world = World::of("no-idp").await;
    world.sandbox.faults.set("sts:GetCallerIdentity", Fault::Forbidden);
    world.sandbox.faults.set("sso:*", Fault::Forbidden);
    assert_snapshot!(table(&looked_at(&world.installation()).await), @"
    ok       config                             read from sso-why.toml
    ok       store                              writable, schema 4
    ok       slack.token                        sso-why in Example Ltd
    ok       slack.scope:app_mentions:read      granted
    ok       slack.scope:channels:history       granted
    ok       slack.scope:channels:read          granted
    ok       slack.scope:chat:write             granted
    ok       slack.scope:commands               granted
    ok       slack.scope:groups:history         granted
    ok       slack.scope:groups:read            granted
    ok       slack.scope:im:history             granted
    ok       slack.scope:im:write               granted
    ok       slack.scope:usergroups:read        granted
    ok       slack.scope:users:read             granted
    ok       slack.scope:users:read.email       granted
    ok       slack.channel:C0HELPDESK           in #help-desk
    ok       slack.channel:C0ADMINS             in #aws-admins
    FAILED   aws.identity                       not taken
    skipped  aws.region                         not tried: aws.sso:ListInstances
                                                first
    FAILED   aws.sso:ListInstances              refused
    ok       aws.organizations:ListAccounts     allowed
    ok       aws.organizations:DescribeAccount  allowed
    skipped  aws.* (12 actions)                 not tried: aws.sso:ListInstances
                                                first
    ok       clock                              in step with Slack
    ");
}

#[tokio::test]
async fn aws_refuses_every_action() {
    let world = World::of("company").await;
    IAM_ACTIONS.iter().for_each(|action| world.sandbox.rights.take_away(action));
    assert_snapshot!(table(&looked_at(&world.installation()).await), @"
    ok       config                             read from sso-why.toml
    ok       store                              writable, schema 4
    ok       slack.token                        sso-why in Example Ltd
    ok       slack.scope:app_mentions:read      granted
    ok       slack.scope:channels:history       granted
    ok       slack.scope:channels:read          granted
    ok       slack.scope:chat:write             granted
    ok       slack.scope:commands               granted
    ok       slack.scope:groups:history         granted
    ok       slack.scope:groups:read            granted
    ok       slack.scope:im:history             granted
    ok       slack.scope:im:write               granted
    ok       slack.scope:usergroups:read        granted
    ok       slack.scope:users:read             granted
    ok       slack.scope:users:read.email       granted
    ok       slack.channel:C0HELPDESK           in #help-desk
    ok       slack.channel:C0ADMINS             in #aws-admins
    ok       aws.identity                       999988887777, sso-why/sandbox
    skipped  aws.region                         not tried: aws.sso:ListInstances
                                                first
    FAILED   aws.sso:ListInstances              refused
    FAILED   aws.organizations:ListAccounts     refused
    FAILED   aws.organizations:DescribeAccount  refused
    skipped  aws.* (12 actions)                 not tried: aws.sso:ListInstances
                                                first
    ok       entra.token                        taken
    ok       entra.User.Read.All                allowed
    ok       entra.GroupMember.Read.All         allowed
    ok       entra.Application.Read.All         allowed
    ok       entra.Synchronization.Read.All     allowed
    ok       entra.AuditLog.Read.All            allowed
    ok       entra.PrivilegedEligibilitySchedule.Read.AzureADGroup
                 allowed
    ok       entra.sync_job                     AWS IAM Identity Center: runs
    ok       clock                              in step with Slack
    ");
}

#[tokio::test]
async fn everything_hangs() {
    let world = World::impatient("company").await;
    for service in ["sso:*", "identitystore:*", "organizations:*", "sts:*", "graph:*", "slack:*"] {
        world.sandbox.faults.set(service, Fault::Hanging);
    }
    assert_snapshot!(table(&looked_at(&world.installation()).await), @"
    ok       config                             read from sso-why.toml
    ok       store                              writable, schema 4
    FAILED   slack.token                        no answer in time
    skipped  slack.scope:* (12 scopes)          not tried: slack.token first
    skipped  slack.channel:* (2 channels)       not tried: slack.token first
    FAILED   aws.identity                       no answer in time
    skipped  aws.region                         not tried: aws.sso:ListInstances
                                                first
    FAILED   aws.sso:ListInstances              no answer in time
    FAILED   aws.organizations:ListAccounts     no answer in time
    FAILED   aws.organizations:DescribeAccount  no answer in time
    skipped  aws.* (12 actions)                 not tried: aws.sso:ListInstances
                                                first
    ok       entra.token                        taken
    FAILED   entra.User.Read.All                no answer in time
    FAILED   entra.GroupMember.Read.All         no answer in time
    FAILED   entra.Application.Read.All         no answer in time
    skipped  entra.Synchronization.Read.All     not tried:
                                                entra.Application.Read.All first
    FAILED   entra.AuditLog.Read.All            no answer in time
    FAILED   entra.PrivilegedEligibilitySchedule.Read.AzureADGroup
                 no answer in time
    skipped  entra.sync_job                     not tried:
                                                entra.Application.Read.All first
    skipped  clock                              not tried: slack.token first
    ");
}
