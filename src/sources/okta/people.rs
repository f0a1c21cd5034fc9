//! Okta's users.

use serde::Deserialize;

use super::{Okta, quoted, time};
use crate::diagnosis::facts::Gap;
use crate::diagnosis::facts::idp::{IdpPerson, IdpUserId, RequiredAttribute};
use crate::sources::http::Call;
use crate::sources::incomplete;

const USERS: Call = Call::reading("okta:users", "okta.users.read");

/// A user of a removed account.
const DEPROVISIONED: &str = "DEPROVISIONED";

impl Okta {
    /// `GET /api/v1/users/{login}`, else those with that e-mail address. Somebody who was deactivated comes last, as a
    /// deactivated account frees its address for another one.
    pub async fn people(&self, subject: &str) -> Result<Vec<IdpPerson>, Gap> {
        let by_login = match is_found_by_path(subject) {
            true => self.user(subject).await?.filter(|user| user.has_login(subject)),
            false => None,
        };
        let mut found: Vec<WireUser> = by_login.into_iter().collect();
        if found.iter().all(WireUser::is_deprovisioned) {
            let others = self.users_with(subject).await?;
            let known: Vec<_> = found.iter().map(|user| user.id.clone()).collect();
            found.extend(others.into_iter().filter(|user| !known.contains(&user.id)));
            found.sort_by_key(WireUser::is_deprovisioned);
        }
        found.into_iter().map(|user| user.person().ok_or_else(|| incomplete(USERS.operation))).collect()
    }

    /// `GET /api/v1/users/{id}`; nothing where nobody has that id.
    pub async fn person_of_id(&self, id: &str) -> Result<Option<IdpPerson>, Gap> {
        let found = self.user(id).await?.filter(|user| user.id.as_deref() == Some(id));
        found.map(|user| user.person().ok_or_else(|| incomplete(USERS.operation))).transpose()
    }

    /// `GET /api/v1/users/{id}`, where the id may be a login; nothing where there is nobody.
    pub(super) async fn user(&self, id: &str) -> Result<Option<WireUser>, Gap> {
        self.find(USERS, self.resource(&["users", id])).await
    }

    /// `GET /api/v1/users?search=`, the one with that login first.
    async fn users_with(&self, subject: &str) -> Result<Vec<WireUser>, Gap> {
        let attributes: &[&str] = match is_found_by_path(subject) {
            true => &["profile.email"],
            false => &["profile.login", "profile.email"],
        };
        let subject_quoted = quoted(subject);
        let conditions: Vec<_> =
            attributes.iter().map(|attribute| format!("{attribute} eq {subject_quoted}")).collect();
        let mut url = self.resource(&["users"]);
        url.query_pairs_mut().append_pair("search", &conditions.join(" or "));
        let mut users: Vec<WireUser> = self.list(USERS, url).await?;
        // The search is applied here as well, since not every server honours it.
        users.retain(|user| user.has_login(subject) || user.has_email(subject));
        users.sort_by_key(|user| !user.has_login(subject));
        Ok(users)
    }
}

/// Whether the login can stand in the path: Okta does not find one with a slash there, `me` is whoever
/// calls, and dots alone are another path. Source: Okta Management API, `getUser`.
fn is_found_by_path(login: &str) -> bool {
    !login.contains('/') && !matches!(login, "" | "." | ".." | "me")
}

/// Okta's `User`.
#[derive(Debug, Deserialize)]
pub(super) struct WireUser {
    id: Option<String>,
    status: Option<String>,
    created: Option<String>,
    profile: Option<WireProfile>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireProfile {
    login: Option<String>,
    email: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    display_name: Option<String>,
}

impl WireUser {
    /// The person; nothing where the answer lacks who it is or how they stand.
    pub(super) fn person(self) -> Option<IdpPerson> {
        let profile = self.profile?;
        let status = self.status?;
        let first_name = said(profile.first_name);
        let last_name = said(profile.last_name);
        // Okta's own default, and what its mapping to AWS falls back to.
        let derived = || {
            let names: Vec<_> = first_name.iter().chain(&last_name).map(String::as_str).collect();
            said(Some(names.join(" ")))
        };
        let display_name = said(profile.display_name).or_else(derived);
        let lacks = [
            (first_name.is_none(), RequiredAttribute::FirstName),
            (last_name.is_none(), RequiredAttribute::LastName),
            (display_name.is_none(), RequiredAttribute::DisplayName),
        ];
        Some(IdpPerson {
            id: IdpUserId(self.id?),
            user_name: said(profile.login)?,
            email: said(profile.email),
            enabled: is_enabled(&status),
            status: Some(status),
            created_at: time(self.created.as_deref()),
            lacks: lacks.into_iter().filter_map(|(lacks, attribute)| lacks.then_some(attribute)).collect(),
            display_name,
        })
    }

    fn is_deprovisioned(&self) -> bool {
        self.status.as_deref() == Some(DEPROVISIONED)
    }

    /// Whether this is the user's login, or the part before the `@`, by which Okta finds people as well.
    /// Okta may also find a login by letters without their accents; that is somebody else to us.
    fn has_login(&self, subject: &str) -> bool {
        let Some(login) = self.profile.as_ref().and_then(|profile| profile.login.as_deref()) else {
            return false;
        };
        let short = login.split('@').next().unwrap_or_default();
        [login, short].iter().any(|login| login.to_lowercase() == subject.to_lowercase())
    }

    fn has_email(&self, subject: &str) -> bool {
        let email = self.profile.as_ref().and_then(|profile| profile.email.as_deref());
        email.is_some_and(|email| email.to_lowercase() == subject.to_lowercase())
    }
}

/// Whether Okta provisions somebody of this status to applications. An account is active there from its
/// activation on (`PROVISIONED` waits only for a first password; `PASSWORD_EXPIRED`, `RECOVERY` and
/// `LOCKED_OUT` keep somebody from signing in until they or an admin act, and take nothing away), and no
/// longer once an admin suspended or deactivated it; `STAGED` was never activated. A status that came later
/// is no reason to call somebody disabled. Source: Okta Management API, `UserStatus`.
fn is_enabled(status: &str) -> bool {
    !matches!(status, "STAGED" | "SUSPENDED" | DEPROVISIONED)
}

fn said(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}
