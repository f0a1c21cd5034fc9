//! The call at the wire: what is tried again, what a failure is called, and what is never told.

use serde_json::json;

use super::scripted::{Answer as Scripture, Scripted};
use super::*;
use crate::sources::counting_calls;

const READ: Call = Call::reading("graph:users", "User.Read.All");

fn patience() -> Patience {
    Patience {
        attempt: Duration::from_secs(5),
        call: Duration::from_secs(10),
        attempts: 3,
        first_pause: Duration::from_millis(1),
    }
}

async fn called(call: Call, answers: Vec<Scripture>) -> (Result<Value, Failure>, usize) {
    called_with(patience(), call, answers).await
}

async fn called_with(
    patience: Patience,
    call: Call,
    answers: Vec<Scripture>,
) -> (Result<Value, Failure>, usize) {
    let server = Scripted::server(answers).await;
    let http = Http::new("Microsoft Graph", "entra", &server.base, patience).expect("a client");
    let mut url = server.base.clone();
    url.set_query(Some("$filter=mail%20eq%20'secret'"));
    let request = http.request(Method::GET, url).bearer_auth("secret");
    let answer = http.json(call, request).await.map(|answer| answer.body);
    (answer, server.arrived().len())
}

async fn gap_of(answer: Scripture) -> Gap {
    let (answer, times) = called(READ, vec![answer]).await;
    assert_eq!(times, 1, "it was tried again");
    answer.expect_err("fails").gap
}

fn ok() -> Scripture {
    Scripture::json(200, &json!({"here": true}))
}

#[tokio::test]
async fn an_answer_is_read_and_counted_once_however_often_it_was_tried() {
    let answers = vec![Scripture::text(503, "busy"), ok()];
    let ((answer, times), calls) = counting_calls(called(READ, answers)).await;
    assert_eq!(answer.expect("an answer"), json!({"here": true}));
    assert_eq!((times, calls), (2, 1));
}

#[tokio::test]
async fn an_answer_without_a_body_is_null() {
    let (answer, _) = called(READ, vec![Scripture::text(204, "")]).await;
    assert_eq!(answer.expect("an answer"), Value::Null);
}

#[tokio::test]
async fn throttling_and_server_errors_are_tried_again_as_often_as_patience_says() {
    let throttled = || Scripture::json(429, &json!({"error": {"code": "TooManyRequests"}}));
    let (answer, times) = called(READ, vec![throttled().with("retry-after", 0), throttled(), ok()]).await;
    assert!(answer.is_ok());
    assert_eq!(times, 3);

    let (answer, times) = called(READ, vec![throttled(), throttled(), throttled(), ok()]).await;
    let gap = answer.expect_err("throttled").gap;
    assert_eq!((gap.kind, gap.detail.as_str(), times), (GapKind::Throttled, "TooManyRequests", 3));

    let broken = || Scripture::text(502, "<html>Bad Gateway</html>");
    let (answer, times) = called(READ, vec![broken(), broken(), broken(), ok()]).await;
    let gap = answer.expect_err("broken").gap;
    assert_eq!(gap.detail, "HTTP 502 with an answer that is not Microsoft Graph's");
    assert_eq!((gap.kind, times), (GapKind::Error, 3));
}

#[tokio::test]
async fn a_wait_that_is_longer_than_the_call_may_take_is_not_begun() {
    let busy = || Scripture::text(429, "");
    let reset = Scripture::text(429, "")
        .with("date", "Tue, 03 Mar 2026 10:00:00 GMT")
        .with(RATE_LIMIT_RESET, 1_772_532_000 + 60);
    for (answer, detail) in [(busy().with("retry-after", 60), "HTTP 429"), (reset, "HTTP 429")] {
        let (answer, times) = called(READ, vec![answer, ok()]).await;
        let gap = answer.expect_err("throttled").gap;
        assert_eq!((gap.kind, gap.detail.as_str(), times), (GapKind::Throttled, detail, 1));
    }
}

