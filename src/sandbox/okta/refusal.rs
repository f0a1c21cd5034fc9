//! The errors: Okta's own shape, and OAuth's at the token endpoint. Codes and summaries are those of Okta's
//! "Error codes" page and of the OpenAPI description.

use axum::http::StatusCode;
use serde_json::json;

use super::answer::Answer;

/// An error answer.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    shape: Shape,
    /// Seconds until the rate limit is lifted.
    limited_for: Option<u64>,
    challenge: Option<&'static str>,
}

#[derive(Debug)]
enum Shape {
    Okta { code: &'static str, summary: String, causes: Vec<String> },
    OAuth { error: &'static str, description: String },
}

impl Refusal {
    pub(super) fn invalid_token() -> Self {
        Self::okta(StatusCode::UNAUTHORIZED, "E0000011", "Invalid token provided")
    }

    pub(super) fn forbidden() -> Self {
        let summary = "You do not have permission to perform the requested action";
        Self::okta(StatusCode::FORBIDDEN, "E0000006", summary)
    }

    pub(super) fn insufficient_scope() -> Self {
        let challenge = "Bearer error=\"insufficient_scope\", \
                         error_description=\"The access token provided does not contain the required scopes.\"";
        Self { challenge: Some(challenge), ..Self::forbidden() }
    }

    /// `kind` is Okta's word for it: `User`, `UserGroup`, `AppInstance`, `AppUser`, …
    pub(super) fn not_found(id: &str, kind: &str) -> Self {
        let summary = format!("Not found: Resource not found: {id} ({kind})");
        Self::okta(StatusCode::NOT_FOUND, "E0000007", &summary)
    }

    pub(super) fn no_such_endpoint() -> Self {
        Self { status: StatusCode::NOT_FOUND, ..Self::method_not_supported() }
    }

    pub(super) fn method_not_supported() -> Self {
        let summary = "The endpoint does not support the provided HTTP method";
        Self::okta(StatusCode::METHOD_NOT_ALLOWED, "E0000022", summary)
    }

    /// A parameter or the body is not of its form.
    pub(super) fn invalid(what: &str, cause: &str) -> Self {
        let refusal =
            Self::okta(StatusCode::BAD_REQUEST, "E0000001", &format!("Api validation failed: {what}"));
        refusal.because(cause)
    }

    /// A `search` or `filter` that cannot be read, or names what cannot be searched.
    pub(super) fn invalid_search(cause: &str) -> Self {
        let summary = "Invalid search criteria.";
        Self::okta(StatusCode::BAD_REQUEST, "E0000031", summary).because(cause)
    }

    pub(super) fn throttled(seconds: u64) -> Self {
        let summary = "API call exceeded rate limit due to too many requests.";
        Self { limited_for: Some(seconds), ..Self::okta(StatusCode::TOO_MANY_REQUESTS, "E0000047", summary) }
    }

    pub(super) fn internal() -> Self {
        Self::okta(StatusCode::INTERNAL_SERVER_ERROR, "E0000009", "Internal Server Error")
    }

    /// The token endpoint does not know the client by what it showed.
    pub(super) fn invalid_client(description: &str) -> Self {
        Self::oauth(StatusCode::UNAUTHORIZED, "invalid_client", description)
    }

    /// The token endpoint cannot do what was asked; `error` is a code of RFC 6749, section 5.2.
    pub(super) fn bad_token_request(error: &'static str, description: &str) -> Self {
        Self::oauth(StatusCode::BAD_REQUEST, error, description)
    }

    /// The token endpoint knows the client and gives it nothing.
    pub(super) fn client_may_not() -> Self {
        let description = "The request is made from outside the client's permitted network zones.";
        Self::oauth(StatusCode::FORBIDDEN, "access_denied", description)
    }

    pub(super) fn into_answer(self, error_id: &str) -> Answer {
        let body = match self.shape {
            Shape::Okta { code, summary, causes } => {
                let causes: Vec<_> = causes.iter().map(|cause| json!({"errorSummary": cause})).collect();
                json!({
                    "errorCode": code,
                    "errorSummary": summary,
                    "errorLink": code,
                    "errorId": error_id,
                    "errorCauses": causes,
                })
            }
            Shape::OAuth { error, description } => json!({"error": error, "error_description": description}),
        };
        let answer = Answer::json(self.status, body);
        let answer = match self.limited_for {
            Some(seconds) => answer.limited(seconds),
            None => answer,
        };
        match self.challenge {
            Some(challenge) => answer.challenging(challenge),
            None => answer,
        }
    }

    fn okta(status: StatusCode, code: &'static str, summary: &str) -> Self {
        let shape = Shape::Okta { code, summary: summary.to_owned(), causes: Vec::new() };
        Self { status, shape, limited_for: None, challenge: None }
    }

    fn oauth(status: StatusCode, error: &'static str, description: &str) -> Self {
        let shape = Shape::OAuth { error, description: description.to_owned() };
        Self { status, shape, limited_for: None, challenge: None }
    }

    fn because(mut self, cause: &str) -> Self {
        if let Shape::Okta { causes, .. } = &mut self.shape {
            causes.push(cause.to_owned());
        }
        self
    }
}
