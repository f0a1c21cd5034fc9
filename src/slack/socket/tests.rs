//! Socket Mode against a prepared Slack: what is acknowledged and what is not, and when a connection is given up.

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{WebSocketStream, accept_async};
use tokio_util::task::AbortOnDropHandle;

use super::frame::Frame;
use super::*;
use crate::slack::SlackError;

/// Whatever a test waits for comes long before this.
const LONG: Duration = Duration::from_secs(30);

/// A Slack whose connections the test has in its hand.
struct Slack {
    api: String,
    sockets: TcpListener,
}

impl Slack {
    async fn new() -> Self {
        let sockets = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("ws://{}/link/?ticket=secret", sockets.local_addr().unwrap());
        Self::answering(json!({"ok": true, "url": url}), sockets).await
    }

    async fn answering(answer: Value, sockets: TcpListener) -> Self {
        let open = |State(answer): State<Value>| async move { Json(answer) };
        let api = Router::new().route("/api/apps.connections.open", post(open)).with_state(answer);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, api).await });
        Self { api: format!("http://{address}/api"), sockets }
    }

    /// The bot's next connection, greeted.
    async fn connected(&self) -> WebSocketStream<TcpStream> {
        let accepted = tokio::time::timeout(LONG, self.sockets.accept()).await.unwrap();
        let mut socket = accept_async(accepted.unwrap().0).await.unwrap();
        socket.send(Message::text(json!({"type": "hello", "num_connections": 1}).to_string())).await.unwrap();
        socket
    }

    fn bot(&self, take: Take, pace: Pace) -> SocketMode {
        SocketMode::new(SlackClient::new(&self.api, "xapp-test".into()).unwrap(), take, pace)
    }
}

fn running(bot: SocketMode) -> (AbortOnDropHandle<Result<(), Refused>>, CancellationToken) {
    let stop = CancellationToken::new();
    let stopped = stop.clone();
    (AbortOnDropHandle::new(tokio::spawn(async move { bot.keep(stopped).await })), stop)
}

fn pace() -> Pace {
    Pace { first_pause: Duration::from_millis(1), ..Pace::default() }
}

/// Slow with `slow`, which waits for the notice; full for `full`; else with nothing to say.
fn take(notice: Arc<Notify>) -> Take {
    Arc::new(move |inbound| {
        let notice = notice.clone();
        Box::pin(async move {
            match inbound {
                Inbound::BlockSuggestion { typed, .. } if typed == "slow" => {
                    notice.notified().await;
                    Reply::Options(vec![("Payments".to_owned(), "1".to_owned())])
                }
                Inbound::BlockSuggestion { typed, .. } if typed == "full" => Reply::NotTaken,
                _ => Reply::Empty,
            }
        })
    })
}

fn type_ahead(envelope_id: &str, typed: &str) -> Message {
    let payload =
        json!({"type": "block_suggestion", "user": {"id": "U0DANA"}, "action_id": "account", "value": typed});
    let envelope = json!({
        "type": "interactive",
        "envelope_id": envelope_id,
        "accepts_response_payload": true,
        "payload": payload,
    });
    Message::text(envelope.to_string())
}

