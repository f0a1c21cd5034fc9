//! The causes: one file each, in one ordered table. The first row that holds is the explanation, since
//! the routes are already in order of how far they get.
//!
//! To add a cause: a file here with its `holds`, a variant of [`Cause`] and of [`Finding`], a row in
//! [`TABLE`]. The compiler then asks for its words, and the house test for its `explain` page, its person
//! in the simulated company and its snapshot.

mod account_ambiguous;
mod account_not_active;
mod account_not_found;
mod user_not_in_idp;
mod user_disabled_in_idp;
mod not_in_group;
mod nested_membership;
mod group_not_assigned_to_app;
mod user_not_assigned_to_app;
mod sync_stopped;
mod sync_pending;
mod sync_error;
mod membership_missed;
mod user_not_provisioned;
mod user_disabled;
mod user_ambiguous;
mod group_not_synced;
mod membership_not_synced;
mod duplicate_group;
mod dangling_assignment;
mod no_assignment;
mod permission_set_not_assigned;
mod assignment_failed;
mod assignment_in_progress;
mod permission_set_not_provisioned;
mod permission_set_outdated;
mod portal_stale;

use jiff::Timestamp;

use super::case::Case;
use super::facts::idp::{IdpGroup, Owner, Trouble};
use super::facts::{Account, AccountState, Group, UserId};
use super::names::Likeness;
use super::routes::{Failed, Missed, Pending, Stopped};
use super::steps::Step;

/// One row of the table.
pub(super) struct Row {
    /// Only read by the test that every cause has exactly one row.
    #[cfg_attr(not(test), expect(dead_code, reason = "the table is checked against the list of causes"))]
    pub(super) cause: Cause,
    pub(super) holds: fn(&Case) -> Option<Finding>,
}

macro_rules! causes {
    ($($(#[$doc:meta])* $variant:ident = $module:ident at $step:ident),+ $(,)?) => {
        /// Why somebody does not see an account; the names are the contract's.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Cause {$($(#[$doc])* $variant),+}

        /// In the order of telling.
        pub(super) const TABLE: &[Row] =
            &[$(Row { cause: Cause::$variant, holds: |case| $module::holds(case).map(Finding::from) }),+];

        impl Cause {
            /// Every cause, in the order of telling.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name by which people and scripts know it.
            pub fn name(self) -> &'static str {
                match self {$(Self::$variant => stringify!($module)),+}
            }

            /// The step at which it shows.
            pub fn step(self) -> Step {
                match self {$(Self::$variant => Step::$step),+}
            }
        }
    };
}

causes! {
    /// No account of that name or id.
    AccountNotFound = account_not_found at Account,
    /// Several accounts of that name.
    AccountAmbiguous = account_ambiguous at Account,
    /// Suspended, pending closure, closed.
    AccountNotActive = account_not_active at Account,
    /// The IdP knows nobody by that name.
    UserNotInIdp = user_not_in_idp at IdpUser,
    /// Disabled in the IdP.
    UserDisabledInIdp = user_disabled_in_idp at IdpUser,
    /// In no group that would open the account.
    NotInGroup = not_in_group at IdpMembership,
    /// Only in a group inside the assigned one.
    NestedMembership = nested_membership at IdpMembership,
    /// The application for AWS does not have the group.
    GroupNotAssignedToApp = group_not_assigned_to_app at AppAssignment,
    /// The application for AWS does not have the person (Okta).
    UserNotAssignedToApp = user_not_assigned_to_app at AppAssignment,
    /// The IdP sends nothing now.
    SyncStopped = sync_stopped at Sync,
    /// The change is on its way.
    SyncPending = sync_pending at Sync,
    /// The IdP logged an error for this person or group.
    SyncError = sync_error at Sync,
    /// The IdP should have sent it and did not.
    MembershipMissed = membership_missed at Sync,
    /// Not in Identity Center.
    UserNotProvisioned = user_not_provisioned at DirectoryUser,
    /// Disabled in Identity Center.
    UserDisabled = user_disabled at DirectoryUser,
    /// User name and e-mail lead to different people.
    UserAmbiguous = user_ambiguous at DirectoryUser,
    /// The IdP's group is absent: one made by hand holds its name.
    GroupNotSynced = group_not_synced at DirectoryGroup,
    /// The group is there without the person.
    MembershipNotSynced = membership_not_synced at DirectoryMembership,
    /// The person is in a group that only looks like the assigned one.
    DuplicateGroup = duplicate_group at DuplicateGroups,
    /// The assignment names a group or user that no longer exists.
    DanglingAssignment = dangling_assignment at Assignment,
    /// Nothing that the person is or could be in is assigned.
    NoAssignment = no_assignment at Assignment,
    /// Access exists, but not with the permission set asked for.
    PermissionSetNotAssigned = permission_set_not_assigned at Assignment,
    /// The assignment is being made.
    AssignmentInProgress = assignment_in_progress at Assignment,
    /// The assignment could not be made.
    AssignmentFailed = assignment_failed at Assignment,
    /// Assigned, but not on the account.
    PermissionSetNotProvisioned = permission_set_not_provisioned at Provisioning,
    /// On the account in an older version.
    PermissionSetOutdated = permission_set_outdated at Provisioning,
    /// All is in place.
    PortalStale = portal_stale at Portal,
}

impl Cause {
    /// The cause by its name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|cause| cause.name() == name)
    }
}

