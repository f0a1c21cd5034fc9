//! The bot over HTTP.
//!
//! Reading order: [`front`] lets connections in, and [`unread`] closes those whose request was not read to its end;
//! [`receive`] takes Slack's requests and [`reply`] answers them, and [`leave`] is how they stop; [`refused`] tells of
//! those that were refused; [`health`] is for whoever runs the bot, and [`prometheus`] for whoever watches it.

pub mod front;
mod unread;
mod receive;
mod reply;
mod refused;
pub mod leave;
mod health;
mod prometheus;

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use secrecy::SecretString;
use tokio_util::sync::CancellationToken;

use crate::desk::Desk;
use crate::slack::client::SlackClient;
use crate::slack::signature::Signature;
use crate::slack::socket::link::Link;
use crate::store::Store;
use leave::Leave;

/// How Slack's requests come to the bot.
pub enum Entrance {
    /// At the routes below `/slack`, signed with this secret.
    Routes(SecretString),
    /// By Socket Mode. There are no such routes.
    Link(Link),
}

/// All routes. `/readyz` says 503 from the moment that `draining` is cancelled, and `leave` heeds what still comes.
pub fn router(
    desk: Arc<Desk>,
    slack: SlackClient,
    store: Store,
    entrance: Entrance,
    draining: CancellationToken,
    leave: Leave,
) -> Router {
    let watched = desk.clone();
    let (requests, link) = match entrance {
        Entrance::Routes(secret) => {
            let heeded = from_fn_with_state(leave, leave::heed);
            (receive::router(desk, Signature::new(&secret)).layer(heeded), None)
        }
        Entrance::Link(link) => (Router::new(), Some(link)),
    };
    Router::new()
        .merge(requests)
        .merge(health::router(slack, store, link, draining))
        .merge(prometheus::router(watched))
}
