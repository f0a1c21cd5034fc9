//! The errors of Graph, in its own shape.

use axum::http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

/// An error answer.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    code: &'static str,
    message: String,
    /// Seconds, in the header `Retry-After`.
    pub(super) retry_after: Option<u64>,
}

impl Refusal {
    /// The company is on another IdP, or on none.
    pub(super) fn no_tenant() -> Self {
        let message = "The simulated company has no Microsoft Entra tenant in this scenario.";
        Self::new(StatusCode::NOT_FOUND, "Request_ResourceNotFound", message)
    }

    pub(super) fn invalid_token() -> Self {
        let message = "Access token is empty, or is not one that this tenant has issued.";
        Self::new(StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken", message)
    }

    pub(super) fn forbidden() -> Self {
        let message = "Insufficient privileges to complete the operation.";
        Self::new(StatusCode::FORBIDDEN, "Authorization_RequestDenied", message)
    }

    /// The app lacks the application permission. The logs have a code of their own for it.
    pub(super) fn no_permission(permission: &str) -> Self {
        if permission != "AuditLog.Read.All" {
            return Self::forbidden();
        }
        let message = format!("Calling principal does not have required MSGraph permissions {permission}");
        Self::new(StatusCode::FORBIDDEN, "Authentication_MSGraphPermissionMissing", &message)
    }

    pub(super) fn throttled(retry_after_seconds: u64) -> Self {
        let refusal = Self::new(StatusCode::TOO_MANY_REQUESTS, "TooManyRequests", "Too many requests.");
        Self { retry_after: Some(retry_after_seconds), ..refusal }
    }

    pub(super) fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", "An internal error occurred.")
    }

    /// The tenant has no such object, or the object has no such thing.
    pub(super) fn not_found(id: &str) -> Self {
        let message = format!(
            "Resource '{id}' does not exist or one of its queried reference-property objects are not present."
        );
        Self::new(StatusCode::NOT_FOUND, "Request_ResourceNotFound", &message)
    }

    /// Groups and service principals are found by object id only, and an object id is a UUID.
    pub(super) fn invalid_object_id(id: &str) -> Self {
        let message = format!("Invalid object identifier '{id}'.");
        Self::new(StatusCode::BAD_REQUEST, "Request_BadRequest", &message)
    }

    /// No resource has this path.
    pub(super) fn no_segment(path: &str) -> Self {
        Self::bad(&format!("Resource not found for the path '{path}'."))
    }

    pub(super) fn method_not_allowed() -> Self {
        let message = "Specified HTTP method is not allowed for the request target.";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "Request_BadRequest", message)
    }

    pub(super) fn unreadable_body() -> Self {
        Self::bad(
            "Unable to read JSON request payload: it must be declared as JSON and be the JSON of this call.",
        )
    }

    /// Something in the request is not of its form.
    pub(super) fn bad(message: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BadRequest", message)
    }

    /// The query is well formed, and Graph does not answer it.
    pub(super) fn unsupported_query(message: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "Request_UnsupportedQuery", message)
    }

    pub(super) fn body(&self, now: Timestamp, request_id: &str) -> Value {
        let date = now.strftime("%Y-%m-%dT%H:%M:%S").to_string();
        json!({"error": {
            "code": self.code,
            "message": self.message,
            "innerError": {"date": date, "request-id": request_id, "client-request-id": request_id},
        }})
    }

    fn new(status: StatusCode, code: &'static str, message: &str) -> Self {
        Self { status, code, message: message.to_owned(), retry_after: None }
    }
}
