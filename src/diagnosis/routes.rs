//! The routes: every (group or person) × (permission set) by which the account could open, each with its
//! own first broken link. The one that gets furthest is the one to talk about.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::facts::{
    Assignment, AssignmentRequest, DirectoryUser, Fact, Facts, Group, GroupId, Identity, PermissionSetArn,
    Principal, RequestState,
};
use super::names::{Likeness, likeness};
use super::steps::Step;

/// One way in which the account could open.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    pub via: Via,
    pub permission_set: PermissionSetArn,
    pub permission_set_name: Option<String>,
    /// Whether this permission set was asked for; nothing where its name could not be read.
    pub wanted: Option<bool>,
    pub state: RouteState,
}

/// Through whom a route goes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Via {
    /// Assigned to the person directly.
    Direct,
    /// Assigned to a group; its record, where it was read and exists.
    Group(GroupId, Option<Group>),
    /// Assigned directly to a user that no longer exists.
    GoneUser,
}

/// How far a route gets.
#[derive(Clone, Debug, PartialEq)]
pub enum RouteState {
    Works {
        outdated: bool,
        member_since: Option<Timestamp>,
    },
    Broken(Break),
    /// Something on it could not be read.
    Unknown(Step),
}

/// The first broken link of a route.
#[derive(Clone, Debug, PartialEq)]
pub enum Break {
    /// The assignment names a group or user that no longer exists.
    PrincipalGone {
        replaceable: bool,
    },
    /// A group made by hand holds the name, so that the IdP's group of that name cannot arrive.
    HeldByManualGroup,
    /// The group is there without the person.
    NotMember,
    /// The person is in a group that only looks like the assigned one.
    LookAlike {
        own: Group,
        likeness: Likeness,
    },
    RequestFailed {
        reason: Option<String>,
        at: Option<Timestamp>,
    },
    RequestInProgress {
        since: Option<Timestamp>,
    },
    NotProvisioned,
}

impl Break {
    /// The step at which this breaks.
    pub fn step(&self) -> Step {
        match self {
            Self::HeldByManualGroup => Step::DirectoryGroup,
            Self::NotMember => Step::DirectoryMembership,
            Self::LookAlike { .. } => Step::DuplicateGroups,
            Self::PrincipalGone { .. } | Self::RequestFailed { .. } | Self::RequestInProgress { .. } => {
                Step::Assignment
            }
            Self::NotProvisioned => Step::Provisioning,
        }
    }
}

impl Route {
    /// Whether this route gives what was asked for, as far as could be read.
    pub fn gives_what_was_asked(&self) -> bool {
        self.wanted == Some(true) && self.works()
    }

    /// Whether this route opens the account, with whatever permission set.
    pub fn works(&self) -> bool {
        matches!(self.state, RouteState::Works { .. })
    }

    /// The group's name, where the route goes through a group whose name was read.
    pub fn group_name(&self) -> Option<&str> {
        match &self.via {
            Via::Group(_, Some(group)) => Some(&group.name),
            Via::Group(_, None) | Via::Direct | Via::GoneUser => None,
        }
    }

    /// How far it gets, for comparison: the later the broken link and the surer its evidence, the higher.
    ///
    /// A principal that is gone breaks late, but its name is gone too: it explains only where the person
    /// is in a group that may have replaced it, and then less surely than a look-alike, whose names are read.
    /// Another permission set that works outranks a mere "not in that group" of the one asked for.
    fn reach(&self) -> u8 {
        if self.wanted == Some(false) {
            return if self.works() { 6 } else { 0 };
        }
        match &self.state {
            RouteState::Broken(broken) => match broken {
                Break::PrincipalGone { .. } if self.via == Via::GoneUser => 1,
                Break::PrincipalGone { replaceable: false } => 2,
                Break::HeldByManualGroup => 3,
                Break::NotMember => 4,
                Break::PrincipalGone { replaceable: true } => 5,
                Break::LookAlike { .. } => 7,
                Break::RequestFailed { .. } => 8,
                Break::RequestInProgress { .. } => 9,
                Break::NotProvisioned => 10,
            },
            RouteState::Unknown(_) => 11,
            RouteState::Works { outdated: true, .. } => 12,
            RouteState::Works { outdated: false, .. } => 13,
        }
    }
}

/// All routes that the facts show, the one that gets furthest first.
pub(super) fn routes(facts: &Facts, person: Option<&DirectoryUser>) -> Vec<Route> {
    let surveyor = Surveyor::of(facts, person);
    let assignments = surveyor.assignments();
    let mut routes: Vec<Route> =
        assignments.iter().filter_map(|assignment| surveyor.route(assignment)).collect();
    routes.extend(surveyor.requested(&assignments));
    let account = facts.account_found().map_or("", |account| account.name.as_str());
    routes.sort_by(|one, other| {
        let by_reach = other.reach().cmp(&one.reach());
        by_reach.then_with(|| order_of_telling(one, account).cmp(&order_of_telling(other, account)))
    });
    routes
}

