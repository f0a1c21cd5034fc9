//! One connection, from its ticket to its end.
//!
//! Each envelope is taken beside the others, and acknowledged as soon as what it asks is stored. What is not stored,
//! or not within the time that Slack waits, is not acknowledged: Slack repeats an event through another connection, and
//! tells whoever did anything else that it failed. Should it repeat that too, which its pages leave open, the desk knows
//! it again.

use std::sync::Arc;
use std::time::Duration;

use futures::stream::{SplitSink, SplitStream};
use futures::{SinkExt as _, StreamExt as _};
use hyper_rustls::ConfigBuilderExt as _;
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{Connector, MaybeTlsStream, WebSocketStream, connect_async_tls_with_config};
use tokio_util::sync::CancellationToken;
use url::Url;

use super::frame::{Envelope, Frame};
use super::link::{Connected, Link};
use super::{End, Pace, Refused, Take};
use crate::slack::client::{SlackClient, is_loopback};
use crate::slack::{SlackError, SlackErrorKind};

/// How long Slack waits for an acknowledgement is 3 s (docs.slack.dev, "Using Socket Mode"); the rest is for the way.
const ACKNOWLEDGED_WITHIN: Duration = Duration::from_millis(2_800);
/// How long a frame may take to be sent, and Slack to answer our good-bye.
const SENT_WITHIN: Duration = Duration::from_secs(3);
/// Envelopes in hand at most; beyond them Slack is not read, and gives them to another connection.
const IN_HAND: usize = 128;
/// Bytes of a frame at most: four times what a request may have over HTTP, since a frame that is too large costs the
/// connection.
const LARGEST_FRAME: usize = 4 * 1024 * 1024;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Why there is no connection. Safe to log: the address holds a ticket and is not told.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoConnection {
    #[error(transparent)]
    Refused(Refused),
    #[error("{0}")]
    NoTicket(SlackErrorKind),
    #[error("Slack's address for it is none that can be trusted")]
    Address,
    #[error("the system's root certificates could not be read")]
    Certificates,
    #[error("Slack could not be reached by WebSocket")]
    Unreachable,
    #[error("Slack refused the WebSocket with HTTP status {0}")]
    Status(u16),
    #[error("Slack did not open it in time")]
    Timeout,
    #[error("Slack ended it before it began")]
    NoHello,
}

impl NoConnection {
    /// One word for a metric's label.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Refused(_) => "refused",
            Self::NoTicket(kind) => kind.name(),
            Self::Address => "foreign_url",
            Self::Certificates => "certificates",
            Self::Unreachable => "unreachable",
            Self::Status(_) => "http_status",
            Self::Timeout => "timeout",
            Self::NoHello => "no_hello",
        }
    }

    /// How long Slack wants not to be asked again.
    pub(super) fn wait(&self) -> Option<Duration> {
        match self {
            Self::NoTicket(SlackErrorKind::RateLimited { retry_after }) => Some(*retry_after),
            _ => None,
        }
    }
}

impl From<SlackError> for NoConnection {
    fn from(error: SlackError) -> Self {
        match Refused::of(&error) {
            Some(refused) => Self::Refused(refused),
            None => Self::NoTicket(error.kind),
        }
    }
}

/// A connection that Slack has greeted.
pub(super) struct Connection {
    socket: Socket,
    pace: Pace,
    connected: Connected,
    /// How many the app has, over all replicas, as Slack says.
    pub(super) app_connections: Option<u64>,
}

impl Connection {
    /// Asks for a ticket, connects with it and waits until Slack says hello.
    pub(super) async fn open(slack: &SlackClient, pace: Pace, link: &Link) -> Result<Self, NoConnection> {
        let address = address(slack).await?;
        let mut socket =
            timeout(pace.opening, connected(&address)).await.map_err(|_| NoConnection::Timeout)??;
        let greeted = timeout(pace.opening, greeted(&mut socket)).await.map_err(|_| NoConnection::Timeout)?;
        let app_connections = greeted.ok_or(NoConnection::NoHello)?;
        Ok(Self { socket, pace, connected: link.connected(), app_connections })
    }

    /// Takes what comes until the connection is gone, has a successor and is done, or `stop`. Tells once, as soon as
    /// another is needed in its place. Ends when all that was taken is done.
    pub(super) async fn serve(
        self,
        take: Take,
        has_successor: CancellationToken,
        stop: CancellationToken,
        tell: oneshot::Sender<End>,
    ) {
        let Self { socket, pace, connected, .. } = self;
        let (sink, frames) = socket.split();
        let mut serving = Serving { sink, frames, take, taken: JoinSet::new(), pace, tell: Some(tell) };
        let lost = serving.until_its_end(&has_successor, &stop).await;
        drop(connected);
        match lost {
            Some(why) => serving.tell(End::Lost(why)),
            None => serving.say_goodbye().await,
        }
        // What Slack has given is finished, though it cannot be acknowledged any more: it comes again, and is known.
        while serving.taken.join_next().await.is_some() {}
    }
}

async fn address(slack: &SlackClient) -> Result<Url, NoConnection> {
    let opened = slack.open_connection().await?;
    if opened.leads_nowhere() {
        // Not given up: the switch may lag behind at Slack, and nothing of a running bot's depends on it.
        tracing::error!("{}", Refused::SocketModeOff);
    }
    let url = Url::parse(&opened.url).map_err(|_| NoConnection::Address)?;
    // A Slack on this machine has no certificate; from elsewhere nothing is read in the clear.
    let plain = url.scheme() == "ws" && slack.api_is_loopback && is_loopback(&url);
    if plain || url.scheme() == "wss" { Ok(url) } else { Err(NoConnection::Address) }
}

