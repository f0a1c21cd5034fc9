//! What people do in Slack, and the signed requests in which Slack tells the bot of it.
//!
//! Reading order: [`delivery`] signs and sends, or has [`envelopes`] sent in Socket Mode; [`payloads`] are the parts that several requests share;
//! then one file for each kind of thing that a person does: [`commands`], [`messages`] (buttons and
//! shortcuts), [`modals`], [`saying`] (messages and mentions), [`events`] (the Home tab, and how every event is
//! told). The methods are on
//! [`Sandbox`](crate::sandbox::Sandbox), for the chat page and tests alike. A person is named by handle
//! (`dana`) or user id (`U0DANA`), a channel by id.

pub mod delivery;
mod envelopes;
mod payloads;
pub mod commands;
pub mod messages;
pub mod modals;
pub mod saying;
pub mod events;
#[cfg(test)]
mod tests;

use serde_json::Value;

use crate::sandbox::workspace::Workspace;
use crate::sandbox::workspace::messages::Message;
use crate::sandbox::workspace::people::{Channel, User};
use delivery::Undelivered;

/// Why something that a person did came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum Mishap {
    /// Slack would not have let them: no such channel, message, button or option, or not theirs to see.
    #[error("this cannot be done in Slack: {0}")]
    Impossible(String),
    /// The bot did not acknowledge in time or in order.
    #[error(transparent)]
    Undelivered(#[from] Undelivered),
    /// The bot acknowledged with something that Slack does not take.
    #[error("the bot's answer is not what Slack takes: {0}")]
    BadAnswer(String),
}

/// The button, menu or input that a person uses, and what they pick or type in it.
#[derive(Clone, Copy, Debug)]
pub struct Use<'a> {
    /// Needed only where the action id alone is not unique.
    pub block_id: Option<&'a str>,
    pub action_id: &'a str,
    /// An option's value, a user id or a text; nothing for a button.
    pub picked: Option<&'a str>,
}

/// A button, by its action id.
impl<'a> From<&'a str> for Use<'a> {
    fn from(action_id: &'a str) -> Self {
        Self { block_id: None, action_id, picked: None }
    }
}

fn impossible(why: impl Into<String>) -> Mishap {
    Mishap::Impossible(why.into())
}

/// Somebody who can act: in the workspace or a channel shared with it, not gone, not a bot.
fn acting_user(workspace: &Workspace, person: &str) -> Result<User, Mishap> {
    let user =
        workspace.user(person).ok_or_else(|| impossible(format!("{person} is not in the workspace")))?;
    if user.deleted || user.is_bot {
        return Err(impossible(format!("{person} cannot sign in")));
    }
    Ok(user.clone())
}

/// As [`acting_user`]; commands and shortcuts are for people of the own organisation only.
fn own_user(workspace: &Workspace, person: &str) -> Result<User, Mishap> {
    let user = acting_user(workspace, person)?;
    if workspace.is_external(&user) {
        return Err(impossible(format!("{person} belongs to another organisation")));
    }
    Ok(user)
}

fn channel_of(workspace: &Workspace, user: &User, channel: &str) -> Result<Channel, Mishap> {
    let known = workspace.channel(channel).filter(|known| known.has(&user.id));
    known.cloned().ok_or_else(|| impossible(format!("{} is not in {channel}", user.name)))
}

fn message_seen(workspace: &Workspace, user: &User, ts: &str) -> Result<Message, Mishap> {
    let message = workspace.message(ts).filter(|message| message.is_seen_by(&user.id));
    let message = message.ok_or_else(|| impossible(format!("{} sees no message {ts}", user.name)))?;
    channel_of(workspace, user, &message.channel)?;
    Ok(message.clone())
}

/// The JSON in the bot's answer; `Null` for an empty one.
fn answer_json(body: &str) -> Result<Value, Mishap> {
    if body.trim().is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_str(body).map_err(|error| Mishap::BadAnswer(format!("not JSON: {error}")))
}
