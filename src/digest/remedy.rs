//! What to do about a finding, in the order in which nobody loses access on the way: first the access is given
//! to the group that stays, then it is looked whether anybody would lose any, and only then something is taken.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::copies::Held;
use super::finding::{Opens, Person};
use crate::diagnosis::facts::idp::IdpGroup;
use crate::diagnosis::facts::{Group, GroupId, UserId};

/// One step. The bot takes none of them: an admin does.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// CreateAccountAssignment of this for the group.
    Assign { to: Group, opens: Opens },
    /// CreateGroupMembership of each of these people, who are in the other group alone.
    AddInAws { to: Group, people: Vec<Person> },
    /// The same where the group is the IdP's, which alone decides who is in it.
    AddAtTheIdp { to: String, people: Vec<Person> },
    /// Nobody is in the one that goes without being in the one that stays. That one has no id yet where it is
    /// still to arrive.
    SeeThatNobodyLoses { goes: Group, stays: String, stays_id: Option<GroupId>, would_lose: WouldLose },
    /// DeleteAccountAssignment of this from the group of this id, which may be gone already.
    Unassign { from: GroupId, is_gone: bool, opens: Opens },
    /// DeleteGroup.
    Delete { group: Group },
    /// UpdateGroup of its `displayName`: its assignments and members stay with it, and its name is free.
    Rename { group: Group, to: String },
    /// Let the IdP send its group.
    Send { group: IdpGroup },
    /// What the renamed group opens is assigned to the one that has arrived, whose id nobody knows yet.
    AssignWhatArrived { group: IdpGroup, opens: Opens },
    /// Assign it to the group that took the place of one that is gone, whichever that is.
    AssignToItsSuccessor { opens: Opens },
    /// Take it off the application for AWS at the IdP.
    TakeOffTheApplication { group: Group },
    /// Give it another name at the IdP, or take it off the application for AWS there.
    TellApartAtTheIdp { group: IdpGroup },
}

/// Who would lose access if the group went now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WouldLose {
    Nobody,
    /// These, until they are added to the group that stays.
    These(Vec<Person>),
    /// Not to be seen: the members of one of the groups could not be read.
    Unseen,
}

impl WouldLose {
    fn of(people: Vec<Person>) -> Self {
        if people.is_empty() { Self::Nobody } else { Self::These(people) }
    }
}

/// Groups that look alike become one.
pub(super) fn merging(held: &[Held]) -> Vec<Step> {
    let Some(stays) = held.iter().max_by_key(|one| worth_keeping(one)) else {
        return Vec::new();
    };
    let mut steps = Vec::new();
    for goes in held.iter().filter(|one| one.group.id != stays.group.id) {
        let opens = goes.opens.clone().unwrap_or_default();
        steps.extend(assignments_missing(stays, &opens));
        let would_lose = would_lose(goes, stays);
        if let WouldLose::These(people) = &would_lose {
            let people = people.clone();
            steps.push(match stays.group.synced {
                true => Step::AddAtTheIdp { to: stays.group.name.clone(), people },
                false => Step::AddInAws { to: stays.group.clone(), people },
            });
        }
        let may_go = would_lose != WouldLose::Unseen;
        steps.push(Step::SeeThatNobodyLoses {
            goes: goes.group.clone(),
            stays: stays.group.name.clone(),
            stays_id: Some(stays.group.id.clone()),
            would_lose,
        });
        // Nothing is taken from a group of which it is not known who has what by it.
        if !may_go {
            continue;
        }
        steps.extend(unassigned(&goes.group.id, false, &opens));
        steps.push(match goes.group.synced {
            // Deleted in AWS, the IdP would send it again.
            true => Step::TakeOffTheApplication { group: goes.group.clone() },
            false => Step::Delete { group: goes.group.clone() },
        });
    }
    steps
}

