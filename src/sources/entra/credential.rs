//! Tokens for Microsoft Graph: how the app proves to Entra ID who it is.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use azure_core::credentials::{Secret, TokenCredential};
use azure_core::error::ErrorKind;
use azure_core::http::{ClientOptions, ExponentialRetryOptions, RetryOptions};
use azure_identity::{
    ClientAssertionCredentialOptions, ClientSecretCredential, ClientSecretCredentialOptions,
    ManagedIdentityCredential, ManagedIdentityCredentialOptions, UserAssignedId, WorkloadIdentityCredential,
    WorkloadIdentityCredentialOptions,
};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::time::timeout;
use url::Url;

use crate::diagnosis::facts::{Gap, GapKind};
use crate::sources::Patience;
use crate::sources::http::{NoClient, is_loopback};

/// As gaps name the request for a token.
pub(super) const OPERATION: &str = "graph:token";

/// The scope with all of the app's own permissions, for Graph's public address.
const PUBLIC_SCOPE: &str = "https://graph.microsoft.com/.default";

/// How the app proves who it is. There is no chain of guesses: exactly this is tried.
#[derive(Clone, Debug)]
pub enum EntraCredential {
    ClientSecret {
        tenant_id: String,
        client_id: String,
        secret: SecretString,
    },
    /// A Kubernetes service account that Entra trusts.
    WorkloadIdentity {
        tenant_id: String,
        client_id: String,
        /// The service account's token, renewed by Kubernetes.
        token_file: PathBuf,
    },
    /// An identity of the Azure machine: the system's own, or an assigned one by its client id.
    ManagedIdentity {
        client_id: Option<String>,
    },
    /// A ready-made token, for a Graph on this machine alone.
    AccessToken(SecretString),
}

/// Where tokens come from; Azure's credentials keep them until 5 minutes before they expire.
pub(super) struct Tokens {
    source: Source,
    scope: String,
    deadline: Duration,
}

enum Source {
    Azure(Arc<dyn TokenCredential>),
    ReadyMade(SecretString),
}

impl Tokens {
    /// # Errors
    /// Where the credential cannot be used, and for a ready-made token unless Graph is on this machine.
    pub(super) fn new(
        credential: EntraCredential,
        graph: &Url,
        patience: Patience,
    ) -> Result<Self, NoClient> {
        let source = source(credential, graph, patience)?;
        // Elsewhere than on this machine, a token is asked for that is good at this very Graph only.
        let scope = match graph.origin().ascii_serialization() {
            _ if is_loopback(graph) => PUBLIC_SCOPE.to_owned(),
            origin => format!("{origin}/.default"),
        };
        Ok(Self { source, scope, deadline: patience.call })
    }

    /// A token for Graph.
    ///
    /// # Errors
    /// A gap on `graph:token`: forbidden where Entra refuses the app.
    pub(super) async fn token(&self) -> Result<SecretString, Gap> {
        let credential = match &self.source {
            Source::ReadyMade(token) => return Ok(token.clone()),
            Source::Azure(credential) => credential,
        };
        match timeout(self.deadline, credential.get_token(&[&self.scope], None)).await {
            Ok(Ok(token)) => Ok(token.token.secret().into()),
            Ok(Err(error)) => Err(refused(&error)),
            Err(_elapsed) => Err(gap(GapKind::Timeout, "no token in time".to_owned())),
        }
    }
}

