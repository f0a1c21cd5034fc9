//! Access tokens: got with a signed assertion, held, asked for once, and told why where there is none.

use std::collections::BTreeSet;

use futures::future::join_all;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use secrecy::SecretString;

use super::*;
use crate::sources::Clock;
use crate::sources::okta::credential::Scopes;

const TOKEN: &str = "POST /oauth2/v1/token";

/// A key pair made for these tests, and of use to nobody else.
const RSA_KEY: &str = "-----BEGIN PRIVATE KEY-----\n\
    MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQDZ5aUgcilZEvjl\n\
    SI+/fSx3pJbwEcBXjuLvLoKb4wrtQpHRdN10zxIovvYCxJClQHcl+o5OGlTFaJbd\n\
    2LPlNqthRuRcrsLbRIyCZcc4Xj7QBp7ki3FwolqpJw9nYqxr/IAXJJa5iDJlRgY7\n\
    PmNdayZ2KMekL2M07zf0TxXiahZOHwI3et5CvxiJ0RLhIJcVvenP32OGVwSiijjk\n\
    rHrR/Ock766hLSqyz0DSLKNHw4q0Xy7VLQUxxZ4ERNs5uTOaH2/epFmGLoAtt1E7\n\
    TGqeOId7F8neeVbVikwseeFOz1GOFj/34B9jYOVWm8r+5w9+CHhREfocYy8jebGR\n\
    461D8xL1AgMBAAECggEANWssBg4OznhM/hMBsLmMhQFcAptretu8DVSq7vIkq+Fx\n\
    07aRkzEvu78DG08awfSRsUUhjYq9hQ78y4L0qWkzbzv8wK8UdMJzqwUuJ8bNId05\n\
    p4B7DVi0HruFdnxVlny231WYQQBfkH3wCaakIBMkgPvC4+C9Ms1Bu7qGvDTzZm+W\n\
    CIbomkRiQhhMMDZMWs47ahQjaHkI6OnwygC1IW7GQPq9UGyJE949WKRGn4sxnB0h\n\
    KbL6zge84yEUMLv+2j8JB/K/ngBaANj4qYv2L/lD3oguOgpoHCRhpMzBQZTsNeTu\n\
    NaDtedjhyDr5ARjBBzmfZBqnGADd/HobeE4NKGV5gQKBgQD/XMeDvBtqEbCGL4ZS\n\
    psx4XmYnBMKuXWeZmld9rYJrOzlTmMqdGeylIHd0dr4edyLl17VVRKxaFKncH7j9\n\
    3bRh9I+D3czFKyxJfbSJuU1hUqt9RseamE0idNKlsRch5CB21AfqUDkhYL7d0//N\n\
    UAEc8WyRNzKjgKSvBDHjiRfmgQKBgQDacOs484FjX/eQZOgjK6R8E/JpOc/PjYsm\n\
    oXHSibm/xhXG3UFcDKk+ex8b1aYYE8/+EsnN9/sJbBUrcIhohzrY1w5oinyqgva3\n\
    gcz9OqI7VTMOz44bBN7GshL7gpkHClHhPRCtlWwSCGvm9uBTUApZv69NIvbsCVCl\n\
    o3acig26dQKBgCjwq///yXlg6qcouWVI3qExqTj6N2gTC4gByaMZjT452YAAkANN\n\
    47W5lc0zOFnUCeFFiwnnn6Y1h+IFp/fzcnb96YBfr/Owb0I9CBPIhJJk2Z+VGG09\n\
    m6g5iIgN80J4u4exiK9VO0ORqigQVAOLnxIP1rMVYWX7OuvgRUtQcGeBAoGADLFC\n\
    +awseHm7CMjUNDb098Cw9SxGxuiSjUwUMQePo3T/Du8MPSz/KII+7H8dh4ifLUQq\n\
    Na2TCJkfIccIJgq1gKP+UlS5qa6yZzdDkfM2OfxZWyL0Pt2plCIEuFh+S8ptt4i0\n\
    z2E/Rkz2+BSgNDcSYuSgavr9HfnslbNJ0Q60fYECgYBttLdYWP1Sy4/q64mN+GJo\n\
    O2/lAhRK7UUW7Ps7PaFnQYD8Gq/WjIvuAoo26JcCsL9IHWrAv8i44OU2WUQN+uye\n\
    uK9GqlGZPxUD7s4BxXggNiEKpqZ1dHqNOcMm/qBlKjaujvw5pj10dC928qZpwzaa\n\
    yiDWkJPtfCC8bchcGe63Yw==\n\
    -----END PRIVATE KEY-----";
