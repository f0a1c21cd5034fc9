//! What was said: `conversations.history`, the newest first and without the replies in threads, and
//! `conversations.replies`, one thread from its parent on.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::arguments::Arguments;
use crate::sandbox::slack::Refusal;
use crate::sandbox::workspace::Workspace;
use crate::sandbox::workspace::messages::{Manner, Message};
use crate::sandbox::workspace::people::{Channel, ChannelKind};

/// Most messages on one page, whatever the caller asks for. Slack gives this many to apps that are distributed
/// outside its marketplace (the methods' reference pages), and a caller that reads only the first page fails here
/// instead of in a busy channel.
const MESSAGES_ON_A_PAGE: usize = 15;

/// The most that Slack allows to ask for: the reference pages of `conversations.history` and `.replies`.
const LARGEST_LIMIT_OF_A_CHANNEL: usize = 999;
const LARGEST_LIMIT_OF_A_THREAD: usize = 1000;

pub(super) fn of_channel(
    workspace: &mut Workspace,
    arguments: &Arguments,
    _: Timestamp,
) -> Result<Value, Refusal> {
    let channel = readable_channel(workspace, arguments.required("channel")?)?;
    let window = Window::read(arguments)?;
    let told = |message: &&Message| {
        let in_channel = message.thread_ts.is_none() || message.manner == Manner::AlsoInChannel;
        message.channel == channel.id && in_channel && window.holds(&message.ts)
    };
    let messages: Vec<&Message> = lasting(workspace).filter(told).rev().collect();
    let page = Page::read(arguments, &messages, LARGEST_LIMIT_OF_A_CHANNEL)?;
    let mut answer = page.json(workspace, arguments);
    answer["pin_count"] = json!(0);
    Ok(answer)
}

pub(super) fn of_thread(
    workspace: &mut Workspace,
    arguments: &Arguments,
    _: Timestamp,
) -> Result<Value, Refusal> {
    let channel = readable_channel(workspace, arguments.required("channel")?)?;
    let ts = arguments.required("ts")?;
    let window = Window::read(arguments)?;
    let named = lasting(workspace).find(|message| message.channel == channel.id && message.ts == ts);
    let parent = named.ok_or("thread_not_found")?;
    let parent = parent.thread_ts.as_deref().unwrap_or(&parent.ts);
    let told = |message: &&Message| {
        message.ts == parent || (message.thread_ts.as_deref() == Some(parent) && window.holds(&message.ts))
    };
    let messages: Vec<&Message> = lasting(workspace).filter(told).collect();
    let page = Page::read(arguments, &messages, LARGEST_LIMIT_OF_A_THREAD)?;
    Ok(page.json(workspace, arguments))
}

/// Only what the bot is in can be read.
fn readable_channel<'a>(workspace: &'a Workspace, id: &str) -> Result<&'a Channel, Refusal> {
    let channel = workspace.channels().iter().find(|channel| channel.id == id).ok_or("channel_not_found")?;
    match channel.kind {
        _ if channel.has(&workspace.bot_user_id) => Ok(channel),
        ChannelKind::Public => Err("not_in_channel".into()),
        ChannelKind::Private | ChannelKind::Direct => Err("channel_not_found".into()),
    }
}

/// Slack keeps no ephemeral message.
fn lasting(workspace: &Workspace) -> impl DoubleEndedIterator<Item = &Message> {
    workspace.messages().iter().filter(|message| !message.is_ephemeral())
}

/// The time that the caller asks about, in microseconds.
struct Window {
    oldest: Option<i64>,
    latest: Option<i64>,
    inclusive: bool,
}

