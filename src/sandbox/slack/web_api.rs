//! Slack's Web API: one path per method, JSON or form bodies, a bearer token, and Slack's real refusals.

mod arguments;
mod users;
mod conversations;
mod history;
mod chat;
mod views;
mod connections;

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{APP_TOKEN, BOT_TOKEN, Refusal, suffer};
use crate::sandbox::Sandbox;
use crate::sandbox::workspace::Workspace;
use crate::sandbox::workspace::people::ChannelKind;
use arguments::Arguments;

/// One method: its name, the scope that it needs, and how it answers. The time is the sandbox's.
struct Method {
    name: &'static str,
    scope: Scope,
    answer: fn(&mut Workspace, &Arguments, Timestamp) -> Result<Value, Refusal>,
}

/// What a call has to be allowed, from the methods' reference pages (docs.slack.dev).
#[derive(Clone, Copy)]
enum Scope {
    None,
    Of(&'static str),
    /// The app's own, of the app-level token: `connections:write`.
    OfTheApp,
    /// As the channel in the arguments is: public, private, direct, or direct among several, which nobody here has.
    ByChannel(Kinds),
    /// The one for direct messages of these: a direct message is opened.
    Direct(Kinds),
}

/// Scopes for public, private and direct conversations and direct ones among several.
type Kinds = [&'static str; 4];

const READ: Scope = Scope::ByChannel(["channels:read", "groups:read", "im:read", "mpim:read"]);
const HISTORY: Scope = Scope::ByChannel(["channels:history", "groups:history", "im:history", "mpim:history"]);
const OPEN: Scope = Scope::Direct(["channels:manage", "groups:write", "im:write", "mpim:write"]);
const WRITE: Scope = Scope::Of("chat:write");

const METHODS: &[Method] = &[
    Method { name: "auth.test", scope: Scope::None, answer: users::auth_test },
    Method { name: "users.info", scope: Scope::Of("users:read"), answer: users::info },
    Method {
        name: "users.lookupByEmail",
        scope: Scope::Of("users:read.email"),
        answer: users::look_up_by_email,
    },
    Method { name: "users.profile.get", scope: Scope::Of("users.profile:read"), answer: users::profile },
    Method {
        name: "usergroups.users.list",
        scope: Scope::Of("usergroups:read"),
        answer: users::group_members,
    },
    Method { name: "conversations.open", scope: OPEN, answer: conversations::open },
    Method { name: "conversations.info", scope: READ, answer: conversations::info },
    Method { name: "conversations.members", scope: READ, answer: conversations::members },
    Method { name: "conversations.history", scope: HISTORY, answer: history::of_channel },
    Method { name: "conversations.replies", scope: HISTORY, answer: history::of_thread },
    Method { name: "chat.postMessage", scope: WRITE, answer: chat::post_message },
    Method { name: "chat.postEphemeral", scope: WRITE, answer: chat::post_ephemeral },
    Method { name: "chat.update", scope: WRITE, answer: chat::update },
    Method { name: "chat.getPermalink", scope: Scope::None, answer: chat::get_permalink },
    Method { name: "views.open", scope: Scope::None, answer: views::open },
    Method { name: "views.update", scope: Scope::None, answer: views::update },
    Method { name: "apps.connections.open", scope: Scope::OfTheApp, answer: connections::open },
    Method { name: "views.publish", scope: Scope::None, answer: views::publish },
];

impl Scope {
    fn needed(self, workspace: &Workspace, arguments: &Arguments) -> Option<&'static str> {
        match self {
            Self::None | Self::OfTheApp => None,
            Self::Of(scope) => Some(scope),
            Self::Direct([_, _, direct, _]) => Some(direct),
            Self::ByChannel([public, private, direct, _]) => {
                let channel = arguments.text("channel").and_then(|id| workspace.channel(id));
                Some(match channel.map(|channel| channel.kind) {
                    None | Some(ChannelKind::Public) => public,
                    Some(ChannelKind::Private) => private,
                    Some(ChannelKind::Direct) => direct,
                })
            }
        }
    }

    /// What Slack says that it accepts for the method, whatever the call is about.
    fn accepted(self) -> Vec<&'static str> {
        match self {
            Self::None => Vec::new(),
            Self::OfTheApp => vec!["connections:write"],
            Self::Of(scope) => vec![scope],
            Self::ByChannel(kinds) | Self::Direct(kinds) => kinds.to_vec(),
        }
    }
}

