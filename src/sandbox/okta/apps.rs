//! `/api/v1/apps`: the application for AWS with its people and its provisioning, and the applications that every
//! Okta organization has.

use serde_json::{Value, json};

use super::answer::Answer;
use super::call::Call;
use super::filter::{Dialect, EQUAL, Filter};
use super::pages::{End, page};
use super::refusal::Refusal;
use super::users::{milliseconds, user_json};
use crate::sandbox::company::{REGION, ids};
use crate::sandbox::idp::{AppUser, AppUserState, Group, Idp, OtherApplication, Person};

/// The name of "AWS IAM Identity Center" in the Okta Integration Network.
const AWS: &str = "amazon_aws_sso";
/// Name and label of what Okta itself puts into every organization.
const OF_OKTA: [(&str, &str); 3] = [
    ("saasure", "Okta Admin Console"),
    ("okta_enduser", "Okta Dashboard"),
    ("okta_browser_plugin", "Okta Browser Plugin"),
];
const FILTER: Dialect =
    Dialect { attributes: &[("id", EQUAL), ("name", EQUAL), ("status", EQUAL)], case_matters: true };
const LIMITS: (usize, usize) = (1, 200);
const GROUP_LIMITS: (usize, usize) = (20, 200);
const USER_LIMITS: (usize, usize) = (1, 500);

pub(super) fn list(idp: &Idp, call: &Call) -> Result<Answer, Refusal> {
    let mut apps = all(idp, call);
    if let Some(filter) = call.parameter("filter") {
        let filter = Filter::read(filter, &FILTER)?;
        apps.retain(|app| filter.holds(app));
    }
    if let Some(start) = call.parameter("q") {
        let start = start.to_lowercase();
        let begins = |name: &Value| name.as_str().is_some_and(|name| name.to_lowercase().starts_with(&start));
        apps.retain(|app| begins(&app["name"]) || begins(&app["label"]));
    }
    page(call, apps, LIMITS, End::Known)
}

pub(super) fn get(idp: &Idp, call: &Call) -> Result<Answer, Refusal> {
    let id = call.segment(1);
    let app = all(idp, call).into_iter().find(|app| app["id"] == id);
    app.map(Answer::ok).ok_or_else(|| app_not_found(id))
}

/// The groups through which people are assigned to the application, see [`groups::apps`](super::groups::apps).
pub(super) fn groups(idp: &Idp, call: &Call) -> Result<Answer, Refusal> {
    check_app(idp, call)?;
    let assigning = idp.groups.iter().filter(|group| group.assigns_people);
    let assignments = assigning.map(|group| group_assignment_json(idp, call, group));
    page(call, assignments.collect(), GROUP_LIMITS, End::Known)
}

pub(super) fn group(idp: &Idp, call: &Call) -> Result<Answer, Refusal> {
    check_app(idp, call)?;
    let id = call.segment(3);
    let found = idp.groups.iter().find(|group| group.okta_id == id && group.assigns_people);
    let found = found.ok_or_else(|| Refusal::not_found(id, "GroupAssignment"))?;
    Ok(Answer::ok(group_assignment_json(idp, call, found)))
}

/// The application for AWS, as in a list.
pub(super) fn for_aws(idp: &Idp, call: &Call) -> Vec<Value> {
    let mut apps = all(idp, call);
    apps.retain(|app| app["id"] == idp.application.okta_id);
    apps
}

fn group_assignment_json(idp: &Idp, call: &Call, group: &Group) -> Value {
    let address = call.link(&format!("apps/{}", idp.application.okta_id));
    json!({
        "id": group.okta_id,
        "lastUpdated": milliseconds(group.created_at),
        "priority": 0,
        "profile": {},
        "_links": {
            "app": {"href": address},
            "self": {"href": format!("{address}/groups/{}", group.okta_id)},
            "group": {"href": call.link(&format!("groups/{}", group.okta_id))},
        },
    })
}

pub(super) fn users(idp: &Idp, call: &Call) -> Result<Answer, Refusal> {
    check_app(idp, call)?;
    let assigned = idp.people.iter().filter_map(|person| Some((person, app_user(person)?)));
    let users = assigned.map(|(person, app_user)| app_user_json(idp, call, person, app_user));
    page(call, users.collect(), USER_LIMITS, End::Known)
}

pub(super) fn user(idp: &Idp, call: &Call) -> Result<Answer, Refusal> {
    let id = call.segment(3);
    if other(idp, call).is_some() {
        return Err(Refusal::not_found(id, "AppUser"));
    }
    check_app(idp, call)?;
    let person = idp.people.iter().find(|person| person.okta_id == id);
    let person = person.ok_or_else(|| Refusal::not_found(id, "AppUser"))?;
    let app_user = app_user(person).ok_or_else(|| Refusal::not_found(id, "AppUser"))?;
    let mut body = app_user_json(idp, call, person, app_user);
    if call.parameter("expand") == Some("user") {
        body["_embedded"] = json!({"user": user_json(call, person)});
    }
    Ok(Answer::ok(body))
}

pub(super) fn features(idp: &Idp, call: &Call) -> Result<Answer, Refusal> {
    check_app(idp, call)?;
    let address = call.link(&format!("apps/{}/features/USER_PROVISIONING", idp.application.okta_id));
    Ok(Answer::ok(json!([{
        "name": "USER_PROVISIONING",
        "status": "ENABLED",
        "description": "User provisioning settings from Okta to a downstream application",
        "capabilities": {
            "create": {"lifecycleCreate": {"status": "ENABLED"}},
            "update": {
                "profile": {"status": "ENABLED"},
                "lifecycleDeactivate": {"status": "ENABLED"},
                "password": {"status": "DISABLED", "seed": "RANDOM", "change": "KEEP_EXISTING"},
            },
        },
        "_links": {"self": {"href": address, "hints": {"allow": ["GET", "PUT"]}}},
    }])))
}

