//! One JSON call to an IdP's HTTP API: tried with [`Patience`], counted, and every failure made a [`Gap`].
//!
//! No body, token or URL ever stands in a gap or a log line: an IdP's messages name people.

#[cfg(test)]
pub(in crate::sources) mod scripted;
#[cfg(test)]
mod tests;

use std::sync::atomic::Ordering;
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable as _};
use jiff::fmt::rfc2822;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::time::{Instant, timeout};
use tracing::Instrument as _;
use url::{Host, Url};

use super::{CALLS, Patience, count, count_throttle};
use crate::diagnosis::facts::{Gap, GapKind};

/// Okta's header with the moment at which calls are allowed again, in seconds of the Unix epoch.
const RATE_LIMIT_RESET: &str = "x-rate-limit-reset";

/// No error code of Graph, Okta or OAuth is as long; what is longer is a sentence.
const LONGEST_CODE: usize = 100;

/// Admins find it in their IdP's logs.
const USER_AGENT: &str = concat!("sso-why/", env!("CARGO_PKG_VERSION"));

/// Calls one service.
#[derive(Clone)]
pub struct Http {
    client: Client,
    /// As a person would name it: "Microsoft Graph", "Okta".
    service: &'static str,
    /// As the metrics name it: `entra`, `okta`.
    source: &'static str,
    patience: Patience,
}

/// Why there can be no client.
#[derive(Debug, thiserror::Error)]
pub enum NoClient {
    #[error("the address {0} is no URL ({1})")]
    Address(String, url::ParseError),
    #[error("the HTTP client could not be made: {0}")]
    Transport(reqwest::Error),
    #[error("{0}")]
    Credential(String),
}

/// What a call is, beside its request.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// Its name in gaps and metrics, as in `graph:users`.
    pub operation: &'static str,
    /// The permission or scope without which it is refused; empty where there is none.
    pub needs: &'static str,
    /// Whether it may be sent again: what changes something may not.
    pub repeatable: bool,
}

impl Call {
    /// A call that only reads.
    pub const fn reading(operation: &'static str, needs: &'static str) -> Self {
        Self { operation, needs, repeatable: true }
    }

    /// A call that only reads, of a service that counts each try against a limit that all questions share.
    pub const fn reading_once(operation: &'static str, needs: &'static str) -> Self {
        Self { operation, needs, repeatable: false }
    }

    /// A call that changes something: sent once, whatever comes of it.
    pub const fn changing(operation: &'static str, needs: &'static str) -> Self {
        Self { operation, needs, repeatable: false }
    }
}

/// An answer of status 2xx.
#[derive(Debug)]
pub struct Answer<T> {
    pub headers: HeaderMap,
    pub body: T,
}

/// A call that failed, told apart as far as callers need it.
#[derive(Debug)]
pub struct Failure {
    pub gap: Gap,
    /// What the service answered, where it answered at all.
    pub status: Option<StatusCode>,
    /// The error code by the service's own name.
    pub code: Option<String>,
    try_again: Option<TryAgain>,
}

/// When it makes sense to try again.
#[derive(Clone, Copy, Debug)]
enum TryAgain {
    AfterAPause,
    /// The service says how long to wait.
    After(Duration),
}

impl From<Failure> for Gap {
    fn from(failure: Failure) -> Self {
        failure.gap
    }
}

/// What failed before the call itself, such as getting a token for it.
impl From<Gap> for Failure {
    fn from(gap: Gap) -> Self {
        Self { gap, status: None, code: None, try_again: None }
    }
}

