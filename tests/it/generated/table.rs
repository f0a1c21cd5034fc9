//! What each fault may be called, and why; what the product is known to get wrong, and why.

use super::fault::Fault;
use super::mess::Mess;
use super::plan::Plan;

/// The cause that a fault is meant to be told as, or another with the reason for which it is right as well.
pub fn expected(fault: Fault, plan: &Plan) -> &'static str {
    let no_idp = plan.idp.is_none();
    match fault {
        Fault::None
        | Fault::TypedLoosely
        | Fault::SecondRecord
        | Fault::SharedAddress
        | Fault::OnlyAnAlias => "portal_stale",
        Fault::Outdated => "permission_set_outdated",
        Fault::Mistyped => "account_not_found",
        Fault::AccountTwin => "account_ambiguous",
        Fault::Suspended => "account_not_active",
        Fault::NotInGroup | Fault::OutOfScope | Fault::JustAdded | Fault::Paused if no_idp => {
            "membership_not_synced"
        }
        Fault::NotActivated if !plan.has(Mess::EligibilityUnread) => "not_activated",
        Fault::NotInGroup | Fault::NotActivated | Fault::RulePaused | Fault::OutOfScope => "not_in_group",
        Fault::OnlyNested => "nested_membership",
        Fault::GroupNotAssigned => "group_not_assigned_to_app",
        Fault::PersonNotAssigned => "user_not_assigned_to_app",
        Fault::JustAdded | Fault::JustAddedAfterAnError | Fault::Queued | Fault::GroupJustAssigned => {
            "sync_pending"
        }
        Fault::Missed => "membership_missed",
        Fault::Paused
        | Fault::TokenExpired
        | Fault::TooManyDeletions
        | Fault::GroupsNotSent
        | Fault::PushOff
        | Fault::PushOffByARename => "sync_stopped",
        Fault::GroupRejected | Fault::PersonRejected => "sync_error",
        Fault::NameTaken => "group_not_synced",
        Fault::SkippedAsNotEntitled | Fault::SkippedForAMember => "skipped_by_the_idp",
        Fault::DisabledAtTheIdp => "user_disabled_in_idp",
        Fault::DisabledInAws => "user_disabled",
        Fault::DeletedInAws | Fault::NeverCreated => "user_not_provisioned",
        Fault::Absent => "user_not_in_idp",
        Fault::Recreated => "dangling_assignment",
        Fault::GroupDeletedInAws => "group_not_synced",
        Fault::LookAlike => "duplicate_group",
        Fault::TwinAtTheIdp => "name_twin_at_the_idp",
        Fault::Unassigned => "no_assignment",
        Fault::Ended => "access_ended",
        Fault::AnotherSetWanted => "permission_set_not_assigned",
        Fault::RequestInProgress => "assignment_in_progress",
        Fault::RequestFailed => "assignment_failed",
        Fault::NotProvisioned => "permission_set_not_provisioned",
    }
}

/// Another cause that is right for a fault, with the reason.
pub struct Accepted {
    pub fault: Fault,
    pub cause: &'static str,
    pub holds: fn(&Plan) -> bool,
    pub reason: &'static str,
}

pub const ACCEPTED: &[Accepted] = &[
    Accepted {
        fault: Fault::NotInGroup,
        cause: "not_activated",
        holds: Plan::may_activate_admins,
        reason: "the person may activate another group on the account, and nothing says that it is not meant",
    },
    Accepted {
        fault: Fault::RulePaused,
        cause: "not_activated",
        holds: Plan::may_activate_admins,
        reason: "the same, where the group that they were in is filled by a rule",
    },
    Accepted {
        fault: Fault::Unassigned,
        cause: "not_activated",
        holds: Plan::may_activate_admins,
        reason: "the same, where their own group has no assignment any more",
    },
    Accepted {
        fault: Fault::NotActivated,
        cause: "dangling_assignment",
        holds: |plan| plan.has(Mess::LeftOver) && plan.has(Mess::EligibilityUnread),
        reason: "what the person may activate was not read, and they are in a younger group than the deleted one",
    },
    Accepted {
        fault: Fault::AnotherSetWanted,
        cause: "not_activated",
        holds: |plan| plan.has(Mess::MayActivateAdmins) && !plan.has(Mess::EligibilityUnread),
        reason: "they may activate the admins' group, which has the set that they ask for",
    },
    Accepted {
        fault: Fault::RulePaused,
        cause: "dangling_assignment",
        holds: |plan| plan.has(Mess::LeftOver),
        reason: "the person is in a younger group, and nothing says that the deleted one was another",
    },
    Accepted {
        fault: Fault::JustAdded,
        cause: "dangling_assignment",
        holds: |plan| plan.directory.is_some() && plan.has(Mess::LeftOver),
        reason: "the same, where nobody sees Active Directory",
    },
    Accepted {
        fault: Fault::OutOfScope,
        cause: "dangling_assignment",
        holds: |plan| plan.has(Mess::LeftOver),
        reason: "the same, where nobody sees Active Directory",
    },
    Accepted {
        fault: Fault::Paused,
        cause: "dangling_assignment",
        holds: |plan| plan.directory.is_some() && plan.has(Mess::LeftOver),
        reason: "the same, where nobody sees Active Directory",
    },
    Accepted {
        fault: Fault::RequestFailed,
        cause: "not_activated",
        holds: Plan::may_activate_admins,
        reason: "a request of days ago counts as given up where the person was given another way, which they may activate",
    },
    Accepted {
        fault: Fault::GroupNotAssigned,
        cause: "not_in_group",
        holds: |plan| plan.has(Mess::LinkedGroup),
        reason: "once the mapping is gone, nothing ties a linked group to the one in AWS, whose name is another",
    },
    Accepted {
        fault: Fault::Unassigned,
        cause: "not_in_group",
        holds: |plan| plan.idp.is_some(),
        reason: "nothing says that the person's own group ever had an assignment; another group has one",
    },
    Accepted {
        fault: Fault::Unassigned,
        cause: "membership_not_synced",
        holds: |_| true,
        reason: "the same, where AWS alone says who is in the other group",
    },
    Accepted {
        fault: Fault::NotInGroup,
        cause: "dangling_assignment",
        holds: |plan| plan.has(Mess::LeftOver),
        reason: "the person is in a younger group, and nothing says that the deleted one was another",
    },
    Accepted {
        fault: Fault::Missed,
        cause: "dangling_assignment",
        holds: |plan| plan.has(Mess::LeftOver),
        reason: "the same, where a call that failed hides that the membership was missed",
    },
    Accepted {
        fault: Fault::Unassigned,
        cause: "dangling_assignment",
        holds: |plan| plan.has(Mess::LeftOver),
        reason: "the deleted group may have been the person's own, as nothing says what it was called",
    },
    Accepted {
        fault: Fault::DeletedInAws,
        cause: "sync_pending",
        holds: |plan| plan.idp.is_some(),
        reason: "the log does not say since when the person is in the group, and both readings are told",
    },
];

