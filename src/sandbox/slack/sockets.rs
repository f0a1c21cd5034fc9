//! Slack's side of Socket Mode: the connections that the bot has opened, and what a test does to them. From Slack's
//! page "Using Socket Mode".
//!
//! A connection that Slack has asked to leave still gets envelopes, and is ended when the next one has been greeted:
//! real connections end some seconds after they were warned, and tests do not wait for time.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Body;
use axum::extract::{Query, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use futures::{SinkExt, StreamExt};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot, watch};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::create_response;
use tokio_tungstenite::tungstenite::protocol::Role;

use super::APP_ID;
use crate::sandbox::Sandbox;

/// Connections that an app may have.
const MOST: usize = 10;
/// Seconds that a connection is said to last.
const CONNECTION_TIME: u64 = 18_060;

/// The connections and what goes through them.
pub struct Sockets {
    lines: Mutex<Lines>,
    changed: watch::Sender<()>,
}

#[derive(Default)]
struct Lines {
    open: Vec<Line>,
    numbered: u64,
    /// The envelopes that wait to be acknowledged, with the number of their connection.
    awaited: BTreeMap<String, (u64, oneshot::Sender<Value>)>,
    loses_next: bool,
    again: usize,
    lives: usize,
}

struct Line {
    number: u64,
    told: mpsc::UnboundedSender<Told>,
    leaving: bool,
}

/// What a connection is to do.
enum Told {
    Say(String),
    Close,
    /// As a cable that is pulled.
    Break,
}

/// An envelope under way: the number of its connection, and its acknowledgement. That never comes where the
/// connection ends before.
pub(super) struct Underway {
    pub(super) line: u64,
    pub(super) acknowledged: oneshot::Receiver<Value>,
}

impl Default for Sockets {
    fn default() -> Self {
        Self { lines: Mutex::default(), changed: watch::Sender::new(()) }
    }
}

impl Sockets {
    /// How many connections are open now.
    pub fn open(&self) -> usize {
        self.lines().open.len()
    }

    /// How many were ever greeted.
    pub fn ever_greeted(&self) -> usize {
        self.lines().lives
    }

    /// How many envelopes were sent again because their connection ended before they were acknowledged, or nobody
    /// acknowledged them in time.
    pub fn sent_again(&self) -> usize {
        self.lines().again
    }

    /// Waits until this holds of the connections.
    pub async fn once(&self, holds: impl Fn(&Self) -> bool) {
        let mut changed = self.changed.subscribe();
        while !holds(self) {
            if changed.changed().await.is_err() {
                return;
            }
        }
    }

    /// Asks every connection to leave, for this reason: `warning`, `refresh_requested` or `link_disabled`.
    pub fn ask_to_leave(&self, reason: &str) {
        let frame = json!({"type": "disconnect", "reason": reason, "debug_info": {"host": "simulated"}});
        for line in &mut self.lines().open {
            line.leaving = true;
            // It may be ending by itself.
            let _ = line.told.send(Told::Say(frame.to_string()));
        }
    }

    /// Cuts every connection without a word.
    pub fn cut(&self) {
        for line in &self.lines().open {
            let _ = line.told.send(Told::Break);
        }
    }

    /// The next acknowledgement does not arrive: its connection is cut in that moment.
    pub fn lose_next_acknowledgement(&self) {
        self.lines().loses_next = true;
    }

    pub(super) fn note_sent_again(&self) {
        self.lines().again += 1;
        self.changed.send_replace(());
    }

