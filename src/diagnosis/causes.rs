//! The causes: one file each, in one ordered table. The first row that holds is the explanation, since
//! the routes are already in order of how far they get.
//!
//! To add a cause: a file here with its `holds`, a variant of [`Cause`] and of [`Finding`], a row in
//! [`TABLE`]. The compiler then asks for its words, and the house test for its `explain` page, its person
//! in the simulated company and its snapshot.

mod account_ambiguous;
mod account_not_active;
mod account_not_found;
mod user_ambiguous;
mod user_disabled;
mod user_not_provisioned;
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
use super::facts::{Account, AccountState, Group, UserId};
use super::names::Likeness;
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
            &[$(Row { cause: Cause::$variant, holds: $module::holds }),+];

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
    UserNotProvisioned,
    UserDisabled,
    UserAmbiguous {
        by_user_name: UserId,
        by_email: UserId,
    },
    GroupNotSynced {
        by_hand: Group,
    },
    /// The groups that would open the account, by name; a name that could not be read is absent.
    MembershipNotSynced {
        groups: Vec<Group>,
    },
    DuplicateGroup {
        own: Group,
        assigned: Group,
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

impl Finding {
    /// The cause that this is evidence of.
    pub fn cause(&self) -> Cause {
        match self {
            Self::AccountNotFound { .. } => Cause::AccountNotFound,
            Self::AccountAmbiguous { .. } => Cause::AccountAmbiguous,
            Self::AccountNotActive { .. } => Cause::AccountNotActive,
            Self::UserNotProvisioned => Cause::UserNotProvisioned,
            Self::UserDisabled => Cause::UserDisabled,
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