async fn said(socket: &mut WebSocketStream<TcpStream>) -> Value {
    loop {
        match tokio::time::timeout(LONG, socket.next()).await.unwrap().unwrap().unwrap() {
            Message::Text(text) => return serde_json::from_str(text.as_str()).unwrap(),
            Message::Ping(_) | Message::Pong(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn one_that_takes_long_holds_up_nobody_and_what_is_not_stored_is_not_acknowledged() {
    let slack = Slack::new().await;
    let notice = Arc::new(Notify::new());
    let (_bot, _) = running(slack.bot(take(notice.clone()), pace()));
    let mut socket = slack.connected().await;
    for (id, typed) in [("1", "slow"), ("2", "full"), ("3", "quick")] {
        socket.send(type_ahead(id, typed)).await.unwrap();
    }
    assert_eq!(said(&mut socket).await, json!({"envelope_id": "3"}));
    notice.notify_one();
    assert_eq!(
        said(&mut socket).await,
        json!({
            "envelope_id": "1",
            "payload": {"options": [{"text": {"type": "plain_text", "text": "Payments"}, "value": "1"}]},
        })
    );
}

#[tokio::test]
async fn the_next_connection_is_there_before_the_old_one_goes_and_that_is_heard_to_its_end() {
    let slack = Slack::new().await;
    let bot = slack.bot(take(Arc::default()), pace());
    let link = bot.link();
    let (_bot, _) = running(bot);
    let mut old = slack.connected().await;
    let _other_place = slack.connected().await;
    let leave = json!({"type": "disconnect", "reason": "refresh_requested", "debug_info": {"host": "x"}});
    old.send(Message::text(leave.to_string())).await.unwrap();
    let mut new = slack.connected().await;
    for socket in [&mut old, &mut new] {
        socket.send(type_ahead("1", "")).await.unwrap();
        assert_eq!(said(socket).await, json!({"envelope_id": "1"}));
    }
    assert_eq!(link.hindrance(), None);
}

#[tokio::test]
async fn told_to_stop_it_acknowledges_what_it_has_and_closes_in_order() {
    let slack = Slack::new().await;
    let notice = Arc::new(Notify::new());
    let (bot, stop) = running(slack.bot(take(notice.clone()), pace()));
    let mut sockets = [slack.connected().await, slack.connected().await];
    sockets[0].send(type_ahead("1", "slow")).await.unwrap();
    sockets[0].send(type_ahead("2", "")).await.unwrap();
    assert_eq!(said(&mut sockets[0]).await, json!({"envelope_id": "2"}));
    stop.cancel();
    notice.notify_one();
    assert_eq!(said(&mut sockets[0]).await["envelope_id"], "1");
    for mut socket in sockets {
        assert!(matches!(socket.next().await, Some(Ok(Message::Close(_)))));
        assert!(socket.next().await.is_none_or(|end| end.is_err()));
    }
    assert_eq!(tokio::time::timeout(LONG, bot).await.unwrap().unwrap(), Ok(()));
}

#[tokio::test]
async fn a_slack_that_falls_silent_is_asked_and_then_given_up() {
    let slack = Slack::new().await;
    let moment = Duration::from_millis(50);
    let (_bot, _) =
        running(slack.bot(take(Arc::default()), Pace { ping: moment, silence: moment * 4, ..pace() }));
    let (mut silent, _other_place) = (slack.connected().await, slack.connected().await);
    // Not read, it answers nothing.
    let _another_in_its_place = slack.connected().await;
    assert!(matches!(silent.next().await, Some(Ok(Message::Ping(_)))));
}

#[tokio::test]
async fn a_connection_that_is_taken_and_never_opened_is_given_up_and_so_is_one_that_is_never_greeted() {
    let slack = Slack::new().await;
    let client = SlackClient::new(&slack.api, "xapp-test".into()).unwrap();
    let pace = Pace { opening: Duration::from_millis(50), ..pace() };
    let link = Link::default();
    let open = || Connection::open(&client, pace, &link);
    assert_eq!(open().await.err(), Some(NoConnection::Timeout), "nobody takes it");
    let ungreeted = async {
        let mut taken = Vec::new();
        loop {
            let (connection, _) = slack.sockets.accept().await.unwrap();
            taken.extend(accept_async(connection).await);
        }
    };
    tokio::select! {
        opened = open() => assert_eq!(opened.err(), Some(NoConnection::Timeout), "nobody greets"),
        () = ungreeted => {}
    }
}

#[tokio::test]
async fn a_token_that_slack_refuses_is_no_reason_to_try_again() {
    let lacks =
        json!({"ok": false, "error": "missing_scope", "needed": "connections:write", "provided": "x"});
    let refusal = |code: &str| json!({"ok": false, "error": code});
    for (answer, sentence) in [
        (refusal("invalid_auth"), "Slack does not take SLACK_APP_TOKEN (invalid_auth)"),
        (refusal("missing_scope"), "SLACK_APP_TOKEN lacks the scope connections:write"),
        (lacks, "SLACK_APP_TOKEN lacks the scope connections:write"),
        (
            refusal("not_allowed_token_type"),
            "SLACK_APP_TOKEN is not what Slack wants (not_allowed_token_type)",
        ),
        (
            refusal("socket_mode_not_enabled"),
            "Socket Mode is off for the app, so that Slack sends it nothing; set ",
        ),
        (refusal("access_denied"), "Slack opens no Socket Mode connection (access_denied)"),
    ] {
        let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let slack = Slack::answering(answer, nobody).await;
        let (bot, _) = running(slack.bot(take(Arc::default()), pace()));
        let refused = tokio::time::timeout(LONG, bot).await.unwrap().unwrap().unwrap_err();
        assert!(refused.to_string().starts_with(sentence), "{refused}");
    }
    let passes = SlackError {
        method: "apps.connections.open",
        kind: SlackErrorKind::Api("internal_error".to_owned()),
    };
    assert_eq!(Refused::of(&passes), None);
}

#[tokio::test]
async fn nothing_is_read_in_the_clear_from_elsewhere_and_the_ticket_is_not_told() {
    for url in ["ws://slack.example/link/?ticket=secret", "http://127.0.0.1:9/?ticket=secret", "secret"] {
        let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let slack = Slack::answering(json!({"ok": true, "url": url}), nobody).await;
        let client = SlackClient::new(&slack.api, "xapp-test".into()).unwrap();
        let Err(why) = Connection::open(&client, pace(), &Link::default()).await else {
            panic!("{url} is trusted");
        };
        assert_eq!(why, NoConnection::Address);
        assert!(!format!("{why:?} {why}").contains("secret"));
    }
}

#[test]
fn pauses_grow_until_a_connection_has_stood_for_a_while() {
    let pace = Pace::default();
    let mut pauses = Pauses::new(pace);
    let refresh = End::Leaving(Reason::RefreshRequested);
    let short = Duration::from_secs(1);
    // The jitter adds at most as much again.
    let mut grown = Duration::ZERO;
    for _ in 0..8 {
        grown = pauses.after(&End::Lost("x"), short);
    }
    assert!(grown >= pace.longest_pause && grown <= 2 * pace.longest_pause, "{grown:?}");
    assert!(pauses.after(&refresh, short) >= pace.longest_pause, "Slack may not be well");
    assert_eq!(pauses.after(&refresh, pace.steady), Duration::ZERO);
    assert!(pauses.after(&End::Lost("x"), pace.steady) <= 2 * pace.first_pause);
    assert_eq!(pauses.after(&End::Leaving(Reason::LinkDisabled), pace.steady), pace.longest_pause);
}

#[test]
fn frames_are_read_tolerantly() {
    let read = |frame: Value| Frame::read(&frame.to_string());
    assert_eq!(
        read(json!({"type": "hello", "num_connections": 3, "debug_info": null})),
        Frame::Hello { app_connections: Some(3) }
    );
    for (reason, expected) in [
        ("warning", Reason::Warning),
        ("refresh_requested", Reason::RefreshRequested),
        ("link_disabled", Reason::LinkDisabled),
        ("too_many_websockets", Reason::Other),
    ] {
        assert_eq!(read(json!({"type": "disconnect", "reason": reason})), Frame::Disconnect(expected));
    }
    for nonsense in [json!({}), json!([]), json!({"type": "events_api", "payload": {}})] {
        assert_eq!(read(nonsense), Frame::NotUnderstood);
    }
    assert_eq!(Frame::read("{"), Frame::NotUnderstood);

    let command = json!({"type": "slash_commands", "envelope_id": "e", "accepts_response_payload": true, "payload": {
        "user_id": "U0DANA", "channel_id": "C0", "team_id": null, "text": "help", "trigger_id": "1.2",
        "response_url": "https://hooks.slack.com/commands/1", "is_enterprise_install": "false",
    }});
    let Frame::Envelope(envelope) = read(command) else { panic!("an envelope") };
    let Inbound::Command(command) = &envelope.inbound else { panic!("{:?}", envelope.inbound) };
    assert_eq!((command.user.as_str(), command.text.as_str(), &command.team), ("U0DANA", "help", &None));
    assert_eq!(envelope.receipt.acknowledgement(&Reply::NotTaken), None);

    let event = json!({"type": "events_api", "envelope_id": "e", "accepts_response_payload": false,
        "retry_attempt": 1, "retry_reason": "timeout",
        "payload": {"type": "event_callback", "event_id": "Ev1", "event": {"type": "app_mention"}}});
    let Frame::Envelope(envelope) = read(event) else { panic!("an envelope") };
    assert!(envelope.is_repeated && envelope.inbound.kind() == "event");
    let acknowledged = envelope.receipt.acknowledgement(&Reply::Clear);
    assert_eq!(acknowledged.as_deref(), Some("{\"envelope_id\":\"e\"}"), "it takes no payload");

    let Frame::Envelope(new) = read(json!({"type": "tomorrow", "envelope_id": "e", "payload": {}})) else {
        panic!("an envelope")
    };
    assert_eq!(new.inbound.kind(), "not_understood", "and acknowledged, or it would come again");
    assert!(new.receipt.acknowledgement(&Reply::Empty).is_some());
}
