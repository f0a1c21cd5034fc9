//! The IdP's client, as the configuration and the environment say.

use std::sync::Arc;

use anyhow::Context as _;

use crate::config::{self, Config, IdpSecrets};
use crate::gather::{Clock, IdpSource};
use crate::sources::entra::credential::EntraCredential;
use crate::sources::entra::{Entra, Settings};
use crate::sources::okta::Okta;
use crate::sources::okta::credential::{Credential, Scopes};
use crate::sources::{Limits, Patience};

/// The client of the IdP that is configured; nothing where none is. Nothing is called yet.
///
/// # Errors
/// Where the client cannot be made from what was configured: a key that is none, a token file that is not
/// there.
pub fn idp(
    config: &Config,
    secrets: IdpSecrets,
    patience: Patience,
    limits: Limits,
    clock: Clock,
) -> anyhow::Result<Option<IdpSource>> {
    if let (Some(entra), Some(credential)) = (&config.entra, secrets.entra) {
        let settings = Settings {
            graph_url: entra.graph_url.clone(),
            service_principal_id: entra.service_principal_id.clone(),
        };
        let client = Entra::new(settings, of_entra(credential), patience, limits)
            .context("Entra ID cannot be used; look at [entra] and its secret")?;
        return Ok(Some(IdpSource::Entra(Arc::new(client))));
    }
    if let (Some(okta), Some(credential)) = (&config.okta, secrets.okta) {
        const USELESS: &str = "Okta cannot be used; look at [okta] and its secret";
        let scopes = match config.actions.force_sync {
            true => Scopes::ReadingAndPushing,
            false => Scopes::Reading,
        };
        let credential = match credential {
            config::OktaCredential::ApiToken(token) => Credential::api_token(token),
            config::OktaCredential::PrivateKey { client_id, pem } => {
                Credential::private_key(client_id, &pem, scopes, clock).context(USELESS)?
            }
        };
        let client = Okta::new(&okta.org_url, okta.app_id.clone(), credential, patience).context(USELESS)?;
        return Ok(Some(IdpSource::Okta(Arc::new(client))));
    }
    Ok(None)
}

fn of_entra(credential: config::EntraCredential) -> EntraCredential {
    match credential {
        config::EntraCredential::ClientSecret { tenant_id, client_id, secret } => {
            EntraCredential::ClientSecret { tenant_id, client_id, secret }
        }
        config::EntraCredential::WorkloadIdentity { tenant_id, client_id, token_file } => {
            EntraCredential::WorkloadIdentity { tenant_id, client_id, token_file }
        }
        config::EntraCredential::ManagedIdentity { client_id } => {
            EntraCredential::ManagedIdentity { client_id }
        }
        config::EntraCredential::AccessToken(token) => EntraCredential::AccessToken(token),
    }
}
