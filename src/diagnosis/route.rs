//! A route: one (group or person) × (permission set) by which the account could open, with its own first broken
//! link. The route that gets furthest is the one to talk about.

use std::cmp::Reverse;

use super::causes::{Cause, Finding};
use super::evidence::{Meaning, Rank};
use super::facts::{Group, GroupId, PermissionSetArn};
use super::names::{sounds_privileged, words_shared};
use super::step::Step;

/// One way in which the account could open.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    pub via: Via,
    pub permission_set: PermissionSetArn,
    pub permission_set_name: Option<String>,
    /// Whether this permission set was asked for; `None` if its name could not be read.
    pub wanted: Option<bool>,
    /// How many accounts its group opens, where that was asked and could be read.
    pub opens_accounts: Option<usize>,
    pub state: RouteState,
}

/// Through whom a route goes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Via {
    /// Assigned to the person directly.
    Direct,
    /// Assigned to a group; its record, if it was read and exists.
    Group(GroupId, Option<Group>),
    /// Assigned directly to a user that no longer exists.
    GoneUser,
}

/// How far a route gets.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "a diagnosis has a handful of them")]
pub enum RouteState {
    /// Read to its end: it works, or this is its first broken link.
    Explained(Finding),
    /// Something on it could not be read.
    Unknown(Step),
}

impl Route {
    /// What is known of it, if it could be read.
    pub fn finding(&self) -> Option<&Finding> {
        match &self.state {
            RouteState::Explained(finding) => Some(finding),
            RouteState::Unknown(_) => None,
        }
    }

    /// What explains the missing access on it, unless its permission set was not asked for.
    pub fn broken_link(&self) -> Option<&Finding> {
        self.finding().filter(|finding| self.wanted != Some(false) && !finding.cause().means_access())
    }

    /// Returns true if this route gives what was asked for, as far as could be read.
    pub fn gives_what_was_asked(&self) -> bool {
        self.wanted == Some(true) && self.works()
    }

    /// Returns true if this route opens the account, with whatever permission set.
    pub fn works(&self) -> bool {
        self.finding().is_some_and(|finding| finding.cause().means_access())
    }

    /// Returns true if the person was never given this.
    pub fn was_never_given(&self) -> bool {
        self.finding().map(Finding::cause).map(Cause::meaning) == Some(Meaning::NeverHad)
    }

    /// Returns true if the person is not meant to have this now: they never had it, or had it until it was ended.
    pub fn is_not_entitled(&self) -> bool {
        matches!(
            self.finding().map(Finding::cause).map(Cause::meaning),
            Some(Meaning::NeverHad | Meaning::Ended)
        )
    }

    /// Returns true if the person was given this, or it could not be read.
    pub fn was_given(&self) -> bool {
        self.rank().is_of_what_was_given()
    }

    /// The group that it goes through.
    pub fn group(&self) -> Option<&GroupId> {
        match &self.via {
            Via::Group(id, _) => Some(id),
            Via::Direct | Via::GoneUser => None,
        }
    }

    /// The record of the group that it goes through, if that was read.
    pub fn group_record(&self) -> Option<&Group> {
        match &self.via {
            Via::Group(_, group) => group.as_ref(),
            Via::Direct | Via::GoneUser => None,
        }
    }

    /// The group's name, where the route goes through a group whose name was read.
    pub fn group_name(&self) -> Option<&str> {
        self.group_record().map(|group| group.name.as_str())
    }

    /// Returns true if its group or its permission set is called as one for administrators or for emergencies.
    pub fn sounds_privileged(&self) -> bool {
        [self.group_name(), self.permission_set_name.as_deref()].into_iter().flatten().any(sounds_privileged)
    }

    /// How far it gets, for comparison.
    fn rank(&self) -> Rank {
        match (&self.state, self.wanted) {
            (_, Some(false)) => Rank::another_set(self.works()),
            (RouteState::Explained(finding), _) => finding.rank(),
            (RouteState::Unknown(_), _) => Rank::unread(),
        }
    }
}

/// Sorts routes to an account of this name, the one that gets furthest first.
///
/// Between routes that get equally far: what is called after administrators or emergencies last, however few accounts it
/// opens; of the others the group that opens the fewest accounts first, where that is known; then one named after the account, since it is likelier meant for it (and opens less else) than one for
/// everything; then by names; ids settle the rest.
pub(super) fn sort(routes: &mut [Route], account: &str) {
    fn telling<'r>(route: &'r Route, account: &str) -> impl Ord + 'r {
        let opens = route.opens_accounts.unwrap_or(usize::MAX);
        let group = route.group_name().map(str::to_lowercase);
        let shared = words_shared(group.as_deref().unwrap_or_default(), account);
        let (set, name) = (&route.permission_set, &route.permission_set_name);
        (route.sounds_privileged(), opens, Reverse(shared), group, name, &route.via, set)
    }
    routes.sort_by(|one, other| {
        let by_rank = other.rank().cmp(&one.rank());
        by_rank.then_with(|| telling(one, account).cmp(&telling(other, account)))
    });
}

#[cfg(test)]
mod tests {
    use crate::diagnosis::diagnose;
    use crate::diagnosis::facts::idp::Idp;
    use crate::diagnosis::facts::{Facts, Group};
    use crate::diagnosis::fixture::{
        group, group_id, in_place, known, of_the_idp, sent_by, unread, without_membership,
    };

    fn not_meant(name: &str) -> Facts {
        let mut facts = sent_by(Idp::Entra);
        let idp = of_the_idp(&mut facts);
        (idp.direct, idp.transitive) = (known(Vec::new()), known(Vec::new()));
        let named = Group { name: name.to_owned(), ..group() };
        facts.groups.insert(group_id(), known(Some(named)));
        facts
    }

    fn of_the_first<T>(facts: &Facts, tell: impl Fn(&super::Route) -> T) -> T {
        tell(diagnose(facts).best_route().expect("there is one"))
    }

    #[test]
    fn a_link_is_broken_on_a_route_that_was_asked_for_and_does_not_work() {
        let is_broken = |facts: &Facts| of_the_first(facts, |route| route.broken_link().is_some());
        assert!(is_broken(&without_membership()));
        assert!(!is_broken(&in_place()));
        let mut other = without_membership();
        other.question.permission_set = Some("Admin".to_owned());
        assert!(!is_broken(&other), "nobody asked for it");
    }

    #[test]
    fn what_a_person_was_given_is_told_from_what_they_never_had() {
        let given = |facts: &Facts| of_the_first(facts, |route| (route.was_given(), route.was_never_given()));
        assert_eq!(given(&sent_by(Idp::Entra)), (true, false));
        assert_eq!(given(&in_place()), (true, false));
        assert_eq!(given(&not_meant("AWS-Payments")), (false, true));
        let unknown = Facts { memberships: unread(), ..without_membership() };
        assert_eq!(given(&unknown), (true, false), "it could not be read");
    }
}