const RSA_PUBLIC: &str = "-----BEGIN PUBLIC KEY-----\n\
    MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA2eWlIHIpWRL45UiPv30s\n\
    d6SW8BHAV47i7y6Cm+MK7UKR0XTddM8SKL72AsSQpUB3JfqOThpUxWiW3diz5Tar\n\
    YUbkXK7C20SMgmXHOF4+0Aae5ItxcKJaqScPZ2Ksa/yAFySWuYgyZUYGOz5jXWsm\n\
    dijHpC9jNO839E8V4moWTh8CN3reQr8YidES4SCXFb3pz99jhlcEooo45Kx60fzn\n\
    JO+uoS0qss9A0iyjR8OKtF8u1S0FMcWeBETbObkzmh9v3qRZhi6ALbdRO0xqnjiH\n\
    exfJ3nlW1YpMLHnhTs9RjhY/9+AfY2DlVpvK/ucPfgh4URH6HGMvI3mxkeOtQ/MS\n\
    9QIDAQAB\n\
    -----END PUBLIC KEY-----";

/// Another, on P-256.
const EC_KEY: &str = "-----BEGIN PRIVATE KEY-----\n\
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgHSMdJE5kFsMnmAI7\n\
    JBpCCDwdaKdBvxOEzk3gartM9SChRANCAARRTG6U2Kh/maH1OXSSda2SOHnrr1zv\n\
    g4qF/I2lGaoohOj72y/24rDZ9mBcYvWvA+M01jov3ePUOSDvTJZrmSt7\n\
    -----END PRIVATE KEY-----";
const EC_PUBLIC: &str = "-----BEGIN PUBLIC KEY-----\n\
    MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEUUxulNiof5mh9Tl0knWtkjh5669c\n\
    74OKhfyNpRmqKITo+9sv9uKw2fZgXGL1rwPjNNY6L93j1Dkg70yWa5krew==\n\
    -----END PUBLIC KEY-----";

#[derive(Clone)]
struct Hands(Arc<Mutex<Timestamp>>);

impl Hands {
    fn at(text: &str) -> Self {
        Self(Arc::new(Mutex::new(at(text))))
    }

    fn set(&self, text: &str) {
        *self.0.lock().unwrap() = at(text);
    }

    fn clock(&self) -> Clock {
        let hands = self.clone();
        Arc::new(move || *hands.0.lock().unwrap())
    }
}

fn key(pem: &str, scopes: Scopes, hands: &Hands) -> Result<Credential, NoClient> {
    Credential::private_key("0oa8service".to_owned(), &SecretString::from(pem), scopes, hands.clock())
}

fn token(name: &str) -> Scripted {
    ok(json!({"token_type": "Bearer", "expires_in": 3600, "access_token": name, "scope": "okta.users.read"}))
}

/// An org that gives these tokens and has Dana in no group.
async fn org(tokens: &[Scripted]) -> Org {
    Org::answering(&[(TOKEN, tokens), (DANAS_GROUPS, &[ok(json!([]))])]).await
}

fn reading(org: &Org, hands: &Hands) -> Okta {
    org.client_with(key(RSA_KEY, Scopes::Reading, hands).unwrap())
}

fn form(arrived: &Arrived) -> HashMap<String, String> {
    url::form_urlencoded::parse(arrived.body.as_bytes()).into_owned().collect()
}

