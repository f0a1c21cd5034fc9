//! A ticket in the help-desk channel: how it stands, the report as it was, what became of it, and the buttons of
//! its state.

use jiff::tz::TimeZone;
use serde_json::Value;

use super::standing::{Happened, Standing, history};
use crate::words::say::{Sentence, say};
use crate::words::slack::blocks::{self, Button, Confirmation, Line, PeopleMenu};
use crate::words::slack::message::Message;

/// Characters of the report's text within the message's, which has 4,000 (Slack's limit for `chat.update`) and
/// is to say how the ticket stands too.
const REPORT: usize = 3_500;

/// A ticket, as the help desk sees it.
pub struct Card<'c> {
    /// The report as it was.
    pub report: &'c Message,
    pub standing: &'c Standing,
    /// A check has found the access in place.
    pub restored: bool,
    pub happened: &'c [Happened],
    /// What the buttons carry.
    pub handle: &'c str,
    /// Whether the IdP may be made to send what is missing.
    pub can_sync_now: bool,
}

/// The ticket's message.
pub fn card(card: &Card) -> Message {
    let stands = stands(card);
    let mut blocks = vec![blocks::rich_text(&[Line::bold(&stands)])];
    blocks.extend(card.report.blocks.iter().cloned());
    blocks.push(blocks::rich_text(&history(card.happened)));
    blocks.push(blocks::context(
        "What the help desk writes in this thread goes to whoever asked, and their answers come back here. Begin with // to keep it here.",
    ));
    blocks.extend(controls(card));
    let report = blocks::cut(&card.report.text, REPORT);
    let text = format!("{} {report}", blocks::text(&stands_in_short(card).plain(&TimeZone::UTC)));
    Message { text, blocks }
}

fn stands(card: &Card) -> Sentence {
    let stands = match card.standing {
        Standing::New => say!["New: nobody has it yet."],
        Standing::Claimed { agent, .. } => say![agent.shown(), " has it."],
        Standing::Resolved { by, at } => return say!["Resolved by ", by.shown(), ", ", *at, "."],
    };
    if card.restored {
        return stands
            .then(say![" The access is in place now: resolve it, unless something is still missing."]);
    }
    stands
}

/// Before the report, which is what a notification is about.
fn stands_in_short(card: &Card) -> Sentence {
    match card.standing {
        Standing::New => say!["New."],
        Standing::Claimed { .. } | Standing::Resolved { .. } => stands(card),
    }
}

fn controls(card: &Card) -> Option<Value> {
    let button = |action: &str, label: &str| Button::new(action, label, card.handle);
    match card.standing {
        Standing::New => blocks::actions("ticket", &[button("claim", "Claim").primary()]),
        Standing::Claimed { .. } => {
            let resolve = button("resolve", "Resolve");
            let resolve = if card.restored { resolve.primary() } else { resolve };
            let mut buttons = vec![resolve, button("recheck", "Check again")];
            if card.can_sync_now && !card.restored {
                buttons.push(button("sync_now", "Sync now").confirmed_by(sync_confirmation()));
            }
            let menu = PeopleMenu { action: "hand_over", placeholder: "Hand over to" };
            blocks::actions_with_people("ticket", &buttons, Some(&menu))
        }
        Standing::Resolved { .. } => blocks::actions("ticket", &[button("reopen", "Reopen")]),
    }
}

fn sync_confirmation() -> Confirmation {
    Confirmation {
        title: "Send this to AWS now?".to_owned(),
        text: "I look first whether it is still missing. If so, Entra ID sends this person and this one \
               membership; Okta sends the whole group with all its members. Nothing else is sent."
            .to_owned(),
        confirm: "Sync now".to_owned(),
        deny: "Leave it".to_owned(),
    }
}