/// Between routes that get equally far: a group named after the account first, since it is likelier meant
/// for it (and opens less else) than one for everything; then by names; ids settle the rest.
fn order_of_telling<'r>(route: &'r Route, account: &str) -> impl Ord + 'r {
    let group = route.group_name().map(str::to_lowercase);
    let shared = words_shared(group.as_deref().unwrap_or_default(), account);
    (std::cmp::Reverse(shared), group, &route.permission_set_name, &route.via, &route.permission_set)
}

fn words_shared(group: &str, account: &str) -> usize {
    /// Words that say nothing of which account is meant.
    const EVERYWHERE: [&str; 9] =
        ["account", "aws", "dev", "prod", "production", "qa", "stage", "staging", "test"];
    let words = |name: &str| -> BTreeSet<String> {
        let words = name.split(|character: char| !character.is_alphanumeric());
        words
            .map(str::to_lowercase)
            .filter(|word| !word.is_empty() && !EVERYWHERE.contains(&word.as_str()))
            .collect()
    };
    words(group).intersection(&words(account)).count()
}

struct Surveyor<'f> {
    facts: &'f Facts,
    person: Option<&'f DirectoryUser>,
    /// The person's groups with the time at which they joined; nothing where that could not be read.
    memberships: Option<BTreeMap<&'f GroupId, Option<Timestamp>>>,
}

impl<'f> Surveyor<'f> {
    fn of(facts: &'f Facts, person: Option<&'f DirectoryUser>) -> Self {
        let memberships = facts
            .memberships
            .value()
            .map(|memberships| memberships.iter().map(|one| (&one.group, one.since)).collect());
        Self { facts, person, memberships }
    }

    fn assignments(&self) -> BTreeSet<Assignment> {
        let by_permission_set = self.facts.assignments.iter().flat_map(|(permission_set, principals)| {
            principals.value().into_iter().flatten().map(|principal| Assignment {
                permission_set: permission_set.clone(),
                principal: principal.clone(),
            })
        });
        let by_person = self.facts.persons_assignments.value().into_iter().flatten().cloned();
        let by_group = self.facts.groups_assignments.values().filter_map(Fact::value).flatten().cloned();
        by_permission_set.chain(by_person).chain(by_group).collect()
    }

    fn route(&self, assignment: &Assignment) -> Option<Route> {
        let (via, state) = match &assignment.principal {
            Principal::User(user) if self.is_the_person(user) => {
                (Via::Direct, self.if_provisioned(assignment, None))
            }
            Principal::User(user) if self.facts.users.get(user).and_then(Fact::value) == Some(&false) => {
                (Via::GoneUser, RouteState::Broken(Break::PrincipalGone { replaceable: false }))
            }
            Principal::User(_) => return None,
            Principal::Group(group) => (
                Via::Group(group.clone(), self.facts.group(group).cloned()),
                self.through_group(group, assignment),
            ),
        };
        Some(self.named(via, &assignment.permission_set, state))
    }

    fn named(&self, via: Via, permission_set: &PermissionSetArn, state: RouteState) -> Route {
        let name = self.facts.permission_set_name(permission_set);
        let wanted = match (&self.facts.question.permission_set, name) {
            (None, _) => Some(true),
            (Some(_), Some(name)) => Some(self.facts.question.wants(name)),
            (Some(_), None) => None,
        };
        Route {
            via,
            permission_set: permission_set.clone(),
            permission_set_name: name.map(str::to_owned),
            wanted,
            state,
        }
    }

    fn through_group(&self, id: &GroupId, assignment: &Assignment) -> RouteState {
        if let Some(Fact::Known(known)) = self.facts.groups.get(id)
            && known.value.is_none()
        {
            return RouteState::Broken(Break::PrincipalGone {
                replaceable: self.is_in_a_group_that_may_replace(id),
            });
        }
        if self.aws_names_it_as_the_persons(assignment) {
            return self.if_provisioned(assignment, self.member_since(id));
        }
        match &self.memberships {
            None => RouteState::Unknown(Step::DirectoryMembership),
            Some(memberships) if memberships.contains_key(id) => {
                self.if_provisioned(assignment, self.member_since(id))
            }
            Some(_) => RouteState::Broken(self.why_not_through(id)),
        }
    }

