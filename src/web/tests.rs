//! The routes as Slack, a probe and a stranger meet them.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_config::{BehaviorVersion, SdkConfig};
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use axum::response::IntoResponse as _;
use axum::routing::any;
use axum::{Json, Router};
use futures::stream;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use crate::config;
use crate::desk::Desk;
use crate::gather::{ConfiguredInstance, Gather};
use crate::slack::client::SlackClient;
use crate::slack::reply::Reply;
use crate::sources::Patience;
use crate::words::slack::Message;

const SECRET: &str = "a signing secret";
const ROUTES: [&str; 3] = ["/slack/commands", "/slack/interactions", "/slack/events"];
const FORM: &str = "application/x-www-form-urlencoded";
const MEBIBYTE: usize = 1024 * 1024;

/// A bot whose Slack is at this address; nothing else is there.
fn bot(slack_address: &str, draining: CancellationToken) -> Router {
    let aws = SdkConfig::builder().behavior_version(BehaviorVersion::latest()).build();
    let gather = Gather::new(
        &aws,
        ConfiguredInstance::default(),
        Patience::default(),
        Duration::ZERO,
        Arc::new(|| Timestamp::UNIX_EPOCH),
    );
    let settings = config::Slack {
        api_url: format!("http://{slack_address}/api"),
        helpdesk_channel: None,
        admin_channel: None,
        look_up_others: config::LookUpOthers::HelpDesk,
        helpdesk_members: config::HelpDeskMembers::Channel,
    };
    let slack = SlackClient::new(&settings.api_url, "xoxb-test".into()).unwrap();
    super::router(Desk::new(Arc::new(gather), slack.clone(), settings), slack, &SECRET.into(), draining)
}

fn lonely_bot() -> Router {
    // Port 9 discards; nothing of these tests goes there.
    bot("127.0.0.1:9", CancellationToken::new())
}

fn signature(timestamp: u64, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(format!("v0:{timestamp}:").as_bytes());
    mac.update(body);
    format!("v0={}", hex::encode(mac.finalize().into_bytes()))
}

fn now() -> u64 {
    SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs()
}

fn signed(route: &str, content_type: &str, body: &[u8]) -> Request<Body> {
    Request::post(route)
        .header(header::CONTENT_TYPE, content_type)
        .header("X-Slack-Request-Timestamp", now())
        .header("X-Slack-Signature", signature(now(), body))
        .body(Body::from(body.to_vec()))
        .unwrap()
}

async fn answer(bot: &Router, request: Request<Body>) -> (StatusCode, String) {
    let response = bot.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), MEBIBYTE).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

async fn status(bot: &Router, request: Request<Body>) -> StatusCode {
    answer(bot, request).await.0
}

