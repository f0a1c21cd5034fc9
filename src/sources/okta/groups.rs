//! Okta's groups and who owns them.

use futures::future::join_all;
use serde::Deserialize;

use super::people::WireUser;
use super::{Okta, quoted, time};
use crate::diagnosis::facts::Gap;
use crate::diagnosis::facts::idp::{
    Filled, GroupTraits, IdpGroup, IdpGroupId, IdpPerson, MembershipRule, Owner,
};
use crate::sources::http::Call;
use crate::sources::incomplete;

const USERS_GROUPS: Call = Call::reading("okta:users/groups", "okta.users.read");
const GROUPS: Call = Call::reading("okta:groups", "okta.groups.read");
const GROUPS_USERS: Call = Call::reading("okta:groups/users", "okta.groups.read");
const RULES: Call = Call::reading("okta:groups/rules", "okta.groups.read");
const OWNERS: Call = Call::reading("okta:groups/owners", "okta.groups.read");

/// Groups a page, as Okta recommends at most (Management API, `listGroups`).
const PAGE: &str = "200";

/// Names that one search asks for, so that its address stays far below what servers take (8,000 characters).
const NAMES_A_SEARCH: usize = 20;

/// Members a page at most (Management API, `listGroupUsers`).
const MEMBERS_PAGE: &str = "1000";

/// In `objectClass`: imported from an Active Directory (Management API, `Group`).
const OF_ACTIVE_DIRECTORY: &str = "okta:windows_security_principal";

/// Rules that are read of an org: one page, Okta's most (Management API, `listGroupRules`). Which rule fills a group is
/// a courtesy, and costs one call.
const RULES_PAGE: &str = "200";

/// Owners whose address is looked up: each costs a call, and nobody writes to more of them.
const OWNERS_LOOKED_UP: usize = 5;

/// Error code of a feature that the org does not have (Okta, "Error codes").
const FEATURE_DISABLED: &str = "E0000015";

impl Okta {
    /// `GET /api/v1/users/{id}/groups`: the groups that the person is in.
    pub async fn groups(&self, person: &IdpPerson) -> Result<Vec<IdpGroup>, Gap> {
        let groups = self.list(USERS_GROUPS, self.resource(&["users", &person.id.0, "groups"])).await?;
        let groups = self.without_copies(groups).await;
        groups.into_iter().map(|group| group.group(USERS_GROUPS)).collect()
    }

    /// `GET /api/v1/groups?search=`: the group of exactly this name, nothing where there is none.
    pub async fn group_by_name(&self, name: &str) -> Result<Option<IdpGroup>, Gap> {
        let mut url = self.resource(&["groups"]);
        url.query_pairs_mut()
            .append_pair("search", &format!("profile.name eq {}", quoted(name)))
            .append_pair("limit", PAGE);
        let mut groups: Vec<WireGroup> = self.list(GROUPS, url).await?;
        // Okta's search does not mind case.
        groups.retain(|group| group.name() == Some(name));
        let groups = self.without_copies(groups).await;
        let group = groups.into_iter().min_by_key(WireGroup::is_of_an_app);
        group.map(|group| group.group(GROUPS)).transpose()
    }

    /// `GET /api/v1/groups?search=`: the groups of exactly these names, those that Okta keeps for applications
    /// included.
    pub async fn groups_named(&self, names: &[&str]) -> Result<NamedGroups, Gap> {
        let mut found: Vec<WireGroup> = Vec::new();
        for some in names.chunks(NAMES_A_SEARCH) {
            let each: Vec<_> = some.iter().map(|name| format!("profile.name eq {}", quoted(name))).collect();
            let mut url = self.resource(&["groups"]);
            url.query_pairs_mut().append_pair("search", &each.join(" or ")).append_pair("limit", PAGE);
            found.extend(self.list::<WireGroup>(GROUPS, url).await?);
        }
        let id_and_name = |group: &WireGroup| Some((group.id.clone()?, group.name()?.to_owned()));
        let all = found.iter().map(|group| id_and_name(group).ok_or_else(|| incomplete(GROUPS.operation)));
        let all = all.map(|one| one.map(|(id, name)| (IdpGroupId(id), name))).collect::<Result<_, _>>()?;
        let mut own = self.without_copies(found).await;
        own.sort_by_key(WireGroup::is_of_an_app);
        let own = own.into_iter().map(|group| group.group(GROUPS)).collect::<Result<_, _>>()?;
        Ok(NamedGroups { all, own })
    }

