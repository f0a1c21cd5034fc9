//! "Tell me when it's fixed": when the bot looks again, what it tells, and that a restart changes nothing.

use insta::assert_snapshot;
use jiff::SignedDuration;
use sso_why::sandbox::faults::Fault;

use crate::harness::{World, in_time, seen};

#[tokio::test]
async fn what_waits_for_a_cycle_is_told_of_once_that_has_brought_it() {
    let world = World::of("company").await;
    let report = world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    assert!(seen(&report).contains("[Tell me when it's fixed]"), "{}", seen(&report));
    world.click("dana", &report, "watch").await;
    let without_the_button = world.changed("dana", &report).await;
    assert!(!seen(&without_the_button).contains("[Tell me"), "{}", seen(&without_the_button));
    let promise = world.another("dana", "C0GENERAL", &report).await;
    assert_snapshot!(seen(&promise), @"I will tell you when Payments-Prod is there. I look again at about 2026-11-24 14:40 UTC, and for 24 hours at most.");
    assert!(world.direct_messages("dana").is_empty());

    let told = world.while_passing(SignedDuration::from_secs(10), world.last_direct("dana")).await;
    assert_snapshot!(seen(&told), @"
    You have access to Payments-Prod: ReadOnly, through AWS-Payments-ReadOnly.
    You asked me to tell you, 2026-11-24 14:12 UTC.
    Next: if the portal does not show it yet, sign out of the access portal, wait about 3 minutes and sign in again.
    ");
    world.pass(SignedDuration::from_hours(30));
    let again = world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    assert!(!seen(&again).contains("[Tell me"), "{}", seen(&again));
    assert_eq!(world.direct_messages("dana").len(), 1, "it is told once");
}

#[tokio::test]
async fn a_restart_forgets_no_watch_and_a_second_press_opens_none() {
    let world = World::new().await;
    let earlier = world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    let report = world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    world.click("dana", &report, "watch").await;
    let promise = world.another("dana", "C0GENERAL", &report).await;
    in_time(world.all_is_done()).await;
    world.pass(SignedDuration::from_mins(1));
    world.die_and_start_again();
    world.click("dana", &earlier, "watch").await;
    let already = world.another("dana", "C0GENERAL", &promise).await;
    assert_snapshot!(seen(&already), @"I have been looking for Payments-Prod since 2026-11-24 14:12 UTC, and will tell you.");
    let anew = world.press("dana", &report, "recheck").await;
    assert!(!seen(&anew).contains("[Tell me"), "it is watched: {}", seen(&anew));

    world.mend("dana");
    let told = world.while_time_passes(world.last_direct("dana")).await;
    assert!(told.text.starts_with("You have access to Payments-Prod"), "{}", told.text);
}

#[tokio::test]
async fn what_cannot_be_read_ends_no_watch() {
    let world = World::new().await;
    let report = world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    world.click("dana", &report, "watch").await;
    world.another("dana", "C0GENERAL", &report).await;
    world.mend("dana");
    world.sandbox.faults.set_times("sso:ListAccountAssignments", Fault::Forbidden, 4);
    let told = world.while_time_passes(world.last_direct("dana")).await;
    assert!(told.text.starts_with("You have access to Payments-Prod"), "{}", told.text);
}

#[tokio::test]
async fn after_a_day_the_bot_says_that_it_stops_looking() {
    let world = World::new().await;
    let report = world.ask("jonas", "C0GENERAL", "/sso-why Payments-Dev").await;
    world.click("jonas", &report, "watch").await;
    world.another("jonas", "C0GENERAL", &report).await;
    let told = world.while_passing(SignedDuration::from_mins(5), world.last_direct("jonas")).await;
    assert_snapshot!(seen(&told), @"
    Payments-Dev is still not there, and I stop looking: you asked me 2026-11-24 14:12 UTC.
    Payments-Dev is missing because you are in one of two look-alike groups, and the access is on the other.
    Next: give the access to AWS-Payments-Admin as well. Leave aws-payments-admin as it is: the digest of duplicate groups says which of the two can go, and when.
    To go on, ask again with /sso-why and the account.
    ");
}

#[tokio::test]
async fn a_watcher_who_has_left_the_help_desk_is_told_nothing_of_others() {
    let world = World::new().await;
    let report = world.ask("sam", "C0HELPDESK", "/sso-why @dana Payments-Prod").await;
    world.click("sam", &report, "watch").await;
    world.another("sam", "C0HELPDESK", &report).await;
    world.sandbox.workspace().leave("U0SAM", "C0HELPDESK");
    in_time(world.all_is_done()).await;
    // Who is of the help desk is remembered for a minute, by a clock that no test moves.
    world.die_and_start_again();
    world.mend("dana");
    let told = world.while_time_passes(world.last_direct("sam")).await;
    assert_snapshot!(seen(&told), @"I have stopped looking for an account of somebody else's: you are no longer of those who may ask about others.");
}

#[tokio::test]
async fn an_agent_is_told_of_somebody_elses_access() {
    let world = World::new().await;
    let report = world.ask("sam", "C0HELPDESK", "/sso-why @dana Payments-Prod").await;
    world.click("sam", &report, "watch").await;
    world.another("sam", "C0HELPDESK", &report).await;
    world.mend("dana");
    let told = world.while_time_passes(world.last_direct("sam")).await;
    assert!(told.text.starts_with("Dana Reyes has access to Payments-Prod"), "{}", told.text);
    assert!(world.direct_messages("dana").is_empty());
}

#[tokio::test]
async fn promise_is_said_once_when_the_bot_dies_right_after_it() {
    let world = World::new().await;
    let report = world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    world.sandbox.calls.shut_gate_for("slack:response_url");
    world.click("dana", &report, "watch").await;
    assert_eq!(in_time(world.sandbox.calls.wave(1)).await, ["slack:response_url"], "the promise");
    // Next is the report without its button; the promise has been noted by then.
    in_time(world.sandbox.calls.stand_at_gate(1)).await;
    world.die_and_start_again();
    world.sandbox.calls.open_gate();
    in_time(world.all_is_done()).await;
    assert_promised_once(&world);
}

#[tokio::test]
async fn promise_is_said_once_when_the_store_fails_right_after_it() {
    let world = World::new().await;
    let report = world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    world.sandbox.calls.shut_gate_for("slack:response_url");
    world.click("dana", &report, "watch").await;
    in_time(world.sandbox.calls.stand_at_gate(1)).await;
    // What the report offers cannot be read without it.
    run(&world, "ALTER TABLE ticket RENAME TO ticket_elsewhere").await;
    world.sandbox.calls.open_gate();
    in_time(a_job_waits_for_its_next_try(&world)).await;
    run(&world, "ALTER TABLE ticket_elsewhere RENAME TO ticket").await;
    in_time(world.while_time_passes(world.all_is_done())).await;
    assert_promised_once(&world);
    assert!(!seen(&world.message(&report)).contains("[Tell me"), "the rest is done as well");
}

/// Beside the report stands one message, and that is the promise.
fn assert_promised_once(world: &World) {
    let said: Vec<String> = world.all_seen("dana", "C0GENERAL").iter().map(seen).collect();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[1].starts_with("I will tell you when Payments-Prod is there."), "{said:?}");
    assert!(world.direct_messages("dana").is_empty());
}

async fn run(world: &World, statement: &'static str) {
    sqlx::query(statement).execute(world.store.pool()).await.expect("the store is there");
}

async fn a_job_waits_for_its_next_try(world: &World) {
    const FAILED: &str = "SELECT COUNT(*) FROM job WHERE state = 'ready' AND tries > 0 AND priority = 0";
    let failed = || sqlx::query_scalar::<_, i64>(FAILED).fetch_one(world.store.pool());
    let mut moments = tokio::time::interval(std::time::Duration::from_millis(10));
    while failed().await.expect("the store is there") == 0 {
        moments.tick().await;
    }
}
