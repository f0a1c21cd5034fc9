//! What the page's visitors did, kept here so that a reload or a second tab shows the same: who was fixed, what was
//! broken, what was asked and which messages were read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Mishap, told};
use crate::sandbox::Sandbox;
use crate::sandbox::company::Change;
use crate::sandbox::faults::Fault;

/// Since the company was founded.
pub struct Standing {
    /// A new one with each founding: the page sees by it that the company began again.
    pub run: String,
    /// Keys of the people whose fault was fixed.
    pub fixed: BTreeSet<String>,
    pub broken: Vec<Broken>,
    questions: Vec<Question>,
    read: BTreeMap<String, BTreeSet<String>>,
    numbered: usize,
}

/// Something that a visitor broke on purpose.
pub struct Broken {
    pub id: String,
    /// What is so now, as a sentence without its full stop.
    pub label: String,
    /// How it is undone; empty if it cannot be.
    pub undo: Vec<Change>,
}

/// Something that a person asked the bot: the moment is the call log's.
#[derive(Clone)]
struct Question {
    person: String,
    label: String,
    at: Duration,
}

impl Standing {
    /// Nothing was done yet.
    pub fn begun(now: Timestamp) -> Self {
        Self {
            run: now.as_microsecond().to_string(),
            fixed: BTreeSet::new(),
            broken: Vec::new(),
            questions: Vec::new(),
            read: BTreeMap::new(),
            numbered: 0,
        }
    }

    /// A person asks; what is called from now on is what it costs.
    pub fn asked(&mut self, person: &str, label: &str, at: Duration) {
        self.questions.push(Question { person: person.to_owned(), label: label.to_owned(), at });
    }

    pub fn broke(&mut self, label: String, undo: Vec<Change>) {
        self.numbered += 1;
        self.broken.push(Broken { id: format!("broken-{}", self.numbered), label, undo });
    }

    /// Which of these messages the person has not read.
    pub fn unread<'a>(&self, person: &str, messages: impl Iterator<Item = &'a str>) -> usize {
        let read = self.read.get(person);
        messages.filter(|ts| read.is_none_or(|read| !read.contains(*ts))).count()
    }
}

/// What fails or is broken now, each with an id by which it can be ended.
pub(super) fn failing(sandbox: &Sandbox) -> Vec<Value> {
    let faults = sandbox.faults.now().into_iter().map(|(operation, fault)| {
        let label = format!("{operation} {}", happening(&fault));
        json!({"id": format!("fault:{operation}"), "label": label, "can_end": true})
    });
    let standing = sandbox.standing();
    let broken = standing
        .broken
        .iter()
        .map(|broken| json!({"id": broken.id, "label": broken.label, "can_end": !broken.undo.is_empty()}));
    faults.chain(broken).collect()
}

fn happening(fault: &Fault) -> String {
    match fault {
        Fault::Throttled { .. } => "is throttled".to_owned(),
        Fault::Forbidden => "is refused".to_owned(),
        Fault::Slow { milliseconds } => format!("takes {milliseconds} ms longer"),
        Fault::Hanging => "never answers".to_owned(),
        Fault::Html500 => "answers with an error 500".to_owned(),
        Fault::MalformedJson => "answers with broken JSON".to_owned(),
    }
}

/// What the person's newest question cost: the newest one that led to a call of AWS or the IdP, else the newest.
pub(super) fn trace(sandbox: &Sandbox, person: &str) -> Option<Value> {
    let questions = sandbox.standing().questions.clone();
    let traced = questions.iter().enumerate().rev().filter(|(_, question)| question.person == person);
    let mut newest = None;
    for (position, question) in traced {
        let next = questions.get(position + 1).map(|next| next.at);
        let calls = sandbox.calls.between(question.at, next);
        let reads = calls.iter().any(|call| !call.operation.starts_with("slack:"));
        let calls: Vec<Value> = calls
            .into_iter()
            .map(|call| {
                json!({
                    "operation": call.operation,
                    "began_ms": milliseconds(call.began.saturating_sub(question.at)),
                    "took_ms": call.ended.map(|ended| milliseconds(ended.saturating_sub(call.began))),
                    "status": call.status,
                })
            })
            .collect();
        let told = json!({"label": question.label, "calls": calls});
        if reads {
            return Some(told);
        }
        newest.get_or_insert(told);
    }
    newest
}

