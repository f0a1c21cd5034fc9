//! The AWS side of the simulated company: what the identity store, Identity Center and Organizations hold.
//!
//! Plain tables, as in the consoles. [`change`] is all that can happen to them, [`ids`] makes ids that look
//! real and never change from run to run. Where the scenario connects an [`Idp`], the company holds that too:
//! one lock guards both sides of a sync.

#[cfg(test)]
pub(in crate::sandbox) mod causes_hold;
pub mod change;
mod founding;
pub mod ids;
mod received;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;

use super::idp::{self, Idp};
use super::scenario::{IdpKind, Person, PrincipalKey};
pub use change::Change;

/// The AWS Region of the one Identity Center instance.
pub const REGION: &str = "us-east-1";

/// The tenant's SCIM issuer. `https://scim.aws.com/` is the prefix seen in the field; what follows is opaque.
pub const SCIM_ISSUER: &str = "https://scim.aws.com/9067f0aa11/5f6d1c8e-7b2a-4c39-8d40-2e91b7a6c053";

/// The issuer of the ids that AWS Directory Service gives to what it synchronizes from Active Directory.
pub const DIRECTORY_ISSUER: &str = "arn:aws:ds:us-east-1:909090900000:directory/d-9067f0aa22";

/// The state of the AWS side.
pub struct Company {
    /// `o-…`
    pub organization_id: String,
    pub management_account_id: String,
    pub instance_arn: String,
    pub instance_name: String,
    /// When the instance was enabled.
    pub instance_created_at: Timestamp,
    /// `d-` and ten hexadecimal digits.
    pub identity_store_id: String,
    /// Who gives the users and groups their external ids: SCIM, or AWS Directory Service for Active Directory.
    pub issuer: String,
    /// An instance that a member account made for itself, and that ListInstances tells of before the organization's.
    pub account_instance: Option<AccountInstance>,
    /// The most entries on a page of an Identity Store or Identity Center list, however many are asked for.
    /// Small, so that a client which forgets the next page is found out.
    pub page_size: usize,
    /// The same for Organizations, whose own limit is 20.
    pub organizations_page_size: usize,
    pub users: Vec<User>,
    pub groups: Vec<Group>,
    pub memberships: Vec<Membership>,
    pub accounts: Vec<Account>,
    pub permission_sets: Vec<PermissionSet>,
    pub assignments: Vec<Assignment>,
    pub provisioned: Vec<Provisioned>,
    pub creation_requests: Vec<AssignmentRequest>,
    pub deletion_requests: Vec<AssignmentRequest>,
    /// Names of the applications that are assigned in Identity Center, apart from accounts.
    pub applications: Vec<String>,
    /// What the people and groups come from, where the scenario connects it.
    pub idp: Option<Idp>,
    keys: Keys,
}

/// What the scenario's keys stand for, deleted things included.
struct Keys {
    people: BTreeMap<String, Person>,
    groups: BTreeMap<String, String>,
    accounts: BTreeMap<String, String>,
    permission_sets: BTreeMap<String, String>,
}

/// An account's own instance: it has people and groups, and neither permission sets nor assignments.
#[derive(Clone, Debug)]
pub struct AccountInstance {
    pub arn: String,
    pub identity_store_id: String,
    pub owner: String,
}

/// A user of the identity store.
#[derive(Clone, Debug)]
pub struct User {
    pub id: String,
    /// Key of the person whose record this is.
    pub person: String,
    pub user_name: String,
    pub display_name: String,
    pub email: Option<String>,
    pub enabled: bool,
    pub origin: Origin,
    /// The IdP's own id of the person, which Entra and Okta send; none for a user made by hand.
    pub external_id: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// A group of the identity store.
#[derive(Clone, Debug)]
pub struct Group {
    pub id: String,
    pub display_name: String,
    pub origin: Origin,
    /// The IdP's own id of the group; none for a group made by hand.
    pub external_id: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// That a user is in a group.
#[derive(Clone, Debug)]
pub struct Membership {
    pub id: String,
    pub group_id: String,
    pub user_id: String,
    pub created_at: Timestamp,
}

/// Who made a user or a group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The IdP, through SCIM: it has an external id.
    #[default]
    Synced,
    /// An administrator, by hand.
    Manual,
}

/// An account of the organization.
#[derive(Clone, Debug)]
pub struct Account {
    pub id: String,
    pub name: String,
    pub email: String,
    pub state: AccountState,
    pub joined_at: Timestamp,
}

/// Where an account is in its life; the values of Organizations' `State`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AccountState {
    PendingActivation,
    #[default]
    Active,
    Suspended,
    PendingClosure,
    Closed,
}

