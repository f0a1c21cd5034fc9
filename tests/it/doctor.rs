//! The doctor: an installation that is well, and each thing that can be wrong with one.

use std::sync::Arc;

use aws_config::Region;
use insta::assert_snapshot;
use jiff::{SignedDuration, Timestamp};
use sso_why::checkup::needs::{
    GRAPH_PERMISSIONS, GRAPH_PERMISSIONS_TO_FORCE, IAM_ACTIONS, OKTA_SCOPES, OKTA_SCOPES_TO_FORCE,
};
use sso_why::checkup::{Because, Checkup, Outcome};
use sso_why::doctor::{Installation, examine, without_configuration};
use sso_why::gather::IdpSource;
use sso_why::sandbox::faults::Fault;
use sso_why::sandbox::okta::key::private_key_pem;
use sso_why::sources::okta::Okta;
use sso_why::sources::okta::credential::{Credential, Scopes};
use sso_why::words::{json_v1, terminal};

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
async fn all_is_well() {
    let checkup = looked_at(&reading("company").await.installation()).await;
    assert!(checkup.is_well());
    let told = told(&checkup);
    assert!(told.lines().all(|line| line.chars().count() <= 80), "{told}");
    assert_snapshot!(told, @"");
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
    let scopes = world.sandbox.workspace().scopes.clone();
    for scope in scopes {
        world.sandbox.workspace().scopes.remove(&scope);
        assert_names(&looked_at(&world.installation()).await, &format!("slack.scope:{scope}"));
        world.sandbox.workspace().scopes.insert(scope);
    }
}

#[tokio::test]
async fn the_line_to_add_is_told() {
    let world = reading("company").await;
    for right in ["sso:ListAccountAssignments", "identitystore:ListGroups", "User.Read.All"] {
        world.sandbox.rights.take_away(right);
    }
    world.sandbox.workspace().scopes.remove("im:write");
    assert_snapshot!(below(&looked_at(&world.installation()).await), @"");
    let okta = reading("okta").await;
    okta.sandbox.rights.take_away("okta.logs.read");
    assert_snapshot!(below(&looked_at(&with_key(&okta)).await), @"");
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
    assert_snapshot!(below(&checkup), @"");
}

#[tokio::test]
async fn a_token_that_was_revoked_is_what_is_wrong() {
    let world = reading("no-idp").await;
    let revoked = Some("xoxb-revoked-and-secret".into());
    let checkup = looked_at(&Installation { slack_bot_token: revoked, ..world.installation() }).await;
    assert_names(&checkup, "slack.token");
    assert!(!told(&checkup).contains("secret"));
    assert_snapshot!(below(&checkup), @"");
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
    assert_snapshot!(below(&checkup), @"");
}

#[tokio::test]
async fn a_delegated_administrator_is_told_its_limits() {
    let world = reading("no-idp").await;
    world.sandbox.rights.work_in("111122223333");
    let checkup = looked_at(&world.installation()).await;
    assert!(checkup.is_well());
    assert_snapshot!(below(&checkup), @"");
}

#[tokio::test]
async fn a_channel_without_the_bot_is_named() {
    let world = reading("no-idp").await;
    let bot = world.sandbox.workspace().bot_user_id.clone();
    world.sandbox.workspace().leave(&bot, "C0ADMINS");
    let checkup = looked_at(&world.installation()).await;
    assert_names(&checkup, "slack.channel:C0ADMINS");
    assert_snapshot!(below(&checkup), @"");
    let mut installation = world.installation();
    installation.config.slack.helpdesk_channel = Some("C0NOWHERE".to_owned());
    installation.config.slack.admin_channel = None;
    assert_names(&looked_at(&installation).await, "slack.channel:C0NOWHERE");
}

#[tokio::test]
async fn a_clock_that_is_off_is_told() {
    let world = reading("no-idp").await;
    let installation = world.installation();
    let right = installation.clock.clone();
    let clock = Arc::new(move || -> Timestamp { right() + SignedDuration::from_mins(7) });
    let checkup = looked_at(&Installation { clock, ..installation }).await;
    assert_names(&checkup, "clock");
    assert_snapshot!(below(&checkup), @"");
}

#[tokio::test]
async fn a_store_that_cannot_be_written_is_told() {
    let world = reading("no-idp").await;
    let mut installation = world.installation();
    installation.config.store.url.0.push_str("?mode=ro");
    let checkup = looked_at(&installation).await;
    assert_names(&checkup, "store");
    assert_snapshot!(below(&checkup), @"");
}

#[tokio::test]
async fn an_installation_without_a_configuration_is_told_as_json() {
    let wrong = "sso-why.toml, line 2 has [aws] regoin, which is no setting; did you mean region?".to_owned();
    let checkup = without_configuration(wrong, Some("sso-why.toml".to_owned()));
    assert_names(&checkup, "config");
    let told = json_v1::doctor::checkup(&checkup);
    assert_snapshot!(format!("{:#}\n{:#}", told["checks"][0], told["checks"][1]), @"");
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
