//! What people do the moment that they see a message, before the bot has heard from Slack that it stands there or
//! has noted where. Nothing of it is lost.

use sso_why::sandbox::faults::Fault;
use sso_why::sandbox::workspace::messages::Message;

use crate::harness::{World, in_time, seen};

const DESK: &str = "C0HELPDESK";

/// Dana hands her question to the help desk.
async fn escalated(world: &World) {
    let report = world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    world.click("dana", &report, "escalate").await;
    let form = world.form("dana").await;
    world.submit("dana", &form, &[("note", "please")]).await;
}

/// The help desk sees the ticket, and an agent answers below it.
async fn answered_at_once(world: &World, words: &str) -> Message {
    let card = world.seen_once("sam", DESK, "New.").await;
    world.say("sam", DESK, words, Some(&card.ts)).await;
    card
}

/// What Dana was told directly that holds these words.
fn told(world: &World, words: &str) -> usize {
    world.direct_messages("dana").iter().filter(|message| seen(message).contains(words)).count()
}

#[tokio::test]
async fn an_answer_comes_before_the_link_to_the_ticket() {
    let world = World::new().await;
    world.sandbox.calls.shut_gate_for("slack:chat.getPermalink");
    escalated(&world).await;
    in_time(world.sandbox.calls.stand_at_gate(1)).await;
    answered_at_once(&world, "Which of the two?").await;
    // It does not wait for the link.
    world.seen_once("dana", &world.direct_channel("dana"), "Which of the two?").await;
    world.sandbox.calls.open_gate();
    let direct =
        world.seen_once("dana", &world.direct_channel("dana"), "The help desk has your question").await;
    assert!(seen(&direct).contains("See their message"), "{}", seen(&direct));
}

#[tokio::test]
async fn an_answer_comes_before_slack_has_said_where_the_ticket_stands() {
    let world = World::new().await;
    world.sandbox.calls.shut_gate_behind("slack:chat.postMessage");
    escalated(&world).await;
    in_time(world.sandbox.calls.stand_at_gate(1)).await;
    answered_at_once(&world, "Which of the two?").await;
    in_time(it_has_been_looked_at(&world)).await;
    world.sandbox.calls.open_gate();
    let home = world.direct_channel("dana");
    world.while_time_passes(world.seen_once("dana", &home, "Which of the two?")).await;
    assert_eq!(told(&world, "Which of the two?"), 1);
}

#[tokio::test]
async fn an_answer_comes_before_the_bot_has_noted_the_ticket_and_died() {
    let world = World::new().await;
    world.sandbox.calls.shut_gate_behind("slack:chat.postMessage");
    escalated(&world).await;
    in_time(world.sandbox.calls.stand_at_gate(1)).await;
    answered_at_once(&world, "Which of the two?").await;
    in_time(it_has_been_looked_at(&world)).await;
    world.die_and_start_again();
    world.sandbox.calls.open_gate();
    let home = world.direct_channel("dana");
    world.while_time_passes(world.seen_once("dana", &home, "Which of the two?")).await;
    world.while_time_passes(world.seen_once("dana", &home, "The help desk has your question")).await;
    assert_eq!(told(&world, "Which of the two?"), 1);
    let cards = world.all_seen("sam", DESK).into_iter().filter(|message| message.thread_ts.is_none());
    assert_eq!(cards.count(), 1);
}

#[tokio::test]
async fn what_people_say_to_each_other_beside_a_ticket_is_none_of_it() {
    let world = World::new().await;
    let theirs = world.say("femi", DESK, "Lunch?", None).await;
    world.sandbox.faults.set("slack:chat.postMessage", Fault::Html500);
    escalated(&world).await;
    world.say("sam", DESK, "At noon", Some(&theirs)).await;
    in_time(it_has_been_looked_at(&world)).await;
    world.sandbox.faults.clear();
    let home = world.direct_channel("dana");
    world.while_time_passes(world.seen_once("dana", &home, "The help desk has your question")).await;
    world.while_time_passes(world.all_is_done()).await;
    assert_eq!(told(&world, "At noon"), 0);
}

/// A worker has had the words in its hands, and has noted what came of it.
async fn it_has_been_looked_at(world: &World) {
    const HEARD: &str = "SELECT COUNT(*) FROM job WHERE key LIKE 'event:%' AND state <> 'leased' \
        AND (tries > 0 OR state = 'done' OR run_at > $1)";
    let mut moments = tokio::time::interval(std::time::Duration::from_millis(10));
    let now = (world.sandbox.clock)().as_millisecond();
    let heard = || sqlx::query_scalar::<_, i64>(HEARD).bind(now).fetch_one(world.store.pool());
    while heard().await.expect("the store is there") == 0 {
        moments.tick().await;
    }
}
