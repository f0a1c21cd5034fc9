//! "Tell me when it's fixed": what is promised, and what is told in the end.

use jiff::Timestamp;

use super::message::Message;
use crate::diagnosis::Diagnosis;
use crate::words::account::account_name;
use crate::words::headline::headline;
use crate::words::next::next;
use crate::words::say::{Reader, Whom, name, say};

/// The button was pressed: the bot looks from now on.
pub fn begun(account: &str, next_look: Timestamp, hours: i64) -> Message {
    Message::of(
        None,
        &[say![
            "I will tell you when ",
            name(account),
            " is there. I look again at about ",
            next_look,
            format!(", and for {hours} hours at most.")
        ]],
    )
}

/// The button was pressed once more.
pub fn begun_already(account: &str, since: Timestamp) -> Message {
    Message::of(
        None,
        &[say!["I have been looking for ", name(account), " since ", since, ", and will tell you."]],
    )
}

/// The access has come in the meantime.
pub fn there_already(account: &str) -> Message {
    Message::of(None, &[say![name(account), " is there by now. Press \"Check again\" to see it."]])
}

/// No waiting and nobody's action brings this account.
pub fn nothing_to_wait_for(account: &str) -> Message {
    Message::of(
        None,
        &[say![
            "There is nothing to wait for at ",
            name(account),
            ". Press \"Check again\" to see how it stands."
        ]],
    )
}

/// The access is in place: the answer first, then what to do in the portal.
pub fn arrived(now: &Diagnosis, whom: &Whom, asked_at: Timestamp) -> Message {
    let headline = headline(now, whom).then(say!["."]);
    let asked = say!["You asked me to tell you, ", asked_at, "."];
    let step = say!["Next: "].then(next(now, whom).step.shown_to(Reader::EndUser, whom));
    Message::of(Some(&headline), &[asked, step])
}

/// The watcher has left the help desk.
pub fn not_yours_any_more() -> Message {
    Message::of(
        None,
        &[say![
            "I have stopped looking for an account of somebody else's: you are no longer of those who may ask about others."
        ]],
    )
}

/// A day has passed.
pub fn given_up(now: &Diagnosis, whom: &Whom, asked_at: Timestamp) -> Message {
    let over = say![
        name(account_name(now)),
        " is still not there, and I stop looking: you asked me ",
        asked_at,
        "."
    ];
    let stands = headline(now, whom).then(say!["."]);
    let step = say!["Next: "].then(next(now, whom).step.shown_to(Reader::EndUser, whom));
    let again = say!["To go on, ask again with /sso-why and the account."];
    Message::of(Some(&over), &[stands, step, again])
}
