//! Okta on loopback: the Management API below `/api/v1` and the organization's token endpoint.
//!
//! Shapes, limits and errors are those of Okta's published OpenAPI description (Management API 2026.06.3). A
//! request bears the fixed [`OKTA_TOKEN`] or an access token from the token endpoint. Where Okta pages, pages
//! are small, so that a client which forgets the next one is found out.
//!
//! Reading order: [`call`] is what was asked, [`answer`] and [`refusal`] are what comes back, [`operations`]
//! says who carries out what. [`mod@token`] gives access tokens, and [`key`] is the bot's key pair for that.
//! [`filter`] and [`pages`] serve all lists; the rest is one file for each part of the API.

mod call;
mod answer;
mod refusal;
mod operations;
mod token;
pub mod key;
mod filter;
mod pages;
mod users;
mod groups;
mod apps;
mod group_push;
mod logs;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};

use super::Sandbox;
use super::company::ids;
use super::scenario::IdpKind;
use answer::Answer;
use call::Call;
use operations::{Act, Operation};
use refusal::Refusal;
use token::AccessTokens;

/// The API token (`Authorization: SSWS …`) that the company's Okta takes, with every right. It is public and
/// protects nothing.
pub const OKTA_TOKEN: &str = "sandbox-api-token-that-protects-nothing";

/// What the clients of this API are named by in [`Faults`](super::faults::Faults) and
/// [`Calls`](super::calls::Calls).
pub const OPERATIONS: [&str; 15] = [
    "okta:token",
    "okta:users",
    "okta:users/groups",
    "okta:groups",
    "okta:groups/users",
    "okta:groups/apps",
    "okta:groups/owners",
    "okta:groups/rules",
    "okta:apps",
    "okta:apps/groups",
    "okta:apps/users",
    "okta:apps/group-push/mappings",
    "okta:apps/features",
    "okta:apps/connections",
    "okta:logs",
];

/// The API, and for a test or a second terminal the bot's private key and client id.
pub fn router(sandbox: Arc<Sandbox>) -> axum::Router {
    let okta = Arc::new(Okta { sandbox, answered: AtomicU64::new(0), tokens: AccessTokens::default() });
    axum::Router::new()
        .route("/api/v1/{*path}", any(management))
        .route("/oauth2/v1/token", any(token))
        .route("/sandbox/okta-private-key.pem", get(private_key))
        .route("/sandbox/okta-client-id", get(client_id))
        .with_state(okta)
}

struct Okta {
    sandbox: Arc<Sandbox>,
    answered: AtomicU64,
    tokens: AccessTokens,
}

/// Whom a request comes from.
enum Caller {
    /// An API token, which may do everything.
    ApiToken,
    /// An access token with these scopes.
    Scopes(Vec<String>),
}

async fn management(
    State(okta): State<Arc<Okta>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let call = Call::read(&method, &uri, &headers, &body, (okta.sandbox.clock)());
    let answer = okta.managed(&call).await;
    okta.respond(&call, answer)
}

async fn token(
    State(okta): State<Arc<Okta>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let call = Call::read(&method, &uri, &headers, &body, (okta.sandbox.clock)());
    let answer = okta.granted(&call).await;
    okta.respond(&call, answer)
}

async fn private_key(State(okta): State<Arc<Okta>>) -> Response {
    match key::private_key_pem() {
        Some(pem) if okta.is_connected() => {
            ([(header::CONTENT_TYPE, "application/x-pem-file")], pem).into_response()
        }
        _ => axum::http::StatusCode::NOT_FOUND.into_response(),
    }
}

async fn client_id(State(okta): State<Arc<Okta>>) -> Response {
    match okta.sandbox.company().idp.as_ref() {
        Some(idp) if idp.kind == IdpKind::Okta => idp.client_id.clone().into_response(),
        _ => axum::http::StatusCode::NOT_FOUND.into_response(),
    }
}

impl Okta {
    async fn managed(&self, call: &Call<'_>) -> Result<Answer, Refusal> {
        if !self.is_connected() {
            return Err(Refusal::no_such_endpoint());
        }
        let caller = self.caller(call).ok_or_else(Refusal::invalid_token)?;
        let operation = operations::asked_for(call)?;
        self.sandbox.calls.arrive(operation.name).await;
        if let Some(fault) = self.sandbox.faults.strike(operation.name).await {
            return Answer::suffered(&fault, Refusal::forbidden());
        }
        // The administrator whose API token it is has lost the right.
        if operation.scopes.iter().any(|scope| !self.sandbox.rights.has(scope)) {
            return Err(Refusal::forbidden());
        }
        if !caller.may(&operation) {
            return Err(Refusal::insufficient_scope());
        }
        self.carry_out(&operation, call)
    }

    async fn granted(&self, call: &Call<'_>) -> Result<Answer, Refusal> {
        if !self.is_connected() {
            return Err(Refusal::no_such_endpoint());
        }
        if call.method != Method::POST {
            return Err(Refusal::method_not_supported());
        }
        self.sandbox.calls.arrive(token::OPERATION).await;
        if let Some(fault) = self.sandbox.faults.strike(token::OPERATION).await {
            return Answer::suffered(&fault, Refusal::client_may_not());
        }
        let client_id = self.sandbox.company().idp.as_ref().map(|idp| idp.client_id.clone());
        self.tokens.grant(call, client_id.as_deref().unwrap_or_default(), &self.sandbox.rights)
    }

    fn carry_out(&self, operation: &Operation, call: &Call) -> Result<Answer, Refusal> {
        let mut company = self.sandbox.company();
        match (operation.act, company.idp.as_ref()) {
            (Act::Read(read), Some(idp)) => read(idp, call),
            (Act::Change(change), Some(_)) => change(&mut company, call),
            (_, None) => Err(Refusal::no_such_endpoint()),
        }
    }

    fn is_connected(&self) -> bool {
        self.sandbox.scenario.idp == Some(IdpKind::Okta)
    }

    fn caller(&self, call: &Call) -> Option<Caller> {
        let (scheme, token) = call.authorization?.split_once(' ')?;
        match scheme {
            "SSWS" if token == OKTA_TOKEN => Some(Caller::ApiToken),
            "Bearer" => self.tokens.scopes_of(token, call.now).map(Caller::Scopes),
            _ => None,
        }
    }

    fn respond(&self, call: &Call, answer: Result<Answer, Refusal>) -> Response {
        let position = self.answered.fetch_add(1, Ordering::Relaxed);
        let request_id = ids::okta("oae", &position.to_string());
        let answer = answer.unwrap_or_else(|refusal| refusal.into_answer(&request_id));
        answer.into_response(call.now, &request_id)
    }
}

impl Caller {
    fn may(&self, operation: &Operation) -> bool {
        match self {
            Self::ApiToken => true,
            Self::Scopes(held) => {
                operation.scopes.iter().all(|scope| held.iter().any(|granted| granted == scope))
            }
        }
    }
}
