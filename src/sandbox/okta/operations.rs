//! The table of what can be asked: path, name, OAuth scopes, and who carries it out.

use axum::http::Method;

use super::answer::Answer;
use super::call::Call;
use super::refusal::Refusal;
use super::{apps, group_push, groups, logs, users};
use crate::sandbox::company::Company;
use crate::sandbox::idp::Idp;

/// One operation of the API.
pub(super) struct Operation {
    /// One of [`OPERATIONS`](super::OPERATIONS).
    pub(super) name: &'static str,
    /// All that an access token needs for it.
    pub(super) scopes: &'static [&'static str],
    pub(super) act: Act,
}

/// Who carries it out.
#[derive(Clone, Copy)]
pub(super) enum Act {
    Read(fn(&Idp, &Call) -> Result<Answer, Refusal>),
    Change(fn(&mut Company, &Call) -> Result<Answer, Refusal>),
}

const USERS: &[&str] = &["okta.users.read"];
const GROUPS: &[&str] = &["okta.groups.read"];
const APPS: &[&str] = &["okta.apps.read"];
const LOGS: &[&str] = &["okta.logs.read"];
const MAPPINGS: &[&str] = &["okta.apps.read", "okta.groups.read"];
const CHANGE_MAPPINGS: &[&str] = &["okta.apps.manage", "okta.groups.manage"];

/// The operation that the call asks for.
pub(super) fn asked_for(call: &Call) -> Result<Operation, Refusal> {
    let segments: Vec<&str> = call.segments.iter().map(String::as_str).collect();
    if let Some(operation) = operation(call.method, &segments) {
        return Ok(operation);
    }
    let is_endpoint = operation(&Method::GET, &segments).is_some();
    Err(if is_endpoint { Refusal::method_not_supported() } else { Refusal::no_such_endpoint() })
}

fn operation(method: &Method, segments: &[&str]) -> Option<Operation> {
    let (name, scopes, act) = match (method.as_str(), segments) {
        ("GET", ["users"]) => ("okta:users", USERS, Act::Read(users::list)),
        ("GET", ["users", _]) => ("okta:users", USERS, Act::Read(users::get)),
        ("GET", ["users", _, "groups"]) => ("okta:users/groups", USERS, Act::Read(users::groups)),
        ("GET", ["groups"]) => ("okta:groups", GROUPS, Act::Read(groups::list)),
        ("GET", ["groups", "rules"]) => ("okta:groups/rules", GROUPS, Act::Read(groups::rules)),
        ("GET", ["groups", _]) => ("okta:groups", GROUPS, Act::Read(groups::get)),
        ("GET", ["groups", _, "users"]) => ("okta:groups/users", GROUPS, Act::Read(groups::users)),
        ("GET", ["groups", _, "apps"]) => ("okta:groups/apps", GROUPS, Act::Read(groups::apps)),
        ("GET", ["groups", _, "owners"]) => ("okta:groups/owners", GROUPS, Act::Read(groups::owners)),
        ("GET", ["apps"]) => ("okta:apps", APPS, Act::Read(apps::list)),
        ("GET", ["apps", _]) => ("okta:apps", APPS, Act::Read(apps::get)),
        ("GET", ["apps", _, "groups"]) => ("okta:apps/groups", APPS, Act::Read(apps::groups)),
        ("GET", ["apps", _, "groups", _]) => ("okta:apps/groups", APPS, Act::Read(apps::group)),
        ("GET", ["apps", _, "users"]) => ("okta:apps/users", APPS, Act::Read(apps::users)),
        ("GET", ["apps", _, "users", _]) => ("okta:apps/users", APPS, Act::Read(apps::user)),
        ("GET", ["apps", _, "features"]) => ("okta:apps/features", APPS, Act::Read(apps::features)),
        ("GET", ["apps", _, "connections", "default"]) => {
            ("okta:apps/connections", APPS, Act::Read(apps::connection))
        }
        (_, ["apps", _, "group-push", "mappings", ..]) => {
            let (scopes, act) = match (method.as_str(), segments.len()) {
                ("GET", 4) => (MAPPINGS, Act::Read(group_push::list)),
                ("GET", 5) => (MAPPINGS, Act::Read(group_push::get)),
                ("POST", 4) => (CHANGE_MAPPINGS, Act::Change(group_push::create)),
                ("PATCH", 5) => (CHANGE_MAPPINGS, Act::Change(group_push::set_status)),
                ("DELETE", 5) => (CHANGE_MAPPINGS, Act::Change(group_push::delete)),
                _ => return None,
            };
            ("okta:apps/group-push/mappings", scopes, act)
        }
        ("GET", ["logs"]) => ("okta:logs", LOGS, Act::Read(logs::list)),
        _ => return None,
    };
    Some(Operation { name, scopes, act })
}
