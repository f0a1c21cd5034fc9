//! Service principals, and who has an app-role assignment to one.

use serde_json::{Value, json};

use super::call::Call;
use super::directory::{DIRECTORY_OPTIONS, known_group, person};
use super::filter::{LetterCase, Operator, Property, ValueType};
use super::list::{Entity, Kind, Rules, list, one};
use super::refusal::Refusal;
use super::resource::{ApplicationKey, Resource};
use super::{Tenant, is_uuid, written};
use crate::sandbox::company::ids;
use crate::sandbox::idp::{Application, Group};

/// Source: Microsoft Graph, "servicePrincipal resource type".
pub(super) const SERVICE_PRINCIPAL: Kind = Kind {
    name: "servicePrincipal",
    properties: SERVICE_PRINCIPAL_PROPERTIES,
    by_default: SERVICE_PRINCIPAL_PROPERTIES,
};

const SERVICE_PRINCIPAL_PROPERTIES: &[&str] = &[
    "accountEnabled",
    "appDisplayName",
    "appId",
    "appOwnerOrganizationId",
    "appRoleAssignmentRequired",
    "appRoles",
    "deletedDateTime",
    "displayName",
    "id",
    "notes",
    "preferredSingleSignOnMode",
    "servicePrincipalNames",
    "servicePrincipalType",
    "signInAudience",
    "tags",
];

/// Source: Microsoft Graph, "appRoleAssignment resource type".
pub(super) const APP_ROLE_ASSIGNMENT: Kind = Kind {
    name: "appRoleAssignment",
    properties: APP_ROLE_ASSIGNMENT_PROPERTIES,
    by_default: APP_ROLE_ASSIGNMENT_PROPERTIES,
};

const APP_ROLE_ASSIGNMENT_PROPERTIES: &[&str] = &[
    "appRoleId",
    "createdDateTime",
    "deletedDateTime",
    "id",
    "principalDisplayName",
    "principalId",
    "principalType",
    "resourceDisplayName",
    "resourceId",
];

const SERVICE_PRINCIPALS: Rules = Rules {
    set: "servicePrincipals",
    kinds: &[&SERVICE_PRINCIPAL],
    options: DIRECTORY_OPTIONS,
    filters: &[
        Property {
            path: "displayName",
            pointer: "/displayName",
            value: ValueType::Text,
            operators: &[Operator::Equal, Operator::StartsWith],
        },
        Property { path: "appId", pointer: "/appId", value: ValueType::Text, operators: &[Operator::Equal] },
    ],
    letter_case: LetterCase::Ignored,
    is_filter_advanced: false,
    order_by: &["displayName"],
};

/// What a user or a group is assigned to.
const ASSIGNMENTS: Rules = Rules {
    set: "appRoleAssignments",
    kinds: &[&APP_ROLE_ASSIGNMENT],
    options: &["$select", "$filter", "$top", "$count", "$skiptoken"],
    filters: &[Property {
        path: "resourceId",
        pointer: "/resourceId",
        value: ValueType::Guid,
        operators: &[Operator::Equal],
    }],
    order_by: &[],
    ..SERVICE_PRINCIPALS
};

/// Who is assigned to an application. That its filter is an advanced query is the stricter reading of the
/// reference, which says nothing of it.
const ASSIGNED_TO: Rules = Rules {
    filters: &[Property {
        path: "principalId",
        pointer: "/principalId",
        value: ValueType::Guid,
        operators: &[Operator::Equal],
    }],
    is_filter_advanced: true,
    ..ASSIGNMENTS
};

/// What the bot itself is called in the tenant.
const OWN_NAME: &str = "sso-why";

pub(super) fn answer(tenant: &Tenant, resource: &Resource, call: &Call) -> Result<Value, Refusal> {
    match resource {
        Resource::ServicePrincipal(key) => one(call, "servicePrincipals", service_principal(tenant, key)?),
        Resource::AssignmentsOfUser(id) => {
            let groups = tenant.idp.direct_groups_of(&person(tenant, id)?.key);
            list(call, &ASSIGNMENTS, assignments(tenant, groups))
        }
        Resource::AssignmentsOfGroup(id) => {
            list(call, &ASSIGNMENTS, assignments(tenant, [known_group(tenant, id)?]))
        }
        Resource::AssignedTo(key) => {
            let entity = service_principal(tenant, key)?;
            let is_for_aws = entity.record["id"] == json!(tenant.idp.application.object_id);
            let groups = tenant.idp.groups.iter().filter(|_| is_for_aws);
            list(call, &ASSIGNED_TO, assignments(tenant, groups))
        }
        _ => list(call, &SERVICE_PRINCIPALS, service_principals(tenant)),
    }
}