/// A permission set of the instance.
#[derive(Clone, Debug)]
pub struct PermissionSet {
    pub arn: String,
    pub name: String,
    pub description: String,
    pub created_at: Timestamp,
}

/// That a principal has a permission set on an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    pub account_id: String,
    pub permission_set_arn: String,
    pub principal: Principal,
}

/// Whom an assignment is for, by id. Nothing says that they still exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    User(String),
    Group(String),
}

/// That the role of a permission set exists in an account.
#[derive(Clone, Debug)]
pub struct Provisioned {
    pub account_id: String,
    pub permission_set_arn: String,
    /// Made from the permission set as it is now, not from an older version.
    pub latest: bool,
}

/// A request to create or to delete an assignment, as Identity Center remembers it.
#[derive(Clone, Debug)]
pub struct AssignmentRequest {
    pub id: String,
    /// What the request is for; it exists, or does not exist any more, from the moment the request has succeeded.
    pub assignment: Assignment,
    pub status: RequestStatus,
    pub failure_reason: Option<String>,
    pub created_at: Timestamp,
}

/// How far a request has come; the values of `StatusValues`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestStatus {
    InProgress,
    Failed,
    Succeeded,
}

impl Company {
    /// The id of the person's user in the identity store; of the first one, where they have several.
    pub fn user_id(&self, person: &str) -> Option<&str> {
        self.users.iter().find(|user| user.person == person).map(|user| user.id.as_str())
    }

    /// The id of the group of that key, also when the group is deleted.
    pub fn group_id(&self, group: &str) -> Option<&str> {
        self.keys.groups.get(group).map(String::as_str)
    }

    /// The key of the group that has this id, also when the group is deleted.
    pub fn group_key(&self, id: &str) -> Option<&str> {
        self.keys.groups.iter().find(|(_, known)| *known == id).map(|(key, _)| key.as_str())
    }

    /// The key of the account with these twelve digits.
    pub fn account_key(&self, id: &str) -> Option<&str> {
        self.keys.accounts.iter().find(|(_, known)| *known == id).map(|(key, _)| key.as_str())
    }

    /// The twelve digits of the account of that key.
    pub fn account_id(&self, account: &str) -> Option<&str> {
        self.keys.accounts.get(account).map(String::as_str)
    }

    /// The ARN of the permission set of that name.
    pub fn permission_set_arn(&self, name: &str) -> Option<&str> {
        self.keys.permission_sets.get(name).map(String::as_str)
    }

    /// What an assignment for that group or person names; `None` for somebody without a user.
    pub fn principal(&self, key: &PrincipalKey) -> Option<Principal> {
        match key {
            PrincipalKey::Group(group) => self.group_id(group).map(|id| Principal::Group(id.to_owned())),
            PrincipalKey::Person(person) => self.user_id(person).map(|id| Principal::User(id.to_owned())),
        }
    }

    /// The group that the IdP made under this external id.
    pub fn group_of_external_id(&self, external_id: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.external_id.as_deref() == Some(external_id))
    }

    /// The user whom the IdP means by this person: the one that it created, else the
    /// one with the person's id, else the one with the person's name.
    pub fn user_of(&self, person: &idp::Person, kind: IdpKind) -> Option<&User> {
        let created = person.app_user.as_ref().and_then(|app_user| app_user.external_id.as_ref());
        if let Some(user) = self.users.iter().find(|user| Some(&user.id) == created) {
            return Some(user);
        }
        let id = person.id_at(kind);
        let by_id = self.users.iter().find(|user| user.external_id.as_deref() == Some(id));
        by_id.or_else(|| self.users.iter().find(|user| user.user_name == person.user_name))
    }

    /// The groups that the user is in, by id.
    pub fn group_ids_of(&self, user_id: &str) -> Vec<&str> {
        let of_user = self.memberships.iter().filter(|membership| membership.user_id == user_id);
        of_user.map(|membership| membership.group_id.as_str()).collect()
    }
}