/// Another cause that is right for a fault if one of these operations failed, with the reason.
pub struct Hidden {
    pub fault: Fault,
    pub cause: &'static str,
    pub operations: &'static [&'static str],
    pub reason: &'static str,
}

const CREATIONS: &[&str] =
    &["sso:ListAccountAssignmentCreationStatus", "sso:DescribeAccountAssignmentCreationStatus"];

const ENDS: &[&str] =
    &["sso:ListAccountAssignmentDeletionStatus", "sso:DescribeAccountAssignmentDeletionStatus"];

pub const HIDDEN: &[Hidden] = &[
    Hidden {
        fault: Fault::RequestFailed,
        cause: "not_in_group",
        operations: CREATIONS,
        reason: "there is no access, and the request that shows why could not be read",
    },
    Hidden {
        fault: Fault::RequestInProgress,
        cause: "not_in_group",
        operations: CREATIONS,
        reason: "there is no access, and the request that shows why could not be read",
    },
    Hidden {
        fault: Fault::Ended,
        cause: "not_in_group",
        operations: ENDS,
        reason: "the same, where the deletion could not be read",
    },
    Hidden {
        fault: Fault::NotProvisioned,
        cause: "not_in_group",
        operations: &["sso:ListAccountAssignmentsForPrincipal"],
        reason: "only this list shows an assignment whose permission set is not on the account",
    },
];

/// A fault of which nothing may be said for certain, with the reason.
pub struct Open {
    pub fault: Fault,
    pub holds: fn(&Plan) -> bool,
    pub reason: &'static str,
}

pub const OPEN: &[Open] = &[
    Open {
        fault: Fault::OnlyAnAlias,
        holds: |_| true,
        reason: "neither AWS nor Okta looks people up by an alias, and not found is not absent",
    },
    Open {
        fault: Fault::DeletedInAws,
        holds: |plan| plan.has(Mess::AnotherApplication),
        reason: "which of two applications keeps the user's id shows only after the person was looked for",
    },
    Open {
        fault: Fault::DeletedInAws,
        holds: |plan| plan.idp.is_none(),
        reason: "the same: nothing but an IdP's id proves that AWS does not have somebody by another name",
    },
    Open {
        fault: Fault::Absent,
        holds: |_| true,
        reason: "not found by one string is not absent, and there are no ids to prove it",
    },
];

/// What fails, of a company with one fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Failure {
    /// The verdict says the opposite of what holds.
    WrongVerdict,
    /// Nothing could be read wrongly, and still the bot could not tell.
    Undetermined,
    /// The verdict is right and the cause is another one.
    WrongCause,
    /// The report does not say what to do.
    Unclear,
    /// The report speaks of a directory that is not there.
    WrongDirectory,
    /// What the report says has been done, and there is no access.
    NoAccess,
    /// What the report says took access from somebody.
    Harm,
    /// What the report says gave the asker more than they ever had.
    TooMuch,
}

/// A fault of the product that is known and not fixed yet.
pub struct Known {
    pub fault: Fault,
    pub failures: &'static [Failure],
    pub holds: fn(&Plan) -> bool,
    pub reason: &'static str,
}

pub const KNOWN: &[Known] = &[];

#[test]
fn every_row_says_why() {
    let accepted = ACCEPTED.iter().map(|row| row.reason).chain(OPEN.iter().map(|row| row.reason));
    let accepted = accepted.chain(HIDDEN.iter().map(|row| row.reason));
    assert!(accepted.chain(KNOWN.iter().map(|row| row.reason)).all(|reason| reason.split(' ').count() > 4));
}
