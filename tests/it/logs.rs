//! What stands in the log while everything happens at the loudest level: a line for each question with the reference
//! that its report shows, and nothing secret, nobody's name, and no piece of a directory.

mod buttons;

use serde_json::Value;
use sso_why::config::Mode;
use sso_why::sandbox::faults::Fault;
use sso_why::sandbox::graph::GRAPH_TOKEN;
use sso_why::sandbox::okta::OKTA_TOKEN;
use sso_why::sandbox::okta::key::private_key_pem;
use sso_why::sandbox::scenario::Scenario;
use sso_why::sandbox::slack::{APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, VERIFICATION_TOKEN};
use sso_why::sandbox::workspace::controls::find_control;
use sso_why::sandbox::workspace::messages::Message;
use sso_why::sandbox::workspace::views::OpenView;

use crate::harness::in_time;
use crate::processes::{AWS_SECRET, Processes};
use buttons::every_other_button;

const GENERAL: &str = "C0GENERAL";

#[tokio::test]
async fn over_entra_and_http_the_log_keeps_every_secret() {
    let bot = Processes::start_loud("company", Mode::Http).await;
    everything_happens(&bot, "company", &["graph:users", "graph:auditLogs/provisioning"]).await;
}

#[tokio::test]
async fn over_okta_and_socket_mode_the_log_keeps_every_secret() {
    let bot = Processes::start_loud("okta", Mode::Socket).await;
    everything_happens(&bot, "okta", &["okta:users", "okta:logs"]).await;
}

#[tokio::test]
async fn a_line_is_json_or_for_a_person_as_the_variable_says() {
    let bot = Processes::start_loud("no-idp", Mode::Http).await;
    let check = ["check", "dana@example.com", "Payments-Prod"];
    let loud = |format| [("SSO_WHY_LOG", "sso_why=info"), ("SSO_WHY_LOG_FORMAT", format)];

    let logged = in_time(bot.command(&check, &loud("pretty"))).await.stderr;
    let logged = String::from_utf8(logged).expect("is Unicode");
    assert!(logged.contains(" INFO question{reference="), "{logged}");

    let done = in_time(bot.command(&check, &[])).await;
    let lines = parsed(&String::from_utf8(done.stderr).expect("is Unicode"));
    let printed = String::from_utf8(done.stdout).expect("is Unicode");
    let reference = printed.lines().last().expect("a line").trim().strip_prefix("Reference ");
    assert_eq!(answered(&lines, reference.expect("a reference")).len(), 1, "{printed}");

    let refused = in_time(bot.command(&check, &loud("xml"))).await;
    assert_eq!(refused.status.code(), Some(1));
    let said = String::from_utf8(refused.stderr).expect("is Unicode");
    assert_eq!(said, "sso-why: SSO_WHY_LOG_FORMAT is neither json nor pretty; set one of them\n");
}