#[tokio::test]
async fn the_assertion_is_signed_and_says_what_okta_wants() {
    let hands = Hands::at("2026-11-24T12:00:00Z");
    let ec_public = DecodingKey::from_ec_pem(EC_PUBLIC.as_bytes()).unwrap();
    let rsa_public = DecodingKey::from_rsa_pem(RSA_PUBLIC.as_bytes()).unwrap();
    for (private, public, algorithm) in
        [(RSA_KEY, rsa_public, Algorithm::RS256), (EC_KEY, ec_public, Algorithm::ES256)]
    {
        let org = org(&[token("t1")]).await;
        let okta = org.client_with(key(private, Scopes::Reading, &hands).unwrap());
        okta.groups(&dana()).await.unwrap();
        let form = form(&org.arrived()[0]);
        assert_eq!(form["grant_type"], "client_credentials");
        assert_eq!(form["scope"], "okta.users.read okta.groups.read okta.apps.read okta.logs.read");
        assert_eq!(form["client_assertion_type"], "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");

        let assertion = &form["client_assertion"];
        assert_eq!(decode_header(assertion).unwrap().alg, algorithm);
        let mut validation = Validation::new(algorithm);
        validation.set_audience(&[format!("{}/oauth2/v1/token", org.base())]);
        validation.set_issuer(&["0oa8service"]);
        // The clock is the test's.
        validation.validate_exp = false;
        let claims: Value = decode(assertion, &public, &validation).unwrap().claims;
        assert_eq!(claims["sub"], "0oa8service");
        let now = at("2026-11-24T12:00:00Z").as_second();
        let expires = claims["exp"].as_i64().unwrap();
        assert!((now + 1..=now + 3600).contains(&expires), "{expires}");
        assert!(!claims["jti"].as_str().unwrap().is_empty());
        assert_eq!(org.arrived()[1].authorization.as_deref(), Some("Bearer t1"));
    }
}

#[tokio::test]
async fn pushing_needs_more_scopes() {
    let org = org(&[token("t1")]).await;
    let pushing = key(RSA_KEY, Scopes::ReadingAndPushing, &Hands::at("2026-11-24T12:00:00Z")).unwrap();
    org.client_with(pushing).groups(&dana()).await.unwrap();
    let scopes = form(&org.arrived()[0])["scope"].clone();
    let scopes: BTreeSet<_> = scopes.split(' ').collect();
    assert_eq!(scopes.len(), 6);
    assert!(scopes.contains("okta.apps.manage") && scopes.contains("okta.groups.manage"));
}

#[tokio::test]
async fn a_token_is_asked_for_once_and_held_until_shortly_before_its_end() {
    let hands = Hands::at("2026-11-24T12:00:00Z");
    let org = org(&[token("t1"), token("t2")]).await;
    let okta = reading(&org, &hands);
    let person = dana();
    for groups in join_all((0..5).map(|_| okta.groups(&person))).await {
        groups.unwrap();
    }
    hands.set("2026-11-24T12:58:00Z");
    okta.groups(&person).await.unwrap();
    assert_eq!(org.times(TOKEN), 1);

    hands.set("2026-11-24T12:59:30Z");
    okta.groups(&person).await.unwrap();
    assert_eq!(org.times(TOKEN), 2);
    assert_eq!(org.arrived().pop().unwrap().authorization.as_deref(), Some("Bearer t2"));
}

#[tokio::test]
async fn each_assertion_is_a_new_one() {
    let org = org(&[error(503, "E0000010"), token("t1")]).await;
    reading(&org, &Hands::at("2026-11-24T12:00:00Z")).groups(&dana()).await.unwrap();
    let asked = org.arrived().into_iter().filter(|arrived| arrived.what == TOKEN);
    let assertions: BTreeSet<_> = asked.map(|arrived| form(&arrived)["client_assertion"].clone()).collect();
    assert_eq!(assertions.len(), 2);
}

#[tokio::test]
async fn a_token_that_is_no_longer_taken_is_renewed_once() {
    let org = Org::answering(&[
        (TOKEN, &[token("t1"), token("t2"), token("t3")]),
        (DANAS_GROUPS, &[error(401, "E0000011"), ok(json!([])), error(401, "E0000011")]),
    ])
    .await;
    let okta = reading(&org, &Hands::at("2026-11-24T12:00:00Z"));
    assert_eq!(okta.groups(&dana()).await, Ok(Vec::new()));
    assert_eq!(org.arrived().pop().unwrap().authorization.as_deref(), Some("Bearer t2"));

    let gap = okta.groups(&dana()).await.unwrap_err();
    assert_eq!((gap.kind, gap.operation.as_str()), (GapKind::Forbidden, "okta:users/groups"));
    assert_eq!((org.times(TOKEN), org.times(DANAS_GROUPS)), (3, 4));
}

