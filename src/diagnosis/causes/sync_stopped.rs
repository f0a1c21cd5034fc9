//! `sync_stopped`: the IdP provisions nothing to AWS now: switched off, paused, in quarantine, never run, or its
//! credential is refused.

use jiff::Timestamp;

use crate::diagnosis::evidence::{About, Evidence, Meaning, Rank};
use crate::diagnosis::facts::idp::{IdpGroup, PushState, SyncState, Synchronization, TroubleKind};
use crate::diagnosis::link::{Judged, Link};
use crate::diagnosis::recency::troubles;
use crate::diagnosis::step::Step;

/// The IdP provisions nothing now.
#[derive(Clone, Debug, PartialEq)]
pub struct SyncStopped {
    pub group: IdpGroup,
    pub why: WhyStopped,
}

/// What stops the IdP from provisioning.
#[derive(Clone, Debug, PartialEq)]
pub enum WhyStopped {
    /// Synchronization as a whole does not run.
    State(SyncState),
    /// Synchronization runs without groups.
    GroupsNotSent,
    /// The push of this one group is switched off (Okta).
    PushOff,
    /// AWS refused the IdP's credential at this moment.
    CredentialRefused(Option<Timestamp>),
}

impl Evidence for SyncStopped {
    const ABOUT: About = About { name: "sync_stopped", step: Step::Sync, meaning: Meaning::Broken };

    fn rank(&self) -> Rank {
        Rank::given(Step::Sync).nth(0)
    }

    fn is_fault_of_the_sync(&self, _now: Timestamp) -> bool {
        true
    }
}

pub(in crate::diagnosis) fn on(link: &Link) -> Judged<SyncStopped> {
    let Some(group) = link.idp_group()? else {
        return Some(None);
    };
    let why = why_stopped(link, link.synchronization()?, group);
    Some(why.map(|why| SyncStopped { group: group.clone(), why }))
}

fn why_stopped(link: &Link, synchronization: &Synchronization, group: &IdpGroup) -> Option<WhyStopped> {
    match &synchronization.state {
        SyncState::Failing { code, .. } if names_a_credential(code) => {}
        SyncState::Running | SyncState::Failing { .. } | SyncState::Other(_) => {
            let mapping = link.mapping(group);
            if mapping.is_some_and(|mapping| mapping.state == PushState::Inactive) {
                return Some(WhyStopped::PushOff);
            }
            if link.idp()?.sends_groups.value() == Some(&false) {
                return Some(WhyStopped::GroupsNotSent);
            }
            let newest = troubles(link, group).next()?;
            let last_sent = mapping.map_or_else(
                || synchronization.last_completed.as_ref().and_then(|cycle| cycle.began),
                |mapping| mapping.last_push,
            );
            // A refusal before the newest thing that was sent has been fixed since.
            let holds = newest.kind == TroubleKind::CredentialRefused && newest.at >= last_sent;
            return holds.then_some(WhyStopped::CredentialRefused(newest.at));
        }
        SyncState::Off | SyncState::Paused | SyncState::NeverRan | SyncState::Quarantine(_) => {}
    }
    Some(WhyStopped::State(synchronization.state.clone()))
}

/// Entra documents no list of a failed cycle's codes; those seen for a refused credential hold one of these
/// words.
fn names_a_credential(code: &str) -> bool {
    let code = code.to_lowercase();
    ["credential", "unauthorized", "insufficientrights"].iter().any(|word| code.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::causes::{Cause, Finding};
    use crate::diagnosis::diagnose;
    use crate::diagnosis::facts::Facts;
    use crate::diagnosis::facts::idp::{AppAssignment, Idp, PushMapping, Quarantine, TroubleAbout};
    use crate::diagnosis::fixture::{at, cause, finding, idp_group, known, of_the_idp, sent_by, trouble};

    fn in_state(state: SyncState) -> Facts {
        let mut facts = sent_by(Idp::Entra);
        let idp = of_the_idp(&mut facts);
        let synchronization = idp.synchronization.value().cloned().expect("it was read");
        idp.synchronization = known(Synchronization { state, ..synchronization });
        facts
    }

    fn why(facts: &Facts) -> WhyStopped {
        match finding(facts) {
            Finding::SyncStopped(found) => found.why,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_job_that_does_not_run_explains_everything_after_it() {
        for state in [SyncState::Off, SyncState::Paused, SyncState::NeverRan] {
            let facts = in_state(state.clone());
            assert_eq!(why(&facts), WhyStopped::State(state));
            assert!(finding(&facts).is_fault_of_the_sync(facts.checked_at));
        }
    }

    #[test]
    fn a_quarantine_is_left_by_what_caused_it() {
        use crate::words::{next::next, say::Whom};
        let remedy = |reason: &str| {
            let quarantine = Quarantine { reason: reason.to_owned(), since: None, next_attempt: None };
            let facts = in_state(SyncState::Quarantine(quarantine));
            next(&diagnose(&facts), &Whom::Reader).step.plain(&jiff::tz::TimeZone::UTC)
        };
        assert!(remedy("EncounteredQuarantineException").contains("access token that is out of date"));
        assert!(remedy("TooManyDeletes").contains("allow or reject them. The access token is fine"));
        assert!(remedy("EncounteredTotalEscrowThreshold").contains("fix the errors in the provisioning log"));
        assert!(remedy("SomethingNew").contains("read the reason"));
    }

    #[test]
    fn runs_that_fail_stop_it_only_by_a_refused_credential() {
        let failing = |code: &str| in_state(SyncState::Failing { times: 3, code: code.to_owned() });
        assert!(matches!(why(&failing("InvalidCredentials")), WhyStopped::State(_)));
        assert_eq!(cause(&failing("InternalServerError")), Some(Cause::MembershipMissed));
    }

    #[test]
    fn a_refused_credential_counts_until_something_was_sent_again() {
        let refused = |time| {
            let mut facts = sent_by(Idp::Entra);
            let logged = trouble(TroubleAbout::Person, TroubleKind::CredentialRefused, time);
            of_the_idp(&mut facts).troubles = vec![known(vec![logged])];
            facts
        };
        assert_eq!(why(&refused("13:57")), WhyStopped::CredentialRefused(Some(at("13:57"))));
        assert_ne!(cause(&refused("13:10")), Some(Cause::SyncStopped));
    }

    #[test]
    fn a_mapping_that_is_off_stops_one_group() {
        let mut facts = sent_by(Idp::Okta);
        let off = PushMapping {
            id: "mapping".to_owned(),
            target: None,
            created: None,
            state: PushState::Inactive,
            last_push: Some(at("13:58")),
            error: None,
        };
        of_the_idp(&mut facts).app_assignments.insert(idp_group().id, known(AppAssignment::Pushed(off)));
        assert_eq!(why(&facts), WhyStopped::PushOff);
    }
}
