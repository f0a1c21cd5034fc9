//! Channels and direct messages: `conversations.open`, `.info` and `.members`.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::arguments::Arguments;
use crate::sandbox::slack::Refusal;
use crate::sandbox::workspace::Workspace;
use crate::sandbox::workspace::people::ChannelKind;

/// Most members on one page, whatever the caller asks for: Slack may give fewer than asked, and small pages
/// make a caller that reads only the first one fail here instead of in a large company.
const MEMBERS_ON_A_PAGE: usize = 2;

/// The most that Slack allows to ask for.
const LARGEST_LIMIT: usize = 1000;

pub(super) fn open(workspace: &mut Workspace, arguments: &Arguments, _: Timestamp) -> Result<Value, Refusal> {
    let id = arguments.text("users").ok_or("users_list_not_supplied")?;
    let user = workspace.users().iter().find(|user| user.id == id).ok_or("user_not_found")?;
    if user.deleted {
        return Err("user_disabled".into());
    }
    if workspace.is_external(user) {
        return Err("user_not_visible".into());
    }
    let channel = workspace.direct_message_with(&user.id).ok_or("cannot_dm_bot")?;
    Ok(json!({"ok": true, "no_op": true, "already_open": true, "channel": {"id": channel.id}}))
}

pub(super) fn info(workspace: &mut Workspace, arguments: &Arguments, _: Timestamp) -> Result<Value, Refusal> {
    let id = arguments.required("channel")?;
    let channel = workspace.channels().iter().find(|channel| channel.id == id).ok_or("channel_not_found")?;
    if channel.kind == ChannelKind::Direct {
        let user = channel.members.first();
        return Ok(json!({"ok": true, "channel": {
            "id": channel.id, "is_im": true, "is_archived": false, "user": user, "is_open": true,
        }}));
    }
    let private = channel.kind == ChannelKind::Private;
    let shared = channel.is_ext_shared();
    let other_team = channel.shared_with.as_ref();
    let teams: Vec<&String> = [&workspace.team_id].into_iter().chain(other_team).collect();
    Ok(json!({"ok": true, "channel": {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": !private,
        "is_group": private,
        "is_im": false,
        "is_mpim": false,
        "is_private": private,
        "is_archived": false,
        "is_general": channel.name == "general",
        "is_shared": shared,
        "is_ext_shared": shared,
        "is_org_shared": false,
        "is_pending_ext_shared": false,
        "shared_team_ids": teams,
        "connected_team_ids": other_team.into_iter().collect::<Vec<_>>(),
        "is_member": channel.has(&workspace.bot_user_id),
        "context_team_id": workspace.team_id,
    }}))
}

pub(super) fn members(
    workspace: &mut Workspace,
    arguments: &Arguments,
    _: Timestamp,
) -> Result<Value, Refusal> {
    let id = arguments.required("channel")?;
    let channel = workspace.channels().iter().find(|channel| channel.id == id).ok_or("channel_not_found")?;
    let limit = match arguments.number("limit") {
        None => MEMBERS_ON_A_PAGE,
        Some(Ok(limit)) if (1..=LARGEST_LIMIT).contains(&limit) => limit.min(MEMBERS_ON_A_PAGE),
        Some(_) => return Err("invalid_limit".into()),
    };
    let start = match arguments.text("cursor") {
        None => 0,
        Some(cursor) => {
            let after = cursor.strip_prefix("after:").ok_or("invalid_cursor")?;
            channel.members.iter().position(|member| member == after).ok_or("invalid_cursor")? + 1
        }
    };
    let page: Vec<&String> = channel.members.iter().skip(start).take(limit).collect();
    let more = start + page.len() < channel.members.len();
    let next_cursor = match page.last() {
        Some(last) if more => format!("after:{last}"),
        _ => String::new(),
    };
    Ok(json!({"ok": true, "members": page, "response_metadata": {"next_cursor": next_cursor}}))
}
