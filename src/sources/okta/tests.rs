//! The client against an org on loopback that answers from a script.

mod people;
mod groups;
mod application;
mod push;
mod log;
mod token;
mod tried;

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, Method, Uri};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::*;
use crate::diagnosis::facts::idp::{Application, IdpGroup, IdpPerson, IdpUserId};

const SCOPE_NEEDED: &str = "okta.users.read";

/// One request as it arrived.
#[derive(Clone, Debug)]
struct Arrived {
    /// Method and path, as in `GET /api/v1/users/00u1`.
    what: String,
    query: HashMap<String, String>,
    authorization: Option<String>,
    body: String,
}

/// An answer to come; `{org}` in a header stands for the org's address.
#[derive(Clone, Debug)]
struct Scripted {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: String,
}

impl Scripted {
    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

fn ok(body: Value) -> Scripted {
    refused(200, body)
}

fn refused(status: u16, body: Value) -> Scripted {
    Scripted { status, headers: Vec::new(), body: body.to_string() }
}

fn error(status: u16, code: &str) -> Scripted {
    refused(status, json!({"errorCode": code, "errorSummary": "words that name a person", "errorCauses": []}))
}

/// What the org answers to each method and path, in turn; the last answer is repeated. Anything else is
/// not found.
#[derive(Default)]
struct Script {
    base: String,
    answers: Mutex<HashMap<String, VecDeque<Scripted>>>,
    arrived: Mutex<Vec<Arrived>>,
}

struct Org {
    script: Arc<Script>,
    server: JoinHandle<std::io::Result<()>>,
}

impl Drop for Org {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Org {
    async fn answering(answers: &[(&str, &[Scripted])]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let answers =
            answers.iter().map(|(what, answers)| ((*what).to_owned(), answers.iter().cloned().collect()));
        let answers = Mutex::new(answers.collect());
        let script = Arc::new(Script { base, answers, arrived: Mutex::default() });
        let router = Router::new().fallback(answer).with_state(script.clone());
        let server = tokio::spawn(async move { axum::serve(listener, router).await });
        Self { script, server }
    }

    fn client(&self) -> Okta {
        self.client_with(Credential::api_token("00token".into()))
    }

    fn client_with(&self, credential: Credential) -> Okta {
        Okta::new(&self.script.base, None, credential, brief()).unwrap()
    }

    fn base(&self) -> &str {
        &self.script.base
    }

    fn arrived(&self) -> Vec<Arrived> {
        self.script.arrived.lock().unwrap().clone()
    }

