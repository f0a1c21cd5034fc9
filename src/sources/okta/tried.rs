//! What the app is allowed at Okta: each scope tried with a token of that scope alone, by a call that reads one
//! entry at most. With an API token, which has no scopes, the call alone is tried.

use jiff::{SignedDuration, Timestamp};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{NOT_FOUND, Okta, Refusal, credential};
use crate::checkup::{Denial, DenialKind, Tried};
use crate::diagnosis::facts::GapKind;
use crate::diagnosis::facts::idp::Application;
use crate::sources::http::Call;
use crate::sources::unsendable;

/// The id of a mapping that no application has.
const NO_MAPPING: &str = "gPm00000000000000000";

impl Okta {
    /// The request for a token, as the check of everything else would fail by it.
    pub const TOKEN: &str = credential::OPERATION;

    /// The same org, asked with tokens of this scope alone. An API token is what it is.
    pub fn with_scope_alone(&self, scope: &'static str) -> Self {
        Self { credential: self.credential.with_scope_alone(scope), ..self.clone() }
    }

    /// Whether it signs in with an API token, which has no scopes.
    pub fn has_api_token(&self) -> bool {
        self.credential.is_api_token()
    }

    /// One of the scopes that read.
    pub async fn try_reading(&self, scope: &'static str, now: Timestamp) -> Tried {
        let (operation, path) = match scope {
            "okta.users.read" => ("okta:users", "users"),
            "okta.groups.read" => ("okta:groups", "groups"),
            "okta.apps.read" => ("okta:apps", "apps"),
            "okta.logs.read" => ("okta:logs", "logs"),
            _ => return Tried::Unread(unsendable(scope)),
        };
        let mut url = self.resource(&[path]);
        url.query_pairs_mut().append_pair("limit", "1");
        if path == "logs" {
            let since = now.saturating_sub(SignedDuration::from_mins(1)).unwrap_or(now);
            url.query_pairs_mut()
                .append_pair("since", &format!("{since:.3}"))
                .append_pair("until", &format!("{now:.3}"));
        }
        let asked = self.with_scope_alone(scope);
        match asked.get::<Value>(Call::reading(operation, scope), url).await {
            Ok(_) => Tried::Allowed,
            Err(refusal) => came_of(refusal, asked.has_api_token()),
        }
    }

    /// One of the scopes that push. Of a key only the token is asked for; with an API token a mapping is switched
    /// on that there is not.
    pub async fn try_pushing(&self, scope: &'static str, application: &Application) -> Tried {
        const CALL: Call =
            Call::changing("okta:apps/group-push/mappings", "the right to manage applications");
        let asked = self.with_scope_alone(scope);
        if !asked.has_api_token() {
            return match asked.credential.authorization(&asked, None).await {
                Ok(_) => Tried::Allowed,
                Err(gap) => came_of(gap.into(), false),
            };
        }
        let url = asked.resource(&["apps", &application.id, "group-push", "mappings", NO_MAPPING]);
        let request = asked.http.request(Method::PATCH, url).json(&json!({"status": "ACTIVE"}));
        match asked.send::<Value>(CALL, request).await {
            Ok(_) => Tried::Allowed,
            Err(refusal) if refusal.code.as_deref() == Some(NOT_FOUND) => Tried::Allowed,
            Err(refusal) => came_of(refusal, true),
        }
    }
}

fn came_of(refusal: Refusal, with_api_token: bool) -> Tried {
    let Refusal { gap, status, code } = refusal;
    let denied = |code: &str, kind| Tried::Denied(Denial { code: code.to_owned(), kind });
    if gap.operation == credential::OPERATION {
        return match gap.kind {
            GapKind::Forbidden if gap.detail.starts_with(credential::NO_SCOPE) => {
                denied(credential::NO_SCOPE, DenialKind::Right)
            }
            GapKind::Forbidden => Tried::NotTaken(gap.detail),
            _ => Tried::Unread(gap),
        };
    }
    let said = code.unwrap_or_else(|| gap.detail.clone());
    match status {
        Some(StatusCode::UNAUTHORIZED) => Tried::NotTaken(said),
        Some(StatusCode::FORBIDDEN) if with_api_token => denied(&said, DenialKind::Right),
        // The token has the scope.
        Some(StatusCode::FORBIDDEN) => denied(&said, DenialKind::AdminRole),
        _ => Tried::Unread(gap),
    }
}
