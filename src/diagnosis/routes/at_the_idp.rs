//! Why the IdP's side of a membership has not arrived in Identity Center: the first broken link from the
//! IdP's person to the synchronization, for one group of the identity store that does not have the person.

use jiff::{SignedDuration, Timestamp};

use super::{Break, Failed, Missed, Pending, Stopped, WhyStopped};
use crate::diagnosis::facts::idp::{
    AppAssignment, AppUser, AppUserState, Idp, IdpFacts, IdpGroup, PushMapping, PushState, SyncState,
    Synchronization, Trouble, TroubleAbout, TroubleKind,
};
use crate::diagnosis::facts::{Facts, Group, Identity};

/// How long a change may be on its way at Okta, which sends on events and promises no time. Okta publishes no
/// figure; half an hour is our own limit, after which waiting is the wrong advice.
const OKTA_SENDS_WITHIN: SignedDuration = SignedDuration::from_mins(30);

/// How long a person may be queued (Okta's STAGED), which Okta says itself. A day is the longest that anybody
/// has claimed for it.
const OKTA_QUEUES_FOR: SignedDuration = SignedDuration::from_hours(24);

/// Okta's failed group pushes carry no code beside the mapping's `errorSummary`.
const GROUP_PUSH_ERROR: &str = "group push error";
/// `syncState` of Okta's `AppUser`.
const APP_USER_ERROR: &str = "syncState ERROR";

/// Why the group lacks the person, as far as the IdP shows it; nothing where it could not be seen.
pub(super) fn why_it_has_not_arrived(facts: &Facts, assigned: &Group) -> Option<Break> {
    let idp = facts.idp.as_ref()?;
    let side = Side { facts, idp, assigned };
    match idp.person.value()? {
        None => Some(Break::NotAtTheIdp),
        Some(person) if !person.enabled => Some(Break::DisabledAtTheIdp),
        Some(_) => match twin_among(idp.direct.value()?, assigned) {
            Some(group) => side.beyond_the_membership(group),
            None => side.without_a_membership(),
        },
    }
}

/// The IdP's group behind a group of the identity store: by external id first, by exact name second. A name
/// that is merely near is never taken for the same group.
pub fn twin_among<'g>(groups: &'g [IdpGroup], of: &Group) -> Option<&'g IdpGroup> {
    let by_id = groups.iter().find(|group| of.external_ids.contains(&group.id.0));
    by_id.or_else(|| groups.iter().filter(|group| group.name == of.name).min())
}

struct Side<'f> {
    facts: &'f Facts,
    idp: &'f IdpFacts,
    assigned: &'f Group,
}

