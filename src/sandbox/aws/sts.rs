//! The Security Token Service: who calls. It speaks AWS's query protocol, a form in and XML out, unlike the others.
//!
//! Everybody may ask; what is refused is the key itself (STS API reference, "GetCallerIdentity").

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::sandbox::Sandbox;
use crate::sandbox::faults::Fault;

pub(super) const OPERATION: &str = "sts:GetCallerIdentity";

/// Whether this request is one of the query protocol.
pub(super) fn is_asked(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type.is_some_and(|content_type| content_type.starts_with("application/x-www-form-urlencoded"))
}

pub(super) async fn answer(sandbox: &Sandbox, body: &[u8], request_id: &str) -> Response {
    let asked = url::form_urlencoded::parse(body).find(|(name, _)| name == "Action");
    if asked.is_none_or(|(_, action)| action != "GetCallerIdentity") {
        return refused(StatusCode::BAD_REQUEST, "InvalidAction", "Could not find operation", request_id);
    }
    sandbox.calls.arrive(OPERATION).await;
    match sandbox.faults.strike(OPERATION).await {
        None => {}
        Some(Fault::Throttled { .. }) => {
            return refused(StatusCode::BAD_REQUEST, "Throttling", "Rate exceeded", request_id);
        }
        Some(Fault::Forbidden) => {
            let message = "The security token included in the request is invalid.";
            return refused(StatusCode::FORBIDDEN, "InvalidClientTokenId", message, request_id);
        }
        Some(Fault::Html500) => {
            let page = "<html><head><title>500 Internal Server Error</title></head><body></body></html>";
            return (StatusCode::INTERNAL_SERVER_ERROR, [(header::CONTENT_TYPE, "text/html")], page)
                .into_response();
        }
        Some(Fault::MalformedJson | Fault::Slow { .. } | Fault::Hanging) => {
            return xml(StatusCode::OK, "<GetCallerIdentityResponse><GetCaller".to_owned());
        }
    }
    let account = sandbox.account_of_the_bot();
    xml(
        StatusCode::OK,
        format!(
            "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\
             <GetCallerIdentityResult>\
             <Arn>arn:aws:sts::{account}:assumed-role/sso-why/sandbox</Arn>\
             <UserId>AROASIMULATEDCOMPANY:sandbox</UserId>\
             <Account>{account}</Account>\
             </GetCallerIdentityResult>\
             <ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata>\
             </GetCallerIdentityResponse>"
        ),
    )
}

fn refused(status: StatusCode, code: &str, message: &str, request_id: &str) -> Response {
    xml(
        status,
        format!(
            "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\
             <Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>\
             <RequestId>{request_id}</RequestId></ErrorResponse>"
        ),
    )
}

fn xml(status: StatusCode, body: String) -> Response {
    (status, [(header::CONTENT_TYPE, "text/xml")], body).into_response()
}
