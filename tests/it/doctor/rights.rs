//! Each right is taken away in turn, and exactly that one is named; what is delivered and written of rights is
//! what is tried.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use insta::assert_snapshot;
use serde_json::Value;
use sso_why::checkup::needs::{
    GRAPH_PERMISSIONS, GRAPH_PERMISSIONS_OPTIONAL, GRAPH_PERMISSIONS_TO_FORCE, IAM_ACTIONS,
    IAM_ACTIONS_OPTIONAL, OKTA_SCOPES, OKTA_SCOPES_TO_FORCE,
};
use sso_why::checkup::{Because, Check, Fault, Id, Known, Outcome};
use sso_why::doctor::Installation;
use sso_why::gather::IdpSource;
use sso_why::sandbox::okta::key::private_key_pem;
use sso_why::slack::app;
use sso_why::sources::okta::Okta;
use sso_why::sources::okta::credential::{Credential, Scopes};
use sso_why::words::checkup::remedy::statement;
use sso_why::words::checkup::without::{UNSAID, without};

use super::{assert_names, below, looked_at, reading};
use crate::harness::{World, a_few_at_a_time};

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
async fn an_optional_permission_that_is_missing_is_said_and_no_fault() {
    let world = reading("company").await;
    world.sandbox.rights.take_away(GRAPH_PERMISSIONS_OPTIONAL[0]);
    let checkup = looked_at(&world.installation()).await;
    assert!(checkup.is_well());
    let id = Id::EntraPermission(GRAPH_PERMISSIONS_OPTIONAL[0]);
    let check = checkup.checks.iter().find(|check| check.id == id).expect("it is checked");
    assert_eq!(check.outcome, Outcome::Skipped(Because::Optional));
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
async fn the_scope_for_a_field_of_the_profiles_is_missed_only_if_one_is_configured() {
    let world = reading("messy-no-idp").await;
    assert!(looked_at(&world.installation()).await.is_well());
    world.sandbox.workspace().app.scopes.remove(app::PROFILES);
    assert_names(&looked_at(&world.installation()).await, "slack.scope:users.profile:read");
    let mut installation = world.installation();
    installation.config.slack.email_field = None;
    assert!(looked_at(&installation).await.is_well());
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
             Where the bot was cut off while it wrote to somebody directly, they
             may read the same twice.
             Add to oauth_config.scopes.bot of the app's manifest, then install
             the app again:
             "im:write"

    FAILED   aws.identitystore:ListGroups: refused (AccessDeniedException)
             There is no digest of duplicate groups.
    FAILED   aws.sso:ListAccountAssignments: refused (AccessDeniedException)
             Whether a group has access to an account cannot be told.
             Add to the bot's IAM policy for these 2 actions:
             {"Effect": "Allow", "Action": "identitystore:ListGroups", "Resource":
             ["arn:aws:identitystore::999988887777:identitystore/d-9067f0aa11",
             "arn:aws:identitystore:::group/*",
             "arn:aws:identitystore:::membership/*"]},
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

    4 of 47 checks failed.
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

    1 of 45 checks failed.
    ");
}

#[tokio::test]
async fn what_one_policy_lacks_is_one_block_to_add() {
    let world = reading("no-idp").await;
    IAM_ACTIONS.iter().skip(1).for_each(|action| world.sandbox.rights.take_away(action));
    let told = below(&looked_at(&world.installation()).await);
    assert_eq!(told.matches("Add to the bot's IAM policy").count(), 1, "{told}");
    for action in IAM_ACTIONS.iter().skip(1) {
        assert!(told.contains(&format!("FAILED   aws.{action}: refused")), "{told}");
    }
    let (_, block) = told.split_once("Add to the bot's IAM policy").expect("a remedy");
    let (_, block) = block.split_once(":\n").expect("what to add");
    let (block, _) = block.split_once("\n\n").expect("its end");
    let lines: Vec<&str> = block.lines().map(str::trim).collect();
    let statements: Vec<Value> =
        serde_json::from_str(&format!("[{}]", lines.join(" "))).expect("can be copied into a policy");
    assert_eq!(statements.len(), 5, "{block}");
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
        IAM_ACTIONS.into_iter().chain(IAM_ACTIONS_OPTIONAL).collect()
    );
    for (action, resource) in policies {
        assert_eq!(statement(&action, &Known::default())["Resource"], resource, "{action}");
    }
}

#[test]
fn what_does_not_work_without_it_is_said_of_every_right() {
    let scopes = app::scopes().into_keys().chain([app::PROFILES]);
    let all = scopes.map(|scope| Id::SlackScope(scope.to_owned()));
    let all = all.chain(IAM_ACTIONS.map(Id::AwsAction));
    let all = all.chain(GRAPH_PERMISSIONS.map(Id::EntraPermission));
    let all = all.chain(GRAPH_PERMISSIONS_OPTIONAL.map(Id::EntraPermission));
    let all = all.chain(GRAPH_PERMISSIONS_TO_FORCE.map(Id::EntraPermission));
    let all = all.chain(OKTA_SCOPES.map(Id::OktaScope)).chain(OKTA_SCOPES_TO_FORCE.map(Id::OktaScope));
    for id in all {
        let told = without(&Check { id: id.clone(), outcome: Outcome::Failed(Fault::NotGranted) });
        assert_ne!(told, UNSAID, "{}", id.name());
    }
}

#[test]
fn without_a_scope_of_slack_it_is_said_who_is_not_answered() {
    let without = |scope: &str| {
        without(&Check { id: Id::SlackScope(scope.to_owned()), outcome: Outcome::Failed(Fault::NotGranted) })
    };
    let scopes = ["channels:read", "groups:read", "users:read", "im:write"];
    let told: Vec<String> = scopes.iter().map(|scope| format!("{scope}: {}", without(scope))).collect();
    assert_snapshot!(told.join("\n"), @"
    channels:read: The bot answers nobody in a public channel, as another organization might read there, and cannot tell who is in a help-desk channel that is public.
    groups:read: The bot answers nobody in a private channel, as another organization might read there, and cannot tell who is in a help-desk channel that is private.
    users:read: Nobody is answered, as who asks cannot be told.
    im:write: Where the bot was cut off while it wrote to somebody directly, they may read the same twice.
    ");
}

#[test]
fn the_readme_tells_of_every_right() {
    let readme = include_str!("../../../README.md");
    let rights = IAM_ACTIONS.iter().chain(&GRAPH_PERMISSIONS).chain(&OKTA_SCOPES);
    let rights = rights.chain(&GRAPH_PERMISSIONS_OPTIONAL);
    for right in rights.chain(&GRAPH_PERMISSIONS_TO_FORCE).chain(&OKTA_SCOPES_TO_FORCE) {
        assert!(readme.contains(&format!("`{right}`")), "{right}");
    }
}
