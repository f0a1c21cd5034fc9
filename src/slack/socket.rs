//! Socket Mode: the bot connects to Slack, and Slack sends through those connections what it would else send to a
//! public address (docs.slack.dev, "Using Socket Mode").
//!
//! Not slack-morphism's own connections, though they hand out raw frames: they close a connection that Slack is about
//! to end before the next one is open, take one envelope after the other, so that a type-ahead holds up everybody,
//! connect without a deadline and again at a fixed interval, do not tell whether they are connected, and log the
//! address with its ticket where connecting fails. These are `apps.connections.open` by our client and
//! tokio-tungstenite, the library below slack-morphism.
//!
//! Reading order: [`SocketMode`] keeps several connections open; [`connection`] is one of them, from its ticket to its
//! end; [`frame`] reads what comes through it; [`link`] tells others how it stands.

mod connection;
mod frame;
pub mod link;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use backon::BackoffBuilder as _;
use backon::{ExponentialBackoff, ExponentialBuilder};
use futures::future::{BoxFuture, try_join_all};
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::SlackErrorKind;
use super::client::SlackClient;
use super::inbound::Inbound;
use super::reply::Reply;
use connection::{Connection, NoConnection};
use frame::Reason;
use link::Link;

/// Connections at once. Slack sends each envelope through one of them, so that one may go while the other takes
/// what comes. Slack allows an app ten, over all replicas.
const CONNECTIONS: usize = 2;

/// Takes what Slack sends and says what to tell it.
pub type Take = Arc<dyn Fn(Inbound) -> BoxFuture<'static, Reply> + Send + Sync>;

/// How long the connections wait for what.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// For the WebSocket to be open, and then for Slack to say hello.
    pub opening: Duration,
    /// Silence after which Slack is asked whether it is there.
    pub ping: Duration,
    /// Silence after which a connection is given up.
    pub silence: Duration,
    /// How long a connection that has a successor is still listened to, if Slack does not end it before.
    pub overlap: Duration,
    /// The pause before the second try; each further one is twice as long.
    pub first_pause: Duration,
    pub longest_pause: Duration,
    /// A connection that lived this long was in order: the next one is tried without the pauses before it.
    pub steady: Duration,
}

impl Default for Pace {
    /// Slack warns about 10 s before it ends a connection, and pings of its own accord every few seconds.
    fn default() -> Self {
        Self {
            opening: Duration::from_secs(10),
            ping: Duration::from_secs(10),
            silence: Duration::from_secs(30),
            overlap: Duration::from_secs(30),
            first_pause: Duration::from_secs(1),
            longest_pause: Duration::from_secs(30),
            steady: Duration::from_secs(60),
        }
    }
}

/// Slack refuses the token, which no waiting mends.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("SLACK_APP_TOKEN lacks the scope connections:write; make one that has it under {APP_TOKENS}")]
    Scope,
    #[error(
        "SLACK_APP_TOKEN is not what Slack wants ({0}); set the one under {APP_TOKENS}, which begins with xapp-"
    )]
    Kind(String),
    #[error(
        "Slack does not take SLACK_APP_TOKEN ({0}); set the one under {APP_TOKENS}, or make a new one there"
    )]
    Token(String),
    #[error(
        "Socket Mode is off for the app, so that Slack sends it nothing; set settings.socket_mode_enabled: true in the app's manifest"
    )]
    SocketModeOff,
    #[error(
        "Slack opens no Socket Mode connection ({0}); look at Socket Mode and the app-level token in the app's settings"
    )]
    Otherwise(String),
}

/// The code for it in Slack's reference (`apps.manifest.create`). `apps.connections.open` answers with a warning
/// instead: see [`OpenedConnection::leads_nowhere`](super::client::OpenedConnection::leads_nowhere).
pub const SOCKET_MODE_OFF: &str = "socket_mode_not_enabled";

/// Where an administrator finds it.
const APP_TOKENS: &str = "\"App-Level Tokens\" in the app's settings";

impl Refused {
    /// By Slack's code (docs.slack.dev, `apps.connections.open`); nothing where the same call may well succeed
    /// later.
    fn of(error: &super::SlackError) -> Option<Self> {
        if error.lacks().is_some() {
            return Some(Self::Scope);
        }
        let SlackErrorKind::Api(code) = &error.kind else {
            return None;
        };
        match code.as_str() {
            _ if error.passes() => None,
            SOCKET_MODE_OFF => Some(Self::SocketModeOff),
            "missing_scope" | "no_permission" => Some(Self::Scope),
            "not_allowed_token_type" => Some(Self::Kind(code.clone())),
            "invalid_auth" | "not_authed" | "token_revoked" | "token_expired" | "account_inactive" => {
                Some(Self::Token(code.clone()))
            }
            _ => Some(Self::Otherwise(code.clone())),
        }
    }
}

