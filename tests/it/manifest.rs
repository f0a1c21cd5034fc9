//! The two manifests against the program: each asks for exactly what the program needs, and what it offers is
//! answered; and what the bot says where an administrator has not granted it all.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use insta::assert_snapshot;
use serde_json::{Value, json};
use sso_why::config::LookUpOthers;
use sso_why::sandbox::faults::Fault;
use sso_why::sandbox::slack::BOT_TOKEN;
use sso_why::sandbox::slack::outgoing::delivery::{EVENTS, JSON};
use sso_why::sandbox::workspace::messages::Message;
use sso_why::slack::app::{self, Event, Method, Shortcut, Takes};

use crate::harness::{World, in_time, seen, seen_in};

const HTTP: &str = "slack-app-http.json";
const SOCKET: &str = "slack-app-socket.json";

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect(path)
}

fn manifest(name: &str) -> Value {
    serde_json::from_str(&read(&format!("manifest/{name}"))).expect("JSON")
}

fn both() -> [(&'static str, Value); 2] {
    [HTTP, SOCKET].map(|name| (name, manifest(name)))
}

fn texts(list: &Value) -> BTreeSet<&str> {
    list.as_array().into_iter().flatten().map(|one| one.as_str().expect("text")).collect()
}

fn fields<'m>(list: &'m Value, name: &str) -> BTreeSet<&'m str> {
    list.as_array().into_iter().flatten().map(|one| one[name].as_str().expect("text")).collect()
}

#[test]
fn the_scopes_are_exactly_those_that_the_program_needs() {
    let needed: BTreeSet<&str> = app::scopes().into_keys().collect();
    for (name, manifest) in both() {
        let scopes = &manifest["oauth_config"]["scopes"];
        assert_eq!(texts(&scopes["bot"]), needed, "{name}");
        let kinds: Vec<&String> = scopes.as_object().expect("scopes").keys().collect();
        assert_eq!(kinds, ["bot"], "{name}: nothing is done in a person's name");
    }
}

#[test]
fn the_readme_says_what_each_scope_is_for() {
    let readme = read("README.md");
    let (_, section) = readme.split_once("### Slack scopes").expect("the section");
    let table = section.split("\n### ").next().expect("its end");
    let named = table.lines().filter_map(|line| line.strip_prefix("| `")?.split(" | ").next());
    let named: BTreeSet<&str> = named.flat_map(|cell| cell.trim_end_matches('`').split("`, `")).collect();
    assert_eq!(named, app::scopes().into_keys().collect());
}

/// The simulated Slack was written from the reference apart from the program, and tells what it accepts.
#[tokio::test]
async fn the_program_and_the_simulated_slack_have_read_the_same_reference() {
    let world = World::new().await;
    let url = world.sandbox.workspace().sandbox_url.clone();
    // Refused, so that nothing is done: what it would accept it says all the same.
    world.sandbox.faults.set("slack:*", Fault::Forbidden);
    // Socket Mode's takes the app-level token, whose scope is none of the bot's.
    for method in Method::ALL.into_iter().filter(|method| *method != Method::AppsConnectionsOpen) {
        let call = reqwest::Client::new().post(format!("{url}/api/{}", method.name())).bearer_auth(BOT_TOKEN);
        let answer = in_time(call.send()).await.expect("answered");
        let accepted = answer.headers().get("x-accepted-oauth-scopes");
        let accepted = accepted.map(|scopes| scopes.to_str().expect("text").split(',').collect());
        let takes: Option<BTreeSet<&str>> = match method.takes() {
            Takes::Nothing => None,
            Takes::Scope(scope) => Some([scope].into()),
            Takes::OneOf(kinds) => Some(kinds.iter().map(|(_, scope)| *scope).collect()),
        };
        assert_eq!(takes, accepted, "{}", method.name());
    }
}

