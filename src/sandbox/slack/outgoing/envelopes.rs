//! Socket Mode: what Slack tells the bot goes as an envelope through a connection that the bot has opened, and again
//! through another where that one ends before the bot has acknowledged it. From Slack's page "Using Socket Mode", which
//! leaves open whether that goes for commands and buttons as for events: here it does, so that whatever may come twice
//! does come twice.

use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::time::timeout;

use super::delivery::{Acknowledgement, JSON, Undelivered};
use crate::sandbox::Sandbox;
use crate::sandbox::workspace::deliveries::Delivery;

/// How long an envelope that was lost waits for another connection: as long as Slack waits before it repeats an
/// event for the second time (its page on the Events API).
const REPEATED_WITHIN: Duration = Duration::from_secs(60);

impl Sandbox {
    /// Sends what would be a request, and waits until the bot has acknowledged it. `repeated` is which repetition it
    /// is, and why, of an event.
    ///
    /// # Errors
    /// [`Undelivered::Timeout`] where a connection stands and nothing is acknowledged in time,
    /// [`Undelivered::ConnectionFailed`] where there is no connection.
    pub(super) async fn deliver_by_socket(
        &self,
        delivery: &Delivery,
        repeated: Option<(u64, &str)>,
    ) -> Result<Acknowledgement, Undelivered> {
        let (mut attempt, mut reason) = repeated.unwrap_or((0, ""));
        let deadline = self.workspace().patience;
        let mut patience = deadline;
        let mut lost = None;
        loop {
            let id = self.workspace().new_id("envelope-");
            let envelope = envelope(&id, delivery, attempt, reason);
            let sending = timeout(patience, self.sockets.send(&id, &envelope, lost));
            let underway = sending.await.map_err(|_| Undelivered::ConnectionFailed)?;
            match timeout(deadline, underway.acknowledged).await {
                Err(_) => return Err(Undelivered::Timeout),
                Ok(Ok(Value::Null)) => return Ok(acknowledged(String::new())),
                Ok(Ok(payload)) => return Ok(acknowledged(payload.to_string())),
                Ok(Err(_connection_ended)) => {
                    self.sockets.note_sent_again();
                    (attempt, reason) = (attempt + 1, "timeout");
                    patience = REPEATED_WITHIN;
                    lost = Some(underway.line);
                }
            }
        }
    }
}

fn acknowledged(body: String) -> Acknowledgement {
    Acknowledgement { status: 200, body, no_retry: false }
}

fn envelope(id: &str, delivery: &Delivery, attempt: u64, reason: &str) -> Value {
    if delivery.content_type == JSON {
        return json!({
            "type": "events_api",
            "envelope_id": id,
            "accepts_response_payload": false,
            "retry_attempt": attempt,
            "retry_reason": reason,
            "payload": parsed(&delivery.body),
        });
    }
    let fields = url::form_urlencoded::parse(delivery.body.as_bytes()).into_owned();
    let mut fields: Map<String, Value> = fields.map(|(name, value)| (name, Value::from(value))).collect();
    let (kind, payload) = match fields.remove("payload") {
        Some(payload) => ("interactive", parsed(payload.as_str().unwrap_or_default())),
        None => ("slash_commands", Value::Object(fields)),
    };
    json!({"type": kind, "envelope_id": id, "accepts_response_payload": true, "payload": payload})
}

fn parsed(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_default()
}
