//! `sync_pending`: the change is younger than what the IdP sent last; it is on its way.

use jiff::{SignedDuration, Timestamp};

use crate::diagnosis::evidence::{About, Evidence, Meaning, Rank};
use crate::diagnosis::facts::idp::{AppAssignment, Idp, IdpGroup, SyncState, Synchronization, Trouble};
use crate::diagnosis::link::{Judged, Link};
use crate::diagnosis::recency::{OnItsWay, older_entry, on_its_way};
use crate::diagnosis::step::Step;

/// How long a person may be queued (Okta's STAGED), which Okta says itself. A day is the longest that anybody
/// has claimed for it.
const OKTA_QUEUES_FOR: SignedDuration = SignedDuration::from_hours(24);

/// A change that is on its way.
#[derive(Clone, Debug, PartialEq)]
pub struct SyncPending {
    pub group: IdpGroup,
    /// Which change is on its way.
    pub change: OnItsWay,
    /// When the person was added, if the log says.
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
    /// The application has no assignment for the group, though AWS has it by its id.
    pub is_unassigned: bool,
    /// What the log holds of the person or the group from before the change.
    pub older_entry: Option<Trouble>,
}

impl Evidence for SyncPending {
    const ABOUT: About = About { name: "sync_pending", step: Step::Sync, meaning: Meaning::Broken };

    fn rank(&self) -> Rank {
        Rank::given(Step::Sync).nth(4)
    }

    fn group_to_send(&self, _idp: Option<Idp>) -> Option<&IdpGroup> {
        // Provision on demand skips what is not assigned.
        Some(&self.group).filter(|_| !self.is_unassigned)
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
    // Without the log nothing says that it did not fail, or was not missed.
    if !link.logs_were_read() {
        return None;
    }
    let queued_since = link.queued_since();
    let is_queued = queued_since.is_some_and(|at| {
        let waited = link.case.facts.checked_at.duration_since(at);
        waited < OKTA_QUEUES_FOR
    });
    let change = match (queued_since, on_its_way(link, group)?) {
        (Some(_), _) if is_queued => OnItsWay::Joined(link.added_at(group)?),
        (Some(_), _) | (None, None) => return Some(None),
        (None, Some(change)) => change,
    };
    Some(Some(pending(link, group, change)?))
}

fn pending(link: &Link, group: &IdpGroup, change: OnItsWay) -> Option<SyncPending> {
    // Okta pushes on events: it has no schedule.
    let scheduled = link.synchronization().filter(|_| link.mapping(group).is_none());
    Some(SyncPending {
        group: group.clone(),
        change,
        added_at: link.added_at(group)?,
        queued_since: link.queued_since(),
        last_sent: link.last_sent(group),
        next_due: scheduled.and_then(Synchronization::next_due),
        interval: scheduled.and_then(|synchronization| synchronization.interval),
        failed_cycles: match scheduled.map(|synchronization| &synchronization.state) {
            Some(SyncState::Failing { times, .. }) => *times,
            _ => 0,
        },
        is_unassigned: *link.app_assignment(group)? == AppAssignment::None,
        older_entry: older_entry(link, group).cloned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::causes::{Cause, Finding};
    use crate::diagnosis::diagnose;
    use crate::diagnosis::facts::Facts;
    use crate::diagnosis::facts::idp::{AppUser, AppUserState};
    use crate::diagnosis::fixture::{at, cause, finding, idp_group, known, of_the_idp, sent_by, unread};

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
            change: OnItsWay::Joined(Some(at("14:00"))),
            added_at: Some(at("14:00")),
            queued_since: None,
            last_sent: Some(at("13:58")),
            next_due: Some(at("14:38")),
            interval: Some(SignedDuration::from_mins(40)),
            failed_cycles: 0,
            is_unassigned: false,
            older_entry: None,
        };
        assert!(!pending.is_late(at("14:12")), "it is on its way");
        assert!(!pending.is_late(at("14:40")), "the cycle runs");
        assert!(pending.is_late(at("15:19")));
        let at_okta = SyncPending { next_due: None, interval: None, ..pending };
        assert!(!at_okta.is_late(at("23:00")));
    }

    #[test]
    fn what_waits_can_be_sent_on_demand_and_is_a_fault_once_it_is_late() {
        let facts = added(Idp::Entra, "14:00");
        assert_eq!(diagnose(&facts).group_to_send(), Some(&idp_group()));
        assert!(!finding(&facts).is_fault_of_the_sync(facts.checked_at));
        assert!(!finding(&facts).is_fault_of_the_sync(at("15:18")), "in this moment the next but one is due");
        assert!(finding(&facts).is_fault_of_the_sync(at("15:19")));
    }

    #[test]
    fn cycles_that_failed_since_are_counted() {
        let failed = |state: SyncState| {
            let mut facts = added(Idp::Entra, "14:00");
            let idp = of_the_idp(&mut facts);
            let synchronization = idp.synchronization.value().cloned().expect("it was read");
            idp.synchronization = known(Synchronization { state, ..synchronization });
            let Finding::SyncPending(pending) = finding(&facts) else { panic!("it waits") };
            pending.failed_cycles
        };
        assert_eq!(failed(SyncState::Failing { times: 2, code: "InternalServerError".to_owned() }), 2);
        assert_eq!(failed(SyncState::Running), 0);
    }

    #[test]
    fn without_the_log_nothing_says_that_it_did_not_fail() {
        for idp in [Idp::Entra, Idp::Okta] {
            let mut facts = added(idp, "14:00");
            of_the_idp(&mut facts).troubles = vec![unread()];
            assert_eq!(cause(&facts), Some(Cause::MembershipNotSynced));
        }
    }
}