#[test]
fn every_method_of_the_table_is_called_and_no_other() {
    let client = read("src/slack/client.rs");
    let called = client.clone() + &read("src/slack/socket/connection.rs");
    let called: BTreeSet<String> = called
        .split("Method::")
        .skip(1)
        .map(|rest| rest.chars().take_while(char::is_ascii_alphanumeric).collect())
        .collect();
    let table: BTreeSet<String> = Method::ALL.iter().map(|method| format!("{method:?}")).collect();
    assert_eq!(called, table);
    // Whatever goes another way than through these two is not held against the table.
    for call in ["http_post(", "http_get("] {
        assert_eq!(client.matches(call).count(), 1, "{call} is called in one place");
    }
}

#[test]
fn the_events_are_exactly_those_that_the_desk_answers() {
    let answered: BTreeSet<&str> = Event::ALL
        .iter()
        .flat_map(|event| event.subscriptions())
        .map(|subscription| subscription.name)
        .collect();
    for (name, manifest) in both() {
        assert_eq!(texts(&manifest["settings"]["event_subscriptions"]["bot_events"]), answered, "{name}");
    }
}

#[test]
fn the_command_the_shortcuts_and_what_is_pressed_and_typed_have_their_place() {
    let shortcuts: BTreeSet<&str> = Shortcut::ALL.iter().map(|shortcut| shortcut.callback_id()).collect();
    for (name, manifest) in both() {
        let (features, settings) = (&manifest["features"], &manifest["settings"]);
        assert_eq!(fields(&features["slash_commands"], "command"), [app::COMMAND].into(), "{name}");
        assert_eq!(fields(&features["shortcuts"], "callback_id"), shortcuts, "{name}");
        assert_eq!(fields(&features["shortcuts"], "type"), ["message"].into(), "{name}");
        assert_eq!(settings["interactivity"]["is_enabled"], true, "{name}: buttons and forms");
        assert_eq!(features["app_home"]["home_tab_enabled"], true, "{name}");
        assert_eq!(features["app_home"]["messages_tab_enabled"], true, "{name}: people write to the bot");
        assert_eq!(features["app_home"]["messages_tab_read_only_enabled"], false, "{name}");
    }
}

#[test]
fn over_http_every_kind_of_request_has_its_url_and_over_a_socket_none_has() {
    let urls = |manifest: &Value| {
        [
            "/features/slash_commands/0/url",
            "/settings/event_subscriptions/request_url",
            "/settings/interactivity/request_url",
            "/settings/interactivity/message_menu_options_url",
        ]
        .map(|place| manifest.pointer(place).and_then(Value::as_str).map(str::to_owned))
    };
    let at = |path: &str| Some(format!("https://sso-why.example.com/slack/{path}"));
    assert_eq!(urls(&manifest(HTTP)), ["commands", "events", "interactions", "interactions"].map(at));
    assert_eq!(urls(&manifest(SOCKET)), [None, None, None, None]);
    assert_eq!(manifest(HTTP)["settings"]["socket_mode_enabled"], false);
    assert_eq!(manifest(SOCKET)["settings"]["socket_mode_enabled"], true);
}

#[test]
fn but_for_how_slack_reaches_the_bot_the_two_are_the_same() {
    let mut http = manifest(HTTP);
    let socket = manifest(SOCKET);
    http["settings"]["socket_mode_enabled"] = json!(true);
    http["features"]["slash_commands"][0].as_object_mut().expect("a command").remove("url");
    http["settings"]["event_subscriptions"].as_object_mut().expect("events").remove("request_url");
    http["settings"]["interactivity"] = json!({"is_enabled": true});
    assert_eq!(http, socket);
}

