//! What one person, or everybody at once, can do to the bot: it answers, says politely that it cannot now, and keeps
//! what people have written to people.

use std::path::Path;
use std::process::{Output, Stdio};

use axum::body::Body;
use axum::http::header::CONTENT_LENGTH;
use axum::http::{Request, StatusCode};
use insta::assert_snapshot;
use jiff::SignedDuration;
use sso_why::sandbox::slack::outgoing::modals::Submitted;
use sso_why::sandbox::workspace::views::OpenView;
use tokio::process::Command;
use tower::ServiceExt as _;

use crate::harness::{World, in_time, seen};

/// Work that the bot has accepted so far, done or not.
async fn accepted(world: &World) -> i64 {
    let count = sqlx::query_scalar("SELECT COUNT(*) FROM job WHERE priority = 0");
    count.fetch_one(world.store.pool()).await.expect("the store is there")
}

/// More questions than the bot can answer soon.
async fn everybody_asks_at_once(world: &World) {
    const ASKED: &str = "\
        WITH RECURSIVE asked (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM asked WHERE number < 500) \
        INSERT INTO job (id, priority, key, work, run_at, state, tries, key_until, lease, leased_until) \
        SELECT 'of everybody ' || number, 0, 'of everybody ' || number, '\"Sweep\"', 0, 'leased', 0, $1, \
            'another', 9000000000000 FROM asked";
    // Another replica has them in its hands.
    let later = (world.gather.now() + SignedDuration::from_hours(1)).as_millisecond();
    sqlx::query(ASKED).bind(later).execute(world.store.pool()).await.expect("is kept");
}

async fn they_are_answered(world: &World) {
    const ANSWERED: &str = "UPDATE job SET state = 'done' WHERE key LIKE 'of everybody %'";
    sqlx::query(ANSWERED).execute(world.store.pool()).await.expect("is kept");
}

/// Has this person ask `times` times, each time answered.
async fn asks(world: &World, key: &str, times: usize) {
    for _ in 0..times {
        let told = world.ask(key, "C0GENERAL", "/sso-why Payments-Prod").await;
        assert!(!told.text.contains("You have asked more"), "{}", told.text);
    }
}

/// The form that this person has before them, with accounts to choose from.
async fn form_with_accounts(world: &World, key: &str) -> OpenView {
    let form = world.form(key).await;
    in_time(world.sandbox.suggest(key, &form.id, "account", "paym")).await.expect("options");
    form
}

#[tokio::test]
async fn one_person_asks_twenty_times_a_minute_and_is_told_when_they_may_again() {
    let world = World::new().await;
    world.leaves_unread("As AWS sees it, you are in no group");
    asks(&world, "dana", 20).await;
    let report = world.last_seen("dana", "C0GENERAL");
    in_time(world.all_is_done()).await;
    let before = accepted(&world).await;

    let told = world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    assert_snapshot!(seen(&told), @"You have asked more than I answer one person in a minute. Ask again in 3 seconds.");
    assert!(told.is_ephemeral());
    // A press is a question as well, and so is a mention: whoever sends them is told alone.
    world.click("dana", &report, "recheck").await;
    let beside = world.another("dana", "C0GENERAL", &told).await;
    assert_eq!((beside.text.as_str(), beside.is_ephemeral()), (told.text.as_str(), true));
    assert_eq!(world.message(&report).text, report.text);
    world.say("dana", "C0GENERAL", "@sso-why payments prod", None).await;
    assert_eq!(world.last_direct("dana").await.text, told.text);
    // So is a form, which stays open with all that was filled in.
    world.type_command("dana", "C0GENERAL", "/sso-why").await;
    let form = form_with_accounts(&world, "dana").await;
    let entered = [("account", "111122223333")];
    let Submitted::Errors(errors) = world.submit("dana", &form, &entered).await else { panic!("it closed") };
    assert_eq!(errors["account"], told.text);
    assert_eq!(accepted(&world).await, before, "nothing of it was stored");

    // Nobody else is held up, help is no question, and three seconds later she may ask one more.
    asks(&world, "tomas", 1).await;
    let help = world.ask("dana", "C0GENERAL", "/sso-why help").await;
    assert!(help.text.contains("/sso-why Payments-Prod"), "{}", help.text);
    world.pass(SignedDuration::from_secs(3));
    assert_eq!(world.submit("dana", &form, &entered).await, Submitted::Closed);
    world.seen_once("dana", "C0GENERAL", "Payments-Prod").await;
}

