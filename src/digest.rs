//! The digest of duplicate groups: groups in, findings out. It does no I/O and has no clock.
//!
//! Reading order: [`alike`] finds names that look alike; [`suspects`] what deserves a look; [`evidence`] is what
//! was learnt of those; a [`duplicate`] is made of [`copies`]; [`remedy`] is what to do about it, and [`finding`] all
//! of that together; [`standing`] what is new since the last digest; [`schedule`] when it is due.

pub mod alike;
pub mod suspects;
pub mod evidence;
mod duplicate;
mod copies;
pub mod remedy;
pub mod finding;
pub mod standing;
pub mod schedule;

use jiff::Timestamp;

use crate::diagnosis::facts::Gap;
use crate::diagnosis::facts::idp::Idp;
use evidence::{DigestFacts, Evidence, InstanceIds, Names};
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
    /// Whether those are all there are.
    pub groups_are_all: bool,
    /// The worst first, then by name.
    pub findings: Vec<Finding>,
    /// Whether no duplicate can have been overlooked, so that what is not found is not there. Of what is found
    /// something may be unseen all the same.
    pub overlooks_nothing: bool,
    /// What could not be read, each once.
    pub gaps: Vec<Gap>,
    pub names: Names,
}

impl Digest {
    /// Whether everything could be read.
    pub fn is_complete(&self) -> bool {
        self.gaps.is_empty()
    }
}

/// What the facts come to.
pub fn digest(facts: &DigestFacts) -> Digest {
    let found = facts.evidence.iter().map(|evidence| (evidence, finding::finding(evidence)));
    let (found, unfound): (Vec<_>, Vec<_>) = found.partition(|(_, finding)| finding.is_some());
    let mut findings: Vec<Finding> = found.into_iter().filter_map(|(_, finding)| finding).collect();
    findings.sort_by(|one, other| {
        let worst_first = other.severity.cmp(&one.severity);
        worst_first.then_with(|| (one.name(), &one.id).cmp(&(other.name(), &other.id)))
    });
    // Whether a deleted group still has access decides whether it is a finding at all.
    let is_decided = |evidence: &Evidence| evidence.gaps().next().is_none();
    let overlooks_nothing = facts.groups_are_all
        && facts.gaps.is_empty()
        && unfound.iter().all(|(evidence, _)| is_decided(evidence));
    let of_suspects = facts.evidence.iter().flat_map(Evidence::gaps);
    let mut gaps: Vec<Gap> = facts.gaps.iter().chain(of_suspects).cloned().collect();
    gaps.sort_by(|one, other| {
        (&one.operation, one.kind, &one.detail).cmp(&(&other.operation, other.kind, &other.detail))
    });
    gaps.dedup();
    finding::settle_one_after_the_other(&mut findings);
    Digest {
        checked_at: facts.checked_at,
        groups_checked: facts.groups_checked,
        groups_are_all: facts.groups_are_all,
        idp: facts.idp,
        instance: facts.instance.clone(),
        findings,
        overlooks_nothing,
        gaps,
        names: facts.names.clone(),
    }
}

#[cfg(test)]
mod tests;