    fn why_not_through(&self, id: &GroupId) -> Break {
        let Some(assigned) = self.facts.group(id) else {
            return Break::NotMember;
        };
        if let Some((own, likeness)) = self.own_look_alike_of(assigned) {
            return Break::LookAlike { own: own.clone(), likeness };
        }
        let person_is_synced = self.person.is_some_and(|person| person.synced);
        if person_is_synced && !assigned.synced && !is_made_by_control_tower(&assigned.name) {
            return Break::HeldByManualGroup;
        }
        Break::NotMember
    }

    fn own_look_alike_of(&self, assigned: &Group) -> Option<(&'f Group, Likeness)> {
        let own = self.memberships.iter().flatten().filter_map(|(id, _)| self.facts.group(id));
        own.filter_map(|own| Some((own, likeness(&own.name, &assigned.name)?)))
            .min_by_key(|(own, likeness)| (*likeness != Likeness::Same, own.id.clone()))
    }

    fn if_provisioned(&self, assignment: &Assignment, member_since: Option<Timestamp>) -> RouteState {
        let permission_set = &assignment.permission_set;
        let has = |fact: &Fact<Vec<PermissionSetArn>>| fact.value().map(|sets| sets.contains(permission_set));
        match (has(&self.facts.provisioned_latest), has(&self.facts.provisioned_outdated)) {
            // An emulator that ignores the status filter names a set in both lists: then nothing is known
            // of its version, and what is not known is no fault.
            (Some(true), _) => RouteState::Works { outdated: false, member_since },
            (_, Some(true)) => RouteState::Works { outdated: true, member_since },
            (Some(false), Some(false)) => RouteState::Broken(Break::NotProvisioned),
            (None, _) | (_, None) => RouteState::Unknown(Step::Provisioning),
        }
    }

    fn requested(&self, existing: &BTreeSet<Assignment>) -> Vec<Route> {
        let requests = [&self.facts.requests_in_progress, &self.facts.requests_failed];
        let unfulfilled: BTreeSet<&AssignmentRequest> = requests
            .into_iter()
            .filter_map(Fact::value)
            .flatten()
            .filter(|request| !existing.contains(&request.assignment) && self.concerns_the_person(request))
            .collect();
        unfulfilled
            .into_iter()
            .map(|request| {
                let via = match &request.assignment.principal {
                    Principal::User(_) => Via::Direct,
                    Principal::Group(id) => Via::Group(id.clone(), self.facts.group(id).cloned()),
                };
                let broken = match request.state {
                    RequestState::InProgress => Break::RequestInProgress { since: request.created_at },
                    RequestState::Failed => Break::RequestFailed {
                        reason: request.failure_reason.clone(),
                        at: request.created_at,
                    },
                };
                self.named(via, &request.assignment.permission_set, RouteState::Broken(broken))
            })
            .collect()
    }

    fn concerns_the_person(&self, request: &AssignmentRequest) -> bool {
        match &request.assignment.principal {
            Principal::User(user) => self.is_the_person(user),
            Principal::Group(group) => {
                self.memberships.as_ref().is_some_and(|memberships| memberships.contains_key(group))
            }
        }
    }

    fn is_the_person(&self, user: &super::facts::UserId) -> bool {
        matches!(self.facts.identity(), Identity::One(person) if person == *user)
    }

    fn aws_names_it_as_the_persons(&self, assignment: &Assignment) -> bool {
        self.facts.persons_assignments.value().is_some_and(|own| own.contains(assignment))
    }

    fn member_since(&self, id: &GroupId) -> Option<Timestamp> {
        self.memberships.as_ref().and_then(|memberships| memberships.get(id).copied().flatten())
    }

    /// Whether the person is in a group that may be the gone one made anew. The gone one's name is gone
    /// too; but companies name groups after accounts, and one named after another account is no candidate.
    fn is_in_a_group_that_may_replace(&self, gone: &GroupId) -> bool {
        let account = self.facts.account_found().map_or("", |account| account.name.as_str());
        let own = self.memberships.iter().flatten().filter(|(id, _)| **id != gone);
        own.filter_map(|(id, _)| self.facts.group(id)).any(|own| words_shared(&own.name, account) > 0)
    }
}

/// Groups that AWS Control Tower makes by hand in every landing zone: they hold no IdP group's name.
/// Source: AWS Control Tower user guide, "IAM Identity Center groups for AWS Control Tower".
fn is_made_by_control_tower(name: &str) -> bool {
    const MADE: [&str; 8] = [
        "AWSAccountFactory",
        "AWSAuditAccountAdmins",
        "AWSControlTowerAdmins",
        "AWSLogArchiveAdmins",
        "AWSLogArchiveViewers",
        "AWSSecurityAuditPowerUsers",
        "AWSSecurityAuditors",
        "AWSServiceCatalogAdmins",
    ];
    MADE.contains(&name)
}
