//! Okta as a client on the wire meets it.

mod answers;
mod group_push;
mod lists;
mod logs;
mod refusals;
mod tokens;

use std::sync::{Arc, Mutex};

use axum::http::{HeaderMap, Method, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::OKTA_TOKEN;
use crate::sandbox::Sandbox;
use crate::sandbox::idp::{Group, Person};
use crate::sandbox::scenario::Scenario;

/// A running company and a client of its Okta.
struct Okta {
    sandbox: Arc<Sandbox>,
    /// Without a slash at its end.
    url: String,
    http: reqwest::Client,
    authorization: String,
    now: Arc<Mutex<Timestamp>>,
    server: tokio::task::JoinHandle<std::io::Result<()>>,
}

impl Drop for Okta {
    fn drop(&mut self) {
        self.server.abort();
    }
}

struct Answered {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Okta {
    async fn start() -> Self {
        Self::of("okta").await
    }

    async fn of(scenario: &str) -> Self {
        let now: Arc<Mutex<Timestamp>> = Arc::new(Mutex::new("2026-11-23T14:12:00Z".parse().unwrap()));
        let clock = now.clone();
        let scenario = Scenario::named(scenario).unwrap().unwrap();
        let sandbox = Sandbox::new(scenario, Arc::new(move || *clock.lock().unwrap()));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = sandbox.router();
        let server = tokio::spawn(async move { axum::serve(listener, router).await });
        let authorization = format!("SSWS {OKTA_TOKEN}");
        Self { sandbox, url, http: reqwest::Client::new(), authorization, now, server }
    }

    /// `path` may have a query, or be a whole address.
    async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answered {
        let address = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.url) };
        let mut request = self.http.request(method, address);
        if !self.authorization.is_empty() {
            request = request.header("authorization", &self.authorization);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        assert!(response.headers().contains_key("x-rate-limit-limit"), "{path}");
        let (status, headers) = (response.status(), response.headers().clone());
        Answered { status, headers, text: response.text().await.unwrap() }
    }

    async fn get(&self, path: &str) -> Answered {
        self.send(Method::GET, path, None).await
    }

    /// The body of a good answer.
    async fn read(&self, path: &str) -> Value {
        let answered = self.get(path).await;
        assert_eq!(answered.status, StatusCode::OK, "{path}: {}", answered.text);
        answered.json()
    }

    /// All entries of a list, page by page, and the sizes of the pages.
    async fn list(&self, path: &str) -> (Vec<Value>, Vec<usize>) {
        let (mut next, mut entries, mut sizes) = (Some(path.to_owned()), Vec::new(), Vec::new());
        while let Some(path) = next {
            let answered = self.get(&path).await;
            assert_eq!(answered.status, StatusCode::OK, "{path}: {}", answered.text);
            let page = answered.json();
            let page = page.as_array().unwrap();
            sizes.push(page.len());
            entries.extend(page.iter().cloned());
            next = answered.next();
        }
        (entries, sizes)
    }

    fn person(&self, key: &str) -> Person {
        self.sandbox.company().idp.as_ref().unwrap().person(key).unwrap().clone()
    }

    fn group(&self, key: &str) -> Group {
        self.sandbox.company().idp.as_ref().unwrap().group(key).unwrap().clone()
    }

    /// `/api/v1/apps/…` of the application for AWS, and what follows.
    fn app(&self, rest: &str) -> String {
        let id = self.sandbox.company().idp.as_ref().unwrap().application.okta_id.clone();
        format!("/api/v1/apps/{id}{rest}")
    }

    fn wait(&self, duration: SignedDuration) {
        let mut now = self.now.lock().unwrap();
        *now += duration;
    }
}

impl Answered {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    /// The address of the next page.
    fn next(&self) -> Option<String> {
        let links = self.headers.get_all("link").iter().map(|link| link.to_str().unwrap());
        let mut next = links.filter_map(|link| link.strip_suffix(">; rel=\"next\""));
        next.next().map(|link| link.strip_prefix('<').unwrap().to_owned())
    }

    fn code(&self) -> String {
        self.json()["errorCode"].as_str().unwrap().to_owned()
    }
}

/// The expression as a query parameter's value.
fn quoted(expression: &str) -> String {
    url::form_urlencoded::byte_serialize(expression.as_bytes()).collect()
}
