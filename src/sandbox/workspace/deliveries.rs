//! Everything that the bot was ever sent, in order, so that a test can send the very same once more.

use serde_json::Value;

use super::Workspace;

/// One request of Slack's to the bot, but for its time and signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// As `/slack/events`.
    pub path: String,
    pub content_type: String,
    pub body: String,
}

impl Delivery {
    /// What it is about: `command`; an interaction's type, as `block_actions`; an event's, as `app_mention`.
    pub fn kind(&self) -> String {
        let field = |wanted: &str| {
            let mut fields = url::form_urlencoded::parse(self.body.as_bytes());
            fields.find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
        };
        if self.content_type.starts_with("application/json") {
            let envelope = parsed(&self.body);
            return text(&envelope["event"]["type"]).or(text(&envelope["type"])).unwrap_or_default();
        }
        match field("payload") {
            Some(payload) => text(&parsed(&payload)["type"]).unwrap_or_default(),
            None => field("command").map(|_| "command".to_owned()).unwrap_or_default(),
        }
    }
}

impl Workspace {
    /// Every request to the bot since the founding, repeated ones too, oldest first.
    pub fn deliveries(&self) -> &[Delivery] {
        &self.deliveries
    }

    /// The newest request of this [`kind`](Delivery::kind).
    pub fn last_delivery(&self, kind: &str) -> Option<Delivery> {
        self.deliveries.iter().rfind(|delivery| delivery.kind() == kind).cloned()
    }

    pub(in crate::sandbox) fn note_delivery(&mut self, delivery: Delivery) {
        self.deliveries.push(delivery);
        self.note_change();
    }
}

fn parsed(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_default()
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}
