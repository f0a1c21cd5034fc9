//! What AWS keeps: accounts, users, groups, memberships, account assignments.

use jiff::Timestamp;

macro_rules! identifiers {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub String);
    )+};
}

identifiers! {
    /// A user of the identity store.
    UserId,
    /// A group of the identity store.
    GroupId,
    /// A permission set of the Identity Center instance.
    PermissionSetArn,
}

/// An account of the organization.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Account {
    pub id: String,
    pub name: String,
    pub state: AccountState,
}

/// `State` of AWS Organizations' `Account`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AccountState {
    PendingActivation,
    Active,
    Suspended,
    PendingClosure,
    Closed,
    /// One that AWS added after this was written, by AWS's name.
    Other(String),
}

/// What the search for the account found.
#[derive(Clone, Debug, PartialEq)]
pub enum AccountSearch {
    Found(Account),
    /// No such account; the nearest names, the nearest first.
    NotFound {
        nearest: Vec<String>,
    },
    /// Several accounts bear the name.
    Several(Vec<Account>),
}

/// An id that an IdP gave to a user or a group, and which IdP: `ExternalId` of the Identity Store API.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ExternalId {
    pub issuer: String,
    /// Entra's is the object id.
    pub id: String,
}

impl ExternalId {
    /// Returns true if an IdP gave it by SCIM; Active Directory's issuer is an ARN of the Directory Service.
    pub fn is_from_an_idp(&self) -> bool {
        !self.issuer.starts_with("arn:")
    }

    /// Returns true if the id has the form of Entra's object ids.
    pub fn is_a_uuid(&self) -> bool {
        let groups: Vec<usize> = self.id.split('-').map(str::len).collect();
        groups == [8, 4, 4, 4, 12] && self.id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
    }
}

/// Returns true if one of these ids is this one of an IdP's. Entra's are UUIDs, whose letters have no case.
pub fn names_id(external_ids: &[ExternalId], id: &str) -> bool {
    external_ids.iter().any(|external| external.id.eq_ignore_ascii_case(id))
}

/// A person as the identity store knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryUser {
    pub id: UserId,
    pub user_name: String,
    pub display_name: Option<String>,
    /// The primary e-mail address, where there is one.
    pub email: Option<String>,
    pub enabled: bool,
    /// Whether an IdP provisioned them (an external id is present).
    pub synced: bool,
    pub external_ids: Box<[ExternalId]>,
    pub created_at: Option<Timestamp>,
}

impl DirectoryUser {
    /// Returns true if an IdP's id stands on the record.
    pub fn has_an_idps_id(&self) -> bool {
        self.external_ids.iter().any(ExternalId::is_from_an_idp)
    }
}

/// A group as the identity store knows it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Group {
    pub id: GroupId,
    pub name: String,
    /// Whether an IdP provisioned it (an external id is present).
    pub synced: bool,
    pub external_ids: Box<[ExternalId]>,
    pub created_at: Option<Timestamp>,
    /// `CreatedBy`: who or what made it, by AWS's own words.
    pub created_by: Option<String>,
}

/// One group that the person is in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Membership {
    pub group: GroupId,
    pub since: Option<Timestamp>,
}

/// Whom an account assignment is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Principal {
    Group(GroupId),
    User(UserId),
}

/// An account assignment on the account in question.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Assignment {
    pub permission_set: PermissionSetArn,
    pub principal: Principal,
}

/// What became of a request (`Status` of `AccountAssignmentOperationStatus`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RequestState {
    /// An assignment is being created.
    InProgress,
    /// It could not be created.
    Failed,
    /// An assignment was deleted: a deletion that succeeded.
    Ended,
}

/// A request to create an account assignment on the account in question, not (yet) fulfilled, or to delete one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AssignmentRequest {
    pub assignment: Assignment,
    pub state: RequestState,
    pub failure_reason: Option<String>,
    pub created_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_idps_ids_are_not_those_of_the_directory_service_and_entras_are_uuids() {
        let external = |issuer: &str, id: &str| ExternalId { issuer: issuer.to_owned(), id: id.to_owned() };
        assert!(external("https://scim.aws.com/1", "1").is_from_an_idp());
        assert!(!external("arn:aws:ds:us-east-1:111122223333:directory/d-1", "1").is_from_an_idp());
        let is_a_uuid = |id: &str| external("", id).is_a_uuid();
        assert!(is_a_uuid("5f0c2b1e-0000-4000-8000-00000000000A"));
        assert!(!is_a_uuid("5f0c2b1e-0000-4000-8000-00000000000x"));
        assert!(!is_a_uuid("5f0c2b1e-0000-4000-80000000-0000000a"));
        assert!(!is_a_uuid("00u1a2b3c4"));
    }
}
