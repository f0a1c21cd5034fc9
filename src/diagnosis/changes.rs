//! What is different since an earlier diagnosis of the same question.

use super::Diagnosis;
use super::steps::{Status, Step};

/// One step that stands differently than before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    pub step: Step,
    pub before: Status,
    pub now: Status,
}

/// The steps that stand differently, in the order of telling.
pub fn changes(before: &Diagnosis, now: &Diagnosis) -> Vec<Change> {
    before
        .steps
        .iter()
        .zip(&now.steps)
        .filter(|(before, now)| before.status != now.status)
        .map(|(before, now)| Change { step: now.step, before: before.status, now: now.status })
        .collect()
}
