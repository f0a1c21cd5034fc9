//! One request as it arrived.

use std::borrow::Cow;

use axum::http::{HeaderMap, Method, Uri, header};
use jiff::Timestamp;
use serde::de::DeserializeOwned;

use super::refusal::Refusal;

/// A request to be answered.
#[derive(Clone)]
pub(super) struct Call<'a> {
    pub(super) method: &'a Method,
    /// The path as it was sent.
    pub(super) path: &'a str,
    /// The parts of the path after `/api/v1`, decoded.
    pub(super) segments: Vec<String>,
    /// The query parameters in their order, decoded.
    pub(super) query: Vec<(String, String)>,
    pub(super) authorization: Option<&'a str>,
    pub(super) body: &'a [u8],
    /// The address that the client used, as it stands in the `Host` header: links lead there. Like an Okta
    /// organization behind a proxy that keeps the header, and unlike one behind a proxy that does not.
    pub(super) origin: String,
    /// By the company's clock.
    pub(super) now: Timestamp,
}

impl<'a> Call<'a> {
    pub(super) fn read(
        method: &'a Method,
        uri: &'a Uri,
        headers: &'a HeaderMap,
        body: &'a [u8],
        now: Timestamp,
    ) -> Self {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let host = text(header::HOST).or_else(|| uri.authority().map(|authority| authority.as_str()));
        let below = uri.path().strip_prefix("/api/v1/").unwrap_or_default();
        let query = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
        Self {
            method,
            path: uri.path(),
            segments: below.split('/').map(|segment| decoded(segment).into_owned()).collect(),
            query: query.into_owned().collect(),
            authorization: text(header::AUTHORIZATION),
            body,
            origin: format!("http://{}", host.unwrap_or("localhost")),
            now,
        }
    }

    /// The part of the path at this position after `/api/v1`.
    pub(super) fn segment(&self, position: usize) -> &str {
        self.segments.get(position).map_or("", String::as_str)
    }

    /// The first query parameter of that name that is not empty.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let held = self.query.iter().find(|(held, value)| held == name && !value.is_empty());
        held.map(|(_, value)| value.as_str())
    }

    /// The same request, had the client said so itself.
    pub(super) fn saying(&self, name: &str, value: &str) -> Self {
        let mut call = self.clone();
        call.query.retain(|(held, _)| held != name);
        call.query.push((name.to_owned(), value.to_owned()));
        call
    }

    /// The body as JSON of that form.
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        serde_json::from_slice(self.body).map_err(|error| Refusal::invalid("body", &error.to_string()))
    }

    /// A link to something below `/api/v1`.
    pub(super) fn link(&self, path: &str) -> String {
        format!("{}/api/v1/{path}", self.origin)
    }
}

fn decoded(segment: &str) -> Cow<'_, str> {
    // A `+` stands for itself in a path; in a form it would be a space.
    let form = segment.replace('+', "%2B");
    let name = url::form_urlencoded::parse(form.as_bytes()).next().map(|(name, _)| name.into_owned());
    name.map_or(Cow::Borrowed(segment), Cow::Owned)
}
