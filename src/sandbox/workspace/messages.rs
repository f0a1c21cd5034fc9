//! Messages: posting, updating and deleting them, and who sees which.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::Workspace;
use super::controls::{controls, fill_in_ids};
use super::people::SLACKBOT_USER_ID;
use crate::sandbox::slack::{APP_ID, BOT_ID};

/// One message, from a person or from the bot.
#[derive(Clone, Debug)]
pub struct Message {
    /// Unique in the whole workspace, and the order of the messages.
    pub ts: String,
    /// Channel id.
    pub channel: String,
    /// User id.
    pub author: String,
    /// What a notification shows and a screen reader reads, in Slack's markup.
    pub text: String,
    /// Block Kit as the bot sent it, with missing block and action ids filled in as Slack does.
    pub blocks: Vec<Value>,
    /// The parent's `ts`, for a reply in a thread.
    pub thread_ts: Option<String>,
    pub manner: Manner,
    /// An ephemeral message's only viewer (user id).
    pub visible_to: Option<String>,
    pub metadata: Option<Value>,
    /// When it was last updated by its author, as a `ts`.
    pub edited_ts: Option<String>,
    /// It was deleted, and stays as a mark of itself because it has replies.
    pub is_tombstone: bool,
}

/// How something is said, beside its words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Manner {
    #[default]
    Plainly,
    /// With a file of this name: Slack's subtype `file_share`.
    WithFile(String),
    /// A reply that is shown in the channel too: Slack's subtype `thread_broadcast`.
    AlsoInChannel,
}

/// What somebody wants to say.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    pub text: String,
    pub blocks: Vec<Value>,
    pub thread_ts: Option<String>,
    pub manner: Manner,
    pub visible_to: Option<String>,
    pub metadata: Option<Value>,
}

impl Workspace {
    /// All messages, oldest first, ephemeral ones included.
    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// What this user sees in this channel, oldest first.
    pub fn messages_seen_by<'a>(
        &'a self,
        user_id: &'a str,
        channel: &'a str,
    ) -> impl Iterator<Item = &'a Message> {
        self.messages.iter().filter(move |message| message.channel == channel && message.is_seen_by(user_id))
    }

    /// The message of this `ts`, ephemeral or not.
    pub fn message(&self, ts: &str) -> Option<&Message> {
        self.messages.iter().find(|message| message.ts == ts)
    }

    /// Says it in the channel and gives the message's `ts`.
    pub fn post(&mut self, author: &str, channel: &str, draft: Draft, now: Timestamp) -> String {
        let ts = self.ids.next_ts(now);
        let mut blocks = draft.blocks;
        fill_in_ids(&mut blocks, &mut self.ids);
        self.messages.push(Message {
            ts: ts.clone(),
            channel: channel.to_owned(),
            author: author.to_owned(),
            text: draft.text,
            blocks,
            thread_ts: draft.thread_ts,
            manner: draft.manner,
            visible_to: draft.visible_to,
            metadata: draft.metadata.filter(|metadata| *metadata != json!({})),
            edited_ts: None,
            is_tombstone: false,
        });
        self.note_change();
        ts
    }

    /// Puts new words in place of a message's old ones; where it stands and who sees it stay. Metadata
    /// stays too where the draft has none, and goes where it is an empty object. Says whether there was such
    /// a message.
    pub fn replace_message(&mut self, ts: &str, draft: Draft, now: Timestamp) -> bool {
        let edited_ts = self.ids.next_ts(now);
        let mut blocks = draft.blocks;
        fill_in_ids(&mut blocks, &mut self.ids);
        let Some(message) = self.messages.iter_mut().find(|message| message.ts == ts) else {
            return false;
        };
        message.text = draft.text;
        message.blocks = blocks;
        message.metadata =
            draft.metadata.or(message.metadata.take()).filter(|metadata| *metadata != json!({}));
        message.edited_ts = Some(edited_ts);
        self.note_change();
        true
    }

    /// Takes the message away; one with replies stays as a mark that there was one. Says whether there was
    /// such a message.
    pub fn delete_message(&mut self, ts: &str) -> bool {
        let has_replies = self.messages.iter().any(|message| message.thread_ts.as_deref() == Some(ts));
        let Some(position) = self.messages.iter().position(|message| message.ts == ts) else {
            return false;
        };
        if has_replies {
            let message = &mut self.messages[position];
            SLACKBOT_USER_ID.clone_into(&mut message.author);
            "This message was deleted.".clone_into(&mut message.text);
            message.blocks.clear();
            message.metadata = None;
            message.manner = Manner::Plainly;
            message.is_tombstone = true;
        } else {
            self.messages.remove(position);
        }
        self.note_change();
        true
    }

    /// The message object as Slack's API answers and payloads hold it.
    pub fn message_json(&self, message: &Message) -> Value {
        let mut object = json!({
            "type": "message",
            "user": message.author,
            "ts": message.ts,
            "text": message.text,
            "team": self.user(&message.author).map_or(&self.team_id, |author| &author.team_id),
        });
        match &message.manner {
            Manner::Plainly => {}
            Manner::WithFile(name) => {
                object["subtype"] = json!("file_share");
                object["files"] = json!([{"id": format!("F{}", message.ts), "name": name, "title": name}]);
                object["upload"] = json!(false);
            }
            Manner::AlsoInChannel => object["subtype"] = json!("thread_broadcast"),
        }
        if message.is_tombstone {
            object["subtype"] = json!("tombstone");
            object["hidden"] = json!(true);
        }
        if message.author == self.bot_user_id {
            object["bot_id"] = json!(BOT_ID);
            object["app_id"] = json!(APP_ID);
        }
        if !message.blocks.is_empty() {
            object["blocks"] = json!(message.blocks);
        }
        if let Some(thread_ts) = &message.thread_ts {
            object["thread_ts"] = json!(thread_ts);
        }
        if let Some(metadata) = &message.metadata {
            object["metadata"] = metadata.clone();
        }
        // Slack leaves the mark out where a message has blocks.
        if let (Some(edited_ts), true) = (&message.edited_ts, message.blocks.is_empty()) {
            object["edited"] = json!({"user": message.author, "ts": edited_ts});
        }
        object
    }
}

impl Message {
    /// Whether there is something to press or to fill in.
    pub fn has_controls(&self) -> bool {
        !controls(&self.blocks).is_empty()
    }

    pub fn is_ephemeral(&self) -> bool {
        self.visible_to.is_some()
    }

    /// Whether this user sees it, given that they are in the channel.
    pub fn is_seen_by(&self, user_id: &str) -> bool {
        self.visible_to.as_deref().is_none_or(|viewer| viewer == user_id)
    }
}
