//! Socket Mode: `apps.connections.open`.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::arguments::Arguments;
use crate::sandbox::slack::{APP_ID, Refusal};
use crate::sandbox::workspace::Workspace;

/// An address for one connection; its ticket is good once.
pub(super) fn open(workspace: &mut Workspace, _: &Arguments, _: Timestamp) -> Result<Value, Refusal> {
    let ticket = workspace.issue_socket_ticket();
    let base = workspace.sandbox_url.replacen("http", "ws", 1);
    Ok(json!({"ok": true, "url": format!("{base}/link/?ticket={ticket}&app_id={APP_ID}")}))
}