fn source(credential: EntraCredential, graph: &Url, patience: Patience) -> Result<Source, NoClient> {
    let client_options = ClientOptions {
        retry: RetryOptions::exponential(ExponentialRetryOptions {
            max_retries: patience.attempts.saturating_sub(1),
            ..ExponentialRetryOptions::default()
        }),
        ..ClientOptions::default()
    };
    let credential: Result<Arc<dyn TokenCredential>, azure_core::Error> = match credential {
        EntraCredential::AccessToken(token) if is_loopback(graph) => return Ok(Source::ReadyMade(token)),
        EntraCredential::AccessToken(_) => {
            return Err(NoClient::Credential(
                "a ready-made access token is used only for a Graph on this machine".to_owned(),
            ));
        }
        EntraCredential::ClientSecret { tenant_id, client_id, secret } => {
            let secret = Secret::new(secret.expose_secret().to_owned());
            let options = ClientSecretCredentialOptions { client_options };
            ClientSecretCredential::new(&tenant_id, client_id, secret, Some(options)).map(|made| made as _)
        }
        EntraCredential::WorkloadIdentity { tenant_id, client_id, token_file } => {
            let options = WorkloadIdentityCredentialOptions {
                credential_options: ClientAssertionCredentialOptions { client_options },
                client_id: Some(client_id),
                tenant_id: Some(tenant_id),
                token_file_path: Some(token_file),
            };
            WorkloadIdentityCredential::new(Some(options)).map(|made| made as _)
        }
        EntraCredential::ManagedIdentity { client_id } => {
            let user_assigned_id = client_id.map(UserAssignedId::ClientId);
            let options = ManagedIdentityCredentialOptions { user_assigned_id, client_options };
            ManagedIdentityCredential::new(Some(options)).map(|made| made as _)
        }
    };
    // These errors speak of identifiers and paths, never of a secret.
    credential.map(Source::Azure).map_err(|error| NoClient::Credential(error.to_string()))
}

/// What an error of Azure's credentials means. Their messages are long and name ids, so only codes are told.
fn refused(error: &azure_core::Error) -> Gap {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    let mut kinds = Vec::new();
    while let Some(current) = cause {
        kinds.extend(current.downcast_ref::<azure_core::Error>().map(azure_core::Error::kind));
        cause = current.source();
    }
    let answered = kinds.iter().find_map(|kind| match kind {
        ErrorKind::HttpResponse { status, error_code, .. } => {
            Some((u16::from(*status), error_code.as_deref()))
        }
        _ => None,
    });
    match answered {
        Some((429, _)) => gap(GapKind::Throttled, "HTTP 429".to_owned()),
        Some((status @ 400..=499, code)) => gap(GapKind::Forbidden, code_of(status, code)),
        Some((status, code)) => gap(GapKind::Error, code_of(status, code)),
        None if kinds.iter().any(|kind| matches!(kind, ErrorKind::Io | ErrorKind::Connection)) => {
            gap(GapKind::Error, "could not connect to Microsoft Entra ID".to_owned())
        }
        None => gap(GapKind::Error, "no token could be got".to_owned()),
    }
}

