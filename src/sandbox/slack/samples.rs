//! A small company for the unit tests of the Slack side.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{BOT_TOKEN, router};
use crate::sandbox::Sandbox;
use crate::sandbox::scenario::Scenario;
use crate::sandbox::workspace::Workspace;

pub(in crate::sandbox) fn workspace() -> Workspace {
    Workspace::found(&scenario())
}

/// At a clock that stands still.
pub(in crate::sandbox) fn sandbox() -> Arc<Sandbox> {
    let now = Timestamp::from_second(1_700_000_000).unwrap();
    Sandbox::new(scenario(), Arc::new(move || now))
}

pub(in crate::sandbox) fn modal(title: &str) -> Value {
    json!({
        "type": "modal",
        "callback_id": "sample",
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": [{
            "type": "input",
            "block_id": "note",
            "label": {"type": "plain_text", "text": "Note"},
            "element": {"type": "plain_text_input", "action_id": "text"},
        }],
    })
}

/// Calls the simulated Slack over HTTP on loopback.
pub(in crate::sandbox) struct Client {
    pub(in crate::sandbox) sandbox: Arc<Sandbox>,
    pub(in crate::sandbox) base: String,
}

impl Client {
    pub(in crate::sandbox) async fn new() -> Self {
        let sandbox = sandbox();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let router = router(sandbox.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        sandbox.workspace().sandbox_url = base.clone();
        Self { sandbox, base }
    }

    pub(in crate::sandbox) async fn call(&self, method: &str, arguments: Value) -> Value {
        self.send(method, arguments).await.json().await.unwrap()
    }

    pub(in crate::sandbox) async fn send(&self, method: &str, arguments: Value) -> reqwest::Response {
        let request = reqwest::Client::new().post(format!("{}/api/{method}", self.base));
        request.bearer_auth(BOT_TOKEN).json(&arguments).send().await.unwrap()
    }

    pub(in crate::sandbox) async fn respond(&self, id: &str, body: Value) -> (u16, String) {
        let request = reqwest::Client::new().post(format!("{}/response/{id}", self.base)).json(&body);
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    pub(in crate::sandbox) fn texts_seen_by(&self, user: &str, channel: &str) -> Vec<String> {
        self.sandbox.workspace().messages_seen_by(user, channel).map(|message| message.text.clone()).collect()
    }
}

fn scenario() -> Scenario {
    Scenario::named("no-idp").unwrap().unwrap()
}