/// Refuses every application but the one for AWS, which alone has synchronization.
pub(super) fn check_is_for_aws(tenant: &Tenant, key: &ApplicationKey) -> Result<(), Refusal> {
    let entity = service_principal(tenant, key)?;
    let object_id = &tenant.idp.application.object_id;
    if entity.record["id"] == json!(object_id) { Ok(()) } else { Err(Refusal::not_found("synchronization")) }
}

fn service_principal(tenant: &Tenant, key: &ApplicationKey) -> Result<Entity, Refusal> {
    let (property, id) = match key {
        ApplicationKey::ObjectId(id) if !is_uuid(id) => return Err(Refusal::invalid_object_id(id)),
        ApplicationKey::ObjectId(id) => ("id", id),
        ApplicationKey::AppId(id) => ("appId", id),
    };
    let is_it =
        |entity: &Entity| entity.record[property].as_str().is_some_and(|held| held.eq_ignore_ascii_case(id));
    service_principals(tenant).into_iter().find(is_it).ok_or_else(|| Refusal::not_found(id))
}

/// The application for AWS, and the bot's own.
fn service_principals(tenant: &Tenant) -> Vec<Entity> {
    let Application { name, object_id, app_id, .. } = &tenant.idp.application;
    let own_object_id = ids::uuid("entra service principal", OWN_NAME);
    let for_aws = record(tenant, name, object_id, app_id, true);
    let own = record(tenant, OWN_NAME, &own_object_id, &tenant.idp.client_id, false);
    [for_aws, own].map(|record| Entity { kind: &SERVICE_PRINCIPAL, record }).into()
}

fn record(tenant: &Tenant, name: &str, object_id: &str, app_id: &str, is_for_aws: bool) -> Value {
    let roles = json!([{
        "allowedMemberTypes": ["User"],
        "description": "User",
        "displayName": "User",
        "id": role_id(object_id),
        "isEnabled": true,
        "origin": "Application",
        "value": null,
    }]);
    json!({
        "accountEnabled": true,
        "appDisplayName": name,
        "appId": app_id,
        "appOwnerOrganizationId": tenant.idp.tenant_id,
        "appRoleAssignmentRequired": is_for_aws,
        "appRoles": if is_for_aws { roles } else { json!([]) },
        "deletedDateTime": null,
        "displayName": name,
        "id": object_id,
        "notes": null,
        "preferredSingleSignOnMode": is_for_aws.then_some("saml"),
        "servicePrincipalNames": [app_id],
        "servicePrincipalType": "Application",
        "signInAudience": "AzureADMyOrg",
        "tags": ["WindowsAzureActiveDirectoryIntegratedApp"],
    })
}

/// The assignments to the application for AWS. Only groups have one in this company; a user's own list also
/// shows those of the groups that they are a direct member of.
fn assignments<'a>(tenant: &Tenant, groups: impl IntoIterator<Item = &'a Group>) -> Vec<Entity> {
    let application = &tenant.idp.application;
    let entity = |group: &Group| {
        let since = group.assigned_since?;
        let record = json!({
            "appRoleId": role_id(&application.object_id),
            "createdDateTime": written(since),
            "deletedDateTime": null,
            "id": assignment_id(group),
            "principalDisplayName": group.name,
            "principalId": group.object_id,
            "principalType": "Group",
            "resourceDisplayName": application.name,
            "resourceId": application.object_id,
        });
        Some(Entity { kind: &APP_ROLE_ASSIGNMENT, record })
    };
    groups.into_iter().filter_map(entity).collect()
}

/// An id of the documented length, 43 characters.
fn assignment_id(group: &Group) -> String {
    ids::hash("entra app role assignment", &group.key)[..43].to_owned()
}

fn role_id(object_id: &str) -> String {
    ids::uuid("entra app role", object_id)
}
