//! Groups of Entra ID: who is in them, how they nest, and who owns them.

use serde::Deserialize;

use super::Entra;
use super::graph::{List, PAGE, literal};
use super::group_record::{Group, SELECT};
use crate::diagnosis::facts::Gap;
use crate::diagnosis::facts::idp::{IdpGroup, IdpGroupId, IdpPerson, Owner};
use crate::sources::http::Call;
use crate::sources::incomplete;

/// What [`Entra::inner_group`] reads of an outer group: 3 pages, almost 3,000 members. The name of the inner
/// group is a courtesy, and no more of the limit that all questions share is spent on it.
const PAGES_OF_MEMBERS: usize = 3;

/// The type of a group among directory objects.
const GROUP: &str = "#microsoft.graph.group";

/// The type of a person among directory objects.
const USER: &str = "#microsoft.graph.user";

const GROUPS: Call = Call::reading("graph:groups", "GroupMember.Read.All");

/// What a person can be in: a group, a role, an administrative unit.
#[derive(Deserialize)]
struct GroupOrNot {
    #[serde(rename = "@odata.type")]
    kind: Option<String>,
    #[serde(flatten)]
    group: Group,
}

/// What can be a member or an owner: a person, a group, a service principal.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DirectoryObject {
    #[serde(rename = "@odata.type")]
    kind: Option<String>,
    id: Option<String>,
    display_name: Option<String>,
    mail: Option<String>,
    user_principal_name: Option<String>,
}

impl Entra {
    /// The groups that the person is in themselves: of those, Entra provisions.
    ///
    /// Without the cast to groups: that is an advanced query, which reads an index that lags behind, and a
    /// membership that is minutes old is just what matters here.
    ///
    /// # Errors
    /// As every call.
    pub async fn direct_groups(&self, person: &IdpPerson) -> Result<Vec<IdpGroup>, Gap> {
        const CALL: Call = Call::reading("graph:users/memberOf", "GroupMember.Read.All");
        let path = ["users", &person.id.0, "memberOf"];
        let list = List::plain(CALL, self.graph.url(&path, &[("$select", SELECT), ("$top", PAGE)]));
        let objects: Vec<GroupOrNot> = self.graph.pages(list).all().await?;
        // Roles and administrative units are no groups.
        let groups = objects.into_iter().filter(|object| object.kind.as_deref() == Some(GROUP));
        groups.map(|object| object.group.known(CALL)).collect()
    }

    /// All groups that the person is in, through groups inside groups as well.
    ///
    /// # Errors
    /// As every call.
    pub async fn transitive_groups(&self, person: &IdpPerson) -> Result<Vec<IdpGroup>, Gap> {
        const CALL: Call = Call::reading("graph:users/transitiveMemberOf", "GroupMember.Read.All");
        let path = ["users", &person.id.0, "transitiveMemberOf", "microsoft.graph.group"];
        // The cast to groups is an advanced query, which needs the count ("List a user's direct memberships").
        let options = [("$select", SELECT), ("$count", "true"), ("$top", PAGE)];
        let list = List::advanced(CALL, self.graph.url(&path, &options));
        let groups: Vec<Group> = self.graph.pages(list).all().await?;
        groups.into_iter().map(|group| group.known(CALL)).collect()
    }

    /// The group by its object id; nothing where there is none.
    ///
    /// # Errors
    /// As every call.
    pub async fn group_by_id(&self, id: &IdpGroupId) -> Result<Option<IdpGroup>, Gap> {
        let url = self.graph.url(&["groups", &id.0], &[("$select", SELECT)]);
        match self.graph.object::<Group>(GROUPS, url).await {
            Ok(group) => group.known(GROUPS).map(Some),
            Err(failure) if failure.status == Some(reqwest::StatusCode::NOT_FOUND) => Ok(None),
            Err(failure) => Err(failure.into()),
        }
    }