impl Side<'_> {
    fn without_a_membership(&self) -> Option<Break> {
        if self.idp.idp == Idp::Okta {
            return Some(Break::NotInIdpGroup);
        }
        match twin_among(self.idp.transitive.value()?, self.assigned) {
            None => Some(Break::NotInIdpGroup),
            Some(outer) => {
                let inner = self.idp.inner_groups.get(&outer.id).and_then(|fact| fact.value().cloned());
                Some(Break::Nested { inner: inner.flatten() })
            }
        }
    }

    fn beyond_the_membership(&self, group: &IdpGroup) -> Option<Break> {
        let (mapping, assigned_at) = match self.idp.app_assignments.get(&group.id)?.value()? {
            AppAssignment::None => return Some(Break::GroupNotAssignedToApp { group: group.clone() }),
            AppAssignment::Assigned { since } => (None, *since),
            AppAssignment::Pushed(mapping) => (Some(mapping), None),
        };
        let app_user = match self.idp.idp {
            Idp::Entra => None,
            Idp::Okta => match self.idp.app_user.value()? {
                None => return Some(Break::PersonNotAssignedToApp { group: group.clone() }),
                Some(AppUser { state: AppUserState::Withdrawn(_), .. }) => {
                    return Some(Break::PersonNotAssignedToApp { group: group.clone() });
                }
                Some(AppUser { state: AppUserState::Other(_), .. }) => return None,
                Some(app_user) => Some(app_user),
            },
        };
        let synchronization = self.idp.synchronization.value()?;
        if let Some(why) = self.why_stopped(synchronization, mapping, group) {
            return Some(Break::SyncStopped(Stopped { group: group.clone(), why }));
        }
        if let Some(trouble) = self.trouble(group, mapping, app_user) {
            let name_is_held = trouble.kind == TroubleKind::NameTaken && !self.assigned.synced;
            return Some(match name_is_held {
                true => Break::HeldByManualGroup { at_the_idp: Some(group.clone()) },
                false => Break::SyncError(Failed { group: group.clone(), trouble }),
            });
        }
        if !self.assigned.synced {
            return Some(Break::HeldByManualGroup { at_the_idp: Some(group.clone()) });
        }
        match (mapping, app_user) {
            (Some(mapping), Some(app_user)) => self.pushed_or_on_its_way(group, mapping, app_user),
            _ => self.sent_or_on_its_way(group, synchronization, assigned_at),
        }
    }

    fn why_stopped(
        &self,
        synchronization: &Synchronization,
        mapping: Option<&PushMapping>,
        group: &IdpGroup,
    ) -> Option<WhyStopped> {
        match &synchronization.state {
            SyncState::Failing { code, .. } if names_a_credential(code) => {}
            SyncState::Running | SyncState::Failing { .. } | SyncState::Other(_) => {
                if mapping.is_some_and(|mapping| mapping.state == PushState::Inactive) {
                    return Some(WhyStopped::PushOff);
                }
                if self.idp.sends_groups.value() == Some(&false) {
                    return Some(WhyStopped::GroupsNotSent);
                }
                let newest = self.troubles(group).next()?;
                let last_sent = mapping.map_or_else(
                    || synchronization.last_completed.as_ref().and_then(|cycle| cycle.began),
                    |mapping| mapping.last_push,
                );
                // A refusal before the newest thing that was sent has been mended since.
                let holds = newest.kind == TroubleKind::CredentialRefused && newest.at >= last_sent;
                return holds.then_some(WhyStopped::CredentialRefused(newest.at));
            }
            SyncState::Off | SyncState::Paused | SyncState::NeverRan | SyncState::Quarantine(_) => {}
        }
        Some(WhyStopped::State(synchronization.state.clone()))
    }

    /// What the log holds of this person and this group, the newest first.
    fn troubles(&self, group: &IdpGroup) -> impl Iterator<Item = &Trouble> {
        let logged = self.idp.troubles.iter().filter_map(|fact| fact.value()).flatten();
        let mut of_this: Vec<&Trouble> = logged
            .filter(|trouble| match &trouble.about {
                TroubleAbout::Person => true,
                TroubleAbout::Group(about) => *about == group.id,
            })
            .collect();
        of_this.sort_by_key(|trouble| std::cmp::Reverse(trouble.at));
        of_this.into_iter()
    }

    fn trouble(
        &self,
        group: &IdpGroup,
        mapping: Option<&PushMapping>,
        app_user: Option<&AppUser>,
    ) -> Option<Trouble> {
        if let Some(logged) = self.troubles(group).next() {
            return Some(logged.clone());
        }
        let other = |about, code: &str, at, reason| Trouble {
            about,
            at,
            kind: TroubleKind::Other,
            code: code.to_owned(),
            reason,
        };
        // Of neither is it said since when.
        let failed_push = mapping.filter(|mapping| mapping.state == PushState::Error).map(|mapping| {
            other(TroubleAbout::Group(group.id.clone()), GROUP_PUSH_ERROR, None, mapping.error.clone())
        });
        failed_push.or_else(|| {
            let app_user = app_user.filter(|app_user| app_user.in_error)?;
            Some(other(TroubleAbout::Person, APP_USER_ERROR, app_user.status_changed, None))
        })
    }

    /// Entra: what was added before the newest completed cycle began should have been sent by it.
    fn sent_or_on_its_way(
        &self,
        group: &IdpGroup,
        synchronization: &Synchronization,
        assigned_at: Option<Timestamp>,
    ) -> Option<Break> {
        let added_at = *self.idp.added_at.get(&group.id)?.value()?;
        let completed = synchronization.last_completed.as_ref();
        let last_sent = completed.and_then(|cycle| cycle.ended.or(cycle.began));
        let began = completed.and_then(|cycle| cycle.began.or(cycle.ended));
        // Of both changes that have to be sent, the newer one counts.
        let is_younger = match (added_at.max(assigned_at), began) {
            (Some(changed_at), Some(began)) => changed_at >= began,
            (_, None) => true,
            // The log reaches back further than a cycle: what it does not hold any more is older than one.
            (None, Some(_)) => false,
        };
        if is_younger {
            let failed_cycles = match synchronization.state {
                SyncState::Failing { times, .. } => times,
                _ => 0,
            };
            return Some(Break::SyncPending(Pending {
                group: group.clone(),
                added_at,
                queued_since: None,
                last_sent,
                next_due: synchronization.next_due(),
                interval: synchronization.interval,
                failed_cycles,
            }));
        }
        self.missed(Missed { group: group.clone(), added_at, last_sent })
    }

    /// Okta: a change is pushed on its event; one that is older than the last push, or than any push takes,
    /// was missed.
    fn pushed_or_on_its_way(
        &self,
        group: &IdpGroup,
        mapping: &PushMapping,
        app_user: &AppUser,
    ) -> Option<Break> {
        let added_at = *self.idp.added_at.get(&group.id)?.value()?;
        let queued_since = match app_user.state {
            AppUserState::Staged => app_user.status_changed,
            AppUserState::Active | AppUserState::Withdrawn(_) | AppUserState::Other(_) => None,
        };
        let last_sent = mapping.last_push;
        let is_younger = |moment: Option<Timestamp>, than: SignedDuration| {
            moment.is_some_and(|at| self.facts.checked_at.duration_since(at) < than)
        };
        // Who was put on the application later is pushed later.
        let changed_at = added_at.max(app_user.status_changed);
        let was_pushed_since = added_at.is_some() && last_sent > changed_at;
        let is_on_its_way = match queued_since {
            Some(_) => is_younger(queued_since, OKTA_QUEUES_FOR),
            None => is_younger(changed_at, OKTA_SENDS_WITHIN) && !was_pushed_since,
        };
        if is_on_its_way {
            return Some(Break::SyncPending(Pending {
                group: group.clone(),
                added_at,
                queued_since,
                last_sent,
                next_due: None,
                interval: None,
                failed_cycles: 0,
            }));
        }
        self.missed(Missed { group: group.clone(), added_at, last_sent })
    }

    /// Nothing where a log could not be read: there may be an error in it.
    fn missed(&self, missed: Missed) -> Option<Break> {
        let logs_were_read = self.idp.troubles.iter().all(|fact| fact.value().is_some());
        if self.idp.troubles.is_empty() || !logs_were_read {
            return None;
        }
        Some(match self.facts.identity() {
            Identity::Nobody => Break::PersonNotArrived(missed),
            Identity::One(_) | Identity::Two { .. } | Identity::Unseen => Break::Missed(missed),
        })
    }
}

/// Entra documents no list of a failed cycle's codes; those seen for a refused credential hold one of these
/// words.
fn names_a_credential(code: &str) -> bool {
    let code = code.to_lowercase();
    ["credential", "unauthorized", "insufficientrights"].iter().any(|word| code.contains(word))
}