/// What the manifest offers is not only listed in the program: each is answered over the wire.
#[tokio::test]
async fn everything_that_the_manifest_offers_is_answered() {
    let world = World::new().await;
    let manifest = manifest(HTTP);
    for command in fields(&manifest["features"]["slash_commands"], "command") {
        world.type_command("dana", "C0GENERAL", &format!("{command} help")).await;
        let help = world.last_seen("dana", "C0GENERAL");
        assert!(help.text.contains(command), "{}", help.text);
    }
    for shortcut in fields(&manifest["features"]["shortcuts"], "callback_id") {
        let message = world.say("dana", "C0GENERAL", "I can't see payments prod", None).await;
        in_time(world.sandbox.use_shortcut("dana", &message, shortcut)).await.expect("acknowledged");
        let form = world.form("dana").await;
        // Its type-ahead asks for options.
        let offered =
            in_time(world.sandbox.suggest("dana", &form.id, "account", "pay")).await.expect("offered");
        assert!(!offered.is_empty());
        in_time(world.sandbox.close_view("dana", &form.id)).await.expect("closed");
    }
    for event in texts(&manifest["settings"]["event_subscriptions"]["bot_events"]) {
        match event {
            "app_home_opened" => {
                in_time(world.sandbox.open_home("dana")).await.expect("told");
                in_time(world.sandbox.wait_for(|workspace| workspace.home_of("U0DANA").cloned())).await;
            }
            "app_mention" => {
                let thread = world.say("dana", "C0GENERAL", "@sso-why payments prod", None).await;
                world.answer_in(&thread).await;
            }
            "message.im" => {
                let direct = world.direct_channel("dana");
                world.say("dana", &direct, "hello?", None).await;
                world.last_direct("dana").await;
            }
            "message.channels" => written_in_a_tickets_thread_arrives("sam", "C0HELPDESK").await,
            "message.groups" => written_in_a_tickets_thread_arrives("bo", "C0ADMINS").await,
            other => panic!("nobody answers {other}"),
        }
    }
}

/// In a company whose help desk is in this channel.
async fn written_in_a_tickets_thread_arrives(agent: &str, channel: &str) {
    let world = World::with(|config| config.slack.helpdesk_channel = Some(channel.to_owned())).await;
    let report = world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    world.click("dana", &report, "escalate").await;
    let form = world.form("dana").await;
    world.submit("dana", &form, &[]).await;
    let card = world.last_from_the_bot(agent, channel).await;
    // Once she has been told of her ticket, it is known by its card.
    world.last_direct("dana").await;
    world.say(agent, channel, "Hello Dana", Some(&card.ts)).await;
    let direct = world.direct_channel("dana");
    world.seen_once("dana", &direct, "Hello Dana").await;
}

/// An event that the app did not subscribe to, and a shortcut that it does not have, do nobody any harm.
#[tokio::test]
async fn what_no_manifest_offers_is_acknowledged_and_left() {
    let world = World::new().await;
    let event = json!({"type": "event_callback", "event_id": "Ev1", "event": {"type": "reaction_added", "user": "U0DANA"}});
    let told = in_time(world.sandbox.deliver(EVENTS, JSON, &event.to_string(), &[])).await.expect("answered");
    assert_eq!((told.status, told.body.as_str()), (200, ""));
    assert_eq!(Event::named("reaction_added"), None);
    assert_eq!(Shortcut::named("diagnose_everything"), None);
}

/// What a person sees, but for the reference that they are to quote: it is random.
fn told(message: &Message) -> String {
    let pieces = seen(message).split('"').map(str::to_owned).enumerate().collect::<Vec<_>>();
    let told =
        pieces.into_iter().map(|(position, piece)| if position == 1 { "REF".to_owned() } else { piece });
    told.collect::<Vec<_>>().join("\"")
}

/// A company whose administrator has not granted one scope.
async fn without(scope: &str) -> World {
    let world = World::new().await;
    assert!(world.sandbox.workspace().app.scopes.remove(scope), "{scope} is one of the manifest's");
    world
}

#[tokio::test]
async fn a_question_without_a_permission_is_no_no_and_names_the_permission() {
    let world = without("users:read").await;
    world.expects_error("whether somebody is of the organization could not be read");
    let told = world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    assert_snapshot!(seen(&told), @"I could not check in Slack whether you may ask here, so I have not looked. Tell the help desk that I need the Slack permission users:read for it.");

    let world = without("users:read.email").await;
    let told = world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    assert_snapshot!(seen(&told), @"I could not look: Slack does not let me see e-mail addresses, and that is how I find people in AWS. Tell the help desk that I need the Slack permission users:read.email.");

    let world = without("channels:read").await;
    world.expects_error("the help desk's members could not be read");
    let told = world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    assert_snapshot!(seen(&told), @"Slack does not let me see whether another organization reads in this channel, so I answer nothing here. Ask me in a direct message; whoever runs me can give me the Slack permission channels:read.");
    // Where the bot is not asked in a channel, it need not know who reads there; who the help desk is, it must.
    let direct = world.direct_channel("sam");
    let told = world.ask("sam", &direct, "/sso-why @dana Payments-Prod").await;
    assert_snapshot!(seen(&told), @"I could not check whether you are on the help desk: Slack did not let me read its members. Whoever runs me can give me the Slack permission channels:read; asking about yourself works now.");
    let told = world.ask("sam", &direct, "/sso-why Payments-Prod").await;
    assert!(told.text.contains("Payments-Prod"), "{}", told.text);
    assert!(!told.text.contains("permission"), "{}", told.text);
}

