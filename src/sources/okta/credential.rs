//! What the client shows to Okta: an API token, or an OAuth access token that it gets with its private key
//! (`client_credentials` with `private_key_jwt`). Source: Okta, "Client authentication methods" and
//! "OpenID Connect & OAuth 2.0 API", `/oauth2/v1/token`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use backon::{ExponentialBuilder, Retryable as _};
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use reqwest::header::{ACCEPT, HeaderValue};
use reqwest::{Method, StatusCode};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use url::Url;

use super::{Okta, under};
use crate::diagnosis::facts::{Gap, GapKind};
use crate::sources::Clock;
use crate::sources::http::{Call, Failure, Http, NoClient};

/// Not repeated by itself: Okta takes an assertion only once, so that a second try needs a new one.
const TOKEN: Call = Call::changing("okta:token", "");

/// As gaps name the request for a token.
pub(super) const OPERATION: &str = TOKEN.operation;

/// The token endpoint's code where the app was not granted a scope that it asks for.
pub(super) const NO_SCOPE: &str = "invalid_scope";

/// What every question needs.
const READING: &str = "okta.users.read okta.groups.read okta.apps.read okta.logs.read";

/// What pushing a group again needs beside that.
const PUSHING: &str = "okta.apps.manage okta.groups.manage";

/// How long an assertion holds, in seconds: Okta allows an hour, and it is used at once. Five minutes leave
/// room for clocks that differ.
const ASSERTION_HOLDS: i64 = 300;

/// How long an access token holds where Okta does not say, in seconds: Okta's fixed hour.
const TOKEN_HOLDS: i64 = 3600;

/// How long before its end a token is no longer used, in seconds: a call with all its attempts is shorter.
const MARGIN: i64 = 60;

