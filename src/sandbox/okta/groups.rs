//! `/api/v1/groups`: Okta's own groups, and the copies (`APP_GROUP`) that it keeps of those that it pushes.

use serde_json::{Value, json};

use super::answer::Answer;
use super::call::Call;
use super::filter::{ALL, Dialect, EQUAL, Filter};
use super::pages::{End, at_most, page};
use super::refusal::Refusal;
use super::users::{milliseconds, user_json};
use crate::sandbox::company::ids;
use crate::sandbox::idp::{Group, Idp, PushMapping};
use crate::sandbox::scenario::idp::FilledSpec;

const SEARCH: Dialect =
    Dialect { attributes: &[("id", EQUAL), ("type", EQUAL), ("profile.name", ALL)], case_matters: false };
const FILTER: Dialect = Dialect { attributes: &[("id", EQUAL), ("type", EQUAL)], case_matters: true };
/// How many groups `q` gives where no limit is set.
const USUAL_FOR_Q: usize = 300;
const LIMITS: (usize, usize) = (1, 10_000);
/// Management API, `listGroupRules`.
const RULE_LIMITS: (usize, usize) = (1, 200);
const MEMBER_LIMITS: (usize, usize) = (1, 1000);

pub(super) fn list(idp: &Idp, call: &Call) -> Result<Answer, Refusal> {
    let own = idp.groups.iter().map(|group| group_json(idp, call, group));
    let all = own.chain(idp.groups.iter().filter_map(|group| copy_json(idp, call, group)));
    if let Some(search) = call.parameter("search") {
        let search = Filter::read(search, &SEARCH)?;
        return page(call, all.filter(|group| search.holds(group)).collect(), LIMITS, End::Known);
    }
    if let Some(filter) = call.parameter("filter") {
        let filter = Filter::read(filter, &FILTER)?;
        return page(call, all.filter(|group| filter.holds(group)).collect(), LIMITS, End::Known);
    }
    match call.parameter("q") {
        Some(start) => {
            let start = start.to_lowercase();
            let begins = |group: &Value| {
                let name = group["profile"]["name"].as_str();
                name.is_some_and(|name| name.to_lowercase().starts_with(&start))
            };
            at_most(call, all.filter(begins).collect(), USUAL_FOR_Q, LIMITS)
        }
        None => page(call, all.collect(), LIMITS, End::Known),
    }
}

pub(super) fn get(idp: &Idp, call: &Call) -> Result<Answer, Refusal> {
    match of_id(idp, call.segment(1))? {
        Known::Own(group) => Ok(Answer::ok(group_json(idp, call, group))),
        Known::Copy(group) => {
            let copy = copy_json(idp, call, group);
            copy.map(Answer::ok).ok_or_else(|| not_found(call.segment(1)))
        }
    }
}

/// The members of one of Okta's own groups. Of a copy Okta knows none: it has not imported them from AWS.
pub(super) fn users(idp: &Idp, call: &Call) -> Result<Answer, Refusal> {
    let members = match of_id(idp, call.segment(1))? {
        Known::Own(group) => idp.members_of(&group.key),
        Known::Copy(_) => Vec::new(),
    };
    let members = members.into_iter().map(|member| user_json(call, member)).collect();
    page(call, members, MEMBER_LIMITS, End::Known)
}

/// The applications that the group is assigned to: as a rule none, since one group must not be both pushed and assigned
/// (Okta help, "About Group Push").
pub(super) fn apps(idp: &Idp, call: &Call) -> Result<Answer, Refusal> {
    let apps = match of_id(idp, call.segment(1))? {
        Known::Own(group) if group.assigns_people => super::apps::for_aws(idp, call),
        Known::Own(_) | Known::Copy(_) => Vec::new(),
    };
    page(call, apps, (1, 200), End::Known)
}

/// The rules that put people into groups (Management API, `listGroupRules`).
pub(super) fn rules(idp: &Idp, call: &Call) -> Result<Answer, Refusal> {
    let rules = idp.groups.iter().filter_map(|group| match &group.filled {
        Some(FilledSpec::Rule { text, paused }) => Some(json!({
            "id": ids::okta("0pr", &group.key),
            "type": "group_rule",
            "status": if *paused { "INACTIVE" } else { "ACTIVE" },
            "name": format!("Rule of {}", group.name),
            "created": milliseconds(group.created_at),
            "lastUpdated": milliseconds(group.created_at),
            "allGroupsValid": true,
            "conditions": {
                "people": {"users": {"exclude": []}, "groups": {"exclude": []}},
                "expression": {"value": text, "type": "urn:okta:expression:1.0"},
            },
            "actions": {"assignUserToGroups": {"groupIds": [group.okta_id]}},
        })),
        Some(FilledSpec::ActiveDirectory) | None => None,
    });
    page(call, rules.collect(), RULE_LIMITS, End::Known)
}

