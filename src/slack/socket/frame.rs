//! What comes through a connection, and what goes back. Tolerant: a frame that is not understood is no reason to end
//! the connection.

use serde_json::{Value, json};

use crate::slack::inbound::Inbound;
use crate::slack::reply::Reply;

/// One message of Slack's.
#[derive(Debug, PartialEq)]
pub(super) enum Frame {
    /// The connection is ready.
    Hello {
        /// How many connections the app has now, over all replicas.
        app_connections: Option<u64>,
    },
    /// The connection is about to end.
    Disconnect(Reason),
    Envelope(Box<Envelope>),
    NotUnderstood,
}

/// Why a connection is about to end (docs.slack.dev, "Using Socket Mode").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// In about 10 s.
    Warning,
    /// Connections are refreshed every few hours.
    RefreshRequested,
    /// Socket Mode was switched off.
    LinkDisabled,
    /// Another, as `too_many_websockets`.
    Other,
}

impl Reason {
    /// One word for a metric's label.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::RefreshRequested => "refresh_requested",
            Self::LinkDisabled => "link_disabled",
            Self::Other => "other",
        }
    }
}

/// Something that Slack wants to be acknowledged.
#[derive(Debug, PartialEq)]
pub(super) struct Envelope {
    pub(super) inbound: Inbound,
    /// Whether Slack has sent it before; an event alone tells.
    pub(super) is_repeated: bool,
    pub(super) receipt: Receipt,
}

/// By what Slack knows an acknowledgement.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Receipt {
    envelope_id: String,
    takes_payload: bool,
}

impl Frame {
    pub(super) fn read(text: &str) -> Self {
        let Ok(frame) = serde_json::from_str::<Value>(text) else {
            return Self::NotUnderstood;
        };
        match frame["type"].as_str() {
            Some("hello") => Self::Hello { app_connections: frame["num_connections"].as_u64() },
            Some("disconnect") => Self::Disconnect(match frame["reason"].as_str() {
                Some("warning") => Reason::Warning,
                Some("refresh_requested") => Reason::RefreshRequested,
                Some("link_disabled") => Reason::LinkDisabled,
                _ => Reason::Other,
            }),
            Some(kind) => match frame["envelope_id"].as_str() {
                Some(id) => Self::Envelope(Box::new(Envelope {
                    inbound: Inbound::in_envelope(kind, &frame["payload"]),
                    is_repeated: frame["retry_attempt"].as_u64().is_some_and(|attempt| attempt > 0),
                    receipt: Receipt {
                        envelope_id: id.to_owned(),
                        takes_payload: frame["accepts_response_payload"] != false,
                    },
                })),
                None => Self::NotUnderstood,
            },
            None => Self::NotUnderstood,
        }
    }
}

impl Receipt {
    /// What Slack is to be told; nothing where it is to send the envelope again.
    pub(super) fn acknowledgement(&self, reply: &Reply) -> Option<String> {
        if *reply == Reply::NotTaken {
            return None;
        }
        let mut acknowledgement = json!({"envelope_id": self.envelope_id});
        if let Some(answer) = reply.json().filter(|_| self.takes_payload) {
            acknowledgement["payload"] = answer;
        }
        Some(acknowledgement.to_string())
    }
}
