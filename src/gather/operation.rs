//! What the calls to an IdP are named in gaps, by which of the two it is.

use crate::diagnosis::facts::idp::Idp;

/// One call's name at either IdP.
#[derive(Clone, Copy)]
pub(in crate::gather) struct Operation {
    entra: &'static str,
    okta: &'static str,
}

impl Operation {
    /// The name at this IdP.
    pub(in crate::gather) fn name(self, idp: Idp) -> &'static str {
        match idp {
            Idp::Entra => self.entra,
            Idp::Okta => self.okta,
        }
    }
}

const fn named(entra: &'static str, okta: &'static str) -> Operation {
    Operation { entra, okta }
}

pub(in crate::gather) const PERSON: Operation = named("graph:users", "okta:users");
pub(in crate::gather) const GROUPS: Operation = named("graph:users/memberOf", "okta:users/groups");
pub(in crate::gather) const TRANSITIVE_GROUPS: Operation =
    named("graph:users/transitiveMemberOf", "okta:users/groups");
pub(in crate::gather) const GROUP: Operation = named("graph:groups", "okta:groups");
pub(in crate::gather) const MEMBERS: Operation = named("graph:groups/members", "okta:groups/users");
pub(in crate::gather) const OWNERS: Operation = named("graph:groups/owners", "okta:groups/owners");
pub(in crate::gather) const APPLICATION: Operation = named("graph:servicePrincipals", "okta:apps");
pub(in crate::gather) const APP_USER: Operation =
    named("graph:servicePrincipals/appRoleAssignedTo", "okta:apps/users");
pub(in crate::gather) const APP_ASSIGNMENT: Operation =
    named("graph:servicePrincipals/appRoleAssignedTo", "okta:apps/group-push/mappings");
pub(in crate::gather) const SYNCHRONIZATION: Operation =
    named("graph:synchronization/jobs", "okta:apps/connections");
pub(in crate::gather) const MAPPING: Operation = named("graph:synchronization/schema", "okta:apps");
pub(in crate::gather) const TROUBLES: Operation = named("graph:auditLogs/provisioning", "okta:logs");
pub(in crate::gather) const ADDED: Operation = named("graph:auditLogs/directoryAudits", "okta:logs");
