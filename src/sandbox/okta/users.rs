//! `/api/v1/users`: people.

use serde_json::{Value, json};

use super::answer::Answer;
use super::call::Call;
use super::filter::{ALL, Dialect, EQUAL, EQUAL_OR_STARTS, Filter};
use super::groups::group_json;
use super::pages::{End, at_most, page};
use super::refusal::Refusal;
use crate::sandbox::company::ids;
use crate::sandbox::idp::{Idp, Person};

/// "Property names are case sensitive, whereas operators and string values are case insensitive"; `co` is for
/// these four attributes (List all users, `search`).
const SEARCH: Dialect = Dialect {
    attributes: &[
        ("id", EQUAL),
        ("status", EQUAL),
        ("profile.login", ALL),
        ("profile.email", ALL),
        ("profile.firstName", ALL),
        ("profile.lastName", ALL),
        ("profile.displayName", EQUAL_OR_STARTS),
    ],
    case_matters: false,
};
/// "Case-sensitive for property names and query values" (List all users, `filter`).
const FILTER: Dialect = Dialect {
    attributes: &[
        ("id", EQUAL),
        ("status", EQUAL),
        ("profile.login", EQUAL),
        ("profile.email", EQUAL),
        ("profile.firstName", EQUAL),
        ("profile.lastName", EQUAL),
    ],
    case_matters: true,
};
/// How many people `q` gives where no limit is set.
const USUAL_FOR_Q: usize = 10;
const LIMITS: (usize, usize) = (1, 200);

pub(super) fn list(idp: &Idp, call: &Call) -> Result<Answer, Refusal> {
    let everybody = idp.people.iter().map(|person| user_json(call, person));
    if let Some(search) = call.parameter("search") {
        let search = Filter::read(search, &SEARCH)?;
        return page(call, everybody.filter(|user| search.holds(user)).collect(), LIMITS, End::Known);
    }
    if let Some(filter) = call.parameter("filter") {
        let filter = Filter::read(filter, &FILTER)?;
        return page(call, everybody.filter(|user| filter.holds(user)).collect(), LIMITS, End::Known);
    }
    let active = everybody.filter(|user| user["status"] != "DEPROVISIONED");
    match call.parameter("q") {
        Some(start) => {
            at_most(call, active.filter(|user| begins_with(user, start)).collect(), USUAL_FOR_Q, LIMITS)
        }
        None => page(call, active.collect(), LIMITS, End::Known),
    }
}

pub(super) fn get(idp: &Idp, call: &Call) -> Result<Answer, Refusal> {
    Ok(Answer::ok(user_json(call, named(idp, call.segment(1))?)))
}

/// Okta does not page this list.
pub(super) fn groups(idp: &Idp, call: &Call) -> Result<Answer, Refusal> {
    let person = named(idp, call.segment(1))?;
    let groups = idp.direct_groups_of(&person.key);
    Ok(Answer::ok(groups.into_iter().map(|group| group_json(idp, call, group)).collect()))
}

/// The person of that id or login. Okta compares logins without regard to case.
fn named<'a>(idp: &'a Idp, id_or_login: &str) -> Result<&'a Person, Refusal> {
    let is_it = |person: &&Person| {
        person.okta_id == id_or_login || person.user_name.to_lowercase() == id_or_login.to_lowercase()
    };
    idp.people.iter().find(is_it).ok_or_else(|| Refusal::not_found(id_or_login, "User"))
}

/// Nulls stand where Okta's own examples have them.
pub(super) fn user_json(call: &Call, person: &Person) -> Value {
    let created = milliseconds(person.created_at);
    json!({
        "id": person.okta_id,
        "status": if person.enabled { "ACTIVE" } else { "DEPROVISIONED" },
        "created": created,
        "activated": created,
        "statusChanged": if person.enabled { Value::from(created.clone()) } else { Value::Null },
        "lastLogin": null,
        "lastUpdated": milliseconds(person.changed_at),
        "passwordChanged": null,
        "type": {"id": ids::okta("oty", "user")},
        "profile": {
            "firstName": person.given_name,
            "lastName": person.family_name,
            "displayName": person.display_name,
            "mobilePhone": null,
            "secondEmail": null,
            "login": person.user_name,
            "email": person.email,
        },
        "credentials": {"provider": {"type": "OKTA", "name": "OKTA"}},
        "_links": {"self": {"href": call.link(&format!("users/{}", person.okta_id))}},
    })
}

fn begins_with(user: &Value, start: &str) -> bool {
    let start = start.to_lowercase();
    let names = ["firstName", "lastName", "email"].map(|name| user["profile"][name].as_str());
    names.into_iter().flatten().any(|name| name.to_lowercase().starts_with(&start))
}

/// How Okta writes a moment nearly everywhere: to the millisecond.
pub(super) fn milliseconds(moment: jiff::Timestamp) -> String {
    format!("{moment:.3}")
}
