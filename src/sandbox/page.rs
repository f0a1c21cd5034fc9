//! The chat page: the simulated company in a browser, for a newcomer and for browser tests.
//!
//! The page shows the real messages, modals and Home tabs of the [`workspace`](super::workspace), draws
//! them from their Block Kit JSON, and does what a person would do in Slack through the same methods as the
//! tests. [`view`] is the JSON that it draws, with [`people`] in their groups; [`standing`] is what its visitors did,
//! [`breaking`] what they can break and [`clock`] how they move the time; [`terminal`] is what goes into one beside it.
//! The other files under `page/` are the page itself, without any build step and without anything from outside.

mod view;
pub mod people;
pub mod standing;
mod breaking;
mod clock;
pub mod terminal;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::header;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use axum::{Json, Router};
use futures::{Stream, StreamExt};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio_stream::wrappers::WatchStream;

use super::Sandbox;
use super::company::Company;
use super::faults::Fault;
use super::slack::outgoing::modals::Submitted;
use super::slack::outgoing::{Mishap, Use};
use standing::Standing;

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

/// Nothing but the page's own files may run or be loaded; an image block may point anywhere.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: http: https:";

/// `GET /` is the page; `/sandbox/*` are its files and what it asks and tells the sandbox.
pub fn router(sandbox: Arc<Sandbox>) -> Router {
    Router::new()
        .route("/", file(HTML, include_str!("page/index.html")))
        .route("/sandbox/base.css", file(CSS, include_str!("page/base.css")))
        .route("/sandbox/page.css", file(CSS, include_str!("page/page.css")))
        .route("/sandbox/chat.css", file(CSS, include_str!("page/chat.css")))
        .route("/sandbox/behind.css", file(CSS, include_str!("page/behind.css")))
        .route("/sandbox/blocks.css", file(CSS, include_str!("page/blocks.css")))
        .route("/sandbox/page.js", file(JAVASCRIPT, include_str!("page/page.js")))
        .route("/sandbox/address.js", file(JAVASCRIPT, include_str!("page/address.js")))
        .route("/sandbox/bar.js", file(JAVASCRIPT, include_str!("page/bar.js")))
        .route("/sandbox/behind.js", file(JAVASCRIPT, include_str!("page/behind.js")))
        .route("/sandbox/blocks.js", file(JAVASCRIPT, include_str!("page/blocks.js")))
        .route("/sandbox/chain.js", file(JAVASCRIPT, include_str!("page/chain.js")))
        .route("/sandbox/composer.js", file(JAVASCRIPT, include_str!("page/composer.js")))
        .route("/sandbox/conversation.js", file(JAVASCRIPT, include_str!("page/conversation.js")))
        .route("/sandbox/dom.js", file(JAVASCRIPT, include_str!("page/dom.js")))
        .route("/sandbox/elements.js", file(JAVASCRIPT, include_str!("page/elements.js")))
        .route("/sandbox/greeting.js", file(JAVASCRIPT, include_str!("page/greeting.js")))
        .route("/sandbox/modal.js", file(JAVASCRIPT, include_str!("page/modal.js")))
        .route("/sandbox/people.js", file(JAVASCRIPT, include_str!("page/people.js")))
        .route("/sandbox/text.js", file(JAVASCRIPT, include_str!("page/text.js")))
        .route("/sandbox/time.js", file(JAVASCRIPT, include_str!("page/time.js")))
        .route("/sandbox/sso-why.toml", get(terminal::configuration))
        .route("/sandbox/idp.toml", get(terminal::idp))
        .route("/sandbox/exports", get(terminal::exported))
        .route("/sandbox/state", get(state))
        .route("/sandbox/events", get(events))
        .route("/sandbox/command", post(command))
        .route("/sandbox/press", post(press))
        .route("/sandbox/shortcut", post(shortcut))
        .route("/sandbox/suggest", post(suggest))
        .route("/sandbox/submit", post(submit))
        .route("/sandbox/close", post(close))
        .route("/sandbox/home", post(home))
        .route("/sandbox/mend", post(mend))
        .route("/sandbox/reset", post(reset))
        .route("/sandbox/digest", post(digest))
        .route("/sandbox/faults", post(faults))
        .route("/sandbox/rights", post(rights))
        .route("/sandbox/manifest", post(terminal::manifest))
        .route("/sandbox/read", post(standing::read))
        .route("/sandbox/end", post(standing::end))
        .route("/sandbox/break", post(breaking::broken))
        .route("/sandbox/clock", post(clock::move_on))
        .with_state(sandbox)
}