impl Window {
    fn read(arguments: &Arguments) -> Result<Self, Refusal> {
        let end = |name: &str, error: &'static str| match arguments.text(name) {
            None | Some("0") => Ok(None),
            Some(ts) => microseconds(ts).map(Some).ok_or(Refusal::from(error)),
        };
        Ok(Self {
            oldest: end("oldest", "invalid_ts_oldest")?,
            latest: end("latest", "invalid_ts_latest")?,
            inclusive: arguments.flag("inclusive"),
        })
    }

    fn holds(&self, ts: &str) -> bool {
        let Some(at) = microseconds(ts) else {
            return false;
        };
        let after = self.oldest.is_none_or(|oldest| at > oldest || (self.inclusive && at == oldest));
        let before = self.latest.is_none_or(|latest| at < latest || (self.inclusive && at == latest));
        after && before
    }
}

/// A `ts`, with or without its fraction.
fn microseconds(ts: &str) -> Option<i64> {
    let (seconds, fraction) = ts.split_once('.').unwrap_or((ts, "0"));
    let digits = fraction.bytes().all(|byte| byte.is_ascii_digit()) && (1..=6).contains(&fraction.len());
    let seconds: i64 = seconds.parse().ok().filter(|_| digits)?;
    format!("{fraction:0<6}").parse::<i64>().ok().map(|fraction| seconds * 1_000_000 + fraction)
}

/// Some of the messages, and where the next page begins.
struct Page<'a> {
    messages: &'a [&'a Message],
    next_cursor: Option<String>,
}

impl<'a> Page<'a> {
    fn read(arguments: &Arguments, all: &'a [&'a Message], largest: usize) -> Result<Self, Refusal> {
        let limit = match arguments.number("limit") {
            None => MESSAGES_ON_A_PAGE,
            Some(Ok(limit)) if (1..=largest).contains(&limit) => limit.min(MESSAGES_ON_A_PAGE),
            Some(_) => return Err("invalid_limit".into()),
        };
        let start = match arguments.text("cursor") {
            None => 0,
            Some(cursor) => {
                let ts = cursor.strip_prefix("next_ts:").ok_or("invalid_cursor")?;
                all.iter().position(|message| message.ts == ts).ok_or("invalid_cursor")?
            }
        };
        let end = all.len().min(start + limit);
        let next_cursor = all.get(end).map(|message| format!("next_ts:{}", message.ts));
        Ok(Self { messages: &all[start..end], next_cursor })
    }

    /// Metadata is there only where the caller asks for all of it.
    fn json(&self, workspace: &Workspace, arguments: &Arguments) -> Value {
        let with_metadata = arguments.flag("include_all_metadata");
        let told = |message: &&Message| {
            let mut object = with_thread(workspace, message);
            if let (false, Some(object)) = (with_metadata, object.as_object_mut()) {
                object.remove("metadata");
            }
            object
        };
        let messages: Vec<Value> = self.messages.iter().map(told).collect();
        let mut answer = json!({"ok": true, "messages": messages, "has_more": self.next_cursor.is_some()});
        if let Some(next_cursor) = &self.next_cursor {
            answer["response_metadata"] = json!({"next_cursor": next_cursor});
        }
        answer
    }
}

