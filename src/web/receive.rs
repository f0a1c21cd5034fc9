//! Slack's requests: size first, then the signature, and only then is anything read.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{FromRequest as _, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use tokio::time::timeout;
use tower_http::limit::RequestBodyLimitLayer;

use crate::desk::Desk;
use crate::slack::inbound::Inbound;
use crate::slack::signature::Signature;

/// Bytes of a body at most: the contract's 1 MiB. Slack's largest payloads, a full view with its state, are
/// a tenth of it.
const LARGEST_BODY: usize = 1024 * 1024;
/// How long a body may take to arrive. Slack gives up on a request after 3 s (docs.slack.dev, "Events API").
const BODY_ARRIVES: Duration = Duration::from_secs(3);

#[derive(Clone)]
struct Reception {
    desk: Arc<Desk>,
    signature: Signature,
}

/// The three routes. Each takes every kind of request, so that one URL can serve all.
pub(super) fn router(desk: Arc<Desk>, signature: Signature) -> Router {
    Router::new()
        .route("/slack/commands", post(receive))
        .route("/slack/interactions", post(receive))
        .route("/slack/events", post(receive))
        .layer(RequestBodyLimitLayer::new(LARGEST_BODY))
        .with_state(Reception { desk, signature })
}

/// The signature covers the whole body, so at most [`LARGEST_BODY`] is read before it is checked. A request
/// that is unsigned or too old is read as well: one that is too large is told so, signed or not.
async fn receive(State(reception): State<Reception>, request: Request) -> Response {
    let headers = request.headers().clone();
    let body = match timeout(BODY_ARRIVES, Bytes::from_request(request, &())).await {
        Ok(Ok(body)) => body,
        Ok(Err(rejection)) => {
            counted("unreadable");
            return rejection.into_response();
        }
        Err(_elapsed) => {
            counted("unreadable");
            return StatusCode::REQUEST_TIMEOUT.into_response();
        }
    };
    let text = match reception.signature.verified(&headers, &body) {
        Ok(text) => text,
        Err(refusal) => {
            counted("unverified");
            tracing::warn!(%refusal, "a request that does not come from Slack was refused");
            return StatusCode::UNAUTHORIZED.into_response();
        }
    };
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let inbound = Inbound::parse(content_type, text);
    counted(inbound.kind());
    if let Inbound::NotUnderstood { why } = &inbound {
        tracing::warn!(why, bytes = text.len(), "Slack sent something that is not understood");
    }
    reception.desk.receive(inbound).await.into_response()
}

fn counted(kind: &'static str) {
    metrics::counter!("sso_why_slack_requests_total", "kind" => kind).increment(1);
}