fn file(content_type: &'static str, text: &'static str) -> MethodRouter<Arc<Sandbox>> {
    get(move || async move {
        let headers = [
            (header::CONTENT_TYPE, content_type),
            (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
            // The page changes with the program, and there is nothing to save on loopback.
            (header::CACHE_CONTROL, "no-store"),
        ];
        (headers, text)
    })
}

#[derive(Deserialize)]
struct Person {
    person: String,
}

/// An empty key stands for the person to begin with.
async fn state(State(sandbox): State<Arc<Sandbox>>, Query(Person { person }): Query<Person>) -> Json<Value> {
    let first = || people::first(&sandbox.scenario, &sandbox.workspace()).unwrap_or_default().to_owned();
    let person = if person.is_empty() { first() } else { person };
    Json(view::seen_by(&sandbox, &person))
}

/// One event for each change of the workspace; the page then asks for the state.
async fn events(State(sandbox): State<Arc<Sandbox>>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let changes = WatchStream::new(sandbox.workspace().watch());
    Sse::new(changes.map(|version| Ok(Event::default().data(version.to_string()))))
        .keep_alive(KeepAlive::default())
}

#[derive(Deserialize)]
struct Typed {
    person: String,
    channel: String,
    text: String,
    thread_ts: Option<String>,
}

/// What is typed in the composer: a slash command, or a message. Two slashes are no command: with them an
/// agent begins what stays among agents.
async fn command(State(sandbox): State<Arc<Sandbox>>, Json(typed): Json<Typed>) -> Response {
    sandbox.standing().asked(&typed.person, &typed.text, sandbox.calls.moment());
    if typed.text.starts_with('/') && !typed.text.starts_with("//") {
        return told(sandbox.type_command(&typed.person, &typed.channel, &typed.text).await, |()| json!({}));
    }
    let said = sandbox.say(&typed.person, &typed.channel, &typed.text, typed.thread_ts.as_deref()).await;
    told(said, |ts| json!({"ts": ts}))
}

#[derive(Deserialize)]
struct Pressed {
    person: String,
    /// One of these two says where the control is.
    message_ts: Option<String>,
    view_id: Option<String>,
    block_id: Option<String>,
    action_id: String,
    picked: Option<String>,
    /// What stands on the control, for what it cost.
    label: Option<String>,
}

async fn press(State(sandbox): State<Arc<Sandbox>>, Json(pressed): Json<Pressed>) -> Response {
    let label = pressed.label.as_deref().unwrap_or(&pressed.action_id);
    sandbox.standing().asked(&pressed.person, label, sandbox.calls.moment());
    let used = Use {
        block_id: pressed.block_id.as_deref(),
        action_id: &pressed.action_id,
        picked: pressed.picked.as_deref(),
    };
    let outcome = match (&pressed.message_ts, &pressed.view_id) {
        (Some(ts), None) => sandbox.press(&pressed.person, ts, used).await,
        (None, Some(view_id)) => sandbox.press_in_view(&pressed.person, view_id, used).await,
        _ => Err(Mishap::Impossible("a control is in a message or in a view".to_owned())),
    };
    told(outcome, |()| json!({}))
}

#[derive(Deserialize)]
struct Shortcut {
    person: String,
    message_ts: String,
    callback_id: String,
}

async fn shortcut(State(sandbox): State<Arc<Sandbox>>, Json(used): Json<Shortcut>) -> Response {
    told(sandbox.use_shortcut(&used.person, &used.message_ts, &used.callback_id).await, |()| json!({}))
}

#[derive(Deserialize)]
struct Searched {
    person: String,
    view_id: String,
    block_id: String,
    action_id: String,
    typed: String,
}

async fn suggest(State(sandbox): State<Arc<Sandbox>>, Json(searched): Json<Searched>) -> Response {
    let Searched { person, view_id, block_id, action_id, typed } = &searched;
    let menu = Use { block_id: Some(block_id), action_id, picked: None };
    let found = sandbox.suggest(person, view_id, menu, typed).await;
    told(found, |options| json!({"options": options}))
}

#[derive(Deserialize)]
struct Filled {
    person: String,
    view_id: String,
    /// Block id to an option's value, a user id or a text.
    #[serde(default)]
    entries: BTreeMap<String, String>,
}

async fn submit(State(sandbox): State<Arc<Sandbox>>, Json(filled): Json<Filled>) -> Response {
    sandbox.standing().asked(&filled.person, "the form", sandbox.calls.moment());
    let entries: Vec<(&str, &str)> =
        filled.entries.iter().map(|(block_id, picked)| (block_id.as_str(), picked.as_str())).collect();
    told(sandbox.submit_view(&filled.person, &filled.view_id, &entries).await, |submitted| match submitted {
        Submitted::Errors(errors) => json!({"errors": errors}),
        Submitted::Closed | Submitted::Updated | Submitted::Pushed(_) | Submitted::Cleared => json!({}),
    })
}

#[derive(Deserialize)]
struct Closed {
    person: String,
    view_id: String,
}

async fn close(State(sandbox): State<Arc<Sandbox>>, Json(closed): Json<Closed>) -> Response {
    told(sandbox.close_view(&closed.person, &closed.view_id).await, |()| json!({}))
}

async fn home(State(sandbox): State<Arc<Sandbox>>, Json(Person { person }): Json<Person>) -> Response {
    told(sandbox.open_home(&person).await, |()| json!({}))
}

/// Does to the company what an administrator would do for this person.
async fn mend(State(sandbox): State<Arc<Sandbox>>, Json(Person { person }): Json<Person>) -> Response {
    let Some(person) = sandbox.scenario.person(&person) else {
        return told(Err(Mishap::Impossible(format!("{person} is nobody here"))), |()| json!({}));
    };
    let now = (sandbox.clock)();
    let mut company = sandbox.company();
    let mended = person.mend.iter().try_for_each(|change| company.apply(change, now));
    drop(company);
    if mended.is_ok() {
        sandbox.standing().fixed.insert(person.key.clone());
    }
    sandbox.workspace().note_change_beside();
    told(mended.map_err(Mishap::Impossible), |()| json!({}))
}

/// Founds the company and its workspace anew, and the bot forgets it; faults are cleared and the calls are counted from nought.
async fn reset(State(sandbox): State<Arc<Sandbox>>) -> Response {
    let was_ahead = sandbox.time.reset();
    *sandbox.standing() = Standing::begun((sandbox.clock)());
    *sandbox.company() = Company::found(&sandbox.scenario, (sandbox.clock)());
    sandbox.faults.clear();
    sandbox.rights.give_all_back();
    sandbox.calls.forget();
    {
        let mut workspace = sandbox.workspace();
        workspace.found_again(&sandbox.scenario);
        if was_ahead {
            workspace.follow_clock_back();
        }
    }
    sandbox.anew.tell().await;
    told(Ok(()), |()| json!({}))
}

/// The bot posts the day's digest without waiting for its time.
async fn digest(State(sandbox): State<Arc<Sandbox>>) -> Response {
    sandbox.digest_wanted.tell().await;
    told(Ok(()), |()| json!({}))
}

/// A fault for an operation; without one, all faults end.
#[derive(Deserialize)]
struct Failing {
    operation: Option<String>,
    fault: Option<Fault>,
}

async fn faults(State(sandbox): State<Arc<Sandbox>>, Json(failing): Json<Failing>) -> Response {
    match (failing.operation, failing.fault) {
        (Some(operation), Some(fault)) => sandbox.faults.set(&operation, fault),
        _ => sandbox.faults.clear(),
    }
    sandbox.workspace().note_change_beside();
    told(Ok(()), |()| json!({}))
}

/// A right that is taken from the bot; without one, all are given back.
#[derive(Deserialize)]
struct Taken {
    right: Option<String>,
}

async fn rights(State(sandbox): State<Arc<Sandbox>>, Json(taken): Json<Taken>) -> Response {
    match taken.right {
        Some(right) => sandbox.rights.take_away(&right),
        None => sandbox.rights.give_all_back(),
    }
    told(Ok(()), |()| json!({}))
}

/// What the page is told: `ok`, and the rest or what went wrong.
fn told<T>(outcome: Result<T, Mishap>, rest: impl FnOnce(T) -> Value) -> Response {
    let body = match outcome.map(rest) {
        Ok(mut body) => {
            body["ok"] = json!(true);
            body
        }
        Err(mishap) => json!({"ok": false, "error": mishap.to_string()}),
    };
    Json(body).into_response()
}
