//! What is told of requests that are refused. Anybody may send them who reaches the address, and is not to fill the log:
//! the metric counts each, and the log has one line a minute for each reason.

use std::collections::HashMap;
use std::mem::{Discriminant, discriminant};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::slack::signature::Refusal;

/// Between two lines of one reason.
const PAUSE: Duration = Duration::from_secs(60);

/// When each reason was told last, and how many were not told since.
type Told = HashMap<Discriminant<Refusal>, (Instant, u64)>;

/// What has been told. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Refused(Arc<Mutex<Told>>);

impl Refused {
    /// Tells it, unless the same was told a short while ago.
    pub(super) fn note(&self, refusal: Refusal) {
        if let Some(untold) = self.turn(refusal, Instant::now()) {
            tracing::warn!(%refusal, untold, "a request was refused that is not known to be Slack's");
        }
    }

    /// How many of this reason were not told since the last that was, where it is time for another.
    fn turn(&self, refusal: Refusal, now: Instant) -> Option<u64> {
        // What it holds is whole between any two statements.
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match told.get_mut(&discriminant(&refusal)) {
            Some((last, untold)) if now.duration_since(*last) < PAUSE => {
                *untold += 1;
                None
            }
            Some((last, untold)) => {
                *last = now;
                Some(std::mem::take(untold))
            }
            None => {
                told.insert(discriminant(&refusal), (now, 0));
                Some(0)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn each_reason_is_told_once_a_minute_with_how_many_were_not() {
        let (refused, begin) = (Refused::default(), Instant::now());
        let after = |seconds: u64| begin + Duration::from_secs(seconds);
        assert_eq!(refused.turn(Refusal::Unsigned, after(0)), Some(0));
        assert_eq!(refused.turn(Refusal::Unsigned, after(1)), None);
        assert_eq!(refused.turn(Refusal::Stale { seconds: 7200 }, after(2)), Some(0), "another reason");
        assert_eq!(refused.turn(Refusal::Stale { seconds: 7201 }, after(3)), None, "the same one");
        assert_eq!(refused.turn(Refusal::Unsigned, after(59)), None);
        assert_eq!(refused.turn(Refusal::Unsigned, after(60)), Some(2));
        assert_eq!(refused.turn(Refusal::Unsigned, after(61)), None);
    }
}
