//! Access tokens: which assertions are taken, and what a token is good for.

use axum::http::{Method, StatusCode};
use jiff::SignedDuration;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use super::{Answered, Okta};
use crate::sandbox::faults::Fault;

const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const HOUR: i64 = 3600;

impl Okta {
    async fn pem(&self) -> String {
        let address = format!("{}/sandbox/okta-private-key.pem", self.url);
        self.http.get(address).send().await.unwrap().text().await.unwrap()
    }

    async fn client_id(&self) -> String {
        let address = format!("{}/sandbox/okta-client-id", self.url);
        self.http.get(address).send().await.unwrap().text().await.unwrap()
    }

    /// Claims that Okta takes, but for what `changed` says; null takes a claim away.
    async fn claims(&self, changed: Value) -> Value {
        let client_id = self.client_id().await;
        let now = self.now.lock().unwrap().as_second();
        let mut claims = json!({
            "iss": client_id,
            "sub": client_id,
            "aud": format!("{}/oauth2/v1/token", self.url),
            "exp": now + 300,
        });
        for (name, value) in changed.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        claims
    }

    async fn assertion(&self, changed: Value) -> String {
        let key = EncodingKey::from_rsa_pem(self.pem().await.as_bytes()).unwrap();
        jsonwebtoken::encode(&Header::new(Algorithm::RS256), &self.claims(changed).await, &key).unwrap()
    }

    async fn ask_for_token(&self, assertion: &str, scope: &str) -> Answered {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_assertion_type", JWT_BEARER),
            ("client_assertion", assertion),
            ("scope", scope),
        ];
        self.post_form(&form).await
    }

    async fn post_form(&self, form: &[(&str, &str)]) -> Answered {
        let request = self.http.post(format!("{}/oauth2/v1/token", self.url)).form(form);
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        Answered { status, headers, text: response.text().await.unwrap() }
    }
}

