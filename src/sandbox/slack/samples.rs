//! A small company for the unit tests of the Slack side.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::sandbox::Sandbox;
use crate::sandbox::scenario::Scenario;
use crate::sandbox::workspace::Workspace;

pub(in crate::sandbox) fn workspace() -> Workspace {
    Workspace::found(&scenario())
}

/// At a clock that stands still.
pub(in crate::sandbox) fn sandbox() -> Arc<Sandbox> {
    let now = Timestamp::from_second(1_700_000_000).unwrap();
    Sandbox::new(scenario(), Arc::new(move || now))
}

pub(in crate::sandbox) fn modal(title: &str) -> Value {
    json!({
        "type": "modal",
        "callback_id": "sample",
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": [{
            "type": "input",
            "block_id": "note",
            "label": {"type": "plain_text", "text": "Note"},
            "element": {"type": "plain_text_input", "action_id": "text"},
        }],
    })
}

fn scenario() -> Scenario {
    Scenario::named("company").unwrap().unwrap()
}
