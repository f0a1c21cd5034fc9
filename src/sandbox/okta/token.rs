//! `POST /oauth2/v1/token`: access tokens for a client that signs in with its private key.
//!
//! As Okta does it ("Client authentication methods", `private_key_jwt`): the assertion's issuer and subject are
//! the client, its audience is the endpoint that was called, it ends within an hour and serves once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use serde_json::json;

use super::answer::Answer;
use super::call::Call;
use super::key;
use super::refusal::Refusal;
use crate::sandbox::company::ids;
use crate::sandbox::rights::Rights;

pub(super) const OPERATION: &str = "okta:token";

/// The lifetime of an access token of the organization's authorization server, which nobody can change.
const LIFETIME: SignedDuration = SignedDuration::from_secs(3600);
/// How far away the end of an assertion may be.
const LONGEST_ASSERTION: SignedDuration = SignedDuration::from_secs(3600);
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// The scopes that an administrator granted to the bot.
const GRANTED: [&str; 6] = [
    "okta.users.read",
    "okta.groups.read",
    "okta.apps.read",
    "okta.logs.read",
    "okta.apps.manage",
    "okta.groups.manage",
];

/// The access tokens that were given.
#[derive(Default)]
pub(super) struct AccessTokens(Mutex<Given>);

#[derive(Default)]
struct Given {
    /// Scopes and end, by token.
    tokens: BTreeMap<String, (Vec<String>, Timestamp)>,
    /// The `jti` of every assertion that was taken.
    used: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Claims {
    iss: Option<String>,
    sub: Option<String>,
    aud: Option<Audience>,
    /// Seconds since 1970.
    exp: Option<f64>,
    jti: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl AccessTokens {
    pub(super) fn grant(&self, call: &Call, client_id: &str, rights: &Rights) -> Result<Answer, Refusal> {
        let form: BTreeMap<String, String> = url::form_urlencoded::parse(call.body).into_owned().collect();
        let field = |name: &str| form.get(name).map(String::as_str);
        if field("grant_type") != Some("client_credentials") {
            let description = "The grant type in the request isn't supported.";
            return Err(Refusal::bad_token_request("unsupported_grant_type", description));
        }
        let Some(assertion) = field("client_assertion") else {
            return Err(Refusal::invalid_client("No client credentials found"));
        };
        if field("client_assertion_type") != Some(JWT_BEARER) {
            return Err(Refusal::invalid_client("The client_assertion_type is not jwt-bearer."));
        }
        let claims = signed_claims(assertion)?;
        claims.check(client_id, &format!("{}{}", call.origin, call.path), call.now)?;
        let scopes = scopes_of_request(field("scope").unwrap_or_default(), rights)?;
        self.give(claims.jti, scopes, call.now)
    }

    /// The scopes of the token, while it lives.
    pub(super) fn scopes_of(&self, token: &str, now: Timestamp) -> Option<Vec<String>> {
        let given = self.lock();
        let (scopes, ends) = given.tokens.get(token)?;
        (now < *ends).then(|| scopes.clone())
    }

    fn give(&self, jti: Option<String>, scopes: Vec<String>, now: Timestamp) -> Result<Answer, Refusal> {
        let mut given = self.lock();
        if let Some(jti) = jti
            && !given.used.insert(jti)
        {
            return Err(Refusal::invalid_client("The client_assertion token has already been used."));
        }
        let token = ids::hash("okta access token", &given.tokens.len().to_string());
        let body = json!({
            "token_type": "Bearer",
            "expires_in": LIFETIME.as_secs(),
            "access_token": token,
            "scope": scopes.join(" "),
        });
        given.tokens.insert(token, (scopes, later(now, LIFETIME)));
        Ok(Answer::ok(body))
    }

    fn lock(&self) -> MutexGuard<'_, Given> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Claims {
    fn check(&self, client_id: &str, endpoint: &str, now: Timestamp) -> Result<(), Refusal> {
        if self.iss.as_deref() != Some(client_id) || self.sub.as_deref() != Some(client_id) {
            let description = "The issuer and the subject of client_assertion must be the client_id.";
            return Err(Refusal::invalid_client(description));
        }
        let is_for_endpoint = match &self.aud {
            Some(Audience::One(audience)) => audience == endpoint,
            Some(Audience::Several(audiences)) => audiences.iter().any(|audience| audience == endpoint),
            None => false,
        };
        if !is_for_endpoint {
            let description =
                "The audience claim for client_assertion must be the endpoint invoked for the request.";
            return Err(Refusal::invalid_client(description));
        }
        let Some(ends) = self.exp.and_then(moment) else {
            return Err(Refusal::invalid_client("The client_assertion token has no expiration."));
        };
        if ends <= now {
            return Err(Refusal::invalid_client("The client_assertion token is expired."));
        }
        if ends > later(now, LONGEST_ASSERTION) {
            let description = "The client_assertion token has an expiration too far into the future.";
            return Err(Refusal::invalid_client(description));
        }
        Ok(())
    }
}

/// The claims, if the bot's key signed them. Times are checked by the company's clock, not by the machine's.
fn signed_claims(assertion: &str) -> Result<Claims, Refusal> {
    let key = key::public_key_der().ok_or_else(Refusal::internal)?;
    let mut validation = Validation::new(Algorithm::RS256);
    validation.algorithms = vec![Algorithm::RS256, Algorithm::RS384, Algorithm::RS512];
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    let decoded = jsonwebtoken::decode::<Claims>(assertion, &DecodingKey::from_rsa_der(key), &validation);
    let decoded = decoded.map_err(|_| Refusal::invalid_client("The client_assertion signature is invalid."));
    Ok(decoded?.claims)
}

fn scopes_of_request(text: &str, rights: &Rights) -> Result<Vec<String>, Refusal> {
    let mut scopes: Vec<String> = Vec::new();
    for scope in text.split_ascii_whitespace() {
        if !GRANTED.contains(&scope) || !rights.has(scope) {
            let description = format!("The client has no grant for the scope {scope}.");
            return Err(Refusal::bad_token_request("invalid_scope", &description));
        }
        if !scopes.iter().any(|held| held == scope) {
            scopes.push(scope.to_owned());
        }
    }
    if scopes.is_empty() {
        return Err(Refusal::bad_token_request("invalid_scope", "No scopes were requested."));
    }
    Ok(scopes)
}

fn moment(seconds: f64) -> Option<Timestamp> {
    let since_1970 = SignedDuration::try_from_secs_f64(seconds).ok()?;
    Timestamp::from_duration(since_1970).ok()
}

fn later(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.checked_add(by).unwrap_or(Timestamp::MAX)
}
