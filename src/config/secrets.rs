//! Secrets: from the environment, or from the file that it names.

use std::path::Path;

use secrecy::{ExposeSecret as _, SecretString};

use super::text::{self, Unread};
use super::{ConfigError, Environment, Mode};

/// Bytes of a file that holds one secret, at most: the longest is a private key, of a few thousand.
const LARGEST: u64 = 64 * 1024;

/// How an app-level token begins (docs.slack.dev, "Tokens").
const APP_TOKEN_BEGINS: &str = "xapp-";

/// What `serve` needs to speak with Slack.
#[derive(Clone, Debug)]
pub struct Secrets {
    pub slack_bot_token: SecretString,
    pub slack: SlackSecret,
}

/// By what the bot knows that it hears Slack: by Slack's signature, or since it called Slack itself.
#[derive(Clone, Debug)]
pub enum SlackSecret {
    /// `SLACK_SIGNING_SECRET`: in HTTP mode.
    Signing(SecretString),
    /// `SLACK_APP_TOKEN`: in Socket Mode.
    AppToken(SecretString),
}

impl SlackSecret {
    /// The app-level token, in Socket Mode.
    pub fn app_token(self) -> Option<SecretString> {
        match self {
            Self::Signing(_) => None,
            Self::AppToken(token) => Some(token),
        }
    }

    /// The secret itself. All replicas of a bot have the same.
    pub fn shared(&self) -> &SecretString {
        match self {
            Self::Signing(secret) | Self::AppToken(secret) => secret,
        }
    }
}

impl Secrets {
    /// `SLACK_BOT_TOKEN` alone, where it can be read.
    pub fn bot_token(environment: Environment) -> Option<SecretString> {
        secret("SLACK_BOT_TOKEN", environment).ok().flatten().filter(is_bot_token)
    }

    /// `SLACK_APP_TOKEN` alone, where it can be read and is one.
    pub fn app_token(environment: Environment) -> Option<SecretString> {
        let token = secret("SLACK_APP_TOKEN", environment).ok().flatten();
        token.filter(|token| token.expose_secret().starts_with(APP_TOKEN_BEGINS))
    }

    /// Reads `SLACK_BOT_TOKEN` and, as the mode needs it, `SLACK_SIGNING_SECRET` or `SLACK_APP_TOKEN`, each also
    /// as `…_FILE`.
    ///
    /// # Errors
    /// Where one is missing (all that are missing are named), set twice, in a file that cannot be read, or
    /// another kind of token.
    pub fn load(mode: Mode, environment: Environment) -> Result<Self, ConfigError> {
        const TOKEN: &str = "SLACK_BOT_TOKEN";
        let other = match mode {
            Mode::Http => "SLACK_SIGNING_SECRET",
            Mode::Socket => "SLACK_APP_TOKEN",
        };
        match (secret(TOKEN, environment)?, secret(other, environment)?) {
            (Some(slack_bot_token), Some(secret)) => {
                let slack = match mode {
                    Mode::Http => SlackSecret::Signing(secret),
                    Mode::Socket if secret.expose_secret().starts_with(APP_TOKEN_BEGINS) => {
                        SlackSecret::AppToken(secret)
                    }
                    Mode::Socket => return Err(ConfigError::NoAppToken),
                };
                if !is_bot_token(&slack_bot_token) {
                    return Err(ConfigError::NoBotToken);
                }
                Ok(Self { slack_bot_token, slack })
            }
            (Some(_), None) if mode == Mode::Http && Self::app_token(environment).is_some() => {
                Err(ConfigError::OtherModesSecret)
            }
            (token, secret) => {
                let missing = [(TOKEN, token.is_none()), (other, secret.is_none())];
                let names = missing.into_iter().filter(|(_, missing)| *missing).map(|(name, _)| name);
                Err(ConfigError::MissingSecrets(names.collect()))
            }
        }
    }
}

