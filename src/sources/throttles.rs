//! Tries that AWS refused since there were too many. The SDK tries again by itself, so that most of them never come
//! to light; whoever shares the organization's limits wants to see them.

use aws_sdk_ssoadmin::config::interceptors::FinalizerInterceptorContextRef;
use aws_sdk_ssoadmin::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_ssoadmin::error::BoxError;
use serde_json::Value;

use super::{AWS, OPERATION, count_throttle};

/// Counts them at each try of each call.
#[derive(Debug)]
pub(super) struct Throttles;

impl Intercept for Throttles {
    fn name(&self) -> &'static str {
        "sso-why throttles"
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _settings: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let refused = context.response().filter(|response| response.status().as_u16() >= 400);
        if let Some(body) = refused.and_then(|response| response.body().bytes())
            && names_one(body)
        {
            // Every call is made within an operation.
            let _counted = OPERATION.try_with(|operation| count_throttle(operation, AWS));
        }
        Ok(())
    }
}

/// The codes of AWS's throttling (SSO Admin, Identity Store and Organizations API references, "Common errors").
pub(super) fn is_one(code: &str) -> bool {
    matches!(code, "ThrottlingException" | "TooManyRequestsException" | "Throttling")
}

/// AWS's JSON protocol names the error in `__type`, some services with a namespace before it.
fn names_one(body: &[u8]) -> bool {
    let body: Option<Value> = serde_json::from_slice(body).ok();
    let code = body.as_ref().and_then(|body| body["__type"].as_str());
    code.and_then(|code| code.rsplit('#').next()).is_some_and(is_one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_throttled_try_is_told_by_its_code() {
        assert!(names_one(br#"{"__type": "ThrottlingException", "message": "Rate exceeded"}"#));
        assert!(names_one(br#"{"__type": "com.amazonaws.organizations#TooManyRequestsException"}"#));
        assert!(!names_one(br#"{"__type": "AccessDeniedException", "message": "ThrottlingException"}"#));
        assert!(!names_one(b"<html>"));
    }
}
