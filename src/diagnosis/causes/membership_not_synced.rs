//! `membership_not_synced`: the assigned group is there without the person, and the IdP side could not be seen.

use crate::diagnosis::evidence::{About, Evidence, Meaning, Rank};
use crate::diagnosis::facts::Group;
use crate::diagnosis::link::Link;
use crate::diagnosis::names::is_variant;
use crate::diagnosis::step::Step;

/// The group is there without the person.
#[derive(Clone, Debug, PartialEq)]
pub struct MembershipNotSynced {
    /// The groups that would open the account, by name; a group whose name could not be read is absent.
    pub groups: Vec<Group>,
    /// A group that AWS has the person in and whose name differs from one of them by a plural or a suffix.
    pub near: Option<Group>,
}

impl Evidence for MembershipNotSynced {
    const ABOUT: About =
        About { name: "membership_not_synced", step: Step::DirectoryMembership, meaning: Meaning::Broken };

    fn rank(&self) -> Rank {
        Rank::not_meant(Step::DirectoryMembership)
    }

    fn add(&mut self, other: &Self) {
        self.groups.extend(other.groups.iter().cloned());
        self.groups.dedup();
        self.near = self.near.take().or_else(|| other.near.clone());
    }

    fn idp_may_explain(&self) -> bool {
        true
    }
}

/// What is left to say of a group without the person, by its record if that was read.
pub(in crate::diagnosis) fn without(link: Option<&Link>) -> MembershipNotSynced {
    let near = link.and_then(|link| {
        let mut own = link.case.own_groups();
        own.find(|own| is_variant(&own.name, &link.assigned.name)).cloned()
    });
    MembershipNotSynced { groups: link.map(|link| link.assigned.clone()).into_iter().collect(), near }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::facts::{PermissionSetArn, Principal};
    use crate::diagnosis::fixture::{finding, group, group_id, known, without_membership};

    #[test]
    fn every_group_without_the_person_is_named_once() {
        let mut facts = without_membership();
        let billing = PermissionSetArn("billing".to_owned());
        facts.permission_sets.insert(billing.clone(), known("Billing".to_owned()));
        facts.assignments.insert(billing, known(vec![Principal::Group(group_id())]));
        assert_eq!(finding(&facts), MembershipNotSynced { groups: vec![group()], near: None }.into());
    }

    #[test]
    fn the_groups_of_all_routes_are_named_and_the_first_that_is_near() {
        let without = |name: &str, near: Option<&str>| {
            let named = |name: &str| Group { name: name.to_owned(), ..group() };
            MembershipNotSynced { groups: vec![named(name)], near: near.map(named) }
        };
        let mut told = without("One", None);
        told.add(&without("Two", Some("Twos")));
        told.add(&without("Three", Some("Threes")));
        let names: Vec<&str> = told.groups.iter().map(|group| group.name.as_str()).collect();
        assert_eq!(names, ["One", "Two", "Three"]);
        assert_eq!(told.near.map(|group| group.name).as_deref(), Some("Twos"));
    }
}
