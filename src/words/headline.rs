//! The first sentence: the answer, for somebody who reads only that.

use super::account::account_name;
use super::causes::explain;
use super::context::Context;
use super::gaps::{what_is_read, why_unseen};
use super::say::{Sentence, Whom, name, say};
use crate::diagnosis::facts::GapKind;
use crate::diagnosis::steps::Step;
use crate::diagnosis::{Diagnosis, Outcome};

/// The answer in one sentence, without its full stop.
pub fn headline(diagnosis: &Diagnosis, whom: &Whom) -> Sentence {
    match &diagnosis.outcome {
        Outcome::Explained(finding) => explain(finding).headline(&Context::new(diagnosis, whom)),
        Outcome::CannotTell(step) => cannot_tell(diagnosis, *step),
    }
}

fn cannot_tell(diagnosis: &Diagnosis, step: Step) -> Sentence {
    let gaps = diagnosis.gaps.iter().filter(|gap| gap.step == step).map(|gap| &gap.gap);
    let gap = gaps.min_by_key(|gap| gap.kind == GapKind::LeftOut);
    let access = say!["I can't tell yet whether anything is wrong with "];
    access.then(say![name(account_name(diagnosis)), ": ", why_unseen(gap), " ", what_is_read(step)])
}