    /// The group by its name, letter by letter: Graph disregards case, and a name that is merely near is no
    /// identity. Where several have it, the one with the lowest id, so that it is always the same one.
    ///
    /// # Errors
    /// As every call.
    pub async fn group_by_name(&self, name: &str) -> Result<Option<IdpGroup>, Gap> {
        let filter = format!("displayName eq {}", literal(name));
        let url = self.graph.url(&["groups"], &[("$filter", &filter), ("$select", SELECT)]);
        let found: Vec<Group> = self.graph.pages(List::plain(GROUPS, url)).all().await?;
        let of_this_name = found.into_iter().filter(|group| group.display_name.as_deref() == Some(name));
        of_this_name.min_by(|one, other| one.id.cmp(&other.id)).map(|group| group.known(GROUPS)).transpose()
    }

    /// Which of the person's own groups is a member of `outer`; nothing where it was not among the members
    /// that were read.
    ///
    /// # Errors
    /// As every call.
    pub async fn inner_group(
        &self,
        outer: &IdpGroup,
        direct_groups: &[IdpGroup],
    ) -> Result<Option<IdpGroup>, Gap> {
        const CALL: Call = Call::reading("graph:groups/members", "GroupMember.Read.All");
        let path = ["groups", &outer.id.0, "members"];
        let url = self.graph.url(&path, &[("$select", "id"), ("$top", PAGE)]);
        let mut pages = self.graph.pages::<DirectoryObject>(List::plain(CALL, url));
        for _page in 0..PAGES_OF_MEMBERS {
            let Some(members) = pages.next().await? else { break };
            let mut ids = members.iter().filter_map(|member| member.id.as_deref());
            if let Some(inner) = ids.find_map(|id| direct_groups.iter().find(|group| group.id.0 == id)) {
                return Ok(Some(inner.clone()));
            }
        }
        Ok(None)
    }

    /// The user names of the people who are in the group themselves: of those, Entra provisions.
    ///
    /// # Errors
    /// As every call, and where one of them has no user name that we may read: the list would lack somebody.
    pub async fn members(&self, group: &IdpGroup) -> Result<Vec<String>, Gap> {
        const CALL: Call = Call::reading("graph:groups/members", "GroupMember.Read.All and User.Read.All");
        let path = ["groups", &group.id.0, "members"];
        let url = self.graph.url(&path, &[("$select", "id,userPrincipalName"), ("$top", PAGE)]);
        let members: Vec<DirectoryObject> = self.graph.pages(List::long(CALL, url)).all().await?;
        let people = members.into_iter().filter(|member| member.kind.as_deref() == Some(USER));
        people.map(|person| person.user_principal_name.ok_or_else(|| incomplete(CALL.operation))).collect()
    }

    /// The people who may add somebody to the group. An app that owns it is nobody to ask.
    ///
    /// # Errors
    /// As every call.
    pub async fn owners(&self, group: &IdpGroup) -> Result<Vec<Owner>, Gap> {
        const CALL: Call = Call::reading("graph:groups/owners", "GroupMember.Read.All and User.Read.All");
        let path = ["groups", &group.id.0, "owners"];
        let url = self.graph.url(&path, &[("$select", "displayName,mail,userPrincipalName")]);
        let owners: Vec<DirectoryObject> = self.graph.pages(List::plain(CALL, url)).all().await?;
        Ok(owners.into_iter().filter_map(owner).collect())
    }
}

/// Nothing where no name is shown: that is an app, or somebody whom we may not read.
fn owner(object: DirectoryObject) -> Option<Owner> {
    if object.kind.is_some_and(|kind| !kind.ends_with(".user")) {
        return None;
    }
    let filled = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    let user_name = filled(object.user_principal_name);
    let name = filled(object.display_name).or_else(|| user_name.clone())?;
    // A guest's user name looks like an address and is none.
    let address = user_name.filter(|name| name.contains('@') && !name.contains("#EXT#"));
    Some(Owner { name, email: filled(object.mail).or(address) })
}