/// How a connection came to its end, or is about to.
#[derive(Clone, Debug, PartialEq, Eq)]
enum End {
    /// Slack has asked for another in its place; it serves until that is there.
    Leaving(Reason),
    /// It is gone.
    Lost(&'static str),
}

/// Keeps the connections.
#[derive(Clone)]
pub struct SocketMode {
    /// Its token is the app-level one.
    slack: SlackClient,
    take: Take,
    pace: Pace,
    link: Link,
}

impl SocketMode {
    /// `slack` calls with the app-level token. Nothing is called yet.
    pub fn new(slack: SlackClient, take: Take, pace: Pace) -> Self {
        Self { slack, take, pace, link: Link::default() }
    }

    /// How it stands, for others to look at.
    pub fn link(&self) -> Link {
        self.link.clone()
    }

    /// Keeps the connections open until `stop`; then ends when all that was taken is acknowledged.
    ///
    /// # Errors
    /// Where Slack refuses the token before there ever was a connection. What Slack refuses later may be mended
    /// while the bot runs.
    pub async fn keep(&self, stop: CancellationToken) -> Result<(), Refused> {
        let places = (1..=CONNECTIONS).map(|place| self.keep_one(place, stop.clone()));
        try_join_all(places).await.map(drop)
    }

    async fn keep_one(&self, place: usize, stop: CancellationToken) -> Result<(), Refused> {
        let mut pauses = Pauses::new(self.pace);
        let mut connections = JoinSet::new();
        let mut predecessor: Option<CancellationToken> = None;
        loop {
            let opened = tokio::select! {
                () = stop.cancelled() => break,
                opened = self.opened(&mut pauses) => opened?,
            };
            tracing::info!(place, app_connections = opened.app_connections, "connected to Slack");
            let began = Instant::now();
            let has_successor = CancellationToken::new();
            let (tell, told) = oneshot::channel();
            let serving = opened.serve(self.take.clone(), has_successor.clone(), stop.clone(), tell);
            connections.spawn(serving);
            if let Some(predecessor) = predecessor.replace(has_successor) {
                predecessor.cancel();
            }
            while connections.try_join_next().is_some() {}
            let end = tokio::select! {
                () = stop.cancelled() => break,
                end = told => end.unwrap_or(End::Lost("it broke off")),
            };
            let pause = pauses.after(&end, began.elapsed());
            self.link.note_end(&end);
            tracing::info!(place, ?end, ?pause, "a connection to Slack ends");
            tokio::select! {
                () = stop.cancelled() => break,
                () = sleep(pause) => {}
            }
        }
        while connections.join_next().await.is_some() {}
        Ok(())
    }

    /// A connection, however long it takes.
    async fn opened(&self, pauses: &mut Pauses) -> Result<Connection, Refused> {
        loop {
            let pause = match Connection::open(&self.slack, self.pace, &self.link).await {
                Ok(connection) => return Ok(connection),
                Err(NoConnection::Refused(refused)) if !self.link.ever_connected() => return Err(refused),
                Err(why @ NoConnection::Refused(_)) => {
                    tracing::error!(%why, "no connection to Slack");
                    self.link.note_trouble(&why);
                    self.pace.longest_pause
                }
                Err(why) => {
                    tracing::warn!(%why, "no connection to Slack");
                    self.link.note_trouble(&why);
                    pauses.next().max(why.wait().unwrap_or_default())
                }
            };
            sleep(pause).await;
        }
    }
}

/// The pauses before one place is filled again.
struct Pauses {
    pace: Pace,
    growing: ExponentialBackoff,
}

impl Pauses {
    fn new(pace: Pace) -> Self {
        // Several replicas that lost Slack at once do not come back at once.
        let growing = ExponentialBuilder::default()
            .with_min_delay(pace.first_pause)
            .with_max_delay(pace.longest_pause)
            .with_jitter()
            .without_max_times();
        Self { pace, growing: growing.build() }
    }

    fn next(&mut self) -> Duration {
        self.growing.next().unwrap_or(self.pace.longest_pause)
    }

    /// A connection that Slack replaces in its routine has a successor at once; one that ends soon after it began
    /// does not, whatever Slack says, or a Slack that is unwell would be called without end.
    fn after(&mut self, end: &End, lived: Duration) -> Duration {
        let steady = lived >= self.pace.steady;
        if steady {
            *self = Self::new(self.pace);
        }
        match end {
            End::Leaving(Reason::LinkDisabled) => self.pace.longest_pause,
            End::Leaving(Reason::Warning | Reason::RefreshRequested) if steady => Duration::ZERO,
            End::Leaving(_) | End::Lost(_) => self.next(),
        }
    }
}
