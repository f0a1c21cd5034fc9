//! Signs a request as Slack does and sends it to the bot, with Slack's patience.

use std::sync::OnceLock;

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::Sha256;

use crate::sandbox::Sandbox;
use crate::sandbox::slack::SIGNING_SECRET;
use crate::sandbox::workspace::deliveries::Delivery;

pub const COMMANDS: &str = "/slack/commands";
pub const INTERACTIONS: &str = "/slack/interactions";
pub const EVENTS: &str = "/slack/events";

pub const FORM: &str = "application/x-www-form-urlencoded";
pub const JSON: &str = "application/json";

/// What the bot answered to one request.
#[derive(Clone, Debug)]
pub struct Acknowledgement {
    pub status: u16,
    pub body: String,
    /// It asked not to be told again (`x-slack-no-retry: 1`).
    pub no_retry: bool,
}

/// The HTTP client of the simulated Slack, made when it is first needed. It keeps no connection: the bot may have
/// been ended and started again in between.
#[derive(Default)]
pub(in crate::sandbox) struct Carrier(OnceLock<Option<reqwest::Client>>);

impl Carrier {
    fn client(&self) -> Option<reqwest::Client> {
        let make = || reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0).build().ok();
        self.0.get_or_init(make).clone()
    }
}

/// Why a request did not reach the bot, or came back without an acknowledgement.
#[derive(Debug, thiserror::Error)]
pub enum Undelivered {
    #[error("the bot did not answer in time")]
    Timeout,
    #[error("the bot could not be reached")]
    ConnectionFailed,
    #[error("the bot answered with status {0}")]
    HttpError(u16),
}

/// Slack's signature of a body: the value of `X-Slack-Signature` for this `X-Slack-Request-Timestamp` (Unix
/// seconds). From Slack's page on verifying requests.
pub fn signature(secret: &str, timestamp: i64, body: &str) -> String {
    // A key of any length will do for HMAC, so the error cannot happen; no signature would verify then.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(format!("v0:{timestamp}:{body}").as_bytes());
    format!("v0={}", hex::encode(mac.finalize().into_bytes()))
}

impl Sandbox {
    /// Sends a signed request, or the same by Socket Mode, and waits for the bot's answer, whatever its status.
    ///
    /// # Errors
    /// [`Undelivered::Timeout`] when Slack's patience is over, [`Undelivered::ConnectionFailed`] where nobody listens.
    pub async fn deliver(
        &self,
        path: &str,
        content_type: &str,
        body: &str,
        more_headers: &[(&str, &str)],
    ) -> Result<Acknowledgement, Undelivered> {
        let delivery =
            Delivery { path: path.to_owned(), content_type: content_type.to_owned(), body: body.to_owned() };
        let (url, is_by_socket, patience) = {
            let mut workspace = self.workspace();
            workspace.note_delivery(delivery.clone());
            (format!("{}{path}", workspace.bot_url), workspace.socket_mode, workspace.patience)
        };
        if is_by_socket {
            return self.deliver_by_socket(&delivery, repeated(more_headers)).await;
        }
        // The real time, whatever the company's clock says: the bot compares it with its own machine's.
        let timestamp = Timestamp::now().as_second();
        let client = self.carrier.client().ok_or(Undelivered::ConnectionFailed)?;
        let mut request = client
            .post(url)
            .header("content-type", content_type)
            .header("user-agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
            .header("x-slack-request-timestamp", timestamp.to_string())
            .header("x-slack-signature", signature(SIGNING_SECRET, timestamp, body));
        for (name, value) in more_headers {
            request = request.header(*name, *value);
        }
        let exchange = async {
            let response = request.body(body.to_owned()).send().await?;
            let status = response.status().as_u16();
            let no_retry = response.headers().get("x-slack-no-retry").is_some_and(|value| value == "1");
            Ok(Acknowledgement { status, no_retry, body: response.text().await? })
        };
        match tokio::time::timeout(patience, exchange).await {
            Err(_) => Err(Undelivered::Timeout),
            Ok(answer) => answer.map_err(|_: reqwest::Error| Undelivered::ConnectionFailed),
        }
    }

    /// Sends the very same once more: the same ids and trigger, at the present time. An event says that it is a
    /// repetition, as Slack's own do. Nobody in the workspace sees the answer.
    ///
    /// # Errors
    /// As [`deliver`](Self::deliver).
    pub async fn deliver_again(&self, delivery: &Delivery) -> Result<Acknowledgement, Undelivered> {
        let repeated = [("x-slack-retry-num", "1"), ("x-slack-retry-reason", "http_timeout")];
        let headers = if delivery.path == EVENTS { &repeated[..] } else { &[] };
        self.deliver(&delivery.path, &delivery.content_type, &delivery.body, headers).await
    }

    /// As [`deliver`](Self::deliver), for what only a 2xx status acknowledges; gives the body.
    pub(super) async fn deliver_form(
        &self,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Result<String, Undelivered> {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let answer = self.deliver(path, FORM, &body, &[]).await?;
        match answer.status {
            200..=299 => Ok(answer.body),
            status => Err(Undelivered::HttpError(status)),
        }
    }
}

/// Which repetition it is, and why, in Socket Mode's words.
fn repeated<'h>(headers: &[(&str, &'h str)]) -> Option<(u64, &'h str)> {
    let header = |wanted: &str| headers.iter().find(|(name, _)| *name == wanted).map(|(_, value)| *value);
    let attempt = header("x-slack-retry-num")?.parse().ok()?;
    let reason = header("x-slack-retry-reason").unwrap_or_default();
    Some((attempt, if reason == "http_timeout" { "timeout" } else { reason }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The known answer of Slack's page on verifying requests, where its example body is given.
    #[test]
    fn the_signature_is_the_documented_one() {
        let body = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V\
                    &channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=\
                    &response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN\
                    &trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
        assert_eq!(
            signature("8f742231b10e8888abcd99yyyzzz85a5", 1_531_420_618, body),
            "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
        );
    }
}
