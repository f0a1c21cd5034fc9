//! What could not be read, in words.

use super::say::{Sentence, say};
use crate::diagnosis::facts::{Gap, GapKind};
use crate::diagnosis::steps::Step;

/// Why something could not be read, in a few words.
pub fn kind_in_words(kind: GapKind) -> &'static str {
    match kind {
        GapKind::NotConfigured => "not connected",
        GapKind::Forbidden => "not allowed",
        GapKind::Throttled => "too many calls",
        GapKind::Timeout => "no answer in time",
        GapKind::Error => "no usable answer",
    }
}

/// What a step could not read, why, and by which operation.
pub(super) fn unseen(step: Step, gap: Option<&Gap>) -> Sentence {
    match gap {
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

/// Begins "AWS did not let me read …".
pub(super) fn why_unseen(gap: Option<&Gap>) -> &'static str {
    match gap.map(|gap| gap.kind) {
        Some(GapKind::Forbidden) => "AWS did not let me read",
        Some(GapKind::Throttled) => "AWS was too busy to show me",
        Some(GapKind::Timeout) => "AWS did not answer in time when I asked for",
        Some(GapKind::NotConfigured | GapKind::Error) => "AWS gave me no usable answer about",
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
