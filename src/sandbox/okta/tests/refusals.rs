//! Everything that is refused, and in which words.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::Okta;
use crate::sandbox::faults::Fault;

#[tokio::test]
async fn without_a_good_token_nothing_is_told_or_counted() {
    let mut okta = Okta::start().await;
    for authorization in ["", "SSWS", "SSWS wrong", "Bearer wrong", "Basic b2t0YTpva3Rh"] {
        okta.authorization = authorization.to_owned();
        let answered = okta.get("/api/v1/users").await;
        assert_eq!(answered.status, StatusCode::UNAUTHORIZED, "{authorization}");
        assert_eq!(answered.code(), "E0000011", "{authorization}");
    }
    assert!(okta.sandbox.calls.counts().is_empty());
}

#[tokio::test]
async fn what_is_not_there_is_refused_in_oktas_words() {
    let okta = Okta::start().await;
    let group = okta.group("AWS-Payments-ReadOnly").okta_id;
    for path in [
        "/api/v1/users/nobody@example.com".to_owned(),
        "/api/v1/users/00u0/groups".to_owned(),
        "/api/v1/groups/00g0".to_owned(),
        "/api/v1/groups/00g0/users".to_owned(),
        "/api/v1/groups/00g0/apps".to_owned(),
        "/api/v1/groups/00g0/owners".to_owned(),
        "/api/v1/apps/0oa0".to_owned(),
        "/api/v1/apps/0oa0/users".to_owned(),
        "/api/v1/apps/0oa0/features".to_owned(),
        okta.app(&format!("/groups/{group}")),
        okta.app("/users/00u0"),
        okta.app("/group-push/mappings/gPm0"),
    ] {
        let answered = okta.get(&path).await;
        assert_eq!((answered.status, answered.code()), (StatusCode::NOT_FOUND, "E0000007".into()), "{path}");
        let body = answered.json();
        assert_eq!(body["errorLink"], body["errorCode"]);
        assert!(body["errorSummary"].as_str().unwrap().starts_with("Not found: "), "{path}");
        assert!(body["errorId"].is_string() && body["errorCauses"].is_array(), "{path}");
    }
    assert_eq!(okta.get("/api/v1/nothing").await.status, StatusCode::NOT_FOUND);
    let written = okta.send(Method::POST, "/api/v1/users", Some(json!({}))).await;
    assert_eq!((written.status, written.code()), (StatusCode::METHOD_NOT_ALLOWED, "E0000022".into()));
}

#[tokio::test]
async fn a_company_without_okta_has_no_okta() {
    for scenario in ["company", "no-idp"] {
        let okta = Okta::of(scenario).await;
        for path in ["/api/v1/users", "/api/v1/logs", "/oauth2/v1/token"] {
            let answered = okta.get(path).await;
            assert_eq!((answered.status, answered.code()), (StatusCode::NOT_FOUND, "E0000022".into()));
        }
        for path in ["/sandbox/okta-private-key.pem", "/sandbox/okta-client-id"] {
            let address = format!("{}{path}", okta.url);
            assert_eq!(okta.http.get(address).send().await.unwrap().status(), StatusCode::NOT_FOUND);
        }
    }
}

#[tokio::test]
async fn faults_strike_in_oktas_shape() {
    let okta = Okta::start().await;
    for (path, operation) in [
        ("/api/v1/users".to_owned(), "okta:users"),
        (okta.app("/group-push/mappings"), "okta:apps/group-push/mappings"),
        ("/api/v1/logs".to_owned(), "okta:logs"),
    ] {
        okta.sandbox.faults.set(operation, Fault::Throttled { retry_after: 7 });
        let answered = okta.get(&path).await;
        assert_eq!((answered.status, answered.code()), (StatusCode::TOO_MANY_REQUESTS, "E0000047".into()));
        let header = |name: &str| answered.headers[name].to_str().unwrap().to_owned();
        assert_eq!(header("date"), "Mon, 23 Nov 2026 14:12:00 GMT");
        let reset = okta.now.lock().unwrap().as_second() + 7;
        assert_eq!(header("x-rate-limit-reset"), reset.to_string());
        assert_eq!(header("x-rate-limit-remaining"), "0");
        assert!(!answered.headers.contains_key("retry-after"));

        okta.sandbox.faults.set(operation, Fault::Forbidden);
        let answered = okta.get(&path).await;
        assert_eq!((answered.status, answered.code()), (StatusCode::FORBIDDEN, "E0000006".into()));

        okta.sandbox.faults.set(operation, Fault::Html500);
        let answered = okta.get(&path).await;
        assert_eq!(answered.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(answered.text.starts_with("<html>"), "{}", answered.text);

        okta.sandbox.faults.set(operation, Fault::MalformedJson);
        let answered = okta.get(&path).await;
        assert_eq!(answered.status, StatusCode::OK);
        assert!(serde_json::from_str::<Value>(&answered.text).is_err());

        okta.sandbox.faults.clear();
        assert_eq!(okta.get(&path).await.status, StatusCode::OK);
        assert_eq!(okta.sandbox.calls.counts()[operation], 5);
    }
}
