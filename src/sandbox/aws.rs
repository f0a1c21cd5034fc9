//! AWS on loopback: Identity Store, Identity Center (SSO Admin) and Organizations over AWS JSON 1.1, all at
//! `POST /` as their SDKs call them, told apart by `X-Amz-Target`; and [`sts`] beside them, for who calls.
//!
//! Requests must be signed, and the signature is not checked: it only tells the Region. Field names, limits
//! and errors are those of the public service models (identitystore 2020-06-15, sso-admin 2020-07-20,
//! organizations 2016-11-28).

mod assignment_requests;
mod call;
mod identity_store;
mod organizations;
mod pages;
mod refusal;
mod sso_admin;
mod sts;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use jiff::Timestamp;
use serde_json::Value;

use super::Sandbox;
use super::company::ids;
use super::faults::Fault;
use call::{Call, Service};
use refusal::Refusal;

/// What the SDKs of these three services send and expect.
const AWS_JSON: &str = "application/x-amz-json-1.1";

/// `POST /`, where the AWS SDKs send everything.
pub fn router(sandbox: Arc<Sandbox>) -> axum::Router {
    let aws = Arc::new(Aws { sandbox, answered: AtomicU64::new(0) });
    axum::Router::new().route("/", post(answer)).with_state(aws)
}

struct Aws {
    sandbox: Arc<Sandbox>,
    answered: AtomicU64,
}

async fn answer(State(aws): State<Arc<Aws>>, headers: HeaderMap, body: Bytes) -> Response {
    let request_id = ids::uuid("aws request", &aws.answered.fetch_add(1, Ordering::Relaxed).to_string());
    let mut response = aws.sandbox.aws_answer(&headers, &body, &request_id).await;
    if let Ok(request_id) = request_id.parse() {
        response.headers_mut().insert("x-amzn-requestid", request_id);
    }
    response
}

impl Sandbox {
    async fn aws_answer(&self, headers: &HeaderMap, body: &[u8], request_id: &str) -> Response {
        let Some(region) = signed_region(headers) else {
            return refused(&Refusal::missing_authentication_token(), request_id);
        };
        if sts::is_asked(headers) {
            return sts::answer(self, body, request_id).await;
        }
        let Some((service, operation)) = target(headers) else {
            return refused(&Refusal::unknown_operation(), request_id);
        };
        let action = format!("{}:{operation}", service.iam_prefix());
        self.calls.arrive(&action).await;
        if let Some(fault) = self.faults.strike(&action).await {
            return suffered(service, &action, &fault, request_id);
        }
        if !self.rights.has(&action) || self.only_the_management_account_may(&action) {
            return refused(&Refusal::access_denied(service, &action), request_id);
        }
        match Call::read(service, operation, region, body).and_then(|call| self.carry_out(&call)) {
            Ok(output) => json(StatusCode::OK, &output),
            Err(refusal) => refused(&refusal, request_id),
        }
    }

    /// "Must be called from the management account" (SSO Admin API reference), and the bot works in another one.
    fn only_the_management_account_may(&self, action: &str) -> bool {
        action == "sso:ListAccountAssignmentsForPrincipal" && self.rights.account().is_some()
    }

    fn carry_out(&self, call: &Call) -> Result<Value, Refusal> {
        let company = self.company();
        match call.service {
            Service::IdentityStore => identity_store::carry_out(&company, call),
            Service::SsoAdmin => sso_admin::carry_out(&company, call),
            Service::Organizations => organizations::carry_out(&company, call),
        }
    }
}

/// The Region in the credential scope: `AWS4-HMAC-SHA256 Credential=KEY/DATE/REGION/SERVICE/aws4_request, …`.
fn signed_region(headers: &HeaderMap) -> Option<&str> {
    let authorization = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let fields = authorization.strip_prefix("AWS4-HMAC-SHA256 ")?;
    let credential = fields.split(',').find_map(|field| field.trim().strip_prefix("Credential="))?;
    let mut scope = credential.rsplit('/').skip(2);
    scope.next()
}

/// The service and the operation in `X-Amz-Target`.
fn target(headers: &HeaderMap) -> Option<(Service, &str)> {
    let (prefix, operation) = headers.get("x-amz-target")?.to_str().ok()?.split_once('.')?;
    Some((Service::with_target_prefix(prefix)?, operation))
}

fn suffered(service: Service, action: &str, fault: &Fault, request_id: &str) -> Response {
    match fault {
        Fault::Throttled { retry_after } => refused(&Refusal::throttled(service, *retry_after), request_id),
        Fault::Forbidden => refused(&Refusal::access_denied(service, action), request_id),
        Fault::Html500 => {
            let page = "<html><head><title>500 Internal Server Error</title></head><body></body></html>";
            (StatusCode::INTERNAL_SERVER_ERROR, [(header::CONTENT_TYPE, "text/html")], page).into_response()
        }
        Fault::MalformedJson => {
            (StatusCode::OK, [(header::CONTENT_TYPE, AWS_JSON)], "{\"NextToken\": \"cut off").into_response()
        }
        // `Faults::strike` serves these two itself and never hands them out.
        Fault::Slow { .. } | Fault::Hanging => refused(&Refusal::internal(service), request_id),
    }
}

/// How AWS JSON writes a timestamp.
fn epoch_seconds(moment: Timestamp) -> f64 {
    moment.as_duration().as_secs_f64()
}

fn refused(refusal: &Refusal, request_id: &str) -> Response {
    json(refusal.status, &refusal.body(request_id))
}

fn json(status: StatusCode, body: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, AWS_JSON)], body.to_string()).into_response()
}

#[cfg(test)]
mod tests;