#[tokio::test]
async fn who_waits_while_okta_refuses_does_not_ask_again() {
    let refusal = json!({"error": "invalid_client", "error_description": "words that name a client"});
    let org = org(&[refused(401, refusal), token("t1")]).await;
    let okta = reading(&org, &Hands::at("2026-11-24T12:00:00Z"));
    let person = dana();
    for groups in join_all((0..4).map(|_| okta.groups(&person))).await {
        assert_eq!(groups.unwrap_err().operation, "okta:token");
    }
    assert_eq!(org.times(TOKEN), 1);
    okta.groups(&person).await.unwrap();
    assert_eq!(org.times(TOKEN), 2, "a later question asks again");
}

#[tokio::test]
async fn why_there_is_no_token_is_said() {
    for (status, code, kind, says) in [
        (400, "invalid_dpop_proof", GapKind::Forbidden, "DPoP must be switched off"),
        (400, "use_dpop_nonce", GapKind::Forbidden, "DPoP must be switched off"),
        (400, "invalid_scope", GapKind::Forbidden, "okta.logs.read"),
        (401, "invalid_client", GapKind::Forbidden, "private key"),
        (403, "access_denied", GapKind::Forbidden, "access_denied"),
        (429, "E0000047", GapKind::Throttled, "E0000047"),
        (500, "server_error", GapKind::Error, "500"),
    ] {
        let org =
            org(&[refused(status, json!({"error": code, "error_description": "words that name a client"}))])
                .await;
        let gap = reading(&org, &Hands::at("2026-11-24T12:00:00Z")).groups(&dana()).await.unwrap_err();
        assert_eq!((gap.operation.as_str(), gap.kind), ("okta:token", kind), "{code}");
        assert!(gap.detail.contains(says), "{}", gap.detail);
        assert!(!gap.detail.contains("words that name a client"), "{}", gap.detail);
        assert_eq!(org.times(DANAS_GROUPS), 0);
    }
}

#[tokio::test]
async fn an_org_without_a_token_endpoint_does_not_look_like_one_without_the_person() {
    let org = Org::answering(&[]).await;
    let okta = reading(&org, &Hands::at("2026-11-24T12:00:00Z"));
    assert_eq!(okta.people("dana@example.com").await.unwrap_err().operation, "okta:token");
}

#[tokio::test]
async fn an_answer_without_a_usable_token_is_a_gap() {
    for answer in
        [json!({"token_type": "Bearer"}), json!({"access_token": null}), json!({"access_token": "a\nb"})]
    {
        let org = org(&[ok(answer)]).await;
        let gap = reading(&org, &Hands::at("2026-11-24T12:00:00Z")).groups(&dana()).await.unwrap_err();
        assert_eq!((gap.operation.as_str(), gap.kind), ("okta:token", GapKind::Error));
    }
}

#[test]
fn what_is_no_private_key_is_said_without_showing_it() {
    let hands = Hands::at("2026-11-24T12:00:00Z");
    let body: String = RSA_KEY.lines().filter(|line| !line.contains("-----")).collect();
    let cut = RSA_KEY.replacen(&body[..64], "", 1);
    for pem in ["", "a secret", &body, &cut, RSA_PUBLIC, EC_PUBLIC] {
        let Err(error) = key(pem, Scopes::Reading, &hands) else { panic!("{pem} is taken for a key") };
        let told = error.to_string();
        assert!(told.contains("PEM") && !told.contains('\n'), "{told}");
        assert!(pem.is_empty() || !told.contains(pem), "{told}");
    }
}

#[test]
fn a_key_may_have_its_line_breaks_written_out() {
    let hands = Hands::at("2026-11-24T12:00:00Z");
    for pem in [RSA_KEY, EC_KEY] {
        let in_one_line = pem.replace('\n', "\\n");
        assert!(key(&in_one_line, Scopes::Reading, &hands).is_ok());
        assert!(key(&format!("\n{pem}\n"), Scopes::Reading, &hands).is_ok());
    }
}
