//! Synchronization as the clock alone drives it: Entra's cycles, Okta's pushes.
//!
//! Both take up changes, not differences: what was changed since the last completed cycle (Entra) or within
//! the last half hour (Okta) comes over; what failed is tried again in each cycle; anything older that is not
//! in AWS was missed and stays so until somebody forces it.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::Idp;
use super::log::About;
use super::transfer::Brought;
use crate::sandbox::company::Company;
use crate::sandbox::scenario::IdpKind;

/// Entra's fixed interval between cycles (Microsoft Entra, "How provisioning works").
pub const INTERVAL: SignedDuration = SignedDuration::from_mins(40);
/// How long a cycle of this company takes; a small one in Entra takes about as long.
pub const CYCLE: SignedDuration = SignedDuration::from_mins(2);
/// A job in quarantine is tried once a day (Microsoft Entra, "Application provisioning in quarantine status").
const QUARANTINE_PACE: SignedDuration = SignedDuration::from_hours(24);
/// How long this company's Okta takes from a change to its push. Okta documents no figure; this is long
/// enough to watch somebody wait.
pub const PUSH_DELAY: SignedDuration = SignedDuration::from_mins(30);

/// Entra's synchronization job.
#[derive(Clone, Debug)]
pub struct SyncJob {
    pub id: String,
    pub template_id: String,
    /// The one rule of its schema, which maps users and groups.
    pub rule_id: String,
    pub state: JobState,
    /// Whether the mapping of groups is enabled.
    pub sends_groups: bool,
    /// The newest cycle, whatever came of it.
    pub last: Option<Cycle>,
    /// The newest cycle that succeeded.
    pub last_completed: Option<Cycle>,
    /// The beginning of the cycle that runs now.
    pub running_since: Option<Timestamp>,
    /// How many cycles failed as a whole since one succeeded.
    pub failures_in_a_row: u32,
    /// When the next cycle begins, or the running one began; of no meaning unless the job is active.
    pub next_begins: Timestamp,
}

/// Whether the job runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobState {
    Active,
    Paused,
    Quarantine(Quarantine),
}

/// Microsoft Graph's `synchronizationQuarantine`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantine {
    /// As `EncounteredQuarantineException`.
    pub reason: String,
    pub since: Timestamp,
    pub next_attempt: Timestamp,
    /// Attempts so far.
    pub attempts: u32,
}

/// One cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cycle {
    pub began: Timestamp,
    pub ended: Timestamp,
    pub failed: bool,
}

/// Changes after one moment, up to another.
#[derive(Clone, Copy)]
struct Window {
    after: Timestamp,
    until: Timestamp,
}

impl SyncJob {
    /// The quarantine that the job is in.
    pub fn quarantine(&self) -> Option<&Quarantine> {
        match &self.state {
            JobState::Quarantine(quarantine) => Some(quarantine),
            JobState::Active | JobState::Paused => None,
        }
    }

    fn complete(&mut self, began: Timestamp) {
        let cycle = Cycle { began, ended: later(began, CYCLE), failed: false };
        self.last = Some(cycle);
        self.last_completed = Some(cycle);
        self.running_since = None;
        self.failures_in_a_row = 0;
        self.next_begins = later(cycle.ended, INTERVAL);
    }

    /// AWS refuses the token at each attempt, until somebody renews it.
    fn attempt_in_vain(&mut self, now: Timestamp) {
        let JobState::Quarantine(quarantine) = &mut self.state else { return };
        let waited = now.duration_since(quarantine.next_attempt);
        if waited.is_negative() {
            return;
        }
        let more = whole_times(waited, QUARANTINE_PACE);
        let began = later_by(quarantine.next_attempt, QUARANTINE_PACE, more);
        quarantine.next_attempt = later(began, QUARANTINE_PACE);
        let attempts = more.saturating_add(1);
        quarantine.attempts = quarantine.attempts.saturating_add(attempts);
        self.failures_in_a_row = self.failures_in_a_row.saturating_add(attempts);
        // The refusal comes with the first request.
        self.last = Some(Cycle { began, ended: began, failed: true });
    }
}

impl Window {
    fn holds(self, moment: Timestamp) -> bool {
        self.after < moment && moment <= self.until
    }
}