async fn get(bot: &Router, path: &str) -> (StatusCode, String) {
    answer(bot, Request::get(path).body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn every_route_takes_every_kind_and_answers_it() {
    let bot = lonely_bot();
    let help = b"command=%2Fsso-why&text=help&user_id=U0DANA&channel_id=C0GENERAL&response_url=http%3A%2F%2F127.0.0.1%3A9";
    for route in ROUTES {
        let (status, message) = answer(&bot, signed(route, FORM, help)).await;
        assert_eq!(status, StatusCode::OK);
        let message: Value = serde_json::from_str(&message).unwrap();
        assert_eq!(message["response_type"], "ephemeral");
        assert!(message["text"].as_str().unwrap().contains("/sso-why"), "{message}");

        let challenge = br#"{"type": "url_verification", "challenge": "3eZb"}"#;
        let echoed = answer(&bot, signed(route, "application/json", challenge)).await;
        assert_eq!(echoed, (StatusCode::OK, "3eZb".to_owned()));

        for nonsense in [&b"ssl_check=1"[..], b"", b"payload=null", b"payload=%7B%22type%22%3A%22tomorrow%22%7D"] {
            let answered = answer(&bot, signed(route, FORM, nonsense)).await;
            assert_eq!(answered, (StatusCode::OK, String::new()));
        }
    }
}

#[tokio::test]
async fn what_slack_did_not_sign_is_refused() {
    let bot = lonely_bot();
    let body = b"ssl_check=1";
    for route in ROUTES {
        let request = |timestamp: Option<String>, signature: Option<String>| {
            let mut request = Request::post(route).header(header::CONTENT_TYPE, FORM);
            if let Some(timestamp) = timestamp {
                request = request.header("X-Slack-Request-Timestamp", timestamp);
            }
            if let Some(signature) = signature {
                request = request.header("X-Slack-Signature", signature);
            }
            request.body(Body::from(&body[..])).unwrap()
        };
        let good = (now().to_string(), signature(now(), body));
        for (timestamp, signature) in [
            (None, None),
            (Some(good.0.clone()), None),
            (None, Some(good.1.clone())),
            (Some(good.0.clone()), Some(signature(now(), b"ssl_check=2"))),
            (Some(good.0.clone()), Some("v0=".to_owned())),
            (Some("now".to_owned()), Some(good.1.clone())),
            (Some((now() - 310).to_string()), Some(signature(now() - 310, body))),
            (Some((now() + 310).to_string()), Some(signature(now() + 310, body))),
        ] {
            let case = format!("{timestamp:?} {signature:?}");
            assert_eq!(status(&bot, request(timestamp, signature)).await, StatusCode::UNAUTHORIZED, "{case}");
        }
        assert_eq!(status(&bot, request(Some(good.0), Some(good.1))).await, StatusCode::OK);
    }
}

#[tokio::test]
async fn what_is_too_large_is_refused_before_it_is_read_whole() {
    let bot = lonely_bot();
    for route in ROUTES {
        // A body that never ends: an answer can only come before it has been read whole.
        let endless = |piece: usize| Body::from_stream(stream::repeat_with(move || Ok::<_, std::io::Error>(vec![b'x'; piece])));
        let announced = Request::post(route)
            .header(header::CONTENT_LENGTH, MEBIBYTE + 1)
            .body(Body::from_stream(stream::pending::<Result<Vec<u8>, std::io::Error>>()))
            .unwrap();
        assert_eq!(status(&bot, announced).await, StatusCode::PAYLOAD_TOO_LARGE);
        let chunked = Request::post(route).body(endless(64 * 1024)).unwrap();
        assert_eq!(status(&bot, chunked).await, StatusCode::PAYLOAD_TOO_LARGE);
        let too_large = signed(route, FORM, &vec![b'x'; MEBIBYTE + 1]);
        assert_eq!(status(&bot, too_large).await, StatusCode::PAYLOAD_TOO_LARGE);

        let just_fits = vec![b'x'; MEBIBYTE];
        assert_eq!(status(&bot, signed(route, FORM, &just_fits)).await, StatusCode::OK);
        let unsigned = Request::post(route).body(Body::from(just_fits)).unwrap();
        assert_eq!(status(&bot, unsigned).await, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn a_route_of_slack_is_only_posted_to() {
    assert_eq!(get(&lonely_bot(), "/slack/events").await.0, StatusCode::METHOD_NOT_ALLOWED);
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
    let willing = slack_answering(json!({"ok": true, "user_id": "U0BOT", "team_id": "T0", "bot_id": "B0"})).await;
    let draining = CancellationToken::new();
    let bot = bot(&willing, draining.clone());
    assert_eq!(get(&bot, "/healthz").await, (StatusCode::OK, "ok".to_owned()));
    assert_eq!(get(&bot, "/readyz").await, (StatusCode::OK, "ready".to_owned()));

    draining.cancel();
    assert_eq!(get(&bot, "/readyz").await, (StatusCode::SERVICE_UNAVAILABLE, "stopping".to_owned()));
    assert_eq!(get(&bot, "/healthz").await.0, StatusCode::OK);
}

#[tokio::test]
async fn it_is_not_ready_where_slack_refuses_the_token() {
    let unwilling = slack_answering(json!({"ok": false, "error": "invalid_auth"})).await;
    let bot = bot(&unwilling, CancellationToken::new());
    assert_eq!(
        get(&bot, "/readyz").await,
        (StatusCode::SERVICE_UNAVAILABLE, "not ready: Slack refused it (invalid_auth)".to_owned())
    );
}

#[tokio::test]
async fn metrics_have_our_names_only() {
    let bot = lonely_bot();
    status(&bot, signed(ROUTES[0], FORM, b"ssl_check=1")).await;
    let (status, text) = get(&bot, "/metrics").await;
    assert_eq!(status, StatusCode::OK);
    assert!(text.contains("sso_why_slack_requests_total{kind=\"ssl_check\"}"), "{text}");
    let foreign: Vec<_> =
        text.lines().filter(|line| !line.is_empty() && !line.starts_with('#') && !line.starts_with("sso_why_")).collect();
    assert_eq!(foreign, Vec::<&str>::new());
}

#[tokio::test]
async fn replies_have_the_shapes_that_slack_documents() {
    let message = Message { text: "Looking.".to_owned(), blocks: vec![json!({"type": "divider"})] };
    let pair = |left: &str, right: &str| vec![(left.to_owned(), right.to_owned())];
    for (reply, expected) in [
        (
            Reply::Message(message),
            json!({"response_type": "ephemeral", "text": "Looking.", "blocks": [{"type": "divider"}]}),
        ),
        (
            Reply::Options(pair("Payments", "1")),
            json!({"options": [{"text": {"type": "plain_text", "text": "Payments"}, "value": "1"}]}),
        ),
        (Reply::Options(Vec::new()), json!({"options": []})),
        (
            Reply::FormErrors(pair("account", "Choose one.")),
            json!({"response_action": "errors", "errors": {"account": "Choose one."}}),
        ),
        (
            Reply::View(json!({"type": "modal"})),
            json!({"response_action": "update", "view": {"type": "modal"}}),
        ),
        (Reply::Clear, json!({"response_action": "clear"})),
    ] {
        let response = reply.into_response();
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/json");
        let body = to_bytes(response.into_body(), MEBIBYTE).await.unwrap();
        assert_eq!(serde_json::from_slice::<Value>(&body).unwrap(), expected);
    }
}
