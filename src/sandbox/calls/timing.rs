//! When each call began and ended, for the page: what one question cost, call by call.
//!
//! A call is noted by the service that answers it; how it ended is seen from outside by [`measured`], which wraps every
//! simulated service. The two meet in a task-local value.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use super::{Calls, lock};
use crate::sandbox::Sandbox;

/// A pause of this length without a call ends what one question cost. No call of the bot's is followed by the next
/// one of the same question after more than a fraction of a second; background work comes later.
const QUIET: Duration = Duration::from_secs(3);

/// No call was noted in this request.
const NONE: usize = usize::MAX;

tokio::task_local! {
    /// The number of the call that this request made.
    static NUMBER: Arc<AtomicUsize>;
}

/// One call. Times count from the start of the log.
#[derive(Clone, Debug)]
pub struct Call {
    pub operation: String,
    pub began: Duration,
    /// `None` while it runs.
    pub ended: Option<Duration>,
    /// The HTTP status; `None` while it runs, and if the caller gave up.
    pub status: Option<u16>,
}

/// All calls since the start or since they were last forgotten.
pub struct Log {
    start: Instant,
    forgotten: usize,
    calls: Vec<Call>,
}

impl Default for Log {
    fn default() -> Self {
        Self { start: Instant::now(), forgotten: 0, calls: Vec::new() }
    }
}

impl Log {
    pub(super) fn calls(&self) -> &[Call] {
        &self.calls
    }

    pub(super) fn forget(&mut self) {
        self.forgotten += self.calls.len();
        self.calls.clear();
    }

    fn end(&mut self, number: usize, status: Option<u16>) {
        let now = self.start.elapsed();
        let position = number.checked_sub(self.forgotten);
        if let Some(call) = position.and_then(|position| self.calls.get_mut(position)) {
            call.ended = Some(now);
            call.status = status;
        }
    }
}

/// Notes a call that begins now.
pub(super) fn note(log: &mut Log, operation: &str) {
    let number = log.forgotten + log.calls.len();
    let began = log.start.elapsed();
    log.calls.push(Call { operation: operation.to_owned(), began, ended: None, status: None });
    let _outside_of_a_request = NUMBER.try_with(|noted| noted.store(number, Ordering::Release));
}

impl Calls {
    /// This moment, on the log's own clock.
    pub fn moment(&self) -> Duration {
        lock(&self.log).start.elapsed()
    }

    /// The calls from `begin` until everything was quiet for [`QUIET`], or until `end`, in the order of their beginning.
    pub fn between(&self, begin: Duration, end: Option<Duration>) -> Vec<Call> {
        let log = lock(&self.log);
        let mut quiet_since = begin;
        let mut found = Vec::new();
        for call in log.calls.iter().filter(|call| call.began >= begin) {
            let is_late = call.began > quiet_since.saturating_add(QUIET);
            if is_late || end.is_some_and(|end| call.began >= end) {
                break;
            }
            quiet_since = quiet_since.max(call.ended.unwrap_or(Duration::MAX));
            found.push(call.clone());
        }
        found
    }
}

/// Wraps a request to a simulated service and notes how its call ended. A caller that gives up ends it, too.
pub async fn measured(State(sandbox): State<Arc<Sandbox>>, request: Request, next: Next) -> Response {
    let number = Arc::new(AtomicUsize::new(NONE));
    let ending = Ending { sandbox, number: number.clone(), status: None };
    NUMBER
        .scope(number, async move {
            // Moved in whole, so that it is dropped with the request.
            let mut ending = ending;
            let response = next.run(request).await;
            ending.status = Some(response.status().as_u16());
            response
        })
        .await
}

struct Ending {
    sandbox: Arc<Sandbox>,
    number: Arc<AtomicUsize>,
    status: Option<u16>,
}

impl Drop for Ending {
    fn drop(&mut self) {
        let number = self.number.load(Ordering::Acquire);
        if number != NONE {
            lock(&self.sandbox.calls.log).end(number, self.status);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(operation: &str, began: u64, ended: u64) -> Call {
        let [began, ended] = [began, ended].map(Duration::from_secs);
        Call { operation: operation.to_owned(), began, ended: Some(ended), status: Some(200) }
    }

    #[test]
    fn calls_of_one_question_end_at_the_first_quiet_pause() {
        let calls = Calls::default();
        lock(&calls.log).calls = vec![
            call("before", 0, 1),
            call("a", 10, 11),
            call("b", 12, 20),
            call("c", 22, 23),
            call("late", 27, 28),
        ];
        let names = |begin, end: Option<u64>| -> Vec<String> {
            let found = calls.between(Duration::from_secs(begin), end.map(Duration::from_secs));
            found.into_iter().map(|call| call.operation).collect()
        };
        assert_eq!(names(10, None), ["a", "b", "c"]);
        assert_eq!(names(10, Some(12)), ["a"]);
    }

    #[test]
    fn a_call_that_was_forgotten_ends_nothing() {
        let mut log = Log::default();
        note(&mut log, "a");
        log.forget();
        note(&mut log, "b");
        log.end(0, Some(200));
        assert_eq!(log.calls[0].ended, None);
        log.end(1, Some(429));
        assert_eq!(log.calls[0].status, Some(429));
    }
}