impl Company {
    /// Lets the IdP do what has become due since it was last called.
    pub fn advance(&mut self, now: Timestamp) {
        self.with_idp(|idp, aws| match idp.kind {
            IdpKind::Entra => idp.run_due_cycles(aws, now),
            IdpKind::Okta => idp.push_what_is_due(aws, now),
        });
    }

    /// When what waits at the IdP will have reached AWS: after the next cycle of Entra ID, or at the next push of Okta.
    /// `None` if nothing will: no IdP is connected, its job is stopped, or Okta has nothing to push.
    pub(in crate::sandbox) fn next_sync(&self, now: Timestamp) -> Option<Timestamp> {
        let idp = self.idp.as_ref()?;
        match &idp.job {
            Some(job) => (job.state == JobState::Active).then(|| later(job.next_begins, CYCLE)),
            None => idp.changes().map(|changed| later(changed, PUSH_DELAY)).filter(|due| *due > now).min(),
        }
    }

    /// Both sides at once; nothing where no IdP is connected.
    pub(in crate::sandbox) fn with_idp<T>(
        &mut self,
        act: impl FnOnce(&mut Idp, &mut Self) -> T,
    ) -> Option<T> {
        let mut idp = self.idp.take()?;
        let done = act(&mut idp, self);
        self.idp = Some(idp);
        Some(done)
    }
}

impl Idp {
    /// A cycle (Entra) or all pushes that are waiting (Okta), at once and to the end.
    ///
    /// # Errors
    /// A sentence, where the job is not active.
    pub(in crate::sandbox) fn run_sync(&mut self, aws: &mut Company, now: Timestamp) -> Result<(), String> {
        if self.job.as_ref().is_some_and(|job| job.state != JobState::Active) {
            return Err("the synchronization job is not active".to_owned());
        }
        self.bring_over(aws, Window { after: self.watermark(), until: now }, now);
        self.try_failed_again(aws, now);
        if let Some(job) = &mut self.job {
            job.complete(earlier(now, CYCLE));
        }
        Ok(())
    }

    /// Changes after this moment have not been looked at.
    pub(super) fn watermark(&self) -> Timestamp {
        match &self.job {
            Some(job) => job.last_completed.map_or(Timestamp::MIN, |cycle| cycle.began),
            None => earlier(self.pushed_until, PUSH_DELAY),
        }
    }

    /// The moments of all changes, in no order.
    fn changes(&self) -> impl Iterator<Item = Timestamp> {
        let people = self.people.iter().flat_map(|person| {
            [Some(person.changed_at), person.app_user.as_ref().map(|app_user| app_user.since)]
        });
        let groups = self.groups.iter().map(|group| Some(group.changed_at));
        let memberships = self.memberships.iter().map(|held| Some(held.since));
        people.chain(groups).chain(memberships).flatten()
    }

    fn run_due_cycles(&mut self, aws: &mut Company, now: Timestamp) {
        let after = self.watermark();
        let Some(job) = &mut self.job else { return };
        job.attempt_in_vain(now);
        let began = job.next_begins;
        if job.state != JobState::Active || now < began {
            return;
        }
        if job.running_since != Some(began) {
            job.running_since = Some(began);
            self.bring_over(aws, Window { after, until: began }, began);
            self.try_failed_again(aws, began);
        }
        self.end_cycles(began, now);
    }

    /// What comes over comes with the first cycle that was due: nothing was changed during those after it.
    fn end_cycles(&mut self, began: Timestamp, now: Timestamp) {
        let Some(job) = &mut self.job else { return };
        let pace = INTERVAL.saturating_add(CYCLE);
        let more = whole_times(now.duration_since(began), pace);
        let newest = later_by(began, pace, more);
        if later(newest, CYCLE) <= now {
            job.complete(newest);
            return;
        }
        if more > 0 {
            job.complete(later_by(began, pace, more - 1));
        }
        job.running_since = Some(newest);
        job.next_begins = newest;
    }

    fn push_what_is_due(&mut self, aws: &mut Company, now: Timestamp) {
        if now <= self.pushed_until {
            return;
        }
        let window = Window { after: self.watermark(), until: earlier(now, PUSH_DELAY) };
        self.bring_over(aws, window, now);
        self.pushed_until = now;
    }

