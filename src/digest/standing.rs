//! What is new, what is known, and what is no more, since the last digest.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::Digest;
use super::finding::{Finding, Kind, Severity};

/// A finding as an earlier digest told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub id: String,
    /// The kind's name; one of another version may be unknown to this one.
    pub kind: String,
    pub severity: Severity,
    /// People who were hurt.
    pub hurt: usize,
    /// The name that it was about.
    pub name: String,
    /// The ids of its groups.
    pub groups: BTreeSet<String>,
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
    /// How bad it was then, and for how many: where it gets worse, it is told again.
    pub severity: Severity,
    pub hurt: usize,
}

/// How a finding stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    New,
    Known {
        since: Timestamp,
        /// Than when it was told last.
        is_worse: bool,
    },
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

/// Gives each finding the id under which it was told before, where it is the same one: two of its groups are two of
/// that one's. What somebody laid aside stays so when a third group joins the two, whatever it is called.
pub fn recognize(digest: &mut Digest, told: &[Told]) {
    let mut taken: BTreeSet<String> = digest.findings.iter().map(|finding| finding.id.clone()).collect();
    for finding in &mut digest.findings {
        if told.iter().any(|told| told.id == finding.id) {
            continue;
        }
        let same = told.iter().find(|told| !taken.contains(&told.id) && is_the_same(finding, told));
        if let Some(same) = same {
            finding.id = same.id.clone();
            taken.insert(same.id.clone());
        }
    }
}

fn is_the_same(finding: &Finding, told: &Told) -> bool {
    let was = Kind::ALL.into_iter().find(|kind| kind.name() == told.kind);
    let shared = finding.copies.iter().filter(|copy| told.groups.contains(&copy.id)).count();
    was.is_some_and(|was| was.family() == finding.kind.family()) && shared > 1
}

/// The digest beside what was told before. Where a duplicate may have been overlooked none counts as resolved.
pub fn standing<'d>(digest: &'d Digest, told: &[Told], now: Timestamp) -> Standing<'d> {
    let state = |finding: &Finding| match told.iter().find(|told| told.id == finding.id) {
        None => State::New,
        Some(told) => match &told.snooze {
            Some(snooze) if snooze.until > now && !is_worse(finding, snooze.severity, snooze.hurt) => {
                State::Snoozed(snooze.clone())
            }
            _ => {
                State::Known { since: told.first_told, is_worse: is_worse(finding, told.severity, told.hurt) }
            }
        },
    };
    let mut findings: Vec<(&Finding, State)> =
        digest.findings.iter().map(|finding| (finding, state(finding))).collect();
    findings.sort_by(|(one, its), (other, others)| {
        let worst_first = other.severity.cmp(&one.severity);
        worst_first.then_with(|| is_no_news(its).cmp(&is_no_news(others)))
    });
    let is_there = |told: &Told| digest.findings.iter().any(|finding| finding.id == told.id);
    let resolved = told.iter().filter(|told| digest.overlooks_nothing && !is_there(told));
    Standing { digest, findings, resolved: resolved.cloned().collect() }
}

fn is_worse(finding: &Finding, severity: Severity, hurt: usize) -> bool {
    finding.severity > severity || finding.hurt.len() > hurt
}

fn is_no_news(state: &State) -> bool {
    !matches!(state, State::New | State::Known { is_worse: true, .. })
}
