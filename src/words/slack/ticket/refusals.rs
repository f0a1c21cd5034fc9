//! Why a press on a ticket does nothing. Only whoever pressed sees it.

use jiff::Timestamp;

use super::standing::{Person, Standing};
use crate::words::say::{Sentence, say};
use crate::words::slack::blocks::{self, Line};
use crate::words::slack::message::Message;

/// Tickets are the help desk's.
pub fn only_for_the_help_desk() -> Message {
    one(say!["Only the help desk can do that. I have left the ticket as it is."])
}

/// Whether the presser is of the help desk could not be read, which is no "no".
pub fn cannot_tell_who_you_are() -> Message {
    one(say![
        "I have left the ticket as it is: Slack did not let me read whether you are on the help desk. Try again in a minute."
    ])
}

/// Something broke on our side.
pub fn broke() -> Message {
    one(say!["Something broke on my side, not on yours. Press it once more; the ticket is as it was."])
}

/// The ticket is not kept any more.
pub fn gone() -> Message {
    one(say!["This ticket is so old that I do not keep it any more. Ask again with /sso-why."])
}

/// The ticket stands differently by now than its button says.
pub fn stale(standing: &Standing, presser: &str) -> Message {
    one(match standing {
        Standing::New => say!["Nobody has this ticket yet. Claim it first."],
        Standing::Claimed { agent, since } if agent.user == presser => {
            say!["You have it already, since ", *since, "."]
        }
        Standing::Claimed { agent, since } => has_it(agent, *since),
        Standing::Resolved { by, at } => say!["It is resolved already, by ", by.shown(), ", ", *at, "."],
    })
}

/// It was handed over to whoever has it.
pub fn has_it_already(agent: &Person, since: Timestamp) -> Message {
    one(has_it(agent, since))
}

/// A ticket is not handed over to somebody who could not resolve it.
pub fn not_on_the_help_desk(picked: &Person) -> Message {
    one(say![picked.shown(), " is not on the help desk. I have left the ticket as it is."])
}

/// Of two open tickets for the same, one would be overlooked.
pub fn another_is_open(link: Option<&str>) -> Message {
    let mut message = one(say!["There is a newer open ticket for the same, so I leave this one resolved."]);
    if let Some(link) = link {
        message.blocks.push(blocks::rich_text(&[Line::with_link("", link, "See that ticket")]));
    }
    message
}

fn has_it(agent: &Person, since: Timestamp) -> Sentence {
    say![agent.shown(), " has it already, since ", since, "."]
}

fn one(sentence: Sentence) -> Message {
    Message::of(None, &[sentence])
}
