//! Outage sense: one notice to the admins instead of a heap of tickets.

use std::time::Duration;

use insta::assert_snapshot;
use jiff::SignedDuration;
use sso_why::sandbox::faults::Fault;
use sso_why::sandbox::workspace::messages::Message;
use tokio::time::timeout;

use crate::harness::{World, seen};

/// Whatever is waited for comes long before.
const PATIENCE: Duration = Duration::from_secs(60);

/// The people of this company whom this cause hits.
fn hit_by(world: &World, cause: &str) -> Vec<String> {
    let people = world.sandbox.scenario.people.iter();
    let hit = people.filter(|person| {
        person.asks.is_some()
            && person.expects.as_ref().is_some_and(|expects| expects.cause.as_deref() == Some(cause))
    });
    hit.map(|person| person.key.clone()).collect()
}

async fn ask(world: &World, person: &str) -> Message {
    let asks = world.person(person).asks.expect("they ask something");
    world.ask(person, "C0GENERAL", &format!("/sso-why {asks}")).await
}

/// Three people ask, ten minutes apart, and the admins are told.
async fn an_outage(world: &World, people: &[String]) -> Vec<Message> {
    let mut reports = Vec::new();
    for person in &people[..3] {
        world.pass(SignedDuration::from_mins(10));
        reports.push(ask(world, person).await);
    }
    world.seen_once("bo", "C0ADMINS", "that hits 3 people").await;
    timeout(PATIENCE, told(world)).await.expect("it is noted that the admins know");
    world.pass(SignedDuration::from_mins(10));
    reports
}

