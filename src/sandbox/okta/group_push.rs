//! `/api/v1/apps/{app}/group-push/mappings`: which groups are pushed to AWS. What is changed here happens in the
//! company.

use axum::http::StatusCode;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::Answer;
use super::apps::{check_app, other};
use super::call::Call;
use super::groups::own;
use super::pages::{End, page_of};
use super::refusal::Refusal;
use crate::sandbox::company::{Change, Company};
use crate::sandbox::idp::{Group, Idp, MappingState, PushMapping};

/// More than on other lists, so that a company with a hundred pushed groups is read within the pages that a client follows.
const MAPPINGS_A_PAGE: usize = 5;

const LIMITS: (usize, usize) = (1, 1000);

pub(super) fn list(idp: &Idp, call: &Call) -> Result<Answer, Refusal> {
    let other = other(idp, call);
    if other.is_none() {
        check_app(idp, call)?;
    }
    let status = call.parameter("status");
    if status.is_some_and(|status| !["ACTIVE", "INACTIVE", "ERROR"].contains(&status)) {
        return Err(Refusal::invalid("status", "status must be ACTIVE, INACTIVE or ERROR"));
    }
    let updated_from = call.parameter("lastUpdated").map(str::parse::<Timestamp>).transpose();
    let updated_from = updated_from.map_err(|error| Refusal::invalid("lastUpdated", &error.to_string()))?;
    let source = call.parameter("sourceGroupId");
    let is_here = |group: &&Group| other.is_none_or(|other| other.groups.contains(&group.key));
    let held = idp.groups.iter().filter(is_here);
    let held = held.filter_map(|group| Some((group, group.push_mapping.as_ref()?)));
    let wanted = held.filter(|(group, mapping)| {
        source.is_none_or(|source| group.okta_id == source)
            && status.is_none_or(|status| name_of(mapping.state) == status)
            && updated_from.is_none_or(|from| mapping.updated_at >= from)
    });
    page_of(
        MAPPINGS_A_PAGE,
        call,
        wanted.map(|(group, mapping)| mapping_json(idp, call, group, mapping)).collect(),
        LIMITS,
        End::Known,
    )
}

