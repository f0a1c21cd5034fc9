//! The bot in Socket Mode: what people do in Slack comes through connections that the bot has opened. They end, are
//! replaced and break, and everything is answered, and once.

use futures::future::join_all;
use serde_json::{Value, json};
use sso_why::sandbox::faults::Fault;
use sso_why::sandbox::slack::outgoing::delivery::{FORM, INTERACTIONS};
use sso_why::sandbox::slack::outgoing::modals::Submitted;
use sso_why::sandbox::workspace::Workspace;

use crate::harness::{World, in_time, seen};
use crate::processes::questions::{all_answered, asked_by_a_crowd, assert_each_answered_once};
use crate::processes::{Database, Processes};

#[tokio::test]
async fn a_question_and_a_button_are_answered_as_over_http() {
    let world = World::by_socket().await;
    let looking = world.seen_looking("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    let report = world.settled("dana", "C0GENERAL").await;
    assert_eq!(report.ts, looking.ts, "the same message");
    assert!(report.text.contains("in no group that opens Payments-Prod"), "{}", report.text);

    let unfolded = world.press("dana", &report, "show_steps").await;
    assert!(seen(&unfolded).contains("All steps"), "{}", seen(&unfolded));
}

#[tokio::test]
async fn a_mention_is_answered_in_its_thread() {
    let world = World::by_socket().await;
    let thread = world.say("sam", "C0GENERAL", "@sso-why why can't @dana see payments prod?", None).await;
    let answer = world.answer_in(&thread).await;
    assert!(answer.text.contains("in no group that opens Payments-Prod"), "{}", answer.text);
}

#[tokio::test]
async fn a_form_has_its_type_ahead_and_says_what_is_wrong_in_it() {
    let world = World::by_socket().await;
    world.type_command("dana", "C0GENERAL", "/sso-why").await;
    let form = world.form("dana").await;
    let offered = in_time(world.sandbox.suggest("dana", &form.id, "account", "paym")).await.expect("options");
    let labels: Vec<_> = offered.iter().filter_map(|option| option["text"]["text"].as_str()).collect();
    assert_eq!(labels, ["Payments-Dev (444455551111)", "Payments-Prod (111122223333)"]);

    assert_eq!(
        sent_empty(&world, &form.view).await,
        json!({"response_action": "errors", "errors": {"account": "Choose an account from the list."}})
    );
    let submitted = world.submit("dana", &form, &[("account", "111122223333")]).await;
    assert_eq!(submitted, Submitted::Closed);
    let report = world.settled("dana", "C0GENERAL").await;
    assert!(report.text.contains("in no group that opens Payments-Prod"), "{}", report.text);
}

/// What the bot answers to a form that an older Slack lets through although the account is missing.
async fn sent_empty(world: &World, view: &Value) -> Value {
    let mut view = view.clone();
    view["id"] = json!("V0EMPTY");
    let payload = json!({"type": "view_submission", "user": {"id": "U0DANA"}, "view": view});
    let payload = payload.to_string();
    let body = url::form_urlencoded::Serializer::new(String::new()).append_pair("payload", &payload).finish();
    let answer = in_time(world.sandbox.deliver(INTERACTIONS, FORM, &body, &[])).await.expect("acknowledged");
    serde_json::from_str(&answer.body).expect("a payload")
}

#[tokio::test]
async fn what_slack_refreshes_amid_a_crowd_loses_nothing_and_repeats_nothing() {
    for reason in ["refresh_requested", "warning"] {
        let world = World::by_socket().await;
        world.leaves_unread("I know no account called");
        let sockets = &world.sandbox.sockets;
        let typed: Vec<String> = (0..40).map(|number| format!("/sso-why Nowhere-Q{number:03}a")).collect();
        let (first, then) = typed.split_at(20);
        let crowd = |typed: &[String]| {
            let world = &world;
            join_all(typed.iter().cloned().map(|typed| async move {
                world.type_command("theo", "C0GENERAL", &typed).await;
            }))
        };
        crowd(first).await;
        let refreshed = async {
            sockets.ask_to_leave(reason);
            sockets.once(|sockets| sockets.ever_greeted() == 4 && sockets.open() == 2).await;
        };
        in_time(async { tokio::join!(crowd(then), refreshed) }).await;
        world.type_command("theo", "C0GENERAL", "/sso-why Nowhere-Q999a").await;
        assert_each_is_answered_once(&world, &typed).await;
    }
}

#[tokio::test]
async fn what_was_stored_and_whose_acknowledgement_is_lost_is_answered_once() {
    let world = World::by_socket().await;
    world.leaves_unread("I know no account called");
    let typed = ["/sso-why Nowhere-Q001a".to_owned()];
    world.sandbox.sockets.lose_next_acknowledgement();
    world.type_command("theo", "C0GENERAL", &typed[0]).await;
    assert_eq!(world.sandbox.sockets.sent_again(), 1);
    assert_each_is_answered_once(&world, &typed).await;

    world.sandbox.sockets.lose_next_acknowledgement();
    let thread = world.say("sam", "C0GENERAL", "@sso-why @dana Payments-Prod", None).await;
    assert_eq!(world.sandbox.sockets.sent_again(), 2);
    world.answer_in(&thread).await;
    world.all_is_done().await;
    let in_thread = |workspace: &Workspace| {
        let messages = workspace.messages().iter();
        messages.filter(|message| message.thread_ts.as_deref() == Some(thread.as_str())).count()
    };
    assert_eq!(in_thread(&world.sandbox.workspace()), 1);
}

#[tokio::test]
async fn connections_that_break_are_opened_again() {
    let world = World::by_socket().await;
    for broken in 1..=3 {
        world.sandbox.sockets.cut();
        let greeted = 2 + 2 * broken;
        in_time(world.sandbox.sockets.once(|sockets| sockets.ever_greeted() == greeted)).await;
    }
    let report = world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    assert!(report.text.contains("in no group that opens Payments-Prod"), "{}", report.text);
}

#[tokio::test]
async fn it_is_ready_only_while_slack_is_connected() {
    let world = World::by_socket().await;
    assert_eq!(world.asked_of_the_bot("/readyz").await, (200, "ready".to_owned()));
    assert_eq!(world.asked_of_the_bot("/healthz").await.0, 200);
    let (_, metrics) = world.asked_of_the_bot("/metrics").await;
    assert!(metrics.contains("sso_why_socket_connects_total{outcome=\"connected\"}"), "{metrics}");
    let no_route =
        reqwest::Client::new().post(format!("{}/slack/commands", world.sandbox.workspace().bot_url));
    assert_eq!(in_time(no_route.send()).await.expect("it listens").status().as_u16(), 404);

    world.sandbox.faults.set("slack:*", Fault::Html500);
    world.sandbox.sockets.cut();
    let (mut status, mut why) = (200, String::new());
    in_time(async {
        while status == 200 || !why.contains("500") {
            (status, why) = world.asked_of_the_bot("/readyz").await;
        }
    })
    .await;
    assert_eq!(
        (status, why.as_str()),
        (503, "not ready: no connection to Slack: Slack answered with HTTP status 500")
    );

    world.sandbox.faults.clear();
    in_time(world.sandbox.sockets.once(|sockets| sockets.open() > 0)).await;
    in_time(async { while world.asked_of_the_bot("/readyz").await.0 != 200 {} }).await;
}

#[tokio::test]
async fn a_wrong_token_is_told_in_one_line_that_says_what_to_do() {
    let bot = Processes::start_by_socket(Database::Sqlite, 0).await;
    for (token, sentence) in [
        (
            "xapp-somebody-elses",
            "sso-why: Slack does not take SLACK_APP_TOKEN (invalid_auth); set the one under \"App-Level Tokens\" in the app's settings, or make a new one there",
        ),
        (
            "xoxb-simulated-company",
            "sso-why: SLACK_APP_TOKEN is no app-level token, which begins with xapp-; take the one under \"App-Level Tokens\" in the app's settings",
        ),
    ] {
        let ended = in_time(bot.start_to_fail(&[("SLACK_APP_TOKEN", token)])).await;
        assert_eq!(ended.status.code(), Some(1));
        let said = String::from_utf8(ended.stderr).expect("text");
        assert_eq!(said.lines().last(), Some(sentence), "{said}");
        assert!(!said.contains(token), "{said}");
    }
}

#[tokio::test]
async fn killed_after_it_acknowledged_it_answers_after_the_restart() {
    let bot = Processes::start_by_socket(Database::Sqlite, 1).await;
    bot.sandbox.calls.shut_gate_for("organizations:ListAccounts");
    let typed = bot.sandbox.type_command("theo", "C0GENERAL", "/sso-why Nowhere-Q001a");
    in_time(typed).await.expect("is acknowledged");
    bot.kill(0).await;
    bot.sandbox.calls.open_gate();
    bot.start_again(0).await;
    in_time(bot.sandbox.wait_for(|workspace| (answers(workspace, "Nowhere-Q001a") == 1).then_some(()))).await;
    bot.stop(0).await;
    assert_eq!(answers(&bot.sandbox.workspace(), "Nowhere-Q001a"), 1);
}

#[tokio::test]
async fn stopped_amid_a_crowd_it_finishes_what_it_took_and_takes_the_rest_after_the_restart() {
    let bot = Processes::start_by_socket(Database::Sqlite, 1).await;
    let typed: Vec<String> = (0..40).map(|number| format!("/sso-why Nowhere-Q{number:03}a")).collect();
    let crowd = join_all(typed.iter().map(|typed| async {
        bot.sandbox.type_command("theo", "C0GENERAL", typed).await.map(|()| typed.clone())
    }));
    let restarted = async {
        in_time(bot.sandbox.wait_for(|workspace| (workspace.outbox().len() > 5).then_some(()))).await;
        bot.stop(0).await;
        bot.start_again(0).await;
    };
    let (asked, ()) = in_time(async { tokio::join!(crowd, restarted) }).await;
    let acknowledged: Vec<String> = asked.into_iter().flatten().collect();
    assert!(acknowledged.len() > 5, "{acknowledged:?}");
    for typed in acknowledged {
        let account = typed.trim_start_matches("/sso-why ").to_owned();
        in_time(bot.sandbox.wait_for(|workspace| (answers(workspace, &account) > 0).then_some(()))).await;
        assert_eq!(answers(&bot.sandbox.workspace(), &account), 1, "{account}");
    }
    bot.stop(0).await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL, which tests/run starts"]
async fn of_two_processes_one_is_killed_and_what_it_did_not_acknowledge_goes_to_the_other() {
    let bot = Processes::start_by_socket(Database::Postgres, 2).await;
    let half_way = async {
        bot.sandbox.wait_for(|workspace| (workspace.outbox().len() > 60).then_some(())).await;
        bot.kill(0).await;
    };
    let asked = async {
        let asked = asked_by_a_crowd(&bot, 100).await;
        all_answered(&bot, &asked).await;
        asked
    };
    let (asked, ()) = tokio::join!(asked, half_way);
    bot.stop(1).await;
    assert!(asked.iter().all(|asked| asked.acknowledged), "nobody is told that it failed");
    assert_each_answered_once(&bot, &asked);
}

/// How many messages of the bot's tell of this account; "Looking…" is none.
fn answers(workspace: &Workspace, account: &str) -> usize {
    let own = workspace.messages().iter().filter(|message| message.author == workspace.bot_user_id);
    own.filter(|message| message.text.contains(account) && !message.text.starts_with("Looking ")).count()
}

async fn assert_each_is_answered_once(world: &World, typed: &[String]) {
    let accounts: Vec<&str> = typed.iter().map(|typed| typed.trim_start_matches("/sso-why ")).collect();
    in_time(
        world.sandbox.wait_for(|workspace| {
            accounts.iter().all(|account| answers(workspace, account) > 0).then_some(())
        }),
    )
    .await;
    world.all_is_done().await;
    let workspace = world.sandbox.workspace();
    for account in accounts {
        assert_eq!(answers(&workspace, account), 1, "{account}");
    }
}
