//! `not_activated`: the person may activate their membership of the group for a while, and has not.

use jiff::Timestamp;

use crate::diagnosis::evidence::{About, Evidence, Meaning, Rank};
use crate::diagnosis::facts::names_id;
use crate::diagnosis::link::{Judged, Link};
use crate::diagnosis::names::sounds_privileged;
use crate::diagnosis::step::Step;

/// Eligible for the group, and not in it now.
#[derive(Clone, Debug, PartialEq)]
pub struct NotActivated {
    /// The group's name.
    pub group: String,
    pub permission_set: Option<String>,
    /// Until when the person may activate it; `None` if that has no end.
    pub until: Option<Timestamp>,
    /// The group is one for admins by its name, and nobody asked for its permission set.
    pub only_for_admins: bool,
}

impl Evidence for NotActivated {
    const ABOUT: About = About { name: "not_activated", step: Step::IdpMembership, meaning: Meaning::Broken };

    /// An admins' group may be activated beside what the person works with every day, which they may have lost with a
    /// group that was deleted.
    fn rank(&self) -> Rank {
        match self.only_for_admins {
            true => Rank::replaced(Step::IdpMembership),
            false => Rank::given(Step::IdpMembership),
        }
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
    Some(found.map(|eligibility| {
        let group = link.twin().map_or(&link.assigned.name, |twin| &twin.name).clone();
        let facts = link.case.facts;
        let permission_set = facts.permission_set_name(link.permission_set).map(str::to_owned);
        let for_admins =
            sounds_privileged(&group) || permission_set.as_deref().is_some_and(sounds_privileged);
        let only_for_admins = for_admins && facts.question.permission_set.is_none();
        NotActivated { group, permission_set, until: eligibility.until, only_for_admins }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::causes::{Cause, Finding};
    use crate::diagnosis::facts::idp::{Eligibility, Idp, IdpGroup, IdpGroupId};
    use crate::diagnosis::facts::{Fact, Facts, Group};
    use crate::diagnosis::fixture::{
        cause, finding, group, group_id, idp_group, known, of_the_idp, read_only, sent_by, unread,
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
    fn an_admins_group_to_activate_hides_no_deleted_group_that_may_have_been_theirs() {
        let may = |group: &str, only_for_admins| NotActivated {
            group: group.to_owned(),
            permission_set: None,
            until: None,
            only_for_admins,
        };
        let replaced = Rank::replaced(Step::Assignment);
        assert!(may("AWS-Admins", true).rank() < replaced);
        assert!(may("AWS-Admins", true).rank() > Rank::left_over(Step::Assignment));
        assert!(may("AWS-Readers", false).rank() > replaced);
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

    #[test]
    fn a_group_is_for_admins_by_its_name_or_by_its_set_unless_the_set_was_asked_for() {
        let for_admins = |group_name: &str, set: &str, asked_for: Option<&str>| {
            let mut facts = eligible(known(vec![Eligibility { group: idp_group().id, until: None }]));
            let named = Group { name: group_name.to_owned(), ..group() };
            facts.groups.insert(group_id(), known(Some(named)));
            facts.permission_sets.insert(read_only(), known(set.to_owned()));
            facts.question.permission_set = asked_for.map(str::to_owned);
            let Finding::NotActivated(found) = finding(&facts) else { panic!("it is not active") };
            found.only_for_admins
        };
        assert!(!for_admins("AWS-Payments", "ReadOnly", None));
        assert!(for_admins("AWS-Admins", "ReadOnly", None));
        assert!(for_admins("AWS-Payments", "AdministratorAccess", None));
        assert!(!for_admins("AWS-Payments", "AdministratorAccess", Some("AdministratorAccess")));
    }
}
