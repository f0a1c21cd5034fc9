//! Everything that the bot ever sent to people, in order and never taken back, for tests to look at.

use serde_json::Value;

use super::Workspace;

/// One thing that the bot sent.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The Web API method, as `chat.postMessage`; or `response_url`; or `acknowledgement` for a message or
    /// view in the body of the bot's answer to a request of Slack's.
    pub method: String,
    /// All that it asked, without the token.
    pub request: Value,
    /// What Slack answered, refusals included: `{"ok": false, "error": …}`.
    pub answer: Value,
}

impl Sent {
    /// The error with which Slack refused it.
    pub fn refusal(&self) -> Option<&str> {
        self.answer.get("error").and_then(Value::as_str)
    }
}

impl Workspace {
    /// Everything sent since the founding, oldest first.
    pub fn outbox(&self) -> &[Sent] {
        &self.outbox
    }

    /// Remembers what the bot sent and what became of it.
    pub(in crate::sandbox) fn note_sent(&mut self, method: &str, request: Value, answer: Value) {
        self.outbox.push(Sent { method: method.to_owned(), request, answer });
        self.note_change();
    }
}
