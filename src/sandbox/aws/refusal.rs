//! The errors of the three services, each in the shape that its model gives it.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::call::Service;

/// An error answer.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    code: &'static str,
    message: String,
    /// The members beside the message.
    members: Map<String, Value>,
    /// The model of the Identity Store, unlike the other two, has the request id in the body as well.
    names_request: bool,
}

impl Refusal {
    /// The request is not signed.
    pub(super) fn missing_authentication_token() -> Self {
        let message = "Request is missing Authentication Token";
        Self {
            status: StatusCode::FORBIDDEN,
            ..Self::of_no_service("MissingAuthenticationTokenException", message)
        }
    }

    pub(super) fn unknown_operation() -> Self {
        Self::of_no_service("UnknownOperationException", "The operation is not known")
    }

    /// The body is not JSON.
    pub(super) fn serialization() -> Self {
        Self::of_no_service("SerializationException", "The request body is not a JSON object")
    }

    /// A member is missing or not of its form.
    pub(super) fn invalid(service: Service, message: &str) -> Self {
        Self::out_of_range(service, "INVALID_PATTERN", message)
    }

    /// A member is outside its limits. `reason` is one of Organizations' `InvalidInputExceptionReason`s; the
    /// other services have no such member.
    pub(super) fn out_of_range(service: Service, reason: &str, message: &str) -> Self {
        match service {
            Service::IdentityStore | Service::SsoAdmin => Self::new(service, "ValidationException", message),
            Service::Organizations => {
                Self::new(service, "InvalidInputException", message).with("Reason", reason)
            }
        }
    }

    pub(super) fn bad_next_token(service: Service) -> Self {
        Self::out_of_range(service, "INVALID_NEXT_TOKEN", "The NextToken is not one of this list")
    }

    /// The Identity Store has no such thing; `resource_type` is one of its `ResourceType`s.
    pub(super) fn not_in_identity_store(resource_type: &str, resource_id: &str) -> Self {
        let message = format!("{resource_type} not found.");
        let refusal = Self::new(Service::IdentityStore, "ResourceNotFoundException", &message);
        let refusal = refusal.with("ResourceType", resource_type);
        // GetUserId and GetGroupId look by attribute and so have no id to name.
        if resource_id.is_empty() { refusal } else { refusal.with("ResourceId", resource_id) }
    }

    pub(super) fn not_in_identity_center(what: &str) -> Self {
        let message = format!("{what} does not exist");
        Self::new(Service::SsoAdmin, "ResourceNotFoundException", &message)
    }

    pub(super) fn account_not_found() -> Self {
        let message = "You specified an account that doesn't exist.";
        Self::new(Service::Organizations, "AccountNotFoundException", message)
    }

    pub(super) fn throttled(service: Service, retry_after_seconds: u64) -> Self {
        match service {
            Service::IdentityStore => Self::new(service, "ThrottlingException", "Rate exceeded")
                .with("RetryAfterSeconds", retry_after_seconds),
            Service::SsoAdmin => Self::new(service, "ThrottlingException", "Rate exceeded"),
            Service::Organizations => Self::new(service, "TooManyRequestsException", "Rate exceeded"),
        }
    }

    pub(super) fn access_denied(service: Service, action: &str) -> Self {
        let message = format!(
            "User: arn:aws:sts::999988887777:assumed-role/sso-why/sandbox is not authorized to perform: {action} \
             because no identity-based policy allows the {action} action"
        );
        Self::new(service, "AccessDeniedException", &message)
    }

    pub(super) fn internal(service: Service) -> Self {
        let code = match service {
            Service::IdentityStore | Service::SsoAdmin => "InternalServerException",
            Service::Organizations => "ServiceException",
        };
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, ..Self::new(service, code, "Internal error") }
    }

    pub(super) fn body(&self, request_id: &str) -> Value {
        let mut body = self.members.clone();
        body.insert("__type".to_owned(), json!(self.code));
        body.insert("Message".to_owned(), json!(self.message));
        if self.names_request {
            body.insert("RequestId".to_owned(), json!(request_id));
        }
        Value::Object(body)
    }

    fn new(service: Service, code: &'static str, message: &str) -> Self {
        Self { names_request: service == Service::IdentityStore, ..Self::of_no_service(code, message) }
    }

    fn of_no_service(code: &'static str, message: &str) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            code,
            message: message.to_owned(),
            members: Map::new(),
            names_request: false,
        }
    }

    fn with(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.members.insert(member.to_owned(), value.into());
        self
    }
}
