//! A person says something, changes it or takes it back, and Slack tells the bot of every message where the bot is:
//! in a `message` event, the bot's own messages included, and beside it in an `app_mention` where it is mentioned.
//!
//! From Slack's references of the `message` event, its subtypes `message_changed` and `message_deleted`, and
//! `app_mention`.

use std::sync::Arc;

use serde_json::{Value, json};

use super::commands::escape;
use super::delivery::Undelivered;
use super::{Mishap, acting_user, channel_of, impossible, message_seen};
use crate::sandbox::Sandbox;
use crate::sandbox::workspace::Workspace;
use crate::sandbox::workspace::messages::{Draft, Manner, Message};
use crate::sandbox::workspace::news::News;
use crate::sandbox::workspace::people::{Channel, ChannelKind};

impl Sandbox {
    /// `person` says `text` in `channel`, in a thread where `thread_ts` names its parent. Gives the message's
    /// `ts`, once the bot has acknowledged what it is told of it.
    ///
    /// # Errors
    /// [`Mishap::Impossible`] where they are not in the channel or there is no such thread; else the bot
    /// failed, after all retries; the message stands.
    pub async fn say(
        &self,
        person: &str,
        channel: &str,
        text: &str,
        thread_ts: Option<&str>,
    ) -> Result<String, Mishap> {
        self.say_in_manner(person, channel, text, thread_ts, Manner::Plainly).await
    }

    /// As [`say`](Self::say), with a file, or in a thread and also in the channel.
    ///
    /// # Errors
    /// As [`say`](Self::say); only a reply can be shown in the channel too.
    pub async fn say_in_manner(
        &self,
        person: &str,
        channel: &str,
        text: &str,
        thread_ts: Option<&str>,
        manner: Manner,
    ) -> Result<String, Mishap> {
        if manner == Manner::AlsoInChannel && thread_ts.is_none() {
            return Err(impossible("only a reply can be shown in the channel too"));
        }
        let (ts, events) = {
            let mut workspace = self.workspace();
            let now = (self.clock)();
            let user = acting_user(&workspace, person)?;
            let channel = channel_of(&workspace, &user, channel)?;
            let thread_ts = thread_ts.map(|ts| thread_of(&workspace, &channel, ts)).transpose()?;
            let draft = Draft { text: escape(&workspace, text), thread_ts, manner, ..Draft::default() };
            let ts = workspace.post(&user.id, &channel.id, draft, now);
            workspace.note_posted(&ts);
            (ts, self.take_events(&mut workspace))
        };
        self.tell(&events).await?;
        Ok(ts)
    }

    /// `person` changes what they said.
    ///
    /// # Errors
    /// [`Mishap::Impossible`] where it is not their message; else the bot failed, and the change stands.
    pub async fn edit(&self, person: &str, message_ts: &str, text: &str) -> Result<(), Mishap> {
        let events = {
            let mut workspace = self.workspace();
            let before = own_message(&workspace, person, message_ts)?;
            let draft = Draft { text: escape(&workspace, text), ..Draft::default() };
            workspace.replace_message(message_ts, draft, (self.clock)());
            workspace.note_changed(before);
            self.take_events(&mut workspace)
        };
        Ok(self.tell(&events).await?)
    }

    /// `person` takes back what they said. Where others replied to it, a mark of it stays.
    ///
    /// # Errors
    /// As [`edit`](Self::edit).
    pub async fn delete(&self, person: &str, message_ts: &str) -> Result<(), Mishap> {
        let events = {
            let mut workspace = self.workspace();
            let before = own_message(&workspace, person, message_ts)?;
            workspace.delete_message(message_ts);
            workspace.note_deleted(before);
            self.take_events(&mut workspace)
        };
        Ok(self.tell(&events).await?)
    }

    /// Tells the bot of what happened to messages, without anybody waiting for it.
    pub(in crate::sandbox) fn tell_in_the_background(self: &Arc<Self>, workspace: &mut Workspace) {
        let events = self.take_events(workspace);
        if events.is_empty() || workspace.bot_url.is_empty() {
            return;
        }
        let sandbox = self.clone();
        tokio::spawn(async move {
            // Slack, too, gives up after its retries, and nobody is told.
            let _ = sandbox.tell(&events).await;
        });
    }

