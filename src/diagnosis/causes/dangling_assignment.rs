//! `dangling_assignment`: the assignment names a group or user that no longer exists: re-created under the
//! same name, it has a new id. (User guide, "My user is referenced in a permission set but can't access…".)

use jiff::SignedDuration;

use crate::diagnosis::case::Case;
use crate::diagnosis::evidence::{About, Evidence, Meaning, Rank};
use crate::diagnosis::facts::idp::IdpFacts;
use crate::diagnosis::facts::{Fact, FormerName, Group, GroupId, Identity, Principal, UserId};
use crate::diagnosis::harm::PrincipalGone;
use crate::diagnosis::names::{sounds_like_everybody, words_shared};
use crate::diagnosis::step::Step;

/// Who lost access with a deleted group asks within weeks; our own limit.
const YOUNG: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A group that was created again has lost its assignments: one that opens so many accounts is another; our own limit.
const MANY_ACCOUNTS: usize = 3;

/// The assignment names a group or user that no longer exists.
#[derive(Clone, Debug, PartialEq)]
pub struct DanglingAssignment {
    pub is_gone: PrincipalGone,
    pub to_a_user: bool,
    /// What the deleted group was called, if a digest saw it.
    pub former: Option<FormerName>,
    /// The group of that name that AWS has the person in now: the deleted one, created again.
    pub again: Option<Box<Group>>,
    /// Where else the person is in a group of that name.
    pub elsewhere: OfThatName,
    /// If nothing says what the deleted group was called: groups of the person's that came later and may be it, created
    /// again, the likeliest first.
    pub candidates: Vec<Group>,
    /// The person is in a group that is named after the account, and may be the deleted one created again.
    pub replaceable: bool,
    /// Nothing rules out that the person had the access by it: they are in some group that may be the deleted one, or
    /// the user may be an older record of theirs.
    pub may_be_theirs: bool,
}

/// Whether the person is in a group of a name in another place than in AWS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfThatName {
    /// They are in none: all of their groups were read.
    Nowhere,
    /// Not all of their groups were read.
    Unread,
    /// The IdP has them in one.
    AtTheIdp,
    /// The IdP has them in one that AWS has under this id, without them.
    InAwsWithoutThem(GroupId),
}

impl Evidence for DanglingAssignment {
    const ABOUT: About =
        About { name: "dangling_assignment", step: Step::Assignment, meaning: Meaning::Broken };

    /// A group that nobody meant the person to join explains less than what they may have had by somebody who is gone.
    fn rank(&self) -> Rank {
        match (self.to_a_user, self.again.is_some(), self.replaceable) {
            (false, true, _) => Rank::replaced(Step::Assignment).nth(3),
            (false, false, true) => Rank::replaced(Step::Assignment).nth(2),
            (false, false, false) if self.may_be_theirs => Rank::replaced(Step::Assignment).nth(0),
            (true, ..) if self.may_be_theirs => Rank::replaced(Step::Assignment).nth(1),
            (true, ..) => Rank::left_over(Step::Assignment).nth(1),
            // One whose name is known and is none of theirs now explains least.
            (false, ..) if self.former.is_some() => Rank::left_over(Step::Assignment).nth(0),
            (false, ..) => Rank::left_over(Step::Assignment).nth(2),
        }
    }
}

pub(in crate::diagnosis) fn of_group(case: &Case, group: &GroupId) -> Option<DanglingAssignment> {
    let is_gone = PrincipalGone::seen_of_group(case.facts, group)?;
    Some(match case.facts.former_groups.get(group) {
        Some(former) => called(case, group, is_gone, former),
        None => {
            let mut candidates = candidates(case, group);
            let may_be_theirs =
                !candidates.is_empty() || case.facts.idp.as_ref().is_some_and(IdpFacts::may_have_lost_one);
            candidates.retain(|own| !is_for_everybody(case, own));
            DanglingAssignment {
                is_gone,
                to_a_user: false,
                former: None,
                again: None,
                elsewhere: OfThatName::Unread,
                replaceable: candidates.iter().any(|own| is_named_after(case, own)),
                may_be_theirs,
                candidates,
            }
        }
    })
}

