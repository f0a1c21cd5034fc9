//! What to do about a finding, in the order in which nobody loses access on the way: first the access is given
//! to the group that stays, then it is looked whether anybody would lose any, and only then something is taken.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::copies::Held;
use super::duplicate::{Opens, Person};
use crate::diagnosis::facts::idp::IdpGroup;
use crate::diagnosis::facts::{Group, GroupId, UserId, names_id};
use crate::diagnosis::harm::{NameTaken, PrincipalGone};

/// One step. The bot takes none of them: an admin does.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// CreateAccountAssignment of this for the group. Whoever is in it and has not got it otherwise gains it;
    /// nothing where that could not be seen.
    Assign { to: Group, opens: Opens, gain: Option<Vec<Person>> },
    /// CreateGroupMembership of each of these people, who are in the other group alone.
    AddInAws { to: Group, newcomers: Newcomers },
    /// The same where the group is the IdP's, which alone decides who is in it.
    AddAtTheIdp { to: AtTheIdp, newcomers: Newcomers },
    /// The one that stays opens all that the other does: CreateAccountAssignment goes on after it has answered, and
    /// may fail.
    SeeThatAllIsAssigned { goes: Group, stays: Stays },
    /// Nobody is in the one that goes without being in the one that stays.
    SeeThatNobodyLoses { goes: Group, stays: Stays, would_lose: WouldLose },
    /// Groups open applications as well, which the digest does not read.
    SeeThatNoApplicationUsesIt { group: Group },
    /// DeleteAccountAssignment of this.
    Unassign { from: From, opens: Opens },
    /// DeleteGroup, of a group that is known to have been created manually.
    Delete { group: Group, is_held: NameTaken },
    /// Remove a group whose origin is unknown: off the application for AWS at the IdP, or in AWS.
    RemoveWhereItIsKept { group: Group, seen: LossSeen },
    /// UpdateGroup of its `displayName`: its assignments and members stay with it, and its name is free.
    Rename { group: Group, to: String, is_held: NameTaken },
    /// Let the IdP send its group.
    Send { group: IdpGroup },
    /// What the renamed group opens is assigned to the one that has arrived, whose id nobody knows yet.
    AssignWhatArrived { group: IdpGroup, opens: Opens, gain: Option<Vec<Person>> },
    /// Assign it to the group that took the place of one that is gone, whichever that is.
    AssignToItsSuccessor { opens: Opens },
    /// Take it off the application for AWS at the IdP.
    TakeOffTheApplication { group: Group, seen: LossSeen },
    /// Give it another name at the IdP: its twin is the one that is in AWS.
    RenameAtTheIdp { group: IdpGroup, is_another: AnotherIsInAws },
    /// Another finding is about one of the same groups: what is to be done about this one is known after that.
    FirstSettle { name: String },
    /// Which of these is the one in AWS, if any, nobody knows: all but one get another name.
    RenameAllButOneAtTheIdp { name: String, is_in_aws: bool },
}

impl Step {
    /// Who is to be added to a group by it.
    pub fn newcomers(&self) -> &[Person] {
        match self {
            Self::AddInAws { newcomers, .. } | Self::AddAtTheIdp { newcomers, .. } => &newcomers.people,
            _ => &[],
        }
    }
}

/// People who are to be added to a group.
#[derive(Clone, Debug, PartialEq)]
pub struct Newcomers {
    pub people: Vec<Person>,
    /// What they have not got now and gain by it; nothing where that could not be seen.
    pub gain: Option<BTreeSet<Opens>>,
}

/// The group that stays.
#[derive(Clone, Debug, PartialEq)]
pub enum Stays {
    InAws(Group),
    /// It has no id in AWS yet.
    ToArrive(IdpGroup),
}

/// A group where the IdP has it.
#[derive(Clone, Debug, PartialEq)]
pub enum AtTheIdp {
    /// Its copy in AWS, which tells it by its external id.
    Arrived(Group),
    ToArrive(IdpGroup),
}

