//! What a duplicate is made of: its kind, how bad it is, the groups, what they open, and whom it hurts.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::diagnosis::facts::{PermissionSetArn, UserId};

/// What kind of duplicate it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Names that are the same but for case, Unicode form, spaces, `-` and `_`, look-alike letters.
    NearName,
    /// The very same name twice, which AWS's own identity store refuses.
    SameName,
    /// A group made in AWS has the name of one that the IdP wants to send.
    ManualBlocksSynced,
    /// A group was deleted and made again, and assignments are still for the deleted one.
    Recreated,
    /// Two groups of the IdP with one name are headed for AWS.
    IdpSameName,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::NearName, Self::SameName, Self::ManualBlocksSynced, Self::Recreated, Self::IdpSameName];

    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::NearName => "near_name",
            Self::SameName => "same_name",
            Self::ManualBlocksSynced => "manual_blocks_synced",
            Self::Recreated => "recreated",
            Self::IdpSameName => "idp_same_name",
        }
    }

    /// What it is called in ids: a finding stays the same one when an exact copy joins two that look alike.
    pub(super) fn family(self) -> &'static str {
        match self {
            Self::NearName | Self::SameName => "alike",
            other => other.name(),
        }
    }
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nobody can miss anything by it.
    Untidy,
    /// Whoever joins the wrong one will miss something; or it could not be seen who does already.
    WillHurt,
    /// Somebody misses access today.
    Hurting,
}

impl Severity {
    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hurting => "hurting",
            Self::WillHurt => "will_hurt",
            Self::Untidy => "untidy",
        }
    }

    /// The one with this name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Hurting, Self::WillHurt, Self::Untidy].into_iter().find(|severity| severity.name() == name)
    }
}

/// Where a group comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The IdP provisioned it: it has an external id, or it is the IdP's own.
    Synced,
    /// AWS rejected the IdP's group of its name, since this one is another.
    Manual,
    /// Nothing says: Okta's group push and other tools leave no external id.
    Unknown,
}

/// What a group opens: an account with a permission set.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Opens {
    pub account: String,
    pub permission_set: PermissionSetArn,
}

/// One of the groups.
#[derive(Clone, Debug, PartialEq)]
pub struct Copy {
    pub id: String,
    pub name: String,
    pub origin: Origin,
    pub place: Place,
    pub created_at: Option<Timestamp>,
    pub created_by: Option<String>,
    /// Nothing where they could not be read.
    pub members: Option<usize>,
    /// Nothing where it could not be read.
    pub opens: Option<BTreeSet<Opens>>,
}

/// Where one of the groups is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Aws,
    /// It was in AWS and is not any more.
    Gone,
    AtTheIdp,
}

/// Somebody who is hurt.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Person {
    /// By the identity store's id.
    InAws(UserId),
    /// By the user name that the IdP has of them.
    AtTheIdp(String),
}