/// Methods that show something to a person; the outbox remembers their calls.
const REMEMBERED: [&str; 6] =
    ["chat.postMessage", "chat.postEphemeral", "chat.update", "views.open", "views.update", "views.publish"];

/// The handler of `/api/{method}`.
pub(super) async fn answer(
    State(sandbox): State<Arc<Sandbox>>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let operation = format!("slack:{name}");
    sandbox.calls.arrive(&operation).await;
    let content_type =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let arguments = Arguments::read(query.as_deref(), content_type, &body);
    let method = METHODS.iter().find(|method| method.name == name);
    if let Some(fault) = sandbox.faults.strike(&operation).await {
        let workspace = sandbox.workspace();
        let scope = method.zip(arguments.as_ref().ok());
        let scope = scope.and_then(|(method, arguments)| method.scope.needed(&workspace, arguments));
        let refused = missing_scope(&workspace, scope.unwrap_or("chat:write"));
        let headers = method.map(|method| scope_headers(&workspace, method));
        return suffer(&fault, (headers.unwrap_or_default(), Json(refused)).into_response());
    }

    let answer = match arguments {
        Ok(arguments) => called(&sandbox, &name, &headers, &arguments),
        Err(error) => Json(Refusal::from(error).json()).into_response(),
    };
    sandbox.calls.answered(&operation).await;
    answer
}

/// What the method does is done at once, before anybody else does anything.
fn called(sandbox: &Arc<Sandbox>, name: &str, headers: &HeaderMap, arguments: &Arguments) -> Response {
    let method = METHODS.iter().find(|method| method.name == name);
    let mut workspace = sandbox.workspace();
    let token = match method.map(|method| method.scope) {
        Some(Scope::OfTheApp) => APP_TOKEN,
        _ => BOT_TOKEN,
    };
    if let Err(error) = authenticate(headers, arguments, token) {
        return Json(Refusal::from(error).json()).into_response();
    }
    let Some(method) = method else {
        return Json(json!({"ok": false, "error": "unknown_method", "req_method": name})).into_response();
    };
    let headers = scope_headers(&workspace, method);
    let body = match method.scope.needed(&workspace, arguments) {
        Some(scope) if !workspace.app.scopes.contains(scope) => missing_scope(&workspace, scope),
        _ => (method.answer)(&mut workspace, arguments, (sandbox.clock)())
            .unwrap_or_else(|refusal| refusal.json()),
    };
    if REMEMBERED.contains(&method.name) {
        workspace.note_sent(method.name, arguments.readable(), body.clone());
    }
    sandbox.tell_in_the_background(&mut workspace);
    (headers, Json(body)).into_response()
}

/// The token stands in the header, or in a form; Slack does not look for it in a JSON body.
fn authenticate(headers: &HeaderMap, arguments: &Arguments, token: &str) -> Result<(), &'static str> {
    let header = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let bearer = header.and_then(|value| value.strip_prefix("Bearer "));
    match bearer.or(arguments.form_token()) {
        None => Err("not_authed"),
        Some(given) if given == token => Ok(()),
        Some(BOT_TOKEN | APP_TOKEN) => Err("not_allowed_token_type"),
        Some(_) => Err("invalid_auth"),
    }
}

/// With every answer to a valid token Slack says what that may do, and what the method would accept. Of a method
/// that takes no scope there is nothing to say.
fn scope_headers(workspace: &Workspace, method: &Method) -> HeaderMap {
    let granted: Vec<&str> = workspace.app.scopes.iter().map(String::as_str).collect();
    let accepted = method.scope.accepted();
    let told = [("x-oauth-scopes", granted), ("x-accepted-oauth-scopes", accepted)];
    let told = told.into_iter().filter(|(_, scopes)| !scopes.is_empty());
    told.filter_map(|(name, scopes)| {
        Some((HeaderName::from_static(name), HeaderValue::from_str(&scopes.join(",")).ok()?))
    })
    .collect()
}

fn missing_scope(workspace: &Workspace, needed: &str) -> Value {
    let provided: Vec<&str> =
        workspace.app.scopes.iter().map(String::as_str).filter(|scope| *scope != needed).collect();
    json!({"ok": false, "error": "missing_scope", "needed": needed, "provided": provided.join(",")})
}

#[cfg(test)]
mod tests;
