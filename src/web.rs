//! The bot over HTTP.
//!
//! Reading order: [`receive`] takes Slack's requests and [`reply`] answers them; [`health`] is for whoever
//! runs the bot, and [`prometheus`] for whoever watches it.

mod receive;
mod reply;
mod health;
mod prometheus;

use std::sync::Arc;

use axum::Router;
use secrecy::SecretString;
use tokio_util::sync::CancellationToken;

use crate::desk::Desk;
use crate::slack::client::SlackClient;
use crate::slack::signature::Signature;
use crate::store::Store;

/// All routes. `/readyz` says 503 from the moment that `draining` is cancelled.
pub fn router(
    desk: Arc<Desk>,
    slack: SlackClient,
    store: Store,
    signing_secret: &SecretString,
    draining: CancellationToken,
) -> Router {
    Router::new()
        .merge(receive::router(desk, Signature::new(signing_secret)))
        .merge(health::router(slack, store, draining))
        .merge(prometheus::router())
}
