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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::diagnose;
    use crate::diagnosis::facts::Facts;
    use crate::diagnosis::facts::idp::Idp;
    use crate::diagnosis::fixture::{
        at, idp_group, in_place, known, of_the_idp, sent_by, without_membership,
    };

    #[test]
    fn what_changed_is_every_step_that_stands_differently() {
        let (before, now) = (diagnose(&without_membership()), diagnose(&in_place()));
        let expected = [
            Change { step: Step::DirectoryMembership, before: Status::Fail, now: Status::Pass },
            Change { step: Step::Portal, before: Status::NotReached, now: Status::Warn },
        ];
        assert_eq!(changes(&Before::of(&before), &now), expected);
        assert_eq!(changes(&Before::of(&now), &now), []);
        let forgotten = Before { statuses: Vec::new(), ..Before::of(&before) };
        assert_eq!(changes(&forgotten, &now), [], "what is not remembered is not compared");
    }

    #[test]
    fn who_was_seen_in_the_group_had_joined_by_then() {
        let joined = |facts: &Facts| Before::of(&diagnose(facts)).joined_by();
        let mut waits = sent_by(Idp::Entra);
        of_the_idp(&mut waits).added_at.insert(idp_group().id, known(Some(at("14:05"))));
        assert_eq!(joined(&waits), Some(waits.checked_at));
        assert_eq!(joined(&sent_by(Idp::Entra)), Some(Timestamp::UNIX_EPOCH), "it was missed then");
        assert_eq!(joined(&in_place()), None);
    }
}