pub(super) fn owners(idp: &Idp, call: &Call) -> Result<Answer, Refusal> {
    let owners = match of_id(idp, call.segment(1))? {
        Known::Own(group) => group.owners.iter().filter_map(|owner| idp.person(owner)).collect(),
        Known::Copy(_) => Vec::new(),
    };
    let owners = owners.into_iter().map(|owner| {
        json!({
            "id": owner.okta_id,
            "type": "USER",
            "displayName": owner.display_name,
            "originType": "OKTA_DIRECTORY",
            "originId": null,
            "resolved": true,
            "lastUpdated": milliseconds(owner.created_at),
        })
    });
    page(call, owners.collect(), (1, 1000), End::Known)
}

/// What a group's id stands for.
enum Known<'a> {
    Own(&'a Group),
    /// The copy of this group for the application.
    Copy(&'a Group),
}

fn of_id<'a>(idp: &'a Idp, id: &str) -> Result<Known<'a>, Refusal> {
    if let Some(group) = own(idp, id) {
        return Ok(Known::Own(group));
    }
    let copied = idp.groups.iter().find(|group| group.okta_app_group_id == id && has_copy(group));
    copied.map(Known::Copy).ok_or_else(|| not_found(id))
}

/// Okta's own group of that id.
pub(super) fn own<'a>(idp: &'a Idp, id: &str) -> Option<&'a Group> {
    idp.groups.iter().find(|group| group.okta_id == id)
}

fn not_found(id: &str) -> Refusal {
    Refusal::not_found(id, "UserGroup")
}

/// There is a copy from the first push on; what a mapping is linked to was there before it.
fn has_copy(group: &Group) -> bool {
    let is_linked = |mapping: &PushMapping| mapping.target_name != group.name;
    group.push_mapping.as_ref().is_some_and(|mapping| mapping.last_push.is_some() || is_linked(mapping))
}

pub(super) fn group_json(idp: &Idp, call: &Call, group: &Group) -> Value {
    let joined = idp.memberships.iter().filter(|held| held.group == group.key).map(|held| held.since);
    let membership_updated = joined.max().unwrap_or(group.created_at);
    let address = call.link(&format!("groups/{}", group.okta_id));
    let is_of_ad = matches!(group.filled, Some(FilledSpec::ActiveDirectory));
    let mut links = links(&address);
    if is_of_ad {
        let directory = ids::okta("0oa", "active directory");
        links["source"] = json!({"href": call.link(&format!("apps/{directory}"))});
    }
    json!({
        "id": group.okta_id,
        "created": milliseconds(group.created_at),
        "lastUpdated": milliseconds(group.changed_at),
        "lastMembershipUpdated": milliseconds(membership_updated),
        "objectClass": [if is_of_ad { "okta:windows_security_principal" } else { "okta:user_group" }],
        "type": if is_of_ad { "APP_GROUP" } else { "OKTA_GROUP" },
        "profile": {"name": group.name, "description": null},
        "_links": links,
    })
}

fn copy_json(idp: &Idp, call: &Call, group: &Group) -> Option<Value> {
    let mapping = group.push_mapping.as_ref().filter(|_| has_copy(group))?;
    let address = call.link(&format!("groups/{}", group.okta_app_group_id));
    let mut links = links(&address);
    links["source"] = json!({"href": call.link(&format!("apps/{}", idp.application.okta_id))});
    Some(json!({
        "id": group.okta_app_group_id,
        "created": milliseconds(mapping.created_at),
        "lastUpdated": milliseconds(mapping.updated_at),
        "lastMembershipUpdated": milliseconds(mapping.created_at),
        "objectClass": ["okta:app_group"],
        "type": "APP_GROUP",
        "profile": {"name": mapping.target_name, "description": null},
        "_links": links,
    }))
}

fn links(address: &str) -> Value {
    json!({
        "logo": [],
        "users": {"href": format!("{address}/users")},
        "apps": {"href": format!("{address}/apps")},
    })
}
