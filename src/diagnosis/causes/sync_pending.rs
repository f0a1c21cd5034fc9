//! `sync_pending`: the change is younger than what the IdP sent last; it is on its way.

use jiff::{SignedDuration, Timestamp};

use crate::diagnosis::evidence::{About, Evidence, Meaning, Rank};
use crate::diagnosis::facts::idp::{
    AppAssignment, AppUser, Idp, IdpGroup, PushMapping, SyncState, Synchronization,
};
use crate::diagnosis::link::{Judged, Link};
use crate::diagnosis::step::Step;

/// How long a change may be on its way at Okta, which sends on events and promises no time. Okta publishes no
/// figure; half an hour is our own limit, after which waiting is the wrong advice.
const OKTA_SENDS_WITHIN: SignedDuration = SignedDuration::from_mins(30);

/// How long a person may be queued (Okta's STAGED), which Okta says itself. A day is the longest that anybody
/// has claimed for it.
const OKTA_QUEUES_FOR: SignedDuration = SignedDuration::from_hours(24);

/// A change that is on its way.
#[derive(Clone, Debug, PartialEq)]
pub struct SyncPending {
    pub group: IdpGroup,
    /// When the person was added; `None` if only the queue was seen.
    pub added_at: Option<Timestamp>,
    /// Since when the IdP has the person queued, where it says so (Okta's STAGED).
    pub queued_since: Option<Timestamp>,
    /// When the newest completed cycle ended, or the group was last pushed.
    pub last_sent: Option<Timestamp>,
    /// When the next cycle is due, where the IdP has a schedule.
    pub next_due: Option<Timestamp>,
    /// How often the IdP begins a cycle, where it has a schedule.
    pub interval: Option<SignedDuration>,
    /// How many cycles failed in a row since the newest completed one.
    pub failed_cycles: u64,
}

impl Evidence for SyncPending {
    const ABOUT: About = About { name: "sync_pending", step: Step::Sync, meaning: Meaning::Broken };

    fn rank(&self) -> Rank {
        Rank::given(Step::Sync).nth(4)
    }

    fn group_to_send(&self, _idp: Option<Idp>) -> Option<&IdpGroup> {
        Some(&self.group)
    }

    /// A change that waits for the next cycle is no fault, however many people begin on a Monday, unless that is late.
    fn is_fault_of_the_sync(&self, now: Timestamp) -> bool {
        self.is_late(now)
    }
}

impl SyncPending {
    /// A cycle that was due may be running, and takes its time: it is late when the one after it is due as well.
    /// Okta has no schedule, so that nothing there says that a change is late.
    fn is_late(&self, now: Timestamp) -> bool {
        let (Some(due), Some(interval)) = (self.next_due, self.interval) else {
            return false;
        };
        due.checked_add(interval).is_ok_and(|next_but_one| next_but_one < now)
    }
}

pub(in crate::diagnosis) fn on(link: &Link) -> Judged<SyncPending> {
    let Some(group) = link.idp_group()? else {
        return Some(None);
    };
    match (link.mapping(group), link.app_user()) {
        (Some(mapping), Some(app_user)) => being_pushed(link, group, mapping, app_user),
        _ => waiting_for_a_cycle(link, group, link.synchronization()?),
    }
}

/// Entra: what was added before the newest completed cycle began should have been sent by it.
fn waiting_for_a_cycle(
    link: &Link,
    group: &IdpGroup,
    synchronization: &Synchronization,
) -> Judged<SyncPending> {
    let added_at = link.added_at(group)?;
    let assigned_at = match link.app_assignment(group)? {
        AppAssignment::Assigned { since } => *since,
        AppAssignment::None | AppAssignment::Pushed(_) => None,
    };
    let completed = synchronization.last_completed.as_ref();
    let began = completed.and_then(|cycle| cycle.began.or(cycle.ended));
    // Of both changes that have to be sent, the newer one counts.
    let is_younger = match (added_at.max(assigned_at), began) {
        (Some(changed_at), Some(began)) => changed_at >= began,
        (_, None) => true,
        // The log reaches back further than a cycle: what it does not hold any more is older than one.
        (None, Some(_)) => false,
    };
    let failed_cycles = match synchronization.state {
        SyncState::Failing { times, .. } => times,
        _ => 0,
    };
    Some(is_younger.then(|| SyncPending {
        group: group.clone(),
        added_at,
        queued_since: None,
        last_sent: link.last_sent(group),
        next_due: synchronization.next_due(),
        interval: synchronization.interval,
        failed_cycles,
    }))
}

