//! Why somebody does not see an account, in half a sentence to the person themselves: for lists of questions.

use crate::diagnosis::causes::Cause;

/// The cause, to end "Payments-Prod: …" with.
pub fn in_short(cause: Cause) -> &'static str {
    match cause {
        Cause::AccountNotFound => "no account has this name or number",
        Cause::AccountAmbiguous => "several accounts have this name",
        Cause::AccountNotActive => "the account is not active",
        Cause::UserNotInIdp => "your company directory does not know you",
        Cause::UserDisabledInIdp => "you are disabled in your company directory",
        Cause::NotInGroup => "you are in no group that opens it",
        Cause::NestedMembership => "you are only in a group inside the one that opens it",
        Cause::GroupNotAssignedToApp => "your group is not sent to AWS",
        Cause::UserNotAssignedToApp => "your group is sent to AWS without you",
        Cause::SyncStopped => "your company directory sends nothing to AWS now",
        Cause::SyncPending => "the change is on its way to AWS",
        Cause::SyncError => "sending the change to AWS failed",
        Cause::MembershipMissed => "the change was not sent to AWS",
        Cause::UserNotProvisioned => "AWS does not know you yet",
        Cause::UserDisabled => "your user in AWS is disabled",
        Cause::UserAmbiguous => "AWS has two users for you",
        Cause::GroupNotSynced => "a group made by hand in AWS stands where yours should",
        Cause::MembershipNotSynced => "AWS does not have you in the group that opens it",
        Cause::DuplicateGroup => "the access is on a look-alike of your group",
        Cause::DanglingAssignment => "the access is on a group or user that no longer exists",
        Cause::NoAssignment => "no group of yours opens it",
        Cause::PermissionSetNotAssigned => "you have it, but not with the permission set that you asked for",
        Cause::AssignmentInProgress => "AWS is still setting the access up",
        Cause::AssignmentFailed => "AWS could not set the access up",
        Cause::PermissionSetNotProvisioned => "it is assigned to you, but not set up on the account",
        Cause::PermissionSetOutdated => "the account has an older version of the permission set",
        Cause::PortalStale => "all is in place, and the portal may not show it yet",
    }
}
