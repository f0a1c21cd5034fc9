//! `not_activated`: the person may activate their membership of the group for a while, and has not.

use jiff::Timestamp;

use crate::diagnosis::evidence::{About, Evidence, Meaning, Rank};
use crate::diagnosis::facts::names_id;
use crate::diagnosis::link::{Judged, Link};
use crate::diagnosis::step::Step;

/// Eligible for the group, and not in it now.
#[derive(Clone, Debug, PartialEq)]
pub struct NotActivated {
    /// The group's name.
    pub group: String,
    pub permission_set: Option<String>,
    /// Until when the person may activate it; `None` if that has no end.
    pub until: Option<Timestamp>,
}

impl Evidence for NotActivated {
    const ABOUT: About = About { name: "not_activated", step: Step::IdpMembership, meaning: Meaning::Broken };

    fn rank(&self) -> Rank {
        Rank::given(Step::IdpMembership)
    }
}

/// Whether somebody may activate it is an optional question: unread, it excludes nothing.
pub(in crate::diagnosis) fn on(link: &Link) -> Judged<NotActivated> {
    let is_in_it = link.idp_group()?.is_some();
    let eligible = link.idp()?.eligible.value().filter(|_| !is_in_it);
    let found = eligible.into_iter().flatten().find(|eligibility| {
        let is_the_twin = link.twin().is_some_and(|twin| twin.id == eligibility.group);
        is_the_twin || names_id(&link.assigned.external_ids, &eligibility.group.0)
    });
    Some(found.map(|eligibility| NotActivated {
        group: link.twin().map_or(&link.assigned.name, |twin| &twin.name).clone(),
        permission_set: link.case.facts.permission_set_name(link.permission_set).map(str::to_owned),
        until: eligibility.until,
    }))
}

#[cfg(test)]
mod tests {
    use crate::diagnosis::causes::{Cause, Finding};
    use crate::diagnosis::facts::idp::{Eligibility, Idp, IdpGroup, IdpGroupId};
    use crate::diagnosis::facts::{Fact, Facts, Group};
    use crate::diagnosis::fixture::{
        cause, finding, group, group_id, idp_group, known, of_the_idp, sent_by, unread,
    };

    fn eligible(eligible: Fact<Vec<Eligibility>>) -> Facts {
        let mut facts = sent_by(Idp::Entra);
        let idp = of_the_idp(&mut facts);
        (idp.direct, idp.transitive) = (known(Vec::new()), known(Vec::new()));
        idp.eligible = eligible;
        facts
    }

    #[test]
    fn whoever_may_activate_the_group_is_told_so() {
        let may = |group: IdpGroupId| eligible(known(vec![Eligibility { group, until: None }]));
        let Finding::NotActivated(found) = finding(&may(idp_group().id)) else { panic!("it is not active") };
        assert_eq!(found.group, idp_group().name);
        assert_eq!(cause(&may(IdpGroupId("another".to_owned()))), Some(Cause::NotInGroup));
    }

    #[test]
    fn without_the_right_to_ask_nothing_is_excluded() {
        assert_eq!(cause(&eligible(unread())), Some(Cause::NotInGroup));
    }

    #[test]
    fn an_active_membership_is_not_asked_for_again() {
        let mut facts = sent_by(Idp::Entra);
        let active = Eligibility { group: idp_group().id, until: None };
        of_the_idp(&mut facts).eligible = known(vec![active]);
        assert_eq!(cause(&facts), Some(Cause::MembershipMissed));
    }

    #[test]
    fn what_may_be_activated_is_the_group_behind_the_assigned_one_by_whatever_ties_them() {
        let may = |twin: &str| {
            let mut facts =
                eligible(known(vec![Eligibility { group: IdpGroupId("twin".to_owned()), until: None }]));
            let bare = Group { external_ids: Box::default(), ..group() };
            facts.groups.insert(group_id(), known(Some(bare)));
            let twin = IdpGroup::new(twin, "AWS-Payments");
            of_the_idp(&mut facts).twins.insert(group_id(), known(Some(twin)));
            cause(&facts)
        };
        assert_eq!(may("twin"), Some(Cause::NotActivated));
        assert_eq!(may("another"), Some(Cause::NotInGroup));
    }
}
