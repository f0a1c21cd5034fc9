//! The twelve steps, in the order of telling, and how each of them stands.

use jiff::Timestamp;

use super::Outcome;
use super::case::Case;
use super::causes::{Cause, Finding};
use super::facts::{Fact, Gap, Group, Identity, Known, PermissionSetArn, Source};
use super::routes::{Break, Route, RouteState, Via};

macro_rules! steps {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),+ $(,)?) => {
        /// One link of the chain; the names are the contract's.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Step {$($(#[$doc])* $variant),+}

        impl Step {
            /// All of them, in the order of telling.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name by which people and scripts know it.
            pub fn name(self) -> &'static str {
                match self {$(Self::$variant => $name),+}
            }
        }
    };
}

steps! {
    /// The account exists and is active.
    Account = "account",
    /// The person is in the IdP and enabled.
    IdpUser = "idp_user",
    /// The IdP has the person in a group that opens the account.
    IdpMembership = "idp_membership",
    /// The IdP's application for AWS has that group.
    AppAssignment = "app_assignment",
    /// The IdP has sent it to AWS.
    Sync = "sync",
    /// The person is in Identity Center and enabled.
    DirectoryUser = "directory_user",
    /// The group is in Identity Center.
    DirectoryGroup = "directory_group",
    /// Identity Center has the person in the group.
    DirectoryMembership = "directory_membership",
    /// No other group is mistaken for it.
    DuplicateGroups = "duplicate_groups",
    /// The group has a permission set on the account.
    Assignment = "assignment",
    /// The account has that permission set.
    Provisioning = "provisioning",
    /// The access portal shows it.
    Portal = "portal",
}

impl Step {
    /// The four that only the IdP can show.
    pub const OF_THE_IDP: [Self; 4] = [Self::IdpUser, Self::IdpMembership, Self::AppAssignment, Self::Sync];
}

/// How a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Pass,
    Fail,
    Warn,
    Unknown,
    NotReached,
}

/// What was seen at a step; the renderers turn it into a sentence.
#[derive(Clone, Debug, PartialEq)]
pub enum Note {
    NotReached,
    /// No IdP is connected.
    NotConnected,
    /// Asked for and not readable.
    Unseen(Option<Gap>),
    /// The diagnosis' own finding belongs here.
    TheFinding,
    AccountActive,
    PersonEnabled,
    /// The assignment is to the person, so that no group is needed.
    NoGroupNeeded,
    GroupThere(Group),
    GroupGone,
    MemberOf {
        group: Option<Group>,
        since: Option<Timestamp>,
    },
    NotIn(Group),
    InGroups {
        count: usize,
    },
    NoLookAlikes,
    /// The access is in place, so that a look-alike would not hide it.
    LookAlikesDoNotMatter,
    Assigned {
        permission_set: Option<String>,
        to: Option<Group>,
    },
    LatestVersion,
    /// Provisioned; the answers contradict each other on the version.
    VersionUnclear,
    OlderVersion,
    /// No API shows what the portal shows.
    PortalCannotBeSeen,
}

/// How one step stands, with its evidence.
#[derive(Clone, Debug, PartialEq)]
pub struct StepReport {
    pub step: Step,
    pub status: Status,
    pub note: Note,
    pub as_of: Option<Timestamp>,
    pub source: Option<Source>,
}

/// All twelve steps for this outcome.
pub(super) fn report(case: &Case, outcome: &Outcome) -> Vec<StepReport> {
    let finding = match outcome {
        Outcome::Explained(finding) => Some(finding),
        Outcome::CannotTell(_) => None,
    };
    let reporter = Reporter { case, finding };
    Step::ALL.iter().map(|step| reporter.step(*step)).collect()
}

struct Reporter<'c, 'f> {
    case: &'c Case<'f>,
    finding: Option<&'c Finding>,
}

impl Reporter<'_, '_> {
    fn step(&self, step: Step) -> StepReport {
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
            Step::IdpUser | Step::IdpMembership | Step::AppAssignment | Step::Sync => {
                (Status::Unknown, Note::NotConnected)
            }
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
            Some(_) => (Status::Pass, Note::PersonEnabled),
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
                (Break::HeldByManualGroup | Break::NotMember, Via::Group(_, Some(group))) => {
                    (Status::Fail, Note::NotIn(group.clone()))
                }
                (
                    Break::RequestFailed { .. } | Break::RequestInProgress { .. } | Break::NotProvisioned,
                    Via::Group(_, group),
                ) => member_of(group),
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

    fn unseen(&self, step: Step) -> (Status, Note) {
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
    fn route(&self) -> Option<&Route> {
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
            Step::Portal | Step::IdpUser | Step::IdpMembership | Step::AppAssignment | Step::Sync => None,
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

fn not_reached() -> (Status, Note) {
    (Status::NotReached, Note::NotReached)
}
