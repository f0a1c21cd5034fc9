//! What the calls to an IdP are named in gaps, by which of the two it is.

use crate::diagnosis::facts::idp::Idp;

/// One call's name at either IdP.
#[derive(Clone, Copy)]
pub(super) struct Operation {
    entra: &'static str,
    okta: &'static str,
}

impl Operation {
    /// The name at this IdP.
    pub(super) fn name(self, idp: Idp) -> &'static str {
        match idp {
            Idp::Entra => self.entra,
            Idp::Okta => self.okta,
        }
    }
}

const fn named(entra: &'static str, okta: &'static str) -> Operation {
    Operation { entra, okta }
}

pub(super) const PERSON: Operation = named("graph:users", "okta:users");
/// Okta keeps nobody who was deleted.
pub(super) const DELETED: Operation = named("graph:directory/deletedItems/users", "okta:users");
pub(super) const GROUPS: Operation = named("graph:users/memberOf", "okta:users/groups");
pub(super) const TRANSITIVE_GROUPS: Operation = named("graph:users/transitiveMemberOf", "okta:users/groups");
pub(super) const GROUP: Operation = named("graph:groups", "okta:groups");
pub(super) const MEMBERS: Operation = named("graph:groups/members", "okta:groups/users");
pub(super) const OWNERS: Operation = named("graph:groups/owners", "okta:groups/owners");
pub(super) const APPLICATION: Operation = named("graph:servicePrincipals", "okta:apps");
pub(super) const APP_USER: Operation = named("graph:servicePrincipals/appRoleAssignedTo", "okta:apps/users");
pub(super) const APP_ASSIGNMENT: Operation =
    named("graph:servicePrincipals/appRoleAssignedTo", "okta:apps/group-push/mappings");
pub(super) const SYNCHRONIZATION: Operation = named("graph:synchronization/jobs", "okta:apps/connections");
pub(super) const MAPPING: Operation = named("graph:synchronization/schema", "okta:apps");
pub(super) const TROUBLES: Operation = named("graph:auditLogs/provisioning", "okta:logs");
pub(super) const ADDED: Operation = named("graph:auditLogs/directoryAudits", "okta:logs");
pub(super) const ELIGIBLE: Operation =
    named("graph:privilegedAccess/group/eligibilityScheduleInstances", "okta:groups");
pub(super) const ASSIGNS_PEOPLE: Operation =
    named("graph:servicePrincipals/appRoleAssignedTo", "okta:apps/groups");
