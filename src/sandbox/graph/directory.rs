//! Users and groups, and who is in what.

mod records;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::call::Call;
use super::filter::{LetterCase, Operator, Property, ValueType};
use super::list::{Entity, Rules, context, list, one};
use super::refusal::Refusal;
use super::resource::{Cast, Reach, Resource};
use super::{Tenant, is_uuid};
use crate::sandbox::idp::{Group, Person};
pub(super) use records::{GROUP, USER};
use records::{deleted_user_record, group_record, user_record};

const EQUAL: &[Operator] = &[Operator::Equal];
const EQUAL_OR_STARTS_WITH: &[Operator] = &[Operator::Equal, Operator::StartsWith];

/// What a list of directory objects takes.
pub(super) const DIRECTORY_OPTIONS: &[&str] =
    &["$select", "$filter", "$top", "$count", "$orderby", "$skiptoken"];

const USERS: Rules = Rules {
    set: "users",
    kinds: &[&USER],
    options: DIRECTORY_OPTIONS,
    filters: &[
        text("id", "/id", EQUAL),
        text("userPrincipalName", "/userPrincipalName", EQUAL_OR_STARTS_WITH),
        text("mail", "/mail", EQUAL_OR_STARTS_WITH),
        text("otherMails/any", "/otherMails", EQUAL),
        text("proxyAddresses/any", "/proxyAddresses", EQUAL),
    ],
    letter_case: LetterCase::Ignored,
    is_filter_advanced: false,
    order_by: &["displayName", "userPrincipalName"],
};

const GROUPS: Rules = Rules {
    set: "groups",
    kinds: &[&GROUP],
    filters: &[text("id", "/id", EQUAL), text("displayName", "/displayName", EQUAL_OR_STARTS_WITH)],
    order_by: &["displayName"],
    ..USERS
};

/// Memberships: an OData cast makes them filterable, as an advanced query.
const CAST_TO_GROUPS: Rules = Rules { is_filter_advanced: true, ..GROUPS };
const CAST_TO_USERS: Rules = Rules { is_filter_advanced: true, ..USERS };
const DIRECTORY_OBJECTS: Rules = Rules {
    set: "directoryObjects",
    kinds: &[&USER, &GROUP],
    options: &["$select", "$top", "$count", "$skiptoken"],
    filters: &[],
    order_by: &[],
    ..USERS
};

/// The most group ids that `checkMemberGroups` takes.
const MOST_GROUPS_TO_CHECK: usize = 20;

const fn text(path: &'static str, pointer: &'static str, operators: &'static [Operator]) -> Property {
    Property { path, pointer, value: ValueType::Text, operators }
}

pub(super) fn answer(tenant: &Tenant, resource: &Resource, call: &Call) -> Result<Value, Refusal> {
    match resource {
        Resource::User(id) => one(call, "users", user(person(tenant, id)?)),
        Resource::MemberOf { user, reach, cast } => {
            let person = person(tenant, user)?;
            let groups = match reach {
                Reach::Direct => tenant.idp.direct_groups_of(&person.key),
                Reach::Transitive => tenant.idp.transitive_groups_of(&person.key),
            };
            objects(call, *cast, groups.into_iter().map(group).collect())
        }
        Resource::CheckMemberGroups(id) => check_member_groups(tenant, person(tenant, id)?, call),
        Resource::DeletedUsers => {
            let deleted = tenant.idp.deleted_people.iter().map(|(person, at)| deleted_user(person, *at));
            list(call, &USERS, deleted.collect())
        }
        Resource::Groups => list(call, &GROUPS, tenant.idp.groups.iter().map(group).collect()),
        Resource::Group(id) => one(call, "groups", group(known_group(tenant, id)?)),
        Resource::Members { group, reach, cast } => {
            objects(call, *cast, members(tenant, known_group(tenant, group)?, *reach))
        }
        Resource::Owners(id) => {
            let owners = known_group(tenant, id)?.owners.iter().filter_map(|key| tenant.idp.person(key));
            objects(call, None, owners.map(user).collect())
        }
        _ => list(call, &USERS, tenant.idp.people.iter().map(user).collect()),
    }
}

fn objects(call: &Call, cast: Option<Cast>, mut entities: Vec<Entity>) -> Result<Value, Refusal> {
    let rules = match cast {
        None => &DIRECTORY_OBJECTS,
        Some(Cast::User) => &CAST_TO_USERS,
        Some(Cast::Group) => &CAST_TO_GROUPS,
    };
    entities.retain(|entity| rules.kinds.contains(&entity.kind));
    list(call, rules, entities)
}

/// The people in the group and the groups in it; all those inside of these too, each once, if the reach is
/// transitive.
fn members(tenant: &Tenant, outermost: &Group, reach: Reach) -> Vec<Entity> {
    let mut groups = vec![outermost];
    let (mut people, mut inner): (Vec<&Person>, Vec<&Group>) = (Vec::new(), Vec::new());
    while let Some(next) = groups.pop() {
        for member in tenant.idp.members_of(&next.key) {
            if !people.iter().any(|known| known.key == member.key) {
                people.push(member);
            }
        }
        for inside in next.groups_inside.iter().filter_map(|key| tenant.idp.group(key)) {
            if inside.key == outermost.key || inner.iter().any(|known| known.key == inside.key) {
                continue;
            }
            inner.push(inside);
            if reach == Reach::Transitive {
                groups.push(inside);
            }
        }
    }
    people.into_iter().map(user).chain(inner.into_iter().map(group)).collect()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GroupsToCheck {
    group_ids: Vec<String>,
}

/// Transitive, as the reference says.
fn check_member_groups(tenant: &Tenant, person: &Person, call: &Call) -> Result<Value, Refusal> {
    call.options.only(&[])?;
    let asked: GroupsToCheck = call.body()?;
    if asked.group_ids.len() > MOST_GROUPS_TO_CHECK {
        return Err(Refusal::bad(&format!("groupIds holds more than {MOST_GROUPS_TO_CHECK} ids.")));
    }
    let groups = tenant.idp.transitive_groups_of(&person.key);
    let is_in = |id: &&String| groups.iter().any(|group| group.object_id.eq_ignore_ascii_case(id));
    let found: Vec<&String> = asked.group_ids.iter().filter(is_in).collect();
    Ok(json!({"@odata.context": context(call, "Collection(Edm.String)"), "value": found}))
}

/// The person of that object id or user principal name; Entra does not mind capitals in either.
pub(super) fn person<'a>(tenant: &Tenant<'a>, id: &str) -> Result<&'a Person, Refusal> {
    let is_it = |person: &&Person| {
        person.object_id.eq_ignore_ascii_case(id) || person.user_name.to_lowercase() == id.to_lowercase()
    };
    tenant.idp.people.iter().find(is_it).ok_or_else(|| Refusal::not_found(id))
}

/// The group of that object id.
pub(super) fn known_group<'a>(tenant: &Tenant<'a>, id: &str) -> Result<&'a Group, Refusal> {
    if !is_uuid(id) {
        return Err(Refusal::invalid_object_id(id));
    }
    let is_it = |group: &&Group| group.object_id.eq_ignore_ascii_case(id);
    tenant.idp.groups.iter().find(is_it).ok_or_else(|| Refusal::not_found(id))
}

fn deleted_user(person: &Person, at: Timestamp) -> Entity {
    Entity { kind: &USER, record: deleted_user_record(person, at) }
}

fn user(person: &Person) -> Entity {
    Entity { kind: &USER, record: user_record(person) }
}

fn group(group: &Group) -> Entity {
    Entity { kind: &GROUP, record: group_record(group) }
}
