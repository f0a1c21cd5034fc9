//! One call that fails, in some of the companies.

use sso_why::sandbox::faults::Fault as CallFault;
use sso_why::sandbox::scenario::IdpKind;

use super::dice::Dice;

const AT_AWS: [&str; 15] = [
    "sso:ListPermissionSetsProvisionedToAccount",
    "sso:ListAccountAssignments",
    "sso:ListAccountAssignmentsForPrincipal",
    "sso:DescribePermissionSet",
    "sso:ListAccountAssignmentCreationStatus",
    "sso:DescribeAccountAssignmentCreationStatus",
    "sso:ListAccountAssignmentDeletionStatus",
    "sso:DescribeAccountAssignmentDeletionStatus",
    "identitystore:GetUserId",
    "identitystore:GetGroupId",
    "identitystore:DescribeUser",
    "identitystore:ListGroupMembershipsForMember",
    "identitystore:DescribeGroup",
    "organizations:ListAccounts",
    "organizations:DescribeAccount",
];

const AT_ENTRA: [&str; 14] = [
    "graph:users",
    "graph:directory/deletedItems/users",
    "graph:users/memberOf",
    "graph:users/transitiveMemberOf",
    "graph:groups",
    "graph:groups/members",
    "graph:groups/owners",
    "graph:servicePrincipals",
    "graph:servicePrincipals/appRoleAssignedTo",
    "graph:synchronization/jobs",
    "graph:synchronization/schema",
    "graph:auditLogs/provisioning",
    "graph:auditLogs/directoryAudits",
    "graph:privilegedAccess/group/eligibilityScheduleInstances",
];

const AT_OKTA: [&str; 9] = [
    "okta:users",
    "okta:users/groups",
    "okta:groups",
    "okta:groups/owners",
    "okta:apps",
    "okta:apps/users",
    "okta:apps/group-push/mappings",
    "okta:apps/connections",
    "okta:logs",
];

/// An operation, how it fails, and after how many calls that go well.
#[derive(Clone, Debug)]
pub struct Failing {
    pub operation: &'static str,
    pub fault: CallFault,
    pub after: u32,
}

impl Failing {
    /// One company in six has such a call.
    pub fn of(idp: Option<IdpKind>, dice: &mut Dice) -> Option<Self> {
        let at_the_idp: &[&str] = match idp {
            Some(IdpKind::Entra) => &AT_ENTRA,
            Some(IdpKind::Okta) => &AT_OKTA,
            None => &[],
        };
        let operations: Vec<&'static str> = AT_AWS.iter().chain(at_the_idp).copied().collect();
        let faults = [CallFault::Forbidden, CallFault::Html500, CallFault::MalformedJson];
        let failing = Self {
            operation: operations[dice.below(operations.len())],
            fault: dice.pick(&faults).clone(),
            after: if dice.percent(70) { 0 } else { 1 },
        };
        (dice.below(6) == 0).then_some(failing)
    }
}