/// From which group an assignment is taken.
#[derive(Clone, Debug, PartialEq)]
pub enum From {
    There(Group, LossSeen),
    /// The assignment is all that is left of it.
    Gone(GroupId, PrincipalGone),
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

/// It was seen who would lose access, and the steps before see to them: without that, nothing is taken from a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LossSeen(());

/// AWS has the id of another group of the same name: that one keeps the name, and nobody's access goes with a new one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnotherIsInAws(());

impl AnotherIsInAws {
    fn seen_in(group: &IdpGroup, twins: &[IdpGroup], in_aws: &Group) -> Option<Self> {
        let has = |one: &IdpGroup| names_id(&in_aws.external_ids, &one.id.0);
        (!has(group) && twins.iter().any(has)).then_some(Self(()))
    }
}

impl WouldLose {
    fn seen(&self) -> Option<LossSeen> {
        (*self != Self::Unseen).then_some(LossSeen(()))
    }

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
    // What the one that stays opens and who is in it, as the steps go on.
    let mut opened = stays.opens.clone();
    let mut members: Option<BTreeSet<UserId>> =
        stays.members.map(|members| members.iter().cloned().collect());
    for goes in held.iter().filter(|one| one.group.id != stays.group.id) {
        let opens = goes.opens.clone().unwrap_or_default();
        let has = opened.clone().unwrap_or_default();
        let assigned = opens.difference(&has).map(|one| Step::Assign {
            to: stays.group.clone(),
            opens: one.clone(),
            gain: gain(members.as_ref(), held, one),
        });
        steps.extend(assigned);
        opened = opened.map(|opened| opened.union(&opens).cloned().collect());
        let would_lose = would_lose(goes, members.as_ref());
        if let WouldLose::These(people) = &would_lose {
            let gain = opened.as_ref().map(|opened| opened.difference(&opens).cloned().collect());
            let newcomers = Newcomers { people: people.clone(), gain };
            steps.push(match stays.group.synced {
                true => Step::AddAtTheIdp { to: AtTheIdp::Arrived(stays.group.clone()), newcomers },
                false => Step::AddInAws { to: stays.group.clone(), newcomers },
            });
            let newly_in_it = people.iter().filter_map(|person| match person {
                Person::InAws(user) => Some(user.clone()),
                Person::AtTheIdp(_) => None,
            });
            members.iter_mut().for_each(|members| members.extend(newly_in_it.clone()));
        }
        let seen = would_lose.seen();
        let stays = Stays::InAws(stays.group.clone());
        if !opens.is_empty() {
            steps.push(Step::SeeThatAllIsAssigned { goes: goes.group.clone(), stays: stays.clone() });
        }
        steps.push(Step::SeeThatNobodyLoses { goes: goes.group.clone(), stays, would_lose });
        // Nothing is taken from a group of which it is not known who has what by it.
        if let Some(seen) = seen {
            steps.push(Step::SeeThatNoApplicationUsesIt { group: goes.group.clone() });
            steps.extend(unassigned(&From::There(goes.group.clone(), seen.clone()), &opens));
            steps.push(gone(goes.group, seen));
        }
    }
    steps
}

fn gone(group: &Group, seen: LossSeen) -> Step {
    match group.synced {
        // Deleted in AWS, the IdP would send it again.
        true => Step::TakeOffTheApplication { group: group.clone(), seen },
        // Without an external id it may be the IdP's all the same.
        false => Step::RemoveWhereItIsKept { group: group.clone(), seen },
    }
}

/// Who is in the one that stays and has this by none of the others.
fn gain(stays: Option<&BTreeSet<UserId>>, held: &[Held], opens: &Opens) -> Option<Vec<Person>> {
    let mut gain: BTreeSet<&UserId> = stays?.iter().collect();
    for other in held.iter().filter(|one| one.opens.as_ref().is_some_and(|its| its.contains(opens))) {
        for member in other.members? {
            gain.remove(member);
        }
    }
    Some(gain.into_iter().cloned().map(Person::InAws).collect())
}

/// The group that was made in AWS makes room for the IdP's. Both sides' members are told by user name.
pub(super) fn unblocking(
    manual: &Held,
    at_the_idp: &IdpGroup,
    is_held: &NameTaken,
    members: Option<&Vec<String>>,
    members_at_the_idp: Option<&Vec<String>>,
) -> Vec<Step> {
    let opens = manual.opens.clone().unwrap_or_default();
    let renamed = Group { name: format!("{} (old)", manual.group.name), ..manual.group.clone() };
    let would_lose = match (members, members_at_the_idp) {
        _ if manual.opens.is_none() => WouldLose::Unseen,
        (Some(members), Some(at_the_idp)) => WouldLose::of(not_among(members, at_the_idp)),
        _ => WouldLose::Unseen,
    };
    let gain = members.zip(members_at_the_idp).map(|(members, at_the_idp)| not_among(at_the_idp, members));
    let mut steps = vec![
        Step::Rename { group: manual.group.clone(), to: renamed.name.clone(), is_held: is_held.clone() },
        Step::Send { group: at_the_idp.clone() },
    ];
    let assigned = opens.iter().cloned();
    steps.extend(assigned.map(|opens| Step::AssignWhatArrived {
        group: at_the_idp.clone(),
        opens,
        gain: gain.clone(),
    }));
    if let WouldLose::These(people) = &would_lose {
        let newcomers = Newcomers { people: people.clone(), gain: Some(BTreeSet::new()) };
        steps.push(Step::AddAtTheIdp { to: AtTheIdp::ToArrive(at_the_idp.clone()), newcomers });
    }
    let seen = would_lose.seen();
    let stays = Stays::ToArrive(at_the_idp.clone());
    if !opens.is_empty() {
        steps.push(Step::SeeThatAllIsAssigned { goes: renamed.clone(), stays: stays.clone() });
    }
    steps.push(Step::SeeThatNobodyLoses { goes: renamed.clone(), stays, would_lose });
    if let Some(seen) = seen {
        steps.push(Step::SeeThatNoApplicationUsesIt { group: renamed.clone() });
        steps.extend(unassigned(&From::There(renamed.clone(), seen), &opens));
        steps.push(Step::Delete { group: renamed, is_held: is_held.clone() });
    }
    steps
}

/// User names do not tell capitals apart.
fn not_among(these: &[String], those: &[String]) -> Vec<Person> {
    let those: BTreeSet<String> = those.iter().map(|name| name.to_lowercase()).collect();
    let alone = these.iter().filter(|name| !those.contains(&name.to_lowercase()));
    alone.cloned().map(Person::AtTheIdp).collect()
}

/// What the deleted group opened is assigned to the one that was made in its place.
pub(super) fn moving_over(
    gone: &GroupId,
    is_gone: PrincipalGone,
    left: &BTreeSet<Opens>,
    now: &Held,
) -> Vec<Step> {
    let has = now.opens.clone().unwrap_or_default();
    let gain = now.members.map(|members| members.iter().cloned().map(Person::InAws).collect::<Vec<_>>());
    let missing = left.difference(&has).cloned();
    let assigned = missing.map(|opens| Step::Assign { to: now.group.clone(), opens, gain: gain.clone() });
    assigned.chain(unassigned(&From::Gone(gone.clone(), is_gone), left)).collect()
}

/// What the deleted group opened goes to whichever took its place, if one did.
pub(super) fn handing_on(gone: &GroupId, is_gone: PrincipalGone, left: &BTreeSet<Opens>) -> Vec<Step> {
    let assigned = left.iter().map(|opens| Step::AssignToItsSuccessor { opens: opens.clone() });
    assigned.chain(unassigned(&From::Gone(gone.clone(), is_gone), left)).collect()
}

/// The IdP's group that is in AWS keeps its name, and every other gets another. Where none is known to be, that is
/// for a person to find out: renamed, the one that is in AWS would carry its people's access off with its name.
pub(super) fn telling_apart(at_the_idp: &[IdpGroup], in_aws: Option<&Group>) -> Vec<Step> {
    let others = at_the_idp.iter().filter_map(|group| {
        let is_another = AnotherIsInAws::seen_in(group, at_the_idp, in_aws?)?;
        Some(Step::RenameAtTheIdp { group: group.clone(), is_another })
    });
    let others: Vec<Step> = others.collect();
    if !others.is_empty() {
        return others;
    }
    let name = at_the_idp.first().map(|group| group.name.clone()).unwrap_or_default();
    vec![Step::RenameAllButOneAtTheIdp { name, is_in_aws: in_aws.is_some_and(|held| held.synced) }]
}

/// The IdP's before one made in AWS, since it is kept up to date; then the one that costs the fewest moves.
fn worth_keeping<'h>(held: &'h Held) -> (bool, usize, usize, Reverse<&'h GroupId>) {
    let members = held.members.map_or(0, Vec::len);
    let opens = held.opens.as_ref().map_or(0, BTreeSet::len);
    (held.group.synced, members, opens, Reverse(&held.group.id))
}

fn unassigned<'o>(from: &'o From, opens: &'o BTreeSet<Opens>) -> impl Iterator<Item = Step> + 'o {
    opens.iter().map(move |opens| Step::Unassign { from: from.clone(), opens: opens.clone() })
}

fn would_lose(goes: &Held, staying: Option<&BTreeSet<UserId>>) -> WouldLose {
    let (Some(leaving), Some(staying), Some(_)) = (goes.members, staying, &goes.opens) else {
        return WouldLose::Unseen;
    };
    let alone: BTreeSet<&UserId> = leaving.iter().filter(|member| !staying.contains(*member)).collect();
    WouldLose::of(alone.into_iter().cloned().map(Person::InAws).collect())
}
