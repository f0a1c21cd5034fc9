//! What a network, an impatient finger and a Slack in trouble do: repeated requests, expired leave to answer,
//! throttling, an outage. Everything is answered, and once.

use jiff::SignedDuration;
use sso_why::sandbox::faults::Fault;
use sso_why::sandbox::workspace::messages::Message;

use crate::harness::{World, in_time, seen};

/// Every method that the bot calls, as the sandbox names it.
const METHODS: [&str; 10] = [
    "slack:response_url",
    "slack:users.info",
    "slack:users.lookupByEmail",
    "slack:conversations.members",
    "slack:conversations.info",
    "slack:chat.postMessage",
    "slack:chat.update",
    "slack:chat.getPermalink",
    "slack:views.open",
    "slack:views.publish",
];

/// Dana's question is handed to the help desk, and Sam takes it.
async fn taken(world: &World) -> (Message, Message) {
    let report = world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    world.click("dana", &report, "escalate").await;
    let form = world.form("dana").await;
    world.submit("dana", &form, &[("note", "please")]).await;
    let ticket = world.seen_once("sam", "C0HELPDESK", "New.").await;
    let direct = world.last_direct("dana").await;
    world.press("sam", &ticket, "claim").await;
    world.changed("dana", &direct).await;
    (ticket, direct)
}

