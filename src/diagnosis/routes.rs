//! The routes: every (group or person) × (permission set) by which the account could open, each with its
//! own first broken link. The one that gets furthest is the one to talk about.
//!
//! Reading order: this file is what a route is and which is told first; [`survey`] follows each as far as
//! Identity Center shows it; [`at_the_idp`] says why a membership has not arrived there.

mod survey;
mod at_the_idp;

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

pub use at_the_idp::twin_among;

use super::facts::idp::{IdpGroup, SyncState, Trouble};
use super::facts::{DirectoryUser, Facts, Group, GroupId, PermissionSetArn};
use super::names::Likeness;
use super::steps::Step;
use survey::Surveyor;

/// One way in which the account could open.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    pub via: Via,
    pub permission_set: PermissionSetArn,
    pub permission_set_name: Option<String>,
    /// Whether this permission set was asked for; nothing where its name could not be read.
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
    /// The IdP does not know the person.
    NotAtTheIdp,
    /// The person is switched off at the IdP.
    DisabledAtTheIdp,
    /// The IdP does not have the person in the group, so that the person was never to have this.
    NotInIdpGroup,
    /// The IdP has the person only in a group inside the group, and sends direct members alone.
    Nested {
        inner: Option<IdpGroup>,
    },
    /// The IdP's application for AWS does not have the group.
    GroupNotAssignedToApp {
        group: IdpGroup,
    },
    /// The IdP pushes the group, and does not have the person on the application for AWS (Okta).
    PersonNotAssignedToApp {
        group: IdpGroup,
    },
    SyncStopped(Stopped),
    SyncPending(Pending),
    SyncError(Failed),
    /// The IdP should have sent the membership by now and logged no error.
    Missed(Missed),
    /// The IdP should have sent the person by now and logged no error; Identity Center has nobody.
    PersonNotArrived(Missed),
    /// A group made by hand holds the name, so that the IdP's group of that name cannot arrive; with the
    /// IdP's group, where it was seen.
    HeldByManualGroup {
        at_the_idp: Option<IdpGroup>,
    },
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

/// Why the IdP sends nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Stopped {
    pub group: IdpGroup,
    pub why: WhyStopped,
}

/// What stops the IdP from sending.
#[derive(Clone, Debug, PartialEq)]
pub enum WhyStopped {
    /// Synchronization as a whole does not run.
    State(SyncState),
    /// Synchronization runs without groups.
    GroupsNotSent,
    /// The push of this one group is switched off (Okta).
    PushOff,
    /// AWS refused the IdP's credential at this moment.
    CredentialRefused(Option<Timestamp>),
}

/// A change that could not be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Failed {
    pub group: IdpGroup,
    pub trouble: Trouble,
}

/// A change that is on its way.
#[derive(Clone, Debug, PartialEq)]
pub struct Pending {
    pub group: IdpGroup,
    /// When the person was added; nothing where only the queue was seen.
    pub added_at: Option<Timestamp>,
    /// Since when the IdP has the person queued, where it says so (Okta's STAGED).
    pub queued_since: Option<Timestamp>,
    /// When the newest completed cycle ended, or the group was last pushed.
    pub last_sent: Option<Timestamp>,
    /// When the next cycle is due, where the IdP has a schedule.
    pub next_due: Option<Timestamp>,
    /// How often the IdP begins a cycle, where it has a schedule.
    pub interval: Option<SignedDuration>,
    /// How many cycles failed in a row since the newest completed one.
    pub failed_cycles: u64,
}

/// A change that should have been sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Missed {
    pub group: IdpGroup,
    /// When the person was added; nothing where the IdP's log does not say any more.
    pub added_at: Option<Timestamp>,
    pub last_sent: Option<Timestamp>,
}

impl Missed {
    /// Whether anything was sent to AWS after the person was added, so that they were left out; else nothing
    /// was sent at all.
    pub fn was_sent_since(&self) -> bool {
        self.added_at.is_none_or(|added_at| self.last_sent >= Some(added_at))
    }
}

impl Break {
    /// The step at which this breaks.
    pub fn step(&self) -> Step {
        match self {
            Self::NotAtTheIdp | Self::DisabledAtTheIdp => Step::IdpUser,
            Self::NotInIdpGroup | Self::Nested { .. } => Step::IdpMembership,
            Self::GroupNotAssignedToApp { .. } | Self::PersonNotAssignedToApp { .. } => Step::AppAssignment,
            Self::SyncStopped(_) | Self::SyncPending(_) | Self::SyncError(_) | Self::Missed(_) => Step::Sync,
            Self::PersonNotArrived(_) => Step::DirectoryUser,
            Self::HeldByManualGroup { .. } => Step::DirectoryGroup,
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
    /// is in a group that may have replaced it, and then less surely than what the IdP shows of a group
    /// that is there, or than a look-alike, whose names are read. Another permission set that works outranks
    /// a mere "not in that group" of the one asked for, but not one that was given and has not arrived.
    fn reach(&self) -> u8 {
        if self.wanted == Some(false) {
            return if self.works() { 9 } else { 0 };
        }
        match &self.state {
            RouteState::Broken(broken) => match broken {
                Break::PrincipalGone { .. } if self.via == Via::GoneUser => 1,
                Break::PrincipalGone { replaceable: false } => 2,
                Break::NotAtTheIdp => 3,
                Break::DisabledAtTheIdp => 4,
                Break::NotInIdpGroup => 5,
                Break::HeldByManualGroup { at_the_idp: None } => 6,
                Break::NotMember => 7,
                Break::PrincipalGone { replaceable: true } => 8,
                Break::Nested { .. } => 10,
                Break::GroupNotAssignedToApp { .. } => 11,
                Break::PersonNotAssignedToApp { .. } => 12,
                Break::SyncStopped(_) => 13,
                Break::SyncError(_) => 14,
                Break::Missed(_) => 15,
                Break::SyncPending(_) => 16,
                Break::PersonNotArrived(_) => 17,
                Break::HeldByManualGroup { at_the_idp: Some(_) } => 18,
                Break::LookAlike { .. } => 19,
                Break::RequestFailed { .. } => 20,
                Break::RequestInProgress { .. } => 21,
                Break::NotProvisioned => 22,
            },
            RouteState::Unknown(_) => 23,
            RouteState::Works { outdated: true, .. } => 24,
            RouteState::Works { outdated: false, .. } => 25,
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

/// Between routes that get equally far: the group that opens the fewest accounts first, where that is known;
/// then one named after the account, since it is likelier meant for it (and opens less else) than one for
/// everything; then by names; ids settle the rest.
fn order_of_telling<'r>(route: &'r Route, account: &str) -> impl Ord + 'r {
    let opens = route.opens_accounts.unwrap_or(usize::MAX);
    let group = route.group_name().map(str::to_lowercase);
    let shared = words_shared(group.as_deref().unwrap_or_default(), account);
    (opens, std::cmp::Reverse(shared), group, &route.permission_set_name, &route.via, &route.permission_set)
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
