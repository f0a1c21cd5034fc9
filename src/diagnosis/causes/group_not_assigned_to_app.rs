//! `group_not_assigned_to_app`: the IdP's application for AWS does not have the person's group: no app-role
//! assignment in Entra, no group push mapping in Okta.

use crate::diagnosis::evidence::{About, Evidence, Meaning, Rank};
use crate::diagnosis::facts::idp::{AppAssignment, IdpGroup};
use crate::diagnosis::link::{Judged, Link};
use crate::diagnosis::step::Step;

/// The application for AWS does not have the group.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupNotAssignedToApp {
    pub group: IdpGroup,
}

impl Evidence for GroupNotAssignedToApp {
    const ABOUT: About =
        About { name: "group_not_assigned_to_app", step: Step::AppAssignment, meaning: Meaning::Broken };

    fn rank(&self) -> Rank {
        Rank::given(Step::AppAssignment).nth(0)
    }
}

pub(in crate::diagnosis) fn on(link: &Link) -> Judged<GroupNotAssignedToApp> {
    let Some(group) = link.idp_group()? else {
        return Some(None);
    };
    let is_missing = *link.app_assignment(group)? == AppAssignment::None;
    Some(is_missing.then(|| GroupNotAssignedToApp { group: group.clone() }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::facts::idp::Idp;
    use crate::diagnosis::fixture::{finding, idp_group, known, of_the_idp, sent_by};

    #[test]
    fn a_group_without_assignment_or_mapping_is_the_cause_at_either_idp() {
        for idp in [Idp::Entra, Idp::Okta] {
            let mut facts = sent_by(idp);
            of_the_idp(&mut facts).app_assignments.insert(idp_group().id, known(AppAssignment::None));
            assert_eq!(finding(&facts), GroupNotAssignedToApp { group: idp_group() }.into());
        }
    }
}