/// The group that was made in AWS makes room for the IdP's. Both sides' members are told by user name.
pub(super) fn unblocking(
    manual: &Held,
    at_the_idp: &IdpGroup,
    members: Option<&Vec<String>>,
    members_at_the_idp: Option<&Vec<String>>,
) -> Vec<Step> {
    let opens = manual.opens.clone().unwrap_or_default();
    let renamed = Group { name: format!("{} (old)", manual.group.name), ..manual.group.clone() };
    let would_lose = match (members, members_at_the_idp) {
        _ if manual.opens.is_none() => WouldLose::Unseen,
        (Some(members), Some(at_the_idp)) => {
            let at_the_idp: BTreeSet<String> = at_the_idp.iter().map(|name| name.to_lowercase()).collect();
            let alone = members.iter().filter(|name| !at_the_idp.contains(&name.to_lowercase()));
            WouldLose::of(alone.cloned().map(Person::AtTheIdp).collect())
        }
        _ => WouldLose::Unseen,
    };
    let mut steps = vec![
        Step::Rename { group: manual.group.clone(), to: renamed.name.clone() },
        Step::Send { group: at_the_idp.clone() },
    ];
    let assigned = opens.iter().cloned();
    steps.extend(assigned.map(|opens| Step::AssignWhatArrived { group: at_the_idp.clone(), opens }));
    if let WouldLose::These(people) = &would_lose {
        steps.push(Step::AddAtTheIdp { to: at_the_idp.name.clone(), people: people.clone() });
    }
    let may_go = would_lose != WouldLose::Unseen;
    steps.push(Step::SeeThatNobodyLoses {
        goes: renamed.clone(),
        stays: at_the_idp.name.clone(),
        stays_id: None,
        would_lose,
    });
    if !may_go {
        return steps;
    }
    steps.extend(unassigned(&manual.group.id, false, &opens));
    steps.push(Step::Delete { group: renamed });
    steps
}

/// What the deleted group opened is assigned to the one that was made in its place.
pub(super) fn moving_over(gone: &GroupId, left: &BTreeSet<Opens>, now: &Held) -> Vec<Step> {
    assignments_missing(now, left).chain(unassigned(gone, true, left)).collect()
}

/// What the deleted group opened goes to whichever took its place, if one did.
pub(super) fn handing_on(gone: &GroupId, left: &BTreeSet<Opens>) -> Vec<Step> {
    let assigned = left.iter().map(|opens| Step::AssignToItsSuccessor { opens: opens.clone() });
    assigned.chain(unassigned(gone, true, left)).collect()
}

/// One of the IdP's groups gets another name: the one with fewer members, which costs fewer people a sign-in.
pub(super) fn telling_apart(
    at_the_idp: &[IdpGroup],
    members: impl Fn(&IdpGroup) -> Option<usize>,
) -> Vec<Step> {
    let mut groups: Vec<&IdpGroup> = at_the_idp.iter().collect();
    groups.sort_by_key(|group| (Reverse(members(group)), &group.id));
    groups.into_iter().skip(1).map(|group| Step::TellApartAtTheIdp { group: group.clone() }).collect()
}

/// The IdP's before one made in AWS, since it is kept up to date; then the one that costs the fewest moves.
fn worth_keeping<'h>(held: &'h Held) -> (bool, usize, usize, Reverse<&'h GroupId>) {
    let members = held.members.map_or(0, Vec::len);
    let opens = held.opens.as_ref().map_or(0, BTreeSet::len);
    (held.group.synced, members, opens, Reverse(&held.group.id))
}

fn assignments_missing(to: &Held, opens: &BTreeSet<Opens>) -> impl Iterator<Item = Step> {
    let has = to.opens.clone().unwrap_or_default();
    let to = to.group.clone();
    let missing: Vec<Opens> = opens.difference(&has).cloned().collect();
    missing.into_iter().map(move |opens| Step::Assign { to: to.clone(), opens })
}

fn unassigned(from: &GroupId, is_gone: bool, opens: &BTreeSet<Opens>) -> impl Iterator<Item = Step> {
    opens.iter().map(move |opens| Step::Unassign { from: from.clone(), is_gone, opens: opens.clone() })
}

fn would_lose(goes: &Held, stays: &Held) -> WouldLose {
    if goes.opens.as_ref().is_some_and(BTreeSet::is_empty) {
        return WouldLose::Nobody;
    }
    let (Some(leaving), Some(staying), Some(_)) = (goes.members, stays.members, &goes.opens) else {
        return WouldLose::Unseen;
    };
    let staying: BTreeSet<&UserId> = staying.iter().collect();
    let alone: BTreeSet<&UserId> = leaving.iter().filter(|member| !staying.contains(member)).collect();
    WouldLose::of(alone.into_iter().cloned().map(Person::InAws).collect())
}
