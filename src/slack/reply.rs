//! What Slack may be told at once, in the answer to its request. Shapes: docs.slack.dev, "Handling user
//! interaction", "Updating modal views" and "Select menu element".

use serde_json::{Map, Value, json};

use crate::words::slack::Message;

/// The answer to what Slack sent. Over HTTP `web` makes a response of it, in Socket Mode it goes into the
/// acknowledgement.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// Received; there is nothing to show, or it comes later.
    Empty,
    /// It could not be taken: Slack repeats an event, and tells a person that it failed.
    NotTaken,
    /// To a command: a message that only the asker sees.
    Message(Message),
    /// To a type-ahead: label and value of each option, at most 100.
    Options(Vec<(String, String)>),
    /// To a form: the block's id and what is wrong there. The form stays open.
    FormErrors(Vec<(String, String)>),
    /// To a form: the view that takes its place.
    View(Value),
    /// To a form: every view of the stack is closed.
    Clear,
    /// To the check of a request URL: its challenge.
    Text(String),
}

impl Reply {
    /// What it tells Slack as JSON, where it tells anything.
    pub fn json(&self) -> Option<Value> {
        match self {
            Self::Empty | Self::NotTaken | Self::Text(_) => None,
            Self::Message(message) => Some(json!({
                "response_type": "ephemeral",
                "text": message.text,
                "blocks": message.blocks,
            })),
            Self::Options(options) => {
                let options: Vec<Value> = options.iter().map(|(label, value)| option(label, value)).collect();
                Some(json!({ "options": options }))
            }
            Self::FormErrors(errors) => {
                let errors: Map<String, Value> = errors
                    .iter()
                    .map(|(block, sentence)| (block.clone(), sentence.as_str().into()))
                    .collect();
                Some(json!({"response_action": "errors", "errors": errors}))
            }
            Self::View(view) => Some(json!({"response_action": "update", "view": view})),
            Self::Clear => Some(json!({"response_action": "clear"})),
        }
    }
}

fn option(label: &str, value: &str) -> Value {
    json!({"text": {"type": "plain_text", "text": label}, "value": value})
}
