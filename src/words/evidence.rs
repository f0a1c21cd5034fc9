//! The evidence behind the headline, with names exactly as the consoles show them.

use super::causes::explain;
use super::context::Context;
use super::say::{Sentence, Whom, say};
use crate::diagnosis::facts::GapKind;
use crate::diagnosis::steps::{Note, Step};
use crate::diagnosis::{Diagnosis, Outcome};

/// The sentences of evidence, each complete.
pub fn evidence(diagnosis: &Diagnosis, whom: &Whom) -> Vec<Sentence> {
    let cx = Context::new(diagnosis, whom);
    match &diagnosis.outcome {
        Outcome::Explained(finding) => explain(finding).evidence(&cx),
        Outcome::CannotTell(_) => what_is_in_order(&cx).into_iter().chain(what_is_unread(&cx)).collect(),
    }
}

fn what_is_in_order(cx: &Context) -> Option<Sentence> {
    let mut steps = cx.diagnosis.steps.iter();
    let member = steps.find_map(|report| match &report.note {
        Note::MemberOf { group: Some(group), .. } => Some(group),
        _ => None,
    });
    if let Some(group) = member {
        return Some(say![
            "What I could read is in order: ",
            cx.whom.object(),
            " ",
            cx.whom.are(),
            " in ",
            cx.group_of_theirs(&group.name),
            "."
        ]);
    }
    let mut steps = cx.diagnosis.steps.iter();
    let is_known = steps
        .any(|report| report.step == Step::DirectoryUser && matches!(report.note, Note::PersonEnabled(_)));
    is_known.then(|| say!["AWS knows ", cx.whom.object(), ", and nothing that I could read is wrong."])
}

fn what_is_unread(cx: &Context) -> Option<Sentence> {
    let gaps = cx.diagnosis.gaps.iter().map(|gap| &gap.gap);
    let gaps = gaps.filter(|gap| gap.kind != GapKind::NotConfigured);
    let unread = gaps.min_by_key(|gap| gap.kind == GapKind::LeftOut)?;
    Some(match unread.kind {
        GapKind::LeftOut => say!["What I did not look at: ", unread.detail.as_str(), "."],
        _ => say!["What I could not read: ", unread.operation.as_str(), "."],
    })
}
