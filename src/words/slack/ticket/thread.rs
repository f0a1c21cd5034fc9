//! What the bot itself says in a ticket's thread, to the help desk.

use super::standing::Person;
use crate::diagnosis::Diagnosis;
use crate::words::headline::headline;
use crate::words::say::{Whom, say};
use crate::words::slack::blocks;
use crate::words::slack::changes::{Since, what_changed};
use crate::words::slack::message::Message;

/// Somebody has asked for the same, with a note.
pub fn joined(who: &Person, note: &str) -> Message {
    let mut message = Message::of(None, &[say![who.shown(), " asks for the same:"]]);
    message.blocks.extend(blocks::long_quote(note));
    message.text = format!("{} {}", message.text, blocks::text(note));
    message
}

/// One agent has handed the ticket over to another, who learns of it here.
pub fn handed_over(by: &Person, to: &Person) -> Message {
    Message::of(None, &[say![by.shown(), " hands this over to ", to.shown(), "."]])
}

/// What a check found, and what is different since the one before.
pub fn checked(now: &Diagnosis, since: Option<&Since>) -> Message {
    let headline = headline(now, &Whom::other(now)).then(say!["."]);
    let mut message = Message::of(Some(&headline), &[]);
    if let Some(since) = since {
        message.blocks.push(blocks::rich_text(&what_changed(now, since)));
    }
    message.blocks.push(blocks::context(&format!("Checked live {}", blocks::date(now.checked_at))));
    message
}

/// Slack does not let the bot write to a requester.
pub fn not_reached(requester: &Person) -> Message {
    Message::of(
        None,
        &[say![
            "I could not write to ",
            requester.shown(),
            ", so they have not got this. Write to them yourself."
        ]],
    )
}

/// Somebody in the thread is not of the help desk.
pub fn not_passed_on(who: &Person) -> Message {
    Message::of(
        None,
        &[say![
            "What ",
            who.shown(),
            " writes stays here: I pass on only what members of the help desk write."
        ]],
    )
}

/// Whether somebody is of the help desk could not be read, which is no "no".
pub fn cannot_tell_whether_to_pass_on(who: &Person) -> Message {
    Message::of(
        None,
        &[say![
            "I have not passed this on: Slack did not let me read whether ",
            who.shown(),
            " is on the help desk."
        ]],
    )
}
