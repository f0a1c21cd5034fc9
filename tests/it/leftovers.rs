//! The harness itself: a story fails that leaves something behind without saying so.

use sso_why::sandbox::faults::Fault;
use tokio::runtime::Builder;

use crate::harness::{World, in_time};

const ERROR: &str = "whether somebody is of the organization could not be read";

/// What the end of this story complains of; `None` if it ends well.
fn complaint(story: impl AsyncFnOnce(&World) + Send + 'static) -> Option<String> {
    let ended = std::thread::spawn(|| {
        let thread = Builder::new_current_thread().enable_all().build().expect("a runtime");
        thread.block_on(async {
            let world = World::new().await;
            story(&world).await;
        });
    });
    let panic = ended.join().err()?;
    Some(panic.downcast_ref::<String>().expect("a text").clone())
}

#[track_caller]
fn assert_complains(complaint: Option<String>, words: &str) {
    let complaint = complaint.expect("it must fail");
    assert!(
        complaint.contains("the story left something behind") && complaint.contains(words),
        "{complaint}"
    );
}

/// Slack does not say who Dana is, so that the bot logs an error.
async fn an_error(world: &World) {
    world.sandbox.faults.set("slack:users.info", Fault::Forbidden);
    world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
}

#[test]
fn unnamed_error_fails_the_story() {
    let swallowed = complaint(async |world: &World| an_error(world).await);
    assert_complains(swallowed, ERROR);
    let named = complaint(async |world: &World| {
        world.expects_error(ERROR);
        an_error(world).await;
    });
    assert_eq!(named, None);
}

#[test]
fn named_error_that_does_not_come_fails_the_story() {
    let missing = complaint(async |world: &World| {
        world.expects_error("no such error");
        world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    });
    assert_complains(missing, "no such error");
}

#[test]
fn panic_in_the_bot_fails_the_story() {
    let panicked = complaint(async |world: &World| world.panic_in_the_bot().await);
    assert_complains(panicked, "as a story wants it");
}

#[test]
fn job_that_is_left_fails_the_story() {
    const BURY: &str = "UPDATE job SET state = 'dead' WHERE key LIKE 'command:%'";
    let left = complaint(async |world: &World| {
        world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
        in_time(world.all_is_done()).await;
        let buried = sqlx::query(BURY).execute(world.store.pool()).await.expect("the store is there");
        assert_eq!(buried.rows_affected(), 1);
    });
    assert_complains(left, "a job was left: dead command:");
    let held = complaint(async |world: &World| {
        world.sandbox.calls.shut_gate();
        world.leaves_unread("Looking why Payments-Prod is missing");
        world.type_command("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    });
    assert_complains(held, "a job was left: ");
}

#[test]
fn message_that_nobody_looked_at_fails_the_story() {
    let asked = async |world: &World| {
        world.type_command("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
        in_time(world.all_is_done()).await;
    };
    let unread = complaint(async move |world: &World| asked(world).await);
    assert_complains(unread, "nobody looked at a message in C0GENERAL: \"As AWS sees it");
    let left = complaint(async move |world: &World| {
        world.leaves_unread("you are in no group that opens Payments-Prod");
        asked(world).await;
    });
    assert_eq!(left, None);
}
