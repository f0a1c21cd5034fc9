//! `permission_set_outdated`: the account has an older version of the permission set: a warning, no hindrance.

use crate::diagnosis::case::Version;
use crate::diagnosis::evidence::{About, Evidence, Meaning, Rank, Reaches};
use crate::diagnosis::step::Step;

/// On the account in an older version.
#[derive(Clone, Debug, PartialEq)]
pub struct PermissionSetOutdated;

impl Evidence for PermissionSetOutdated {
    const ABOUT: About =
        About { name: "permission_set_outdated", step: Step::Provisioning, meaning: Meaning::Access };

    fn rank(&self) -> Rank {
        Rank::works(Step::Provisioning)
    }

    fn reaches(&self) -> Reaches<'_> {
        Reaches::TheAssignment
    }
}

pub(in crate::diagnosis) fn of(version: &Version) -> Option<PermissionSetOutdated> {
    matches!(version, Version::Outdated).then_some(PermissionSetOutdated)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::fixture::{finding, in_place, known, read_only};
    use crate::diagnosis::{Verdict, diagnose};

    #[test]
    fn an_older_version_hinders_nobody() {
        let mut facts = in_place();
        facts.provisioned_latest = known(Vec::new());
        facts.provisioned_outdated = known(vec![read_only()]);
        assert_eq!(finding(&facts), PermissionSetOutdated.into());
        assert_eq!(diagnose(&facts).verdict, Verdict::Access);
    }
}
