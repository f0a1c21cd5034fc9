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
use crate::slack::socket::link::Link;
use crate::store::Store;

/// How Slack's requests come to the bot.
pub enum Entrance {
    /// At the routes below `/slack`, signed with this secret.
    Routes(SecretString),
    /// By Socket Mode. There are no such routes.
    Link(Link),
}

/// All routes. `/readyz` says 503 from the moment that `draining` is cancelled.
pub fn router(
    desk: Arc<Desk>,
    slack: SlackClient,
    store: Store,
    entrance: Entrance,
    draining: CancellationToken,
) -> Router {
    let watched = desk.clone();
    let (requests, link) = match entrance {
        Entrance::Routes(secret) => (receive::router(desk, Signature::new(&secret)), None),
        Entrance::Link(link) => (Router::new(), Some(link)),
    };
    Router::new()
        .merge(requests)
        .merge(health::router(slack, store, link, draining))
        .merge(prometheus::router(watched))
}