/// Whether it begins as a bot token does, a rotated one included (docs.slack.dev, "Tokens"), and can stand in a header: a
/// line break in it would look as if Slack were away.
fn is_bot_token(token: &SecretString) -> bool {
    let token = token.expose_secret();
    (token.starts_with("xoxb-") || token.starts_with("xoxe."))
        && token.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Whether a key is called as secrets are, so that whoever wrote it meant one.
pub(super) fn is_named_so(key: &str) -> bool {
    const NAMES: [&str; 6] = ["token", "secret", "password", "private_key", "privatekey", "api_key"];
    let key = key.to_lowercase();
    NAMES.iter().any(|name| key.contains(name))
}

/// Whether a value begins as secrets do: Slack's tokens (docs.slack.dev, "Tokens") and keys in PEM.
pub(super) fn looks_like_one(value: &str) -> bool {
    const BEGINNINGS: [&str; 3] = ["xox", APP_TOKEN_BEGINS, "-----BEGIN "];
    BEGINNINGS.iter().any(|beginning| value.trim_start().starts_with(beginning))
}

/// The variables for a secret that somebody wrote into this section, by what it is called and what stands there.
pub(super) fn instead(section: &str, key: &str, value: Option<&str>) -> &'static str {
    const BOT_TOKEN: &str = "SLACK_BOT_TOKEN or SLACK_BOT_TOKEN_FILE";
    const APP_TOKEN: &str = "SLACK_APP_TOKEN or SLACK_APP_TOKEN_FILE";
    const SIGNING_SECRET: &str = "SLACK_SIGNING_SECRET or SLACK_SIGNING_SECRET_FILE";
    const PRIVATE_KEY: &str = "OKTA_CLIENT_PRIVATEKEY or OKTA_CLIENT_PRIVATEKEY_FILE";
    let value = value.unwrap_or_default().trim_start();
    let key = key.to_lowercase();
    match section {
        _ if value.starts_with(APP_TOKEN_BEGINS) => APP_TOKEN,
        _ if value.starts_with("xox") => BOT_TOKEN,
        _ if value.starts_with("-----BEGIN ") => PRIVATE_KEY,
        "entra" => "AZURE_CLIENT_SECRET or AZURE_CLIENT_SECRET_FILE",
        "store" => "DATABASE_URL or DATABASE_URL_FILE",
        "okta" if key.contains("private") => PRIVATE_KEY,
        "okta" if key.contains("token") => "OKTA_CLIENT_TOKEN or OKTA_CLIENT_TOKEN_FILE",
        "okta" => "OKTA_CLIENT_TOKEN or OKTA_CLIENT_PRIVATEKEY, or the same names with _FILE",
        "aws" => "what the AWS SDK reads (AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY)",
        _ if key.contains("app") => APP_TOKEN,
        _ if key.contains("sign") => SIGNING_SECRET,
        _ if key.contains("token") => BOT_TOKEN,
        _ => "SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET, or the same names with _FILE",
    }
}