    fn bring_over(&mut self, aws: &mut Company, window: Window, at: Timestamp) {
        let mut arrived = BTreeSet::new();
        let people: Vec<String> = self.people.iter().map(|person| person.key.clone()).collect();
        for person in people {
            if self.person(&person).is_some_and(|person| window.holds(person.changed_at)) {
                self.bring_standing(aws, &person, at);
            }
            if self.is_person_due(&person, window) && self.bring_person(aws, &person, at) == Ok(Brought::New)
            {
                arrived.insert(About::Person(person));
            }
        }
        let changed = self.groups.iter().filter(|group| window.holds(group.changed_at));
        for group in changed.map(|group| group.key.clone()).collect::<Vec<_>>() {
            if self.bring_group(aws, &group, at) == Ok(Brought::New) {
                arrived.insert(About::Group(group));
            }
        }
        self.bring_memberships(aws, at, |idp, group, person, since| {
            window.holds(since)
                || idp.group(group).is_some_and(|group| window.holds(group.changed_at))
                || idp.person(person).is_some_and(|person| window.holds(person.changed_at))
                || arrived.contains(&About::Group(group.to_owned()))
                || arrived.contains(&About::Person(person.to_owned()))
        });
    }

    fn is_person_due(&self, key: &str, window: Window) -> bool {
        let Some(person) = self.person(key) else { return false };
        let assigned = person.app_user.as_ref().is_some_and(|app_user| window.holds(app_user.since));
        let entered = self.memberships.iter().filter(|held| held.person == key).any(|held| {
            let group = self.group(&held.group).filter(|group| group.assigned_since.is_some());
            group.is_some_and(|group| window.holds(held.since) || window.holds(group.changed_at))
        });
        window.holds(person.changed_at) || assigned || entered
    }

    /// What the log has an open failure for, and all that belongs to it.
    fn try_failed_again(&mut self, aws: &mut Company, at: Timestamp) {
        let failed: BTreeSet<About> = self
            .log
            .iter()
            .filter(|entry| self.open_problem(&entry.about).is_some())
            .map(|entry| entry.about.clone())
            .collect();
        let mut healed = BTreeSet::new();
        for about in failed {
            let brought = match &about {
                About::Person(person) => self.bring_person(aws, person, at),
                About::Group(group) => self.bring_group(aws, group, at),
                About::Membership { group, person } => self.bring_membership(aws, group, person, at),
            };
            if brought.is_ok() {
                healed.insert(about);
            }
        }
        self.bring_memberships(aws, at, |_, group, person, _| {
            healed.contains(&About::Group(group.to_owned()))
                || healed.contains(&About::Person(person.to_owned()))
        });
    }

    /// A membership that cannot come yet is no error here: whoever looks finds it missing in AWS.
    fn bring_memberships(
        &mut self,
        aws: &mut Company,
        at: Timestamp,
        is_due: impl Fn(&Self, &str, &str, Timestamp) -> bool,
    ) {
        let due: Vec<_> = self
            .memberships
            .iter()
            .filter(|held| is_due(self, &held.group, &held.person, held.since))
            .cloned()
            .collect();
        for held in due {
            let _prevented_or_brought = self.bring_membership(aws, &held.group, &held.person, at);
        }
    }
}

/// How often `part` fits into `whole`.
fn whole_times(whole: SignedDuration, part: SignedDuration) -> u32 {
    let times = whole.as_secs().checked_div(part.as_secs()).unwrap_or_default();
    u32::try_from(times).unwrap_or(u32::MAX)
}

pub(super) fn later(moment: Timestamp, by: SignedDuration) -> Timestamp {
    moment.checked_add(by).unwrap_or(Timestamp::MAX)
}

pub(super) fn earlier(moment: Timestamp, by: SignedDuration) -> Timestamp {
    moment.checked_sub(by).unwrap_or(Timestamp::MIN)
}

fn later_by(moment: Timestamp, pace: SignedDuration, times: u32) -> Timestamp {
    later(moment, pace.checked_mul(i32::try_from(times).unwrap_or(i32::MAX)).unwrap_or(SignedDuration::MAX))
}
