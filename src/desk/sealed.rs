//! Response URLs, sealed: whoever reads the store cannot write in anybody's conversation.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};

use crate::slack::inbound::ResponseUrl;

/// What the key is for, so that the secret itself is never used as one.
const PURPOSE: &[u8] = b"sso-why response URLs";

/// A response URL that only a bot with the same secret can read: the nonce and the sealed text, in hex.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sealed(String);

/// Seals and opens. Replicas have one secret (the signing secret or, in Socket Mode, the app token) and so read each other's.
pub(super) struct Seal(Option<LessSafeKey>);

impl Seal {
    pub(super) fn new(secret: &SecretString) -> Self {
        let secret = secret.expose_secret().as_bytes();
        let key = Salt::new(HKDF_SHA256, &[])
            .extract(secret)
            .expand(&[PURPOSE], &AES_256_GCM)
            .map(UnboundKey::from)
            .map(LessSafeKey::new);
        Self(key.ok())
    }

    /// Nothing where it cannot be sealed; the answer then goes directly.
    pub(super) fn close(&self, url: &ResponseUrl) -> Option<Sealed> {
        let nonce: [u8; NONCE_LEN] = rand::random();
        let mut text = url.reveal().as_bytes().to_vec();
        let key = self.0.as_ref()?;
        let sealing =
            key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(PURPOSE), &mut text);
        sealing.ok()?;
        Some(Sealed(hex::encode(nonce) + &hex::encode(text)))
    }

    /// Nothing where another secret sealed it, or somebody changed it.
    pub(super) fn open(&self, sealed: &Sealed) -> Option<ResponseUrl> {
        let mut bytes = hex::decode(&sealed.0).ok()?;
        if bytes.len() < NONCE_LEN {
            return None;
        }
        let mut text = bytes.split_off(NONCE_LEN);
        let nonce = Nonce::try_assume_unique_for_key(&bytes).ok()?;
        let opened = self.0.as_ref()?.open_in_place(nonce, Aad::from(PURPOSE), &mut text).ok()?;
        String::from_utf8(opened.to_vec()).ok().map(ResponseUrl::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_tells_nothing_and_opens_with_the_same_secret_alone() {
        let seal = Seal::new(&"one secret".into());
        let url = ResponseUrl::new("https://hooks.slack.com/commands/T0/1/abc".to_owned());
        let sealed = seal.close(&url).expect("is sealed");
        assert!(!sealed.0.contains("hooks") && !sealed.0.contains(&hex::encode("hooks")));
        assert_ne!(seal.close(&url), Some(sealed.clone()), "the same URL twice does not show");
        assert_eq!(Seal::new(&"one secret".into()).open(&sealed), Some(url));
        assert_eq!(Seal::new(&"another".into()).open(&sealed), None);
        let mut changed = sealed.0.into_bytes();
        changed[30] = if changed[30] == b'0' { b'1' } else { b'0' };
        let changed = Sealed(String::from_utf8(changed).expect("hex"));
        assert_eq!(seal.open(&changed), None);
    }
}
