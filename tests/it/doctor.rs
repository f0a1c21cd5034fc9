//! The doctor: an installation that is well, and each thing that can be wrong with one.

use std::collections::{BTreeMap, BTreeSet};
use std::future::IntoFuture as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use aws_config::Region;
use insta::assert_snapshot;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use sso_why::checkup::needs::{
    GRAPH_PERMISSIONS, GRAPH_PERMISSIONS_TO_FORCE, IAM_ACTIONS, OKTA_SCOPES, OKTA_SCOPES_TO_FORCE,
};
use sso_why::checkup::{Because, Checkup, Known, Outcome};
use sso_why::doctor::{Installation, examine, without_configuration};
use sso_why::gather::IdpSource;
use sso_why::sandbox::Sandbox;
use sso_why::sandbox::faults::Fault;
use sso_why::sandbox::graph::GRAPH_TOKEN;
use sso_why::sandbox::okta::OKTA_TOKEN;
use sso_why::sandbox::okta::key::private_key_pem;
use sso_why::sandbox::scenario::Scenario;
use sso_why::sandbox::slack::{BOT_TOKEN, SIGNING_SECRET};
use sso_why::sources::entra::credential::EntraCredential;
use sso_why::sources::entra::{self, Entra};
use sso_why::sources::okta::Okta;
use sso_why::sources::okta::credential::{Credential, Scopes};
use sso_why::words::checkup::remedy::statement;
use sso_why::words::{json_v1, terminal};
use tokio::net::TcpListener;

use crate::harness::{World, a_few_at_a_time, in_time};

async fn looked_at(installation: &Installation) -> Checkup {
    in_time(examine(installation)).await
}

/// What the terminal prints.
fn told(checkup: &Checkup) -> String {
    terminal::doctor::checkup(checkup, false)
}

/// What the terminal prints below the table.
fn below(checkup: &Checkup) -> String {
    let told = told(checkup);
    told.trim_start().split_once("\n\n").map(|(_, below)| below.to_owned()).unwrap_or_default()
}

fn failed(checkup: &Checkup) -> Vec<String> {
    let failed = checkup.checks.iter().filter(|check| matches!(check.outcome, Outcome::Failed(_)));
    failed.map(|check| check.id.name()).collect()
}

/// Exactly this is wrong: every other check is well, or could not be tried because of it.
fn assert_names(checkup: &Checkup, wrong: &str) {
    assert_eq!(failed(checkup), [wrong], "{}", told(checkup));
    for check in &checkup.checks {
        let Outcome::Skipped(because) = &check.outcome else { continue };
        let Because::Of(id) = because else { panic!("{wrong}: {check:?}") };
        let why = checkup.checks.iter().find(|check| check.id == *id).expect("it is checked");
        assert!(!why.outcome.is_ok(), "{wrong}: {check:?}");
    }
}

/// A company where "Sync now" is not allowed, and so not wanted.
async fn reading(scenario: &str) -> World {
    let world = World::of(scenario).await;
    let to_force = GRAPH_PERMISSIONS_TO_FORCE.into_iter().chain(OKTA_SCOPES_TO_FORCE);
    to_force.for_each(|right| world.sandbox.rights.take_away(right));
    world
}

/// The company's bot signs in to Okta with its key.
fn with_key(world: &World) -> Installation {
    let client_id = world.sandbox.company().idp.as_ref().expect("is connected").client_id.clone();
    let pem = private_key_pem().expect("a key").into();
    let installation = world.installation();
    let key = Credential::private_key(client_id, &pem, Scopes::Reading, installation.clock.clone());
    let url = world.sandbox.workspace().sandbox_url.clone();
    let okta = Okta::new(&url, None, key.expect("is a key"), installation.patience).expect("a client");
    Installation { idp: Some(Ok(IdpSource::Okta(Arc::new(okta)))), ..installation }
}

async fn each_right_in_turn(
    world: &World,
    rights: &[&str],
    check: impl Fn(&str) -> String,
    installation: impl Fn(&World) -> Installation,
) {
    for right in rights {
        world.sandbox.rights.take_away(right);
        assert_names(&looked_at(&installation(world)).await, &check(right));
        world.sandbox.rights.give_back(right);
    }
    assert!(looked_at(&installation(world)).await.is_well());
}