    /// `GET /api/v1/groups/{id}`: the group, nothing where there is none.
    pub async fn group(&self, id: &IdpGroupId) -> Result<Option<IdpGroup>, Gap> {
        let found: Option<WireGroup> = self.find(GROUPS, self.resource(&["groups", &id.0])).await?;
        found.map(|group| group.group(GROUPS)).transpose()
    }

    /// `GET /api/v1/groups/{id}/users`: the logins of the people in the group.
    ///
    /// # Errors
    /// As every call, and where one of them has no login: the list would lack somebody.
    pub async fn members(&self, group: &IdpGroup) -> Result<Vec<String>, Gap> {
        let mut url = self.resource(&["groups", &group.id.0, "users"]);
        url.query_pairs_mut().append_pair("limit", MEMBERS_PAGE);
        let members: Vec<WireUser> = self.list(GROUPS_USERS, url).await?;
        let people = members.into_iter().map(|user| user.person().map(|person| person.user_name));
        people.map(|login| login.ok_or_else(|| incomplete(GROUPS_USERS.operation))).collect()
    }

    /// `GET /api/v1/groups/{id}/owners`: the people who own the group and their addresses; nobody where the
    /// org has no group owners.
    pub async fn owners(&self, group: &IdpGroup) -> Result<Vec<Owner>, Gap> {
        let owners: Vec<WireOwner> = match self
            .list(OWNERS, self.resource(&["groups", &group.id.0, "owners"]))
            .await
        {
            Ok(owners) => owners,
            Err(refusal) if has_no_owners(refusal.status, refusal.code.as_deref()) => return Ok(Vec::new()),
            Err(refusal) => return Err(refusal.gap),
        };
        let people = owners.into_iter().filter(WireOwner::is_a_person).take(OWNERS_LOOKED_UP);
        let looked_up = join_all(people.map(|owner| self.owner(owner))).await;
        Ok(looked_up.into_iter().flatten().collect())
    }

    /// `GET /api/v1/groups/rules`: the rule that puts people into the group; `None` if none of those that were read
    /// does.
    pub async fn rule_of(&self, group: &IdpGroup) -> Result<Option<MembershipRule>, Gap> {
        let mut url = self.resource(&["groups", "rules"]);
        url.query_pairs_mut().append_pair("limit", RULES_PAGE);
        let rules: Vec<Option<WireRule>> = self.get(RULES, url).await?.body;
        let mut of_the_group = rules.into_iter().flatten().filter(|rule| rule.fills(&group.id));
        Ok(of_the_group.next().map(WireRule::rule))
    }

    /// The owner with their address; nothing where they can no longer act. Whose address cannot be read is
    /// still named.
    async fn owner(&self, owner: WireOwner) -> Option<Owner> {
        let WireOwner { id, display_name, .. } = owner;
        let person = match self.user(&id?).await {
            Ok(user) => user?.person(),
            Err(_unread) => None,
        };
        match person {
            Some(person) if !person.enabled => None,
            Some(person) => {
                let name = display_name.or(person.display_name).unwrap_or(person.user_name);
                Some(Owner { name, email: person.email })
            }
            None => Some(Owner { name: display_name?, email: None }),
        }
    }

    /// Without the application's own groups: what is pushed to AWS stands at Okta a second time, under the
    /// same name, as a group of the application, in which nobody can be added.
    async fn without_copies(&self, mut groups: Vec<WireGroup>) -> Vec<WireGroup> {
        if !groups.iter().any(WireGroup::is_of_an_app) {
            return groups;
        }
        let applications = self.application_ids().await.unwrap_or_default();
        if !applications.is_empty() {
            let is_copy = |source: &str| applications.iter().any(|application| application == source);
            groups.retain(|group| !(group.is_of_an_app() && group.source().is_some_and(is_copy)));
            return groups;
        }
        // Which of them are the application's cannot be told; those with a twin that is not are likely so.
        let own: Vec<_> = groups.iter().filter(|group| !group.is_of_an_app()).collect();
        let own: Vec<_> = own.into_iter().filter_map(|group| group.name().map(str::to_owned)).collect();
        groups.retain(|group| {
            !group.is_of_an_app() || !group.name().is_some_and(|name| own.iter().any(|own| own == name))
        });
        groups
    }
}

