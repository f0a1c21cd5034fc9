//! What was read of each group of a finding.

use std::collections::BTreeSet;

use super::duplicate::{Copy, Opens, Origin, Place};
use super::evidence::Evidence;
use super::suspects::FormerGroup;
use crate::diagnosis::facts::idp::IdpGroup;
use crate::diagnosis::facts::{Fact, Group, GroupId, UserId};

/// A group of the identity store with what was read of it.
pub(super) struct Held<'e> {
    pub(super) group: &'e Group,
    pub(super) members: Option<&'e Vec<UserId>>,
    pub(super) opens: Option<BTreeSet<Opens>>,
}

impl<'e> Held<'e> {
    pub(super) fn of(evidence: &'e Evidence, group: &'e Group) -> Self {
        Self {
            group,
            members: evidence.members.get(&group.id).and_then(Fact::value),
            opens: opened_by(evidence, &group.id),
        }
    }

    pub(super) fn copy(&self) -> Copy {
        Copy {
            id: self.group.id.0.clone(),
            name: self.group.name.clone(),
            origin: if self.group.synced { Origin::Synced } else { Origin::Unknown },
            place: Place::Aws,
            created_at: self.group.created_at,
            created_by: self.group.created_by.clone(),
            members: self.members.map(Vec::len),
            opens: self.opens.clone(),
        }
    }
}

/// One of the IdP's own groups.
pub(super) fn idp_copy(evidence: &Evidence, group: &IdpGroup) -> Copy {
    Copy {
        id: group.id.0.clone(),
        name: group.name.clone(),
        origin: Origin::Synced,
        place: Place::AtTheIdp,
        created_at: None,
        created_by: None,
        members: evidence.idp_members.get(&group.id).and_then(Fact::value).map(Vec::len),
        // Assignments are for groups of the identity store alone.
        opens: Some(BTreeSet::new()),
    }
}

/// What a group of this id opens, whether it is still there or not; nothing where that could not be read.
pub(super) fn opened_by(evidence: &Evidence, group: &GroupId) -> Option<BTreeSet<Opens>> {
    let assignments = evidence.assignments.get(group)?.value()?;
    let opens = assignments
        .iter()
        .map(|one| Opens { account: one.account.clone(), permission_set: one.permission_set.clone() });
    Some(opens.collect())
}

/// A group that is gone.
pub(super) fn former(gone: &FormerGroup, left: &BTreeSet<Opens>) -> Copy {
    let name = if gone.name.is_empty() { &gone.id.0 } else { &gone.name };
    Copy {
        id: gone.id.0.clone(),
        name: name.clone(),
        origin: Origin::Unknown,
        place: Place::Gone,
        created_at: None,
        created_by: None,
        members: Some(0),
        opens: Some(left.clone()),
    }
}
