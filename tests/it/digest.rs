//! The daily digest of duplicate groups.

use insta::assert_snapshot;
use jiff::tz::TimeZone;
use sso_why::config::Config;
use sso_why::digest::schedule::Schedule;
use sso_why::sandbox::company::{Change, Origin};
use sso_why::sandbox::faults::Fault;
use sso_why::sandbox::slack::outgoing::modals::Submitted;
use sso_why::sandbox::workspace::messages::Message;

use crate::harness::{World, in_time, seen};

/// Every day at nine in London, which is on UTC in November.
fn every_day(config: &mut Config) {
    let london = TimeZone::get("Europe/London").expect("is in the database");
    config.digest.schedule = Schedule::read("0 9 * * *", london.clone()).ok();
    config.digest.time_zone = london;
}

async fn company() -> World {
    World::of_with("company", every_day).await
}

fn change(world: &World, change: &Change) {
    world.sandbox.company().apply(change, (world.sandbox.clock)()).expect("the change can be made");
}

fn manual_group(world: &World, name: &str) {
    let (group, name) = (name.to_owned(), name.to_owned());
    change(world, &Change::CreateGroup { group, name, origin: Origin::Manual });
}

/// The digest of this day, once it has been noted.
async fn digest_of(world: &World, day: &str) -> Message {
    in_time(noted(world, day)).await;
    let digest = world.store.digest_of(day).await.expect("reads").expect("is noted");
    let (_, ts) = digest.message.expect("it stands somewhere");
    world.sandbox.workspace().message(&ts).cloned().expect("it is there")
}

async fn noted(world: &World, day: &str) {
    while world.store.digest_of(day).await.expect("reads").is_none() {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}

fn digests(world: &World) -> Vec<Message> {
    let all = world.all_seen("bo", "C0ADMINS").into_iter();
    all.filter(|message| message.thread_ts.is_none()).collect()
}

#[tokio::test]
async fn the_first_digest_tells_what_hurts_and_what_to_do() {
    let world = company().await;
    world.pass_until("2026-11-25T09:00:00Z");
    let digest = digest_of(&world, "2026-11-25").await;
    assert_snapshot!(seen(&digest), @"");
    let below = world.in_thread("bo", &digest);
    assert_snapshot!(seen(&below[1]), @"");
}