async fn connected(address: &Url) -> Result<Socket, NoConnection> {
    let limits =
        WebSocketConfig::default().max_message_size(Some(LARGEST_FRAME)).max_frame_size(Some(LARGEST_FRAME));
    let connector = if address.scheme() == "wss" { Connector::Rustls(tls()?) } else { Connector::Plain };
    // An acknowledgement is small and must not wait for company.
    let no_delay = true;
    let opened =
        connect_async_tls_with_config(address.as_str(), Some(limits), no_delay, Some(connector)).await;
    opened.map(|(socket, _)| socket).map_err(|error| match error {
        Error::Http(answer) => NoConnection::Status(answer.status().as_u16()),
        _ => NoConnection::Unreachable,
    })
}

fn tls() -> Result<Arc<rustls::ClientConfig>, NoConnection> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| NoConnection::Certificates)?
        .with_native_roots()
        .map_err(|_| NoConnection::Certificates)?
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// What Slack's hello says of the app's connections; nothing where something else comes.
async fn greeted(socket: &mut Socket) -> Option<Option<u64>> {
    loop {
        match socket.next().await? {
            Ok(Message::Text(text)) => match Frame::read(text.as_str()) {
                Frame::Hello { app_connections } => return Some(app_connections),
                _ => return None,
            },
            Ok(Message::Ping(_) | Message::Pong(_)) => {}
            _ => return None,
        }
    }
}

/// A connection at work.
struct Serving {
    sink: SplitSink<Socket, Message>,
    frames: SplitStream<Socket>,
    take: Take,
    /// Envelopes in hand; each ends with its acknowledgement.
    taken: JoinSet<Option<String>>,
    pace: Pace,
    tell: Option<oneshot::Sender<End>>,
}

impl Serving {
    /// Why it was lost; nothing where it may be closed.
    async fn until_its_end(
        &mut self,
        has_successor: &CancellationToken,
        stop: &CancellationToken,
    ) -> Option<&'static str> {
        let mut heard = Instant::now();
        let mut asked = false;
        let mut ends: Option<Instant> = None;
        let mut stopping = false;
        loop {
            let far = heard + self.pace.silence;
            tokio::select! {
                () = stop.cancelled(), if !stopping => {
                    stopping = true;
                    ends = Some(Instant::now() + ACKNOWLEDGED_WITHIN);
                }
                () = has_successor.cancelled(), if ends.is_none() => {
                    ends = Some(Instant::now() + self.pace.overlap);
                }
                () = sleep_until(ends.unwrap_or(far)), if ends.is_some() => return None,
                Some(done) = self.taken.join_next() => {
                    if let Ok(Some(acknowledgement)) = done
                        && !self.sent(Message::text(acknowledgement)).await
                    {
                        return Some("nothing could be sent");
                    }
                }
                frame = self.frames.next(), if self.taken.len() < IN_HAND => {
                    heard = Instant::now();
                    asked = false;
                    match frame {
                        Some(Ok(Message::Text(text))) => self.take(text.as_str()),
                        Some(Ok(Message::Close(_))) | None => return Some("Slack closed it"),
                        Some(Ok(_)) => {}
                        Some(Err(_)) => return Some("the network broke it"),
                    }
                }
                () = sleep_until(heard + self.pace.ping), if !asked => {
                    asked = true;
                    if !self.sent(Message::Ping(Vec::new().into())).await {
                        return Some("nothing could be sent");
                    }
                }
                () = sleep_until(far) => return Some("Slack fell silent"),
            }
            if stopping && self.taken.is_empty() {
                return None;
            }
        }
    }

    fn take(&mut self, text: &str) {
        match Frame::read(text) {
            Frame::Envelope(envelope) => {
                self.taken.spawn(acknowledgement(self.take.clone(), *envelope));
            }
            Frame::Disconnect(reason) => self.tell(End::Leaving(reason)),
            Frame::Hello { .. } => {}
            Frame::NotUnderstood => tracing::warn!("Slack sent a frame that is not understood"),
        }
    }

    fn tell(&mut self, end: End) {
        if let Some(tell) = self.tell.take() {
            // Nobody listens where the bot is stopping.
            let _ = tell.send(end);
        }
    }

    async fn sent(&mut self, message: Message) -> bool {
        matches!(timeout(SENT_WITHIN, self.sink.send(message)).await, Ok(Ok(())))
    }

    /// Closes it in order. What comes meanwhile is not taken: it cannot be acknowledged any more.
    async fn say_goodbye(&mut self) {
        if !self.sent(Message::Close(None)).await {
            return;
        }
        let until_closed = async { while let Some(Ok(_)) = self.frames.next().await {} };
        let _closed_or_not = timeout(SENT_WITHIN, until_closed).await;
    }
}

/// Has an envelope taken. Nothing where it is not to be acknowledged.
async fn acknowledgement(take: Take, envelope: Envelope) -> Option<String> {
    let Envelope { inbound, is_repeated, receipt } = envelope;
    inbound.note_received();
    let reply = timeout(ACKNOWLEDGED_WITHIN, take(inbound)).await.ok();
    let acknowledgement = reply.as_ref().and_then(|reply| receipt.acknowledgement(reply));
    let outcome = match (&acknowledgement, &reply) {
        (Some(_), _) => "acknowledged",
        (None, Some(_)) => "not_taken",
        (None, None) => "late",
    };
    let repeated = if is_repeated { "yes" } else { "no" };
    metrics::counter!("sso_why_socket_envelopes_total", "outcome" => outcome, "repeated" => repeated)
        .increment(1);
    if acknowledgement.is_none() {
        tracing::warn!(
            outcome,
            "what Slack sent was not taken: it sends an event again, and tells a person of anything else"
        );
    }
    acknowledgement
}
