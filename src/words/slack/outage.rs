//! One cause that hits several people: the notice to the admins, and what those people are told.

use jiff::Timestamp;

use super::message::Message;
use crate::diagnosis::causes::Cause;
use crate::words::causes::texts;
use crate::words::explanation::Outage;
use crate::words::say::{Sentence, say};

/// One outage, as it is told.
pub struct Told {
    pub cause: Option<Cause>,
    pub people: i64,
    pub began_at: Timestamp,
    pub last_at: Timestamp,
    pub state: State,
}

/// Whether an outage lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Lasts,
    /// Nobody has been told of it for an hour.
    Quiet {
        since: Timestamp,
    },
    /// Somebody whom it hit has access by now.
    Cleared {
        at: Timestamp,
    },
}

/// The notice in the admins' channel. It names nobody.
pub fn notice(told: &Told) -> Message {
    let what = outage(told.cause).what;
    let hit = say![
        format!("{} people have been told so", told.people),
        ", the first ",
        told.began_at,
        ", the last ",
        told.last_at,
        "."
    ];
    match told.state {
        State::Lasts => lasts(told, what, hit),
        State::Quiet { since } => over(
            say!["Over: for an hour nobody has been told any more that ", what, "."],
            hit,
            say![
                "It counts as over since ",
                since,
                ". If it hits several people again, I write a new message."
            ],
        ),
        State::Cleared { at } => over(
            say!["Over, it seems: somebody has access by now who was told that ", what, "."],
            hit,
            say!["I saw that ", at, ". If it hits several people again, I write a new message."],
        ),
    }
}

fn over(headline: Sentence, hit: Sentence, since: Sentence) -> Message {
    Message::of(Some(&headline), &[hit, since])
}

fn lasts(told: &Told, what: &str, hit: Sentence) -> Message {
    let headline = say![capitalized(what), format!(", and that hits {} people.", told.people)];
    let mut rest = vec![hit, say!["Next (an identity admin): ", outage(told.cause).remedy, "."]];
    rest.push(say![
        "Whoever asks meanwhile is told that you know. They open no tickets; this message is kept up to date."
    ]);
    if let Some(cause) = told.cause {
        rest.push(say!["What it means and how it is found: sso-why explain ", cause.name()]);
    }
    Message::of(Some(&headline), &rest)
}

/// In a report, and instead of a ticket: the admins have it.
pub fn known(people: i64, since: Timestamp) -> Sentence {
    say![
        "The admins have known of this since ",
        since,
        format!("; it hits {people} people, and no ticket is needed.")
    ]
}

/// A ticket was asked for by an older report's button.
pub fn no_ticket_needed(people: i64, since: Timestamp) -> Message {
    Message::of(None, &[known(people, since)])
}

fn outage(cause: Option<Cause>) -> &'static Outage {
    const UNKNOWN: Outage =
        Outage { what: "the synchronization to AWS has a fault", remedy: Outage::CHECK_THAT_IT_RUNS };
    cause.and_then(|cause| texts(cause).outage.as_ref()).unwrap_or(&UNKNOWN)
}

fn capitalized(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
