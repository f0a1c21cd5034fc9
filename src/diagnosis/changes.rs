//! What is different since an earlier diagnosis of the same question.

use jiff::Timestamp;

use super::Diagnosis;
use super::causes::Cause;
use super::steps::{Status, Step};

/// What is remembered of an earlier diagnosis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Before {
    pub checked_at: Timestamp,
    /// The cause, where one could be named.
    pub cause: Option<Cause>,
    /// How the steps stood; one that is not remembered is not compared.
    pub statuses: Vec<(Step, Status)>,
}

impl Before {
    /// What is to be remembered of this diagnosis.
    pub fn of(diagnosis: &Diagnosis) -> Self {
        Self {
            checked_at: diagnosis.checked_at,
            cause: diagnosis.cause(),
            statuses: diagnosis.steps.iter().map(|step| (step.step, step.status)).collect(),
        }
    }

    /// The moment by which the person had joined their group at the IdP, as the earlier diagnosis saw. What was
    /// missed then had been there before it.
    pub fn joined_by(&self) -> Option<Timestamp> {
        match self.cause? {
            Cause::SyncPending => Some(self.checked_at),
            Cause::MembershipMissed => Some(Timestamp::UNIX_EPOCH),
            _ => None,
        }
    }

    fn status(&self, step: Step) -> Option<Status> {
        self.statuses.iter().find(|(one, _)| *one == step).map(|(_, status)| *status)
    }
}

/// One step that stands differently than before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    pub step: Step,
    pub before: Status,
    pub now: Status,
}

/// The steps that stand differently, in the order of telling.
pub fn changes(before: &Before, now: &Diagnosis) -> Vec<Change> {
    now.steps
        .iter()
        .filter_map(|now| {
            let before = before.status(now.step)?;
            (before != now.status).then_some(Change { step: now.step, before, now: now.status })
        })
        .collect()
}
