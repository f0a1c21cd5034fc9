//! What comes back: a body, the links of a list, and the headers that Okta puts on everything.

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::refusal::Refusal;
use crate::sandbox::faults::Fault;

/// Requests a minute that the rate-limit headers tell of. The company's Okta limits nobody by itself; a limit is
/// met through [`Fault::Throttled`].
const REQUESTS_A_MINUTE: u32 = 600;

/// An answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    body: Body,
    /// `rel` and address of each `Link` header.
    links: Vec<(&'static str, String)>,
    /// Set where the limit is reached: seconds until it is lifted.
    limited_for: Option<u64>,
    challenge: Option<&'static str>,
}

#[derive(Debug)]
enum Body {
    None,
    Json(Value),
    Text { content_type: &'static str, text: &'static str },
}

impl Answer {
    pub(super) fn ok(body: Value) -> Self {
        Self::json(StatusCode::OK, body)
    }

    pub(super) fn json(status: StatusCode, body: Value) -> Self {
        Self { status, body: Body::Json(body), links: Vec::new(), limited_for: None, challenge: None }
    }

    pub(super) fn no_content() -> Self {
        Self { body: Body::None, ..Self::json(StatusCode::NO_CONTENT, Value::Null) }
    }

    pub(super) fn with_link(mut self, rel: &'static str, address: String) -> Self {
        self.links.push((rel, address));
        self
    }

    pub(super) fn limited(mut self, seconds: u64) -> Self {
        self.limited_for = Some(seconds);
        self
    }

    /// With a `WWW-Authenticate` header.
    pub(super) fn challenging(mut self, challenge: &'static str) -> Self {
        self.challenge = Some(challenge);
        self
    }

    /// What a call that is struck by the fault comes back with; `forbidden` is the "not allowed" of the endpoint.
    pub(super) fn suffered(fault: &Fault, forbidden: Refusal) -> Result<Self, Refusal> {
        match fault {
            Fault::Throttled { retry_after } => Err(Refusal::throttled(*retry_after)),
            Fault::Forbidden => Err(forbidden),
            Fault::Html500 => {
                let text = "<html><head><title>500 Internal Server Error</title></head><body></body></html>";
                Ok(Self::text(StatusCode::INTERNAL_SERVER_ERROR, "text/html", text))
            }
            Fault::MalformedJson => Ok(Self::text(StatusCode::OK, "application/json", "[{\"id\": \"cut off")),
            // `Faults::strike` serves these two itself and never hands them out.
            Fault::Slow { .. } | Fault::Hanging => Err(Refusal::internal()),
        }
    }

    pub(super) fn into_response(self, now: Timestamp, request_id: &str) -> Response {
        let mut headers = HeaderMap::new();
        let mut put = |name: &'static str, value: String| {
            if let Ok(value) = HeaderValue::try_from(value) {
                headers.append(HeaderName::from_static(name), value);
            }
        };
        put("date", now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string());
        put("x-okta-request-id", request_id.to_owned());
        let (remaining, reset) = match self.limited_for {
            Some(seconds) => (0, later(now, seconds)),
            None => (REQUESTS_A_MINUTE - 1, later(now, 60)),
        };
        put("x-rate-limit-limit", REQUESTS_A_MINUTE.to_string());
        put("x-rate-limit-remaining", remaining.to_string());
        put("x-rate-limit-reset", reset.as_second().to_string());
        for (rel, address) in &self.links {
            put("link", format!("<{address}>; rel=\"{rel}\""));
        }
        if let Some(challenge) = self.challenge {
            put("www-authenticate", challenge.to_owned());
        }
        let (content_type, text) = match self.body {
            Body::None => return (self.status, headers).into_response(),
            Body::Json(body) => ("application/json", body.to_string()),
            Body::Text { content_type, text } => (content_type, text.to_owned()),
        };
        (self.status, headers, [(header::CONTENT_TYPE, content_type)], text).into_response()
    }

    fn text(status: StatusCode, content_type: &'static str, text: &'static str) -> Self {
        Self { body: Body::Text { content_type, text }, ..Self::json(status, Value::Null) }
    }
}

fn later(now: Timestamp, seconds: u64) -> Timestamp {
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    now.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
}
