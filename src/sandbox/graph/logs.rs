//! The provisioning log and the directory audit.
//!
//! Source: Microsoft Graph, "provisioningObjectSummary" and "directoryAudit" with their list operations. Both
//! take filters that mind capitals, and no `$select`.

use serde_json::{Value, json};

use super::call::Call;
use super::filter::{LetterCase, Operator, Property, ValueType};
use super::list::{Entity, Kind, Rules, list};
use super::refusal::Refusal;
use super::resource::Resource;
use super::{Tenant, written};
use crate::sandbox::company::ids;
use crate::sandbox::idp::log::{About, Action, LogEntry};
use crate::sandbox::idp::{Group, Membership, Person, Problem};

const EQUAL: &[Operator] = &[Operator::Equal];
const MOMENTS: Property = Property {
    path: "activityDateTime",
    pointer: "/activityDateTime",
    value: ValueType::Moment,
    operators: &[
        Operator::Equal,
        Operator::Greater,
        Operator::GreaterOrEqual,
        Operator::Less,
        Operator::LessOrEqual,
    ],
};

const PROVISIONING_LOG: Rules = Rules {
    set: "auditLogs/provisioning",
    kinds: &[&PROVISIONING_OBJECT_SUMMARY],
    options: &["$filter", "$top", "$orderby", "$skiptoken"],
    // Some are called otherwise in a filter than in an entry.
    filters: &[
        MOMENTS,
        text("id", "/id"),
        text("tenantId", "/tenantId"),
        text("jobId", "/jobId"),
        text("changeId", "/changeId"),
        text("cycleId", "/cycleId"),
        text("action", "/provisioningAction"),
        text("statusInfo/status", "/provisioningStatusInfo/status"),
        text("sourceIdentity/id", "/sourceIdentity/id"),
        text("sourceIdentity/displayName", "/sourceIdentity/displayName"),
        text("sourceIdentity/identityType", "/sourceIdentity/identityType"),
        text("targetIdentity/id", "/targetIdentity/id"),
        text("targetIdentity/displayName", "/targetIdentity/displayName"),
        text("targetIdentity/identityType", "/targetIdentity/identityType"),
        text("servicePrincipal/id", "/servicePrincipal/id"),
        text("servicePrincipal/name", "/servicePrincipal/displayName"),
    ],
    letter_case: LetterCase::Matters,
    is_filter_advanced: false,
    order_by: &["activityDateTime"],
};

const DIRECTORY_AUDITS: Rules = Rules {
    set: "auditLogs/directoryAudits",
    kinds: &[&DIRECTORY_AUDIT],
    filters: &[
        MOMENTS,
        text("activityDisplayName", "/activityDisplayName"),
        text("category", "/category"),
        text("correlationId", "/correlationId"),
        text("result", "/result"),
        text("targetResources/any/id", "/targetResources"),
    ],
    ..PROVISIONING_LOG
};

const PROVISIONING_OBJECT_SUMMARY: Kind = Kind {
    name: "provisioningObjectSummary",
    properties: SUMMARY_PROPERTIES,
    by_default: SUMMARY_PROPERTIES,
};

const SUMMARY_PROPERTIES: &[&str] = &[
    "activityDateTime",
    "changeId",
    "cycleId",
    "durationInMilliseconds",
    "id",
    "initiatedBy",
    "jobId",
    "modifiedProperties",
    "provisioningAction",
    "provisioningStatusInfo",
    "provisioningSteps",
    "servicePrincipal",
    "sourceIdentity",
    "sourceSystem",
    "targetIdentity",
    "targetSystem",
    "tenantId",
];

const DIRECTORY_AUDIT: Kind =
    Kind { name: "directoryAudit", properties: AUDIT_PROPERTIES, by_default: AUDIT_PROPERTIES };

