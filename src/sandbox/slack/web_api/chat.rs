//! Saying things: `chat.postMessage`, `.postEphemeral`, `.update` and `.getPermalink`.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::arguments::{Arguments, invalid_arguments};
use crate::sandbox::slack::{Refusal, limits};
use crate::sandbox::workspace::Workspace;
use crate::sandbox::workspace::messages::Draft;
use crate::sandbox::workspace::people::{Channel, ChannelKind};

/// Characters of a message's metadata as JSON. Slack documents that there is a limit (`metadata_too_large`) and
/// not which; its users measured about 8 KB.
const LARGEST_METADATA: usize = 8000;

/// Longer texts are cut by `chat.postMessage`; from its reference page.
const LONGEST_TEXT: usize = 40_000;

/// Longer texts are refused by `chat.update`; from its reference page.
const LONGEST_UPDATE: usize = 4000;

/// All blocks of a message together, as JSON. Slack documents no figure; its users measured that it refuses
/// somewhat above 13,200 characters (slackapi/bolt-js issue 2509).
const LONGEST_BLOCKS: usize = 13_200;

pub(super) fn post_message(
    workspace: &mut Workspace,
    arguments: &Arguments,
    now: Timestamp,
) -> Result<Value, Refusal> {
    let channel = reachable_channel(workspace, arguments.required("channel")?)?.id.clone();
    let mut draft = read_draft(arguments)?;
    draft.text = draft.text.chars().take(LONGEST_TEXT).collect();
    draft.thread_ts = thread_of(workspace, &channel, arguments)?;
    let bot = workspace.bot_user_id.clone();
    let ts = workspace.post(&bot, &channel, draft, now);
    workspace.note_posted(&ts);
    let message = workspace.message(&ts).map(|message| workspace.message_json(message));
    Ok(json!({"ok": true, "channel": channel, "ts": ts, "message": message}))
}

pub(super) fn post_ephemeral(
    workspace: &mut Workspace,
    arguments: &Arguments,
    now: Timestamp,
) -> Result<Value, Refusal> {
    let channel = reachable_channel(workspace, arguments.required("channel")?)?.clone();
    let viewer = arguments.required("user")?;
    let active = workspace.users().iter().any(|user| user.id == viewer && !user.deleted);
    if !active || !channel.has(viewer) {
        return Err("user_not_in_channel".into());
    }
    let mut draft = read_draft(arguments)?;
    draft.visible_to = Some(viewer.to_owned());
    draft.thread_ts = thread_of(workspace, &channel.id, arguments)?;
    let bot = workspace.bot_user_id.clone();
    let ts = workspace.post(&bot, &channel.id, draft, now);
    Ok(json!({"ok": true, "message_ts": ts}))
}

pub(super) fn update(
    workspace: &mut Workspace,
    arguments: &Arguments,
    now: Timestamp,
) -> Result<Value, Refusal> {
    let id = arguments.required("channel")?;
    let channel =
        workspace.channels().iter().find(|channel| channel.id == id).ok_or("channel_not_found")?.id.clone();
    let ts = arguments.required("ts")?;
    let message =
        workspace.message(ts).filter(|message| message.channel == channel).ok_or("message_not_found")?;
    if message.author != workspace.bot_user_id || message.is_ephemeral() {
        return Err("cant_update_message".into());
    }
    let before = message.clone();
    let draft = read_draft(arguments)?;
    if draft.text.chars().count() > LONGEST_UPDATE {
        return Err("msg_too_long".into());
    }
    let text = draft.text.clone();
    workspace.replace_message(ts, draft, now);
    workspace.note_changed(before);
    let message = workspace.message(ts).map(|message| workspace.message_json(message));
    Ok(json!({"ok": true, "channel": channel, "ts": ts, "text": text, "message": message}))
}

pub(super) fn get_permalink(
    workspace: &mut Workspace,
    arguments: &Arguments,
    _: Timestamp,
) -> Result<Value, Refusal> {
    let id = arguments.required("channel")?;
    let channel = workspace.channels().iter().find(|channel| channel.id == id).ok_or("channel_not_found")?;
    let ts = arguments.required("message_ts")?;
    let in_channel = |message: &&_| -> bool {
        let message: &crate::sandbox::workspace::messages::Message = message;
        message.channel == channel.id && !message.is_ephemeral()
    };
    let message = workspace.message(ts).filter(in_channel).ok_or("message_not_found")?;
    let mut permalink = format!(
        "https://{}.slack.com/archives/{}/p{}",
        workspace.team_domain,
        channel.id,
        message.ts.replace('.', "")
    );
    if let Some(thread_ts) = &message.thread_ts {
        permalink += &format!("?thread_ts={thread_ts}&cid={}", channel.id);
    }
    Ok(json!({"ok": true, "channel": channel.id, "permalink": permalink}))
}

/// Where the bot may post: a channel that it is in, or the direct message with a user.
fn reachable_channel<'a>(workspace: &'a Workspace, id: &str) -> Result<&'a Channel, Refusal> {
    if let Some(direct) = workspace.direct_message_with(id) {
        return Ok(direct);
    }
    let channel = workspace.channel(id).ok_or("channel_not_found")?;
    match channel.kind {
        _ if channel.has(&workspace.bot_user_id) => Ok(channel),
        ChannelKind::Public => Err("not_in_channel".into()),
        // What the bot is not in, and nobody may look into, is for the bot not there.
        ChannelKind::Private | ChannelKind::Direct => Err("channel_not_found".into()),
    }
}

fn read_draft(arguments: &Arguments) -> Result<Draft, Refusal> {
    let text = arguments.text("text").unwrap_or_default().to_owned();
    let blocks = match arguments.json("blocks") {
        None => Vec::new(),
        Some(Value::Array(blocks)) if blocks.iter().all(Value::is_object) => blocks,
        Some(_) => return Err("invalid_blocks_format".into()),
    };
    if text.is_empty() && blocks.is_empty() {
        return Err("no_text".into());
    }
    let blocks_json = json!(blocks);
    limits::check_message(&blocks_json).map_err(|messages| Refusal { error: "invalid_blocks", messages })?;
    if blocks_json.to_string().chars().count() > LONGEST_BLOCKS {
        return Err("msg_blocks_too_long".into());
    }
    Ok(Draft { text, blocks, metadata: read_metadata(arguments)?, ..Draft::default() })
}

/// An empty object takes the metadata of an updated message away; any other has a type and a payload.
fn read_metadata(arguments: &Arguments) -> Result<Option<Value>, Refusal> {
    let Some(metadata) = arguments.json("metadata") else {
        return Ok(None);
    };
    let whole = metadata["event_type"].is_string() && metadata["event_payload"].is_object();
    if !whole && metadata != json!({}) {
        return Err("invalid_metadata_format".into());
    }
    if metadata.to_string().chars().count() > LARGEST_METADATA {
        return Err("metadata_too_large".into());
    }
    Ok(Some(metadata))
}

/// The thread's parent, from its own `ts` or that of a reply to it.
fn thread_of(workspace: &Workspace, channel: &str, arguments: &Arguments) -> Result<Option<String>, Refusal> {
    let Some(thread_ts) = arguments.text("thread_ts") else {
        return Ok(None);
    };
    let parent =
        workspace.message(thread_ts).filter(|message| message.channel == channel && !message.is_ephemeral());
    match parent {
        Some(parent) => Ok(Some(parent.thread_ts.clone().unwrap_or_else(|| parent.ts.clone()))),
        None => Err(invalid_arguments(vec!["[ERROR] no such thread [json-pointer:/thread_ts]".to_owned()])),
    }
}
