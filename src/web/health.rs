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
use crate::slack::socket::link::Link;
use crate::store::Store;

/// Probes come every few seconds from several places; Slack is asked no more often than this.
const REMEMBERED: Duration = Duration::from_secs(10);
/// Nor is the store, which is written for it, however many ask: over HTTP everybody may who reaches the address, and
/// SQLite has one connection.
const STORE_REMEMBERED: Duration = Duration::from_secs(5);

#[derive(Clone)]
struct Readiness {
    slack: SlackClient,
    store: Store,
    /// In Socket Mode alone.
    link: Option<Link>,
    draining: CancellationToken,
    /// What keeps Slack from us, if anything; concurrent probes share one call.
    hindrance: Cache<(), Option<SlackErrorKind>>,
    /// Whether the store can be used.
    is_well: Cache<(), bool>,
}

/// `/healthz` and `/readyz`.
pub(super) fn router(
    slack: SlackClient,
    store: Store,
    link: Option<Link>,
    draining: CancellationToken,
) -> Router {
    let hindrance = Cache::builder().time_to_live(REMEMBERED).build();
    let is_well = Cache::builder().time_to_live(STORE_REMEMBERED).build();
    Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(ready))
        .with_state(Readiness { slack, store, link, draining, hindrance, is_well })
}

async fn ready(State(readiness): State<Readiness>) -> (StatusCode, String) {
    if readiness.draining.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping".to_owned());
    }
    if !readiness.is_well.get_with((), is_well(&readiness.store)).await {
        return (StatusCode::SERVICE_UNAVAILABLE, "not ready: the store is away".to_owned());
    }
    if let Some(why) = readiness.link.as_ref().and_then(Link::hindrance) {
        return (StatusCode::SERVICE_UNAVAILABLE, format!("not ready: no connection to Slack: {why}"));
    }
    match readiness.hindrance.get_with((), hindrance(&readiness.slack)).await {
        None => (StatusCode::OK, "ready".to_owned()),
        Some(hindrance) => (StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {hindrance}")),
    }
}

async fn is_well(store: &Store) -> bool {
    let answer = store.is_well().await;
    if let Err(error) = &answer {
        tracing::warn!(%error, "the store cannot be used");
    }
    answer.is_ok()
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

#[cfg(test)]
mod tests {
    use axum::Json;
    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use axum::routing::any;
    use serde_json::{Value, json};
    use tokio::net::TcpListener;
    use tower::ServiceExt as _;

    use super::*;

    async fn bot(slack_address: &str, draining: CancellationToken) -> Router {
        let store = Store::in_memory().await.unwrap();
        let slack = SlackClient::new(&format!("http://{slack_address}/api"), "xoxb-test".into()).unwrap();
        router(slack, store, None, draining)
    }

    async fn get(bot: &Router, path: &str) -> (StatusCode, String) {
        let response = bot.clone().oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    async fn slack_answering(answer: Value) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let slack = Router::new().route("/api/auth.test", any(move || async move { Json(answer) }));
        tokio::spawn(async move { axum::serve(listener, slack).await });
        address
    }

    #[tokio::test]
    async fn it_is_ready_while_slack_takes_the_token() {
        let willing =
            slack_answering(json!({"ok": true, "user_id": "U0BOT", "team_id": "T0", "bot_id": "B0"})).await;
        let draining = CancellationToken::new();
        let bot = bot(&willing, draining.clone()).await;
        assert_eq!(get(&bot, "/healthz").await, (StatusCode::OK, "ok".to_owned()));
        assert_eq!(get(&bot, "/readyz").await, (StatusCode::OK, "ready".to_owned()));

        draining.cancel();
        assert_eq!(get(&bot, "/readyz").await, (StatusCode::SERVICE_UNAVAILABLE, "stopping".to_owned()));
        assert_eq!(get(&bot, "/healthz").await.0, StatusCode::OK);
    }

    #[tokio::test]
    async fn it_is_not_ready_where_slack_refuses_the_token() {
        let unwilling = slack_answering(json!({"ok": false, "error": "invalid_auth"})).await;
        let bot = bot(&unwilling, CancellationToken::new()).await;
        assert_eq!(
            get(&bot, "/readyz").await,
            (StatusCode::SERVICE_UNAVAILABLE, "not ready: Slack refused it (invalid_auth)".to_owned())
        );
    }
}
