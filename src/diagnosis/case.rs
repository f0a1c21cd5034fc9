//! One question's facts, resolved: the account, the person, and what AWS shows of them.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::facts::{
    Account, AccountSearch, Assignment, DirectoryUser, Fact, Facts, Group, GroupId, Identity,
    PermissionSetArn, UserId,
};

/// What every cause looks at.
pub(super) struct Case<'f> {
    pub(super) facts: &'f Facts,
    pub(super) account: Option<&'f Account>,
    pub(super) person: Option<&'f DirectoryUser>,
    /// The person's groups with the time at which they joined; `None` if that could not be read.
    pub(super) memberships: Option<BTreeMap<&'f GroupId, Option<Timestamp>>>,
}

/// Which version of a permission set an account has.
pub(super) enum Version {
    Latest,
    Outdated,
    /// The account does not have the permission set.
    Absent,
}

impl<'f> Case<'f> {
    pub(super) fn of(facts: &'f Facts) -> Self {
        let memberships = match facts.memberships.value() {
            Some(memberships) => Some(memberships.iter().map(|one| (&one.group, one.since)).collect()),
            // Who is not in Identity Center is in no group there.
            None => (facts.identity() == Identity::Nobody).then(BTreeMap::new),
        };
        Self { facts, account: facts.account_found(), person: facts.person.value(), memberships }
    }

    /// What the search for the account found; `None` if it could not be made.
    pub(super) fn account_search(&self) -> Option<&'f AccountSearch> {
        self.facts.account.value()
    }

    pub(super) fn account_name(&self) -> &'f str {
        self.account.map_or("", |account| account.name.as_str())
    }

    pub(super) fn is_the_person(&self, user: &UserId) -> bool {
        self.facts.user().as_ref() == Some(user)
    }

    /// The person's groups whose records were read.
    pub(super) fn own_groups(&self) -> impl Iterator<Item = &'f Group> {
        self.memberships.iter().flatten().filter_map(|(id, _)| self.facts.group(id))
    }

    pub(super) fn member_since(&self, id: &GroupId) -> Option<Timestamp> {
        self.memberships.as_ref().and_then(|memberships| memberships.get(id).copied().flatten())
    }

    /// Returns true if AWS itself lists the assignment as one of the person's.
    pub(super) fn aws_names_it_as_the_persons(&self, assignment: &Assignment) -> bool {
        self.facts.persons_assignments.value().is_some_and(|own| own.contains(assignment))
    }

    /// The version of the permission set that the account has; `None` if that could not be read.
    pub(super) fn version_of(&self, permission_set: &PermissionSetArn) -> Option<Version> {
        let has = |fact: &Fact<Vec<PermissionSetArn>>| fact.value().map(|sets| sets.contains(permission_set));
        match (has(&self.facts.provisioned_latest), has(&self.facts.provisioned_outdated)) {
            // An emulator that ignores the status filter names a set in both lists: then nothing is known
            // of its version, and what is not known is no fault.
            (Some(true), _) => Some(Version::Latest),
            (_, Some(true)) => Some(Version::Outdated),
            (Some(false), Some(false)) => Some(Version::Absent),
            (None, _) | (_, None) => None,
        }
    }
}
