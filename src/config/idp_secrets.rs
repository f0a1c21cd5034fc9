//! What the bot proves to the IdP who it is with: the secret from the environment, or what takes its place.

use std::path::PathBuf;

use secrecy::SecretString;

use super::idp::is_loopback;
use super::secrets::secret;
use super::{Config, ConfigError, Entra, EntraCredentialKind, Environment, Okta};

/// The credential of the IdP that is configured; none where none is. Apart from Slack's
/// [`Secrets`](super::Secrets), which `check` does not need.
#[derive(Clone, Debug, Default)]
pub struct IdpSecrets {
    pub entra: Option<EntraCredential>,
    pub okta: Option<OktaCredential>,
}

/// Everything that a token of Entra ID is asked for with.
#[derive(Clone, Debug)]
pub enum EntraCredential {
    ClientSecret {
        tenant_id: String,
        client_id: String,
        secret: SecretString,
    },
    WorkloadIdentity {
        tenant_id: String,
        client_id: String,
        /// `AZURE_FEDERATED_TOKEN_FILE`, which Azure Workload Identity sets in the pod.
        token_file: PathBuf,
    },
    /// The machine's own identity, or an assigned one by its client id.
    ManagedIdentity {
        client_id: Option<String>,
    },
    /// `SSO_WHY_ENTRA_ACCESS_TOKEN`, for a Graph on this machine alone.
    AccessToken(SecretString),
}

/// Everything that Okta is asked with.
#[derive(Clone, Debug)]
pub enum OktaCredential {
    ApiToken(SecretString),
    /// An API service app's key, as PEM.
    PrivateKey {
        client_id: String,
        pem: SecretString,
    },
}

impl IdpSecrets {
    /// Reads what the configured IdP needs: `AZURE_CLIENT_SECRET` or `SSO_WHY_ENTRA_ACCESS_TOKEN`,
    /// `OKTA_CLIENT_TOKEN` or `OKTA_CLIENT_PRIVATEKEY`, each also as `…_FILE`.
    ///
    /// # Errors
    /// Where something is missing, set twice, contradictory, or in a file that cannot be read.
    pub fn load(config: &Config, environment: Environment) -> Result<Self, ConfigError> {
        Ok(Self {
            entra: config.entra.as_ref().map(|entra| entra_credential(entra, environment)).transpose()?,
            okta: config.okta.as_ref().map(|okta| okta_credential(okta, environment)).transpose()?,
        })
    }
}

fn entra_credential(entra: &Entra, environment: Environment) -> Result<EntraCredential, ConfigError> {
    const ACCESS_TOKEN: &str = "SSO_WHY_ENTRA_ACCESS_TOKEN";
    const CLIENT_SECRET: &str = "AZURE_CLIENT_SECRET";
    const TOKEN_FILE: &str = "AZURE_FEDERATED_TOKEN_FILE";
    // Elsewhere it is as if it were not set: whoever tries the sandbox may have it in the environment still.
    if is_loopback(&entra.graph_url)
        && let Some(token) = secret(ACCESS_TOKEN, environment)?
    {
        return Ok(EntraCredential::AccessToken(token));
    }
    let client_id = entra.client_id.clone();
    if entra.credential == EntraCredentialKind::ManagedIdentity {
        return Ok(EntraCredential::ManagedIdentity { client_id });
    }
    let missing = |needed, mend| ConfigError::Missing { needed, by: "[entra]", mend };
    let tenant_id = entra.tenant_id.clone();
    let tenant_id = tenant_id.ok_or_else(|| missing("tenant_id", "add it, or set AZURE_TENANT_ID"))?;
    let client_id = client_id.ok_or_else(|| missing("client_id", "add it, or set AZURE_CLIENT_ID"))?;
    if entra.credential == EntraCredentialKind::WorkloadIdentity {
        let token_file = environment(TOKEN_FILE).map(PathBuf::from).ok_or(ConfigError::Missing {
            needed: TOKEN_FILE,
            by: "[entra] credential = \"workload_identity\"",
            mend: "run it as a service account of Azure Workload Identity, which sets it, or choose another credential",
        })?;
        return Ok(EntraCredential::WorkloadIdentity { tenant_id, client_id, token_file });
    }
    let secret = secret(CLIENT_SECRET, environment)?;
    let secret = secret.ok_or_else(|| ConfigError::MissingSecrets(vec![CLIENT_SECRET]))?;
    Ok(EntraCredential::ClientSecret { tenant_id, client_id, secret })
}

