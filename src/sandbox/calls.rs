//! What was asked of the company: every call by operation, and a gate that holds calls so that a test
//! can see which of them were made at once, by events instead of by time. [`timing`] adds how long each took.

pub mod timing;

use std::collections::BTreeMap;
use std::sync::Mutex;

use tokio::sync::{oneshot, watch};

use timing::Log;

/// The log of calls, and the gate.
pub struct Calls {
    log: Mutex<Log>,
    /// While it is shut.
    gate: Mutex<Option<Gate>>,
    changed: watch::Sender<()>,
}

/// What is shut.
#[derive(Default)]
struct Gate {
    /// The one operation that waits; nothing where all do.
    shut_for: Option<String>,
    /// What waits is the answer of a call that has done its work.
    is_behind: bool,
    held: Vec<Held>,
}

/// A call at the gate: its operation, and what lets it through.
type Held = (String, oneshot::Sender<()>);

impl Default for Calls {
    fn default() -> Self {
        Self { log: Mutex::default(), gate: Mutex::new(None), changed: watch::Sender::new(()) }
    }
}

impl Calls {
    /// Notes one call. Every simulated service does this first; it waits here while the gate is shut.
    pub async fn arrive(&self, operation: &str) {
        timing::note(&mut lock(&self.log), operation);
        self.stand(operation, false).await;
    }

    /// The call has done its work and is about to be answered; it waits here while the gate behind it is shut.
    pub async fn answered(&self, operation: &str) {
        self.stand(operation, true).await;
    }

    async fn stand(&self, operation: &str, is_behind: bool) {
        let stops = |gate: &&mut Gate| {
            gate.is_behind == is_behind
                && gate.shut_for.as_deref().is_none_or(|shut_for| shut_for == operation)
        };
        let release = lock(&self.gate).as_mut().filter(stops).map(|gate| {
            let (sender, receiver) = oneshot::channel();
            gate.held.push((operation.to_owned(), sender));
            receiver
        });
        self.changed.send_replace(());
        if let Some(release) = release {
            let _gate_opened_or_gone = release.await;
        }
    }

    /// How often each operation was called since the start or the last [`forget`](Self::forget).
    pub fn counts(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for call in lock(&self.log).calls() {
            *counts.entry(call.operation.clone()).or_default() += 1;
        }
        counts
    }

    /// Starts counting anew.
    pub fn forget(&self) {
        lock(&self.log).forget();
    }

    /// Waits until so many more calls have arrived.
    pub async fn more(&self, count: usize) {
        let mut changed = self.changed.subscribe();
        let wanted = lock(&self.log).calls().len() + count;
        while lock(&self.log).calls().len() < wanted {
            if changed.changed().await.is_err() {
                return;
            }
        }
    }

    /// From now on calls wait at the gate.
    pub fn shut_gate(&self) {
        self.shut(Gate::default());
    }

    /// From now on calls of this operation alone wait at the gate.
    pub fn shut_gate_for(&self, operation: &str) {
        self.shut(Gate { shut_for: Some(operation.to_owned()), ..Gate::default() });
    }

    /// From now on calls of this operation alone wait behind it: what they do is done, and nobody is told.
    pub fn shut_gate_behind(&self, operation: &str) {
        self.shut(Gate { shut_for: Some(operation.to_owned()), is_behind: true, ..Gate::default() });
    }

    fn shut(&self, gate: Gate) {
        *lock(&self.gate) = Some(gate);
    }

    /// Waits until so many calls stand at the gate, and leaves them there.
    pub async fn stand_at_gate(&self, size: usize) {
        let mut changed = self.changed.subscribe();
        while lock(&self.gate).as_ref().is_some_and(|gate| gate.held.len() < size) {
            if changed.changed().await.is_err() {
                return;
            }
        }
    }

    /// Calls pass freely again; those that wait are let through.
    pub fn open_gate(&self) {
        *lock(&self.gate) = None;
    }

    /// Waits until `size` calls stand at the gate, lets just those through and names them, sorted.
    pub async fn wave(&self, size: usize) -> Vec<String> {
        self.wave_beside(size, "").await
    }

    /// The same, without counting the calls of this operation, which come beside the others and as often as they like.
    pub async fn wave_beside(&self, size: usize, uncounted: &str) -> Vec<String> {
        let mut changed = self.changed.subscribe();
        loop {
            if let Some(gate) = lock(&self.gate).as_mut()
                && gate.held.iter().filter(|(operation, _)| operation != uncounted).count() >= size
            {
                let mut names = Vec::new();
                for (operation, release) in gate.held.drain(..) {
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