/// Whether a value that is refused may be told: not where it looks like a secret, nor an address with a user or a query
/// in it, which may be one.
pub(super) fn may_be_told(value: &str) -> bool {
    !looks_like_one(value) && !value.contains(['@', '?'])
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
        (None, Some(path)) => match text::of(Path::new(&path), LARGEST) {
            // With an empty signing secret anybody could sign.
            Ok(text) if text.trim().is_empty() => Err(ConfigError::EmptySecret { name, path }),
            // Editors and `echo` end a file with a line break that is no part of the secret.
            Ok(text) => Ok(Some(text.trim().into())),
            Err(Unread { why, mend }) => Err(ConfigError::UnreadableSecret { name, path, why, mend }),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Config, file};
    use super::*;

    #[test]
    fn the_variable_is_the_one_for_what_was_written() {
        for (text, variable) in [
            ("[slack]\napp_token = \"xapp-1\"", "SLACK_APP_TOKEN or SLACK_APP_TOKEN_FILE"),
            ("[slack]\ntoken = \"xapp-1\"", "SLACK_APP_TOKEN or SLACK_APP_TOKEN_FILE"),
            ("[slack]\ntoken = \"xoxb-1\"", "SLACK_BOT_TOKEN or SLACK_BOT_TOKEN_FILE"),
            ("[slack]\nadmin_channel = \"xapp-1\"", "SLACK_APP_TOKEN or SLACK_APP_TOKEN_FILE"),
            ("[slack]\nsigning_secret = \"1\"", "SLACK_SIGNING_SECRET or SLACK_SIGNING_SECRET_FILE"),
            ("slack_app_token = \"x\"", "SLACK_APP_TOKEN or SLACK_APP_TOKEN_FILE"),
            ("[entra]\nclient_id = \"xoxb-1\"", "SLACK_BOT_TOKEN or SLACK_BOT_TOKEN_FILE"),
            ("[okta]\napi_token = \"00\"", "OKTA_CLIENT_TOKEN or OKTA_CLIENT_TOKEN_FILE"),
            ("[okta]\napp_id = \"-----BEGIN KEY\"", "OKTA_CLIENT_PRIVATEKEY or OKTA_CLIENT_PRIVATEKEY_FILE"),
            (
                "[aws]\nsecret_access_key = \"x\"",
                "what the AWS SDK reads (AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY)",
            ),
        ] {
            let refused = file::parse("x", text, &|_| None).expect_err("is refused").to_string();
            assert!(refused.ends_with(&format!("take it out and set {variable}")), "{text}: {refused}");
        }
        let by_variable = Config::load(None, &|name| (name == "SSO_WHY_MODE").then(|| "xoxb-1".to_owned()));
        assert!(!by_variable.expect_err("is no mode").to_string().contains("xoxb"));
    }

    #[test]
    fn all_that_is_missing_is_named_at_once() {
        let missing = Secrets::load(Mode::Http, &|_| None).expect_err("nothing is set");
        assert_eq!(
            missing.to_string(),
            "the environment lacks SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET; set SLACK_BOT_TOKEN or SLACK_BOT_TOKEN_FILE and SLACK_SIGNING_SECRET or SLACK_SIGNING_SECRET_FILE"
        );
        let twice =
            Secrets::load(Mode::Http, &|name| name.starts_with("SLACK_BOT_TOKEN").then(|| "x".to_owned()));
        assert_eq!(
            twice.expect_err("twice").to_string(),
            "both SLACK_BOT_TOKEN and SLACK_BOT_TOKEN_FILE are set; keep one of them"
        );
        let blank = Secrets::load(Mode::Http, &|name| (name == "SLACK_BOT_TOKEN").then(|| " ".to_owned()));
        assert_eq!(blank.expect_err("blank").to_string(), missing.to_string());
    }

    #[test]
    fn a_file_holds_the_secret_without_its_line_break() {
        let folder = tempfile::tempdir().expect("a folder");
        let read = |text: &str| {
            let path = folder.path().join("secret");
            std::fs::write(&path, text).expect("written");
            let path = path.to_str().expect("Unicode").to_owned();
            Secrets::load(Mode::Http, &|name: &str| name.ends_with("_FILE").then(|| path.clone()))
        };
        let secrets = read("xoxb-from-a-file\r\n").expect("is read");
        assert_eq!(secrets.slack_bot_token.expose_secret(), "xoxb-from-a-file");
        assert!(!format!("{secrets:?}").contains("xoxb"), "secrets show in debug output");
        assert!(matches!(read("\n"), Err(ConfigError::EmptySecret { name: "SLACK_BOT_TOKEN", .. })));
    }

    #[test]
    fn socket_mode_needs_an_app_level_token_and_no_signing_secret() {
        let with = |app_token: &'static str| {
            Secrets::load(Mode::Socket, &|name| match name {
                "SLACK_BOT_TOKEN" => Some("xoxb-1".to_owned()),
                "SLACK_APP_TOKEN" => Some(app_token.to_owned()).filter(|token| !token.is_empty()),
                _ => None,
            })
        };
        let secrets = with("xapp-1-A0-1-2").expect("is all that is needed");
        assert!(matches!(secrets.slack, SlackSecret::AppToken(_)));
        assert_eq!(
            with("").expect_err("is missing").to_string(),
            "the environment lacks SLACK_APP_TOKEN; set SLACK_APP_TOKEN or SLACK_APP_TOKEN_FILE"
        );
        assert_eq!(
            with("xoxb-1").expect_err("is a bot's").to_string(),
            "SLACK_APP_TOKEN is no app-level token, which begins with xapp-; take the one under \"App-Level Tokens\" in the app's settings"
        );
    }

    #[test]
    fn a_bot_token_is_known_by_its_beginning_and_is_one_word() {
        let with = |token: &'static str| {
            Secrets::load(Mode::Http, &|name| match name {
                "SLACK_BOT_TOKEN" => Some(token.to_owned()),
                "SLACK_SIGNING_SECRET" => Some("secret".to_owned()),
                _ => None,
            })
        };
        for token in ["xoxb-1-2", "xoxe.xoxb-1-2"] {
            assert!(with(token).is_ok(), "{token}");
        }
        for token in ["xapp-1-2", "xoxp-1-2", "xoxb-1\n2", "Bearer xoxb-1"] {
            assert!(matches!(with(token), Err(ConfigError::NoBotToken)), "{token}");
        }
    }

    #[test]
    fn an_app_token_in_place_of_the_signing_secret_tells_that_the_mode_is_the_wrong_one() {
        let refused = Secrets::load(Mode::Http, &|name| match name {
            "SLACK_BOT_TOKEN" => Some("xoxb-1".to_owned()),
            "SLACK_APP_TOKEN" => Some("xapp-1-A0-1-2".to_owned()),
            _ => None,
        });
        assert_eq!(refused.expect_err("is of the other mode"), ConfigError::OtherModesSecret);
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let nowhere = |name: &str| name.ends_with("TOKEN_FILE").then(|| "no-such-file".to_owned());
        let refused = Secrets::load(Mode::Http, &nowhere).expect_err("is not there").to_string();
        assert!(refused.starts_with("SLACK_BOT_TOKEN_FILE names no-such-file"), "{refused}");
    }

    fn refusal(text: &str) -> String {
        file::parse("sso-why.toml", text, &|_| None).expect_err("is refused").to_string()
    }

    #[test]
    fn a_secret_in_the_file_is_refused_without_being_told() {
        let refused = refusal("[slack]\nbot_token = \"xoxb-1\"");
        assert!(refused.starts_with("sso-why.toml, line 2 has [slack] bot_token, and secrets"), "{refused}");
        assert!(!refused.contains("xoxb-1"));
    }

    #[test]
    fn a_secret_is_refused_wherever_in_the_file_it_stands() {
        for (text, shown) in [
            ("SLACK_SIGNING_SECRET = \"1234\"", "SLACK_SIGNING_SECRET"),
            ("[secrets]\nslack = \"1234\"", "[secrets]"),
            ("[slack]\nhelpdesk_channel = \"xoxb-1234\"", "a secret at [slack] helpdesk_channel"),
            ("[slack]\napi_url = \"xapp-1234\"", "a secret at [slack] api_url"),
            ("[okta]\nclient_id = \"-----BEGIN PRIVATE KEY-----1234\"", "a secret at [okta] client_id"),
            ("[entra]\nclient_Secret = \"1234\"", "[entra] client_Secret"),
            ("[okta]\napi_key = \"1234\"", "[okta] api_key"),
            ("[store]\npassword = \"1234\"", "[store] password"),
        ] {
            let refused = refusal(text);
            let said = format!(
                " has {shown}, and secrets are read from the environment alone; take it out and set "
            );
            assert!(refused.contains(&said), "{refused}");
            assert!(!refused.contains("1234"), "{refused}");
        }
    }

    #[test]
    fn a_password_in_the_stores_url_is_refused_without_being_told() {
        for url in ["postgres://bot:1234@db/sso", "postgres://db/sso?user=bot&password=1234"] {
            let refused = refusal(&format!("[store]\nurl = \"{url}\""));
            assert!(refused.contains("holds a password") && !refused.contains("1234"), "{refused}");
        }
    }

    #[test]
    fn slack_gets_its_token_over_https_or_on_this_machine() {
        for fine in [
            "https://slack.com/api",
            "http://127.0.0.1:1/api",
            "http://localhost:1/api",
            "http://[::1]:1/api",
        ] {
            assert!(file::parse("x", &format!("[slack]\napi_url = \"{fine}\""), &|_| None).is_ok(), "{fine}");
        }
        for open in
            ["http://slack.com/api", "http://127.0.0.1.example/api", "http://10.0.0.1/api", "ftp://slack.com"]
        {
            let refused = refusal(&format!("[slack]\napi_url = \"{open}\""));
            assert!(refused.contains("it must be an https URL"), "{refused}");
        }
    }
}
