//! What could not be read, in words.

use super::say::{Sentence, say};
use crate::diagnosis::Diagnosis;
use crate::diagnosis::facts::{Gap, GapKind};
use crate::diagnosis::steps::Step;

/// What alone shows an assignment whose permission set is not on the account.
const FOR_PRINCIPAL: &str = "sso:ListAccountAssignmentsForPrincipal";

/// Of what was assigned once and is not any more.
const OF_THE_PAST: [&str; 2] =
    ["sso:ListAccountAssignmentDeletionStatus", "sso:DescribeAccountAssignmentDeletionStatus"];

/// Why something could not be read, in a few words.
pub fn kind_in_words(kind: GapKind) -> &'static str {
    match kind {
        GapKind::NotConfigured => "not connected",
        GapKind::Forbidden => "not allowed",
        GapKind::Throttled => "too many calls",
        GapKind::Timeout => "no answer in time",
        GapKind::Error => "no usable answer",
        GapKind::LeftOut => "not all was looked at",
    }
}

/// What a step could not read, why, and by which operation.
pub(super) fn unseen(step: Step, gap: Option<&Gap>) -> Sentence {
    match gap {
        Some(Gap { kind: GapKind::LeftOut, detail, .. }) => say![detail.as_str()],
        Some(gap) => say![
            "could not read ",
            what_is_read(step),
            ": ",
            kind_in_words(gap.kind),
            " (",
            gap.operation.as_str(),
            ")"
        ],
        None => say!["could not be read"],
    }
}

/// What was not seen of the assignments on the account, to end a sentence with; `None` if all of them were.
pub(super) fn unseen_assignments(diagnosis: &Diagnosis) -> Option<Sentence> {
    let gap = gaps_of_the_assignments(diagnosis).min_by_key(|gap| gap.kind != GapKind::LeftOut)?;
    Some(match gap {
        Gap { kind: GapKind::LeftOut, detail, .. } => say![detail.as_str()],
        // SSO Admin API reference: "must be called from the management account".
        Gap { kind: GapKind::Forbidden, operation, .. } if operation == FOR_PRINCIPAL => {
            say!["assignments that are not set up on the account are shown to the management account only"]
        }
        gap => say![gap.operation.as_str(), " gave me no answer"],
    })
}

/// A call for the assignments on the account, or for requests for them, that failed and may go well a moment later.
pub(super) fn failed_call_for_assignments(diagnosis: &Diagnosis) -> Option<&Gap> {
    let passes = |gap: &&Gap| matches!(gap.kind, GapKind::Throttled | GapKind::Timeout | GapKind::Error);
    gaps_of_the_assignments(diagnosis).find(passes)
}

fn gaps_of_the_assignments(diagnosis: &Diagnosis) -> impl Iterator<Item = &Gap> {
    const OF_THE_ASSIGNMENTS: [Step; 2] = [Step::Assignment, Step::Provisioning];
    let gaps = diagnosis.gaps.iter().filter(|gap| OF_THE_ASSIGNMENTS.contains(&gap.step)).map(|gap| &gap.gap);
    gaps.filter(|gap| gap.kind != GapKind::NotConfigured && !OF_THE_PAST.contains(&gap.operation.as_str()))
}

/// Begins "AWS did not let me read …".
pub(super) fn why_unseen(gap: Option<&Gap>) -> &'static str {
    match gap.map(|gap| gap.kind) {
        Some(GapKind::Forbidden) => "AWS did not let me read",
        Some(GapKind::Throttled) => "AWS was too busy to show me",
        Some(GapKind::Timeout) => "AWS did not answer in time when I asked for",
        Some(GapKind::NotConfigured | GapKind::Error) => "AWS gave me no usable answer about",
        Some(GapKind::LeftOut) => "I did not look everywhere for",
        None => "I could not read",
    }
}

/// What a step reads, to end "AWS did not let me read …" with.
pub(super) fn what_is_read(step: Step) -> &'static str {
    match step {
        Step::Account => "the account",
        Step::IdpUser => "the person in your company directory",
        Step::IdpMembership => "the groups in your company directory",
        Step::AppAssignment => "what your company directory sends to AWS",
        Step::Sync => "how the last synchronization went",
        Step::DirectoryUser => "the person's record",
        Step::DirectoryGroup | Step::DuplicateGroups => "the groups' names",
        Step::DirectoryMembership => "the person's groups",
        Step::Assignment => "who has access to the account",
        Step::Provisioning => "what is set up on the account",
        Step::Portal => "the portal",
    }
}
