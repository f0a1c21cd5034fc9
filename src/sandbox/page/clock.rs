//! The page's clock: what time it is in the company, what comes next, and how a visitor moves the time forward.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Mishap, told};
use crate::sandbox::Sandbox;

/// A jump to the next sync or digest ends this long after it, so that what the bot does about it is due as well.
const AFTER: SignedDuration = SignedDuration::from_secs(75);

/// The longest jump by minutes: a week.
const LONGEST: i64 = 7 * 24 * 60;

/// The time in the company, for the page.
pub(super) fn shown(sandbox: &Sandbox) -> Value {
    let now = (sandbox.clock)();
    json!({
        "now": now.to_string(),
        "ahead_seconds": sandbox.time.ahead().as_secs(),
        "next_sync": sandbox.company().next_sync(now).map(|moment| moment.to_string()),
        "next_digest": sandbox.time.next_digest().map(|moment| moment.to_string()),
    })
}

/// One of the two.
#[derive(Deserialize)]
pub(super) struct Moved {
    minutes: Option<i64>,
    to: Option<Next>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Next {
    Sync,
    Digest,
}

/// Moves the time forward.
pub(super) async fn move_on(State(sandbox): State<Arc<Sandbox>>, Json(moved): Json<Moved>) -> Response {
    let outcome = moment(&sandbox, &moved).map(|moment| sandbox.time.advance_to(moment));
    // Whatever has become due is done before the page looks.
    drop(sandbox.company());
    sandbox.workspace().note_change_beside();
    told(outcome.map_err(Mishap::Impossible), |()| shown(&sandbox))
}

fn moment(sandbox: &Sandbox, moved: &Moved) -> Result<Timestamp, String> {
    let now = (sandbox.clock)();
    match (moved.minutes, moved.to) {
        (Some(minutes @ 1..=LONGEST), None) => Ok(now + SignedDuration::from_mins(minutes)),
        (None, Some(Next::Sync)) => {
            let next = sandbox.company().next_sync(now);
            next.map(|next| next + AFTER).ok_or_else(|| "no sync is due".to_owned())
        }
        (None, Some(Next::Digest)) => {
            let next = sandbox.time.next_digest();
            next.map(|next| next + AFTER).ok_or_else(|| "no digest is due".to_owned())
        }
        _ => Err("the time moves by 1 to 10080 minutes, or to the next sync or digest".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::scenario::Scenario;

    fn sandbox(name: &str) -> Arc<Sandbox> {
        let clock = Arc::new(|| "2026-11-23T14:12:00Z".parse().unwrap());
        Sandbox::new(Scenario::named(name).unwrap().unwrap(), clock)
    }

    async fn has_payments(sandbox: &Sandbox) -> bool {
        let company = sandbox.company();
        let user = company.user_id("dana").unwrap();
        let group = company.group_id("AWS-Payments-ReadOnly").unwrap();
        company.group_ids_of(user).contains(&group)
    }

    #[tokio::test]
    async fn after_the_next_sync_a_pending_change_is_in_aws() {
        for name in ["company", "okta"] {
            let sandbox = sandbox(name);
            assert!(!has_payments(&sandbox).await, "{name}");
            move_on(State(sandbox.clone()), Json(Moved { minutes: None, to: Some(Next::Sync) })).await;
            assert!(has_payments(&sandbox).await, "{name}");
        }
    }

    #[tokio::test]
    async fn a_jump_to_what_is_not_due_moves_nothing() {
        let sandbox = sandbox("quarantine");
        for moved in [
            Moved { minutes: None, to: Some(Next::Sync) },
            Moved { minutes: None, to: Some(Next::Digest) },
            Moved { minutes: Some(-5), to: None },
        ] {
            move_on(State(sandbox.clone()), Json(moved)).await;
            assert_eq!(sandbox.time.ahead(), SignedDuration::ZERO);
        }
        move_on(State(sandbox.clone()), Json(Moved { minutes: Some(10), to: None })).await;
        assert_eq!(shown(&sandbox)["now"], "2026-11-23T14:22:00Z");
    }
}