    fn times(&self, what: &str) -> usize {
        self.arrived().iter().filter(|arrived| arrived.what == what).count()
    }
}

fn brief() -> Patience {
    Patience {
        attempt: Duration::from_secs(5),
        call: Duration::from_secs(10),
        attempts: 2,
        first_pause: Duration::from_millis(1),
    }
}

async fn answer(
    State(script): State<Arc<Script>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let what = format!("{method} {}", uri.path());
    let query = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    script.arrived.lock().unwrap().push(Arrived {
        what: what.clone(),
        query: query.into_owned().collect(),
        authorization: headers.get("authorization").map(|value| value.to_str().unwrap().to_owned()),
        body: String::from_utf8(body.to_vec()).unwrap(),
    });
    let mut answers = script.answers.lock().unwrap();
    let scripted = match answers.get_mut(&what) {
        Some(turns) if turns.len() > 1 => turns.pop_front().unwrap(),
        Some(turns) => turns.front().unwrap().clone(),
        None => error(404, "E0000007"),
    };
    let mut response = scripted.body.into_response();
    *response.status_mut() = scripted.status.try_into().unwrap();
    for (name, value) in scripted.headers {
        let value = value.replace("{org}", &script.base).parse().unwrap();
        response.headers_mut().append(HeaderName::from_static(name), value);
    }
    response
}

fn dana() -> IdpPerson {
    IdpPerson {
        id: IdpUserId("00u1dana".to_owned()),
        user_name: "dana@example.com".to_owned(),
        display_name: None,
        email: None,
        enabled: true,
        status: None,
        created_at: None,
        lacks: Vec::new(),
    }
}

fn payments() -> IdpGroup {
    IdpGroup::new("00g1payments", "AWS-Payments-ReadOnly")
}

fn aws() -> Application {
    Application { id: "0oa1aws".to_owned(), name: "AWS IAM Identity Center".to_owned() }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

const DANAS_GROUPS: &str = "GET /api/v1/users/00u1dana/groups";

fn group(id: &str, name: &str) -> Value {
    json!({"id": id, "type": "OKTA_GROUP", "profile": {"name": name, "description": null}, "_links": null})
}

#[tokio::test]
async fn a_list_is_read_to_its_last_page_with_the_token_on_each() {
    let next = r#"<{org}/api/v1/users/00u1dana/groups?after=x%2Fy>; rel="next""#;
    let pages = [
        ok(json!([group("00g1", "A"), null])).with("link", "<{org}/a>; rel=\"self\"").with("link", next),
        ok(json!([])).with("link", next),
        ok(json!([group("00g2", "B")])),
    ];
    let org = Org::answering(&[(DANAS_GROUPS, &pages)]).await;
    let groups = org.client().groups(&dana()).await.unwrap();
    assert_eq!(groups.iter().map(|group| group.name.as_str()).collect::<Vec<_>>(), ["A", "B"]);
    let arrived = org.arrived();
    assert_eq!(arrived.len(), 3);
    assert_eq!(arrived[2].query["after"], "x/y");
    assert!(arrived.iter().all(|arrived| arrived.authorization.as_deref() == Some("SSWS 00token")));
}

#[tokio::test]
async fn a_next_page_elsewhere_is_a_gap_and_gets_no_token() {
    let elsewhere = Org::answering(&[]).await;
    let link = format!("<{}/api/v1/users/00u1dana/groups>; rel=\"next\"", elsewhere.base());
    let org = Org::answering(&[(DANAS_GROUPS, &[ok(json!([group("00g1", "A")])).with("link", &link)])]).await;
    let gap = org.client().groups(&dana()).await.unwrap_err();
    assert_eq!(gap.operation, "okta:users/groups");
    assert_eq!(gap.kind, GapKind::Error);
    assert!(elsewhere.arrived().is_empty());
}

#[tokio::test]
async fn a_list_without_end_is_a_gap() {
    let page = ok(json!([])).with("link", "<{org}/api/v1/users/00u1dana/groups>; rel=\"next\"");
    let org = Org::answering(&[(DANAS_GROUPS, &[page])]).await;
    let gap = org.client().groups(&dana()).await.unwrap_err();
    assert_eq!(gap.kind, GapKind::Error);
    assert_eq!(org.times(DANAS_GROUPS), PAGES);
}

#[tokio::test]
async fn the_rate_limits_reset_is_waited_for_if_it_is_near() {
    let date = "Tue, 24 Nov 2026 23:00:00 GMT";
    let limited = |reset: Timestamp| {
        error(429, "E0000047").with("date", date).with("x-rate-limit-reset", &reset.as_second().to_string())
    };
    let now = limited(at("2026-11-24T23:00:00Z"));
    let org = Org::answering(&[(DANAS_GROUPS, &[now, ok(json!([]))])]).await;
    assert_eq!(org.client().groups(&dana()).await, Ok(Vec::new()));

    let far = limited(at("2026-11-24T23:01:00Z"));
    let org = Org::answering(&[(DANAS_GROUPS, &[far])]).await;
    let gap = org.client().groups(&dana()).await.unwrap_err();
    assert_eq!(gap.kind, GapKind::Throttled);
    assert_eq!(org.times(DANAS_GROUPS), 1);
}

#[tokio::test]
async fn what_is_refused_names_the_scope_and_no_words_of_oktas() {
    let org = Org::answering(&[(DANAS_GROUPS, &[error(403, "E0000006")])]).await;
    let gap = org.client().groups(&dana()).await.unwrap_err();
    assert_eq!(gap.kind, GapKind::Forbidden);
    assert!(gap.detail.contains("E0000006") && gap.detail.contains(SCOPE_NEEDED), "{}", gap.detail);
    assert!(!gap.detail.contains("person"));
}

#[tokio::test]
async fn what_is_no_list_of_objects_is_a_gap() {
    let html = Scripted { status: 200, headers: Vec::new(), body: "<html>".to_owned() };
    for answer in [html, ok(json!({"id": "00g1"})), ok(json!([{"type": "OKTA_GROUP"}])), ok(json!(null))] {
        let org = Org::answering(&[(DANAS_GROUPS, std::slice::from_ref(&answer))]).await;
        let gap = org.client().groups(&dana()).await.unwrap_err();
        assert_eq!((gap.kind, gap.operation.as_str()), (GapKind::Error, "okta:users/groups"), "{answer:?}");
    }
}

#[tokio::test]
async fn a_token_that_is_no_longer_taken_is_a_gap_and_not_asked_for_again() {
    let org = Org::answering(&[(DANAS_GROUPS, &[error(401, "E0000011")])]).await;
    let gap = org.client().groups(&dana()).await.unwrap_err();
    assert_eq!(gap.kind, GapKind::Forbidden);
    assert_eq!(org.arrived().len(), 1);
}

#[tokio::test]
async fn not_found_is_oktas_word_and_nobody_elses() {
    let html = Scripted { status: 404, headers: Vec::new(), body: "<html>Not found</html>".to_owned() };
    let org = Org::answering(&[("GET /api/v1/apps/0oa1aws/users/00u1dana", &[html])]).await;
    let gap = org.client().app_user(&aws(), &dana()).await.unwrap_err();
    assert_eq!((gap.kind, gap.operation.as_str()), (GapKind::Error, "okta:apps/users"));
}

#[test]
fn an_address_that_is_none_makes_no_client() {
    for address in ["example.okta.com", "mailto:admin@example.com", ""] {
        assert!(
            Okta::new(address, None, Credential::api_token("00token".into()), brief()).is_err(),
            "{address}"
        );
    }
}
