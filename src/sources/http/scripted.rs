//! A server on loopback that gives prepared answers in turn and remembers what arrived.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, Uri};
use axum::response::{IntoResponse as _, Response};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

/// Ends with the test.
pub(in crate::sources) struct Scripted {
    /// Its address, with the path `/v1.0`.
    pub(in crate::sources) base: Url,
    script: Arc<Script>,
    serving: JoinHandle<()>,
}

#[derive(Default)]
struct Script {
    answers: Mutex<VecDeque<Answer>>,
    arrived: Mutex<Vec<Arrived>>,
}

/// An answer; the body may name the server's own address as `{base}`.
pub(in crate::sources) struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Option<String>,
}

#[derive(Clone, Debug)]
pub(in crate::sources) struct Arrived {
    pub(in crate::sources) method: Method,
    pub(in crate::sources) path: String,
    /// Decoded.
    pub(in crate::sources) query: Vec<(String, String)>,
    pub(in crate::sources) raw_query: String,
    pub(in crate::sources) headers: HeaderMap,
    pub(in crate::sources) body: Value,
}

impl Arrived {
    pub(in crate::sources) fn option(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(option, _)| option == name).map(|(_, value)| value.as_str())
    }

    pub(in crate::sources) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("a text"))
    }
}

impl Answer {
    pub(in crate::sources) fn json(status: u16, body: &Value) -> Self {
        let headers = vec![("content-type", "application/json".to_owned())];
        Self { status, headers, body: Some(body.to_string()) }
    }

    pub(in crate::sources) fn text(status: u16, body: &str) -> Self {
        Self { status, headers: Vec::new(), body: Some(body.to_owned()) }
    }

    /// None ever.
    pub(in crate::sources) fn hang() -> Self {
        Self { status: 200, headers: Vec::new(), body: None }
    }

    pub(in crate::sources) fn with(mut self, header: &'static str, value: impl ToString) -> Self {
        self.headers.push((header, value.to_string()));
        self
    }
}

impl Scripted {
    pub(in crate::sources) async fn server(answers: Vec<Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let base = format!("http://{}/v1.0", listener.local_addr().expect("an address"));
        let script = Arc::new(Script { answers: Mutex::new(answers.into()), ..Script::default() });
        let router = Router::new().fallback(answer).with_state((base.clone(), script.clone()));
        let serving = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("serves");
        });
        Self { base: Url::parse(&base).expect("a URL"), script, serving }
    }

    pub(in crate::sources) fn arrived(&self) -> Vec<Arrived> {
        self.script.arrived.lock().expect("whole").clone()
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn answer(
    State((base, script)): State<(String, Arc<Script>)>,
    method: Method,
    headers: HeaderMap,
    uri: Uri,
    body: Bytes,
) -> Response {
    let raw_query = uri.query().unwrap_or_default().to_owned();
    script.arrived.lock().expect("whole").push(Arrived {
        method,
        path: uri.path().to_owned(),
        query: url::form_urlencoded::parse(raw_query.as_bytes()).into_owned().collect(),
        raw_query,
        headers,
        body: serde_json::from_slice(&body).unwrap_or_default(),
    });
    let next = script.answers.lock().expect("whole").pop_front();
    let Some(answer) = next else {
        return (axum::http::StatusCode::GONE, "nothing is left to answer").into_response();
    };
    let Some(body) = answer.body else { return std::future::pending().await };
    let mut response = body.replace("{base}", &base).into_response();
    *response.status_mut() = answer.status.try_into().expect("a status");
    for (name, value) in answer.headers {
        response.headers_mut().insert(name, value.parse().expect("a header"));
    }
    response
}
