//! Okta: people, groups, the application for AWS, its group push mappings and the System Log, read through
//! the Management API; and the one thing that can be forced there, pushing a group again.
//!
//! Okta's own examples have null where its schema forbids it, so every field on the wire is optional here.
//! An answer without the very thing that was asked for is a gap.

pub mod credential;
mod pages;
mod people;
mod groups;
mod application;
mod push;
mod log;
mod tried;
#[cfg(test)]
mod tests;

pub use groups::NamedGroups;
pub use log::LogSubject;
pub use push::Push;

use std::time::Duration;

use jiff::Timestamp;
use moka::future::Cache;
use reqwest::header::{ACCEPT, AUTHORIZATION};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde::de::DeserializeOwned;
use url::Url;

use super::Patience;
use super::http::{Answer, Call, Failure, Http, NoClient};
use crate::diagnosis::facts::{Gap, GapKind};
use credential::{Authorization, Credential};

/// Pages of one list at most: with Okta's page sizes these are thousands of entries for one person or
/// group, and a chain of links that never ends must not hold us.
const PAGES: usize = 20;

/// Error code of what is not there (Okta, "Error codes").
const NOT_FOUND: &str = "E0000007";

/// How long the application's id is remembered for telling its own groups apart: long enough for a busy
/// morning, short enough for an admin who has just set the application up anew.
const APP_ID_REMEMBERED: Duration = Duration::from_secs(600);

/// The client.
#[derive(Clone)]
pub struct Okta {
    http: Http,
    org_url: Url,
    app_id: Option<String>,
    /// The applications' ids as they were found by name.
    found_app_ids: Cache<(), Vec<String>>,
    credential: Credential,
    patience: Patience,
}

/// Why there is no answer to use.
#[derive(Debug)]
struct Refusal {
    gap: Gap,
    /// Status and error code of the API; nothing where not even a token was to be had.
    status: Option<StatusCode>,
    code: Option<String>,
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self { status: failure.status, code: failure.code.clone(), gap: failure.gap }
    }
}

impl From<Gap> for Refusal {
    fn from(gap: Gap) -> Self {
        Self { gap, status: None, code: None }
    }
}

impl From<Refusal> for Gap {
    fn from(refusal: Refusal) -> Self {
        refusal.gap
    }
}

impl Okta {
    /// A client of the org at this address, as in `https://example.okta.com`; the application for AWS by its
    /// id, or found by name. Nothing is called yet.
    ///
    /// # Errors
    /// Where the address is no URL, or the system has no usable TLS roots.
    pub fn new(
        org_url: &str,
        app_id: Option<String>,
        credential: Credential,
        patience: Patience,
    ) -> Result<Self, NoClient> {
        let invalid = |error| NoClient::Address(org_url.to_owned(), error);
        let url = Url::parse(org_url).map_err(invalid)?;
        if url.cannot_be_a_base() {
            return Err(invalid(url::ParseError::RelativeUrlWithCannotBeABaseBase));
        }
        Ok(Self {
            http: Http::new("Okta", "okta", &url, patience)?,
            org_url: url,
            app_id,
            found_app_ids: Cache::builder().time_to_live(APP_ID_REMEMBERED).build(),
            credential,
            patience,
        })
    }

    /// The address of a resource of the Management API; each part is encoded as one path segment.
    fn resource(&self, parts: &[&str]) -> Url {
        under(&self.org_url, &[&["api", "v1"], parts].concat())
    }

    /// What is there; nothing where Okta says so. A 404 of somebody else, a proxy say, is no such word.
    async fn find<T: DeserializeOwned>(&self, call: Call, url: Url) -> Result<Option<T>, Gap> {
        match self.get(call, url).await {
            Ok(answer) => Ok(Some(answer.body)),
            Err(refusal) if refusal.code.as_deref() == Some(NOT_FOUND) => Ok(None),
            Err(refusal) => Err(refusal.gap),
        }
    }

    /// A list with all its pages.
    async fn list<T: DeserializeOwned>(&self, call: Call, first: Url) -> Result<Vec<T>, Refusal> {
        let mut entries = Vec::new();
        let mut next = Some(first);
        for _ in 0..PAGES {
            let Some(url) = next else { return Ok(entries) };
            let page: Answer<Vec<Option<T>>> = self.get(call, url).await?;
            entries.extend(page.body.into_iter().flatten());
            next = pages::next(&page.headers, &self.org_url).map_err(|detail| unusable(call, detail))?;
        }
        match next {
            None => Ok(entries),
            Some(_) => Err(unusable(call, "the list has more pages than anybody could wait for").into()),
        }
    }

    async fn get<T: DeserializeOwned>(&self, call: Call, url: Url) -> Result<Answer<T>, Refusal> {
        self.send(call, self.http.request(Method::GET, url)).await
    }

    /// Sends with an authorization; where Okta no longer takes the token (401), once more with a new one.
    async fn send<T: DeserializeOwned>(
        &self,
        call: Call,
        request: RequestBuilder,
    ) -> Result<Answer<T>, Refusal> {
        let again = request.try_clone();
        let authorization = self.credential.authorization(self, None).await?;
        let answer = self.http.json(call, authorized(request, &authorization)).await;
        let refused = matches!(&answer, Err(failure) if failure.status == Some(StatusCode::UNAUTHORIZED));
        let Some(again) = again.filter(|_| refused && authorization.is_renewable()) else {
            return Ok(answer?);
        };
        let renewed = self.credential.authorization(self, Some(&authorization)).await?;
        Ok(self.http.json(call, authorized(again, &renewed)).await?)
    }
}

fn authorized(request: RequestBuilder, authorization: &Authorization) -> RequestBuilder {
    request.header(AUTHORIZATION, authorization.header()).header(ACCEPT, "application/json")
}

/// The address with these path segments after its own.
fn under(base: &Url, segments: &[&str]) -> Url {
    let mut url = base.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url
}

fn unusable(call: Call, detail: &str) -> Gap {
    Gap { kind: GapKind::Error, operation: call.operation.to_owned(), detail: detail.to_owned() }
}

/// A value inside quotes, for Okta's filter and search expressions.
fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A timestamp of Okta's; nothing where there is none or it is not one.
fn time(text: Option<&str>) -> Option<Timestamp> {
    text?.parse().ok()
}