const AUDIT_PROPERTIES: &[&str] = &[
    "activityDateTime",
    "activityDisplayName",
    "additionalDetails",
    "category",
    "correlationId",
    "id",
    "initiatedBy",
    "loggedByService",
    "operationType",
    "result",
    "resultReason",
    "targetResources",
];

const fn text(path: &'static str, pointer: &'static str) -> Property {
    Property { path, pointer, value: ValueType::Text, operators: EQUAL }
}

/// Newest first, as Graph gives them where no order is asked for.
pub(super) fn answer(tenant: &Tenant, resource: &Resource, call: &Call) -> Result<Value, Refusal> {
    if matches!(resource, Resource::ProvisioningLog) {
        let log = tenant.idp.recent_log(call.now);
        return list(call, &PROVISIONING_LOG, log.into_iter().map(|entry| summary(tenant, entry)).collect());
    }
    let additions = tenant.idp.recent_additions(call.now);
    list(call, &DIRECTORY_AUDITS, additions.into_iter().filter_map(|held| audit(tenant, held)).collect())
}

fn summary(tenant: &Tenant, entry: &LogEntry) -> Entity {
    let application = &tenant.idp.application;
    let action = match (&entry.about, entry.action) {
        (About::Membership { .. }, _) | (_, Action::Update) => "update",
        (_, Action::Create) => "create",
    };
    let (source, target) = identities(tenant, &entry.about);
    let record = json!({
        "activityDateTime": written(entry.at),
        "changeId": ids::uuid("entra change", &entry.id),
        "cycleId": ids::uuid("entra cycle", &entry.at.to_string()),
        "durationInMilliseconds": null,
        "id": entry.id,
        "initiatedBy": {"displayName": "Azure AD Provisioning Service", "id": "", "initiatorType": "system"},
        "jobId": tenant.idp.job.as_ref().map(|job| &job.id),
        "modifiedProperties": modified(tenant, &entry.about),
        "provisioningAction": action,
        "provisioningStatusInfo": status(entry.problem.as_ref()),
        "provisioningSteps": steps(entry),
        "servicePrincipal": {"displayName": application.name, "id": application.object_id},
        "sourceIdentity": source,
        "sourceSystem": {
            "details": {},
            "displayName": "Microsoft Entra ID",
            "id": ids::uuid("entra source system", &tenant.idp.tenant_id),
        },
        "targetIdentity": target,
        "targetSystem": {
            "details": {"ServicePrincipalId": application.object_id},
            "displayName": application.name,
            "id": ids::uuid("entra target system", &tenant.idp.tenant_id),
        },
        "tenantId": tenant.idp.tenant_id,
    });
    Entity { kind: &PROVISIONING_OBJECT_SUMMARY, record }
}

/// What it is in the directory, and in AWS. A membership is a matter of the group.
fn identities(tenant: &Tenant, about: &About) -> (Value, Value) {
    let (id, name, target_id, kind) = match about {
        About::Person(key) => {
            let person = tenant.idp.person(key);
            let user = person.and_then(|person| {
                tenant.company.users.iter().find(|user| user.user_name == person.user_name)
            });
            (
                person.map(|person| &person.object_id),
                person.map(|person| &person.display_name),
                user.map(|user| &user.id),
                "User",
            )
        }
        About::Group(key) | About::Membership { group: key, .. } => {
            let group = tenant.idp.group(key);
            let received =
                group.and_then(|group| tenant.company.group_of_external_id(tenant.idp.external_id_of(group)));
            (
                group.map(|group| &group.object_id),
                group.map(|group| &group.name),
                received.map(|received| &received.id),
                "Group",
            )
        }
    };
    let target_name = target_id.and(name).map_or("", String::as_str);
    let target_id = target_id.map_or("", String::as_str);
    (
        json!({"details": {}, "displayName": name, "id": id, "identityType": kind}),
        json!({"details": {}, "displayName": target_name, "id": target_id, "identityType": kind}),
    )
}