#[tokio::test]
async fn where_there_is_no_digest_nothing_that_it_alone_needs_is_missed() {
    let world = reading("no-idp").await;
    for action in ["identitystore:ListGroups", "identitystore:ListGroupMemberships"] {
        world.sandbox.rights.take_away(action);
    }
    let mut installation = world.installation();
    assert!(!looked_at(&installation).await.is_well());
    installation.config.digest.schedule = None;
    let checkup = looked_at(&installation).await;
    assert!(checkup.is_well());
    let skipped = checkup.checks.iter().filter(|check| check.outcome == Outcome::Skipped(Because::NoDigest));
    assert_eq!(skipped.count(), 2);
}

#[tokio::test]
async fn all_is_well() {
    let checkup = looked_at(&reading("company").await.installation()).await;
    assert!(checkup.is_well());
    let told = told(&checkup);
    assert!(told.lines().all(|line| line.chars().count() <= 80), "{told}");
    assert_snapshot!(told, @"

    ok  config                                           read from sso-why.toml
    ok  store                                            writable, schema 3
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
    ok  entra.token                                      taken
    ok  entra.User.Read.All                              allowed
    ok  entra.GroupMember.Read.All                       allowed
    ok  entra.Application.Read.All                       allowed
    ok  entra.Synchronization.Read.All                   allowed
    ok  entra.AuditLog.Read.All                          allowed
    ok  entra.sync_job                                   AWS IAM Identity Center:
                                                         runs
    ok  clock                                            in step with Slack

    Note   That Slack's requests arrive only Slack can prove: start the bot and
           say /sso-why help in Slack. Where no answer comes, look at the bot's
           log. If it says that a signature does not fit, SLACK_SIGNING_SECRET is
           another app's; if it says nothing, the URLs in the app's manifest do
           not lead to the bot, or the app has Socket Mode on.

    All 42 checks are well.
    ");
}

#[tokio::test]
async fn each_iam_action_that_is_missing_is_named_and_no_other() {
    let scenarios = ["no-idp", "company", "okta"].map(|scenario| async move {
        let world = reading(scenario).await;
        let id = |action: &str| format!("aws.{action}");
        each_right_in_turn(&world, &IAM_ACTIONS, id, World::installation).await;
    });
    a_few_at_a_time(scenarios.into_iter()).await;
}

#[tokio::test]
async fn each_permission_of_graph_that_is_missing_is_named_and_no_other() {
    let id = |permission: &str| format!("entra.{permission}");
    each_right_in_turn(&reading("company").await, &GRAPH_PERMISSIONS, id, World::installation).await;
    let world = World::of_with("company", |config| config.actions.force_sync = true).await;
    each_right_in_turn(&world, &GRAPH_PERMISSIONS_TO_FORCE, id, World::installation).await;
    assert_eq!(world.sandbox.calls.counts().get("graph:synchronization/start"), None);
}

#[tokio::test]
async fn each_scope_of_okta_that_is_missing_is_named_and_no_other() {
    let id = |scope: &str| format!("okta.{scope}");
    let world = reading("okta").await;
    each_right_in_turn(&world, &OKTA_SCOPES, id, World::installation).await;
    each_right_in_turn(&world, &OKTA_SCOPES, id, with_key).await;
    let world = World::of_with("okta", |config| config.actions.force_sync = true).await;
    each_right_in_turn(&world, &OKTA_SCOPES_TO_FORCE, id, with_key).await;
}

#[tokio::test]
async fn each_scope_of_slack_that_is_missing_is_named_and_no_other() {
    let world = reading("no-idp").await;
    let scopes = world.sandbox.workspace().app.scopes.clone();
    for scope in scopes {
        world.sandbox.workspace().app.scopes.remove(&scope);
        assert_names(&looked_at(&world.installation()).await, &format!("slack.scope:{scope}"));
        world.sandbox.workspace().app.scopes.insert(scope);
    }
}

#[tokio::test]
async fn the_line_to_add_is_told() {
    let world = reading("company").await;
    for right in ["sso:ListAccountAssignments", "identitystore:ListGroups", "User.Read.All"] {
        world.sandbox.rights.take_away(right);
    }
    world.sandbox.workspace().app.scopes.remove("im:write");
    assert_snapshot!(below(&looked_at(&world.installation()).await), @r#"
    FAILED   slack.scope:im:write: not granted
             Nobody can be written to directly: no word when it is fixed, no
             answer to a ticket.
             Add to oauth_config.scopes.bot of the app's manifest, then install
             the app again:
             "im:write"

    FAILED   aws.identitystore:ListGroups: refused (AccessDeniedException)
             There is no digest of duplicate groups.
             Add to the bot's IAM policy:
             {"Effect": "Allow", "Action": "identitystore:ListGroups", "Resource":
             ["arn:aws:identitystore::999988887777:identitystore/d-9067f0aa11",
             "arn:aws:identitystore:::group/*",
             "arn:aws:identitystore:::membership/*"]}

    FAILED   aws.sso:ListAccountAssignments: refused (AccessDeniedException)
             Whether a group has access to an account cannot be told.
             Add to the bot's IAM policy:
             {"Effect": "Allow", "Action": "sso:ListAccountAssignments",
             "Resource": ["arn:aws:sso:::instance/ssoins-55f5d59720096a10",
             "arn:aws:sso:::permissionSet/ssoins-55f5d59720096a10/*",
             "arn:aws:sso:::account/*"]}

    FAILED   entra.User.Read.All: refused (Authorization_RequestDenied)
             Whether a person is there and enabled, and who owns a group, cannot
             be told.
             Add to the app's API permissions: Microsoft Graph, application
             permission, with admin consent:
             User.Read.All

    4 of 42 checks failed.
    "#);
    let okta = reading("okta").await;
    okta.sandbox.rights.take_away("okta.logs.read");
    assert_snapshot!(below(&looked_at(&with_key(&okta)).await), @"
    FAILED   okta.okta.logs.read: refused (invalid_scope)
             When a person was added, and what went wrong on the way, cannot be
             told.
             Add to the app's Okta API Scopes; with an API token, give its
             administrator the right:
             okta.logs.read

    1 of 41 checks failed.
    ");
}

#[tokio::test]
async fn an_error_is_told_as_an_error_and_never_as_a_missing_right() {
    let operations =
        ["sso:ListInstances", "identitystore:ListGroups", "graph:users", "graph:auditLogs/provisioning"];
    for operation in operations {
        for (fault, words) in [
            (Fault::Hanging, "no answer in time"),
            (Fault::Throttled { retry_after: 60 }, "too many calls"),
            (Fault::Html500, "no usable answer"),
        ] {
            let world = World::impatient("company").await;
            world.sandbox.faults.set(operation, fault);
            let checkup = looked_at(&world.installation()).await;
            let below = below(&checkup);
            assert_eq!(failed(&checkup).len(), 1, "{operation}: {below}");
            assert!(below.contains(words), "{below}");
            assert!(!below.contains("refused") && !below.contains("Add "), "{below}");
        }
    }
}

#[tokio::test]
async fn a_slack_that_hangs_is_told_as_a_timeout() {
    let world = World::impatient("no-idp").await;
    world.sandbox.faults.set("slack:*", Fault::Hanging);
    let checkup = looked_at(&world.installation()).await;
    assert_eq!(failed(&checkup), ["slack.token"]);
    assert_snapshot!(below(&checkup), @"
    FAILED   slack.token: no answer in time (slack:auth.test)
             The bot cannot answer anybody in Slack.
             Mend: try again, and look at the network between this machine and
             Slack; this says nothing about what is allowed

    1 of 35 checks failed, 15 could not be tried.
    ");
}

#[tokio::test]
async fn a_token_that_was_revoked_is_what_is_wrong() {
    let world = reading("no-idp").await;
    let revoked = Some("xoxb-revoked-and-secret".into());
    let checkup = looked_at(&Installation { slack_bot_token: revoked, ..world.installation() }).await;
    assert_names(&checkup, "slack.token");
    assert!(!told(&checkup).contains("secret"));
    assert_snapshot!(below(&checkup), @r#"
    FAILED   slack.token: not taken (invalid_auth)
             The bot cannot answer anybody in Slack.
             Mend: set SLACK_BOT_TOKEN to the app's "Bot User OAuth Token"

    1 of 35 checks failed, 14 could not be tried.
    "#);
}

#[tokio::test]
async fn in_socket_mode_the_app_token_is_tried_as_well() {
    let world = World::by_socket().await;
    let lines = |checkup: &Checkup| {
        told(checkup).lines().filter(|line| line.contains("token")).map(str::to_owned).collect::<Vec<_>>()
    };
    let open = world.sandbox.sockets.ever_greeted();
    let well = looked_at(&world.installation()).await;
    assert!(failed(&well).is_empty(), "{}", told(&well));
    assert!(lines(&well)[1].contains("slack.app_token"), "{}", told(&well));
    assert_eq!(world.sandbox.sockets.ever_greeted(), open, "nobody connected");

    let refused = Some("xapp-revoked-and-secret".into());
    let checkup = looked_at(&Installation { slack_app_token: refused, ..world.installation() }).await;
    assert_names(&checkup, "slack.app_token");
    assert!(!told(&checkup).contains("secret"));
    assert_snapshot!(below(&checkup), @"
    FAILED   slack.app_token: not taken (invalid_auth)
             The bot cannot connect to Slack, and hears of no question.
             Mend: set SLACK_APP_TOKEN to an app-level token with the scope
             connections:write, and switch Socket Mode on in the app's settings

    1 of 36 checks failed.
    ");

    world.sandbox.faults.set("slack:apps.connections.open", Fault::Html500);
    let away = looked_at(&world.installation()).await;
    assert_names(&away, "slack.app_token");
    assert!(below(&away).contains("no usable answer"), "{}", below(&away));
}

#[tokio::test]
async fn credentials_that_aws_does_not_take_are_what_is_wrong() {
    let world = reading("no-idp").await;
    world.sandbox.faults.set("sts:GetCallerIdentity", Fault::Forbidden);
    let checkup = looked_at(&world.installation()).await;
    assert_eq!(failed(&checkup), ["aws.identity"]);
    assert!(below(&checkup).contains("not taken (InvalidClientTokenId)"), "{}", below(&checkup));
}

#[tokio::test]
async fn a_wrong_region_is_told_with_the_right_one() {
    let world = reading("no-idp").await;
    let installation = world.installation();
    let aws = installation.aws.to_builder().region(Region::new("eu-central-1")).build();
    let checkup = looked_at(&Installation { aws, ..installation }).await;
    assert_names(&checkup, "aws.region");
    assert_snapshot!(below(&checkup), @r#"
    FAILED   aws.region: eu-central-1, and Identity Center lives in us-east-1
             AWS has no assignments to show there, so that no question can be
             answered.
             Add to [aws] of sso-why.toml:
             region = "us-east-1"

    1 of 35 checks failed, 12 could not be tried.
    "#);
}

#[tokio::test]
async fn a_delegated_administrator_is_told_its_limits() {
    let world = reading("no-idp").await;
    world.sandbox.rights.work_in("111122223333");
    let checkup = looked_at(&world.installation()).await;
    assert!(checkup.is_well());
    assert_snapshot!(below(&checkup), @"
    Note   aws.sso:ListAccountAssignmentsForPrincipal: AWS answers this in the
           management account alone, not in a delegated administrator's. The bot
           does without it, and does not see an assignment whose permission set is
           not on the account, nor how many accounts a group opens.

    Note   That Slack's requests arrive only Slack can prove: start the bot and
           say /sso-why help in Slack. Where no answer comes, look at the bot's
           log. If it says that a signature does not fit, SLACK_SIGNING_SECRET is
           another app's; if it says nothing, the URLs in the app's manifest do
           not lead to the bot, or the app has Socket Mode on.

    Nothing is wrong: 34 of 35 checks are well, 1 could not be tried.
    ");
}

#[tokio::test]
async fn a_channel_without_the_bot_is_named() {
    let world = reading("no-idp").await;
    let bot = world.sandbox.workspace().bot_user_id.clone();
    world.sandbox.workspace().leave(&bot, "C0ADMINS");
    let checkup = looked_at(&world.installation()).await;
    assert_names(&checkup, "slack.channel:C0ADMINS");
    assert_snapshot!(below(&checkup), @"
    FAILED   slack.channel:C0ADMINS: the bot is not in #aws-admins
             Nothing can be posted there: no ticket, no digest, no notice of an
             outage.
             Say in #aws-admins:
             /invite @sso-why

    1 of 35 checks failed.
    ");
    let mut installation = world.installation();
    installation.config.slack.helpdesk_channel = Some("C0NOWHERE".to_owned());
    installation.config.slack.admin_channel = None;
    assert_names(&looked_at(&installation).await, "slack.channel:C0NOWHERE");
}

#[tokio::test]
async fn an_application_that_is_not_there_is_told() {
    let entra = reading("company").await;
    entra.sandbox.company().idp.as_mut().expect("is connected").application.name = "Payroll".to_owned();
    let checkup = looked_at(&entra.installation()).await;
    assert_names(&checkup, "entra.sync_job");
    assert_snapshot!(below(&checkup), @r#"
    FAILED   entra.sync_job: the application for AWS is not found
             Whether a change is on its way, and when it is due, cannot be told.
             Add to [entra] of sso-why.toml: the object id of the enterprise
             application for AWS:
             service_principal_id = "…"

    1 of 42 checks failed, 1 could not be tried.
    "#);
    let okta = reading("okta").await;
    let installation = okta.installation();
    let url = okta.sandbox.workspace().sandbox_url.clone();
    let token = Credential::api_token(OKTA_TOKEN.into());
    let client = Okta::new(&url, Some("0oaElsewhere".to_owned()), token, installation.patience);
    let idp = Some(Ok(IdpSource::Okta(Arc::new(client.expect("a client")))));
    assert_names(&looked_at(&Installation { idp, ..installation }).await, "okta.app");
}

#[tokio::test]
async fn an_application_that_is_configured_by_a_wrong_id_is_told() {
    let world = reading("company").await;
    let mut installation = world.installation();
    let id = "00000000-0000-4000-8000-00000000dead".to_owned();
    let settings = entra::Settings {
        graph_url: format!("{}/v1.0", world.sandbox.workspace().sandbox_url),
        service_principal_id: Some(id.clone()),
    };
    let token = EntraCredential::AccessToken(GRAPH_TOKEN.into());
    let client = Entra::new(settings, token, installation.patience).expect("a client");
    installation.idp = Some(Ok(IdpSource::Entra(Arc::new(client))));
    let configured = installation.config.entra.as_mut().expect("is configured");
    configured.service_principal_id = Some(id);
    assert_names(&looked_at(&installation).await, "entra.sync_job");
}

#[tokio::test]
async fn a_synchronization_that_is_stopped_is_found_all_the_same() {
    let checkup = looked_at(&reading("quarantine").await.installation()).await;
    assert!(checkup.is_well());
    assert!(told(&checkup).contains("in quarantine"), "{}", told(&checkup));
}

#[tokio::test]
async fn a_clock_that_is_off_is_told() {
    let world = reading("no-idp").await;
    let installation = world.installation();
    let right = installation.clock.clone();
    let clock = Arc::new(move || -> Timestamp { right() + SignedDuration::from_mins(7) });
    let checkup = looked_at(&Installation { clock, ..installation }).await;
    assert_names(&checkup, "clock");
    assert_snapshot!(below(&checkup), @"
    FAILED   clock: 420 s fast against Slack's
             From 5 minutes on the bot refuses all of Slack's requests and AWS all
             of the bot's; times are told wrongly before.
             Mend: timedatectl set-ntp true

    1 of 35 checks failed.
    ");
}

#[tokio::test]
async fn a_store_that_cannot_be_written_is_told() {
    let world = reading("no-idp").await;
    let mut installation = world.installation();
    installation.config.store.url.0.push_str("?mode=ro");
    let checkup = looked_at(&installation).await;
    assert_names(&checkup, "store");
    assert_snapshot!(below(&checkup), @"
    FAILED   store: the store cannot be written (code 8)
             The bot does not start: it could not keep what it accepted.
             Mend: give the bot's user the right to write, or name another with
             [store] url

    1 of 35 checks failed.
    ");
}

#[tokio::test]
async fn an_installation_without_a_configuration_is_told_as_json() {
    let wrong = "sso-why.toml, line 2 has [aws] regoin, which is no setting; did you mean region?".to_owned();
    let checkup = without_configuration(wrong, Some("sso-why.toml".to_owned()));
    assert_names(&checkup, "config");
    let told = json_v1::doctor::checkup(&checkup);
    assert_snapshot!(format!("{:#}\n{:#}", told["checks"][0], told["checks"][1]), @r#"
    {
      "detail": "sso-why.toml, line 2 has [aws] regoin, which is no setting",
      "id": "config",
      "remedy": "did you mean region?",
      "status": "failed",
      "without": "The bot does not start."
    }
    {
      "detail": "not tried: config first",
      "id": "store",
      "remedy": null,
      "status": "skipped"
    }
    "#);
    assert_eq!((&told["version"], &told["ok"]), (&1.into(), &false.into()));
}

#[tokio::test]
async fn people_who_wait_are_not_kept_by_what_hangs() {
    let world = World::impatient("company").await;
    for service in ["sso:*", "identitystore:*", "organizations:*", "sts:*", "graph:*", "slack:*"] {
        world.sandbox.faults.set(service, Fault::Hanging);
    }
    let checkup = looked_at(&world.installation()).await;
    assert!(!checkup.is_well());
    let unread = told(&checkup).matches("no answer in time").count();
    assert!(unread > 4, "{}", told(&checkup));
}

/// Every statement of the policies that are delivered: its actions and what it allows them on.
fn delivered_policies() -> BTreeMap<String, Value> {
    let mut actions = BTreeMap::new();
    for path in json_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy")) {
        let text = std::fs::read_to_string(&path).expect("is read");
        let policy: Value = serde_json::from_str(&text).expect("is JSON");
        for statement in policy["Statement"].as_array().into_iter().flatten() {
            let named = match &statement["Action"] {
                Value::Array(several) => several.clone(),
                one => vec![one.clone()],
            };
            let named = named.iter().filter_map(Value::as_str);
            actions.extend(named.map(|action| (action.to_owned(), statement["Resource"].clone())));
        }
    }
    actions
}

fn json_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let files = files.into_iter().filter(|path| path.extension().is_some_and(|kind| kind == "json"));
    files.chain(folders.iter().flat_map(|folder| json_files(folder))).collect()
}

#[test]
fn what_the_delivered_policies_allow_is_tried_and_nothing_else() {
    let mut policies = delivered_policies();
    policies.retain(|action, _| {
        ["sso:", "identitystore:", "organizations:"].iter().any(|service| action.starts_with(service))
    });
    assert_eq!(
        policies.keys().map(String::as_str).collect::<BTreeSet<_>>(),
        IAM_ACTIONS.into_iter().collect()
    );
    for (action, resource) in policies {
        assert_eq!(statement(&action, &Known::default())["Resource"], resource, "{action}");
    }
}

#[test]
fn the_readme_tells_of_every_right() {
    let readme = include_str!("../../README.md");
    let rights = IAM_ACTIONS.iter().chain(&GRAPH_PERMISSIONS).chain(&OKTA_SCOPES);
    for right in rights.chain(&GRAPH_PERMISSIONS_TO_FORCE).chain(&OKTA_SCOPES_TO_FORCE) {
        assert!(readme.contains(&format!("`{right}`")), "{right}");
    }
}

#[tokio::test]
async fn the_readme_shows_what_is_printed() {
    let readme = include_str!("../../README.md");
    let world = reading("company").await;
    let well = told(&looked_at(&world.installation()).await);
    assert!(readme.contains(well.trim_start()), "{well}");
    world.sandbox.rights.take_away("sso:ListAccountAssignments");
    let wrong = below(&looked_at(&world.installation()).await);
    let failure = wrong.split("\n\n").next().expect("a failure");
    assert!(readme.contains(failure), "{wrong}");
}

/// A company as `sso-why sandbox` runs it, and its address.
async fn open_company() -> (Arc<Sandbox>, String) {
    let scenario = Scenario::named("company").expect("is built in").expect("parses");
    let sandbox = Sandbox::new(scenario, Arc::new(Timestamp::now));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    sandbox.workspace().sandbox_url.clone_from(&url);
    tokio::spawn(axum::serve(listener, sandbox.router()).into_future());
    (sandbox, url)
}

/// Runs `sso-why doctor` with this environment in an empty folder: its exit status, and what it printed where.
async fn run(arguments: &[&str], environment: &[(&str, &str)]) -> (Option<i32>, String, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_sso-why"));
    command
        .arg("doctor")
        .args(arguments)
        .env_clear()
        .envs(environment.iter().copied())
        .env("HOME", folder.path())
        .current_dir(folder.path())
        .stdin(Stdio::null());
    let done = in_time(tokio::task::spawn_blocking(move || command.output())).await;
    let done = done.expect("nobody broke off").expect("it runs");
    let text = |bytes| String::from_utf8(bytes).expect("is Unicode");
    (done.status.code(), text(done.stdout), text(done.stderr))
}

#[tokio::test]
async fn the_command_ends_with_what_it_found() {
    let (sandbox, url) = open_company().await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("sso-why.toml");
    let slack = format!("[slack]\napi_url = \"{url}/api\"\nhelpdesk_channel = \"C0HELPDESK\"\n");
    std::fs::write(&file, format!("{slack}[entra]\ngraph_url = \"{url}/v1.0\"\n")).expect("is written");
    let environment = [
        ("SSO_WHY_CONFIG", file.to_str().expect("is Unicode")),
        ("AWS_ENDPOINT_URL", &url),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "sandbox"),
        ("AWS_SECRET_ACCESS_KEY", "secret-key-of-aws"),
        ("SLACK_BOT_TOKEN", BOT_TOKEN),
        ("SLACK_SIGNING_SECRET", SIGNING_SECRET),
        ("SSO_WHY_ENTRA_ACCESS_TOKEN", GRAPH_TOKEN),
        ("SSO_WHY_LOG", "trace"),
    ];
    let (status, printed, logged) = run(&[], &environment).await;
    assert_eq!(status, Some(0), "{printed}{logged}");
    assert!(printed.ends_with("checks are well.\n"), "{printed}");
    for secret in ["secret-key-of-aws", BOT_TOKEN, SIGNING_SECRET, GRAPH_TOKEN] {
        assert!(!printed.contains(secret) && !logged.contains(secret), "{secret}: {logged}");
    }

    sandbox.rights.take_away("sso:ListInstances");
    let (status, printed, _) = run(&["--format", "json"], &environment).await;
    let told: Value = serde_json::from_str(&printed).expect("is JSON");
    assert_eq!((status, &told["ok"], &told["version"]), (Some(1), &false.into(), &1.into()));
    let checks = told["checks"].as_array().expect("a list");
    let failed: Vec<_> = checks.iter().filter(|check| check["status"] == "failed").collect();
    assert_eq!(failed.len(), 1, "{printed}");
    assert_eq!(failed[0]["id"], "aws.sso:ListInstances");
    assert_eq!(
        failed[0]["remedy"],
        "{\"Effect\": \"Allow\", \"Action\": \"sso:ListInstances\", \"Resource\": \"*\"}"
    );
}

#[tokio::test]
async fn with_nothing_set_up_the_command_says_what_to_begin_with() {
    let (status, printed, logged) = run(&[], &[("AWS_EC2_METADATA_DISABLED", "true")]).await;
    assert_eq!((status, logged.as_str()), (Some(1), ""));
    assert_snapshot!(printed.trim_start().split_once("\n\n").expect("a table").1, @r#"
    FAILED   config: the environment lacks SLACK_BOT_TOKEN and
             SLACK_SIGNING_SECRET
             The bot does not start.
             Mend: set SLACK_BOT_TOKEN or SLACK_BOT_TOKEN_FILE and
             SLACK_SIGNING_SECRET or SLACK_SIGNING_SECRET_FILE

    FAILED   aws.region: there is no AWS Region
             AWS has no assignments to show there, so that no question can be
             answered.
             Add to [aws] of sso-why.toml: the Region where IAM Identity Center
             was enabled:
             region = "…"

    2 of 33 checks failed, 30 could not be tried.
    "#);
}