#[tokio::test]
async fn a_token_does_what_its_scopes_say_for_an_hour() {
    let mut okta = Okta::start().await;
    let assertion = okta.assertion(json!({})).await;
    let granted = okta.ask_for_token(&assertion, "okta.users.read okta.logs.read").await;
    assert_eq!(granted.status, StatusCode::OK, "{}", granted.text);
    let granted = granted.json();
    assert_eq!((&granted["token_type"], &granted["expires_in"]), (&json!("Bearer"), &json!(HOUR)));
    assert_eq!(granted["scope"], "okta.users.read okta.logs.read");

    okta.authorization = format!("Bearer {}", granted["access_token"].as_str().unwrap());
    assert_eq!(okta.get("/api/v1/users").await.status, StatusCode::OK);
    assert_eq!(okta.get("/api/v1/logs").await.status, StatusCode::OK);
    let group = okta.group("AWS-Payments-ReadOnly");
    let mapping = okta.app(&format!("/group-push/mappings/{}", group.push_mapping.unwrap().id));
    for (method, path) in [
        (Method::GET, "/api/v1/groups".to_owned()),
        (Method::GET, "/api/v1/apps".to_owned()),
        (Method::GET, mapping.clone()),
        (Method::PATCH, mapping),
    ] {
        let body = (method == Method::PATCH).then(|| json!({"status": "INACTIVE"}));
        let refused = okta.send(method, &path, body).await;
        assert_eq!((refused.status, refused.code()), (StatusCode::FORBIDDEN, "E0000006".into()), "{path}");
        let challenge = refused.headers["www-authenticate"].to_str().unwrap();
        assert!(challenge.contains("insufficient_scope"), "{challenge}");
    }

    okta.wait(SignedDuration::from_secs(HOUR - 1));
    assert_eq!(okta.get("/api/v1/users").await.status, StatusCode::OK);
    okta.wait(SignedDuration::from_secs(1));
    assert_eq!(okta.get("/api/v1/users").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_assertion_must_be_right_in_every_claim() {
    let okta = Okta::start().await;
    let now = okta.now.lock().unwrap().as_second();
    for (changed, why) in [
        (json!({"iss": "somebody"}), "The issuer and the subject"),
        (json!({"sub": null}), "The issuer and the subject"),
        (json!({"aud": okta.url}), "The audience claim"),
        (json!({"aud": null}), "The audience claim"),
        (json!({"exp": null}), "has no expiration"),
        (json!({"exp": now}), "is expired"),
        (json!({"exp": now + HOUR + 1}), "too far into the future"),
    ] {
        let assertion = okta.assertion(changed.clone()).await;
        let refused = okta.ask_for_token(&assertion, "okta.users.read").await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{changed}");
        let refused = refused.json();
        assert_eq!(refused["error"], "invalid_client", "{changed}");
        assert!(refused["error_description"].as_str().unwrap().contains(why), "{changed}: {refused}");
    }
    for changed in [json!({"exp": now + HOUR}), json!({"aud": [format!("{}/oauth2/v1/token", okta.url)]})] {
        let assertion = okta.assertion(changed.clone()).await;
        assert_eq!(
            okta.ask_for_token(&assertion, "okta.users.read").await.status,
            StatusCode::OK,
            "{changed}"
        );
    }
}

#[tokio::test]
async fn an_assertion_that_another_key_signed_is_refused() {
    let okta = Okta::start().await;
    let mut assertion = okta.assertion(json!({})).await;
    let end = assertion.rfind('.').unwrap() + 1;
    let signature = assertion.split_off(end);
    let turned: String = signature.chars().rev().collect();
    let secret = EncodingKey::from_secret(b"a shared secret");
    let symmetric =
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &okta.claims(json!({})).await, &secret).unwrap();
    for bad in [format!("{assertion}{turned}"), assertion, symmetric, "nonsense".to_owned()] {
        let refused = okta.ask_for_token(&bad, "okta.users.read").await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{bad}");
        assert!(refused.text.contains("signature is invalid"), "{}", refused.text);
    }
}

#[tokio::test]
async fn an_assertion_with_an_id_serves_once() {
    let okta = Okta::start().await;
    let assertion = okta.assertion(json!({"jti": "the first"})).await;
    assert_eq!(okta.ask_for_token(&assertion, "okta.users.read").await.status, StatusCode::OK);
    let again = okta.ask_for_token(&assertion, "okta.users.read").await;
    assert_eq!(again.status, StatusCode::UNAUTHORIZED);
    assert!(again.text.contains("already been used"), "{}", again.text);
}

#[tokio::test]
async fn a_request_must_say_what_it_wants() {
    let okta = Okta::start().await;
    let assertion = okta.assertion(json!({})).await;
    let error = |answered: &Answered| answered.json()["error"].as_str().unwrap().to_owned();
    for scope in ["", "okta.users.manage", "okta.users.read openid"] {
        let refused = okta.ask_for_token(&assertion, scope).await;
        assert_eq!((refused.status, error(&refused)), (StatusCode::BAD_REQUEST, "invalid_scope".into()));
    }
    let refused = okta.post_form(&[("grant_type", "password")]).await;
    assert_eq!((refused.status, error(&refused)), (StatusCode::BAD_REQUEST, "unsupported_grant_type".into()));
    let refused = okta.post_form(&[("grant_type", "client_credentials")]).await;
    assert_eq!((refused.status, error(&refused)), (StatusCode::UNAUTHORIZED, "invalid_client".into()));
    let all =
        "okta.users.read okta.groups.read okta.apps.read okta.logs.read okta.apps.manage okta.groups.manage";
    assert_eq!(okta.ask_for_token(&assertion, all).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_token_endpoint_has_faults_too() {
    let okta = Okta::start().await;
    let assertion = okta.assertion(json!({})).await;
    let ask = async || okta.ask_for_token(&assertion, "okta.users.read").await;
    okta.sandbox.faults.set("okta:token", Fault::Throttled { retry_after: 2 });
    let refused = ask().await;
    assert_eq!((refused.status, refused.code()), (StatusCode::TOO_MANY_REQUESTS, "E0000047".into()));
    okta.sandbox.faults.set("okta:token", Fault::Forbidden);
    let refused = ask().await;
    assert_eq!((refused.status, &refused.json()["error"]), (StatusCode::FORBIDDEN, &json!("access_denied")));
    okta.sandbox.faults.clear();
    assert_eq!(ask().await.status, StatusCode::OK);
    assert_eq!(okta.sandbox.calls.counts()["okta:token"], 3);
}
