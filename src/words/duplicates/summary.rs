//! The digest as a whole: how many findings, and what could not be read.

use jiff::Timestamp;

use crate::digest::Digest;
use crate::digest::finding::{Finding, Severity};
use crate::digest::standing::{Snooze, Standing};
use crate::words::say::{Sentence, Span, list_of_names, name, say};

/// Operations told that could not be read.
const OPERATIONS_TOLD: usize = 3;

/// How many of each: `2 hurt people now, 1 will, 3 are untidy`.
pub fn counts(severities: impl Iterator<Item = Severity> + Clone) -> String {
    let count = |wanted: Severity| severities.clone().filter(|one| *one == wanted).count();
    let (hurting, will, untidy) =
        (count(Severity::Hurting), count(Severity::WillHurt), count(Severity::Untidy));
    let parts = [
        (hurting, if hurting == 1 { "hurts people now" } else { "hurt people now" }),
        (will, "will hurt"),
        (untidy, if untidy == 1 { "is untidy" } else { "are untidy" }),
    ];
    let told: Vec<String> = parts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, words)| format!("{count} {words}"))
        .collect();
    told.join(", ")
}

/// Nothing to report, so that silence is never mistaken for health; or what kept us from seeing whether there is.
pub fn nothing_found(standing: &Standing) -> Sentence {
    let digest = standing.digest;
    let among = of_groups(digest.groups_checked);
    match standing.findings.len() {
        0 if !digest.groups_are_all => say!["Whether there are duplicate groups, I can't tell."],
        0 if !digest.is_complete() => {
            say![format!("No duplicate groups among {among}, as far as I could see.")]
        }
        0 => say![format!("No duplicate groups among {among}.")],
        1 => say![format!("Nothing new to act on among {among}; 1 duplicate is laid aside.")],
        many => say![format!("Nothing new to act on among {among}; {many} duplicates are laid aside.")],
    }
}

/// `1,234 groups`.
pub fn of_groups(groups: usize) -> String {
    let digits = groups.to_string();
    let mut told = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            told.push(',');
        }
        told.push(digit);
    }
    format!("{told} {}", if groups == 1 { "group" } else { "groups" })
}

/// What could not be read, and what that means for the digest.
pub fn not_everything(digest: &Digest) -> Option<Sentence> {
    if digest.is_complete() {
        return None;
    }
    let operations: Vec<String> =
        digest.gaps.iter().map(|gap| format!("{} ({})", gap.operation, gap.detail)).collect();
    let told = list_of_names(operations.iter().map(String::as_str), OPERATIONS_TOLD);
    Some(say!["I could not read everything, so there may be more than I tell: "].then(told).then(say!["."]))
}

/// Who does not want to be told, until when and why.
pub fn snoozed(finding: &Finding, snooze: &Snooze, by: Span) -> Sentence {
    say![name(finding.name()), " until ", snooze.until, ", by ", by, ": ", name(snooze.reason.clone())]
}

/// Since when it has been told.
pub fn known_since(since: Timestamp) -> Sentence {
    say!["told since ", since]
}
