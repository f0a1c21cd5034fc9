//! The doctor of an installation where nothing can ever arrive from Slack: it is not green, and says which of the two
//! modes is meant. What only Slack's first request can prove is said, and how to have it proven.

use insta::assert_snapshot;
use jiff::Timestamp;
use sso_why::doctor::Installation;
use sso_why::sandbox::slack::outgoing::delivery::signature;
use sso_why::sandbox::slack::{APP_TOKEN, SIGNING_SECRET};
use sso_why::words::json_v1;

use super::{below, failed, looked_at};
use crate::harness::{World, in_time};
use crate::processes::{Database, Processes};

/// Over HTTP, with an app-level token in the environment all the same.
fn with_app_token(world: &World) -> Installation {
    Installation { slack_app_token: Some(APP_TOKEN.into()), ..world.installation() }
}

#[tokio::test]
async fn over_http_an_app_with_socket_mode_on_is_sent_nothing() {
    let world = World::of("no-idp").await;
    world.sandbox.workspace().socket_mode = true;
    let checkup = looked_at(&with_app_token(&world)).await;
    assert_eq!(failed(&checkup), ["slack.app_token"]);
    assert_snapshot!(below(&checkup), @r#"
    FAILED   slack.app_token: the app has Socket Mode on, and [server] mode is
             "http"
             Slack sends nothing to an address while the app has Socket Mode on:
             no question is heard.
             Set in [server] of sso-why.toml, or SSO_WHY_MODE=socket; to stay with
             HTTP, take SLACK_APP_TOKEN out and install the app from the manifest
             for HTTP:
             mode = "socket"

    1 of 41 checks failed.
    "#);
}

#[tokio::test]
async fn over_http_an_app_token_is_of_no_use_and_harms_nothing() {
    let world = World::of("no-idp").await;
    let checkup = looked_at(&with_app_token(&world)).await;
    assert!(checkup.is_well());
    assert_snapshot!(below(&checkup), @r#"
    Note   slack.app_token: [server] mode is "http", so that the bot waits for
           Slack's requests and SLACK_APP_TOKEN is of no use. Take it out; or, to
           have the bot connect to Slack, set [server] mode = "socket" or
           SSO_WHY_MODE=socket.

    Note   That Slack's requests arrive only Slack can prove: start the bot and
           say /sso-why help in Slack. Where no answer comes, look at the bot's
           log. If it says that a signature does not fit, SLACK_SIGNING_SECRET is
           another app's; if it says nothing, the URLs in the app's manifest do
           not lead to the bot, or the app has Socket Mode on.

    All 41 checks are well.
    "#);
    let refused = Some("xapp-revoked-and-secret".into());
    let checkup = looked_at(&Installation { slack_app_token: refused, ..world.installation() }).await;
    assert!(checkup.is_well(), "nothing uses it");
    assert!(!below(&checkup).contains("secret"));
}

#[tokio::test]
async fn by_socket_an_app_with_socket_mode_off_is_sent_nothing() {
    let world = World::by_socket().await;
    world.sandbox.workspace().socket_mode = false;
    let checkup = looked_at(&world.installation()).await;
    assert_eq!(failed(&checkup), ["slack.app_token"]);
    assert_snapshot!(below(&checkup), @"
    FAILED   slack.app_token: Socket Mode is off in the app's settings
             The bot connects, and Slack sends nothing through the connection: no
             question is heard.
             Set in the app's manifest (in its settings at Slack, under App
             Manifest):
             settings.socket_mode_enabled: true

    1 of 41 checks failed.
    ");
}

#[tokio::test]
async fn by_socket_the_bot_itself_says_that_socket_mode_is_off() {
    let bot = Processes::start_by_socket(Database::Sqlite, 1).await;
    let sockets = &bot.sandbox.sockets;
    let greeted = sockets.ever_greeted();
    bot.sandbox.workspace().socket_mode = false;
    sockets.cut();
    in_time(sockets.once(|sockets| sockets.ever_greeted() > greeted)).await;
    bot.stop(0).await;
    let said = "Socket Mode is off for the app, so that Slack sends it nothing; set settings.socket_mode_enabled: true";
    assert!(bot.logs().contains(said), "{}", bot.logs());
}

#[tokio::test]
async fn what_only_slack_can_prove_is_said_where_all_else_is_well() {
    let world = World::of("no-idp").await;
    let checkup = looked_at(&world.installation()).await;
    assert_snapshot!(below(&checkup), @"
    Note   That Slack's requests arrive only Slack can prove: start the bot and
           say /sso-why help in Slack. Where no answer comes, look at the bot's
           log. If it says that a signature does not fit, SLACK_SIGNING_SECRET is
           another app's; if it says nothing, the URLs in the app's manifest do
           not lead to the bot, or the app has Socket Mode on.

    All 40 checks are well.
    ");
    let told = json_v1::doctor::checkup(&checkup);
    let unproven = told["unproven"].as_str().expect("a sentence");
    assert!(told["ok"] == true && unproven.contains("/sso-why help"), "{told}");

    world.sandbox.rights.take_away("sso:ListInstances");
    let wrong = looked_at(&world.installation()).await;
    assert!(!below(&wrong).contains("Note"), "first things first");
    assert!(json_v1::doctor::checkup(&wrong).get("unproven").is_none());
    let by_socket = looked_at(&World::by_socket().await.installation()).await;
    assert!(
        json_v1::doctor::checkup(&by_socket).get("unproven").is_none(),
        "Slack has handed out a connection"
    );
}

#[tokio::test]
async fn beside_a_bot_that_holds_the_store_the_command_sees_which_mode_is_meant() {
    let bot = Processes::start_by_socket(Database::Sqlite, 1).await;
    let well = in_time(bot.command(&["doctor"], &[])).await;
    let printed = String::from_utf8(well.stdout).expect("is Unicode");
    assert_eq!(well.status.code(), Some(0), "{printed}");

    for (secret, wrong) in [
        ("", "FAILED   config: [server] mode is \"http\", which needs SLACK_SIGNING_SECRET"),
        ("a-signing-secret", "FAILED   slack.app_token: the app has Socket Mode on"),
    ] {
        let mistaken = [("SSO_WHY_MODE", "http"), ("SLACK_SIGNING_SECRET", secret)];
        let done = in_time(bot.command(&["doctor"], &mistaken)).await;
        let printed = String::from_utf8(done.stdout).expect("is Unicode");
        assert_eq!(done.status.code(), Some(1), "{printed}");
        assert!(printed.contains(wrong), "{printed}");
        assert!(printed.contains("SSO_WHY_MODE=socket"), "{printed}");
    }
    let refused = in_time(bot.start_to_fail(&[("SSO_WHY_MODE", "http")])).await;
    let said = String::from_utf8(refused.stderr).expect("is Unicode");
    assert!(said.contains("SSO_WHY_MODE=socket"), "{said}");
}

#[tokio::test]
async fn over_http_the_bot_that_runs_knows_whether_slack_signs_with_its_secret() {
    let bot = Processes::start(Database::Sqlite, 1).await;
    let here = bot.address(0);
    let listen = here.to_string();
    let doctor = async || {
        let done = in_time(bot.command(&["doctor"], &[("SSO_WHY_LISTEN", &listen)])).await;
        (done.status.code(), String::from_utf8(done.stdout).expect("is Unicode"))
    };
    let (status, printed) = doctor().await;
    assert_eq!(status, Some(0), "{printed}");
    assert!(printed.contains("only Slack can prove") && !printed.contains("slack.requests"), "{printed}");

    let now = Timestamp::now().as_second();
    let signed = |secret: &str| {
        let request = reqwest::Client::new().post(format!("http://{here}/slack/commands"));
        let request = request.header("x-slack-request-timestamp", now).body("ssl_check=1");
        request.header("x-slack-signature", signature(secret, now, "ssl_check=1")).send()
    };
    for _ in 0..2 {
        assert_eq!(in_time(signed("another-app's")).await.expect("is answered").status().as_u16(), 401);
    }
    let (status, printed) = doctor().await;
    assert_eq!(status, Some(1), "{printed}");
    let failure = printed.split("\n\n").find(|part| part.starts_with("  FAILED")).expect("a failure");
    assert_snapshot!(failure, @r#"
    FAILED   slack.requests: 2 since the bot's start, none signed with
             SLACK_SIGNING_SECRET
             The bot refuses all that it is sent: no question is heard.
             Mend: set SLACK_SIGNING_SECRET to the "Signing Secret" under Basic
             Information in the app's settings, start the bot again, and say
             /sso-why help in Slack
    "#);
    assert!(bot.logs().contains("its signature does not fit SLACK_SIGNING_SECRET"), "{}", bot.logs());

    assert_eq!(in_time(signed(SIGNING_SECRET)).await.expect("is answered").status().as_u16(), 200);
    let (status, printed) = doctor().await;
    assert_eq!(status, Some(0), "{printed}");
    assert!(
        printed.contains("1 since the bot's start") && !printed.contains("only Slack can prove"),
        "{printed}"
    );
}