fn milliseconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 10_000.0).round() / 10.0
}

#[derive(Deserialize)]
pub(super) struct Read {
    person: String,
    /// Timestamps of messages that were on the person's screen.
    messages: Vec<String>,
}

pub(super) async fn read(State(sandbox): State<Arc<Sandbox>>, Json(read): Json<Read>) -> Response {
    let is_new = {
        let mut standing = sandbox.standing();
        let known = standing.read.entry(read.person).or_default();
        let before = known.len();
        known.extend(read.messages);
        known.len() > before
    };
    let version = {
        let workspace = sandbox.workspace();
        if is_new {
            workspace.note_change_beside();
        }
        workspace.version()
    };
    told(Ok(()), |()| json!({"version": version}))
}

#[derive(Deserialize)]
pub(super) struct Ended {
    /// As in the state's `failing`.
    id: String,
}

/// Ends one fault, or undoes one breakage.
pub(super) async fn end(State(sandbox): State<Arc<Sandbox>>, Json(Ended { id }): Json<Ended>) -> Response {
    if let Some(operation) = id.strip_prefix("fault:") {
        sandbox.faults.end(operation);
        sandbox.workspace().note_change_beside();
        return told(Ok(()), |()| json!({}));
    }
    let undone = undo(&sandbox, &id).map_err(Mishap::Impossible);
    sandbox.workspace().note_change_beside();
    told(undone, |()| json!({}))
}

pub(super) fn undo(sandbox: &Sandbox, id: &str) -> Result<(), String> {
    let changes = {
        let standing = sandbox.standing();
        let found = standing.broken.iter().find(|broken| broken.id == id);
        found.ok_or("that is over already")?.undo.clone()
    };
    if changes.is_empty() {
        return Err("that cannot be undone; start the company again".to_owned());
    }
    let now = (sandbox.clock)();
    let undone = changes.iter().try_for_each(|change| sandbox.company().apply(change, now));
    sandbox.standing().broken.retain(|broken| broken.id != id);
    undone
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::slack::samples;

    #[tokio::test]
    async fn what_was_read_is_not_unread_again() {
        let sandbox = samples::sandbox();
        let unread = |sandbox: &Sandbox| sandbox.standing().unread("dana", ["1.1", "1.2"].into_iter());
        assert_eq!(unread(&sandbox), 2);
        let messages = vec!["1.1".to_owned()];
        read(State(sandbox.clone()), Json(Read { person: "dana".to_owned(), messages })).await;
        assert_eq!(unread(&sandbox), 1);
        assert_eq!(sandbox.standing().unread("bo", ["1.1"].into_iter()), 1);
    }

    #[tokio::test]
    async fn a_fault_is_listed_until_it_is_ended() {
        let sandbox = samples::sandbox();
        sandbox.faults.set("sso:ListInstances", Fault::Forbidden);
        let [listed] = failing(&sandbox).try_into().unwrap();
        assert_eq!(listed["label"], "sso:ListInstances is refused");
        let id = listed["id"].as_str().unwrap().to_owned();
        end(State(sandbox.clone()), Json(Ended { id })).await;
        assert!(failing(&sandbox).is_empty());
    }

    #[tokio::test]
    async fn a_trace_is_of_the_question_that_read_something() {
        let sandbox = samples::sandbox();
        sandbox.standing().asked("dana", "/sso-why Payments-Prod", sandbox.calls.moment());
        sandbox.calls.arrive("sso:ListInstances").await;
        sandbox.standing().asked("dana", "Show all steps", sandbox.calls.moment());
        sandbox.calls.arrive("slack:chat.update").await;
        let told = trace(&sandbox, "dana").unwrap();
        assert_eq!(told["label"], "/sso-why Payments-Prod");
        assert_eq!(told["calls"][0]["operation"], "sso:ListInstances");
        assert_eq!(trace(&sandbox, "bo"), None);
    }
}
