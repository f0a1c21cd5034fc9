//! `group_not_assigned_to_app`: the IdP's application for AWS does not have the person's group: no app-role
//! assignment in Entra, no group push mapping in Okta.

use crate::diagnosis::evidence::{About, Evidence, Meaning, Rank};
use crate::diagnosis::facts::idp::{AppAssignment, IdpGroup};
use crate::diagnosis::facts::twins::was_sent;
use crate::diagnosis::link::{Judged, Link};
use crate::diagnosis::recency::{OnItsWay, on_its_way};
use crate::diagnosis::step::Step;

/// The application for AWS does not have the group.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupNotAssignedToApp {
    pub group: IdpGroup,
    /// AWS has it by the IdP's id: it was sent once.
    pub was_sent: bool,
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
    let was_sent = was_sent(link.idp()?, group, link.assigned);
    // What was sent without an assignment may be sent again: until a cycle has passed over a change that the log dates,
    // nothing is wrong.
    let change = on_its_way(link, group).flatten().and_then(OnItsWay::since);
    let may_come = was_sent && change.is_some();
    Some((is_missing && !may_come).then(|| GroupNotAssignedToApp { group: group.clone(), was_sent }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::causes::{Cause, Finding};
    use crate::diagnosis::facts::Group;
    use crate::diagnosis::facts::idp::Idp;
    use crate::diagnosis::fixture::{
        at, cause, finding, group, group_id, idp_group, known, of_the_idp, sent_by,
    };

    #[test]
    fn a_group_without_assignment_or_mapping_is_the_cause_at_either_idp() {
        for idp in [Idp::Entra, Idp::Okta] {
            let mut facts = sent_by(idp);
            of_the_idp(&mut facts).app_assignments.insert(idp_group().id, known(AppAssignment::None));
            let was_sent = idp == Idp::Entra;
            assert_eq!(finding(&facts), GroupNotAssignedToApp { group: idp_group(), was_sent }.into());
            let without_id = Group { external_ids: Box::default(), ..group() };
            facts.groups.insert(group_id(), known(Some(without_id)));
            assert_eq!(finding(&facts), GroupNotAssignedToApp { group: idp_group(), was_sent: false }.into());
        }
    }

    #[test]
    fn what_aws_has_by_its_id_was_sent_without_an_assignment_and_may_be_again() {
        let joined = |moment| {
            let mut facts = sent_by(Idp::Entra);
            let idp = of_the_idp(&mut facts);
            idp.app_assignments.insert(idp_group().id, known(AppAssignment::None));
            idp.added_at.insert(idp_group().id, known(Some(at(moment))));
            facts
        };
        let Finding::SyncPending(found) = finding(&joined("14:05")) else { panic!("it is on its way") };
        assert!(found.is_unassigned);
        assert_eq!(cause(&joined("13:00")), Some(Cause::GroupNotAssignedToApp), "a cycle has passed it over");
        let mut facts = joined("14:05");
        facts.groups.insert(group_id(), known(Some(Group { external_ids: Box::default(), ..group() })));
        assert_eq!(cause(&facts), Some(Cause::GroupNotAssignedToApp), "nothing says that it was sent");
    }
}
