//! What is over is forgotten after as long as the configuration says.

use jiff::{SignedDuration, Timestamp};

use crate::harness::{World, in_time};

#[tokio::test]
async fn a_question_is_forgotten_after_its_time_and_not_before() {
    let world = World::with(|config| config.store.retention_days = 30).await;
    world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    world.pass(SignedDuration::from_hours(20 * 24));
    world.ask("jonas", "C0GENERAL", "/sso-why Payments-Dev").await;
    world.pass(SignedDuration::from_hours(11 * 24));
    in_time(async {
        while remembered(&world, "U0DANA").await > 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert_eq!(remembered(&world, "U0JONAS").await, 1);
}

async fn remembered(world: &World, person: &str) -> usize {
    world.store.open_questions(person, Timestamp::UNIX_EPOCH, 10).await.expect("reads").len()
}
