//! The sources: each asks one service over its wire and turns the answer into facts.
//!
//! Concrete clients with a base URL from the SDK's or our own configuration, no trait. Whatever goes wrong
//! becomes a [`Gap`] that names the operation: AWS's by its IAM action, an IdP's by its path. The SDK retries
//! for AWS, [`http`] for the IdPs, and nobody else does.

pub mod identity_center;
pub mod organizations;
pub mod http;
mod limits;
pub mod entra;
pub mod okta;
mod tried;
mod throttles;
mod in_the_clear;

use std::future::Future;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_ssoadmin::config::retry::RetryConfig;
use aws_sdk_ssoadmin::config::timeout::TimeoutConfig;
use aws_sdk_ssoadmin::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_ssoadmin::primitives::DateTime;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use jiff::Timestamp;
use tokio::time::Instant;
use tracing::Instrument as _;

use crate::diagnosis::facts::{Gap, GapKind};
pub use in_the_clear::{endpoints, refusing};
pub use limits::Limits;
pub use tried::{CREDENTIALS_COME, Caller, NoCredentials, caller, credentials};
use tried::{attempted, tried, tried_of_all};

/// The detail of a gap where nothing answers at AWS's address at all.
pub const NO_CONNECTION: &str = "could not connect to AWS";

/// AWS as the metrics name a source.
const AWS: &str = "aws";

/// What time it is: the system's clock, or a test's.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// How long one upstream call may take, and how often it is tried.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// One attempt. AWS's control-plane reads answer well within a second; three leave room for a slow one.
    pub attempt: Duration,
    /// The call with all its attempts: what a hanging service may cost a person who waits.
    pub call: Duration,
    /// Attempts in all, the AWS SDK's standard number.
    pub attempts: u32,
    /// The first pause between attempts (it doubles, with jitter).
    pub first_pause: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            attempt: Duration::from_secs(3),
            call: Duration::from_secs(6),
            attempts: 3,
            first_pause: Duration::from_millis(300),
        }
    }
}

impl Patience {
    /// The SDK configuration with this patience.
    pub fn applied_to(self, aws: &SdkConfig) -> SdkConfig {
        let timeouts = TimeoutConfig::builder()
            .operation_attempt_timeout(self.attempt)
            .operation_timeout(self.call)
            .build();
        let retries =
            RetryConfig::standard().with_max_attempts(self.attempts).with_initial_backoff(self.first_pause);
        aws.to_builder().timeout_config(timeouts).retry_config(retries).build()
    }
}

/// Keeps us below a rate that the whole organization shares.
pub(crate) struct Pace(DefaultDirectRateLimiter);

impl Pace {
    /// At most this many calls in any second.
    pub(crate) fn per_second(calls: NonZeroU32) -> Self {
        Self(RateLimiter::direct(Quota::per_second(calls)))
    }

    async fn turn(&self) {
        self.0.until_ready().await;
    }
}

tokio::task_local! {
    static CALLS: Arc<AtomicU32>;
    /// The operation that is called, for what happens below the SDK.
    static OPERATION: &'static str;
}

/// Runs `work` and says how many upstream calls it made.
pub async fn counting_calls<T>(work: impl Future<Output = T>) -> (T, u32) {
    let calls = Arc::new(AtomicU32::new(0));
    let answer = CALLS.scope(calls.clone(), work).await;
    (answer, calls.load(Ordering::Relaxed))
}

/// One call, in its turn and counted.
async fn call<T, E>(
    operation: &'static str,
    pace: &Pace,
    request: impl Future<Output = Result<T, SdkError<E>>>,
) -> Result<T, SdkError<E>> {
    pace.turn().await;
    // Outside a counted piece of work (a readiness probe, say) nobody wants the number.
    let _nobody_counts = CALLS.try_with(|calls| calls.fetch_add(1, Ordering::Relaxed));
    let begun = Instant::now();
    let span = tracing::debug_span!("upstream_call", operation, source = AWS);
    let answer = OPERATION.scope(operation, Box::pin(request)).instrument(span).await;
    count(operation, AWS, begun.elapsed(), answer.is_ok());
    answer
}