/// Okta: a change is pushed on its event; one that is older than the last push, or than any push takes, was
/// missed.
fn being_pushed(
    link: &Link,
    group: &IdpGroup,
    mapping: &PushMapping,
    app_user: &AppUser,
) -> Judged<SyncPending> {
    let added_at = link.added_at(group)?;
    let queued_since = link.queued_since();
    let last_sent = mapping.last_push;
    let is_younger = |moment: Option<Timestamp>, than: SignedDuration| {
        moment.is_some_and(|at| link.case.facts.checked_at.duration_since(at) < than)
    };
    // Who was put on the application later is pushed later.
    let changed_at = added_at.max(app_user.status_changed);
    let was_pushed_since = added_at.is_some() && last_sent > changed_at;
    let is_on_its_way = match queued_since {
        Some(_) => is_younger(queued_since, OKTA_QUEUES_FOR),
        None => is_younger(changed_at, OKTA_SENDS_WITHIN) && !was_pushed_since,
    };
    Some(is_on_its_way.then(|| SyncPending {
        group: group.clone(),
        added_at,
        queued_since,
        last_sent,
        next_due: None,
        interval: None,
        failed_cycles: 0,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::causes::{Cause, Finding};
    use crate::diagnosis::facts::Facts;
    use crate::diagnosis::facts::idp::AppUserState;
    use crate::diagnosis::fixture::{at, cause, finding, idp_group, known, of_the_idp, sent_by};

    fn added(idp: Idp, time: &str) -> Facts {
        let mut facts = sent_by(idp);
        of_the_idp(&mut facts).added_at.insert(idp_group().id, known(Some(at(time))));
        facts
    }

    #[test]
    fn at_entra_a_change_waits_for_the_next_cycle() {
        let Finding::SyncPending(pending) = finding(&added(Idp::Entra, "14:00")) else { panic!("it waits") };
        assert_eq!((pending.last_sent, pending.next_due), (Some(at("13:58")), Some(at("14:38"))));
        assert_eq!(cause(&added(Idp::Entra, "13:55")), Some(Cause::MembershipMissed));
    }

    #[test]
    fn at_okta_a_change_is_on_its_way_for_half_an_hour() {
        assert_eq!(cause(&added(Idp::Okta, "14:00")), Some(Cause::SyncPending));
        assert_eq!(cause(&added(Idp::Okta, "13:41")), Some(Cause::MembershipMissed));
    }

    #[test]
    fn at_okta_a_person_may_be_queued_for_a_day() {
        let queued = |since: Timestamp| {
            let mut facts = sent_by(Idp::Okta);
            let staged = AppUser {
                external_id: None,
                state: AppUserState::Staged,
                in_error: false,
                status_changed: Some(since),
            };
            of_the_idp(&mut facts).app_user = known(Some(staged));
            cause(&facts)
        };
        assert_eq!(queued(at("02:00")), Some(Cause::SyncPending));
        let a_day_ago = at("14:12") - SignedDuration::from_hours(24);
        assert_eq!(queued(a_day_ago), Some(Cause::MembershipMissed));
    }

    #[test]
    fn at_okta_a_push_after_the_change_left_it_out() {
        assert_eq!(cause(&added(Idp::Okta, "13:50")), Some(Cause::MembershipMissed));
    }

    #[test]
    fn a_change_is_late_when_two_cycles_should_have_brought_it() {
        let pending = SyncPending {
            group: idp_group(),
            added_at: Some(at("14:00")),
            queued_since: None,
            last_sent: Some(at("13:58")),
            next_due: Some(at("14:38")),
            interval: Some(SignedDuration::from_mins(40)),
            failed_cycles: 0,
        };
        assert!(!pending.is_late(at("14:12")), "it is on its way");
        assert!(!pending.is_late(at("14:40")), "the cycle runs");
        assert!(pending.is_late(at("15:19")));
        let at_okta = SyncPending { next_due: None, interval: None, ..pending };
        assert!(!at_okta.is_late(at("23:00")));
    }
}
