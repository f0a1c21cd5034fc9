//! Socket Mode: `apps.connections.open`.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::arguments::Arguments;
use crate::sandbox::slack::{APP_ID, Refusal};
use crate::sandbox::workspace::Workspace;

/// An address for one connection; its ticket is good once. Where the app has Socket Mode off, Slack answers the same
/// with a warning: such a connection is greeted, and nothing ever comes through it.
pub(super) fn open(workspace: &mut Workspace, _: &Arguments, _: Timestamp) -> Result<Value, Refusal> {
    let ticket = workspace.issue_socket_ticket();
    let base = workspace.sandbox_url.replacen("http", "ws", 1);
    let mut opened = json!({"ok": true, "url": format!("{base}/link/?ticket={ticket}&app_id={APP_ID}")});
    if !workspace.socket_mode {
        opened["response_metadata"] = json!({"messages": ["[WARN] Socket Mode is not turned on."]});
    }
    Ok(opened)
}
