//! How users, groups and memberships look in the Identity Store's answers.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::sandbox::aws::epoch_seconds;
use crate::sandbox::company::{Company, Group, Membership, Origin, User};
use crate::sandbox::scenario::IdpKind;

/// AWS publishes no sample of `CreatedBy`, so nobody can rely on its form.
const CREATED_BY_HAND: &str = "arn:aws:sts::999988887777:assumed-role/AWSReservedSSO_Admin/bo@example.com";

/// An id that an IdP gave to a user or a group.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ExternalId {
    issuer: String,
    id: String,
}

pub(super) fn user_json(company: &Company, user: &User) -> Value {
    let (given_name, family_name) = user.display_name.split_once(' ').unwrap_or((&user.display_name, ""));
    let mut json = json!({
        "IdentityStoreId": company.identity_store_id,
        "UserId": user.id,
        "UserArn": arn("user", &user.id),
        "Revision": revision(user.created_at, user.updated_at),
        "UserName": user.user_name,
        "DisplayName": user.display_name,
        "Name": { "Formatted": user.display_name, "GivenName": given_name, "FamilyName": family_name },
        "UserStatus": if user.enabled { "ENABLED" } else { "DISABLED" },
        "CreatedAt": epoch_seconds(user.created_at),
        "CreatedBy": created_by(company, user.origin),
        "UpdatedAt": epoch_seconds(user.updated_at),
        "UpdatedBy": created_by(company, user.origin),
    });
    name_external_id(&mut json, company, user.external_id.as_deref());
    if let Some(email) = &user.email {
        json["Emails"] = json!([{ "Value": email, "Type": "work", "Primary": true }]);
    }
    json
}

pub(super) fn group_json(company: &Company, group: &Group) -> Value {
    let mut json = json!({
        "IdentityStoreId": company.identity_store_id,
        "GroupId": group.id,
        "GroupArn": arn("group", &group.id),
        "Revision": revision(group.created_at, group.updated_at),
        "DisplayName": group.display_name,
        "CreatedAt": epoch_seconds(group.created_at),
        "CreatedBy": created_by(company, group.origin),
        "UpdatedAt": epoch_seconds(group.updated_at),
        "UpdatedBy": created_by(company, group.origin),
    });
    name_external_id(&mut json, company, external_id_of_group(company, group));
    json
}

pub(super) fn membership_json(company: &Company, membership: &Membership) -> Value {
    let group = company.groups.iter().find(|group| group.id == membership.group_id);
    let made_by = created_by(company, group.map_or(Origin::Synced, |group| group.origin));
    json!({
        "IdentityStoreId": company.identity_store_id,
        "MembershipId": membership.id,
        "MembershipArn": arn("membership", &membership.id),
        "GroupId": membership.group_id,
        "MemberId": { "UserId": membership.user_id },
        "CreatedAt": epoch_seconds(membership.created_at),
        "CreatedBy": made_by,
        "UpdatedAt": epoch_seconds(membership.created_at),
        "UpdatedBy": made_by,
    })
}

/// The model asks for at least one entry where `ExternalIds` is given, so a record without one has no member.
fn name_external_id(json: &mut Value, company: &Company, external_id: Option<&str>) {
    if let Some(external_id) = external_id {
        json["ExternalIds"] = json!([{ "Issuer": company.issuer, "Id": external_id }]);
    }
}

pub(super) fn is_external_id(company: &Company, external_id: Option<&str>, wanted: &ExternalId) -> bool {
    wanted.issuer == company.issuer && external_id == Some(wanted.id.as_str())
}

/// The IdP's own id of the group. Okta's group push sends none, so that AWS does not know the one that Okta keeps.
pub(super) fn external_id_of_group<'g>(company: &Company, group: &'g Group) -> Option<&'g str> {
    let is_okta = company.idp.as_ref().is_some_and(|idp| idp.kind == IdpKind::Okta);
    group.external_id.as_deref().filter(|_| !is_okta)
}

fn created_by(company: &Company, origin: Origin) -> &str {
    match origin {
        Origin::Synced => &company.issuer,
        Origin::Manual => CREATED_BY_HAND,
    }
}

fn revision(created_at: Timestamp, updated_at: Timestamp) -> &'static str {
    if created_at == updated_at { "1" } else { "2" }
}

pub(super) fn arn(kind: &str, id: &str) -> String {
    format!("arn:aws:identitystore:::{kind}/{id}")
}
