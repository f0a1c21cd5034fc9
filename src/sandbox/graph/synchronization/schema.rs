//! What the job maps to what: one rule, with a mapping for users and one for groups.
//!
//! The attributes are those of the Microsoft Entra tutorial for AWS IAM Identity Center.

use serde_json::{Value, json};

use crate::sandbox::idp::sync::SyncJob;

/// What a user of the directory is in AWS.
pub(super) const USER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
/// What a group of the directory is in AWS.
pub(super) const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";

/// The synchronization schema of the job.
pub(super) fn of(job: &SyncJob, application: &str) -> Value {
    let users = [
        mapped("userPrincipalName", "userName", 1),
        mapped("accountEnabled", "active", 0),
        mapped("displayName", "displayName", 0),
        mapped("givenName", "name.givenName", 0),
        mapped("surname", "name.familyName", 0),
        mapped("mail", "emails[type eq \"work\"].value", 0),
        mapped("objectId", "externalId", 0),
    ];
    let groups = [
        mapped("displayName", "displayName", 1),
        mapped("objectId", "externalId", 0),
        mapped("members", "members", 0),
    ];
    json!({
        "id": job.id,
        "version": "Date:2025-01-15T09:00:00Z, Quality:5",
        "directories": [],
        "synchronizationRules": [{
            "containerFilter": null,
            "editable": true,
            "groupFilter": null,
            "id": job.rule_id,
            "metadata": [{"key": "defaultSourceObjectMappings", "value": ""}],
            "name": "USER_OUTBOUND_USER",
            "objectMappings": [
                objects("Provision Microsoft Entra ID Users", "User", USER, true, &users),
                objects("Provision Microsoft Entra ID Groups", "Group", GROUP, job.sends_groups, &groups),
            ],
            "priority": 1,
            "sourceDirectoryName": "Azure Active Directory",
            "targetDirectoryName": application,
        }],
    })
}

fn objects(name: &str, source: &str, target: &str, enabled: bool, attributes: &[Value]) -> Value {
    json!({
        "attributeMappings": attributes,
        "enabled": enabled,
        "flowTypes": "Add, Update, Delete",
        "metadata": [],
        "name": name,
        "scope": null,
        "sourceObjectName": source,
        "targetObjectName": target,
    })
}

/// The priority says in which order attributes are compared to find the object in AWS; 0 is not at all.
fn mapped(source: &str, target: &str, matching_priority: u32) -> Value {
    json!({
        "defaultValue": null,
        "exportMissingReferences": false,
        "flowBehavior": "FlowWhenChanged",
        "flowType": "Always",
        "matchingPriority": matching_priority,
        "source": {
            "expression": format!("[{source}]"),
            "name": source,
            "parameters": [],
            "type": "Attribute",
        },
        "targetAttributeName": target,
    })
}
