//! Secrets: from the environment, or from the file that it names.

use secrecy::SecretString;

use super::{ConfigError, Environment};

/// What `serve` needs to speak with Slack.
#[derive(Clone, Debug)]
pub struct Secrets {
    pub slack_bot_token: SecretString,
    pub slack_signing_secret: SecretString,
}

impl Secrets {
    /// Reads `SLACK_BOT_TOKEN` and `SLACK_SIGNING_SECRET`, each also as `…_FILE`.
    ///
    /// # Errors
    /// Where one is missing (all that are missing are named), set twice, or in a file that cannot be read.
    pub fn load(environment: Environment) -> Result<Self, ConfigError> {
        const TOKEN: &str = "SLACK_BOT_TOKEN";
        const SIGNING: &str = "SLACK_SIGNING_SECRET";
        let token = secret(TOKEN, environment)?;
        let signing = secret(SIGNING, environment)?;
        match (token, signing) {
            (Some(slack_bot_token), Some(slack_signing_secret)) => Ok(Self { slack_bot_token, slack_signing_secret }),
            (token, signing) => {
                let missing = [(TOKEN, token.is_none()), (SIGNING, signing.is_none())];
                let names = missing.into_iter().filter(|(_, missing)| *missing).map(|(name, _)| name);
                Err(ConfigError::MissingSecrets(names.collect()))
            }
        }
    }
}

fn secret(name: &'static str, environment: Environment) -> Result<Option<SecretString>, ConfigError> {
    let path = environment(&format!("{name}_FILE"));
    match (environment(name), path) {
        (Some(_), Some(_)) => Err(ConfigError::SetTwice(name)),
        (Some(value), None) => Ok(Some(value.into())),
        (None, None) => Ok(None),
        (None, Some(path)) => match std::fs::read_to_string(&path) {
            // Editors and `echo` end a file with a line break that is no part of the secret.
            Ok(text) => Ok(Some(text.trim_end_matches(['\r', '\n']).into())),
            Err(error) => Err(ConfigError::UnreadableSecret { name, path, why: error.kind().to_string() }),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_missing_is_named_at_once() {
        let missing = Secrets::load(&|_| None).expect_err("nothing is set");
        assert_eq!(
            missing.to_string(),
            "the environment lacks SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET; set SLACK_BOT_TOKEN or SLACK_BOT_TOKEN_FILE and SLACK_SIGNING_SECRET or SLACK_SIGNING_SECRET_FILE"
        );
        let twice = Secrets::load(&|name| name.starts_with("SLACK_BOT_TOKEN").then(|| "x".to_owned()));
        assert_eq!(twice.expect_err("twice").to_string(), "both SLACK_BOT_TOKEN and SLACK_BOT_TOKEN_FILE are set; keep one of them");
    }
}
