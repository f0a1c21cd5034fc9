//! Faults on demand: what a test or a person can make an operation do instead of answering.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// One way in which an upstream misbehaves.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The service's own "too many requests" answer; Slack's carries `Retry-After` in seconds.
    Throttled { retry_after: u64 },
    /// The service's own "not allowed" answer.
    Forbidden,
    /// The right answer, after this many milliseconds.
    Slow { milliseconds: u64 },
    /// No answer at all, for as long as the caller waits.
    Hanging,
    /// Status 500 and an HTML page, as a proxy or a load balancer gives.
    Html500,
    /// Status 200 and a body that is not JSON.
    MalformedJson,
}

/// Which operations misbehave now. An operation is named as everywhere: `sso:ListInstances`,
/// `identitystore:GetUserId`, `organizations:DescribeAccount`, `slack:chat.postMessage`, `slack:response_url`. All operations of a service
/// at once are `slack:*`; a fault of one's own goes before that of all.
#[derive(Default)]
pub struct Faults(Mutex<BTreeMap<String, Misbehaviour>>);

struct Misbehaviour {
    fault: Fault,
    /// Calls that go well before.
    after: u32,
    /// How often; for good where nothing is said.
    times: Option<u32>,
}

impl Faults {
    /// From now on `operation` misbehaves, until [`clear`](Self::clear).
    pub fn set(&self, operation: &str, fault: Fault) {
        self.lock().insert(operation.to_owned(), Misbehaviour { fault, after: 0, times: None });
    }

    /// The next `times` calls of `operation` misbehave, then all is well again.
    pub fn set_times(&self, operation: &str, fault: Fault, times: u32) {
        self.set_times_after(operation, 0, fault, times);
    }

    /// Of the next calls of `operation` the first `after` go well, then `times` of them misbehave.
    pub fn set_times_after(&self, operation: &str, after: u32, fault: Fault, times: u32) {
        self.lock().insert(operation.to_owned(), Misbehaviour { fault, after, times: Some(times) });
    }

    /// Every operation behaves again.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// `operation` behaves again.
    pub fn end(&self, operation: &str) {
        self.lock().remove(operation);
    }

    /// What misbehaves now, by operation.
    pub fn now(&self) -> Vec<(String, Fault)> {
        self.lock().iter().map(|(operation, found)| (operation.clone(), found.fault.clone())).collect()
    }

    /// What this call of `operation` has to suffer, if anything. [`Fault::Slow`] is served here, by waiting.
    pub async fn strike(&self, operation: &str) -> Option<Fault> {
        let fault = self.take(operation)?;
        match fault {
            Fault::Slow { milliseconds } => {
                tokio::time::sleep(Duration::from_millis(milliseconds)).await;
                None
            }
            Fault::Hanging => std::future::pending().await,
            other => Some(other),
        }
    }

    fn take(&self, operation: &str) -> Option<Fault> {
        let mut faults = self.lock();
        let every = operation.split_once(':').map(|(service, _)| format!("{service}:*"));
        let name = [Some(operation.to_owned()), every]
            .into_iter()
            .flatten()
            .find(|name| faults.contains_key(name))?;
        let found = faults.get_mut(&name)?;
        if found.after > 0 {
            found.after -= 1;
            return None;
        }
        let fault = found.fault.clone();
        match &mut found.times {
            Some(1) => drop(faults.remove(&name)),
            Some(times) => *times -= 1,
            None => {}
        }
        Some(fault)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Misbehaviour>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_service_fails_altogether_and_only_that_one() {
        let faults = Faults::default();
        faults.set("slack:*", Fault::Html500);
        faults.set_times("slack:chat.update", Fault::Throttled { retry_after: 3 }, 1);
        assert_eq!(faults.strike("slack:chat.update").await, Some(Fault::Throttled { retry_after: 3 }));
        assert_eq!(faults.strike("slack:chat.update").await, Some(Fault::Html500));
        assert_eq!(faults.strike("slack:response_url").await, Some(Fault::Html500));
        assert_eq!(faults.strike("sso:ListInstances").await, None);

        faults.end("slack:chat.update");
        assert_eq!(faults.now(), [("slack:*".to_owned(), Fault::Html500)]);
        faults.clear();
        assert!(faults.now().is_empty());
        faults.set_times("slack:*", Fault::Html500, 1);
        assert_eq!(faults.strike("slack:users.info").await, Some(Fault::Html500));
        assert_eq!(faults.strike("slack:users.info").await, None);

        faults.set_times_after("slack:users.info", 1, Fault::Html500, 1);
        assert_eq!(faults.strike("slack:users.info").await, None);
        assert_eq!(faults.strike("slack:users.info").await, Some(Fault::Html500));
        assert_eq!(faults.strike("slack:users.info").await, None);
    }
}
