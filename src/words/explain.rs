//! The pages behind the causes: what each means, how it is detected, how it is fixed.

use crate::diagnosis::causes::Cause;

/// The page of this cause, in Markdown that reads well in a terminal.
pub fn page(cause: Cause) -> &'static str {
    match cause {
        Cause::AccountNotFound => include_str!("explain/account_not_found.md"),
        Cause::AccountAmbiguous => include_str!("explain/account_ambiguous.md"),
        Cause::AccountNotActive => include_str!("explain/account_not_active.md"),
        Cause::UserNotInIdp => include_str!("explain/user_not_in_idp.md"),
        Cause::UserDisabledInIdp => include_str!("explain/user_disabled_in_idp.md"),
        Cause::NotInGroup => include_str!("explain/not_in_group.md"),
        Cause::NestedMembership => include_str!("explain/nested_membership.md"),
        Cause::GroupNotAssignedToApp => include_str!("explain/group_not_assigned_to_app.md"),
        Cause::UserNotAssignedToApp => include_str!("explain/user_not_assigned_to_app.md"),
        Cause::SyncStopped => include_str!("explain/sync_stopped.md"),
        Cause::SyncPending => include_str!("explain/sync_pending.md"),
        Cause::SyncError => include_str!("explain/sync_error.md"),
        Cause::MembershipMissed => include_str!("explain/membership_missed.md"),
        Cause::UserNotProvisioned => include_str!("explain/user_not_provisioned.md"),
        Cause::UserDisabled => include_str!("explain/user_disabled.md"),
        Cause::UserAmbiguous => include_str!("explain/user_ambiguous.md"),
        Cause::GroupNotSynced => include_str!("explain/group_not_synced.md"),
        Cause::MembershipNotSynced => include_str!("explain/membership_not_synced.md"),
        Cause::DuplicateGroup => include_str!("explain/duplicate_group.md"),
        Cause::DanglingAssignment => include_str!("explain/dangling_assignment.md"),
        Cause::NoAssignment => include_str!("explain/no_assignment.md"),
        Cause::PermissionSetNotAssigned => include_str!("explain/permission_set_not_assigned.md"),
        Cause::AssignmentInProgress => include_str!("explain/assignment_in_progress.md"),
        Cause::AssignmentFailed => include_str!("explain/assignment_failed.md"),
        Cause::PermissionSetNotProvisioned => include_str!("explain/permission_set_not_provisioned.md"),
        Cause::PermissionSetOutdated => include_str!("explain/permission_set_outdated.md"),
        Cause::PortalStale => include_str!("explain/portal_stale.md"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_about_its_cause_and_fits_a_terminal() {
        for cause in Cause::ALL {
            let page = page(*cause);
            assert!(page.starts_with(&format!("# {}: ", cause.name())), "{}", cause.name());
            assert!(page.lines().all(|line| line.chars().count() <= 80), "{}", cause.name());
        }
    }
}
