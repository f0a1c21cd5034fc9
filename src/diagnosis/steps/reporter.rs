//! How each step stands, seen from the route that the explanation is about.

use jiff::Timestamp;

use super::{Note, Status, Step, StepReport};
use crate::diagnosis::case::Case;
use crate::diagnosis::causes::{Cause, Finding};
use crate::diagnosis::facts::{Fact, Group, Identity, Known, PermissionSetArn, Source};
use crate::diagnosis::routes::{Break, Route, RouteState, Via};

pub(super) struct Reporter<'c, 'f> {
    pub(super) case: &'c Case<'f>,
    pub(super) finding: Option<&'c Finding>,
}

impl Reporter<'_, '_> {
    pub(super) fn step(&self, step: Step) -> StepReport {
        let (status, note) = self.standing(step);
        let (as_of, source) = match note {
            Note::NotReached | Note::NotConnected | Note::Unseen(_) => (None, None),
            _ => self.when(step).unzip(),
        };
        StepReport { step, status, note, as_of, source }
    }

    fn standing(&self, step: Step) -> (Status, Note) {
        if let Some(finding) = self.finding
            && finding.cause().step() == step
        {
            return (failing_status(finding.cause()), Note::TheFinding);
        }
        if self.finding.is_some_and(|finding| finding.cause().step() == Step::Account) {
            return not_reached();
        }
        if self.case.account.is_none() && step != Step::Account && !self.is_seen_without_the_account(step) {
            return not_reached();
        }
        match step {
            Step::Account => self.account(),
            Step::IdpUser | Step::IdpMembership | Step::AppAssignment | Step::Sync => self.at_the_idp(step),
            Step::DirectoryUser => self.directory_user(),
            Step::DirectoryGroup => self.directory_group(),
            Step::DirectoryMembership => self.directory_membership(),
            Step::DuplicateGroups => self.duplicate_groups(),
            Step::Assignment => self.assignment(),
            Step::Provisioning => self.provisioning(),
            Step::Portal => self.portal(),
        }
    }

    /// Where the account could not be read, the person can still be looked at.
    fn is_seen_without_the_account(&self, step: Step) -> bool {
        let unread = self.case.account_search().is_none();
        unread
            && (Step::OF_THE_IDP.contains(&step)
                || step == Step::DirectoryUser
                || step == Step::DirectoryMembership)
    }

    fn account(&self) -> (Status, Note) {
        match self.case.account {
            Some(_) if self.finding.is_none() && self.case.account_may_have_changed() => {
                self.unseen(Step::Account)
            }
            Some(_) => (Status::Pass, Note::AccountActive),
            None => self.unseen(Step::Account),
        }
    }

    fn directory_user(&self) -> (Status, Note) {
        match self.case.person {
            Some(_) if self.finding.is_none() && !self.case.facts.both_look_ups_answered() => {
                self.unseen(Step::DirectoryUser)
            }
            Some(person) if !person.enabled => (Status::Fail, Note::PersonDisabled),
            Some(_) => (Status::Pass, Note::PersonEnabled),
            None if self.case.facts.identity() == Identity::Nobody => (Status::Fail, Note::PersonAbsent),
            None => self.unseen(Step::DirectoryUser),
        }
    }

    fn directory_group(&self) -> (Status, Note) {
        if !self.person_is_found() {
            return not_reached();
        }
        match self.route() {
            Some(Route { state: RouteState::Broken(Break::LookAlike { own, .. }), .. }) => {
                (Status::Pass, Note::GroupThere(own.clone()))
            }
            Some(Route { via: Via::Direct, .. }) => (Status::Pass, Note::NoGroupNeeded),
            Some(Route { via: Via::Group(_, Some(group)), .. }) => {
                (Status::Pass, Note::GroupThere(group.clone()))
            }
            Some(Route { via: Via::Group(id, None), .. }) => match self.case.facts.groups.get(id) {
                Some(Fact::Known(_)) => (Status::Warn, Note::GroupGone),
                Some(Fact::Gap(gap)) => (Status::Unknown, Note::Unseen(Some(gap.clone()))),
                Some(Fact::NotAsked) | None => not_reached(),
            },
            Some(Route { via: Via::GoneUser, .. }) | None => not_reached(),
        }
    }

    fn directory_membership(&self) -> (Status, Note) {
        if !self.person_is_found() {
            return not_reached();
        }
        let member_of = |group: &Option<Group>| {
            let since = group.as_ref().and_then(|group| self.member_since(group));
            (Status::Pass, Note::MemberOf { group: group.clone(), since })
        };
        match self.route() {
            Some(Route { via: Via::Direct, .. }) => (Status::Pass, Note::NoGroupNeeded),
            Some(Route { state: RouteState::Works { .. }, via: Via::Group(_, group), .. }) => {
                member_of(group)
            }
            Some(Route { state: RouteState::Unknown(Step::DirectoryMembership), .. }) => {
                self.unseen(Step::DirectoryMembership)
            }
            Some(Route { state: RouteState::Unknown(_), via: Via::Group(_, group), .. }) => member_of(group),
            Some(Route { state: RouteState::Broken(broken), via, .. }) => match (broken, via) {
                (Break::LookAlike { own, .. }, _) => member_of(&Some(own.clone())),
                (Break::PrincipalGone { .. }, _) => self.in_groups(),
                (
                    Break::RequestFailed { .. } | Break::RequestInProgress { .. } | Break::NotProvisioned,
                    Via::Group(_, group),
                ) => member_of(group),
                (_, Via::Group(_, Some(group))) => (Status::Fail, Note::NotIn(group.clone())),
                _ => self.in_groups(),
            },
            _ => self.in_groups(),
        }
    }

