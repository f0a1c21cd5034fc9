//! A limit of so many requests in so many seconds, held across all questions that are under way.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::diagnosis::facts::{Gap, GapKind};

/// So many requests in any stretch of time of this length.
pub(super) struct Window {
    requests: usize,
    length: Duration,
    /// Whoever would wait longer is told so at once: nobody would wait for the answer.
    longest_wait: Duration,
    /// When the last of them begin, in order; as many as the window holds.
    begin: Mutex<VecDeque<Instant>>,
}

impl Window {
    pub(super) fn new(requests: usize, length: Duration, longest_wait: Duration) -> Self {
        Self { requests, length, longest_wait, begin: Mutex::default() }
    }

    /// Waits for a turn, first come, first served. The turn is used whatever becomes of the request: it may
    /// have arrived.
    ///
    /// # Errors
    /// Throttled, where no turn comes soon enough.
    pub(super) async fn turn(&self, operation: &str) -> Result<(), Gap> {
        let Some(begins) = self.reserve(Instant::now()) else {
            return Err(Gap {
                kind: GapKind::Throttled,
                operation: operation.to_owned(),
                detail: "too many questions at once for the few requests that Graph allows".to_owned(),
            });
        };
        sleep_until(begins).await;
        Ok(())
    }

    /// The moment at which the next request may begin; nothing where that is too far off.
    fn reserve(&self, now: Instant) -> Option<Instant> {
        let mut begin = self.begin.lock().unwrap_or_else(PoisonError::into_inner);
        let free = match begin.front() {
            Some(first) if begin.len() == self.requests => *first + self.length,
            _ => now,
        };
        let begins = free.max(now);
        if begins - now > self.longest_wait {
            return None;
        }
        if begin.len() == self.requests {
            begin.pop_front();
        }
        begin.push_back(begins);
        Some(begins)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEN_SECONDS: Duration = Duration::from_secs(10);

    fn seconds_waited(window: &Window, now: Instant, requests: usize) -> Vec<Option<u64>> {
        (0..requests).map(|_| Some((window.reserve(now)? - now).as_secs())).collect()
    }

    #[test]
    fn the_sixth_request_waits_for_the_first_to_be_ten_seconds_old() {
        let window = Window::new(5, TEN_SECONDS, TEN_SECONDS * 3);
        let waited = seconds_waited(&window, Instant::now(), 12);
        assert_eq!(
            waited.into_iter().flatten().collect::<Vec<_>>(),
            [0, 0, 0, 0, 0, 10, 10, 10, 10, 10, 20, 20]
        );
    }

    #[test]
    fn in_any_ten_seconds_there_are_five_at_most() {
        let window = Window::new(5, TEN_SECONDS, TEN_SECONDS * 30);
        let start = Instant::now();
        let begins: Vec<Instant> = (0..40)
            .map(|number| window.reserve(start + Duration::from_millis(700 * number)).expect("a turn"))
            .collect();
        assert!(begins.windows(6).all(|six| six[5] - six[0] >= TEN_SECONDS));
    }

    #[test]
    fn who_would_wait_too_long_is_told_and_takes_no_turn() {
        let window = Window::new(1, TEN_SECONDS, Duration::from_secs(6));
        let now = Instant::now();
        assert_eq!(seconds_waited(&window, now, 3), [Some(0), None, None]);
        assert_eq!(seconds_waited(&window, now + TEN_SECONDS, 1), [Some(0)]);
    }
}
