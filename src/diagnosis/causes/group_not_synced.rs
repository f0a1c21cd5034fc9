//! `group_not_synced`: the IdP sends the person's group to AWS, and AWS does not have it: it was rejected since a group
//! created manually holds its name, or it is simply not there, as after somebody deleted it in AWS.
//!
//! Only the IdP's own record of that rejection proves that a manual group is in the way. A missing external id proves
//! nothing: Okta's group push sends none, Google provisions no groups at all, and Entra and Okta adopt an existing group
//! of the same name. That AWS does not have a group is proven by its id and its name, which AWS was asked for.

use jiff::Timestamp;

use crate::diagnosis::case::Case;
use crate::diagnosis::evidence::{About, Evidence, Meaning, Rank};
use crate::diagnosis::facts::idp::{
    AppAssignment, Idp, IdpFacts, IdpGroup, PushState, SyncState, Synchronization, Trouble, TroubleAbout,
    TroubleKind,
};
use crate::diagnosis::facts::{Fact, Group, GroupId};
use crate::diagnosis::harm::{GroupGone, NameTaken, PrincipalGone};
use crate::diagnosis::link::{Judged, Link};
use crate::diagnosis::names::words_shared;
use crate::diagnosis::recency::{OKTA_SENDS_WITHIN, troubles};
use crate::diagnosis::step::Step;

/// The IdP's group is not in AWS.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupNotSynced {
    /// The group as the IdP has it.
    pub at_the_idp: IdpGroup,
    pub why: WhyAbsent,
}

/// Why AWS does not have the group.
#[derive(Clone, Debug, PartialEq)]
pub enum WhyAbsent {
    /// One created manually holds its name, and the IdP recorded that AWS rejected the IdP's.
    NameHeld { manual: Box<Group>, refused: Box<Trouble>, is_held: NameTaken },
    /// AWS has no group with its id or its name.
    NotThere(Box<NotThere>),
}

/// What an assignment that names a deleted group was for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeftOf {
    /// The digests knew the deleted group by this group's name: AWS had it, and it gave the access.
    TheGroup(PrincipalGone),
    /// Some group, of this name if a digest saw it.
    Some(PrincipalGone, Option<String>),
    /// There is no such assignment.
    Nothing,
}

/// A group of the person's own that the IdP sends and AWS does not have.
#[derive(Clone, Debug, PartialEq)]
pub struct NotThere {
    pub is_gone: GroupGone,
    /// What an assignment on the account is left of.
    pub left: LeftOf,
    /// What the IdP's log or its push mapping says of the group.
    pub logged: Option<Trouble>,
    /// The IdP's log was read.
    pub log_was_read: bool,
    /// The group came onto the application after the last cycle began, at this moment: it is on its way.
    pub assigned_since: Option<Timestamp>,
    /// When the next cycle is due, if the IdP has a schedule.
    pub next_due: Option<Timestamp>,
    /// How synchronization stands, if it does not run.
    pub stopped: Option<SyncState>,
}

impl Evidence for GroupNotSynced {
    const ABOUT: About =
        About { name: "group_not_synced", step: Step::DirectoryGroup, meaning: Meaning::Broken };

    /// A group of the person's own goes before one that nobody meant them to join; what was given and is on its way goes
    /// before it, unless this one is known to be what gave the access.
    fn rank(&self) -> Rank {
        match &self.why {
            WhyAbsent::NameHeld { .. } => Rank::given(Step::DirectoryGroup),
            WhyAbsent::NotThere(absent) => match absent.left {
                LeftOf::TheGroup(_) => Rank::given(Step::DirectoryGroup),
                LeftOf::Some(..) => Rank::replaced(Step::Assignment).nth(4),
                LeftOf::Nothing => Rank::replaced(Step::DirectoryGroup),
            },
        }
    }

    /// What was deleted in AWS under an id that the IdP still holds is matched again by a restart alone, and what is on
    /// its way comes by itself.
    fn group_to_send(&self, idp: Option<Idp>) -> Option<&IdpGroup> {
        let WhyAbsent::NotThere(absent) = &self.why else { return None };
        let is_held_back = absent.logged.is_some() || absent.stopped.is_some();
        (idp == Some(Idp::Entra) && !is_held_back && absent.assigned_since.is_none())
            .then_some(&self.at_the_idp)
    }

    fn is_fault_of_the_sync(&self, _now: Timestamp) -> bool {
        match &self.why {
            WhyAbsent::NameHeld { .. } => false,
            // What is concluded from a name alone, or is on its way, is none.
            WhyAbsent::NotThere(absent) => absent.assigned_since.is_none() && absent.left != LeftOf::Nothing,
        }
    }
}

/// An assigned group that was created manually, while the IdP's group of its name was rejected.
pub(in crate::diagnosis) fn on(link: &Link) -> Judged<GroupNotSynced> {
    let Some(group) = link.idp_group()? else {
        return Some(None);
    };
    // The IdP's own group may be rejected as well, by another of its groups.
    let Some(newest) = troubles(link, group).next().filter(|_| !link.assigned.synced) else {
        return Some(None);
    };
    let is_held =
        NameTaken::seen_in(newest).filter(|_| newest.about == TroubleAbout::Group(group.id.clone()));
    Some(is_held.map(|is_held| GroupNotSynced {
        at_the_idp: group.clone(),
        why: WhyAbsent::NameHeld {
            manual: Box::new(link.assigned.clone()),
            refused: Box::new(newest.clone()),
            is_held,
        },
    }))
}

