//! The three services as a client on the wire meets them.

mod answers;
mod lists;
mod refusals;

use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::sandbox::Sandbox;
use crate::sandbox::scenario::Scenario;

/// A running company and a client that signs for a Region.
struct Aws {
    sandbox: Arc<Sandbox>,
    url: String,
    http: reqwest::Client,
    region: &'static str,
    server: tokio::task::JoinHandle<std::io::Result<()>>,
}

impl Drop for Aws {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Aws {
    async fn start() -> Self {
        let scenario = Scenario::named("no-idp").unwrap().unwrap();
        let sandbox = Sandbox::new(scenario, Arc::new(|| "2026-11-23T14:12:00Z".parse().unwrap()));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let router = super::router(sandbox.clone());
        let server = tokio::spawn(async move { axum::serve(listener, router).await });
        Self { sandbox, url, http: reqwest::Client::new(), region: "us-east-1", server }
    }

    /// What comes back, read as nothing but text.
    async fn send(&self, target: &str, body: &str) -> (StatusCode, String) {
        let scope = format!("AKIDEXAMPLE/20261123/{}/sso/aws4_request", self.region);
        let request = self
            .http
            .post(&self.url)
            .header("x-amz-target", target)
            .header(
                "authorization",
                format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"),
            )
            .body(body.to_owned());
        let response = request.send().await.unwrap();
        assert!(response.headers().contains_key("x-amzn-requestid"));
        (response.status(), response.text().await.unwrap())
    }

    /// The output of a call, in which the members that every company answers to are filled in.
    async fn call(&self, target: &str, input: Value) -> Result<Value, Value> {
        let mut input = input;
        let known = {
            let company = self.sandbox.company();
            [
                ("IdentityStoreId", company.identity_store_id.clone()),
                ("InstanceArn", company.instance_arn.clone()),
            ]
        };
        for (member, value) in known {
            if input.get(member).is_none() {
                input[member] = json!(value);
            }
        }
        let (status, body) = self.send(target, &input.to_string()).await;
        let body: Value = serde_json::from_str(&body).unwrap();
        if status == StatusCode::OK { Ok(body) } else { Err(body) }
    }

    /// All entries of a list, page by page, and the sizes of the pages.
    async fn list(&self, target: &str, input: Value, member: &str) -> (Vec<Value>, Vec<usize>) {
        let (mut input, mut entries, mut sizes) = (input, Vec::new(), Vec::new());
        loop {
            let mut output = self.call(target, input.clone()).await.unwrap();
            let page = output[member].as_array().unwrap();
            sizes.push(page.len());
            entries.extend(page.iter().cloned());
            match output["NextToken"].take() {
                Value::Null => return (entries, sizes),
                next_token => input["NextToken"] = next_token,
            }
        }
    }
}

fn code(refusal: Result<Value, Value>) -> String {
    refusal.unwrap_err()["__type"].as_str().unwrap().to_owned()
}