/// A group that would open the account to whoever is in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Opening {
    pub group: Group,
    pub permission_set: Option<String>,
    /// How many accounts it opens in all, where that could be read.
    pub opens_accounts: Option<usize>,
}

/// A cause with its evidence.
#[derive(Clone, Debug, PartialEq)]
pub enum Finding {
    AccountNotFound {
        nearest: Vec<String>,
    },
    AccountAmbiguous {
        candidates: Vec<Account>,
    },
    AccountNotActive {
        state: AccountState,
    },
    /// Something at the IdP, or on the way from there.
    AtTheIdp(Box<IdpFinding>),
    UserNotProvisioned {
        /// What the IdP should have sent by now.
        missed: Option<Missed>,
    },
    UserDisabled {
        enabled_at_the_idp: bool,
    },
    UserAmbiguous {
        by_user_name: UserId,
        by_email: UserId,
    },
    GroupNotSynced {
        by_hand: Group,
        /// The IdP's group of that name, where it was seen.
        at_the_idp: Option<IdpGroup>,
        /// What the IdP's log says of it.
        refused: Option<Box<Trouble>>,
    },
    /// The groups that would open the account, by name; a name that could not be read is absent.
    MembershipNotSynced {
        groups: Vec<Group>,
    },
    DuplicateGroup {
        own: Group,
        assigned: Box<Group>,
        likeness: Likeness,
    },
    DanglingAssignment {
        to_a_user: bool,
    },
    NoAssignment,
    /// The permission sets that the person has on the account.
    PermissionSetNotAssigned {
        has: Vec<String>,
    },
    AssignmentInProgress {
        since: Option<Timestamp>,
    },
    AssignmentFailed {
        reason: Option<String>,
        at: Option<Timestamp>,
    },
    PermissionSetNotProvisioned,
    PermissionSetOutdated,
    PortalStale {
        member_since: Option<Timestamp>,
    },
}

/// A cause that only the IdP can show, with its evidence.
#[derive(Clone, Debug, PartialEq)]
pub enum IdpFinding {
    UserNotInIdp,
    UserDisabledInIdp {
        /// Okta's status by its own name.
        status: Option<String>,
    },
    NotInGroup {
        /// The groups that would open the account, the least over-granting first.
        openings: Vec<Opening>,
        /// Who may add somebody to the first of them.
        owners: Vec<Owner>,
        /// A group that the person is in at the IdP and whose name only looks like one of them.
        near: Option<IdpGroup>,
    },
    NestedMembership {
        outer: Group,
        inner: Option<IdpGroup>,
    },
    GroupNotAssignedToApp {
        group: IdpGroup,
    },
    UserNotAssignedToApp {
        group: IdpGroup,
    },
    SyncStopped(Stopped),
    SyncPending(Pending),
    SyncError(Failed),
    MembershipMissed(Missed),
}

