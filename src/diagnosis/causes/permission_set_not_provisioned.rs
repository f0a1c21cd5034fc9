//! `permission_set_not_provisioned`: assigned, but the account does not have the permission set.

use crate::diagnosis::case::Version;
use crate::diagnosis::evidence::{About, Evidence, Meaning, Rank, Reaches};
use crate::diagnosis::step::Step;

/// Assigned, but not on the account.
#[derive(Clone, Debug, PartialEq)]
pub struct PermissionSetNotProvisioned;

impl Evidence for PermissionSetNotProvisioned {
    const ABOUT: About =
        About { name: "permission_set_not_provisioned", step: Step::Provisioning, meaning: Meaning::Broken };

    fn rank(&self) -> Rank {
        Rank::given(Step::Provisioning)
    }

    fn reaches(&self) -> Reaches<'_> {
        Reaches::TheAssignment
    }
}

pub(in crate::diagnosis) fn of(version: &Version) -> Option<PermissionSetNotProvisioned> {
    matches!(version, Version::Absent).then_some(PermissionSetNotProvisioned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::fixture::{finding, in_place, known};

    #[test]
    fn an_assignment_to_a_set_that_the_account_lacks_does_not_work() {
        let mut facts = in_place();
        facts.provisioned_latest = known(Vec::new());
        assert_eq!(finding(&facts), PermissionSetNotProvisioned.into());
    }
}
