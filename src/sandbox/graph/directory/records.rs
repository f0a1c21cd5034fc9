//! How users and groups look. The properties are those that a tenant has without licences beyond Entra ID's;
//! what the simulated company does not know of somebody is null or empty, as in a real tenant.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::sandbox::graph::list::Kind;
use crate::sandbox::graph::written;
use crate::sandbox::idp::{Group, Person};
use crate::sandbox::scenario::idp::FilledSpec;

/// Source: Microsoft Graph, "user resource type"; the default set is in its introduction.
pub(in crate::sandbox::graph) const USER: Kind = Kind {
    name: "user",
    properties: &[
        "accountEnabled",
        "businessPhones",
        "companyName",
        "createdDateTime",
        "creationType",
        "deletedDateTime",
        "department",
        "displayName",
        "employeeId",
        "externalUserState",
        "givenName",
        "id",
        "jobTitle",
        "mail",
        "mailNickname",
        "mobilePhone",
        "officeLocation",
        "onPremisesSyncEnabled",
        "otherMails",
        "preferredLanguage",
        "proxyAddresses",
        "surname",
        "usageLocation",
        "userPrincipalName",
        "userType",
    ],
    by_default: &[
        "businessPhones",
        "displayName",
        "givenName",
        "id",
        "jobTitle",
        "mail",
        "mobilePhone",
        "officeLocation",
        "preferredLanguage",
        "surname",
        "userPrincipalName",
    ],
};

/// Source: Microsoft Graph, "group resource type".
pub(in crate::sandbox::graph) const GROUP: Kind =
    Kind { name: "group", properties: GROUP_PROPERTIES, by_default: GROUP_PROPERTIES };

const GROUP_PROPERTIES: &[&str] = &[
    "classification",
    "createdDateTime",
    "deletedDateTime",
    "description",
    "displayName",
    "expirationDateTime",
    "groupTypes",
    "id",
    "isAssignableToRole",
    "mail",
    "mailEnabled",
    "mailNickname",
    "membershipRule",
    "membershipRuleProcessingState",
    "onPremisesSyncEnabled",
    "preferredLanguage",
    "proxyAddresses",
    "renewedDateTime",
    "securityEnabled",
    "visibility",
];

pub(in crate::sandbox::graph) fn user_record(person: &Person) -> Value {
    let mail_nickname = person.user_name.split('@').next().unwrap_or_default();
    json!({
        "accountEnabled": person.enabled,
        "businessPhones": [],
        "companyName": null,
        "createdDateTime": written(person.created_at),
        "creationType": person.guest.then_some("Invitation"),
        "deletedDateTime": null,
        "department": null,
        "displayName": person.display_name,
        "employeeId": null,
        "externalUserState": person.guest.then_some("Accepted"),
        "givenName": person.given_name,
        "id": person.object_id,
        "jobTitle": null,
        "mail": person.email,
        "mailNickname": mail_nickname,
        "mobilePhone": null,
        "officeLocation": null,
        "onPremisesSyncEnabled": null,
        "otherMails": person.aliases,
        "preferredLanguage": null,
        "proxyAddresses": proxy_addresses(person),
        "surname": person.family_name,
        "usageLocation": null,
        "userPrincipalName": person.user_name,
        "userType": if person.guest { "Guest" } else { "Member" },
    })
}

/// Somebody who was deleted: the object id stands before their user principal name, so that it is free again. Source:
/// Microsoft Entra PowerShell, `Get-EntraDeletedUser`, example 1.
pub(in crate::sandbox::graph) fn deleted_user_record(person: &Person, at: Timestamp) -> Value {
    let mut record = user_record(person);
    record["deletedDateTime"] = json!(written(at));
    record["accountEnabled"] = json!(false);
    record["userPrincipalName"] = json!(format!("{}{}", person.object_id.replace('-', ""), person.user_name));
    record
}

/// The primary address with a capital prefix, the others with a small one. Source: Microsoft Graph, `proxyAddresses`.
fn proxy_addresses(person: &Person) -> Vec<String> {
    let primary = person.email.iter().map(|email| format!("SMTP:{email}"));
    primary.chain(person.aliases.iter().map(|alias| format!("smtp:{alias}"))).collect()
}

/// Security groups: with assigned members, with a rule, and from an on-premises directory.
pub(in crate::sandbox::graph) fn group_record(group: &Group) -> Value {
    let rule = match &group.filled {
        Some(FilledSpec::Rule { text, paused }) => Some((text, if *paused { "Paused" } else { "On" })),
        Some(FilledSpec::ActiveDirectory) | None => None,
    };
    let is_on_premises = matches!(group.filled, Some(FilledSpec::ActiveDirectory));
    let mail_nickname: String = group.name.chars().filter(char::is_ascii_alphanumeric).collect();
    json!({
        "classification": null,
        "createdDateTime": written(group.created_at),
        "deletedDateTime": null,
        "description": null,
        "displayName": group.name,
        "expirationDateTime": null,
        "groupTypes": rule.iter().map(|_| "DynamicMembership").collect::<Vec<_>>(),
        "id": group.object_id,
        "isAssignableToRole": null,
        "mail": null,
        "mailEnabled": false,
        "mailNickname": mail_nickname,
        "membershipRule": rule.map(|(text, _)| text),
        "membershipRuleProcessingState": rule.map(|(_, state)| state),
        "onPremisesSyncEnabled": is_on_premises.then_some(true),
        "preferredLanguage": null,
        "proxyAddresses": [],
        "renewedDateTime": written(group.created_at),
        "securityEnabled": true,
        "visibility": null,
    })
}
