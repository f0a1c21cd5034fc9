//! What is new, what is known, and what is no more, since the last digest.

use jiff::Timestamp;

use super::Digest;
use super::finding::{Finding, Severity};

/// A finding as an earlier digest told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub id: String,
    /// The kind's name; one of another version may be unknown to this one.
    pub kind: String,
    pub severity: Severity,
    /// The name that it was about.
    pub name: String,
    pub first_told: Timestamp,
    /// The whole of it as it was told last, in a form that only `words` reads.
    pub as_told: String,
    pub snooze: Option<Snooze>,
}

/// Somebody does not want to be told of it for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snooze {
    /// Slack's id of whoever did.
    pub by: String,
    pub reason: String,
    pub until: Timestamp,
    /// How bad it was then: where it gets worse, it is told again.
    pub severity: Severity,
}

/// How a finding stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    New,
    Known { since: Timestamp },
    Snoozed(Snooze),
}

impl State {
    /// Its name in JSON.
    pub fn name(&self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Known { .. } => "known",
            Self::Snoozed(_) => "snoozed",
        }
    }
}

/// The name in JSON of what was told and is no more.
pub const RESOLVED: &str = "resolved";

/// A digest beside the last one.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing<'d> {
    pub digest: &'d Digest,
    /// The worst first, and of those what is new.
    pub findings: Vec<(&'d Finding, State)>,
    /// Told before, and not there any more.
    pub resolved: Vec<Told>,
}

/// The digest beside what was told before. Where a duplicate may have been overlooked none counts as resolved.
pub fn standing<'d>(digest: &'d Digest, told: &[Told], now: Timestamp) -> Standing<'d> {
    let state = |finding: &Finding| match told.iter().find(|told| told.id == finding.id) {
        None => State::New,
        Some(told) => match &told.snooze {
            Some(snooze) if snooze.until > now && finding.severity <= snooze.severity => {
                State::Snoozed(snooze.clone())
            }
            _ => State::Known { since: told.first_told },
        },
    };
    let mut findings: Vec<(&Finding, State)> =
        digest.findings.iter().map(|finding| (finding, state(finding))).collect();
    findings.sort_by(|(one, its), (other, others)| {
        let worst_first = other.severity.cmp(&one.severity);
        worst_first.then_with(|| (*its != State::New).cmp(&(*others != State::New)))
    });
    let is_there = |told: &Told| digest.findings.iter().any(|finding| finding.id == told.id);
    let resolved = told.iter().filter(|told| digest.overlooks_nothing && !is_there(told));
    Standing { digest, findings, resolved: resolved.cloned().collect() }
}
