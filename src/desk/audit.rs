//! The audit's row of an answer, and what a later answer reads back from it to tell what has changed.

use std::time::Duration;

use crate::diagnosis::Diagnosis;
use crate::diagnosis::causes::Cause;
use crate::diagnosis::changes::Before;
use crate::diagnosis::steps::{Status, Step};
use crate::store::{Asked, new_id};
use crate::words::json_v1;

/// The row of this answer: `asker` asked about `about` (Slack's ids), and it took so long.
pub(super) fn row(diagnosis: &Diagnosis, reference: &str, asker: &str, about: &str, took: Duration) -> Asked {
    let question = &diagnosis.question;
    let account = diagnosis.account.as_ref();
    Asked {
        id: new_id(),
        reference: reference.to_owned(),
        asker: asker.to_owned(),
        about: about.to_owned(),
        account_id: account.map(|account| account.id.clone()),
        account_name: account.map_or(&question.account, |account| &account.name).clone(),
        permission_set: question.permission_set.clone(),
        verdict: json_v1::verdict(diagnosis.verdict).to_owned(),
        cause: diagnosis.cause().map(|cause| cause.name().to_owned()),
        steps: written(&Before::of(diagnosis).statuses),
        checked_at: diagnosis.checked_at,
        took,
    }
}

/// The earlier answer as a later one compares with it.
pub(super) fn before(row: &Asked) -> Before {
    Before {
        checked_at: row.checked_at,
        cause: row.cause.as_deref().and_then(Cause::named),
        statuses: read(&row.steps),
    }
}

fn written(statuses: &[(Step, Status)]) -> String {
    let steps = statuses.iter().map(|(step, status)| format!("{}={}", step.name(), status.name()));
    steps.collect::<Vec<_>>().join(",")
}

/// A step or state that this version does not know is passed over: an older or newer one has written it.
fn read(steps: &str) -> Vec<(Step, Status)> {
    steps
        .split(',')
        .filter_map(|one| {
            let (step, status) = one.split_once('=')?;
            Some((Step::named(step)?, Status::named(status)?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_in_every_state_is_read_back_as_it_was_written() {
        for status in [Status::Pass, Status::Fail, Status::Warn, Status::Unknown, Status::NotReached] {
            let statuses: Vec<_> = Step::ALL.iter().map(|step| (*step, status)).collect();
            assert_eq!(read(&written(&statuses)), statuses);
        }
        assert_eq!(read("account=pass,step_of_tomorrow=pass,sync=on_fire"), [(Step::Account, Status::Pass)]);
        assert_eq!(read(""), []);
    }
}
