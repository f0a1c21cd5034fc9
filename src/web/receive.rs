//! Slack's requests: size first, then the signature, and only then is anything read.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{FromRequest as _, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tower_http::limit::RequestBodyLimitLayer;

use super::refused::Refused;
use crate::desk::Desk;
use crate::slack::inbound::Inbound;
use crate::slack::reply::Reply;
use crate::slack::signature::{Refusal, Signature};

/// Bytes of a body at most: the contract's 1 MiB. Slack's largest payloads, a full view with its state, are
/// a tenth of it.
const LARGEST_BODY: usize = 1024 * 1024;
/// How long a body may take to arrive. Slack gives up on a request after 3 s (docs.slack.dev, "Events API").
const BODY_ARRIVES: Duration = Duration::from_secs(3);
/// How long it may take until what a request asks is stored: then Slack is told that it is not, while it still
/// listens. Slack repeats an event, which is known again if it was stored after all.
const TAKEN_WITHIN: Duration = Duration::from_millis(2_800);
/// Requests in hand at once, each with its body: as many as Socket Mode has of a connection. What is beyond it waits
/// without being read.
const IN_HAND: usize = 128;
/// How long it waits before it is refused; whoever sends more than that is not Slack.
const WAITS: Duration = Duration::from_secs(1);

#[derive(Clone)]
struct Reception {
    desk: Arc<Desk>,
    signature: Signature,
    in_hand: Arc<Semaphore>,
    refused: Refused,
}

/// The three routes. Each takes every kind of request, so that one URL can serve all.
pub(super) fn router(desk: Arc<Desk>, signature: Signature) -> Router {
    Router::new()
        .route("/slack/commands", post(receive))
        .route("/slack/interactions", post(receive))
        .route("/slack/events", post(receive))
        .layer(RequestBodyLimitLayer::new(LARGEST_BODY))
        .with_state(Reception {
            desk,
            signature,
            in_hand: Arc::new(Semaphore::new(IN_HAND)),
            refused: Refused::default(),
        })
}

/// The signature covers the whole body, so at most [`LARGEST_BODY`] is read before it is checked. A request
/// that is unsigned or too old is read as well: one that is too large is told so, signed or not.
async fn receive(State(reception): State<Reception>, request: Request) -> Response {
    let Ok(Ok(_in_hand)) = timeout(WAITS, reception.in_hand.acquire()).await else {
        counted("too_many");
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
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
        Ok(text) => {
            signed("fits");
            text
        }
        Err(refusal) => {
            counted("unverified");
            if refusal == Refusal::WrongSignature {
                signed("does_not_fit");
            }
            reception.refused.note(refusal);
            return StatusCode::UNAUTHORIZED.into_response();
        }
    };
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let inbound = Inbound::parse(content_type, text);
    inbound.note_received();
    let taken = timeout(TAKEN_WITHIN, reception.desk.receive(inbound)).await;
    let reply = taken.unwrap_or_else(|_elapsed| {
        tracing::error!("a request was not taken in time");
        Reply::NotTaken
    });
    reply.into_response()
}

fn counted(kind: &'static str) {
    metrics::counter!("sso_why_slack_requests_total", "kind" => kind).increment(1);
}

