//! People whom Entra ID deleted and can restore for a while.

use serde::Deserialize;

use super::Entra;
use super::graph::{List, literal};
use super::moments::moment;
use crate::diagnosis::facts::Gap;
use crate::diagnosis::facts::idp::{DeletedPerson, IdpUserId};
use crate::sources::http::Call;

/// The permission is that of reading people (Microsoft Graph, "List deletedItems", application permissions).
const DELETED: Call = Call::reading("graph:directory/deletedItems/users", "User.Read.All");

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DeletedUser {
    id: Option<String>,
    mail: Option<String>,
    user_principal_name: Option<String>,
    deleted_date_time: Option<String>,
}

impl Entra {
    /// The person with one of these object ids, else with one of these addresses, who was deleted last. One whose user
    /// principal name alone is known is not found: the deleted have another.
    ///
    /// # Errors
    /// As every call.
    pub async fn deleted_person(
        &self,
        ids: &[String],
        addresses: &[String],
    ) -> Result<Option<DeletedPerson>, Gap> {
        let by_id = ids.iter().map(|id| format!("id eq {}", literal(id)));
        let by_address = addresses.iter().map(|address| format!("mail eq {}", literal(address)));
        let filter = by_id.chain(by_address).collect::<Vec<_>>().join(" or ");
        let select = "id,mail,userPrincipalName,deletedDateTime";
        let path = ["directory", "deletedItems", "microsoft.graph.user"];
        let url = self.graph.url(&path, &[("$filter", &filter), ("$select", select)]);
        let found: Vec<DeletedUser> = self.graph.pages(List::plain(DELETED, url)).all().await?;
        let is_one_of = |known: &[String], value: Option<&String>| {
            value.is_some_and(|value| known.iter().any(|one| one.eq_ignore_ascii_case(value)))
        };
        let mut deleted: Vec<(bool, DeletedPerson)> = found
            .into_iter()
            .filter_map(|user| {
                let has_id = is_one_of(ids, user.id.as_ref());
                // The filter is applied here as well, since not every server honours it.
                let is_it = has_id || is_one_of(addresses, user.mail.as_ref());
                is_it.then(|| person(user)).flatten().map(|person| (has_id, person))
            })
            .collect();
        deleted.sort_by_key(|(has_id, person)| (*has_id, person.at));
        Ok(deleted.pop().map(|(_, person)| person))
    }
}

fn person(user: DeletedUser) -> Option<DeletedPerson> {
    let (id, at) = (user.id?, moment(user.deleted_date_time.as_deref())?);
    let user_name = as_before(&id, &user.user_principal_name.unwrap_or_default());
    Some(DeletedPerson { id: IdpUserId(id), user_name, at })
}

/// The user principal name without the object id that deletion puts before it, with dashes or without. Source:
/// Microsoft Entra PowerShell, `Get-EntraDeletedUser`, example 1.
fn as_before(id: &str, name: &str) -> String {
    let without_dashes = id.replace('-', "");
    [id, &without_dashes].into_iter().find_map(|id| name.strip_prefix(id)).unwrap_or(name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_object_id_before_the_name_of_somebody_deleted_is_no_part_of_it() {
        let id = "5f0c2b1e-0000-4000-8000-000000000001";
        for written in [
            "5f0c2b1e-0000-4000-8000-000000000001dana@example.com",
            "5f0c2b1e000040008000000000000001dana@example.com",
            "dana@example.com",
        ] {
            assert_eq!(as_before(id, written), "dana@example.com");
        }
    }
}
