//! How one step stands, and what was seen there.

use jiff::Timestamp;

use crate::diagnosis::facts::idp::{Idp, IdpGroup, SyncState};
use crate::diagnosis::facts::{Gap, Group, IdentitySource, Source};
use crate::diagnosis::step::Step;

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
    /// No IdP is used: people and groups come from here.
    NotUsed(IdentitySource),
    /// Asked for and not readable.
    Unseen(Option<Gap>),
    /// The diagnosis' own finding belongs here.
    TheFinding,
    AccountActive,
    EnabledAtTheIdp {
        name: Option<String>,
        idp: Idp,
        /// The user name of another account that the question's string means there too.
        another: Option<String>,
    },
    NobodyAtTheIdp(Idp),
    /// The IdP has nobody of the question's name, and nobody looked by the id of theirs that AWS keeps: the access is in
    /// place.
    NotByThisNameAtTheIdp(Idp),
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
    NotOnTheApplication(IdpGroup),
    /// How synchronization stands: when the last cycle was completed and when the next is due.
    Synchronization {
        idp: Idp,
        state: SyncState,
        last: Option<Timestamp>,
        next: Option<Timestamp>,
    },
    PersonEnabled(KnownAs),
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

/// By what names AWS knows an enabled person, as far as they are not what was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownAs {
    /// The user name, if it is not the string of the question.
    pub user_name: Option<String>,
    /// What the IdP calls the person, if AWS's user name is another.
    pub at_the_idp: Option<String>,
    /// The user name of a second record, which is not the one that signs in.
    pub another: Option<String>,
    /// The question's string is that user name.
    pub asked_by_another: bool,
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
