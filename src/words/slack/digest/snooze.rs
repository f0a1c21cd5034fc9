//! Laying a finding aside for a while, with a reason that everybody sees.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::words::say::{Sentence, mention, name, say};
use crate::words::slack::blocks::plain_text;
use crate::words::slack::message::Message;

/// By which the form is known when it comes back.
pub const CALLBACK: &str = "snooze_duplicate";
/// Its fields.
pub const DURATION: &str = "duration";
pub const REASON: &str = "reason";
/// What fits a reason: it is told in one line every day.
pub const LONGEST_REASON: usize = 150;
/// How long one may be laid aside, in days: a sprint, a month, a quarter, a year. None for good: what is
/// forgotten hurts somebody in the end.
pub const DAYS: [(&str, i64); 4] = [("14", 14), ("30", 30), ("90", 90), ("365", 365)];

/// The form; `metadata` comes back with it.
pub fn form(metadata: &str) -> Value {
    let option =
        |(value, days): &(&str, i64)| json!({"text": plain_text(&in_words(*days), 75), "value": value});
    let options: Vec<Value> = DAYS.iter().map(option).collect();
    json!({
        "type": "modal",
        "callback_id": CALLBACK,
        "private_metadata": metadata,
        "title": plain_text("Lay it aside", 24),
        "submit": plain_text("Lay aside", 24),
        "close": plain_text("Cancel", 24),
        "blocks": [
            {
                "type": "input",
                "block_id": DURATION,
                "label": plain_text("For how long", 2_000),
                "hint": plain_text("If it gets worse before that, it is told again.", 2_000),
                "element": {
                    "type": "static_select",
                    "action_id": DURATION,
                    "options": options,
                    "initial_option": options[0],
                },
            },
            {
                "type": "input",
                "block_id": REASON,
                "label": plain_text("Why", 2_000),
                "hint": plain_text("Everybody in this channel sees it, with your name.", 2_000),
                "element": {
                    "type": "plain_text_input",
                    "action_id": REASON,
                    "max_length": LONGEST_REASON,
                },
            },
        ],
    })
}

fn in_words(days: i64) -> String {
    match days {
        14 => "2 weeks".to_owned(),
        365 => "a year".to_owned(),
        days => format!("{days} days"),
    }
}

/// Told in the digest's thread.
pub fn done(what: &str, by: &str, reason: &str, until: Timestamp) -> Message {
    let says = say![
        mention(by, "Somebody"),
        " laid ",
        name(what),
        " aside until ",
        until,
        ": ",
        name(reason),
        ". If it gets worse before that, I tell it again."
    ];
    Message::of(None, &[says])
}

/// The finding has gone since, or is of a digest that is no longer kept.
pub fn not_there() -> Message {
    only(say!["That one is not among the duplicates any more, so there is nothing to lay aside."])
}

/// The press came from where the digest is not posted.
pub fn not_here() -> Message {
    only(say!["Only the channel that gets the digest can lay a duplicate aside."])
}

/// The form could not be opened.
pub fn form_did_not_open() -> Message {
    only(say!["Slack did not let me open the form. Press the button once more."])
}

/// Under a field of the form.
pub fn choose_a_duration() -> String {
    "Choose how long.".to_owned()
}

/// Under a field of the form.
pub fn give_a_reason() -> String {
    "Say why, in a few words.".to_owned()
}

fn only(says: Sentence) -> Message {
    Message::of(None, &[says])
}