impl IdpFinding {
    /// The IdP's group whose membership could be sent to AWS once more; nothing where that would not help.
    pub fn group_to_send(&self) -> Option<&IdpGroup> {
        match self {
            Self::SyncPending(pending) => Some(&pending.group),
            Self::SyncError(failed) => Some(&failed.group),
            Self::MembershipMissed(missed) => Some(&missed.group),
            Self::UserNotInIdp
            | Self::UserDisabledInIdp { .. }
            | Self::NotInGroup { .. }
            | Self::NestedMembership { .. }
            | Self::GroupNotAssignedToApp { .. }
            | Self::UserNotAssignedToApp { .. }
            | Self::SyncStopped(_) => None,
        }
    }
}

impl From<IdpFinding> for Finding {
    fn from(finding: IdpFinding) -> Self {
        Self::AtTheIdp(Box::new(finding))
    }
}

impl Finding {
    /// The cause that this is evidence of.
    pub fn cause(&self) -> Cause {
        match self {
            Self::AccountNotFound { .. } => Cause::AccountNotFound,
            Self::AccountAmbiguous { .. } => Cause::AccountAmbiguous,
            Self::AccountNotActive { .. } => Cause::AccountNotActive,
            Self::AtTheIdp(finding) => finding.cause(),
            Self::UserNotProvisioned { .. } => Cause::UserNotProvisioned,
            Self::UserDisabled { .. } => Cause::UserDisabled,
            Self::UserAmbiguous { .. } => Cause::UserAmbiguous,
            Self::GroupNotSynced { .. } => Cause::GroupNotSynced,
            Self::MembershipNotSynced { .. } => Cause::MembershipNotSynced,
            Self::DuplicateGroup { .. } => Cause::DuplicateGroup,
            Self::DanglingAssignment { .. } => Cause::DanglingAssignment,
            Self::NoAssignment => Cause::NoAssignment,
            Self::PermissionSetNotAssigned { .. } => Cause::PermissionSetNotAssigned,
            Self::AssignmentInProgress { .. } => Cause::AssignmentInProgress,
            Self::AssignmentFailed { .. } => Cause::AssignmentFailed,
            Self::PermissionSetNotProvisioned => Cause::PermissionSetNotProvisioned,
            Self::PermissionSetOutdated => Cause::PermissionSetOutdated,
            Self::PortalStale { .. } => Cause::PortalStale,
        }
    }
}

impl IdpFinding {
    fn cause(&self) -> Cause {
        match self {
            Self::UserNotInIdp => Cause::UserNotInIdp,
            Self::UserDisabledInIdp { .. } => Cause::UserDisabledInIdp,
            Self::NotInGroup { .. } => Cause::NotInGroup,
            Self::NestedMembership { .. } => Cause::NestedMembership,
            Self::GroupNotAssignedToApp { .. } => Cause::GroupNotAssignedToApp,
            Self::UserNotAssignedToApp { .. } => Cause::UserNotAssignedToApp,
            Self::SyncStopped(_) => Cause::SyncStopped,
            Self::SyncPending(_) => Cause::SyncPending,
            Self::SyncError(_) => Cause::SyncError,
            Self::MembershipMissed(_) => Cause::MembershipMissed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_has_its_row_in_the_order_of_telling() {
        let rows: Vec<Cause> = TABLE.iter().map(|row| row.cause).collect();
        assert_eq!(rows, Cause::ALL);
        assert!(rows.windows(2).all(|pair| pair[0].step() <= pair[1].step()));
    }
}