/// A question, its buttons, an escalation, a mention, a form, the Home tab, the digest and errors of every sort; then
/// the log is searched.
async fn everything_happens(bot: &Processes, scenario: &str, of_the_idp: &[&str]) {
    let company = &bot.sandbox;
    let reference = questions_and_buttons(bot).await;

    let thread = in_time(company.say("sam", GENERAL, "@sso-why why can't @dana see payments prod?", None));
    let thread = thread.await.expect("is said");
    in_time(company.wait_for(|workspace| {
        let mut messages = workspace.messages().iter();
        messages.find(|message| {
            message.author == workspace.bot_user_id && message.thread_ts.as_ref() == Some(&thread)
        })?;
        Some(())
    }))
    .await;
    in_time(company.open_home("dana")).await.expect("is opened");
    by_the_form(bot).await;
    let broken = everything_fails(bot, of_the_idp).await;

    let elsewhere = [("DATABASE_URL", "sqlite://digest.db")];
    let digest = in_time(bot.command(&["digest", "--post"], &elsewhere)).await;
    assert!(digest.status.success(), "{digest:?}");
    every_other_button(bot, &["recheck", "escalate", "show_steps", "claim"]).await;
    let check = ["check", "dana@example.com", "Payments-Prod", "--format", "json"];
    let checked = in_time(bot.command(&check, &[])).await;
    bot.stop(0).await;

    let checked_log = String::from_utf8(checked.stderr).expect("is Unicode");
    let digest_log = String::from_utf8(digest.stderr).expect("is Unicode");
    assert!(digest_log.contains("sso-why: there was no store at /"), "{digest_log}");
    let log = bot.logs();
    assert_nothing_secret(bot, scenario, &[&log, &digest_log, &checked_log].map(String::as_str).concat());

    let lines = parsed(&log);
    assert!(lines.iter().any(|line| line["level"] == "TRACE" || line["level"] == "DEBUG"), "it is loud");
    assert!(lines.iter().any(|line| message(line).starts_with("the store is /")), "it tells where that is");
    let answers = answered(&lines, &reference);
    let first: Vec<_> = answers.iter().filter(|line| line["fields"]["live"] == false).collect();
    assert_eq!(first.len(), 1, "one line for one question: {answers:#?}");
    assert!(answers.len() > 1, "and one for each time that somebody has it looked at again: {answers:#?}");
    assert_eq!(first[0]["fields"]["verdict"], "blocked");
    assert!(first[0]["fields"]["took_ms"].is_number(), "{first:#?}");
    let broke = |line: &&Value| line["level"] == "ERROR" && line["span"]["reference"] == broken.as_str();
    assert_eq!(lines.iter().filter(broke).count(), 1, "what broke is found by what the apology names");
    let claimed =
        lines.iter().find(|line| message(line) == "a ticket" && line["fields"]["what"] == "claimed");
    assert_eq!(claimed.expect("it is logged")["span"]["reference"], reference.as_str(), "{claimed:?}");
    // Whatever fails while a question is answered is logged with its reference. Some calls are made for nobody.
    let failed: Vec<_> = lines.iter().filter(|line| message(line).ends_with("call failed")).collect();
    let belongs =
        |line: &&&Value| line["spans"].as_array().is_some_and(|spans| spans.iter().any(has_reference));
    assert!(failed.iter().filter(belongs).count() > 0, "{failed:#?}");

    let told: Value = serde_json::from_slice(&checked.stdout).expect("is JSON");
    let told = told["reference"].as_str().expect("a reference");
    assert_eq!(answered(&parsed(&checked_log), told).len(), 1, "{checked_log}");
}

/// Dana asks, looks at the steps, asks anew and hands it to the help desk, where Sam takes it. Gives the reference of
/// her report.
pub async fn questions_and_buttons(bot: &Processes) -> String {
    let company = &bot.sandbox;
    typed(bot, "dana", "Payments-Prod").await;
    let report = report_of(bot, "dana").await;
    let reference = reference_of(&report);
    for action in ["show_steps", "recheck"] {
        let before = company.workspace().message(&report.ts).cloned().expect("is there");
        in_time(company.press("dana", &report.ts, action)).await.expect("is acknowledged");
        in_time(company.wait_for(|workspace| {
            workspace.message(&report.ts).filter(|now| now.blocks != before.blocks).map(drop)
        }))
        .await;
    }
    in_time(company.press("dana", &report.ts, "escalate")).await.expect("is acknowledged");
    let form = form_of(bot, "dana").await;
    let note = [("note", "I need it for the month-end")];
    in_time(company.submit_view("dana", &form.id, &note)).await.expect("is sent");
    let card = in_time(company.wait_for(|workspace| {
        let mut seen = workspace.messages_seen_by("U0SAM", "C0HELPDESK");
        seen.find(|message| find_control(&message.blocks, None, "claim").is_some()).cloned()
    }))
    .await;
    in_time(company.press("sam", &card.ts, "claim")).await.expect("is acknowledged");
    in_time(company.wait_for(|workspace| {
        let card = workspace.message(&card.ts)?;
        find_control(&card.blocks, None, "resolve").map(drop)
    }))
    .await;
    reference
}

/// Hana asks by the form.
async fn by_the_form(bot: &Processes) {
    let company = &bot.sandbox;
    in_time(company.type_command("hana", GENERAL, "/sso-why")).await.expect("is acknowledged");
    let form = form_of(bot, "hana").await;
    let offered =
        in_time(company.suggest("hana", &form.id, "account", "orders-prod")).await.expect("options");
    let account = offered[0]["value"].as_str().expect("a value");
    in_time(company.submit_view("hana", &form.id, &[("account", account)])).await.expect("is sent");
    report_of(bot, "hana").await;
}

