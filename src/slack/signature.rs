//! Whether a request comes from Slack: the signature over its raw body, at most five minutes old.
//!
//! Rules: docs.slack.dev, "Verifying requests from Slack". The comparison takes the same time wherever the
//! signatures differ (slack-morphism's verifier).

use axum::http::HeaderMap;
use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use slack_morphism::prelude::SlackSigningSecret;
use slack_morphism::signature_verifier::{SlackEventSignatureVerifier, SlackEventSignatureVerifierError};

/// Checks signatures with the app's signing secret.
#[derive(Clone)]
pub struct Signature {
    verifier: SlackEventSignatureVerifier,
}

/// Why a request is not taken for Slack's. Safe to log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refusal {
    #[error("the request is not signed")]
    Unsigned,
    #[error("its signature does not fit SLACK_SIGNING_SECRET")]
    WrongSignature,
    #[error("its timestamp is no number of seconds")]
    NoTime,
    /// Only whoever knows the secret has made it. A positive number of seconds is before this machine's clock.
    #[error(
        "it is signed rightly, and its time is {seconds} s before this machine's: somebody sends an old request again or, where all are refused so, this machine's clock is off; set it (timedatectl set-ntp true)"
    )]
    Stale { seconds: i64 },
    /// Slack sends nothing but UTF-8.
    #[error("the body is no text")]
    NotText,
    /// Against an empty secret, anybody could sign.
    #[error("there is no signing secret to check against")]
    NoSecret,
}

impl Signature {
    /// Checks against this signing secret.
    pub fn new(signing_secret: &SecretString) -> Self {
        let secret = SlackSigningSecret(signing_secret.expose_secret().to_owned());
        Self { verifier: SlackEventSignatureVerifier::new(&secret) }
    }

    /// The body as text, once it is known to be Slack's, and from within five minutes of now.
    ///
    /// # Errors
    /// Where anything about the signature is missing, wrong or old.
    pub fn verified<'body>(&self, headers: &HeaderMap, body: &'body [u8]) -> Result<&'body str, Refusal> {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let signature =
            header(SlackEventSignatureVerifier::SLACK_SIGNED_HASH_HEADER).ok_or(Refusal::Unsigned)?;
        let timestamp =
            header(SlackEventSignatureVerifier::SLACK_SIGNED_TIMESTAMP).ok_or(Refusal::Unsigned)?;
        // As Slack sends it; a number has other spellings.
        if timestamp.is_empty()
            || timestamp.starts_with('0')
            || !timestamp.bytes().all(|byte| byte.is_ascii_digit())
        {
            return Err(Refusal::NoTime);
        }
        let text = std::str::from_utf8(body).map_err(|_not_utf8| Refusal::NotText)?;
        match self.verifier.verify(signature, text, timestamp) {
            Ok(()) => Ok(text),
            Err(SlackEventSignatureVerifierError::AbsentSignatureError(_)) => Err(Refusal::Unsigned),
            Err(SlackEventSignatureVerifierError::WrongSignatureError(_)) => Err(Refusal::WrongSignature),
            Err(SlackEventSignatureVerifierError::IncorrectOrExpiredTimestampError(_)) => {
                let seconds = Timestamp::now().as_second() - timestamp.parse().unwrap_or(i64::MAX);
                Err(Refusal::Stale { seconds })
            }
            Err(SlackEventSignatureVerifierError::CryptoInitError(_)) => Err(Refusal::NoSecret),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The worked example of docs.slack.dev, "Verifying requests from Slack".
    const SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";
    const TIMESTAMP: &str = "1531420618";
    const BODY: &[u8] = b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow\
        &channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner\
        &command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J\
        %2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    const SIGNATURE: &str = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";

    fn headers(signature: &'static str, timestamp: &'static str) -> HeaderMap {
        [("x-slack-signature", signature), ("x-slack-request-timestamp", timestamp)]
            .into_iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect()
    }

    /// The signature is compared before the age, so an old request that is refused for its age alone has a
    /// right signature.
    #[test]
    fn the_documented_example_has_a_right_signature_and_is_old() {
        let signature = Signature::new(&SECRET.into());
        let refused = signature.verified(&headers(SIGNATURE, TIMESTAMP), BODY);
        assert!(matches!(refused, Err(Refusal::Stale { seconds: 1.. })), "{refused:?}");
    }

    #[test]
    fn whatever_differs_from_what_was_signed_is_refused() {
        let signature = Signature::new(&SECRET.into());
        let verified = |headers: &HeaderMap, body| signature.verified(headers, body);
        assert_eq!(verified(&headers(SIGNATURE, TIMESTAMP), b"token=other"), Err(Refusal::WrongSignature));
        assert_eq!(verified(&headers(SIGNATURE, "1531420619"), BODY), Err(Refusal::WrongSignature));
        assert_eq!(verified(&headers("v0=", TIMESTAMP), BODY), Err(Refusal::WrongSignature));
        for spelling in ["-9223372036854775808", "+1531420618", "01531420618", "", "now", "1531420618 "] {
            assert_eq!(verified(&headers(SIGNATURE, spelling), BODY), Err(Refusal::NoTime), "{spelling}");
        }
        assert_eq!(
            Signature::new(&"another".into()).verified(&headers(SIGNATURE, TIMESTAMP), BODY),
            Err(Refusal::WrongSignature)
        );
        assert_eq!(verified(&headers(SIGNATURE, TIMESTAMP), b"\xff\xfe"), Err(Refusal::NotText));
        assert_eq!(verified(&HeaderMap::new(), BODY), Err(Refusal::Unsigned));
    }

    #[test]
    fn an_empty_secret_lets_nobody_in() {
        let signature = Signature::new(&"".into());
        assert_eq!(signature.verified(&headers(SIGNATURE, TIMESTAMP), BODY), Err(Refusal::NoSecret));
    }
}
