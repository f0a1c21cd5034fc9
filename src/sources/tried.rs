//! What came of an AWS call that was made only to see whether it is allowed, and who calls.

use std::num::NonZeroU32;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_credential_types::provider::ProvideCredentials as _;
use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_ssoadmin::error::{ProvideErrorMetadata, SdkError};
use serde_json::Value;
use tokio::time::timeout;

use super::{Pace, call, gap, incomplete};
use crate::checkup::{Denial, DenialKind, Tried};

/// Whom AWS takes the bot for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    pub account: String,
    pub arn: String,
}

/// How long credentials may take to come before anything is asked: each step of the SDK's chain has a deadline of its
/// own, but a program that it is told to run has none.
pub const CREDENTIALS_COME: Duration = Duration::from_secs(30);

/// Why there is nothing to sign with. The provider's own error names files and addresses, and is not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoCredentials {
    #[error(
        "there are no AWS credentials; sign in (aws sso login), set AWS_PROFILE, or give this machine a role"
    )]
    Missing,
    #[error(
        "AWS credentials did not come in time; sign in (aws sso login), or look at what credential_process and the role of this machine do"
    )]
    Late,
    #[error(
        "AWS credentials could not be had; sign in (aws sso login), or look at AWS_PROFILE, and at what credential_process and the role of this machine do"
    )]
    Failed,
}

/// Looks for credentials, for as long as this.
///
/// # Errors
/// Where there are none, or it cannot be told.
pub async fn credentials(aws: &SdkConfig, patience: Duration) -> Result<(), NoCredentials> {
    let provider = aws.credentials_provider().ok_or(NoCredentials::Missing)?;
    match timeout(patience, provider.provide_credentials()).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(CredentialsError::CredentialsNotLoaded(_))) => Err(NoCredentials::Missing),
        Err(_) | Ok(Err(CredentialsError::ProviderTimedOut(_))) => Err(NoCredentials::Late),
        Ok(Err(_)) => Err(NoCredentials::Failed),
    }
}

/// GetCallerIdentity, which everybody may ask.
///
/// # Errors
/// What came of the try, where there is no answer.
pub async fn caller(aws: &SdkConfig) -> Result<Caller, Tried> {
    const OPERATION: &str = "sts:GetCallerIdentity";
    let client = aws_sdk_sts::Client::new(aws);
    let pace = Pace::per_second(NonZeroU32::MIN);
    let asked = call(OPERATION, &pace, client.get_caller_identity().send()).await;
    let answer = attempted(OPERATION, asked)?;
    let named = answer.account().zip(answer.arn());
    let (account, arn) = named.ok_or_else(|| Tried::Unread(incomplete(OPERATION)))?;
    Ok(Caller { account: account.to_owned(), arn: arn.to_owned() })
}

/// Whether the call is allowed. That there is no such thing is an answer, too: it is given to who may ask.
pub(super) fn tried<T, E>(operation: &str, answer: Result<T, SdkError<E>>) -> Tried
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    attempted(operation, answer).map_or_else(|tried| tried, |_| Tried::Allowed)
}

/// The same for a list that names nothing but the instance or its identity store: what is not there is that one.
pub(super) fn tried_of_all<T, E>(operation: &str, answer: Result<T, SdkError<E>>) -> Tried
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let allowed_without_answer = |tried: Tried| if tried.is_allowed() { Tried::NoInstance } else { tried };
    attempted(operation, answer).map_or_else(allowed_without_answer, |_| Tried::Allowed)
}

/// The answer, or what came of the try.
pub(super) fn attempted<T, E>(operation: &str, answer: Result<T, SdkError<E>>) -> Result<T, Tried>
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    answer.map_err(|error| refusal(&error).unwrap_or_else(|| Tried::Unread(gap(operation, &error))))
}

fn refusal<E: ProvideErrorMetadata>(error: &SdkError<E>) -> Option<Tried> {
    let SdkError::ServiceError(answer) = error else { return None };
    // Both services name a fault of the customer's own key in this member (API references, the exceptions' `Reason`).
    let body = answer.raw().body().bytes().and_then(|body| serde_json::from_slice::<Value>(body).ok());
    let reason = body.as_ref().and_then(|body| body["Reason"].as_str()).unwrap_or_default();
    // So the identity store tells itself from a user or group that is not there (API reference, `ResourceType`).
    if body.as_ref().is_some_and(|body| body["ResourceType"] == "IDENTITY_STORE") {
        return Some(Tried::NoInstance);
    }
    meaning(answer.err().code()?, answer.err().message().unwrap_or_default(), reason)
}