/// Delivers the last request of this kind with these words once more, as it was.
async fn again(world: &World, kind: &str, words: &str) {
    let delivery = {
        let workspace = world.sandbox.workspace();
        let mut all = workspace.deliveries().iter();
        all.rfind(|one| one.kind() == kind && one.body.contains(words) && !one.body.contains("bot_id"))
            .cloned()
    };
    let delivery = delivery.expect("there was one");
    let answer = in_time(world.sandbox.deliver_again(&delivery)).await.expect("it is acknowledged");
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn an_event_that_slack_repeats_does_its_work_once() {
    let world = World::new().await;
    let (ticket, direct) = taken(&world).await;
    world.say("sam", "C0HELPDESK", "Hello", Some(&ticket.ts)).await;
    again(&world, "message", "Hello").await;
    again(&world, "message", "Hello").await;
    world.seen_once("dana", &direct.channel, "Hello").await;
    world.say("sam", "C0HELPDESK", "That is all", Some(&ticket.ts)).await;
    world.seen_once("dana", &direct.channel, "That is all").await;
    let hellos = world.direct_messages("dana").iter().filter(|said| said.text.contains("Hello")).count();
    assert_eq!(hellos, 1);
}

#[tokio::test]
async fn a_command_that_arrives_twice_is_answered_once() {
    let world = World::new().await;
    world.sandbox.calls.shut_gate();
    world.type_command("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    again(&world, "command", "Payments").await;
    world.sandbox.calls.open_gate();
    world.settled("dana", "C0GENERAL").await;
    again(&world, "command", "Payments").await;
    world.ask("dana", "C0GENERAL", "/sso-why help").await;
    assert_eq!(world.answers_by_response_url(), 1);
}

#[tokio::test]
async fn a_double_click_does_its_work_once() {
    let world = World::new().await;
    let report = world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    world.click("dana", &report, "watch").await;
    world.click("dana", &report, "watch").await;
    let promise = world.another("dana", "C0GENERAL", &report).await;
    world.press("dana", &report, "recheck").await;
    let said = world.all_seen("dana", "C0GENERAL");
    assert_eq!(said.last().map(|last| &last.ts), Some(&promise.ts), "one promise: {said:?}");
}

#[tokio::test]
async fn when_the_response_url_has_expired_the_answer_comes_directly_and_once() {
    let world = World::new().await;
    world.leaves_unread("Looking why Payments-Prod is missing");
    world.sandbox.calls.shut_gate();
    world.type_command("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    world.sandbox.workspace().expire_response_urls();
    world.die_and_start_again();
    world.sandbox.calls.open_gate();
    let direct = world.last_direct("dana").await;
    assert!(direct.text.contains("Payments-Prod"), "{}", direct.text);
    world.ask("dana", "C0GENERAL", "/sso-why Ledger-Prod").await;
    assert_eq!(world.direct_messages("dana").len(), 1);
}

/// The bot dies each time when Slack has the answer and before it could note that, until the response URL has been
/// used up: what stands there is not said a second time in a direct message.
#[tokio::test]
async fn answer_that_used_up_its_response_url_does_not_come_directly() {
    let world = World::new().await;
    world.sandbox.calls.shut_gate_behind("slack:response_url");
    world.type_command("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    for death in 1..=5 {
        in_time(world.sandbox.calls.stand_at_gate(death)).await;
        world.die_and_start_again();
    }
    in_time(world.sandbox.calls.stand_at_gate(6)).await;
    world.sandbox.calls.open_gate();
    in_time(world.all_is_done()).await;
    assert_eq!(world.answers_by_response_url(), 6, "five that Slack took, and one that it refused");
    assert_eq!(world.all_seen("dana", "C0GENERAL").len(), 1, "each in the place of the one before");
    assert!(world.direct_messages("dana").is_empty(), "{:?}", world.direct_messages("dana"));
}

#[tokio::test]
async fn where_a_forms_response_url_has_expired_the_answer_comes_directly_and_no_looking_in_its_place() {
    let world = World::new().await;
    world.type_command("dana", "C0GENERAL", "/sso-why").await;
    let form = world.form("dana").await;
    in_time(world.sandbox.suggest("dana", &form.id, "account", "paym")).await.expect("options");
    world.sandbox.workspace().expire_response_urls();
    world.submit("dana", &form, &[("account", "111122223333")]).await;
    let direct = world.last_direct("dana").await;
    assert!(seen(&direct).contains("Payments-Prod"), "{}", seen(&direct));
    assert!(!direct.text.starts_with("Looking "), "{}", direct.text);
    world.all_is_done().await;
    assert_eq!(world.direct_messages("dana").len(), 1);
}

#[tokio::test]
async fn a_click_on_a_message_of_an_older_version_is_answered() {
    let world = World::new().await;
    world.leaves_unread("This message is too old for its buttons.");
    let mut report = world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    for block in report.blocks.iter_mut().filter(|block| block["type"] == "actions") {
        for element in block["elements"].as_array_mut().into_iter().flatten() {
            element["value"] = "of the year before last".into();
        }
    }
    for action in ["recheck", "show_steps", "watch", "escalate"] {
        world.press_on_what_was("U0DANA", &report, action).await;
        world.pass(SignedDuration::from_secs(3));
    }
    for action in ["claim", "resolve", "reopen", "sync_now", "ask_owner"] {
        report.blocks[0] = serde_json::json!({"elements": [{"action_id": action, "value": "old"}]});
        world.press_on_what_was("U0DANA", &report, action).await;
    }
    let direct = world.direct_channel("dana");
    let told = in_time(world.sandbox.wait_for(|workspace| {
        let told: Vec<_> = workspace.messages_seen_by("U0DANA", &direct).cloned().collect();
        (told.len() == 9).then_some(told)
    }));
    let told = told.await;
    assert!(told.iter().all(|one| one.text.contains("too old for its buttons")), "{told:?}");
}

#[tokio::test]
async fn throttled_at_every_method_everything_still_comes_once() {
    for method in METHODS {
        let world = World::new().await;
        world.sandbox.faults.set_times(method, Fault::Throttled { retry_after: 0 }, 2);
        let (ticket, direct) = taken(&world).await;
        world.say("sam", "C0HELPDESK", "Hello", Some(&ticket.ts)).await;
        world.seen_once("dana", &direct.channel, "Hello").await;
        assert_eq!(world.all_seen("sam", "C0HELPDESK").len(), 1, "{method}: one ticket");
        assert_eq!(world.direct_messages("dana").len(), 2, "{method}: where it is, and what Sam said");
    }
}

#[tokio::test]
async fn slack_is_down_for_two_minutes_and_nothing_is_lost() {
    let world = World::new().await;
    let (ticket, direct) = taken(&world).await;
    world.sandbox.faults.set("slack:*", Fault::Html500);
    world.type_command("jonas", "C0GENERAL", "/sso-why Payments-Dev").await;
    world.say("sam", "C0HELPDESK", "Hello", Some(&ticket.ts)).await;
    let calls = || world.sandbox.calls.counts().get("slack:users.info").copied().unwrap_or_default();
    let (since, before) = ((world.sandbox.clock)(), calls());
    let are_over = || (world.sandbox.clock)() >= since + SignedDuration::from_mins(2) && calls() > before + 4;
    world.while_time_passes(world.once(are_over)).await;
    world.sandbox.faults.clear();
    let answer = world.while_time_passes(world.settled("jonas", "C0GENERAL")).await;
    assert!(seen(&answer).contains("Payments-Dev"), "{}", seen(&answer));
    world.while_time_passes(world.seen_once("dana", &direct.channel, "Hello")).await;
    assert_eq!(world.all_seen("jonas", "C0GENERAL").len(), 1);
    assert!(world.direct_messages("jonas").is_empty());
    assert_eq!(world.direct_messages("dana").len(), 2);
    world.while_time_passes(world.all_is_done()).await;
}

#[tokio::test]
async fn where_the_store_is_away_nothing_is_promised_and_slack_repeats_the_event() {
    let world = World::new().await;
    world.expects_error("the store is away, so that a request was not taken");
    let (ticket, _) = taken(&world).await;
    in_time(world.all_is_done()).await;
    world.take_the_store_away().await;
    world.type_command("jonas", "C0GENERAL", "/sso-why Payments-Dev").await;
    let told = world.last_seen("jonas", "C0GENERAL");
    assert!(told.text.contains("I cannot take questions right now"), "{}", told.text);
    let refused = world.sandbox.say("sam", "C0HELPDESK", "Hello", Some(&ticket.ts)).await;
    assert!(refused.expect_err("is to be repeated").to_string().contains("503"));
}
