//! Whether the process lives, and whether it should be sent requests.

use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use moka::future::Cache;
use tokio_util::sync::CancellationToken;

use crate::slack::SlackErrorKind;
use crate::slack::client::SlackClient;

/// Probes come every few seconds from several places; Slack is asked no more often than this.
const REMEMBERED: Duration = Duration::from_secs(10);

#[derive(Clone)]
struct Readiness {
    slack: SlackClient,
    draining: CancellationToken,
    /// What keeps Slack from us, if anything; concurrent probes share one call.
    hindrance: Cache<(), Option<SlackErrorKind>>,
}

/// `/healthz` and `/readyz`.
pub(super) fn router(slack: SlackClient, draining: CancellationToken) -> Router {
    let hindrance = Cache::builder().time_to_live(REMEMBERED).build();
    Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(ready))
        .with_state(Readiness { slack, draining, hindrance })
}

async fn ready(State(readiness): State<Readiness>) -> (StatusCode, String) {
    if readiness.draining.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping".to_owned());
    }
    match readiness.hindrance.get_with((), hindrance(&readiness.slack)).await {
        None => (StatusCode::OK, "ready".to_owned()),
        Some(hindrance) => (StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {hindrance}")),
    }
}

async fn hindrance(slack: &SlackClient) -> Option<SlackErrorKind> {
    match slack.auth_test().await {
        Ok(_) => None,
        // Slack that throttles is there.
        Err(error) if matches!(error.kind, SlackErrorKind::RateLimited { .. }) => None,
        Err(error) => {
            tracing::warn!(%error, "Slack cannot be used");
            Some(error.kind)
        }
    }
}