fn modified(tenant: &Tenant, about: &About) -> Value {
    let (property, value) = match about {
        About::Person(key) => ("userName", tenant.idp.person(key).map(|person| &person.user_name)),
        About::Group(key) => ("displayName", tenant.idp.group(key).map(|group| &group.name)),
        About::Membership { person, .. } => {
            ("members", tenant.idp.person(person).map(|person| &person.object_id))
        }
    };
    json!([{"displayName": property, "newValue": value, "oldValue": null}])
}

fn status(problem: Option<&Problem>) -> Value {
    let error = problem.map(|problem| {
        json!({
            "additionalDetails": null,
            "errorCategory": "nonServiceFailure",
            "errorCode": problem.code,
            "reason": problem.reason,
            "recommendedAction": problem.recommended_action,
        })
    });
    let status = match problem {
        Some(problem) if problem.is_skip => "skipped",
        Some(_) => "failure",
        None => "success",
    };
    json!({"errorInformation": error, "status": status})
}

fn steps(entry: &LogEntry) -> Value {
    let (status, description, details) = match &entry.problem {
        Some(problem) if problem.is_skip => {
            let mut details = json!({"SkipReason": problem.code});
            // Each filter with its outcome, as JSON in a string.
            if let Some(filter) = &problem.excluded_by {
                let evaluated = json!({(filter.as_str()): false}).to_string();
                details["ScopeEvaluationResult"] = json!(evaluated);
            }
            ("skipped", problem.reason.as_str(), details)
        }
        Some(problem) => ("failure", problem.reason.as_str(), json!({})),
        None => ("success", "Sent to the application.", json!({})),
    };
    json!([
        {
            "description": "Received from the directory.",
            "details": {},
            "name": "EntryImport",
            "provisioningStepType": "import",
            "status": "success",
        },
        {
            "description": description,
            "details": details,
            "name": "EntryExport",
            "provisioningStepType": "export",
            "status": status,
        },
    ])
}

/// That somebody was added to a group.
fn audit(tenant: &Tenant, held: &Membership) -> Option<Entity> {
    let (person, group) = (tenant.idp.person(&held.person)?, tenant.idp.group(&held.group)?);
    let key = format!("{} in {} since {}", person.key, group.key, held.since);
    let record = json!({
        "activityDateTime": written(held.since),
        "activityDisplayName": "Add member to group",
        "additionalDetails": [],
        "category": "GroupManagement",
        "correlationId": ids::uuid("entra audit", &key),
        "id": format!("Directory_{}", ids::uuid("entra audit entry", &key)),
        "initiatedBy": {"app": null, "user": initiator(tenant, group)},
        "loggedByService": "Core Directory",
        "operationType": "Assign",
        "result": "success",
        "resultReason": "",
        "targetResources": targets(person, group),
    });
    Some(Entity { kind: &DIRECTORY_AUDIT, record })
}

/// The group's owner, where it has one; else the audit does not know.
fn initiator(tenant: &Tenant, group: &Group) -> Value {
    let owner = group.owners.first().and_then(|key| tenant.idp.person(key));
    json!({
        "displayName": null,
        "id": owner.map(|owner| &owner.object_id),
        "ipAddress": "",
        "userPrincipalName": owner.map(|owner| &owner.user_name),
    })
}

/// The values of changed properties are JSON in a string.
fn targets(person: &Person, group: &Group) -> Value {
    let changed = |property: &str, value: &str| {
        let value = json!(value).to_string();
        json!({"displayName": property, "newValue": value, "oldValue": null})
    };
    json!([
        {
            "displayName": null,
            "id": person.object_id,
            "modifiedProperties": [
                changed("Group.ObjectID", &group.object_id),
                changed("Group.DisplayName", &group.name),
            ],
            "type": "User",
            "userPrincipalName": person.user_name,
        },
        {
            "displayName": null,
            "groupType": "azureAD",
            "id": group.object_id,
            "modifiedProperties": [],
            "type": "Group",
        },
    ])
}