fn meaning(code: &str, message: &str, reason: &str) -> Option<Tried> {
    let denied = |kind| Some(Tried::Denied(Denial { code: code.to_owned(), kind }));
    match code {
        "AccessDeniedException" | "AccessDenied" | "ResourceNotFoundException"
            if reason.starts_with("KMS_") =>
        {
            denied(DenialKind::Key)
        }
        // As IAM ends the message ("Troubleshoot access denied error messages").
        "AccessDeniedException" | "AccessDenied" if message.contains("explicit deny") => {
            denied(DenialKind::ExplicitDeny)
        }
        "AccessDeniedException" | "AccessDenied" => denied(DenialKind::Right),
        "ResourceNotFoundException" | "AccountNotFoundException" => Some(Tried::Allowed),
        "UnrecognizedClientException"
        | "InvalidClientTokenId"
        | "ExpiredTokenException"
        | "ExpiredToken"
        | "InvalidSignatureException"
        | "SignatureDoesNotMatch"
        | "IncompleteSignature"
        | "MissingAuthenticationTokenException"
        | "MissingAuthenticationToken" => Some(Tried::NotTaken(code.to_owned())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use aws_config::BehaviorVersion;
    use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};

    use super::*;

    #[test]
    fn a_refusal_is_told_by_what_refuses() {
        let kind = |code, message, reason| match meaning(code, message, reason) {
            Some(Tried::Denied(denial)) => Some(denial.kind),
            _ => None,
        };
        let denied = "AccessDeniedException";
        assert_eq!(kind(denied, "because no identity-based policy allows it", ""), Some(DenialKind::Right));
        let by_the_organization = "with an explicit deny in a service control policy";
        assert_eq!(kind(denied, by_the_organization, ""), Some(DenialKind::ExplicitDeny));
        assert_eq!(kind(denied, "", "KMS_ACCESS_DENIED"), Some(DenialKind::Key));
        assert_eq!(kind("ResourceNotFoundException", "", "KMS_KEY_NOT_FOUND"), Some(DenialKind::Key));
    }

    /// A program that was asked for credentials: it ends with this, or never.
    #[derive(Debug)]
    struct Program(Option<fn() -> CredentialsError>);

    impl ProvideCredentials for Program {
        fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
        where
            Self: 'a,
        {
            match self.0 {
                Some(error) => future::ProvideCredentials::ready(Err(error())),
                None => future::ProvideCredentials::new(std::future::pending()),
            }
        }
    }

    #[tokio::test]
    async fn credentials_that_are_late_or_failed_are_not_missing() {
        let aws = || SdkConfig::builder().behavior_version(BehaviorVersion::latest());
        let moment = Duration::from_millis(10);
        assert_eq!(credentials(&aws().build(), moment).await, Err(NoCredentials::Missing));
        let told = async |ends: Option<fn() -> CredentialsError>| {
            let program = SharedCredentialsProvider::new(Program(ends));
            credentials(&aws().credentials_provider(program).build(), moment).await
        };
        assert_eq!(told(None).await, Err(NoCredentials::Late));
        let late = || CredentialsError::provider_timed_out(Duration::ZERO);
        assert_eq!(told(Some(late)).await, Err(NoCredentials::Late));
        let missing = || CredentialsError::not_loaded("nothing there");
        assert_eq!(told(Some(missing)).await, Err(NoCredentials::Missing));
        let broken = || CredentialsError::provider_error("it broke");
        assert_eq!(told(Some(broken)).await, Err(NoCredentials::Failed));
    }

    #[test]
    fn that_there_is_nobody_is_told_to_who_may_ask() {
        assert_eq!(meaning("ResourceNotFoundException", "", ""), Some(Tried::Allowed));
        assert!(matches!(meaning("ExpiredTokenException", "", ""), Some(Tried::NotTaken(_))));
        assert_eq!(meaning("ThrottlingException", "", ""), None);
    }
}
