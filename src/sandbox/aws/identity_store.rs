//! The Identity Store operations that read users, groups and memberships; [`records`] says how those look.

mod records;

use serde::Deserialize;
use serde_json::{Value, json};

use super::call::Call;
use super::pages::page;
use super::refusal::Refusal;
use crate::sandbox::company::{Company, Group, Membership, User};
use records::{
    ExternalId, arn, external_id_of_group, group_json, is_external_id, membership_json, user_json,
};

pub(super) fn carry_out(company: &Company, call: &Call) -> Result<Value, Refusal> {
    match call.operation {
        "GetUserId" => get_user_id(company, call),
        "GetGroupId" => get_group_id(company, call),
        "DescribeUser" => describe_user(company, call),
        "ListUsers" => list_users(company, call),
        "DescribeGroup" => describe_group(company, call),
        "ListGroups" => list_groups(company, call),
        "ListGroupMembershipsForMember" => list_group_memberships_for_member(company, call),
        "ListGroupMemberships" => list_group_memberships(company, call),
        "IsMemberInGroups" => is_member_in_groups(company, call),
        _ => Err(Refusal::unknown_operation()),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ByAlternateIdentifier {
    identity_store_id: String,
    alternate_identifier: AlternateIdentifier,
}

#[derive(Deserialize)]
enum AlternateIdentifier {
    ExternalId(ExternalId),
    UniqueAttribute(UniqueAttribute),
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct UniqueAttribute {
    attribute_path: String,
    attribute_value: Value,
}

fn get_user_id(company: &Company, call: &Call) -> Result<Value, Refusal> {
    let input: ByAlternateIdentifier = call.input()?;
    check_store(company, call, &input.identity_store_id)?;
    let found = match &input.alternate_identifier {
        AlternateIdentifier::ExternalId(external_id) => {
            let is_it = |user: &&User| is_external_id(company, user.external_id.as_deref(), external_id);
            company.users.iter().find(is_it)
        }
        AlternateIdentifier::UniqueAttribute(attribute) => {
            let value = attribute.text(call)?;
            match attribute.attribute_path.as_str() {
                "userName" => company.users.iter().find(|user| user.user_name == value),
                "emails.value" => company.users.iter().find(|user| user.email.as_deref() == Some(value)),
                path => return Err(not_unique(call, path)),
            }
        }
    };
    let user = found.ok_or_else(|| Refusal::not_in_identity_store("USER", ""))?;
    Ok(json!({
        "IdentityStoreId": company.identity_store_id,
        "UserId": user.id,
        "UserArn": arn("user", &user.id),
    }))
}

fn get_group_id(company: &Company, call: &Call) -> Result<Value, Refusal> {
    let input: ByAlternateIdentifier = call.input()?;
    check_store(company, call, &input.identity_store_id)?;
    let found = match &input.alternate_identifier {
        AlternateIdentifier::ExternalId(external_id) => {
            let is_it =
                |group: &&Group| is_external_id(company, external_id_of_group(company, group), external_id);
            company.groups.iter().find(is_it)
        }
        AlternateIdentifier::UniqueAttribute(attribute) => {
            let value = attribute.text(call)?;
            match attribute.attribute_path.as_str() {
                "displayName" => company.groups.iter().find(|group| group.display_name == value),
                path => return Err(not_unique(call, path)),
            }
        }
    };
    let group = found.ok_or_else(|| Refusal::not_in_identity_store("GROUP", ""))?;
    Ok(json!({
        "IdentityStoreId": company.identity_store_id,
        "GroupId": group.id,
        "GroupArn": arn("group", &group.id),
    }))
}

impl UniqueAttribute {
    fn text(&self, call: &Call) -> Result<&str, Refusal> {
        let text = self.attribute_value.as_str();
        text.ok_or_else(|| Refusal::invalid(call.service, "AttributeValue must be a string"))
    }
}

fn not_unique(call: &Call, path: &str) -> Refusal {
    Refusal::invalid(call.service, &format!("AttributePath {path} is not a unique attribute here"))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ByUser {
    identity_store_id: String,
    user_id: String,
}

fn describe_user(company: &Company, call: &Call) -> Result<Value, Refusal> {
    let input: ByUser = call.input()?;
    check_store(company, call, &input.identity_store_id)?;
    Ok(user_json(company, user(company, &input.user_id)?))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Everything {
    identity_store_id: String,
    #[serde(default)]
    filters: Vec<Filter>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Filter {
    attribute_path: String,
    attribute_value: String,
}

impl Everything {
    /// What the one filter that AWS still allows on this attribute asks for.
    fn filtered_by(&self, call: &Call, attribute: &str) -> Result<Option<&str>, Refusal> {
        match self.filters.as_slice() {
            [] => Ok(None),
            [filter] if filter.attribute_path == attribute => Ok(Some(&filter.attribute_value)),
            _ => Err(Refusal::invalid(call.service, &format!("Filters takes one filter, on {attribute}"))),
        }
    }
}

fn list_users(company: &Company, call: &Call) -> Result<Value, Refusal> {
    let input: Everything = call.input()?;
    check_store(company, call, &input.identity_store_id)?;
    let filter = input.filtered_by(call, "UserName")?;
    let users = company.users.iter().filter(|user| filter.is_none_or(|name| user.user_name == name));
    let users = users.map(|user| user_json(company, user)).collect();
    let (users, next_token) = page(call, users, company.page_size)?;
    Ok(json!({ "Users": users, "NextToken": next_token }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ByGroup {
    identity_store_id: String,
    group_id: String,
}

fn describe_group(company: &Company, call: &Call) -> Result<Value, Refusal> {
    let input: ByGroup = call.input()?;
    check_store(company, call, &input.identity_store_id)?;
    Ok(group_json(company, group(company, &input.group_id)?))
}

fn list_groups(company: &Company, call: &Call) -> Result<Value, Refusal> {
    let input: Everything = call.input()?;
    check_store(company, call, &input.identity_store_id)?;
    let filter = input.filtered_by(call, "DisplayName")?;
    let groups = company.groups.iter().filter(|group| filter.is_none_or(|name| group.display_name == name));
    let groups = groups.map(|group| group_json(company, group)).collect();
    let (groups, next_token) = page(call, groups, company.page_size)?;
    Ok(json!({ "Groups": groups, "NextToken": next_token }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ByMember {
    identity_store_id: String,
    member_id: MemberId,
    /// Only `IsMemberInGroups` takes it.
    #[serde(default)]
    group_ids: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct MemberId {
    user_id: String,
}

fn list_group_memberships_for_member(company: &Company, call: &Call) -> Result<Value, Refusal> {
    let input: ByMember = call.input()?;
    check_store(company, call, &input.identity_store_id)?;
    let member = user(company, &input.member_id.user_id)?;
    memberships(company, call, |membership| membership.user_id == member.id)
}

fn list_group_memberships(company: &Company, call: &Call) -> Result<Value, Refusal> {
    let input: ByGroup = call.input()?;
    check_store(company, call, &input.identity_store_id)?;
    let group = group(company, &input.group_id)?;
    memberships(company, call, |membership| membership.group_id == group.id)
}

fn memberships(
    company: &Company,
    call: &Call,
    wanted: impl Fn(&Membership) -> bool,
) -> Result<Value, Refusal> {
    let memberships = company.memberships.iter().filter(|membership| wanted(membership));
    let memberships = memberships.map(|membership| membership_json(company, membership)).collect();
    let (memberships, next_token) = page(call, memberships, company.page_size)?;
    Ok(json!({ "GroupMemberships": memberships, "NextToken": next_token }))
}

fn is_member_in_groups(company: &Company, call: &Call) -> Result<Value, Refusal> {
    let input: ByMember = call.input()?;
    check_store(company, call, &input.identity_store_id)?;
    if !(1..=100).contains(&input.group_ids.len()) {
        return Err(Refusal::invalid(call.service, "GroupIds takes 1 to 100 ids"));
    }
    let member = user(company, &input.member_id.user_id)?;
    let groups_of_member = company.group_ids_of(&member.id);
    let mut results = Vec::new();
    for group_id in &input.group_ids {
        let group = group(company, group_id)?;
        results.push(json!({
            "GroupId": group.id,
            "MemberId": { "UserId": member.id },
            "MembershipExists": groups_of_member.contains(&group.id.as_str()),
        }));
    }
    Ok(json!({ "Results": results }))
}

/// An instance's identity store answers in the instance's Region only.
fn check_store(company: &Company, call: &Call, identity_store_id: &str) -> Result<(), Refusal> {
    let id = without_arn(identity_store_id);
    if id == company.identity_store_id && call.is_in_home_region() {
        return Ok(());
    }
    let is_well_formed = id.strip_prefix("d-").is_some_and(|digits| {
        digits.len() == 10 && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    });
    if !is_well_formed {
        return Err(Refusal::invalid(call.service, "IdentityStoreId must be d- and ten hexadecimal digits"));
    }
    Err(Refusal::not_in_identity_store("IDENTITY_STORE", id))
}

fn user<'a>(company: &'a Company, user_id: &str) -> Result<&'a User, Refusal> {
    let id = without_arn(user_id);
    let user = company.users.iter().find(|user| user.id == id);
    user.ok_or_else(|| Refusal::not_in_identity_store("USER", id))
}

fn group<'a>(company: &'a Company, group_id: &str) -> Result<&'a Group, Refusal> {
    let id = without_arn(group_id);
    let group = company.groups.iter().find(|group| group.id == id);
    group.ok_or_else(|| Refusal::not_in_identity_store("GROUP", id))
}

/// Ids may be given as ARNs, whose last part after `/` they are.
fn without_arn(id: &str) -> &str {
    match id.strip_prefix("arn:") {
        Some(arn) => arn.rsplit('/').next().unwrap_or(arn),
        None => id,
    }
}