#[test]
fn how_long_to_wait_is_read_in_all_three_ways() {
    let wait = |headers: &[(&'static str, &str)]| {
        let headers = headers.iter().map(|(name, value)| {
            (reqwest::header::HeaderName::from_static(name), value.parse().expect("a value"))
        });
        wait_asked_for(&headers.collect(), true)
    };
    let seconds = |seconds| Some(Duration::from_secs(seconds));
    let date = ("date", "Tue, 03 Mar 2026 10:00:00 GMT");
    assert_eq!(wait(&[("retry-after", "7")]), seconds(7));
    assert_eq!(wait(&[date, ("retry-after", "Tue, 03 Mar 2026 10:00:09 GMT")]), seconds(9));
    assert_eq!(wait(&[date, (RATE_LIMIT_RESET, "1772532011")]), seconds(11));
    assert_eq!(wait(&[date, (RATE_LIMIT_RESET, "1772531000")]), seconds(0));
    assert_eq!(wait(&[(RATE_LIMIT_RESET, "1772532011")]), None);
    assert_eq!(wait(&[date, ("retry-after", "soon")]), None);
    assert_eq!(wait(&[]), None);
}

#[tokio::test]
async fn what_changes_something_is_sent_once() {
    let call = Call::changing("graph:synchronization/provisionOnDemand", "Synchronization.ReadWrite.All");
    for answer in [Scripture::text(503, ""), Scripture::text(429, "")] {
        let (answer, times) = called(call, vec![answer, ok()]).await;
        assert!(answer.is_err());
        assert_eq!(times, 1);
    }
}

#[tokio::test]
async fn a_refusal_names_the_code_and_the_permission() {
    let denied = json!({"error": {"code": "Authorization_RequestDenied", "message": "secret"}});
    let gap = gap_of(Scripture::json(403, &denied)).await;
    assert_eq!((gap.kind, gap.operation.as_str()), (GapKind::Forbidden, "graph:users"));
    assert_eq!(gap.detail, "Authorization_RequestDenied; it needs User.Read.All");
    // A token that is none is no matter of permissions.
    let no_token = json!({"error": {"code": "InvalidAuthenticationToken", "message": "secret"}});
    let gap = gap_of(Scripture::json(401, &no_token)).await;
    assert_eq!((gap.kind, gap.detail.as_str()), (GapKind::Forbidden, "InvalidAuthenticationToken"));
    let okta =
        gap_of(Scripture::json(403, &json!({"errorCode": "E0000006", "errorSummary": "secret"}))).await;
    assert_eq!(okta.detail, "E0000006; it needs User.Read.All");
    let oauth = called(
        Call::reading("okta:token", ""),
        vec![Scripture::json(401, &json!({"error": "invalid_client", "error_description": "secret"}))],
    );
    let failure = oauth.await.0.expect_err("is refused");
    assert_eq!(failure.gap.detail, "invalid_client");
    assert_eq!(failure.code.as_deref(), Some("invalid_client"));
    assert_eq!(failure.status, Some(StatusCode::UNAUTHORIZED));
}

#[tokio::test]
async fn other_failures_are_errors_and_repeat_nothing_of_the_answer() {
    let not_found = json!({"error": {"code": "Request_ResourceNotFound", "message": "secret"}});
    for (answer, detail) in [
        (Scripture::json(404, &not_found), "HTTP 404, Request_ResourceNotFound"),
        (
            Scripture::json(400, &json!({"error": {"code": "secret secret"}})),
            "HTTP 400 with an answer that is not Microsoft Graph's",
        ),
        (Scripture::text(200, "<html>secret</html>"), "the answer could not be understood"),
        (
            Scripture::text(302, "").with("location", "http://127.0.0.1:9/secret"),
            "HTTP 302 with an answer that is not Microsoft Graph's",
        ),
    ] {
        let gap = gap_of(answer).await;
        assert_eq!((gap.kind, gap.detail.as_str()), (GapKind::Error, detail));
    }
}

#[tokio::test]
async fn a_service_that_hangs_costs_one_attempt() {
    let brief = Patience { attempt: Duration::from_millis(50), ..patience() };
    let (answer, times) = called_with(brief, READ, vec![Scripture::hang(), ok()]).await;
    let gap = answer.expect_err("hangs").gap;
    assert_eq!((gap.kind, gap.detail.as_str(), times), (GapKind::Timeout, "no answer in time", 1));
}

#[tokio::test]
async fn a_service_that_is_not_there_is_named() {
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = Url::parse(&format!("http://{}/secret", closed.local_addr().expect("an address")));
    let url = url.expect("a URL");
    drop(closed);
    let http = Http::new("Okta", "okta", &url, patience()).expect("a client");
    let answer = http.json::<Value>(READ, http.request(Method::GET, url)).await;
    let gap = answer.expect_err("nobody listens").gap;
    assert_eq!((gap.kind, gap.detail.as_str()), (GapKind::Error, "could not connect to Okta"));
}

#[test]
fn only_this_machine_is_loopback() {
    let loopback = |url: &str| is_loopback(&Url::parse(url).expect("a URL"));
    assert!(loopback("http://127.0.0.1:1/") && loopback("http://[::1]/") && loopback("http://localhost:2/"));
    assert!(!loopback("https://graph.microsoft.com/") && !loopback("http://127.0.0.1.example/"));
}