/// The company answers nonsense, refuses, throttles and breaks, and people ask all the same. Gives the
/// reference that an apology names.
async fn everything_fails(bot: &Processes, of_the_idp: &[&str]) -> String {
    let company = &bot.sandbox;
    let faults = [
        ("tomas", Fault::MalformedJson),
        ("kofi", Fault::Forbidden),
        ("zoe", Fault::Html500),
        ("femi", Fault::Throttled { retry_after: 1 }),
    ];
    for (person, fault) in faults {
        for operation in ["identitystore:ListGroupMembershipsForMember", "sso:ListAccountAssignments"] {
            company.faults.set(operation, fault.clone());
        }
        for operation in of_the_idp {
            company.faults.set(operation, fault.clone());
        }
        typed(bot, person, "Orders-Prod").await;
        report_of(bot, person).await;
        company.faults.clear();
    }
    // The first call is about whether they are served at all.
    company.faults.set_times_after("slack:users.info", 1, Fault::Forbidden, 1);
    typed(bot, "jonas", "Orders-Prod").await;
    let apology = in_time(company.wait_for(|workspace| {
        let mut messages = workspace.messages().iter();
        messages.find(|message| message.text.contains("Slack did not let me")).cloned()
    }))
    .await;
    company.faults.clear();
    let address = company.workspace().bot_url.clone();
    let unsigned =
        reqwest::Client::new().post(format!("{address}/slack/commands")).body("text=noah@example.com");
    // In Socket Mode there is no such route.
    in_time(unsigned.send()).await.expect("is answered");
    apology.text.split('"').nth(1).expect("a reference").to_owned()
}

fn assert_nothing_secret(bot: &Processes, scenario: &str, log: &str) {
    let secrets =
        [BOT_TOKEN, APP_TOKEN, SIGNING_SECRET, VERIFICATION_TOKEN, GRAPH_TOKEN, OKTA_TOKEN, AWS_SECRET];
    // Tokens by whatever name, Slack's addresses for answers and for connections, and what opens a form.
    let key = private_key_pem().expect("a key").lines().filter(|line| !line.starts_with('-'));
    let marks = [
        "Bearer ",
        "SSWS ",
        "client_assertion",
        "access_token",
        "/response/",
        "ticket-",
        "ticket=",
        "13345224609.",
        "x-amz-security-token",
    ];
    let scenario = Scenario::named(scenario).expect("is built in").expect("parses");
    let people = scenario.people.iter().flat_map(|person| {
        std::iter::once(person.name.clone()).chain(person.email.clone()).collect::<Vec<_>>()
    });
    let groups = scenario.groups.iter().map(|group| group.name.clone());
    let deliveries = bot.sandbox.workspace().deliveries().len();
    assert!(deliveries > 10, "{deliveries} deliveries");
    let sought = secrets.into_iter().chain(marks).chain(key).map(str::to_owned).chain(people).chain(groups);
    for sought in sought {
        let line = log.lines().find(|line| line.contains(&sought));
        assert_eq!(line, None, "{sought:?} stands in the log");
    }
}

pub async fn typed(bot: &Processes, person: &str, words: &str) {
    let typed = format!("/sso-why {words}");
    in_time(bot.sandbox.type_command(person, GENERAL, &typed)).await.expect("is acknowledged");
}

/// The report before this person's eyes, once it is there.
pub async fn report_of(bot: &Processes, person: &str) -> Message {
    let user = bot.sandbox.workspace().user(person).expect("they are in Slack").id.clone();
    in_time(bot.sandbox.wait_for(|workspace| {
        let mut seen = workspace.messages_seen_by(&user, GENERAL);
        let is_report = |message: &&Message| {
            message.is_ephemeral() && find_control(&message.blocks, None, "show_steps").is_some()
        };
        seen.find(is_report).cloned()
    }))
    .await
}

async fn form_of(bot: &Processes, person: &str) -> OpenView {
    let user = bot.sandbox.workspace().user(person).expect("they are in Slack").id.clone();
    in_time(bot.sandbox.wait_for(|workspace| workspace.modals_of(&user).last().cloned())).await
}

/// What a report says at its end.
fn reference_of(report: &Message) -> String {
    let small = report.blocks.iter().rfind(|block| block["type"] == "context").expect("it is there");
    let small = small["elements"][0]["text"].as_str().expect("a text");
    small.rsplit_once(" · ").expect("a reference").1.to_owned()
}

/// The lines of a log, each of which is an object.
fn parsed(log: &str) -> Vec<Value> {
    let read = |line| serde_json::from_str(line).unwrap_or_else(|_| panic!("is no JSON: {line}"));
    log.lines().map(read).collect()
}

/// The lines that tell of the answer to the question of this reference.
fn answered<'l>(lines: &'l [Value], reference: &str) -> Vec<&'l Value> {
    let it = |line: &&Value| message(line) == "answered" && line["fields"]["reference"] == reference;
    lines.iter().filter(it).collect()
}

fn message(line: &Value) -> &str {
    line["fields"]["message"].as_str().unwrap_or_default()
}

fn has_reference(span: &Value) -> bool {
    span["name"] == "question" && span["reference"].is_string()
}