async fn told(world: &World) {
    let is_told = async || {
        let lasts = world.store.outage_of("sync_stopped").await.expect("reads");
        lasts.is_some_and(|outage| outage.told_at.is_some())
    };
    while !is_told().await {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn when_the_third_person_is_hit_the_admins_are_told_once_and_nobody_needs_a_ticket() {
    let world = World::of("quarantine").await;
    let people = hit_by(&world, "sync_stopped");
    let reports = an_outage(&world, &people).await;
    assert!(seen(&reports[0]).contains("[Ask the help desk]"), "{}", seen(&reports[0]));
    let notice = world.last_seen("bo", "C0ADMINS");

    let report = ask(&world, &people[3]).await;
    assert!(seen(&report).contains("The admins have known of this since"), "{}", seen(&report));
    assert!(!seen(&report).contains("[Ask the help desk]"), "{}", seen(&report));
    world.seen_once("bo", "C0ADMINS", "that hits 4 people").await;
    let all = world.all_seen("bo", "C0ADMINS");
    assert_eq!(all.len(), 1, "one notice, kept up to date");
    assert_eq!(all[0].ts, notice.ts);
    assert_snapshot!(seen(&all[0]), @"
    The synchronization to AWS does not run, and that hits 4 people.
    4 people have been told so, the first 2026-11-24 14:22 UTC, the last 2026-11-24 14:52 UTC.
    Next (an identity admin): look at the provisioning of the AWS application in your company directory, mend what it complains about and start it.
    Whoever asks meanwhile is told that you know. They open no tickets; this message is kept up to date.
    What it means and how it is found: sso-why explain sync_stopped
    ");
    for person in &people {
        let name = world.person(person).name;
        assert!(!seen(&all[0]).contains(&name), "it names {name}");
    }

    // A ticket is not opened by an older report's button either.
    world.click(&people[0], &reports[0], "escalate").await;
    let form = world.form(&people[0]).await;
    world.submit(&people[0], &form, &[("note", "please")]).await;
    let known = world.another(&people[0], "C0GENERAL", &reports[0]).await;
    assert_snapshot!(known.text, @"The admins have known of this since 2026-11-24 14:42 UTC; it hits 4 people, and no ticket is needed.");
    assert!(world.all_seen("sam", "C0HELPDESK").is_empty());
}

#[tokio::test]
async fn after_an_hour_without_anybody_it_is_over_and_three_more_are_another() {
    let world = World::of("quarantine").await;
    let people = hit_by(&world, "sync_stopped");
    an_outage(&world, &people).await;
    world.pass(SignedDuration::from_mins(61));
    let over = world.while_time_passes(world.seen_once("bo", "C0ADMINS", "Over: ")).await;
    assert_snapshot!(without_the_end(&seen(&over)), @"
    Over: for an hour nobody has been told any more that the synchronization to AWS does not run.
    3 people have been told so, the first 2026-11-24 14:22 UTC, the last 2026-11-24 14:42 UTC.
    ");
    assert_eq!(world.all_seen("bo", "C0ADMINS").len(), 1);

    let report = ask(&world, &people[3]).await;
    assert!(seen(&report).contains("[Ask the help desk]"), "{}", seen(&report));
    world.pass(SignedDuration::from_mins(61));
    an_outage(&world, &people).await;
    assert_eq!(world.all_seen("bo", "C0ADMINS").len(), 2, "a message of its own");
}

#[tokio::test]
async fn it_is_over_as_soon_as_somebody_who_was_hit_has_access() {
    let world = World::of("quarantine").await;
    let people = hit_by(&world, "sync_stopped");
    let reports = an_outage(&world, &people).await;
    world.mend(&people[0]);
    world.press(&people[0], &reports[0], "recheck").await;
    let over = world.seen_once("bo", "C0ADMINS", "Over, it seems").await;
    assert_snapshot!(seen(&over), @"
    Over, it seems: somebody has access by now who was told that the synchronization to AWS does not run.
    3 people have been told so, the first 2026-11-24 14:22 UTC, the last 2026-11-24 14:42 UTC.
    I saw that 2026-11-24 14:52 UTC. If it hits several people again, I write a new message.
    ");
    assert_eq!(world.all_seen("bo", "C0ADMINS").len(), 1);
}

#[tokio::test]
async fn a_restart_forgets_no_outage() {
    let world = World::of("quarantine").await;
    let people = hit_by(&world, "sync_stopped");
    an_outage(&world, &people).await;
    world.die_and_start_again();
    let report = ask(&world, &people[3]).await;
    assert!(seen(&report).contains("The admins have known of this since"), "{}", seen(&report));
    world.seen_once("bo", "C0ADMINS", "that hits 4 people").await;
    world.pass(SignedDuration::from_mins(61));
    world.while_time_passes(world.seen_once("bo", "C0ADMINS", "Over: ")).await;
    assert_eq!(world.all_seen("bo", "C0ADMINS").len(), 1);
}

#[tokio::test]
async fn while_the_admins_could_not_be_told_nobody_is_told_that_they_know() {
    let world = World::of("quarantine").await;
    world.expects_error("a message could not be posted");
    let people = hit_by(&world, "sync_stopped");
    world.sandbox.faults.set("slack:chat.postMessage", Fault::Forbidden);
    for person in &people[..4] {
        let report = ask(&world, person).await;
        assert!(seen(&report).contains("[Ask the help desk]"), "{}", seen(&report));
        assert!(!seen(&report).contains("The admins"), "{}", seen(&report));
    }
    assert!(world.all_seen("bo", "C0ADMINS").is_empty());
}

#[tokio::test]
async fn without_an_admin_channel_tickets_stay_as_they_are() {
    let world = World::of_with("quarantine", |config| config.slack.admin_channel = None).await;
    for person in &hit_by(&world, "sync_stopped")[..4] {
        let report = ask(&world, person).await;
        assert!(seen(&report).contains("[Ask the help desk]"), "{}", seen(&report));
    }
    assert_eq!(world.store.outage_of("sync_stopped").await.expect("reads"), None);
}

#[tokio::test]
async fn one_person_however_often_and_changes_that_wait_for_their_cycle_are_no_outage() {
    let stopped = World::of("quarantine").await;
    let person = &hit_by(&stopped, "sync_stopped")[0];
    for _ in 0..3 {
        ask(&stopped, person).await;
    }
    let on_time = World::of("company").await;
    let now = (on_time.sandbox.clock)();
    let added = &on_time.person("noah").mend[0];
    on_time.sandbox.company().apply(added, now).expect("Noah is added to the group");
    let mut waiting = hit_by(&on_time, "sync_pending");
    waiting.push("noah".to_owned());
    assert!(waiting.len() >= 3, "{waiting:?}");
    for person in &waiting {
        let report = ask(&on_time, person).await;
        assert!(seen(&report).contains("is on its way"), "{}", seen(&report));
    }
    assert_eq!(stopped.store.outage_of("sync_stopped").await.expect("reads"), None);
    assert_eq!(on_time.store.outage_of("sync_pending").await.expect("reads"), None);
}

/// While time runs, the end comes at one moment or another.
fn without_the_end(words: &str) -> String {
    words.lines().filter(|line| !line.starts_with("It counts as over since")).collect::<Vec<_>>().join("\n")
}
