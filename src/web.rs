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

/// All routes. `/readyz` says 503 from the moment that `draining` is cancelled.
pub fn router(
    desk: Arc<Desk>,
    slack: SlackClient,
    signing_secret: &SecretString,
    draining: CancellationToken,
) -> Router {
    Router::new()
        .merge(receive::router(desk, Signature::new(signing_secret)))
        .merge(health::router(slack, draining))
        .merge(prometheus::router())
}
