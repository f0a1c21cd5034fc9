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
            (Some(slack_bot_token), Some(slack_signing_secret)) => {
                Ok(Self { slack_bot_token, slack_signing_secret })
            }
            (token, signing) => {
                let missing = [(TOKEN, token.is_none()), (SIGNING, signing.is_none())];
                let names = missing.into_iter().filter(|(_, missing)| *missing).map(|(name, _)| name);
                Err(ConfigError::MissingSecrets(names.collect()))
            }
        }
    }
}

pub(super) fn secret(
    name: &'static str,
    environment: Environment,
) -> Result<Option<SecretString>, ConfigError> {
    let path = environment(&format!("{name}_FILE"));
    match (environment(name), path) {
        (Some(_), Some(_)) => Err(ConfigError::SetTwice(name)),
        (Some(value), None) if value.trim().is_empty() => Ok(None),
        (Some(value), None) => Ok(Some(value.trim().into())),
        (None, None) => Ok(None),
        (None, Some(path)) => match std::fs::read_to_string(&path) {
            // With an empty signing secret anybody could sign.
            Ok(text) if text.trim().is_empty() => Err(ConfigError::EmptySecret { name, path }),
            // Editors and `echo` end a file with a line break that is no part of the secret.
            Ok(text) => Ok(Some(text.trim().into())),
            Err(error) => Err(ConfigError::UnreadableSecret { name, path, why: error.kind().to_string() }),
        },
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    fn all_that_is_missing_is_named_at_once() {
        let missing = Secrets::load(&|_| None).expect_err("nothing is set");
        assert_eq!(
            missing.to_string(),
            "the environment lacks SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET; set SLACK_BOT_TOKEN or SLACK_BOT_TOKEN_FILE and SLACK_SIGNING_SECRET or SLACK_SIGNING_SECRET_FILE"
        );
        let twice = Secrets::load(&|name| name.starts_with("SLACK_BOT_TOKEN").then(|| "x".to_owned()));
        assert_eq!(
            twice.expect_err("twice").to_string(),
            "both SLACK_BOT_TOKEN and SLACK_BOT_TOKEN_FILE are set; keep one of them"
        );
        let blank = Secrets::load(&|name| (name == "SLACK_BOT_TOKEN").then(|| " ".to_owned()));
        assert_eq!(blank.expect_err("blank").to_string(), missing.to_string());
    }

    #[test]
    fn a_file_holds_the_secret_without_its_line_break() {
        let folder = tempfile::tempdir().expect("a folder");
        let read = |text: &str| {
            let path = folder.path().join("secret");
            std::fs::write(&path, text).expect("written");
            let path = path.to_str().expect("Unicode").to_owned();
            Secrets::load(&|name: &str| name.ends_with("_FILE").then(|| path.clone()))
        };
        let secrets = read("xoxb-from-a-file\r\n").expect("is read");
        assert_eq!(secrets.slack_bot_token.expose_secret(), "xoxb-from-a-file");
        assert!(!format!("{secrets:?}").contains("xoxb"), "secrets show in debug output");
        assert!(matches!(read("\n"), Err(ConfigError::EmptySecret { name: "SLACK_BOT_TOKEN", .. })));
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let nowhere = |name: &str| name.ends_with("TOKEN_FILE").then(|| "no-such-file".to_owned());
        let refused = Secrets::load(&nowhere).expect_err("is not there").to_string();
        assert!(refused.starts_with("SLACK_BOT_TOKEN_FILE names no-such-file"), "{refused}");
    }
}