/// Counts one call to AWS or an IdP, with all its tries.
fn count(operation: &'static str, source: &'static str, took: Duration, is_ok: bool) {
    let ok = if is_ok { "true" } else { "false" };
    metrics::counter!("sso_why_upstream_calls_total", "operation" => operation, "source" => source, "ok" => ok)
        .increment(1);
    metrics::histogram!("sso_why_upstream_call_duration_seconds", "operation" => operation, "source" => source)
        .record(took);
}

/// Counts one try that was refused since there were too many.
fn count_throttle(operation: &'static str, source: &'static str) {
    metrics::counter!("sso_why_upstream_throttles_total", "operation" => operation, "source" => source)
        .increment(1);
}

/// What an SDK error means to us.
fn gap<E>(operation: &str, error: &SdkError<E>) -> Gap
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let (kind, detail) = match error {
        SdkError::TimeoutError(_) => (GapKind::Timeout, "no answer in time".to_owned()),
        SdkError::DispatchFailure(failure) if failure.is_timeout() => {
            (GapKind::Timeout, "no answer in time".to_owned())
        }
        SdkError::DispatchFailure(failure) if failure.is_io() => (GapKind::Error, NO_CONNECTION.to_owned()),
        SdkError::DispatchFailure(_) => {
            (GapKind::Error, "the request could not be sent; are there AWS credentials?".to_owned())
        }
        SdkError::ConstructionFailure(_) => (GapKind::Error, "the request could not be made".to_owned()),
        SdkError::ServiceError(answer) => by_code(answer.err(), answer.raw().status().as_u16()),
        _ => (GapKind::Error, "the answer could not be understood".to_owned()),
    };
    // The error itself holds the whole answer, and that holds people.
    tracing::debug!(operation, detail, "an AWS call failed");
    Gap { kind, operation: operation.to_owned(), detail }
}

fn by_code<E: ProvideErrorMetadata>(error: &E, status: u16) -> (GapKind, String) {
    match error.code() {
        Some(
            code @ ("AccessDeniedException"
            | "AccessDenied"
            | "UnrecognizedClientException"
            | "ExpiredTokenException"
            | "InvalidSignatureException"
            | "MissingAuthenticationTokenException"),
        ) => (GapKind::Forbidden, code.to_owned()),
        Some(code) if throttles::is_one(code) => (GapKind::Throttled, code.to_owned()),
        Some(code) => (GapKind::Error, code.to_owned()),
        None => (GapKind::Error, format!("HTTP {status} with an answer that is not AWS's")),
    }
}

fn unsendable(operation: &str) -> Gap {
    Gap {
        kind: GapKind::Error,
        operation: operation.to_owned(),
        detail: "the request could not be made".to_owned(),
    }
}

/// An answer without the very thing that was asked for is no "no".
fn incomplete(operation: &str) -> Gap {
    Gap {
        kind: GapKind::Error,
        operation: operation.to_owned(),
        detail: "the answer lacked what was asked".to_owned(),
    }
}

fn timestamp(time: Option<&DateTime>) -> Option<Timestamp> {
    time.and_then(|time| Timestamp::from_second(time.secs()).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pace_allows_a_second_of_calls_at_once_and_then_its_rate() {
        let pace = Pace::per_second(Limits::default().sso_admin);
        let since = Instant::now();
        let at_once = std::iter::repeat_with(|| pace.0.check()).take_while(Result::is_ok).count();
        // While the machine let this test wait, further turns came free.
        let most = 15.0 * (1.0 + since.elapsed().as_secs_f64()) + 1.0;
        assert!((15..=most as usize).contains(&at_once), "{at_once} of at most {most}");
    }
}
