//! Everything that the bot is to be allowed: the IAM actions, the application permissions of Microsoft Graph, the
//! scopes of Okta. Tests hold them against the policies in `deploy` and the tables of the README.

/// The IAM actions that the bot uses, in the order of telling.
pub const IAM_ACTIONS: [&str; 15] = [
    "sso:ListInstances",
    "organizations:ListAccounts",
    "organizations:DescribeAccount",
    "identitystore:GetUserId",
    "identitystore:DescribeUser",
    "identitystore:ListGroupMembershipsForMember",
    "identitystore:DescribeGroup",
    "identitystore:ListGroups",
    "identitystore:ListGroupMemberships",
    "sso:ListPermissionSetsProvisionedToAccount",
    "sso:ListAccountAssignments",
    "sso:ListAccountAssignmentsForPrincipal",
    "sso:DescribePermissionSet",
    "sso:ListAccountAssignmentCreationStatus",
    "sso:DescribeAccountAssignmentCreationStatus",
];

/// The IAM actions that the bot does without: each only says more of what was not found.
pub const IAM_ACTIONS_OPTIONAL: [&str; 4] = [
    "sso:ListApplications",
    "identitystore:GetGroupId",
    "sso:ListAccountAssignmentDeletionStatus",
    "sso:DescribeAccountAssignmentDeletionStatus",
];

/// What the bot reads with in Entra ID.
pub const GRAPH_PERMISSIONS: [&str; 5] = [
    "User.Read.All",
    "GroupMember.Read.All",
    "Application.Read.All",
    "Synchronization.Read.All",
    "AuditLog.Read.All",
];

/// What the bot makes use of in Entra ID where it is granted, and does without where it is not.
pub const GRAPH_PERMISSIONS_OPTIONAL: [&str; 1] = ["PrivilegedEligibilitySchedule.Read.AzureADGroup"];

/// What "Sync now" needs beside them.
pub const GRAPH_PERMISSIONS_TO_FORCE: [&str; 1] = ["Synchronization.ReadWrite.All"];

/// What the bot reads with in Okta.
pub const OKTA_SCOPES: [&str; 4] =
    ["okta.users.read", "okta.groups.read", "okta.apps.read", "okta.logs.read"];

/// What "Sync now" needs beside them.
pub const OKTA_SCOPES_TO_FORCE: [&str; 2] = ["okta.apps.manage", "okta.groups.manage"];

/// Whose resource an action is about, and so on what a policy has to allow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// Only everything can be named.
    Everything,
    Accounts,
    Assignments,
    IdentityStore,
    /// The identity store's groups and who is in them, and none of its users.
    Groups,
}

/// What the action is about (Service Authorization Reference, "Actions" of the three services).
pub fn about(action: &str) -> About {
    match action {
        "sso:ListInstances" | "sso:ListApplications" | "organizations:ListAccounts" => About::Everything,
        "organizations:DescribeAccount" => About::Accounts,
        "identitystore:ListGroups" | "identitystore:ListGroupMemberships" => About::Groups,
        _ if action.starts_with("identitystore:") => About::IdentityStore,
        _ => About::Assignments,
    }
}
