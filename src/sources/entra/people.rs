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
    #[serde(default)]
    other_mails: Vec<String>,
    #[serde(default)]
    proxy_addresses: Vec<String>,
    created_date_time: Option<String>,
}

impl Entra {
    /// The people with this user principal name or e-mail address: whoever has the name, then whoever has the
    /// address, enabled ones first; where nobody has either, whoever has it as a further address. A guest's name is made
    /// up by Entra, so guests are found by address.
    ///
    /// # Errors
    /// As every call, and forbidden where Graph does not show whether the account is enabled.
    pub async fn people(&self, subject: &str) -> Result<Vec<IdpPerson>, Gap> {
        let subject = subject.trim();
        let same = literal(subject);
        let mut found = self.users(&format!("userPrincipalName eq {same} or mail eq {same}")).await?;
        let is_subject = |name: Option<&String>| name.is_some_and(|name| same_name(name, subject));
        let has_name = |user: &User| is_subject(user.user_principal_name.as_ref());
        // The filter is applied here as well, since not every server honours it.
        found.retain(|user| has_name(user) || is_subject(user.mail.as_ref()));
        if found.is_empty() {
            found = self.users_with_alias(subject).await?;
        }
        found.sort_by_key(|user| (!has_name(user), user.account_enabled != Some(true)));
        found.into_iter().map(person).collect()
    }

    /// Those who have the address beside their own. Source: Microsoft Graph, `user`: `otherMails`, and `proxyAddresses`,
    /// whose entries begin with the protocol.
    async fn users_with_alias(&self, address: &str) -> Result<Vec<User>, Gap> {
        if !address.contains('@') {
            return Ok(Vec::new());
        }
        let (mail, proxy) = (literal(address), literal(&format!("smtp:{address}")));
        let filter = format!("otherMails/any(a:a eq {mail}) or proxyAddresses/any(a:a eq {proxy})");
        let mut found = self.users(&filter).await?;
        let is_it = |entry: &String| {
            let entry = entry.split_once(':').map_or(entry.as_str(), |(_, address)| address);
            same_name(entry, address)
        };
        found.retain(|user| user.other_mails.iter().chain(&user.proxy_addresses).any(is_it));
        Ok(found)
    }

    /// The person of this object id; nothing where nobody has it.
    ///
    /// # Errors
    /// As [`people`](Self::people).
    pub async fn person_of_id(&self, id: &str) -> Result<Option<IdpPerson>, Gap> {
        let found = self.users(&format!("id eq {}", literal(id))).await?;
        let has_id = |user: &User| user.id.as_deref().is_some_and(|its| its.eq_ignore_ascii_case(id));
        found.into_iter().find(has_id).map(person).transpose()
    }

    async fn users(&self, filter: &str) -> Result<Vec<User>, Gap> {
        let select = "id,displayName,givenName,surname,mail,userPrincipalName,accountEnabled,userType,createdDateTime,otherMails,proxyAddresses";
        let url = self.graph.url(&["users"], &[("$filter", filter), ("$select", select)]);
        Ok(self.graph.pages(List::plain(USERS, url)).all().await?)
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