#[tokio::test]
async fn an_agent_asks_three_times_as_often() {
    let world = World::new().await;
    asks(&world, "sam", 60).await;
    let told = world.ask("sam", "C0GENERAL", "/sso-why Payments-Prod").await;
    assert!(told.text.contains("You have asked more than I answer one person"), "{}", told.text);
}

#[tokio::test]
async fn a_full_desk_says_so_at_once_and_keeps_what_is_written_to_people() {
    let world = World::new().await;
    world.leaves_unread("The help desk has your question about");
    let report = world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    world.click("dana", &report, "escalate").await;
    let note = world.form("dana").await;
    let anothers = world.ask("ravi", "C0GENERAL", "/sso-why Payments-Prod").await;
    world.click("ravi", &anothers, "escalate").await;
    assert_eq!(world.submit("ravi", &world.form("ravi").await, &[("note", "")]).await, Submitted::Closed);
    let card = world.seen_once("sam", "C0HELPDESK", "New.").await;
    in_time(world.all_is_done()).await;
    everybody_asks_at_once(&world).await;
    let before = accepted(&world).await;

    let told = world.ask("tomas", "C0GENERAL", "/sso-why Payments-Prod").await;
    assert_snapshot!(seen(&told), @"I have more questions than I can answer right now. Ask again in a minute.");
    assert!(told.is_ephemeral());
    for button in ["recheck", "show_steps"] {
        let earlier = world.last_seen("dana", "C0GENERAL");
        world.click("dana", &report, button).await;
        let beside = world.another("dana", "C0GENERAL", &earlier).await;
        assert_eq!((beside.text.as_str(), beside.is_ephemeral()), (told.text.as_str(), true), "{button}");
    }
    world.say("tomas", "C0GENERAL", "@sso-why payments prod", None).await;
    assert_eq!(world.last_direct("tomas").await.text, told.text);
    world.type_command("tomas", "C0GENERAL", "/sso-why").await;
    let form = form_with_accounts(&world, "tomas").await;
    let entered = [("account", "111122223333")];
    let Submitted::Errors(errors) = world.submit("tomas", &form, &entered).await else { panic!("it closed") };
    assert_eq!(errors["account"], told.text);
    assert_eq!(accepted(&world).await, before, "nothing of it was stored");

    // What is written to people arrives all the same.
    assert_eq!(world.submit("dana", &note, &[("note", "It is for the month-end.")]).await, Submitted::Closed);
    world.seen_once("sam", "C0HELPDESK", "New.").await;
    world.say("sam", "C0HELPDESK", "Hi, which account?", Some(&card.ts)).await;
    let home = world.direct_channel("ravi");
    world.seen_once("ravi", &home, "help desk, about").await;
    world.click("sam", &card, "claim").await;
    world.changed("sam", &card).await;

    they_are_answered(&world).await;
    asks(&world, "tomas", 1).await;
}

#[tokio::test]
async fn by_socket_the_same_is_said() {
    let world = World::by_socket().await;
    everybody_asks_at_once(&world).await;
    let told = world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    assert_eq!(told.text, "I have more questions than I can answer right now. Ask again in a minute.");
    they_are_answered(&world).await;
}

#[tokio::test]
async fn no_address_of_the_company_reads_more_than_a_mebibyte() {
    let world = World::new().await;
    for path in
        ["/", "/v1.0/$batch", "/oauth2/v1/token", "/api/chat.postMessage", "/response/1", "/sandbox/command"]
    {
        let announced = Request::post(path).header(CONTENT_LENGTH, 1024 * 1024 + 1);
        let request = announced.body(Body::empty()).expect("a request");
        let answer = world.sandbox.router().oneshot(request).await.expect("it answers");
        assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE, "{path}");
    }
}