/// The group of the person's own that an assignment to this deleted group may have been for: the one of its name, if the
/// digests knew that; else the one that is named after the account, or any. What the digests knew by another name may
/// have been renamed at the IdP since, unless another deleted group had the very name.
pub(in crate::diagnosis) fn of_deleted(case: &Case, gone: &GroupId) -> Option<GroupNotSynced> {
    let idp = case.facts.idp.as_ref()?;
    let is_gone = PrincipalGone::seen_of_group(case.facts, gone)?;
    let former = case.facts.former_groups.get(gone);
    if let Some(group) = former.and_then(|former| idp.lost().find(|group| group.name == former.name)) {
        return not_there(case, group, LeftOf::TheGroup(is_gone));
    }
    let is_of_another = |group: &IdpGroup| {
        let mut others = case.facts.former_groups.values();
        others.any(|other| other.name == group.name)
    };
    let group = likeliest(case, idp).filter(|group| !is_of_another(group))?;
    not_there(case, group, LeftOf::Some(is_gone, former.map(|former| former.name.clone())))
}

/// A group of the person's own that AWS does not have and that is named after the account.
pub(in crate::diagnosis) fn of_lost(case: &Case) -> Option<GroupNotSynced> {
    let idp = case.facts.idp.as_ref()?;
    let group = likeliest(case, idp).filter(|group| is_named_after(case, group))?;
    not_there(case, group, LeftOf::Nothing)
}

fn is_named_after(case: &Case, group: &IdpGroup) -> bool {
    words_shared(&group.name, case.account_name()) > 0
}

fn likeliest<'f>(case: &Case, idp: &'f IdpFacts) -> Option<&'f IdpGroup> {
    idp.lost().max_by_key(|group| words_shared(&group.name, case.account_name()))
}

fn not_there(case: &Case, group: &IdpGroup, left: LeftOf) -> Option<GroupNotSynced> {
    let idp = case.facts.idp.as_ref()?;
    let synchronization = idp.synchronization.value();
    let assigned_since =
        assigned_since(idp, group, case.facts.checked_at).filter(|_| !matches!(left, LeftOf::TheGroup(_)));
    let absent = NotThere {
        // What was logged before the group came onto the application says nothing of it.
        logged: logged(idp, group).filter(|entry| assigned_since.is_none() || entry.at >= assigned_since),
        log_was_read: !idp.troubles.is_empty() && idp.troubles.iter().all(|fact| fact.value().is_some()),
        assigned_since,
        next_due: synchronization.and_then(Synchronization::next_due),
        stopped: synchronization.map(|one| &one.state).filter(|state| does_not_run(state)).cloned(),
        is_gone: GroupGone::seen_of(idp, group)?,
        left,
    };
    Some(GroupNotSynced { at_the_idp: group.clone(), why: WhyAbsent::NotThere(Box::new(absent)) })
}

/// What the log, or Okta's push mapping, says of the group, the newest.
fn logged(idp: &IdpFacts, group: &IdpGroup) -> Option<Trouble> {
    let about = TroubleAbout::Group(group.id.clone());
    let entries = idp.troubles.iter().filter_map(Fact::value).flatten();
    let newest = entries.filter(|entry| entry.about == about).max_by_key(|entry| entry.at).cloned();
    newest.or_else(|| match idp.app_assignments.get(&group.id)?.value()? {
        AppAssignment::Pushed(mapping) if mapping.state == PushState::Error => Some(Trouble {
            about,
            at: None,
            kind: TroubleKind::Other,
            code: super::sync_error::GROUP_PUSH_ERROR.to_owned(),
            reason: mapping.error.clone(),
            advice: None,
        }),
        _ => None,
    })
}

/// Since when the group is on the application, if no cycle has begun since.
fn assigned_since(idp: &IdpFacts, group: &IdpGroup, now: Timestamp) -> Option<Timestamp> {
    let since = match idp.app_assignments.get(&group.id)?.value()? {
        AppAssignment::Assigned { since } => since,
        // Until Okta has pushed it once, nothing can be missing.
        AppAssignment::Pushed(mapping) if mapping.last_push.is_none() => {
            return mapping.created.filter(|created| now.duration_since(*created) < OKTA_SENDS_WITHIN);
        }
        AppAssignment::None | AppAssignment::Pushed(_) => return None,
    };
    let completed = idp.synchronization.value()?.last_completed.as_ref();
    let began = completed.and_then(|cycle| cycle.began.or(cycle.ended));
    since.filter(|since| began.is_none_or(|began| *since >= began))
}

fn does_not_run(state: &SyncState) -> bool {
    matches!(state, SyncState::Off | SyncState::Paused | SyncState::NeverRan | SyncState::Quarantine(_))
}

#[cfg(test)]
mod tests;