pub(super) fn connection(idp: &Idp, call: &Call) -> Result<Answer, Refusal> {
    if other(idp, call).is_none() {
        check_app(idp, call)?;
    }
    let address = call.link(&format!("apps/{}/connections/default", call.segment(1)));
    Ok(Answer::ok(json!({
        "authScheme": "TOKEN",
        "status": "ENABLED",
        "baseUrl": format!("https://scim.{REGION}.amazonaws.com/{}/scim/v2", ids::uuid("scim endpoint", AWS)),
        "profile": {"authScheme": "TOKEN"},
        "_links": {
            "self": {"href": address, "hints": {"allow": ["GET", "POST"]}},
            "deactivate": {
                "href": format!("{address}/lifecycle/deactivate"),
                "hints": {"allow": ["POST"]},
            },
        },
    })))
}

/// Only the application for AWS has people, groups and provisioning.
pub(super) fn check_app(idp: &Idp, call: &Call) -> Result<(), Refusal> {
    let id = call.segment(1);
    if id == idp.application.okta_id { Ok(()) } else { Err(app_not_found(id)) }
}

/// Another application of the same kind, if it is asked for.
pub(super) fn other<'a>(idp: &'a Idp, call: &Call) -> Option<&'a OtherApplication> {
    idp.other_applications.iter().find(|other| other.application.okta_id == call.segment(1))
}

fn app_not_found(id: &str) -> Refusal {
    Refusal::not_found(id, "AppInstance")
}

fn all(idp: &Idp, call: &Call) -> Vec<Value> {
    let of_okta = OF_OKTA.iter().map(|(name, label)| {
        app_json(idp, call, &ids::okta("0oa", name), name, label, json!([]), "OPENID_CONNECT")
    });
    let features = json!([
        "GROUP_PUSH",
        "PUSH_NEW_USERS",
        "PUSH_PROFILE_UPDATES",
        "PUSH_USER_DEACTIVATION",
        "REACTIVATE_USERS",
    ]);
    let application = &idp.application;
    let others = idp.other_applications.iter().map(|other| &other.application);
    let for_aws = others.chain([application]).map(|application| {
        app_json(idp, call, &application.okta_id, AWS, &application.name, features.clone(), "SAML_2_0")
    });
    of_okta.chain(for_aws).collect()
}

fn app_json(
    idp: &Idp,
    call: &Call,
    id: &str,
    name: &str,
    label: &str,
    features: Value,
    sign_on_mode: &str,
) -> Value {
    let address = call.link(&format!("apps/{id}"));
    let created = milliseconds(idp.application.created_at);
    json!({
        "id": id,
        "orn": format!("orn:okta:idp:{}:apps:{name}:{id}", ids::okta("00o", &idp.tenant_id)),
        "name": name,
        "label": label,
        "status": "ACTIVE",
        "created": created,
        "lastUpdated": created,
        "accessibility": {"selfService": false, "errorRedirectUrl": null, "loginRedirectUrl": null},
        "visibility": {
            "autoLaunch": false,
            "autoSubmitToolbar": false,
            "hide": {"iOS": false, "web": false},
            "appLinks": {},
        },
        "features": features,
        "signOnMode": sign_on_mode,
        "credentials": {
            "userNameTemplate": {"template": "${source.login}", "type": "BUILT_IN"},
            "signing": {},
        },
        "settings": {"app": {}},
        "_links": {
            "self": {"href": address},
            "users": {"href": format!("{address}/users")},
            "groups": {"href": format!("{address}/groups")},
            "deactivate": {"href": format!("{address}/lifecycle/deactivate")},
        },
    })
}

/// The person's assignment. Deactivating a person takes them out of all their applications (Deactivate a user).
fn app_user(person: &Person) -> Option<&AppUser> {
    person.app_user.as_ref().filter(|_| person.enabled)
}

fn app_user_json(idp: &Idp, call: &Call, person: &Person, app_user: &AppUser) -> Value {
    let since = milliseconds(app_user.since);
    let (status, sync_state) = match app_user.state {
        AppUserState::Staged => ("STAGED", "OUT_OF_SYNC"),
        AppUserState::Failed => ("STAGED", "ERROR"),
        AppUserState::Provisioned => ("PROVISIONED", "SYNCHRONIZED"),
    };
    let is_synchronized = app_user.state == AppUserState::Provisioned;
    json!({
        "id": person.okta_id,
        "externalId": app_user.external_id,
        "created": since,
        "lastUpdated": since,
        "scope": "USER",
        "status": status,
        "statusChanged": since,
        "passwordChanged": null,
        "syncState": sync_state,
        "lastSync": if is_synchronized { Value::from(since.clone()) } else { Value::Null },
        "credentials": {"userName": person.user_name},
        "profile": {
            "firstName": person.given_name,
            "lastName": person.family_name,
            "displayName": person.display_name,
            "email": person.email,
            "secondEmail": null,
        },
        "_links": {
            "app": {"href": call.link(&format!("apps/{}", idp.application.okta_id))},
            "user": {"href": call.link(&format!("users/{}", person.okta_id))},
        },
    })
}
