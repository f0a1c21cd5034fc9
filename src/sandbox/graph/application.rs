//! Service principals, and who has an app-role assignment to one.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::call::Call;
use super::directory::{DIRECTORY_OPTIONS, known_group, person};
use super::filter::{LetterCase, Operator, Property, ValueType};
use super::list::{Entity, Kind, Rules, list, one};
use super::refusal::Refusal;
use super::resource::{ApplicationKey, Resource};
use super::{Tenant, is_uuid, written};
use crate::sandbox::company::ids;
use crate::sandbox::idp::sync::SyncJob;
use crate::sandbox::idp::{Application, Group, OtherApplication};

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
            let id = entity.record["id"].as_str().unwrap_or_default();
            let assigned = match other(tenant, id) {
                Some(other) => assignments_to_other(tenant, other),
                None => {
                    let is_for_aws = id == tenant.idp.application.object_id;
                    assignments(tenant, tenant.idp.groups.iter().filter(|_| is_for_aws))
                }
            };
            list(call, &ASSIGNED_TO, assigned)
        }
        _ => list(call, &SERVICE_PRINCIPALS, service_principals(tenant)),
    }
}

/// The job of an application for AWS, if it has one. No other application has synchronization.
pub(super) fn job_of<'a>(tenant: &Tenant<'a>, key: &ApplicationKey) -> Result<Option<&'a SyncJob>, Refusal> {
    let entity = service_principal(tenant, key)?;
    let id = entity.record["id"].as_str().unwrap_or_default();
    if id == tenant.idp.application.object_id {
        return Ok(tenant.idp.job.as_ref());
    }
    let other = other(tenant, id).ok_or_else(|| Refusal::not_found("synchronization"))?;
    Ok(other.job.as_ref())
}

fn other<'a>(tenant: &Tenant<'a>, object_id: &str) -> Option<&'a OtherApplication> {
    tenant.idp.other_applications.iter().find(|other| other.application.object_id == object_id)
}

fn assignments_to_other(tenant: &Tenant, other: &OtherApplication) -> Vec<Entity> {
    let application = &other.application;
    let groups = other.groups.iter().filter_map(|key| tenant.idp.group(key));
    groups.map(|group| assignment(application, group, application.created_at)).collect()
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
    let others = tenant.idp.other_applications.iter().map(|OtherApplication { application, .. }| {
        record(tenant, &application.name, &application.object_id, &application.app_id, true)
    });
    let for_aws = record(tenant, name, object_id, app_id, true);
    let own = record(tenant, OWN_NAME, &own_object_id, &tenant.idp.client_id, false);
    let records = others.chain([for_aws, own]);
    records.map(|record| Entity { kind: &SERVICE_PRINCIPAL, record }).collect()
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
    let assigned = groups.into_iter().filter_map(|group| Some((group, group.assigned_since?)));
    assigned.map(|(group, since)| assignment(application, group, since)).collect()
}

fn assignment(application: &Application, group: &Group, since: Timestamp) -> Entity {
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
    Entity { kind: &APP_ROLE_ASSIGNMENT, record }
}

/// An id of the documented length, 43 characters.
fn assignment_id(group: &Group) -> String {
    ids::hash("entra app role assignment", &group.key)[..43].to_owned()
}

fn role_id(object_id: &str) -> String {
    ids::uuid("entra app role", object_id)
}