/// Tries after the first for a token: two attempts take no longer than any other call.
const TRIES_AGAIN: usize = 1;

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Whether access tokens are for reading only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scopes {
    Reading,
    /// Groups can be pushed again as well.
    ReadingAndPushing,
    /// Just this one, to see whether it is granted.
    Alone(&'static str),
}

impl Scopes {
    fn asked_for(self) -> String {
        match self {
            Self::Reading => READING.to_owned(),
            Self::ReadingAndPushing => format!("{READING} {PUSHING}"),
            Self::Alone(scope) => scope.to_owned(),
        }
    }
}

/// How the client shows who it is.
#[derive(Clone)]
pub struct Credential(Kind);

#[derive(Clone)]
enum Kind {
    ApiToken(SecretString),
    PrivateKey(Arc<PrivateKey>),
}

struct PrivateKey {
    client_id: String,
    key: EncodingKey,
    algorithm: Algorithm,
    scopes: Scopes,
    clock: Clock,
    held: Mutex<Held>,
    /// How often a token was asked for, to an end.
    asked: AtomicU64,
}

/// What the last asking brought.
#[derive(Default)]
struct Held {
    token: Option<Token>,
    gap: Option<Gap>,
}

#[derive(Clone)]
struct Token {
    header: HeaderValue,
    /// Tells it from later ones.
    serial: u64,
    until: Timestamp,
}

/// What one call is authorized with.
pub(super) struct Authorization {
    header: HeaderValue,
    /// The access token's; an API token has none, as there is no other.
    serial: Option<u64>,
}

impl Authorization {
    pub(super) fn header(&self) -> HeaderValue {
        self.header.clone()
    }

    pub(super) fn is_renewable(&self) -> bool {
        self.serial.is_some()
    }
}

impl Credential {
    /// An API token (`SSWS`).
    pub fn api_token(token: SecretString) -> Self {
        Self(Kind::ApiToken(token))
    }

    /// The private key of a service app, as PEM: RSA (PKCS #8 or PKCS #1) or EC (PKCS #8, P-256 or P-384).
    /// Line breaks may be written as `\n`, as environment files do.
    ///
    /// # Errors
    /// Where that is no such key; the sentence does not show it.
    pub fn private_key(
        client_id: String,
        pem: &SecretString,
        scopes: Scopes,
        clock: Clock,
    ) -> Result<Self, NoClient> {
        let pem = pem.expose_secret().replace("\\n", "\n");
        let (algorithm, key) =
            signing_key(pem.trim()).ok_or_else(|| NoClient::Credential(NO_KEY.to_owned()))?;
        let held = Mutex::default();
        let asked = AtomicU64::new(0);
        let key = PrivateKey { client_id, key, algorithm, scopes, clock, held, asked };
        Ok(Self(Kind::PrivateKey(Arc::new(key))))
    }

    /// The same, with tokens of this scope alone.
    pub(super) fn with_scope_alone(&self, scope: &'static str) -> Self {
        match &self.0 {
            Kind::ApiToken(token) => Self(Kind::ApiToken(token.clone())),
            Kind::PrivateKey(key) => Self(Kind::PrivateKey(Arc::new(PrivateKey {
                client_id: key.client_id.clone(),
                key: key.key.clone(),
                algorithm: key.algorithm,
                scopes: Scopes::Alone(scope),
                clock: key.clock.clone(),
                held: Mutex::default(),
                asked: AtomicU64::new(0),
            }))),
        }
    }

    pub(super) fn is_api_token(&self) -> bool {
        matches!(self.0, Kind::ApiToken(_))
    }

    /// What to authorize a call with: the token held while it is good, else a new one, asked for once by all
    /// who wait. `refused` is one that Okta no longer takes.
    ///
    /// # Errors
    /// A gap of `okta:token` where there is none to be had.
    pub(super) async fn authorization(
        &self,
        okta: &Okta,
        refused: Option<&Authorization>,
    ) -> Result<Authorization, Gap> {
        match &self.0 {
            Kind::ApiToken(token) => {
                let header = secret_header("SSWS", token.expose_secret())
                    .ok_or_else(|| gap(GapKind::Error, "the API token holds what no token can hold"))?;
                Ok(Authorization { header, serial: None })
            }
            Kind::PrivateKey(key) => {
                let refused = refused.and_then(|authorization| authorization.serial);
                let token = key.token(okta, refused).await?;
                Ok(Authorization { header: token.header, serial: Some(token.serial) })
            }
        }
    }
}

const NO_KEY: &str = "the private key is none that Okta's tokens can be signed with: it must be PEM, not \
    encrypted, of RSA, P-256 or P-384 (openssl pkcs8 -topk8 -nocrypt writes the right form)";

/// The key and what it signs with: what signs is a key, whatever its first line says.
fn signing_key(pem: &str) -> Option<(Algorithm, EncodingKey)> {
    let rsa = EncodingKey::from_rsa_pem(pem.as_bytes()).ok().map(|key| (Algorithm::RS256, key));
    let ec = |algorithm| EncodingKey::from_ec_pem(pem.as_bytes()).ok().map(|key| (algorithm, key));
    let candidates = [rsa, ec(Algorithm::ES256), ec(Algorithm::ES384)];
    candidates.into_iter().flatten().find(|(algorithm, key)| {
        jsonwebtoken::encode(&Header::new(*algorithm), &serde_json::json!({}), key).is_ok()
    })
}

impl PrivateKey {
    async fn token(&self, okta: &Okta, refused: Option<u64>) -> Result<Token, Gap> {
        let asked = self.asked.load(Ordering::Acquire);
        let mut held = self.held.lock().await;
        let good = held.token.as_ref().filter(|token| {
            refused.is_none_or(|refused| token.serial != refused) && (self.clock)() < token.until
        });
        if let Some(token) = good {
            return Ok(token.clone());
        }
        // Who waited while somebody asked in vain does not ask again: one that hangs would hang for each.
        if let Some(gap) = held.gap.as_ref().filter(|_| self.asked.load(Ordering::Acquire) != asked) {
            return Err(gap.clone());
        }
        let serial = self.asked.load(Ordering::Acquire).wrapping_add(1);
        let answer = self.ask(okta, serial).await;
        self.asked.store(serial, Ordering::Release);
        *held = Held { token: answer.as_ref().ok().cloned(), gap: answer.as_ref().err().cloned() };
        answer
    }

    async fn ask(&self, okta: &Okta, serial: u64) -> Result<Token, Gap> {
        let url = under(&okta.org_url, &["oauth2", "v1", "token"]);
        let pauses = ExponentialBuilder::default()
            .with_min_delay(okta.patience.first_pause)
            .with_max_times(TRIES_AGAIN)
            .with_jitter();
        let attempt = || async { self.ask_once(&okta.http, &url).await };
        let tried = attempt.retry(pauses).when(Unanswered::is_worth_another_try);
        let answer = tried.await.map_err(|unanswered| self.gap(unanswered))?;

        let header = answer.access_token.and_then(|token| secret_header("Bearer", &token));
        let header = header.ok_or_else(|| gap(GapKind::Error, "the answer lacked what was asked"))?;
        let holds = answer.expires_in.unwrap_or(TOKEN_HOLDS).clamp(0, TOKEN_HOLDS).saturating_sub(MARGIN);
        let until = Timestamp::from_second((self.clock)().as_second().saturating_add(holds));
        let until = until.map_err(|_| gap(GapKind::Error, "this machine's clock is far off"))?;
        Ok(Token { header, serial, until })
    }

    async fn ask_once(&self, http: &Http, url: &Url) -> Result<WireToken, Unanswered> {
        let assertion = self.assertion(url).ok_or(Unanswered::Unsigned)?;
        let scope = self.scopes.asked_for();
        let form = [
            ("grant_type", "client_credentials"),
            ("scope", &scope),
            ("client_assertion_type", ASSERTION_TYPE),
            ("client_assertion", &assertion),
        ];
        let request = http.request(Method::POST, url.clone()).header(ACCEPT, "application/json").form(&form);
        Ok(http.json(TOKEN, request).await.map_err(Unanswered::Failed)?.body)
    }

    fn assertion(&self, url: &Url) -> Option<String> {
        let now = (self.clock)().as_second();
        let claims = Claims {
            iss: &self.client_id,
            sub: &self.client_id,
            aud: url.as_str(),
            iat: now,
            exp: now.saturating_add(ASSERTION_HOLDS),
            jti: format!("{:032x}", rand::random::<u128>()),
        };
        jsonwebtoken::encode(&Header::new(self.algorithm), &claims, &self.key).ok()
    }

    /// What a failure means: a client error of the token endpoint is a refusal of this client.
    fn gap(&self, unanswered: Unanswered) -> Gap {
        let Unanswered::Failed(failure) = unanswered else {
            return gap(GapKind::Error, "the request could not be signed");
        };
        let refused = failure
            .status
            .is_some_and(|status| status.is_client_error() && status != StatusCode::TOO_MANY_REQUESTS);
        let Some(code) = failure.code.filter(|_| refused) else { return failure.gap };
        let what_to_do = match code.as_str() {
            "invalid_dpop_proof" | "use_dpop_nonce" => {
                "DPoP must be switched off for the app: its general settings, \"Require DPoP header in token requests\""
                    .to_owned()
            }
            NO_SCOPE => format!("grant the app {}", self.scopes.asked_for()),
            "invalid_client" => "are the client id and the private key this app's?".to_owned(),
            _ => return gap(GapKind::Forbidden, &code),
        };
        gap(GapKind::Forbidden, &format!("{code}; {what_to_do}"))
    }
}

/// Why there is no token.
enum Unanswered {
    Unsigned,
    Failed(Failure),
}

impl Unanswered {
    /// A server error or a broken connection; one that hung has had its time, and one that is too busy says
    /// so for longer.
    fn is_worth_another_try(&self) -> bool {
        match self {
            Self::Unsigned => false,
            Self::Failed(failure) => match failure.status {
                Some(status) => status.is_server_error(),
                None => failure.gap.kind == GapKind::Error,
            },
        }
    }
}

/// The assertion's claims.
#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    iat: i64,
    exp: i64,
    jti: String,
}

/// The token endpoint's answer.
#[derive(Deserialize)]
struct WireToken {
    access_token: Option<String>,
    expires_in: Option<i64>,
}

fn secret_header(scheme: &str, token: &str) -> Option<HeaderValue> {
    let mut header = HeaderValue::from_str(&format!("{scheme} {token}")).ok()?;
    header.set_sensitive(true);
    Some(header)
}

fn gap(kind: GapKind, detail: &str) -> Gap {
    Gap { kind, operation: TOKEN.operation.to_owned(), detail: detail.to_owned() }
}