/// Runs the program in this folder, with credentials for AWS and these variables.
async fn run(folder: &Path, command: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_sso-why"));
    program
        .args(command)
        .env_clear()
        .env("HOME", folder)
        .envs([
            ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
            ("AWS_SECRET_ACCESS_KEY", "of-aws"),
            ("AWS_REGION", "us-east-1"),
        ])
        .envs([
            ("SLACK_BOT_TOKEN", "xoxb-1"),
            ("SLACK_SIGNING_SECRET", "of-slack"),
            ("SSO_WHY_LISTEN", "127.0.0.1:0"),
        ])
        .envs(variables.iter().copied())
        .current_dir(folder)
        .stdin(Stdio::null())
        .kill_on_drop(true);
    in_time(program.output()).await.expect("it runs")
}

/// What is said of an address that is not asked.
fn refused(what_sets_it: &str, address: &str) -> String {
    const WHY: &str = "change it or take it out, so that nobody on the way can read what is sent to AWS";
    format!(
        "sso-why: {what_sets_it} must be an https URL (http on this machine only), not {address}; {WHY}\n"
    )
}

const CHECK: &[&str] = &["check", "dana@example.com", "Payments-Prod"];

#[tokio::test]
async fn no_command_speaks_with_aws_in_the_clear_but_on_this_machine() {
    let folder = tempfile::tempdir().expect("a folder");
    let open = [("AWS_ENDPOINT_URL", "http://aws.example:4566")];
    for command in [&["serve"][..], CHECK, &["digest"]] {
        let done = run(folder.path(), command, &open).await;
        assert_eq!(done.status.code(), Some(1), "{command:?}");
        assert_eq!(
            String::from_utf8_lossy(&done.stderr),
            refused("AWS_ENDPOINT_URL", "http://aws.example:4566"),
            "{command:?}"
        );
    }
    let done = run(folder.path(), &["doctor"], &open).await;
    assert_eq!(done.status.code(), Some(1));
    let told = String::from_utf8_lossy(&done.stdout);
    assert_snapshot!(told.trim_start().split_once("\n\n").expect("a table").1, @"
    FAILED   config: AWS_ENDPOINT_URL must be an https URL (http on this machine
             only), not http://aws.example:4566
             The bot does not start.
             Mend: change it or take it out, so that nobody on the way can read
             what is sent to AWS

    1 of 33 checks failed, 32 could not be tried.
    ");
}

#[tokio::test]
async fn no_endpoint_of_one_service_is_a_side_door() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = folder.path().join("aws-config");
    let profiles = "\
[default]
services = here
[profile everything]
endpoint_url = http://10.0.0.1
[services here]
organizations =
  endpoint_url = http://10.0.0.1
";
    std::fs::write(&config, profiles).expect("is written");
    let config = config.to_str().expect("is Unicode");
    for service in ["SSO_ADMIN", "IDENTITYSTORE", "ORGANIZATIONS", "STS", "SSO", "SSO_OIDC"] {
        let variable = format!("AWS_ENDPOINT_URL_{service}");
        // What is fine for all the others does not hide it.
        let variables = [(variable.as_str(), "http://10.0.0.1"), ("AWS_ENDPOINT_URL", "http://127.0.0.1:9")];
        let done = run(folder.path(), CHECK, &variables).await;
        assert_eq!(String::from_utf8_lossy(&done.stderr), refused(&variable, "http://10.0.0.1"));
    }
    // The SDK breaks off where it is empty.
    let done = run(folder.path(), CHECK, &[("AWS_ENDPOINT_URL", "")]).await;
    let either = "AWS_ENDPOINT_URL or endpoint_url in AWS's own configuration file";
    assert_eq!(String::from_utf8_lossy(&done.stderr), refused(either, "an empty one"));
    for profile in ["default", "everything"] {
        let done = run(folder.path(), CHECK, &[("AWS_CONFIG_FILE", config), ("AWS_PROFILE", profile)]).await;
        assert_eq!(
            String::from_utf8_lossy(&done.stderr),
            refused("endpoint_url in AWS's own configuration file", "http://10.0.0.1"),
            "{profile}"
        );
    }
}

#[tokio::test]
async fn an_endpoint_on_this_machine_is_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    // Port 9 is discard's: nothing listens there.
    for here in ["http://localhost:9", "https://127.0.0.1:9"] {
        let done = run(folder.path(), CHECK, &[("AWS_ENDPOINT_URL", here)]).await;
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(said.starts_with("sso-why: AWS could not be reached"), "{said}");
    }
}