    fn in_groups(&self) -> (Status, Note) {
        match self.case.facts.memberships.value() {
            Some(memberships) => (Status::Pass, Note::InGroups { count: memberships.len() }),
            None => self.unseen(Step::DirectoryMembership),
        }
    }

    fn duplicate_groups(&self) -> (Status, Note) {
        if self.finding.is_some_and(|finding| {
            matches!(finding.cause(), Cause::PortalStale | Cause::PermissionSetOutdated)
        }) {
            return (Status::Pass, Note::LookAlikesDoNotMatter);
        }
        if self.case.facts.memberships.value().is_none() || self.case.facts.groups.is_empty() {
            return not_reached();
        }
        match self.case.gap_at(Step::DirectoryGroup) {
            Some(gap) => (Status::Unknown, Note::Unseen(Some(gap.clone()))),
            None => (Status::Pass, Note::NoLookAlikes),
        }
    }

    fn assignment(&self) -> (Status, Note) {
        if !self.person_is_found() {
            return not_reached();
        }
        match self.route() {
            Some(route) if route.wanted != Some(false) => {
                let to = match &route.via {
                    Via::Group(_, group) => group.clone(),
                    Via::Direct | Via::GoneUser => None,
                };
                (Status::Pass, Note::Assigned { permission_set: route.permission_set_name.clone(), to })
            }
            _ => self.unseen(Step::Assignment),
        }
    }

    fn provisioning(&self) -> (Status, Note) {
        let Some(route) = self.route().filter(|_| self.person_is_found()) else {
            return self.unseen(Step::Provisioning);
        };
        if matches!(
            route.state,
            RouteState::Broken(Break::RequestFailed { .. } | Break::RequestInProgress { .. })
        ) || route.wanted == Some(false)
        {
            return not_reached();
        }
        match (
            self.is_provisioned(&route.permission_set, true),
            self.is_provisioned(&route.permission_set, false),
        ) {
            (Some(true), Some(true)) => (Status::Pass, Note::VersionUnclear),
            (Some(true), Some(false) | None) => (Status::Pass, Note::LatestVersion),
            (_, Some(true)) => (Status::Warn, Note::OlderVersion),
            _ => self.unseen(Step::Provisioning),
        }
    }

    fn is_provisioned(&self, permission_set: &PermissionSetArn, in_latest_version: bool) -> Option<bool> {
        let facts = self.case.facts;
        let sets = if in_latest_version { &facts.provisioned_latest } else { &facts.provisioned_outdated };
        sets.value().map(|sets| sets.contains(permission_set))
    }

    fn portal(&self) -> (Status, Note) {
        match self.finding.map(Finding::cause) {
            Some(Cause::PermissionSetOutdated) => (Status::Unknown, Note::PortalCannotBeSeen),
            _ => not_reached(),
        }
    }

    pub(super) fn unseen(&self, step: Step) -> (Status, Note) {
        match self.case.gap_at(step) {
            Some(gap) => (Status::Unknown, Note::Unseen(Some(gap.clone()))),
            None if self.finding.is_none() && self.case.blind_step(None) == Some(step) => {
                (Status::Unknown, Note::Unseen(None))
            }
            None => not_reached(),
        }
    }

    fn person_is_found(&self) -> bool {
        matches!(self.case.facts.identity(), Identity::One(_)) && !self.is_disabled()
    }

    fn is_disabled(&self) -> bool {
        self.case.person.is_some_and(|person| !person.enabled)
    }

    /// The route to tell of: one with a permission set that nobody asked for tells only if it works.
    pub(super) fn route(&self) -> Option<&Route> {
        self.case.best().filter(|best| best.wanted != Some(false) || best.works())
    }

    fn member_since(&self, group: &Group) -> Option<Timestamp> {
        let memberships = self.case.facts.memberships.value()?;
        memberships.iter().find(|membership| membership.group == group.id)?.since
    }

    fn when(&self, step: Step) -> Option<(Timestamp, Source)> {
        fn read<T>(fact: Option<&Fact<T>>) -> Option<(Timestamp, Source)> {
            let Known { as_of, source, .. } = fact?.known()?;
            Some((*as_of, *source))
        }
        let facts = self.case.facts;
        match step {
            Step::Account => read(Some(&facts.account)),
            Step::DirectoryUser => read(Some(&facts.person)).or_else(|| read(Some(&facts.user_by_name))),
            Step::DirectoryGroup | Step::DuplicateGroups => match self.route().map(|route| &route.via) {
                Some(Via::Group(id, _)) => read(facts.groups.get(id)),
                _ => None,
            },
            Step::DirectoryMembership => read(Some(&facts.memberships)),
            Step::Assignment => {
                let route = self.route().and_then(|route| read(facts.assignments.get(&route.permission_set)));
                route
                    .or_else(|| read(Some(&facts.persons_assignments)))
                    .or_else(|| read(Some(&facts.provisioned_latest)))
            }
            Step::Provisioning => read(Some(&facts.provisioned_latest)),
            Step::IdpUser | Step::IdpMembership | Step::AppAssignment | Step::Sync => {
                self.when_at_the_idp(step)
            }
            Step::Portal => None,
        }
    }
}

/// What hinders nobody is a warning.
fn failing_status(cause: Cause) -> Status {
    match cause {
        Cause::PortalStale | Cause::PermissionSetOutdated => Status::Warn,
        _ => Status::Fail,
    }
}

pub(super) fn not_reached() -> (Status, Note) {
    (Status::NotReached, Note::NotReached)
}
