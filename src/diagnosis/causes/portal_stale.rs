//! `portal_stale`: all is in place; if the portal does not show it, its own copy is old.

use jiff::Timestamp;

use crate::diagnosis::case::Version;
use crate::diagnosis::evidence::{About, Evidence, Meaning, Rank, Reaches};
use crate::diagnosis::step::Step;

/// All is in place.
#[derive(Clone, Debug, PartialEq)]
pub struct PortalStale {
    pub member_since: Option<Timestamp>,
}

impl Evidence for PortalStale {
    const ABOUT: About = About { name: "portal_stale", step: Step::Portal, meaning: Meaning::Access };

    fn rank(&self) -> Rank {
        Rank::works(Step::Portal)
    }

    fn reaches(&self) -> Reaches<'_> {
        Reaches::TheAssignment
    }
}

pub(in crate::diagnosis) fn of(version: &Version, member_since: Option<Timestamp>) -> Option<PortalStale> {
    matches!(version, Version::Latest).then_some(PortalStale { member_since })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::causes::Cause;
    use crate::diagnosis::fixture::{at, cause, finding, in_place, known, read_only};

    #[test]
    fn a_member_of_the_assigned_group_has_the_access() {
        assert_eq!(finding(&in_place()), PortalStale { member_since: Some(at("13:00")) }.into());
    }

    #[test]
    fn a_set_in_both_versions_is_told_as_the_latest() {
        let mut facts = in_place();
        facts.provisioned_outdated = known(vec![read_only()]);
        assert_eq!(cause(&facts), Some(Cause::PortalStale));
    }
}
