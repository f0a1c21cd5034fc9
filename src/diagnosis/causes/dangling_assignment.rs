//! `dangling_assignment`: the assignment names a group or user that no longer exists: re-created under the
//! same name, it has a new id. (User guide, "My user is referenced in a permission set but can't access…".)

use crate::diagnosis::case::Case;
use crate::diagnosis::evidence::{About, Evidence, Meaning, Rank};
use crate::diagnosis::facts::{Group, GroupId, UserId};
use crate::diagnosis::harm::PrincipalGone;
use crate::diagnosis::names::words_shared;
use crate::diagnosis::step::Step;

/// The assignment names a group or user that no longer exists.
#[derive(Clone, Debug, PartialEq)]
pub struct DanglingAssignment {
    pub is_gone: PrincipalGone,
    pub to_a_user: bool,
    /// The person is in a group that is named after the account, and may be the deleted one created again.
    pub replaceable: bool,
    /// Nothing rules out that the person had the access by it: they are in some group that may be the deleted one, or
    /// the user may be an older record of theirs.
    pub may_be_theirs: bool,
}

impl Evidence for DanglingAssignment {
    const ABOUT: About =
        About { name: "dangling_assignment", step: Step::Assignment, meaning: Meaning::Broken };

    /// A group that nobody meant the person to join explains less than what they may have had by somebody who is gone.
    fn rank(&self) -> Rank {
        match (self.to_a_user, self.replaceable) {
            (false, true) => Rank::replaced(Step::Assignment).nth(2),
            (false, false) if self.may_be_theirs => Rank::replaced(Step::Assignment).nth(0),
            (true, _) if self.may_be_theirs => Rank::replaced(Step::Assignment).nth(1),
            (true, _) => Rank::left_over(Step::Assignment).nth(0),
            (false, false) => Rank::left_over(Step::Assignment).nth(1),
        }
    }
}

pub(in crate::diagnosis) fn of_group(case: &Case, group: &GroupId) -> Option<DanglingAssignment> {
    PrincipalGone::seen_of_group(case.facts, group).map(|is_gone| DanglingAssignment {
        is_gone,
        to_a_user: false,
        replaceable: is_in_one_that_may_replace(case, group),
        may_be_theirs: is_in_one_that_came_later(case, group),
    })
}

pub(in crate::diagnosis) fn of_user(case: &Case, user: &UserId) -> Option<DanglingAssignment> {
    let may_be_theirs = case.facts.may_be_created_again();
    let is_gone = PrincipalGone::seen_of_user(case.facts, user)?;
    Some(DanglingAssignment { is_gone, to_a_user: true, replaceable: false, may_be_theirs })
}

/// A group that is older than the person's record cannot have replaced one that they were in.
fn is_in_one_that_came_later(case: &Case, gone: &GroupId) -> bool {
    let since = case.person.and_then(|person| person.created_at);
    let came_later = |own: &Group| match (own.created_at, since) {
        (Some(created), Some(since)) => created > since,
        (None, _) | (_, None) => true,
    };
    case.own_groups().any(|own| own.id != *gone && came_later(own))
}

/// The deleted group's name is gone too; but companies name groups after accounts, and one named after another
/// account is no candidate.
fn is_in_one_that_may_replace(case: &Case, gone: &GroupId) -> bool {
    let mut own = case.own_groups().filter(|own| own.id != *gone);
    own.any(|own| words_shared(&own.name, case.account_name()) > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::causes::{Cause, Finding};
    use crate::diagnosis::facts::{Facts, Membership};
    use crate::diagnosis::fixture::{cause, finding, group, group_id, known, unread, without_membership};

    fn deleted() -> Facts {
        let mut facts = without_membership();
        facts.groups.insert(group_id(), known(None));
        facts
    }

    #[test]
    fn a_deleted_group_is_replaceable_by_one_named_after_the_account() {
        let replaceable = |name: &str| {
            let now = Group { id: GroupId("now".to_owned()), name: name.to_owned(), ..group() };
            let mut facts = deleted();
            facts.memberships = known(vec![Membership { group: now.id.clone(), since: None }]);
            facts.groups.insert(now.id.clone(), known(Some(now)));
            match finding(&facts) {
                Finding::DanglingAssignment(found) => found.replaceable,
                other => panic!("{other:?}"),
            }
        };
        assert!(replaceable("Payments readers"));
        assert!(!replaceable("AWS-Prod-Admins"));
    }

    #[test]
    fn a_group_that_could_not_be_read_is_not_deleted() {
        let mut facts = deleted();
        facts.groups.insert(group_id(), unread());
        assert_eq!(cause(&facts), Some(Cause::MembershipNotSynced));
    }
}