/// The doctor reads it: nothing else tells whether the signing secret is the app's.
fn signed(outcome: &'static str) {
    metrics::counter!("sso_why_slack_signatures_total", "outcome" => outcome).increment(1);
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use aws_config::{BehaviorVersion, SdkConfig};
    use axum::body::{Body, to_bytes};
    use futures::stream;
    use hmac::{Hmac, KeyInit as _, Mac as _};
    use jiff::Timestamp;
    use serde_json::Value;
    use sha2::Sha256;
    use tower::ServiceExt as _;

    use super::*;
    use crate::config;
    use crate::desk::Tools;
    use crate::gather::{ConfiguredInstance, Gather};
    use crate::jobs::{Beat, Jobs};
    use crate::slack::client::SlackClient;
    use crate::sources::{Limits, Patience};
    use crate::store::Store;

    const SECRET: &str = "a signing secret";
    const ROUTES: [&str; 3] = ["/slack/commands", "/slack/interactions", "/slack/events"];
    const FORM: &str = "application/x-www-form-urlencoded";
    const MEBIBYTE: usize = 1024 * 1024;

    /// A bot whose Slack and AWS are not there.
    async fn bot() -> Router {
        bot_with_its_store().await.0
    }

    async fn bot_with_its_store() -> (Router, Store) {
        let aws = SdkConfig::builder().behavior_version(BehaviorVersion::latest()).build();
        let gather = Gather::new(
            &aws,
            ConfiguredInstance::default(),
            None,
            Patience::default(),
            Limits::default(),
            Duration::ZERO,
            Arc::new(|| Timestamp::UNIX_EPOCH),
        );
        let settings =
            config::Slack { api_url: "http://127.0.0.1:9/api".to_owned(), ..config::Config::default().slack };
        let slack = SlackClient::new(&settings.api_url, "xoxb-test".into()).unwrap();
        let store = Store::in_memory().await.unwrap();
        let jobs = Jobs::new(store.clone(), Arc::new(|| Timestamp::UNIX_EPOCH), Beat::default());
        let tools = Tools {
            gather: Arc::new(gather),
            slack,
            store: store.clone(),
            jobs,
            shared_secret: SECRET.into(),
            retention: jiff::SignedDuration::from_hours(24),
            head_start: Duration::ZERO,
        };
        let desk = Desk::new(tools, settings, config::Actions::default(), config::Digest::default());
        (router(desk, Signature::new(&SECRET.into())), store)
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

    #[tokio::test]
    async fn every_route_takes_every_kind_and_answers_it() {
        let bot = bot().await;
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

            for nonsense in
                [&b"ssl_check=1"[..], b"", b"payload=null", b"payload=%7B%22type%22%3A%22tomorrow%22%7D"]
            {
                let answered = answer(&bot, signed(route, FORM, nonsense)).await;
                assert_eq!(answered, (StatusCode::OK, String::new()));
            }
        }
    }

    #[tokio::test]
    async fn what_slack_did_not_sign_is_refused() {
        let bot = bot().await;
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
                assert_eq!(
                    status(&bot, request(timestamp, signature)).await,
                    StatusCode::UNAUTHORIZED,
                    "{case}"
                );
            }
            assert_eq!(status(&bot, request(Some(good.0), Some(good.1))).await, StatusCode::OK);
        }
    }

    #[tokio::test]
    async fn what_is_too_large_is_refused_before_it_is_read_whole() {
        let bot = bot().await;
        for route in ROUTES {
            // A body that never ends: an answer can only come before it has been read whole.
            let endless = |piece: usize| {
                Body::from_stream(stream::repeat_with(move || Ok::<_, std::io::Error>(vec![b'x'; piece])))
            };
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
    async fn a_store_that_hangs_costs_slack_no_more_than_it_waits() {
        let (bot, store) = bot_with_its_store().await;
        let _held = store.begin().await.unwrap();
        let question = b"command=%2Fsso-why&text=Payments-Prod&user_id=U0DANA&channel_id=C0GENERAL&trigger_id=1&response_url=http%3A%2F%2F127.0.0.1%3A9";
        let asked = signed("/slack/commands", FORM, question);
        assert_eq!(status(&bot, asked).await, StatusCode::SERVICE_UNAVAILABLE);
    }

    #[tokio::test]
    async fn bodies_that_do_not_come_hold_a_place_each_and_no_more() {
        let bot = bot().await;
        let endless = || {
            let body = Body::from_stream(stream::pending::<Result<Vec<u8>, std::io::Error>>());
            status(&bot, Request::post(ROUTES[0]).body(body).unwrap())
        };
        let answers = futures::future::join_all((0..=IN_HAND).map(|_| endless())).await;
        let (given_up, refused): (Vec<_>, Vec<_>) =
            answers.into_iter().partition(|status| *status == StatusCode::REQUEST_TIMEOUT);
        assert_eq!((given_up.len(), refused), (IN_HAND, vec![StatusCode::SERVICE_UNAVAILABLE]));
        assert_eq!(status(&bot, signed(ROUTES[0], FORM, b"ssl_check=1")).await, StatusCode::OK);
    }

    #[tokio::test]
    async fn a_route_of_slack_is_only_posted_to() {
        let got = Request::get(ROUTES[2]).body(Body::empty()).unwrap();
        assert_eq!(status(&bot().await, got).await, StatusCode::METHOD_NOT_ALLOWED);
    }
}