    /// Sends an envelope through one connection, each in turn and another than `beside` where there is one. Waits
    /// until there is any.
    pub(super) async fn send(&self, envelope_id: &str, envelope: &Value, beside: Option<u64>) -> Underway {
        let mut changed = self.changed.subscribe();
        loop {
            if let Some(underway) = self.try_send(envelope_id, envelope, beside) {
                return underway;
            }
            if changed.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }

    fn try_send(&self, envelope_id: &str, envelope: &Value, beside: Option<u64>) -> Option<Underway> {
        let mut lines = self.lines();
        let turn = usize::from(lines.open.len() > 1);
        lines.open.rotate_left(turn);
        let other = lines.open.iter().find(|line| Some(line.number) != beside);
        let line = other.or(lines.open.first())?;
        line.told.send(Told::Say(envelope.to_string())).ok()?;
        let number = line.number;
        let (tell, acknowledged) = oneshot::channel();
        lines.awaited.insert(envelope_id.to_owned(), (number, tell));
        Some(Underway { line: number, acknowledged })
    }

    /// A new connection was greeted: those that were asked to leave go, and it takes its part.
    fn greeted(&self, number: u64, told: mpsc::UnboundedSender<Told>) {
        let mut lines = self.lines();
        if let Some(leaving) = lines.open.iter().find(|line| line.leaving) {
            let _ = leaving.told.send(Told::Close);
        }
        lines.open.push(Line { number, told, leaving: false });
        lines.lives += 1;
        drop(lines);
        self.changed.send_replace(());
    }

    /// What was not acknowledged by now never will be, through this one.
    fn ended(&self, number: u64) {
        let mut lines = self.lines();
        lines.open.retain(|line| line.number != number);
        lines.awaited.retain(|_, (line, _)| *line != number);
        drop(lines);
        self.changed.send_replace(());
    }

    /// Whether the connection stands after it.
    fn heard(&self, text: &str) -> bool {
        let mut lines = self.lines();
        let Ok(said) = serde_json::from_str::<Value>(text) else {
            return true;
        };
        if std::mem::take(&mut lines.loses_next) {
            return false;
        }
        let awaited = said["envelope_id"].as_str().and_then(|id| lines.awaited.remove(id));
        if let Some((_, tell)) = awaited {
            // Whoever waited may have given up.
            let _ = tell.send(said["payload"].clone());
        }
        true
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The handler of `/link/`: a WebSocket for whoever has a ticket that is not used.
pub(super) async fn link(
    State(sandbox): State<Arc<Sandbox>>,
    Query(query): Query<BTreeMap<String, String>>,
    mut request: Request,
) -> Response {
    sandbox.calls.arrive("slack:link").await;
    let ticket = query.get("ticket").map(String::as_str).unwrap_or_default();
    if !sandbox.workspace().take_socket_ticket(ticket) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let upgrade = hyper::upgrade::on(&mut request);
    let (parts, _) = request.into_parts();
    match create_response(&axum::http::Request::from_parts(parts, ())) {
        Ok(switching) => {
            tokio::spawn(serve(sandbox, upgrade));
            switching.map(|()| Body::empty())
        }
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}

async fn serve(sandbox: Arc<Sandbox>, upgrade: OnUpgrade) {
    let Ok(upgraded) = upgrade.await else {
        return;
    };
    let mut socket = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, None).await;
    let sockets = &sandbox.sockets;
    let (number, others) = {
        let mut lines = sockets.lines();
        lines.numbered += 1;
        (lines.numbered, lines.open.len())
    };
    if others >= MOST {
        let refusal = json!({"type": "disconnect", "reason": "too_many_websockets"});
        let _ = socket.send(Message::text(refusal.to_string())).await;
        return;
    }
    let hello = json!({
        "type": "hello",
        "num_connections": others + 1,
        "debug_info": {"host": "simulated", "build_number": 1, "approximate_connection_time": CONNECTION_TIME},
        "connection_info": {"app_id": APP_ID},
    });
    let (tell, told) = mpsc::unbounded_channel();
    if socket.send(Message::text(hello.to_string())).await.is_err() {
        return;
    }
    sockets.greeted(number, tell);
    let ending = converse(sockets, &mut socket, told).await;
    sockets.ended(number);
    if ending == Ending::InOrder {
        // Whoever was told that it ends says so too, and until then is read.
        while let Some(Ok(_)) = socket.next().await {}
    }
}

#[derive(PartialEq, Eq)]
enum Ending {
    InOrder,
    Cut,
}

async fn converse(
    sockets: &Sockets,
    socket: &mut WebSocketStream<TokioIo<Upgraded>>,
    mut told: mpsc::UnboundedReceiver<Told>,
) -> Ending {
    loop {
        tokio::select! {
            next = told.recv() => match next {
                Some(Told::Say(text)) => {
                    if socket.send(Message::text(text)).await.is_err() {
                        return Ending::Cut;
                    }
                }
                Some(Told::Close) => {
                    // It may have gone already.
                    let _ = socket.close(None).await;
                    return Ending::InOrder;
                }
                Some(Told::Break) | None => return Ending::Cut,
            },
            frame = socket.next() => match frame {
                Some(Ok(Message::Text(text))) if !sockets.heard(text.as_str()) => return Ending::Cut,
                Some(Ok(Message::Close(_))) => return Ending::InOrder,
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Ending::Cut,
            },
        }
    }
}