pub(super) fn get(idp: &Idp, call: &Call) -> Result<Answer, Refusal> {
    check_app(idp, call)?;
    shown(idp, call, call.segment(4), StatusCode::OK)
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "UPPERCASE")]
enum Status {
    Active,
    Inactive,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Create {
    source_group_id: String,
    target_group_id: Option<String>,
    target_group_name: Option<String>,
    status: Option<Status>,
}

/// A new mapping. In this company a group has the same name on both sides.
pub(super) fn create(company: &mut Company, call: &Call) -> Result<Answer, Refusal> {
    let asked: Create = call.json()?;
    let idp = connected(company)?;
    check_app(idp, call)?;
    let group = own(idp, &asked.source_group_id);
    let group = group.ok_or_else(|| Refusal::not_found(&asked.source_group_id, "UserGroup"))?;
    let is_same = match (&asked.target_group_id, &asked.target_group_name) {
        (Some(id), None) => *id == group.okta_app_group_id,
        (None, Some(name)) => *name == group.name,
        _ => return Err(Refusal::invalid("body", "exactly one of targetGroupId and targetGroupName")),
    };
    if !is_same {
        return Err(Refusal::invalid("body", "the target group must be the source group's own copy"));
    }
    let key = group.key.clone();
    let change = Change::AssignGroupToApp { group: key.clone() };
    company.apply(&change, call.now).map_err(|error| Refusal::invalid("sourceGroupId", &error))?;
    let created = connected(company)?.group(&key).and_then(|group| group.push_mapping.as_ref());
    let id = created.ok_or_else(Refusal::internal)?.id.clone();
    if asked.status == Some(Status::Inactive) {
        company.deactivate_mapping(&id, call.now).map_err(|_| not_found(&id))?;
    }
    shown(connected(company)?, call, &id, StatusCode::CREATED)
}

#[derive(Deserialize)]
struct SetStatus {
    status: Status,
}

/// Becoming active pushes the group once ("performs an initial push to the target group"); a mapping that is
/// active already pushes nothing.
pub(super) fn set_status(company: &mut Company, call: &Call) -> Result<Answer, Refusal> {
    let asked: SetStatus = call.json()?;
    let id = call.segment(4);
    let idp = connected(company)?;
    check_app(idp, call)?;
    let state = mapping(idp, id)?.1.state;
    match (asked.status, state) {
        (Status::Active, MappingState::Active) | (Status::Inactive, MappingState::Inactive) => {}
        (Status::Active, _) => {
            company.activate_mapping(id, call.now).map_err(|_| not_found(id))?;
        }
        (Status::Inactive, _) => {
            company.deactivate_mapping(id, call.now).map_err(|_| not_found(id))?;
        }
    }
    shown(connected(company)?, call, id, StatusCode::OK)
}

/// Only a mapping that does not push can be deleted.
pub(super) fn delete(company: &mut Company, call: &Call) -> Result<Answer, Refusal> {
    let id = call.segment(4);
    let deletes_target = match call.parameter("deleteTargetGroup") {
        Some("true") => true,
        Some("false") => false,
        _ => return Err(Refusal::invalid("deleteTargetGroup", "deleteTargetGroup must be true or false")),
    };
    let idp = connected(company)?;
    check_app(idp, call)?;
    let (group, mapping) = mapping(idp, id)?;
    if mapping.state != MappingState::Inactive {
        return Err(Refusal::invalid("mappingId", "the mapping must be inactive"));
    }
    let (key, target) = (group.key.clone(), group.okta_app_group_id.clone());
    let idp = company.idp.as_mut().ok_or_else(Refusal::no_such_endpoint)?;
    if let Some(group) = idp.groups.iter_mut().find(|group| group.key == key) {
        group.push_mapping = None;
    }
    if deletes_target && let Some(id) = company.group_of_external_id(&target).map(|group| group.id.clone()) {
        company.groups.retain(|group| group.id != id);
        company.memberships.retain(|membership| membership.group_id != id);
    }
    Ok(Answer::no_content())
}

fn connected(company: &Company) -> Result<&Idp, Refusal> {
    company.idp.as_ref().ok_or_else(Refusal::no_such_endpoint)
}

fn mapping<'a>(idp: &'a Idp, id: &str) -> Result<(&'a Group, &'a PushMapping), Refusal> {
    let group = idp.group_of_mapping(id);
    let held = group.and_then(|group| Some((group, group.push_mapping.as_ref()?)));
    held.ok_or_else(|| not_found(id))
}

fn not_found(id: &str) -> Refusal {
    Refusal::not_found(id, "GroupPushMapping")
}

fn shown(idp: &Idp, call: &Call, id: &str, status: StatusCode) -> Result<Answer, Refusal> {
    let (group, mapping) = mapping(idp, id)?;
    Ok(Answer::json(status, mapping_json(idp, call, group, mapping)))
}

/// Unlike the rest of the API this has whole seconds.
fn mapping_json(idp: &Idp, call: &Call, group: &Group, mapping: &PushMapping) -> Value {
    let seconds = |moment: Timestamp| format!("{moment:.0}");
    json!({
        "id": mapping.id,
        "status": name_of(mapping.state),
        "sourceGroupId": group.okta_id,
        "targetGroupId": group.okta_app_group_id,
        "created": seconds(mapping.created_at),
        "lastUpdated": seconds(mapping.updated_at),
        "lastPush": mapping.last_push.map(seconds),
        "errorSummary": mapping.error,
        "_links": {
            "app": {"href": call.link(&format!("apps/{}", idp.application.okta_id))},
            "sourceGroup": {"href": call.link(&format!("groups/{}", group.okta_id))},
            "targetGroup": {"href": call.link(&format!("groups/{}", group.okta_app_group_id))},
        },
    })
}

fn name_of(state: MappingState) -> &'static str {
    match state {
        MappingState::Active => "ACTIVE",
        MappingState::Inactive => "INACTIVE",
        MappingState::Error => "ERROR",
    }
}