#[tokio::test]
async fn somebody_who_has_no_address_is_told_from_an_app_that_may_see_none() {
    let world = World::with(|config| config.slack.look_up_others = LookUpOthers::Everyone).await;
    let nameless = world.sandbox.scenario.people.iter().find(|person| {
        person.email.is_none() && person.slack.is_some() && !person.deleted && person.other_team.is_none()
    });
    let key = nameless.expect("somebody without an address").key.clone();
    let told = world.ask("dana", "C0GENERAL", &format!("/sso-why @{key} Payments-Prod")).await;
    assert!(told.text.contains("shows me no e-mail address for"), "{}", told.text);
}

#[tokio::test]
async fn a_mention_by_address_without_the_permission_is_no_unknown_person() {
    let world = without("users:read.email").await;
    world.expects_error("a mention could not be answered");
    let thread = world.say("sam", "C0HELPDESK", "@sso-why dana@example.com payments prod", None).await;
    assert_snapshot!(told(&world.answer_in(&thread).await), @r#"I could not do that: Slack did not let me, which is no fault of yours. Tell the help desk "REF", and that I need the Slack permission users:read.email."#);
}

#[tokio::test]
async fn a_ticket_that_could_not_be_posted_is_said_and_nothing_is_lost() {
    let world = World::new().await;
    world.expects_error("a message could not be posted");
    world.leaves_unread("The help desk has your question about");
    let report = world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    world.sandbox.workspace().app.scopes.remove("chat:write");
    world.click("dana", &report, "escalate").await;
    let form = world.form("dana").await;
    world.submit("dana", &form, &[]).await;
    let refused = world.another("dana", "C0GENERAL", &report).await;
    assert_snapshot!(told(&refused), @r#"I could not reach the help desk's channel. Nothing is lost: press the button again, or tell them "REF" yourself."#);
    assert!(world.all_seen("sam", "C0HELPDESK").is_empty());

    // Once it is granted, the same button does it.
    world.sandbox.workspace().app.scopes.insert("chat:write".to_owned());
    world.click("dana", &report, "escalate").await;
    let form = world.form("dana").await;
    world.submit("dana", &form, &[]).await;
    world.last_from_the_bot("sam", "C0HELPDESK").await;
}

#[tokio::test]
async fn a_home_tab_says_what_it_lacks_instead_of_nothing() {
    let world = without("users:read").await;
    world.expects_error("a Home tab's reader could not be read");
    in_time(world.sandbox.open_home("dana")).await.expect("told");
    let home = in_time(world.sandbox.wait_for(|workspace| workspace.home_of("U0DANA").cloned())).await;
    assert_snapshot!(seen_in(home.blocks()), @"I could not check in Slack whether you may ask here, so I have not looked. Tell the help desk that I need the Slack permission users:read for it.");
}

#[tokio::test]
async fn a_digest_that_slack_refuses_is_not_counted_as_posted() {
    let world = without("chat:write").await;
    world.expects_error("Slack refused the digest; its headline is tried");
    let refused = world.desk().look_and_post_digest().await.expect_err("Slack refuses it");
    assert_snapshot!(refused.to_string(), @"Slack did not take the digest (chat.postMessage: Slack refused it: the app lacks the scope chat:write); look whether the bot is in the channel of [slack] admin_channel and try again");
    world.sandbox.workspace().app.scopes.insert("chat:write".to_owned());
    world.desk().look_and_post_digest().await.expect("now it is posted");
    world.last_from_the_bot("bo", "C0ADMINS").await;
}
