//! What the IdP remembers: Entra's provisioning log and directory audit, which are also the ground for Okta's
//! System Log.

use std::cmp::Reverse;

use jiff::{SignedDuration, Timestamp};

use super::{Idp, Membership, Problem};
use crate::sandbox::company::ids;

/// Entra ID P1 and P2 keep their logs for 30 days (Microsoft Entra, "data retention"). Okta keeps 90; the
/// company has one memory.
const RETENTION: SignedDuration = SignedDuration::from_hours(30 * 24);

/// One entry of the provisioning log.
#[derive(Clone, Debug)]
pub struct LogEntry {
    /// A UUID.
    pub id: String,
    pub at: Timestamp,
    pub about: About,
    pub action: Action,
    /// What went wrong; nothing where it went well.
    pub problem: Option<Problem>,
}

/// What an entry is about, by key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    Person(String),
    Group(String),
    /// Entra tells of it as an update of the group, Okta as a push of the group's memberships.
    Membership {
        group: String,
        person: String,
    },
}

/// What was done, or tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Create,
    Update,
}

impl Idp {
    /// The entries that are there by now and not yet forgotten, newest first.
    pub fn recent_log(&self, now: Timestamp) -> Vec<&LogEntry> {
        let mut recent: Vec<_> = self.log.iter().filter(|entry| self.is_shown(entry.at, now)).collect();
        recent.sort_by_key(|entry| Reverse(entry.at));
        recent
    }

    /// The additions to groups that the directory audit shows by now and has not yet forgotten, newest first.
    pub fn recent_additions(&self, now: Timestamp) -> Vec<&Membership> {
        let mut recent: Vec<_> =
            self.memberships.iter().filter(|membership| self.is_shown(membership.since, now)).collect();
        recent.sort_by_key(|membership| Reverse(membership.since));
        recent
    }

    /// What went wrong with it, if nothing newer went well.
    pub(super) fn open_problem(&self, about: &About) -> Option<&Problem> {
        let newest = self.log.iter().filter(|entry| entry.about == *about).max_by_key(|entry| entry.at);
        newest?.problem.as_ref()
    }

    fn is_shown(&self, at: Timestamp, now: Timestamp) -> bool {
        let age = now.duration_since(at);
        self.logs_lag <= age && age < RETENTION
    }

    pub(super) fn note(&mut self, at: Timestamp, about: About, action: Action, problem: Option<Problem>) {
        let id = ids::uuid("log entry", &format!("{} {at} {about:?}", self.log.len()));
        self.log.push(LogEntry { id, at, about, action, problem });
    }
}