impl Http {
    /// A client of `service`, which is counted as `source`, at `base`. Nothing is called yet.
    ///
    /// # Errors
    /// Where the system has no usable TLS roots.
    pub fn new(
        service: &'static str,
        source: &'static str,
        base: &Url,
        patience: Patience,
    ) -> Result<Self, NoClient> {
        // No API here redirects, and a redirect would carry the token to an address that nobody chose.
        let mut builder = Client::builder().redirect(Policy::none()).user_agent(USER_AGENT);
        if is_loopback(base) {
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(NoClient::Transport)?;
        Ok(Self { client, service, source, patience })
    }

    /// The beginning of a request, for [`Self::json`].
    pub fn request(&self, method: Method, url: Url) -> RequestBuilder {
        self.client.request(method, url)
    }

    /// Sends the request and reads the answer as JSON; an answer without a body reads as `null`.
    ///
    /// Too many requests, server errors and broken connections are tried again if the call is repeatable,
    /// after as long as the service asks for; nothing else is.
    ///
    /// # Errors
    /// Whatever is no answer of status 2xx with the expected JSON; see [`Failure`].
    pub async fn json<T: DeserializeOwned>(
        &self,
        call: Call,
        request: RequestBuilder,
    ) -> Result<Answer<T>, Failure> {
        // Outside a counted piece of work (a readiness probe, say) nobody wants the number.
        let _nobody_counts = CALLS.try_with(|calls| calls.fetch_add(1, Ordering::Relaxed));
        // Boxed, as a question holds many calls at once, and unboxed they outgrow a thread's stack.
        let begun = Instant::now();
        let span = tracing::debug_span!("upstream_call", operation = call.operation, source = self.source);
        let tries = timeout(self.patience.call, Box::pin(self.tries(call, request)));
        let answer = tries.instrument(span).await.unwrap_or_else(|_elapsed| Err(timed_out(call)));
        count(call.operation, self.source, begun.elapsed(), answer.is_ok());
        if let Err(failure) = &answer {
            tracing::debug!(
                operation = call.operation,
                detail = failure.gap.detail,
                "a call to an IdP failed"
            );
        }
        answer
    }

    async fn tries<T: DeserializeOwned>(
        &self,
        call: Call,
        request: RequestBuilder,
    ) -> Result<Answer<T>, Failure> {
        let until = Instant::now() + self.patience.call;
        let tries_again = self.patience.attempts.saturating_sub(1);
        let pauses = ExponentialBuilder::default()
            .with_min_delay(self.patience.first_pause)
            .with_max_times(usize::try_from(tries_again).unwrap_or(usize::MAX))
            .with_jitter();
        let attempt = || async {
            let request = request.try_clone().ok_or_else(|| unsendable(call))?;
            let attempt = timeout(self.patience.attempt, self.attempt(call, request));
            attempt.await.unwrap_or_else(|_elapsed| Err(timed_out(call)))
        };
        attempt
            .retry(pauses)
            .when(|failure: &Failure| call.repeatable && failure.try_again.is_some())
            .adjust(|failure, pause| {
                let wait = match failure.try_again? {
                    TryAgain::AfterAPause => pause?,
                    TryAgain::After(wait) => wait.max(pause?),
                };
                let begins = Instant::now().checked_add(wait)?;
                (begins < until).then_some(wait)
            })
            .await
    }

    async fn attempt<T: DeserializeOwned>(
        &self,
        call: Call,
        request: RequestBuilder,
    ) -> Result<Answer<T>, Failure> {
        let response = request.send().await.map_err(|error| self.unanswered(call, &error))?;
        let status = response.status();
        if !status.is_success() {
            return Err(self.refusal(call, response).await);
        }
        let headers = response.headers().clone();
        let bytes = response.bytes().await.map_err(|error| self.unanswered(call, &error))?;
        let json: &[u8] = if bytes.is_empty() { b"null" } else { &bytes };
        let body = serde_json::from_slice(json).map_err(|_| Failure {
            gap: gap(call, GapKind::Error, "the answer could not be understood".to_owned()),
            status: Some(status),
            code: None,
            try_again: None,
        })?;
        Ok(Answer { headers, body })
    }

    fn unanswered(&self, call: Call, error: &reqwest::Error) -> Failure {
        if error.is_builder() {
            return unsendable(call);
        }
        if error.is_timeout() {
            return timed_out(call);
        }
        let detail = if error.is_connect() {
            format!("could not connect to {}", self.service)
        } else {
            format!("the connection to {} broke", self.service)
        };
        let try_again = Some(TryAgain::AfterAPause);
        Failure { gap: gap(call, GapKind::Error, detail), status: None, code: None, try_again }
    }

    async fn refusal(&self, call: Call, response: Response) -> Failure {
        let status = response.status();
        let throttled = status == StatusCode::TOO_MANY_REQUESTS;
        if throttled {
            count_throttle(call.operation, self.source);
        }
        let try_again = (throttled || status.is_server_error()).then(|| {
            wait_asked_for(response.headers(), throttled).map_or(TryAgain::AfterAPause, TryAgain::After)
        });
        let body = response.bytes().await.unwrap_or_default();
        let code = serde_json::from_slice(&body).ok().and_then(|body| error_code(&body));
        let said = match &code {
            Some(code) => format!("HTTP {}, {code}", status.as_u16()),
            None => format!("HTTP {} with an answer that is not {}'s", status.as_u16(), self.service),
        };
        let gap = match (status, &code) {
            (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN, code) => {
                let code = code.as_ref().unwrap_or(&said);
                // 401 is about the token itself, whatever it is allowed.
                let of_the_token = status == StatusCode::UNAUTHORIZED;
                let needs = Some(call.needs).filter(|needs| !needs.is_empty() && !of_the_token);
                let detail = needs.map_or_else(|| code.clone(), |needs| format!("{code}; it needs {needs}"));
                gap(call, GapKind::Forbidden, detail)
            }
            (StatusCode::TOO_MANY_REQUESTS, code) => {
                gap(call, GapKind::Throttled, code.clone().unwrap_or_else(|| "HTTP 429".to_owned()))
            }
            _ => gap(call, GapKind::Error, said),
        };
        Failure { gap, status: Some(status), code, try_again }
    }
}

/// Whether this address is on this machine.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

fn timed_out(call: Call) -> Failure {
    let gap = gap(call, GapKind::Timeout, "no answer in time".to_owned());
    Failure { gap, status: None, code: None, try_again: None }
}

fn unsendable(call: Call) -> Failure {
    let gap = super::unsendable(call.operation);
    Failure { gap, status: None, code: None, try_again: None }
}

fn gap(call: Call, kind: GapKind, detail: String) -> Gap {
    Gap { kind, operation: call.operation.to_owned(), detail }
}

/// `Retry-After` in seconds or as a date (RFC 9110), else `X-Rate-Limit-Reset`. A moment is counted from the
/// answer's own `Date`, so that a clock that is wrong here does no harm.
fn wait_asked_for(headers: &HeaderMap, throttled: bool) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    let moment = |text: &str| rfc2822::parse(text).ok().map(|date| date.timestamp().as_second());
    let retry_after = text(RETRY_AFTER.as_str());
    if let Some(seconds) = retry_after.and_then(|text| text.parse().ok()) {
        return Some(Duration::from_secs(seconds));
    }
    let date = text(DATE.as_str()).and_then(moment)?;
    // Okta's header stands on every answer; of a failure that is no throttling it says nothing.
    let reset = || text(RATE_LIMIT_RESET)?.parse::<i64>().ok().filter(|_| throttled);
    let until = retry_after.and_then(moment).or_else(reset)?;
    Some(Duration::from_secs(u64::try_from(until.saturating_sub(date)).unwrap_or(0)))
}

/// Graph's `error.code`, Okta's `errorCode`, OAuth's `error`. What is no plain word is not repeated.
fn error_code(body: &Value) -> Option<String> {
    let code = body.pointer("/error/code").or_else(|| body.get("errorCode")).or_else(|| body.get("error"))?;
    let is_word = |code: &&str| {
        (1..=LONGEST_CODE).contains(&code.len())
            && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
    };
    code.as_str().filter(is_word).map(str::to_owned)
}
