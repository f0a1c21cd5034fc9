//! Microsoft Graph as a client on the wire meets it.

mod answers;
mod filters;
mod lists;
mod logs;
mod on_demand;
mod refusals;
mod synchronization;

use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::GRAPH_TOKEN;
use crate::sandbox::Sandbox;
use crate::sandbox::scenario::Scenario;

/// A running company and a client that is signed in to its tenant.
struct Graph {
    sandbox: Arc<Sandbox>,
    /// With `/v1.0`.
    url: String,
    http: reqwest::Client,
    now: Arc<Mutex<Timestamp>>,
    server: tokio::task::JoinHandle<std::io::Result<()>>,
}

impl Drop for Graph {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Graph {
    async fn start(scenario: &str) -> Self {
        let now = Arc::new(Mutex::new("2026-11-23T14:12:00Z".parse().unwrap()));
        let clock = Arc::clone(&now);
        let scenario = Scenario::named(scenario).unwrap().unwrap();
        let sandbox = Sandbox::new(scenario, Arc::new(move || *clock.lock().unwrap()));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v1.0", listener.local_addr().unwrap());
        let router = sandbox.router();
        let server = tokio::spawn(async move { axum::serve(listener, router).await });
        Self { sandbox, url, http: reqwest::Client::new(), now, server }
    }

    fn pass(&self, minutes: i64) {
        let mut now = self.now.lock().unwrap();
        *now = now.checked_add(SignedDuration::from_mins(minutes)).unwrap();
    }

    /// The object id of the person of that key.
    fn user(&self, key: &str) -> String {
        self.sandbox.company().idp.as_ref().unwrap().person(key).unwrap().object_id.clone()
    }

    /// The object id of the group of that key.
    fn group(&self, key: &str) -> String {
        self.sandbox.company().idp.as_ref().unwrap().group(key).unwrap().object_id.clone()
    }

    /// The path of the application for AWS.
    fn application(&self) -> String {
        let company = self.sandbox.company();
        format!("/servicePrincipals/{}", company.idp.as_ref().unwrap().application.object_id)
    }

    /// The path of its synchronization job.
    fn job(&self) -> String {
        let id = self.sandbox.company().idp.as_ref().unwrap().job.as_ref().unwrap().id.clone();
        format!("{}/synchronization/jobs/{id}", self.application())
    }

    fn ask(&self, url: &str, is_eventual: bool) -> reqwest::RequestBuilder {
        let request = self.http.get(url).bearer_auth(GRAPH_TOKEN);
        if is_eventual { request.header("ConsistencyLevel", "eventual") } else { request }
    }

    /// The answer to a path with a query.
    async fn get(&self, path: &str) -> (StatusCode, Value) {
        read(self.ask(&format!("{}{path}", self.url), false)).await
    }

    /// As [`get`](Self::get), with the header of an advanced query.
    async fn get_eventual(&self, path: &str) -> (StatusCode, Value) {
        read(self.ask(&format!("{}{path}", self.url), true)).await
    }

    /// The answer, which has to be a good one.
    async fn good(&self, path: &str) -> Value {
        let (status, body) = self.get(path).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    async fn post(&self, path: &str, body: Value) -> (StatusCode, Value) {
        let request = self.http.post(format!("{}{path}", self.url)).bearer_auth(GRAPH_TOKEN).json(&body);
        read(request).await
    }

    /// All entries of a list, page by page, and the pages.
    async fn list(&self, path: &str, is_eventual: bool) -> (Vec<Value>, Vec<Value>) {
        let (mut url, mut entries, mut pages) = (format!("{}{path}", self.url), Vec::new(), Vec::new());
        loop {
            let (status, page) = read(self.ask(&url, is_eventual)).await;
            assert_eq!(status, StatusCode::OK, "{url}: {page}");
            entries.extend(page["value"].as_array().unwrap().iter().cloned());
            let next = page["@odata.nextLink"].as_str().map(ToOwned::to_owned);
            pages.push(page);
            match next {
                Some(next) => url = next,
                None => return (entries, pages),
            }
        }
    }

    async fn names(&self, path: &str) -> Vec<String> {
        texts(&self.list(path, false).await.0, "displayName")
    }
}

async fn read(request: reqwest::RequestBuilder) -> (StatusCode, Value) {
    let response = request.send().await.unwrap();
    assert!(response.headers().contains_key("request-id"));
    let status = response.status();
    let text = response.text().await.unwrap();
    (status, if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() })
}

fn texts(entries: &[Value], property: &str) -> Vec<String> {
    entries.iter().map(|entry| entry[property].as_str().unwrap().to_owned()).collect()
}

/// A path with `$filter`, and whatever else the query has.
fn filtered(path: &str, filter: &str, rest: &str) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("$filter", filter).finish();
    format!("{path}?{query}{rest}")
}

fn code(answer: &(StatusCode, Value)) -> (u16, &str) {
    (answer.0.as_u16(), answer.1["error"]["code"].as_str().unwrap_or_default())
}

fn is_null(value: &Value) -> bool {
    *value == json!(null)
}