/// Entra's error codes are numbers, which its documentation lists as `AADSTS…`.
fn code_of(status: u16, code: Option<&str>) -> String {
    let numbers = code.into_iter().flat_map(|code| code.split(',')).map(str::trim);
    let codes: Vec<_> = numbers
        .filter(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
        .map(|number| format!("AADSTS{number}"))
        .collect();
    if codes.is_empty() { format!("HTTP {status}") } else { codes.join(", ") }
}

fn gap(kind: GapKind, detail: String) -> Gap {
    Gap { kind, operation: OPERATION.to_owned(), detail }
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;

    use azure_core::credentials::{AccessToken, TokenRequestOptions};
    use azure_core::http::StatusCode;

    use super::*;

    /// An Entra ID that never answers.
    #[derive(Debug)]
    struct Hanging;

    impl TokenCredential for Hanging {
        fn get_token<'life0, 'life1, 'life2, 'life3, 'async_trait>(
            &'life0 self,
            _scopes: &'life1 [&'life2 str],
            _options: Option<TokenRequestOptions<'life3>>,
        ) -> Pin<Box<dyn Future<Output = azure_core::Result<AccessToken>> + Send + 'async_trait>>
        where
            'life0: 'async_trait,
            'life1: 'async_trait,
            'life2: 'async_trait,
            'life3: 'async_trait,
            Self: 'async_trait,
        {
            Box::pin(std::future::pending())
        }
    }

    fn made(credential: EntraCredential, graph: &str) -> Result<Tokens, NoClient> {
        Tokens::new(credential, &Url::parse(graph).expect("a URL"), Patience::default())
    }

    fn client_secret() -> EntraCredential {
        EntraCredential::ClientSecret {
            tenant_id: "tenant.example".to_owned(),
            client_id: "client".to_owned(),
            secret: "very-secret".into(),
        }
    }

    fn answered(status: StatusCode, code: Option<&str>) -> azure_core::Error {
        let code = code.map(str::to_owned);
        let answer = ErrorKind::HttpResponse { status, error_code: code, raw_response: None }.into_error();
        azure_core::Error::with_error(ErrorKind::Credential, answer, "for client very-secret")
    }

    #[tokio::test]
    async fn a_ready_made_token_is_for_this_machine_alone() {
        for graph in ["http://127.0.0.1:4011/v1.0", "http://localhost:1/v1.0", "http://[::1]:1/v1.0"] {
            let tokens = made(EntraCredential::AccessToken("ready".into()), graph).expect("is honoured");
            assert_eq!(tokens.token().await.expect("a token").expose_secret(), "ready");
        }
        for graph in ["https://graph.microsoft.com/v1.0", "http://127.0.0.1.example/v1.0", "http://10.0.0.1/"]
        {
            let refusal =
                made(EntraCredential::AccessToken("ready".into()), graph).err().expect("is refused");
            assert!(refusal.to_string().contains("on this machine"), "{graph}: {refusal}");
        }
    }

    #[test]
    fn a_token_is_asked_for_the_graph_that_gets_it() {
        let scope = |graph| made(client_secret(), graph).expect("is made").scope;
        assert_eq!(scope("https://graph.microsoft.com/v1.0"), PUBLIC_SCOPE);
        assert_eq!(scope("https://graph.microsoft.us/v1.0"), "https://graph.microsoft.us/.default");
        assert_eq!(scope("http://127.0.0.1:1/v1.0"), PUBLIC_SCOPE);
    }

    #[test]
    fn a_federated_token_that_is_not_there_is_told_at_once() {
        let credential = EntraCredential::WorkloadIdentity {
            tenant_id: "tenant.example".to_owned(),
            client_id: "client".to_owned(),
            token_file: PathBuf::from("no-such-file"),
        };
        let refusal = made(credential, "https://graph.microsoft.com/v1.0").err().expect("is refused");
        assert!(refusal.to_string().contains("no-such-file"), "{refusal}");
    }

    #[test]
    fn entras_refusals_are_forbidden_and_tell_the_code_alone() {
        let wrong_secret = refused(&answered(StatusCode::Unauthorized, Some("7000215")));
        assert_eq!(wrong_secret, gap(GapKind::Forbidden, "AADSTS7000215".to_owned()));
        let unknown_app = refused(&answered(StatusCode::BadRequest, Some("700016, 90002")));
        assert_eq!(unknown_app, gap(GapKind::Forbidden, "AADSTS700016, AADSTS90002".to_owned()));
        let no_identity = refused(&answered(StatusCode::BadRequest, Some("Bad Request")));
        assert_eq!(no_identity, gap(GapKind::Forbidden, "HTTP 400".to_owned()));
    }

    #[test]
    fn everything_else_that_fails_is_no_refusal() {
        let busy = refused(&answered(StatusCode::TooManyRequests, None));
        assert_eq!(busy.kind, GapKind::Throttled);
        let broken = refused(&answered(StatusCode::ServiceUnavailable, None));
        assert_eq!(broken, gap(GapKind::Error, "HTTP 503".to_owned()));
        let unreachable = ErrorKind::Connection.into_error();
        let unreachable = azure_core::Error::with_error(ErrorKind::Credential, unreachable, "x");
        assert_eq!(refused(&unreachable).detail, "could not connect to Microsoft Entra ID");
        let garbled = azure_core::Error::with_message(ErrorKind::Credential, "very-secret");
        assert_eq!(refused(&garbled), gap(GapKind::Error, "no token could be got".to_owned()));
    }

    #[tokio::test]
    async fn an_entra_that_hangs_is_given_up_at_the_deadline() {
        let deadline = Duration::from_millis(10);
        let tokens =
            Tokens { source: Source::Azure(Arc::new(Hanging)), scope: PUBLIC_SCOPE.to_owned(), deadline };
        let gap = tokens.token().await.expect_err("hangs");
        assert_eq!((gap.kind, gap.operation.as_str()), (GapKind::Timeout, OPERATION));
    }
}
