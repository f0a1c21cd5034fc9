//! What to do: one next step and its owner.

use super::action::{Next, Owner};
use super::causes::explain;
use super::context::Context;
use super::say::{Whom, say};
use crate::diagnosis::facts::GapKind;
use crate::diagnosis::{Diagnosis, Outcome};

/// The next step for this diagnosis: always exactly one.
pub fn next(diagnosis: &Diagnosis, whom: &Whom) -> Next {
    match &diagnosis.outcome {
        Outcome::Explained(finding) => explain(finding).next(&Context::new(diagnosis, whom)),
        Outcome::CannotTell(_) => look_again(diagnosis),
    }
}

fn look_again(diagnosis: &Diagnosis) -> Next {
    let gaps = diagnosis.gaps.iter().map(|gap| &gap.gap).filter(|gap| gap.kind != GapKind::NotConfigured);
    let read = gaps.min_by_key(|gap| gap.kind == GapKind::LeftOut);
    match read.map(|gap| (gap.kind, gap.operation.as_str())) {
        Some((GapKind::Forbidden, operation)) => Next::new(
            Owner::HelpDesk,
            say!["the help desk can look by hand. An admin can give me ", operation, " for next time."],
        ),
        Some((GapKind::Throttled | GapKind::Timeout, _)) => Next::new(
            Owner::You,
            say!["check again in a minute; if it stays so, the help desk can look by hand."],
        ),
        _ => Next::new(Owner::HelpDesk, say!["the help desk can look by hand; check again in a while."]),
    }
}
