//! Slack over its real wire protocols: what the bot calls, and what calls the bot.
//!
//! Reading order: [`web_api`] answers the Web API, [`response_urls`] the response URLs, both after
//! [`limits`] has looked at the blocks; [`outgoing`] is everything that a person does in Slack and that
//! Slack then tells the bot in a signed request, or through [`sockets`] where the app has Socket Mode on.

pub mod web_api;
pub mod response_urls;
pub mod sockets;
pub mod limits;
pub mod outgoing;
#[cfg(test)]
pub(in crate::sandbox) mod samples;

use std::sync::Arc;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::Sandbox;
use super::faults::Fault;

/// The bot token of the simulated installation.
pub const BOT_TOKEN: &str = "xoxb-simulated-company";

/// The app-level token, with `connections:write` alone.
pub const APP_TOKEN: &str = "xapp-simulated-company";

/// With this the simulated Slack signs its requests to the bot.
pub const SIGNING_SECRET: &str = "signing-secret-of-the-simulated-company";

/// Slack's deprecated verification token, which payloads still carry.
pub const VERIFICATION_TOKEN: &str = "verification-token-of-the-simulated-company";

/// The app's id and its bot's id, as messages and payloads name them.
pub const APP_ID: &str = "A0SSOWHY";
pub const BOT_ID: &str = "B0SSOWHY";

/// `/api/*` is the Web API, `/response/*` are the response URLs and `/link/` is Socket Mode.
pub fn router(sandbox: Arc<Sandbox>) -> Router {
    Router::new()
        .route("/api/{method}", get(web_api::answer).post(web_api::answer))
        .route("/response/{id}", post(response_urls::answer))
        .route("/link/", get(sockets::link))
        .with_state(sandbox)
}

/// Why Slack refuses a call: its error code, and what it says about the arguments, where it says it.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    pub error: &'static str,
    pub messages: Vec<String>,
}

impl From<&'static str> for Refusal {
    fn from(error: &'static str) -> Self {
        Self { error, messages: Vec::new() }
    }
}

impl Refusal {
    /// As Slack answers it; status 200, unless it concerns a response URL.
    pub fn json(&self) -> Value {
        if self.messages.is_empty() {
            return json!({"ok": false, "error": self.error});
        }
        json!({
            "ok": false,
            "error": self.error,
            "errors": self.messages,
            "response_metadata": {"messages": self.messages},
        })
    }
}

/// Slack's own way to misbehave. `forbidden` is what it answers to a call that is not allowed.
fn suffer(fault: &Fault, forbidden: Response) -> Response {
    match fault {
        Fault::Throttled { retry_after } => {
            let wait = [(header::RETRY_AFTER, retry_after.to_string())];
            (StatusCode::TOO_MANY_REQUESTS, wait, Json(json!({"ok": false, "error": "ratelimited"})))
                .into_response()
        }
        Fault::Forbidden => forbidden,
        Fault::Html500 => {
            let html = [(header::CONTENT_TYPE, "text/html")];
            (StatusCode::INTERNAL_SERVER_ERROR, html, "<html><body>Internal Server Error</body></html>")
                .into_response()
        }
        // `strike` serves these two itself, by waiting; they never arrive here.
        Fault::MalformedJson | Fault::Slow { .. } | Fault::Hanging => {
            ([(header::CONTENT_TYPE, "application/json")], "{\"ok\": tr").into_response()
        }
    }
}
