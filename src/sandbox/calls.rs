//! What was asked of the company: every call by operation, and a gate that holds calls so that a test
//! can see which of them were made at once, by events instead of by time.

use std::collections::BTreeMap;
use std::sync::Mutex;

use tokio::sync::{oneshot, watch};

/// The log of calls, and the gate.
pub struct Calls {
    log: Mutex<Vec<String>>,
    /// The calls that stand at the gate, while it is shut.
    held: Mutex<Option<Vec<Held>>>,
    /// The one operation that the gate is shut for; nothing where it is shut for all.
    shut_for: Mutex<Option<String>>,
    changed: watch::Sender<()>,
}

/// A call at the gate: its operation, and what lets it through.
type Held = (String, oneshot::Sender<()>);

impl Default for Calls {
    fn default() -> Self {
        Self {
            log: Mutex::default(),
            held: Mutex::new(None),
            shut_for: Mutex::default(),
            changed: watch::Sender::new(()),
        }
    }
}

impl Calls {
    /// Notes one call. Every simulated service does this first; it waits here while the gate is shut.
    pub async fn arrive(&self, operation: &str) {
        lock(&self.log).push(operation.to_owned());
        let passes = lock(&self.shut_for).as_deref().is_some_and(|shut_for| shut_for != operation);
        let release = match lock(&self.held).as_mut() {
            Some(held) if !passes => {
                let (sender, receiver) = oneshot::channel();
                held.push((operation.to_owned(), sender));
                Some(receiver)
            }
            _ => None,
        };
        self.changed.send_replace(());
        if let Some(release) = release {
            let _gate_opened_or_gone = release.await;
        }
    }

    /// How often each operation was called since the start or the last [`forget`](Self::forget).
    pub fn counts(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for operation in lock(&self.log).iter() {
            *counts.entry(operation.clone()).or_default() += 1;
        }
        counts
    }

    /// Starts counting anew.
    pub fn forget(&self) {
        lock(&self.log).clear();
    }

    /// Waits until so many more calls have arrived.
    pub async fn more(&self, count: usize) {
        let mut changed = self.changed.subscribe();
        let wanted = lock(&self.log).len() + count;
        while lock(&self.log).len() < wanted {
            if changed.changed().await.is_err() {
                return;
            }
        }
    }

    /// From now on calls wait at the gate.
    pub fn shut_gate(&self) {
        *lock(&self.held) = Some(Vec::new());
    }

    /// From now on calls of this operation alone wait at the gate.
    pub fn shut_gate_for(&self, operation: &str) {
        *lock(&self.shut_for) = Some(operation.to_owned());
        self.shut_gate();
    }

    /// Waits until so many calls stand at the gate, and leaves them there.
    pub async fn stand_at_gate(&self, size: usize) {
        let mut changed = self.changed.subscribe();
        while lock(&self.held).as_ref().is_some_and(|held| held.len() < size) {
            if changed.changed().await.is_err() {
                return;
            }
        }
    }

    /// Calls pass freely again; those that wait are let through.
    pub fn open_gate(&self) {
        *lock(&self.held) = None;
        *lock(&self.shut_for) = None;
    }

    /// Waits until `size` calls stand at the gate, lets just those through and names them, sorted.
    pub async fn wave(&self, size: usize) -> Vec<String> {
        let mut changed = self.changed.subscribe();
        loop {
            if let Some(held) = lock(&self.held).as_mut()
                && held.len() >= size
            {
                let mut names = Vec::new();
                for (operation, release) in held.drain(..) {
                    names.push(operation);
                    let _caller_may_have_gone = release.send(());
                }
                names.sort();
                return names;
            }
            if changed.changed().await.is_err() {
                return Vec::new();
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