fn has_no_owners(status: Option<reqwest::StatusCode>, code: Option<&str>) -> bool {
    status == Some(reqwest::StatusCode::NOT_FOUND) || code == Some(FEATURE_DISABLED)
}

/// The groups of some names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamedGroups {
    /// All of them, by id and name. Okta's search does not mind case.
    pub all: Vec<(IdpGroupId, String)>,
    /// Those that are not the copies which Okta keeps for the application, its own before imported ones.
    pub own: Vec<IdpGroup>,
}

/// Okta's `Group`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireGroup {
    id: Option<String>,
    created: Option<String>,
    last_membership_updated: Option<String>,
    object_class: Option<Vec<String>>,
    #[serde(rename = "type")]
    kind: Option<String>,
    profile: Option<WireGroupProfile>,
    #[serde(rename = "_links")]
    links: Option<WireGroupLinks>,
}

#[derive(Debug, Deserialize)]
struct WireGroupProfile {
    name: Option<String>,
}

#[derive(Debug, Deserialize)]
struct WireGroupLinks {
    source: Option<WireLink>,
}

#[derive(Debug, Deserialize)]
struct WireLink {
    href: Option<String>,
}

impl WireGroup {
    fn group(self, call: Call) -> Result<IdpGroup, Gap> {
        let traits = self.traits();
        let name = self.profile.and_then(|profile| profile.name);
        let group = self.id.zip(name).map(|(id, name)| IdpGroup { traits, ..IdpGroup::new(id, name) });
        group.ok_or_else(|| incomplete(call.operation))
    }

    fn traits(&self) -> GroupTraits {
        let is_of_ad = || self.object_class.iter().flatten().any(|class| class == OF_ACTIVE_DIRECTORY);
        let filled = match self.is_of_an_app() {
            true if is_of_ad() => Filled::FromActiveDirectory,
            true => Filled::FromAnApplication,
            false => Filled::ByHand,
        };
        GroupTraits {
            created_at: time(self.created.as_deref()),
            members_changed_at: time(self.last_membership_updated.as_deref()),
            filled,
        }
    }

    fn name(&self) -> Option<&str> {
        self.profile.as_ref()?.name.as_deref()
    }

    /// Whether an application's import or push made it; `OKTA_GROUP` and `BUILT_IN` are Okta's own.
    fn is_of_an_app(&self) -> bool {
        self.kind.as_deref() == Some("APP_GROUP")
    }

    /// The id of the application that it is of, the end of its `source` link.
    fn source(&self) -> Option<&str> {
        self.links.as_ref()?.source.as_ref()?.href.as_deref()?.rsplit('/').next()
    }
}

/// Okta's `GroupOwner`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireOwner {
    id: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    display_name: Option<String>,
}

impl WireOwner {
    fn is_a_person(&self) -> bool {
        self.kind.as_deref() == Some("USER")
    }
}

/// Okta's `GroupRule`.
#[derive(Debug, Deserialize)]
struct WireRule {
    name: Option<String>,
    status: Option<String>,
    conditions: Option<WireConditions>,
    actions: Option<WireActions>,
}

#[derive(Debug, Deserialize)]
struct WireConditions {
    expression: Option<WireExpression>,
}

#[derive(Debug, Deserialize)]
struct WireExpression {
    value: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireActions {
    assign_user_to_groups: Option<WireGroupAssignment>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireGroupAssignment {
    group_ids: Option<Vec<String>>,
}

impl WireRule {
    fn fills(&self, group: &IdpGroupId) -> bool {
        let assigned = self.actions.as_ref().and_then(|actions| actions.assign_user_to_groups.as_ref());
        assigned.and_then(|assigned| assigned.group_ids.as_ref()).is_some_and(|ids| ids.contains(&group.0))
    }

    fn rule(self) -> MembershipRule {
        MembershipRule {
            name: self.name,
            text: self.conditions.and_then(|conditions| conditions.expression?.value),
            is_paused: self.status.as_deref().is_some_and(|status| status != "ACTIVE"),
        }
    }
}
