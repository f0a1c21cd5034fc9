//! Slack's wire: what the bot calls, and what calls the bot.
//!
//! Reading order: [`app`] is all that the bot's app has to have in Slack; [`client`] is the Web API and the response
//! URLs; [`installation`] is what the token may do; [`signature`] tells whether a request comes from Slack;
//! [`socket`] is the other way, by connections that the bot opens; [`inbound`] reads what comes by either and never
//! fails at it; [`reply`] is what Slack may be told at once.

pub mod app;
pub mod client;
pub mod installation;
pub mod signature;
pub mod socket;
pub mod inbound;
pub mod reply;

use std::time::Duration;

use serde::Deserialize;
use slack_morphism::errors::{SlackClientApiError, SlackClientError};

/// How long to wait where Slack throttles and does not say for how long: `Retry-After` counts whole seconds,
/// so this is the shortest that it could have said.
const UNSAID_RETRY_AFTER: Duration = Duration::from_secs(1);

/// Characters of one of Slack's error codes at most; the longest documented ones have about 50.
const LONGEST_CODE: usize = 80;

/// Why a call to Slack came to nothing. Safe to log: it holds nothing of what was sent or answered but
/// Slack's error code.
#[derive(Debug, thiserror::Error)]
#[error("{method}: {kind}")]
pub struct SlackError {
    /// The Web API method, or `response_url`.
    pub method: &'static str,
    pub kind: SlackErrorKind,
}

impl SlackError {
    /// Whether the same call may well succeed later: Slack throttles, is away, or has a fault of its own. The
    /// codes are those that Slack's reference lists for every method as its own failures.
    pub fn passes(&self) -> bool {
        const OWN_FAILURES: [&str; 5] =
            ["internal_error", "fatal_error", "service_unavailable", "request_timeout", "ratelimited"];
        match &self.kind {
            SlackErrorKind::RateLimited { .. }
            | SlackErrorKind::Timeout
            | SlackErrorKind::Unreachable
            | SlackErrorKind::Unintelligible => true,
            SlackErrorKind::Status(status) => *status >= 500,
            SlackErrorKind::Api(code) => OWN_FAILURES.contains(&code.as_str()),
            SlackErrorKind::MissingScope(_) | SlackErrorKind::ForeignUrl => false,
        }
    }

    /// The scope that the app was not given and this call takes, where that is why it was refused.
    pub fn lacks(&self) -> Option<&str> {
        match &self.kind {
            SlackErrorKind::MissingScope(scope) => Some(scope),
            _ => None,
        }
    }

    /// Returns true if a response URL has given all of its five answers (docs.slack.dev, "Handling user
    /// interaction").
    pub fn is_used_up(&self) -> bool {
        matches!(&self.kind, SlackErrorKind::Api(code) if code == "used_url")
    }

    /// Whether it is certain that Slack did nothing.
    pub fn did_nothing(&self) -> bool {
        matches!(
            self.kind,
            SlackErrorKind::RateLimited { .. } | SlackErrorKind::Api(_) | SlackErrorKind::MissingScope(_)
        )
    }
}

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SlackErrorKind {
    /// Slack refused, with its own code (`channel_not_found`).
    #[error("Slack refused it ({0})")]
    Api(String),
    /// Slack refused with `missing_scope` and named it (docs.slack.dev, "Web API", "Evaluating responses").
    #[error("Slack refused it: the app lacks the scope {0}")]
    MissingScope(String),
    #[error("Slack throttles it and asks to wait {} s", retry_after.as_secs())]
    RateLimited { retry_after: Duration },
    #[error("Slack did not answer in time")]
    Timeout,
    #[error("Slack could not be reached")]
    Unreachable,
    /// An HTTP status that Slack's API does not answer with while it works.
    #[error("Slack answered with HTTP status {0}")]
    Status(u16),
    /// An answer that is no JSON, or not what the method is documented to answer.
    #[error("Slack's answer could not be understood")]
    Unintelligible,
    /// A response URL that leads elsewhere; it was not called.
    #[error("the response URL is not one of Slack's")]
    ForeignUrl,
}

impl SlackErrorKind {
    /// One word for a metric's label.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Api(_) => "refused",
            Self::MissingScope(_) => "missing_scope",
            Self::RateLimited { .. } => "rate_limited",
            Self::Timeout => "timeout",
            Self::Unreachable => "unreachable",
            Self::Status(_) => "http_status",
            Self::Unintelligible => "unintelligible",
            Self::ForeignUrl => "foreign_url",
        }
    }

    /// Throttled, for as long as Slack says where it does.
    fn throttled(retry_after: Option<Duration>) -> Self {
        Self::RateLimited { retry_after: retry_after.unwrap_or(UNSAID_RETRY_AFTER) }
    }

    /// Takes the harmless part of the library's error; the rest of it holds whole bodies.
    fn of(error: &SlackClientError) -> Self {
        match error {
            SlackClientError::ApiError(refusal) => match missing_scope(refusal) {
                Some(scope) => Self::MissingScope(scope),
                None => Self::Api(readable_code(&refusal.code)),
            },
            SlackClientError::RateLimitError(limit) => Self::throttled(limit.retry_after),
            SlackClientError::HttpError(answer) => code_in(answer.http_response_body.as_deref())
                .map_or(Self::Status(answer.status_code.as_u16()), |code| Self::Api(readable_code(&code))),
            SlackClientError::ProtocolError(_) => Self::Unintelligible,
            SlackClientError::HttpProtocolError(_)
            | SlackClientError::EndOfStream(_)
            | SlackClientError::SystemError(_)
            | SlackClientError::SocketModeProtocolError(_) => Self::Unreachable,
        }
    }
}

/// Response URLs refuse with 404 and a code in the body (`used_url`, `expired_url`).
fn code_in(body: Option<&str>) -> Option<String> {
    #[derive(Deserialize)]
    struct Refusal {
        error: String,
    }
    serde_json::from_str::<Refusal>(body?).ok().map(|refusal| refusal.error)
}

/// The scope that Slack names in such a refusal; several where any of them would do.
fn missing_scope(refusal: &SlackClientApiError) -> Option<String> {
    #[derive(Deserialize)]
    struct Refusal {
        needed: String,
    }
    if refusal.code != "missing_scope" {
        return None;
    }
    let Refusal { needed } = serde_json::from_str(refusal.http_response_body.as_deref()?).ok()?;
    let readable: Vec<String> = needed.split(',').map(|scope| readable_code(scope.trim())).collect();
    Some(readable.join(" or "))
}

/// The code if it looks like one: what merely stands in its place could be anything.
fn readable_code(code: &str) -> String {
    let looks_like_one = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':');
    if !code.is_empty() && code.len() <= LONGEST_CODE && code.bytes().all(looks_like_one) {
        return code.to_owned();
    }
    "an unreadable code".to_owned()
}
