//! The doctor: an installation that is well, and each thing that can be wrong with one.
//!
//! Reading order: this file is what is wrong beside rights; [`rights`] takes each right away; [`arrival`] is where
//! nothing can arrive; [`help_desk`] is of nobody; [`instance`] asks another Identity Center; [`remedies`] is how each
//! fault is mended; [`table`] is how it looks; [`command`] is the process.

mod rights;
mod arrival;
mod remedies;
mod table;
mod command;
mod help_desk;
mod instance;

use std::sync::Arc;

use aws_config::Region;
use insta::assert_snapshot;
use jiff::{SignedDuration, Timestamp};
use sso_why::checkup::needs::{GRAPH_PERMISSIONS_TO_FORCE, OKTA_SCOPES_TO_FORCE};
use sso_why::checkup::{Because, Checkup, Outcome};
use sso_why::config::HelpDeskMembers;
use sso_why::doctor::{Installation, examine, without_configuration};
use sso_why::gather::IdpSource;
use sso_why::sandbox::faults::Fault;
use sso_why::sandbox::graph::GRAPH_TOKEN;
use sso_why::sandbox::okta::OKTA_TOKEN;
use sso_why::sources::entra::credential::EntraCredential;
use sso_why::sources::entra::{self, Entra};
use sso_why::sources::okta::Okta;
use sso_why::sources::okta::credential::Credential;
use sso_why::words::{json_v1, terminal};

use crate::harness::{World, in_time};

async fn looked_at(installation: &Installation) -> Checkup {
    in_time(examine(installation)).await
}

/// What the terminal prints, in its 80 columns.
fn told(checkup: &Checkup) -> String {
    let told = without_its_store(&terminal::doctor::checkup(checkup, false));
    assert!(told.lines().all(|line| line.chars().count() <= 80), "{told}");
    told
}

/// Every world has its store in a folder of its own.
fn without_its_store(told: &str) -> String {
    let Some((before, store)) = told.split_once("  Store  ") else { return told.to_owned() };
    before.to_owned() + store.split_once("\n\n").expect("more follows").1
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

#[tokio::test]
async fn an_error_is_told_as_an_error_and_never_as_a_missing_right() {
    let operations = [
        "sso:ListInstances",
        "identitystore:ListGroups",
        "graph:users",
        "graph:auditLogs/provisioning",
        "slack:auth.test",
        "slack:conversations.info",
        "slack:usergroups.users.list",
    ];
    let world = World::impatient("company").await;
    for operation in operations {
        for (fault, words) in [
            (Fault::Hanging, "no answer in time"),
            (Fault::Throttled { retry_after: 60 }, "too many calls"),
            (Fault::Html500, "no usable answer"),
        ] {
            world.sandbox.faults.clear();
            world.sandbox.faults.set(operation, fault);
            let mut installation = world.installation();
            installation.config.slack.admin_channel = None;
            installation.config.slack.helpdesk_members = HelpDeskMembers::UserGroup("S0HELPDESK".to_owned());
            let checkup = looked_at(&installation).await;
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

    1 of 40 checks failed, 15 could not be tried.
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

    1 of 40 checks failed, 14 could not be tried.
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

    1 of 41 checks failed.
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

    Nothing is wrong: 39 of 40 checks are well, 1 could not be tried.
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

    1 of 40 checks failed.
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

    1 of 47 checks failed, 1 could not be tried.
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
    let client = Entra::new(settings, token, installation.patience, installation.limits).expect("a client");
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

    1 of 40 checks failed.
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

    1 of 40 checks failed.
    ");
}

#[tokio::test]
async fn the_store_is_told_by_its_path_from_the_root_on() {
    let world = reading("no-idp").await;
    let mut installation = world.installation();
    installation.config.store.url.0 = "sqlite://no-such-store.db".to_owned();
    let checkup = looked_at(&installation).await;
    let path = std::env::current_dir().expect("a folder").join("no-such-store.db").display().to_string();
    let told = terminal::doctor::checkup(&checkup, false);
    assert!(told.contains(&format!("\n  Store  {path}\n\n")), "{told}");
    let told = &json_v1::doctor::checkup(&checkup)["checks"][1];
    assert_eq!(told["detail"], format!("{path}: made by the bot's first start"));
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
