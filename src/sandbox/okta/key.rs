//! The key pair with which the bot signs in to the company's Okta (`private_key_jwt`).
//!
//! It is made when it is first asked for and lives as long as the program. Anybody may have its private half: it
//! protects a simulated company.

use std::sync::LazyLock;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;

/// Okta's own recommendation for keys that it makes ("Generate the JWK": RSA, 2048 bits).
const SIZE: KeySize = KeySize::Rsa2048;

static KEYS: LazyLock<Option<Keys>> = LazyLock::new(Keys::make);

struct Keys {
    private_pem: String,
    /// An RSAPublicKey of PKCS #1.
    public_der: Vec<u8>,
}

/// The private key, as PEM of PKCS #8: what belongs into `OKTA_CLIENT_PRIVATEKEY`. `None` where this machine
/// cannot make keys.
pub fn private_key_pem() -> Option<&'static str> {
    KEYS.as_ref().map(|keys| keys.private_pem.as_str())
}

/// The public key, as PKCS #1 in DER.
pub(super) fn public_key_der() -> Option<&'static [u8]> {
    KEYS.as_ref().map(|keys| keys.public_der.as_slice())
}

impl Keys {
    fn make() -> Option<Self> {
        let pair = KeyPair::generate(SIZE).ok()?;
        let private: Pkcs8V1Der<'_> = pair.as_der().ok()?;
        let private_pem = pem::encode(&pem::Pem::new("PRIVATE KEY", private.as_ref()));
        Some(Self { private_pem, public_der: pair.public_key().as_ref().to_vec() })
    }
}
