//! The parts of interaction payloads that several of them share.

use serde_json::{Value, json};

use crate::sandbox::slack::{APP_ID, VERIFICATION_TOKEN};
use crate::sandbox::workspace::Workspace;
use crate::sandbox::workspace::messages::Message;
use crate::sandbox::workspace::people::{Channel, User};
use crate::sandbox::workspace::views::OpenView;

/// What every interaction payload starts with.
pub(super) fn interaction(workspace: &Workspace, kind: &str, user: &User) -> Value {
    json!({
        "type": kind,
        "token": VERIFICATION_TOKEN,
        "api_app_id": APP_ID,
        "team": {"id": workspace.team_id, "domain": workspace.team_domain},
        "enterprise": null,
        "is_enterprise_install": false,
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team_id},
    })
}

/// Says that it happened in this message. As in Slack, the message itself is there only where others see it
/// too.
pub(super) fn add_message(payload: &mut Value, workspace: &Workspace, channel: &Channel, message: &Message) {
    payload["channel"] = json!({"id": channel.id, "name": channel.payload_name()});
    payload["container"] = json!({
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.is_ephemeral(),
    });
    if let Some(thread_ts) = &message.thread_ts {
        payload["container"]["thread_ts"] = json!(thread_ts);
    }
    if !message.is_ephemeral() {
        payload["message"] = workspace.message_json(message);
    }
}

/// Says that it happened in this modal or Home tab.
pub(super) fn add_view(payload: &mut Value, workspace: &Workspace, view: &OpenView) {
    payload["container"] = json!({"type": "view", "view_id": view.id});
    payload["view"] = workspace.view_json(view);
}
