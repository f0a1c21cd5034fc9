//! The survey: each account assignment and each unfulfilled request on the account, followed as far as it
//! gets.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::at_the_idp::why_it_has_not_arrived;
use super::{Break, Route, RouteState, Via, words_shared};
use crate::diagnosis::facts::{
    Assignment, AssignmentRequest, DirectoryUser, Fact, Facts, Group, GroupId, Identity, PermissionSetArn,
    Principal, RequestState, UserId,
};
use crate::diagnosis::names::{Likeness, likeness};
use crate::diagnosis::steps::Step;

pub(super) struct Surveyor<'f> {
    facts: &'f Facts,
    person: Option<&'f DirectoryUser>,
    /// The person's groups with the time at which they joined; nothing where that could not be read.
    memberships: Option<BTreeMap<&'f GroupId, Option<Timestamp>>>,
}

impl<'f> Surveyor<'f> {
    pub(super) fn of(facts: &'f Facts, person: Option<&'f DirectoryUser>) -> Self {
        let memberships = match facts.memberships.value() {
            Some(memberships) => Some(memberships.iter().map(|one| (&one.group, one.since)).collect()),
            // Who is not in Identity Center is in no group there.
            None => (facts.identity() == Identity::Nobody).then(BTreeMap::new),
        };
        Self { facts, person, memberships }
    }

    pub(super) fn assignments(&self) -> BTreeSet<Assignment> {
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

    pub(super) fn route(&self, assignment: &Assignment) -> Option<Route> {
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
            permission_set: permission_set.clone(),
            permission_set_name: name.map(str::to_owned),
            wanted,
            opens_accounts: self.opens_accounts(&via),
            via,
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
        if let Some(broken) = why_it_has_not_arrived(self.facts, assigned) {
            return broken;
        }
        if person_is_synced && !assigned.synced && !is_made_by_control_tower(&assigned.name) {
            return Break::HeldByManualGroup { at_the_idp: None };
        }
        Break::NotMember
    }

    fn opens_accounts(&self, via: &Via) -> Option<usize> {
        match via {
            Via::Group(id, _) => self.facts.opens_accounts.get(id)?.value().copied(),
            Via::Direct | Via::GoneUser => None,
        }
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

    pub(super) fn requested(&self, existing: &BTreeSet<Assignment>) -> Vec<Route> {
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

    fn is_the_person(&self, user: &UserId) -> bool {
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