    /// The events of what happened to messages where the bot is, as far as its scopes let it know.
    fn take_events(&self, workspace: &mut Workspace) -> Vec<Value> {
        let mut events = Vec::new();
        for news in workspace.take_news() {
            let Some(channel) = workspace.channel(&news.message().channel).cloned() else {
                continue;
            };
            if !channel.has(&workspace.bot_user_id) {
                continue;
            }
            let mention = mention(workspace, &channel, &news);
            let message = message(self, workspace, &channel, &news);
            for event in [mention, message].into_iter().flatten() {
                events.push(self.envelope(workspace, event));
            }
        }
        events
    }

    /// One after the other; the first error is told after all of them.
    async fn tell(&self, events: &[Value]) -> Result<(), Undelivered> {
        let mut outcome = Ok(());
        for event in events {
            outcome = outcome.and(self.deliver_event(event).await);
        }
        outcome
    }
}

/// In a direct message a mention is no mention.
fn mention(workspace: &Workspace, channel: &Channel, news: &News) -> Option<Value> {
    let News::Posted(message) = news else {
        return None;
    };
    let own = message.author == workspace.bot_user_id;
    let mentioned = message.text.contains(&format!("<@{}>", workspace.bot_user_id));
    let app = &workspace.app;
    let allowed = app.events.contains("app_mention") && app.scopes.contains("app_mentions:read");
    if own || !mentioned || !allowed || channel.kind == ChannelKind::Direct {
        return None;
    }
    let mut event = said(workspace, message);
    event["type"] = json!("app_mention");
    // The mention has no subtype; the message event beside it has.
    if let Some(event) = event.as_object_mut() {
        event.remove("subtype");
    }
    Some(event)
}

fn message(sandbox: &Sandbox, workspace: &mut Workspace, channel: &Channel, news: &News) -> Option<Value> {
    let (channel_type, event, scope) = match channel.kind {
        ChannelKind::Public => ("channel", "message.channels", "channels:history"),
        ChannelKind::Private => ("group", "message.groups", "groups:history"),
        ChannelKind::Direct => ("im", "message.im", "im:history"),
    };
    if !workspace.app.events.contains(event) || !workspace.app.scopes.contains(scope) {
        return None;
    }
    let mut event = match news {
        News::Posted(message) => said(workspace, message),
        News::Changed { before, now } => {
            let ts = workspace.new_ts((sandbox.clock)());
            let (now, before) = (workspace.message_json(now), workspace.message_json(before));
            json!({
                "subtype": "message_changed",
                "hidden": true,
                "ts": ts,
                "message": now,
                "previous_message": before,
            })
        }
        News::Deleted(message) => {
            let ts = workspace.new_ts((sandbox.clock)());
            json!({
                "subtype": "message_deleted",
                "hidden": true,
                "ts": ts,
                "deleted_ts": message.ts,
                "previous_message": workspace.message_json(message),
            })
        }
    };
    event["type"] = json!("message");
    event["channel"] = json!(channel.id);
    event["channel_type"] = json!(channel_type);
    event["event_ts"] = event["ts"].clone();
    Some(event)
}

/// A message as its events hold it. Metadata has events of its own, which the bot does not subscribe to.
fn said(workspace: &Workspace, message: &Message) -> Value {
    let mut event = workspace.message_json(message);
    event["channel"] = json!(message.channel);
    event["event_ts"] = json!(message.ts);
    if let Some(parent) = message.thread_ts.as_deref().and_then(|ts| workspace.message(ts)) {
        event["parent_user_id"] = json!(parent.author);
    }
    let author = workspace.user(&message.author);
    if let Some(author) = author.filter(|author| workspace.is_external(author)) {
        event["user_team"] = json!(author.team_id);
        event["source_team"] = json!(author.team_id);
    }
    if let Some(event) = event.as_object_mut() {
        event.remove("metadata");
    }
    event
}

/// The thread's parent, from its own `ts` or that of a reply to it.
fn thread_of(workspace: &Workspace, channel: &Channel, ts: &str) -> Result<String, Mishap> {
    let named = workspace.message(ts).filter(|named| named.channel == channel.id && !named.is_ephemeral());
    let named = named.ok_or_else(|| impossible("there is no such thread"))?;
    Ok(named.thread_ts.clone().unwrap_or_else(|| named.ts.clone()))
}

fn own_message(workspace: &Workspace, person: &str, ts: &str) -> Result<Message, Mishap> {
    let user = acting_user(workspace, person)?;
    let message = message_seen(workspace, &user, ts)?;
    if message.author != user.id {
        return Err(impossible(format!("{ts} is not a message of {person}")));
    }
    Ok(message)
}
