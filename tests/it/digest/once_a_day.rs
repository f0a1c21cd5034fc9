//! One digest a day, whoever posts it, however often the bot dies and whatever Slack refuses.

use std::time::Duration;

use insta::assert_snapshot;
use sso_why::desk::digest::survey::Survey;
use sso_why::sandbox::faults::Fault;

use super::{company, digest_of, digests, every_day};
use crate::harness::{World, in_time, seen};

#[tokio::test]
async fn a_post_that_fails_is_tried_again_and_stands_once() {
    let world = company().await;
    world.sandbox.faults.set_times("slack:chat.postMessage", Fault::Html500, 3);
    world.pass_until("2026-11-25T09:00:00Z");
    world.while_passing(jiff::SignedDuration::from_secs(2), digest_of(&world, "2026-11-25")).await;
    assert_eq!(digests(&world).len(), 1);
}

#[tokio::test]
async fn a_bot_that_died_makes_up_for_a_digest_that_is_not_too_late() {
    let world = company().await;
    world.die();
    world.pass_until("2026-11-25T14:30:00Z");
    world.die_and_start_again();
    digest_of(&world, "2026-11-25").await;
    world.die();
    world.pass_until("2026-11-26T18:00:00Z");
    world.die_and_start_again();
    world.pass_until("2026-11-27T09:00:00Z");
    digest_of(&world, "2026-11-27").await;
    assert!(world.store.digest_of("2026-11-26").await.expect("reads").is_none(), "it was too late");
    assert_eq!(digests(&world).len(), 2);
}

#[tokio::test]
async fn however_often_the_bot_dies_there_is_one_digest_a_day() {
    let world = company().await;
    for day in ["2026-11-25", "2026-11-26", "2026-11-27"] {
        world.pass_until(&format!("{day}T09:00:00Z"));
        for death in 1..=3 {
            world.sandbox.calls.forget();
            world.die_and_start_again();
            // It dies over another part of its work each time.
            world.once(|| world.sandbox.calls.counts().values().sum::<usize>() > 4 * death).await;
        }
        digest_of(&world, day).await;
    }
    assert_eq!(digests(&world).len(), 3);
}

#[tokio::test]
async fn posting_by_hand_and_by_schedule_makes_one_digest_a_day() {
    let world = company().await;
    world.pass_until("2026-11-25T08:00:00Z");
    let desk = world.desk();
    let survey = Survey::taken(&world.gather, Some(&world.store), true).await.expect("the store is there");
    desk.post_digest_now(&survey).await.expect("is posted");
    let again = desk.post_digest_now(&survey).await.expect_err("stands there").to_string();
    assert_eq!(again, "today's digest has been posted already, so nothing was posted");
    world.pass_until("2026-11-25T09:00:00Z");
    world.pass_until("2026-11-26T09:00:00Z");
    digest_of(&world, "2026-11-26").await;
    assert_eq!(digests(&world).len(), 2);
}

#[tokio::test]
async fn of_two_who_post_at_once_one_does_and_the_other_waits_for_it() {
    let world = company().await;
    world.pass_until("2026-11-25T08:00:00Z");
    world.sandbox.faults.set("slack:chat.postMessage", Fault::Slow { milliseconds: 50 });
    let survey = Survey::taken(&world.gather, Some(&world.store), true).await.expect("the store is there");
    let (one, other) = (world.desk(), world.desk());
    let both = tokio::join!(one.post_digest_now(&survey), other.post_digest_now(&survey));
    let said = [both.0, both.1].map(|posted| posted.map_err(|error| error.to_string()));
    assert!(said.contains(&Ok(())), "{said:?}");
    let already = "today's digest has been posted already, so nothing was posted".to_owned();
    assert!(said.contains(&Err(already)), "{said:?}");
    assert_eq!(digests(&world).len(), 1);
    assert_eq!(world.in_thread("bo", &digests(&world)[0]).len(), survey.digest.findings.len());
}

#[tokio::test]
async fn what_slack_refuses_of_the_thread_stands_there_in_short() {
    let world = company().await;
    world.expects_error("Slack refused a part of the digest");
    world.sandbox.faults.set_times_after("slack:chat.postMessage", 2, Fault::Forbidden, 1);
    world.pass_until("2026-11-25T09:00:00Z");
    let digest = digest_of(&world, "2026-11-25").await;
    let below = world.in_thread("bo", &digest);
    assert_eq!(below.len(), 6);
    assert_snapshot!(seen(&below[1]), @"AWS-Forensics and АWS-Forensics look alike (they differ in letters that look alike, here U+0041 and U+0410). Slack did not take what to do about it; sso-why digest prints it.");
}

#[tokio::test]
async fn a_digest_that_was_kept_before_a_long_outage_is_not_posted_after_it() {
    let world = company().await;
    world.expects_error("the digest could not be posted in time and is left out");
    world.sandbox.faults.set("slack:chat.postMessage", Fault::Html500);
    world.pass_until("2026-11-25T09:00:00Z");
    world.once(|| world.sandbox.calls.counts().contains_key("slack:chat.postMessage")).await;
    world.die();
    world.sandbox.faults.clear();
    world.pass_until("2026-11-25T15:30:00Z");
    world.die_and_start_again();
    world.pass_until("2026-11-26T09:00:00Z");
    digest_of(&world, "2026-11-26").await;
    assert!(world.store.digest_of("2026-11-25").await.expect("reads").is_none(), "it was too late");
    assert_eq!(digests(&world).len(), 1);
}

#[tokio::test]
async fn digests_go_on_however_they_came_to_an_end() {
    const ORDERED: &str = "SELECT COUNT(*) FROM job WHERE key LIKE 'digest:%' AND state = 'ready'";
    let world = World::with(every_day).await;
    // It may jump over a day whose digest has just been begun.
    world.allows_error("the digest could not be posted in time and is left out");
    let change_the_job = async |statement: &'static str| {
        sqlx::query(statement).execute(world.store.pool()).await.expect("the store is there")
    };
    let is_ordered = async |wanted: bool| {
        let ordered = || sqlx::query_scalar::<_, i64>(ORDERED).fetch_one(world.store.pool());
        while (ordered().await.expect("reads") > 0) != wanted {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    change_the_job("UPDATE job SET state = 'dead' WHERE key LIKE 'digest:%'").await;
    world.pass_until("2026-11-26T08:00:00Z");
    in_time(is_ordered(true)).await;
    world.pass_until("2026-11-26T09:00:00Z");
    digest_of(&world, "2026-11-26").await;

    // An order by another replica's schedule is left to that replica for a while, and then it is over.
    in_time(is_ordered(true)).await;
    change_the_job("UPDATE job SET work = REPLACE(work, '0 9 * * *', '0 7 * * *') WHERE key LIKE 'digest:%'")
        .await;
    world.pass_until("2026-11-27T10:00:00Z");
    in_time(is_ordered(true)).await;
    world.pass_until("2026-11-27T15:30:00Z");
    world.while_passing(jiff::SignedDuration::from_mins(10), in_time(is_ordered(false))).await;
    world.pass_until("2026-11-29T08:00:00Z");
    in_time(is_ordered(true)).await;
    world.pass_until("2026-11-29T09:00:00Z");
    digest_of(&world, "2026-11-29").await;
}