/// The message, and where it stands in its thread: a parent counts its replies, a reply names its parent's author.
fn with_thread(workspace: &Workspace, message: &Message) -> Value {
    let mut object = workspace.message_json(message);
    if let Some(parent) = message.thread_ts.as_deref().and_then(|ts| workspace.message(ts)) {
        object["parent_user_id"] = json!(parent.author);
        return object;
    }
    let replies: Vec<&Message> =
        lasting(workspace).filter(|reply| reply.thread_ts.as_ref() == Some(&message.ts)).collect();
    if let Some(latest) = replies.last() {
        let mut authors: Vec<&String> = replies.iter().map(|reply| &reply.author).collect();
        authors.sort();
        authors.dedup();
        object["thread_ts"] = json!(message.ts);
        object["reply_count"] = json!(replies.len());
        object["reply_users_count"] = json!(authors.len());
        object["reply_users"] = json!(authors);
        object["latest_reply"] = json!(latest.ts);
    }
    object
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::slack::samples::Client;
    use crate::sandbox::workspace::messages::Draft;

    async fn texts_on_all_pages(client: &Client, method: &str, mut arguments: Value) -> Vec<String> {
        let mut texts = Vec::new();
        loop {
            let page = client.call(method, arguments.clone()).await;
            let messages = page["messages"].as_array().unwrap_or_else(|| panic!("{page}"));
            texts.extend(messages.iter().map(|message| message["text"].as_str().unwrap().to_owned()));
            let cursor = page["response_metadata"]["next_cursor"].clone();
            assert_eq!(page["has_more"], cursor.is_string());
            if cursor.is_null() {
                return texts;
            }
            arguments["cursor"] = cursor;
        }
    }

    /// Posts it and gives its `ts`.
    async fn post(client: &Client, message: Value) -> String {
        client.call("chat.postMessage", message).await["ts"].as_str().unwrap().to_owned()
    }

    #[tokio::test]
    async fn a_channel_tells_the_newest_first_and_no_replies_and_nothing_ephemeral() {
        let client = Client::new().await;
        let mut posted = Vec::new();
        for number in 0..20 {
            posted.push(post(&client, json!({"channel": "C0HELPDESK", "text": format!("{number}")})).await);
        }
        post(&client, json!({"channel": "C0HELPDESK", "text": "reply", "thread_ts": posted[3]})).await;
        let whisper = json!({"channel": "C0HELPDESK", "user": "U0SAM", "text": "for you"});
        client.call("chat.postEphemeral", whisper).await;

        let all: Vec<String> = (0..20).rev().map(|number| number.to_string()).collect();
        let whole = json!({"channel": "C0HELPDESK", "limit": 200});
        assert_eq!(texts_on_all_pages(&client, "conversations.history", whole).await, all);

        let mut between = json!({"channel": "C0HELPDESK", "oldest": posted[2], "latest": posted[5]});
        let texts = texts_on_all_pages(&client, "conversations.history", between.clone()).await;
        assert_eq!(texts, ["4", "3"]);
        between["inclusive"] = json!("true");
        let texts = texts_on_all_pages(&client, "conversations.history", between.clone()).await;
        assert_eq!(texts, ["5", "4", "3", "2"]);
        let parent = &client.call("conversations.history", between).await["messages"][2];
        assert_eq!((&parent["reply_count"], &parent["thread_ts"]), (&json!(1), &json!(posted[3])));
    }

    #[tokio::test]
    async fn a_thread_is_read_from_its_parent_on() {
        let client = Client::new().await;
        let parent = post(&client, json!({"channel": "C0HELPDESK", "text": "parent"})).await;
        let mut replies = Vec::new();
        for number in 0..20 {
            let reply = json!({"channel": "C0HELPDESK", "text": format!("{number}"), "thread_ts": parent});
            replies.push(post(&client, reply).await);
        }
        let expected: Vec<String> =
            ["parent".to_owned()].into_iter().chain((0..20).map(|number| number.to_string())).collect();
        for ts in [&parent, &replies[7]] {
            let thread = json!({"channel": "C0HELPDESK", "ts": ts});
            assert_eq!(texts_on_all_pages(&client, "conversations.replies", thread).await, expected);
        }
        let now = (client.sandbox.clock)();
        let broadcast = Draft {
            text: "for all".to_owned(),
            thread_ts: Some(parent.clone()),
            manner: Manner::AlsoInChannel,
            ..Draft::default()
        };
        client.sandbox.workspace().post("U0SAM", "C0HELPDESK", broadcast, now);
        let whole = json!({"channel": "C0HELPDESK"});
        let shown = texts_on_all_pages(&client, "conversations.history", whole).await;
        assert_eq!(shown, ["for all", "parent"]);

        let late = json!({"channel": "C0HELPDESK", "ts": parent, "oldest": replies[18]});
        assert_eq!(
            texts_on_all_pages(&client, "conversations.replies", late).await,
            ["parent", "19", "for all"]
        );
        let first =
            &client.call("conversations.replies", json!({"channel": "C0HELPDESK", "ts": parent})).await;
        assert_eq!(first["messages"][1]["parent_user_id"], "U0SSOWHY");
    }

    #[tokio::test]
    async fn metadata_is_told_only_to_who_asks_and_lasts_until_it_is_taken_away() {
        let client = Client::new().await;
        let metadata = json!({"event_type": "mark", "event_payload": {"mark": "7"}});
        let marked = json!({"channel": "C0HELPDESK", "text": "marked", "metadata": metadata});
        let ts = post(&client, marked).await;
        let seen = async |wanted: bool| {
            let asked = json!({"channel": "C0HELPDESK", "include_all_metadata": wanted});
            client.call("conversations.history", asked).await["messages"][0].get("metadata").cloned()
        };
        assert_eq!((seen(false).await, seen(true).await), (None, Some(metadata.clone())));

        let mut update = json!({"channel": "C0HELPDESK", "ts": ts, "text": "changed"});
        client.call("chat.update", update.clone()).await;
        assert_eq!(seen(true).await, Some(metadata));
        update["metadata"] = json!({});
        client.call("chat.update", update).await;
        assert_eq!(seen(true).await, None);

        for (bad, error) in [
            (json!("mark"), "invalid_metadata_format"),
            (json!({"event_type": "mark"}), "invalid_metadata_format"),
            (json!({"event_type": "m", "event_payload": {"x": "y".repeat(9000)}}), "metadata_too_large"),
        ] {
            let message = json!({"channel": "C0HELPDESK", "text": "marked", "metadata": bad});
            assert_eq!(client.call("chat.postMessage", message).await["error"], error);
        }
    }

    #[tokio::test]
    async fn what_cannot_be_read_is_refused_by_its_name() {
        let client = Client::new().await;
        let refusals = [
            (json!({"channel": "C0NOWHERE"}), "channel_not_found"),
            (json!({"channel": "C0HELPDESK", "limit": 1000}), "invalid_limit"),
            (json!({"channel": "C0HELPDESK", "cursor": "next_ts:1.2"}), "invalid_cursor"),
            (json!({"channel": "C0HELPDESK", "oldest": "yesterday"}), "invalid_ts_oldest"),
            (json!({"channel": "C0HELPDESK", "latest": "1.x"}), "invalid_ts_latest"),
        ];
        for (arguments, error) in refusals {
            assert_eq!(client.call("conversations.history", arguments).await["error"], error);
        }
        let no_thread = json!({"channel": "C0HELPDESK", "ts": "1.2"});
        assert_eq!(client.call("conversations.replies", no_thread).await["error"], "thread_not_found");

        for (channel, scope) in
            [("C0HELPDESK", "channels:history"), ("C0ADMINS", "groups:history"), ("D0DANA", "im:history")]
        {
            client.sandbox.workspace().app.scopes.remove(scope);
            let refused = client.call("conversations.history", json!({"channel": channel})).await;
            assert_eq!((&refused["error"], &refused["needed"]), (&json!("missing_scope"), &json!(scope)));
        }
    }

    #[tokio::test]
    async fn a_parent_that_was_deleted_leaves_a_mark() {
        let client = Client::new().await;
        let parent = post(&client, json!({"channel": "C0HELPDESK", "text": "parent"})).await;
        let now = (client.sandbox.clock)();
        let reply = Draft { text: "reply".to_owned(), thread_ts: Some(parent.clone()), ..Draft::default() };
        client.sandbox.workspace().post("U0SAM", "C0HELPDESK", reply, now);
        client.sandbox.workspace().delete_message(&parent);

        let thread =
            client.call("conversations.replies", json!({"channel": "C0HELPDESK", "ts": parent})).await;
        assert_eq!(thread["messages"][0]["subtype"], "tombstone");
        assert_eq!(thread["messages"][1]["text"], "reply");
    }
}
