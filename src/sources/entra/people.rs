//! People of Entra ID, guests included.

use serde::Deserialize;

use super::Entra;
use super::graph::{List, literal};
use super::moments::moment;
use crate::diagnosis::facts::idp::{IdpPerson, IdpUserId, RequiredAttribute};
use crate::diagnosis::facts::{Gap, GapKind};
use crate::sources::http::Call;
use crate::sources::incomplete;

const USERS: Call = Call::reading("graph:users", "User.Read.All");

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct User {
    id: Option<String>,
    display_name: Option<String>,
    given_name: Option<String>,
    surname: Option<String>,
    mail: Option<String>,
    user_principal_name: Option<String>,
    account_enabled: Option<bool>,
    created_date_time: Option<String>,
}

impl Entra {
    /// The person by user principal name or e-mail address: whoever has the name, else whoever has the
    /// address, enabled ones first. A guest's name is made up by Entra, so guests are found by address.
    ///
    /// # Errors
    /// As every call, and forbidden where Graph does not show whether the account is enabled.
    pub async fn person(&self, subject: &str) -> Result<Option<IdpPerson>, Gap> {
        let subject = subject.trim();
        let same = literal(subject);
        let filter = format!("userPrincipalName eq {same} or mail eq {same}");
        let select =
            "id,displayName,givenName,surname,mail,userPrincipalName,accountEnabled,userType,createdDateTime";
        let url = self.graph.url(&["users"], &[("$filter", &filter), ("$select", select)]);
        let found: Vec<User> = self.graph.pages(List::plain(USERS, url)).all().await?;

        let is_subject = |name: Option<&String>| name.is_some_and(|name| same_name(name, subject));
        let has_name = |user: &User| is_subject(user.user_principal_name.as_ref());
        let candidates = found.into_iter().filter(|user| has_name(user) || is_subject(user.mail.as_ref()));
        candidates
            .min_by_key(|user| (!has_name(user), user.account_enabled != Some(true)))
            .map(person)
            .transpose()
    }
}

/// As Graph compares names: without regard to case.
fn same_name(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

fn person(user: User) -> Result<IdpPerson, Gap> {
    let id = user.id.ok_or_else(|| incomplete(USERS.operation))?;
    // Without the permission the other properties are there and this one is null.
    let enabled = user.account_enabled.ok_or_else(|| Gap {
        kind: GapKind::Forbidden,
        operation: USERS.operation.to_owned(),
        detail: format!("accountEnabled is not shown; it needs {}", USERS.needs),
    })?;
    let filled = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    let display_name = filled(user.display_name);
    let required = [
        (RequiredAttribute::FirstName, filled(user.given_name).is_some()),
        (RequiredAttribute::LastName, filled(user.surname).is_some()),
        (RequiredAttribute::DisplayName, display_name.is_some()),
    ];
    Ok(IdpPerson {
        id: IdpUserId(id),
        user_name: user.user_principal_name.unwrap_or_default(),
        display_name,
        email: filled(user.mail),
        enabled,
        status: None,
        created_at: moment(user.created_date_time.as_deref()),
        lacks: required.into_iter().filter(|(_, has)| !has).map(|(attribute, _)| attribute).collect(),
    })
}
