//! The digest of duplicate groups: groups in, findings out. It does no I/O, has no clock and cannot fail.
//!
//! Reading order: [`alike`] finds names that look alike; [`suspects`] what deserves a look; [`evidence`] is what
//! was learnt of those; [`finding`] what it comes to, and [`remedy`] what to do about it; [`standing`] what is
//! new since the last digest; [`schedule`] when it is due.

pub mod alike;
pub mod suspects;
pub mod evidence;
pub mod finding;
pub mod remedy;
pub mod standing;
pub mod schedule;

use jiff::Timestamp;

use crate::diagnosis::facts::Gap;
use crate::diagnosis::facts::idp::Idp;
use evidence::{DigestFacts, InstanceIds, Names};
use finding::Finding;

/// Everything that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Digest {
    pub checked_at: Timestamp,
    /// Groups of the identity store that were looked at.
    pub groups_checked: usize,
    /// Which IdP was asked, if one is connected.
    pub idp: Option<Idp>,
    pub instance: Option<InstanceIds>,
    /// The worst first, then by name.
    pub findings: Vec<Finding>,
    /// What could not be read, each once.
    pub gaps: Vec<Gap>,
    pub names: Names,
}

impl Digest {
    /// Whether everything could be read, so that what is not told is not there.
    pub fn is_complete(&self) -> bool {
        self.gaps.is_empty()
    }
}

/// What the facts come to.
pub fn digest(facts: &DigestFacts) -> Digest {
    let mut findings: Vec<Finding> = facts.evidence.iter().filter_map(finding::finding).collect();
    findings.sort_by(|one, other| {
        let worst_first = other.severity.cmp(&one.severity);
        worst_first.then_with(|| (one.name(), &one.id).cmp(&(other.name(), &other.id)))
    });
    let of_suspects = facts.evidence.iter().flat_map(evidence::Evidence::gaps);
    let mut gaps: Vec<Gap> = facts.gaps.iter().chain(of_suspects).cloned().collect();
    gaps.sort_by(|one, other| {
        (&one.operation, one.kind, &one.detail).cmp(&(&other.operation, other.kind, &other.detail))
    });
    gaps.dedup();
    Digest {
        checked_at: facts.checked_at,
        groups_checked: facts.groups_checked,
        idp: facts.idp,
        instance: facts.instance.clone(),
        findings,
        gaps,
        names: facts.names.clone(),
    }
}