pub(in crate::diagnosis) fn of_user(case: &Case, user: &UserId) -> Option<DanglingAssignment> {
    let is_gone = PrincipalGone::seen_of_user(case.facts, user)?;
    Some(DanglingAssignment {
        is_gone,
        to_a_user: true,
        former: None,
        again: None,
        elsewhere: OfThatName::Unread,
        candidates: Vec::new(),
        replaceable: false,
        may_be_theirs: case.facts.identity() == Identity::Nobody || case.facts.may_be_created_again(),
    })
}

/// A group whose name is known is the person's if they are in one of that name now, on either side.
fn called(case: &Case, gone: &GroupId, is_gone: PrincipalGone, former: &FormerName) -> DanglingAssignment {
    let again = case.own_groups().find(|own| own.id != *gone && own.name == former.name);
    let elsewhere = elsewhere(case, &former.name);
    DanglingAssignment {
        is_gone,
        to_a_user: false,
        former: Some(former.clone()),
        again: again.cloned().map(Box::new),
        elsewhere: elsewhere.clone(),
        candidates: Vec::new(),
        replaceable: false,
        may_be_theirs: again.is_some() || elsewhere != OfThatName::Nowhere,
    }
}

fn elsewhere(case: &Case, name: &str) -> OfThatName {
    let idp = case.facts.idp.as_ref();
    let at_the_idp = idp.and_then(|idp| {
        let group = idp.direct.value()?.iter().find(|group| group.name == name)?;
        Some(match idp.in_aws.get(&group.id).and_then(Fact::value) {
            Some(Some(id)) => OfThatName::InAwsWithoutThem(id.clone()),
            Some(None) | None => OfThatName::AtTheIdp,
        })
    });
    let own = case.facts.memberships.value();
    let was_read = |group: &GroupId| case.facts.groups.get(group).is_some_and(|fact| fact.value().is_some());
    let all_in_aws = own.is_some_and(|own| own.iter().all(|membership| was_read(&membership.group)));
    let all_at_the_idp = idp.is_none_or(|idp| idp.direct.value().is_some());
    match at_the_idp {
        Some(found) => found,
        None if all_in_aws && all_at_the_idp => OfThatName::Nowhere,
        None => OfThatName::Unread,
    }
}

/// Groups of the person's that are younger than their record and not assigned on the account: one that is older cannot
/// have replaced one that they were in. Companies name groups after accounts, so that such a one comes first, then what
/// was created last; beside what was created lately, what is old is none.
fn candidates(case: &Case, gone: &GroupId) -> Vec<Group> {
    let since = case.person.and_then(|person| person.created_at);
    let came_later = |own: &&Group| match (own.created_at, since) {
        (Some(created), Some(since)) => created > since,
        (None, _) | (_, None) => true,
    };
    let assigned = |own: &&Group| {
        let principals = case.facts.assignments.values().filter_map(Fact::value).flatten();
        principals.into_iter().any(|principal| *principal == Principal::Group(own.id.clone()))
    };
    let own = case.own_groups().filter(|own| own.id != *gone);
    let mut found: Vec<Group> = own.filter(came_later).filter(|own| !assigned(own)).cloned().collect();
    let is_young = |own: &Group| {
        own.created_at.is_some_and(|created| case.facts.checked_at.duration_since(created) < YOUNG)
    };
    if found.iter().any(is_young) {
        found.retain(|own| is_young(own) || is_named_after(case, own));
    }
    let likeliest = |own: &Group| (is_young(own), is_named_after(case, own), own.created_at);
    found.sort_by(|one, other| {
        likeliest(other)
            .cmp(&likeliest(one))
            .then_with(|| (&one.name, &one.id).cmp(&(&other.name, &other.id)))
    });
    found
}

/// Everybody would get the access by it.
fn is_for_everybody(case: &Case, own: &Group) -> bool {
    let opens = case.facts.opens_accounts.get(&own.id).and_then(Fact::value);
    sounds_like_everybody(&own.name) || opens.is_some_and(|opens| *opens >= MANY_ACCOUNTS)
}

/// One that is named after another account is none that gave this one.
fn is_named_after(case: &Case, own: &Group) -> bool {
    words_shared(&own.name, case.account_name()) > 0
}

#[cfg(test)]
mod tests;