fn okta_credential(okta: &Okta, environment: Environment) -> Result<OktaCredential, ConfigError> {
    let token = secret("OKTA_CLIENT_TOKEN", environment)?;
    let pem = secret("OKTA_CLIENT_PRIVATEKEY", environment)?;
    match (token, pem) {
        (Some(_), Some(_)) => Err(ConfigError::TwoOktaSecrets),
        (Some(token), None) => Ok(OktaCredential::ApiToken(token)),
        (None, Some(pem)) => match okta.client_id.clone() {
            Some(client_id) => Ok(OktaCredential::PrivateKey { client_id, pem }),
            None => Err(ConfigError::Missing {
                needed: "[okta] client_id",
                by: "OKTA_CLIENT_PRIVATEKEY",
                mend: "add the client id of the API service app",
            }),
        },
        (None, None) => Err(ConfigError::Missing {
            needed: "Okta's credential",
            by: "[okta]",
            mend: "set OKTA_CLIENT_TOKEN, or OKTA_CLIENT_PRIVATEKEY beside [okta] client_id, or either name with _FILE",
        }),
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::super::file;
    use super::*;

    fn load(text: &str, variables: &[(&str, &str)]) -> Result<IdpSecrets, ConfigError> {
        let environment = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        let config = file::parse("sso-why.toml", text, &environment)?;
        IdpSecrets::load(&config, &environment)
    }

    fn entra(text: &str, variables: &[(&str, &str)]) -> EntraCredential {
        load(text, variables).expect("is read").entra.expect("is there")
    }

    fn refusal(text: &str, variables: &[(&str, &str)]) -> String {
        load(text, variables).expect_err("is refused").to_string()
    }

    const ENTRA: &str = "[entra]\ntenant_id = \"t\"\nclient_id = \"c\"\n";
    const OKTA: &str = "[okta]\norg_url = \"https://x.example\"\n";

    #[test]
    fn without_an_idp_nothing_is_needed() {
        let none = load("", &[]).expect("is read");
        assert!(none.entra.is_none() && none.okta.is_none());
    }

    #[test]
    fn each_credential_of_entra_takes_what_it_needs() {
        let secret = entra(ENTRA, &[("AZURE_CLIENT_SECRET", "hush")]);
        assert!(
            matches!(&secret, EntraCredential::ClientSecret { tenant_id, client_id, secret } if tenant_id == "t" && client_id == "c" && secret.expose_secret() == "hush")
        );
        assert!(!format!("{secret:?}").contains("hush"), "secrets show in debug output");

        let workload = format!("{ENTRA}credential = \"workload_identity\"");
        let workload = entra(&workload, &[("AZURE_FEDERATED_TOKEN_FILE", "/var/token")]);
        assert!(
            matches!(workload, EntraCredential::WorkloadIdentity { token_file, .. } if token_file.ends_with("token"))
        );
        let managed = entra("[entra]\ncredential = \"managed_identity\"", &[("AZURE_CLIENT_SECRET", "hush")]);
        assert!(matches!(managed, EntraCredential::ManagedIdentity { client_id: None }));
    }

    #[test]
    fn a_ready_made_token_is_honoured_on_this_machine_alone() {
        let token = [("SSO_WHY_ENTRA_ACCESS_TOKEN", "ready")];
        let here = entra("[entra]\ngraph_url = \"http://127.0.0.1:4011/v1.0\"", &token);
        assert!(matches!(here, EntraCredential::AccessToken(token) if token.expose_secret() == "ready"));

        let elsewhere = [token[0], ("AZURE_CLIENT_SECRET", "hush")];
        assert!(matches!(entra(ENTRA, &elsewhere), EntraCredential::ClientSecret { .. }));
        assert!(refusal(ENTRA, &token).starts_with("the environment lacks AZURE_CLIENT_SECRET;"));
    }

    #[test]
    fn okta_takes_a_token_or_a_key() {
        let okta = |text: &str, variables: &[(&str, &str)]| {
            load(text, variables).expect("is read").okta.expect("is there")
        };
        let token = okta(OKTA, &[("OKTA_CLIENT_TOKEN", "hush")]);
        assert!(matches!(token, OktaCredential::ApiToken(token) if token.expose_secret() == "hush"));
        let with_id = format!("{OKTA}client_id = \"0oc1\"");
        let key = okta(&with_id, &[("OKTA_CLIENT_PRIVATEKEY", "pem")]);
        assert!(matches!(key, OktaCredential::PrivateKey { client_id, .. } if client_id == "0oc1"));
    }

    #[test]
    fn what_is_missing_or_contradictory_is_said_in_one_sentence() {
        let secret = ("AZURE_CLIENT_SECRET", "hush");
        let (token, key) = (("OKTA_CLIENT_TOKEN", "hush"), ("OKTA_CLIENT_PRIVATEKEY", "pem"));
        let workload = format!("{ENTRA}credential = \"workload_identity\"");
        for (text, variables, sentence) in [
            (
                ENTRA,
                vec![],
                "the environment lacks AZURE_CLIENT_SECRET; set AZURE_CLIENT_SECRET or AZURE_CLIENT_SECRET_FILE",
            ),
            (
                "[entra]\nclient_id = \"c\"",
                vec![secret],
                "tenant_id is missing, and [entra] needs it; add it, or set AZURE_TENANT_ID",
            ),
            (
                "[entra]\ntenant_id = \"t\"",
                vec![secret],
                "client_id is missing, and [entra] needs it; add it, or set AZURE_CLIENT_ID",
            ),
            (
                workload.as_str(),
                vec![secret],
                "AZURE_FEDERATED_TOKEN_FILE is missing, and [entra] credential = \"workload_identity\" needs it; run it as a service account of Azure Workload Identity, which sets it, or choose another credential",
            ),
            (
                OKTA,
                vec![],
                "Okta's credential is missing, and [okta] needs it; set OKTA_CLIENT_TOKEN, or OKTA_CLIENT_PRIVATEKEY beside [okta] client_id, or either name with _FILE",
            ),
            (
                OKTA,
                vec![token, key],
                "both OKTA_CLIENT_TOKEN and OKTA_CLIENT_PRIVATEKEY are set; keep one of them",
            ),
            (
                OKTA,
                vec![key],
                "[okta] client_id is missing, and OKTA_CLIENT_PRIVATEKEY needs it; add the client id of the API service app",
            ),
        ] {
            assert_eq!(refusal(text, &variables), sentence);
        }
    }
}
