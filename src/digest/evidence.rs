//! What was learnt about the suspects: who is in each group and what it opens.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::suspects::Suspect;
use crate::diagnosis::facts::idp::{Idp, IdpGroupId, Trouble};
use crate::diagnosis::facts::{Fact, Gap, GroupId, PermissionSetArn, UserId};
use crate::diagnosis::portal::AccountAssignment;

/// Everything that one digest is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct DigestFacts {
    /// When the gathering ended.
    pub checked_at: Timestamp,
    /// Groups of the identity store that were read.
    pub groups_checked: usize,
    /// Whether those are all there are.
    pub groups_are_all: bool,
    /// Which IdP was asked, if one is connected.
    pub idp: Option<Idp>,
    pub instance: Option<InstanceIds>,
    pub evidence: Vec<Evidence>,
    /// What could not be read and belongs to no single suspect.
    pub gaps: Vec<Gap>,
    pub names: Names,
}

/// What the AWS CLI wants to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstanceIds {
    pub arn: String,
    pub identity_store_id: String,
}

/// What things are called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    pub accounts: BTreeMap<String, String>,
    pub permission_sets: BTreeMap<PermissionSetArn, String>,
    /// Of the people who are hurt, as many as are told by name; and whoever is to be added to a group.
    pub people: BTreeMap<UserId, PersonName>,
}

/// What somebody is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonName {
    pub user_name: String,
    pub display_name: Option<String>,
}

/// What was learnt about one suspect.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    pub of: Suspect,
    pub members: BTreeMap<GroupId, Fact<Vec<UserId>>>,
    /// ListAccountAssignmentsForPrincipal of each group; the management account only.
    pub assignments: BTreeMap<GroupId, Fact<Vec<AccountAssignment>>>,
    /// The user names of those in the IdP's groups.
    pub idp_members: BTreeMap<IdpGroupId, Fact<Vec<String>>>,
    /// The user names of the members of the group in AWS that the IdP's members are compared with.
    pub user_names: Fact<Vec<String>>,
    /// Why the IdP's group has not arrived, by the IdP's own log.
    pub refused: Fact<Option<Trouble>>,
    /// DescribeGroup of a group that seems to be gone and still has access.
    pub is_there: Fact<bool>,
}

impl Evidence {
    /// Nothing learnt yet.
    pub fn none(of: Suspect) -> Self {
        Self {
            of,
            members: BTreeMap::new(),
            assignments: BTreeMap::new(),
            idp_members: BTreeMap::new(),
            user_names: Fact::NotAsked,
            refused: Fact::NotAsked,
            is_there: Fact::NotAsked,
        }
    }

    /// The group that is gone and still has access, or may have.
    pub fn gone_and_maybe_assigned(&self) -> Option<GroupId> {
        let Suspect::Recreated { gone, .. } = &self.of else {
            return None;
        };
        let left = self.assignments.get(&gone.id)?;
        let is_assigned = left.value().is_none_or(|left| !left.is_empty());
        (is_assigned && self.is_there.value() != Some(&true)).then(|| gone.id.clone())
    }

    /// The group that is gone and opens nothing. Nothing can be assigned to it any more.
    pub fn gone_for_good(&self) -> Option<&GroupId> {
        let Suspect::Recreated { gone, .. } = &self.of else {
            return None;
        };
        let left = self.assignments.get(&gone.id)?.value()?;
        left.is_empty().then_some(&gone.id)
    }

    /// What could not be read of it.
    pub fn gaps(&self) -> impl Iterator<Item = &Gap> {
        let members = self.members.values().filter_map(Fact::gap);
        let assignments = self.assignments.values().filter_map(Fact::gap);
        let at_the_idp = self.idp_members.values().filter_map(Fact::gap);
        let of_one = [self.user_names.gap(), self.refused.gap(), self.is_there.gap()];
        members.chain(assignments).chain(at_the_idp).chain(of_one.into_iter().flatten())
    }
}
