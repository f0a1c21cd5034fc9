//! The twelve steps, in the order of telling, and how each of them stands.
//!
//! Reading order: this file; [`reporter`] sees how each step stands, [`at_the_idp`] the four that only the
//! IdP can show.

mod reporter;
mod at_the_idp;

use jiff::Timestamp;

use super::Outcome;
use super::case::Case;
use super::facts::idp::{Idp, IdpGroup, SyncState};
use super::facts::{Gap, Group, Source};
use reporter::Reporter;

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
    /// The step by its name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|step| step.name() == name)
    }

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

impl Status {
    const ALL: [Self; 5] = [Self::Pass, Self::Fail, Self::Warn, Self::Unknown, Self::NotReached];

    /// The contract's name for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Warn => "warn",
            Self::Unknown => "unknown",
            Self::NotReached => "not_reached",
        }
    }

    /// The state by its name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }
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
    EnabledAtTheIdp {
        name: Option<String>,
        idp: Idp,
    },
    NobodyAtTheIdp(Idp),
    IdpMember {
        group: IdpGroup,
        since: Option<Timestamp>,
    },
    NotInAtTheIdp(Group),
    InGroupsAtTheIdp {
        count: usize,
    },
    OnTheApplication {
        group: IdpGroup,
        application: Option<String>,
    },
    /// How synchronization stands: when the last cycle was completed and when the next is due.
    Synchronization {
        idp: Idp,
        state: SyncState,
        last: Option<Timestamp>,
        next: Option<Timestamp>,
    },
    PersonEnabled,
    /// Identity Center has the person disabled.
    PersonDisabled,
    /// Identity Center does not know the person.
    PersonAbsent,
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
