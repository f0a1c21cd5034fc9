//! What Slack may be told at once, in the answer to its request.

use serde_json::Value;

use crate::words::slack::Message;

/// The answer to a request of Slack's. `web` turns it into HTTP.
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
