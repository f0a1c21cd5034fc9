//! Which change of a link is on its way, and which entries of the IdP's log are too old to explain that it is missing.
//!
//! The IdP's logs lag behind what happens by minutes, and forget what is older than they reach: a joining of which they
//! hold nothing was minutes ago or long ago, and neither is an answer to the other.

use jiff::{SignedDuration, Timestamp};

use super::facts::idp::{
    AppAssignment, IdpGroup, PushMapping, PushState, SkipReason, Trouble, TroubleAbout, TroubleKind,
};
use super::facts::{Identity, names_id};
use super::link::{Judged, Link};

/// How long a change may be on its way at Okta, which sends on events and promises no time. Okta publishes no
/// figure; half an hour is our own limit, after which waiting is the wrong advice.
pub(super) const OKTA_SENDS_WITHIN: SignedDuration = SignedDuration::from_mins(30);

/// A change that the IdP has not had to send yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnItsWay {
    /// The person joined the group: at this moment, if the log says.
    Joined(Option<Timestamp>),
    /// The group came onto the application, with the person in it.
    GroupAssigned(Timestamp),
    /// The person came onto the application (Okta).
    PersonAssigned(Timestamp),
    /// The log has no entry of the joining: it was just now, or longer ago than the log reaches.
    Perhaps,
}

impl OnItsWay {
    /// Since when it is on its way, if that is known.
    pub fn since(self) -> Option<Timestamp> {
        match self {
            Self::Joined(at) => at,
            Self::GroupAssigned(at) | Self::PersonAssigned(at) => Some(at),
            Self::Perhaps => None,
        }
    }
}

/// The change of this group that is on its way; inner `None` if the IdP should have sent everything by now, outer if
/// that could not be read.
pub(super) fn on_its_way(link: &Link, group: &IdpGroup) -> Judged<OnItsWay> {
    match link.mapping(group) {
        Some(mapping) => on_its_way_at_okta(link, group, mapping),
        None => on_its_way_at_entra(link, group),
    }
}

/// Entra: what changed before the newest completed cycle began should have been sent by it.
fn on_its_way_at_entra(link: &Link, group: &IdpGroup) -> Judged<OnItsWay> {
    let completed = link.synchronization()?.last_completed.as_ref();
    let began = completed.and_then(|cycle| cycle.began.or(cycle.ended));
    let joined = link.added_at(group)?;
    let Some(began) = began else {
        return Some(Some(OnItsWay::Joined(joined)));
    };
    let assigned = match link.app_assignment(group)? {
        AppAssignment::Assigned { since } => *since,
        AppAssignment::None | AppAssignment::Pushed(_) => None,
    };
    let assigned = assigned.filter(|at| *at >= began && Some(*at) > joined);
    if let Some(at) = assigned {
        return Some(Some(OnItsWay::GroupAssigned(at)));
    }
    Some(match joined {
        Some(at) => (at >= began).then_some(OnItsWay::Joined(Some(at))),
        None => joined_since(link, group, began),
    })
}

/// Okta: a change is pushed on its event; one that is older than the last push, or than any push takes, was missed.
fn on_its_way_at_okta(link: &Link, group: &IdpGroup, mapping: &PushMapping) -> Judged<OnItsWay> {
    let joined = link.added_at(group)?;
    let earliest = link.case.facts.checked_at.checked_sub(OKTA_SENDS_WITHIN).unwrap_or(Timestamp::MIN);
    // Who was put on the application later is pushed later, and so is a group.
    let changes = [
        joined.map(|at| (at, OnItsWay::Joined(Some(at)))),
        link.app_user()
            .and_then(|app_user| app_user.status_changed)
            .map(|at| (at, OnItsWay::PersonAssigned(at))),
        mapping.created.map(|at| (at, OnItsWay::GroupAssigned(at))),
    ];
    let newest = changes.into_iter().flatten().max_by_key(|(at, _)| *at);
    match newest.filter(|(at, _)| *at > earliest) {
        Some((at, change)) if mapping.last_push <= Some(at) => return Some(Some(change)),
        _ => {}
    }
    Some(match joined {
        Some(_) => None,
        None => joined_since(link, group, earliest),
    })
}

/// Whether the person joined since this moment, of whom the log holds no entry: nobody joins before there is a person
/// and a group, after anybody last joined, or after they were seen in it.
fn joined_since(link: &Link, group: &IdpGroup, moment: Timestamp) -> Option<OnItsWay> {
    let person = link.idp().and_then(|idp| idp.person.value()?.as_ref()?.created_at);
    let possible_since = person.max(group.traits.created_at);
    let mut possible_until = group.traits.members_changed_at.into_iter().chain(link.case.facts.joined_by);
    match () {
        () if possible_since >= Some(moment) => Some(OnItsWay::Joined(None)),
        () if possible_until.any(|until| until < moment) => None,
        () => Some(OnItsWay::Perhaps),
    }
}

/// What the log holds of this person and this group that may explain what is missing, the newest first.
pub(super) fn troubles<'f>(link: &Link<'_, 'f>, group: &IdpGroup) -> impl Iterator<Item = &'f Trouble> {
    let mut entries = link.entries(group);
    entries.retain(|entry| !is_too_old_to_explain(link, group, entry));
    entries.into_iter()
}

/// The newest entry that is older than the change that is on its way.
pub(super) fn older_entry<'f>(link: &Link<'_, 'f>, group: &IdpGroup) -> Option<&'f Trouble> {
    link.entries(group).into_iter().find(|entry| is_too_old_to_explain(link, group, entry))
}

/// Returns true if the entry is older than the change that is on its way and says nothing of it: the cycle that would
/// bring it has not run yet.
fn is_too_old_to_explain(link: &Link, group: &IdpGroup, entry: &Trouble) -> bool {
    let Some(Some(change)) = on_its_way(link, group) else {
        return false;
    };
    let last_sent = link.last_sent(group);
    let is_older = match (entry.at, change.since()) {
        (None, _) => false,
        (Some(at), Some(changed)) => at < changed,
        // Of a change without a time, an entry is older that the newest cycle did not write.
        (Some(at), None) => Some(at) < last_sent,
    };
    is_older
        && match entry.kind {
            // What was skipped stays so until something changes.
            TroubleKind::Skipped(_) if change == OnItsWay::Perhaps => false,
            TroubleKind::Skipped(SkipReason::OutOfScope) => arrived_all_the_same(link, group, &entry.about),
            TroubleKind::Skipped(_) => true,
            // Something was sent since.
            TroubleKind::CredentialRefused if entry.at < last_sent => true,
            _ => arrived_all_the_same(link, group, &entry.about),
        }
}

/// Returns true if AWS has it, whatever the log says of it.
fn arrived_all_the_same(link: &Link, group: &IdpGroup, about: &TroubleAbout) -> bool {
    match about {
        TroubleAbout::Person => matches!(link.case.facts.identity(), Identity::One(_)),
        TroubleAbout::Group(_) => match link.mapping(group) {
            Some(mapping) => mapping.state == PushState::Active && mapping.last_push.is_some(),
            None => names_id(&link.assigned.external_ids, &group.id.0),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::causes::{Cause, Finding};
    use crate::diagnosis::facts::Facts;
    use crate::diagnosis::facts::idp::Idp;
    use crate::diagnosis::fixture::{
        at, cause, finding, idp_group, known, of_the_idp, sent_by, trouble, unread,
    };

    /// The log has no entry of Dana's joining.
    fn unlogged(idp: Idp) -> Facts {
        let mut facts = sent_by(idp);
        of_the_idp(&mut facts).added_at.insert(idp_group().id, known(None));
        facts
    }

    fn with_traits(mut facts: Facts, change: impl FnOnce(&mut IdpGroup)) -> Facts {
        let mut group = idp_group();
        change(&mut group);
        of_the_idp(&mut facts).direct = known(vec![group]);
        facts
    }

    fn pending(facts: &Facts) -> OnItsWay {
        match finding(facts) {
            Finding::SyncPending(found) => found.change,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_joining_that_the_log_does_not_hold_was_just_now_or_long_ago() {
        for idp in [Idp::Entra, Idp::Okta] {
            assert_eq!(pending(&unlogged(idp)), OnItsWay::Perhaps);
        }
    }

    #[test]
    fn nobody_joins_before_there_is_a_person_and_a_group() {
        let facts = with_traits(unlogged(Idp::Entra), |group| group.traits.created_at = Some(at("14:05")));
        assert_eq!(pending(&facts), OnItsWay::Joined(None));
        let facts = with_traits(unlogged(Idp::Entra), |group| group.traits.created_at = Some(at("13:00")));
        assert_eq!(pending(&facts), OnItsWay::Perhaps);
    }

    #[test]
    fn nobody_joined_after_the_groups_members_last_changed() {
        let changed = |time: &str| {
            with_traits(unlogged(Idp::Okta), |group| group.traits.members_changed_at = Some(at(time)))
        };
        assert_eq!(cause(&changed("13:30")), Some(Cause::MembershipMissed));
        assert_eq!(pending(&changed("14:10")), OnItsWay::Perhaps);
    }

    #[test]
    fn nobody_joined_after_they_were_seen_in_the_group() {
        let seen = |time: &str| cause(&Facts { joined_by: Some(at(time)), ..unlogged(Idp::Entra) });
        assert_eq!(seen("13:50"), Some(Cause::MembershipMissed), "a cycle has passed since");
        assert_eq!(seen("14:05"), Some(Cause::SyncPending));
    }

    #[test]
    fn a_log_that_could_not_be_read_says_neither() {
        let mut facts = sent_by(Idp::Entra);
        of_the_idp(&mut facts).added_at.insert(idp_group().id, unread());
        assert_eq!(cause(&facts), Some(Cause::MembershipNotSynced));
        let mut facts = unlogged(Idp::Entra);
        of_the_idp(&mut facts).troubles = vec![unread()];
        assert_eq!(cause(&facts), Some(Cause::MembershipNotSynced));
    }

    #[test]
    fn of_two_changes_the_newer_one_is_on_its_way() {
        let mut facts = sent_by(Idp::Entra);
        let since = Some(at("14:08"));
        let assigned = known(AppAssignment::Assigned { since });
        of_the_idp(&mut facts).app_assignments.insert(idp_group().id, assigned);
        assert_eq!(pending(&facts), OnItsWay::GroupAssigned(at("14:08")));
        let idp = of_the_idp(&mut facts);
        idp.added_at.insert(idp_group().id, known(None));
        assert_eq!(pending(&facts), OnItsWay::GroupAssigned(at("14:08")), "in either reading");
        let idp = of_the_idp(&mut facts);
        idp.added_at.insert(idp_group().id, known(Some(at("14:10"))));
        assert_eq!(pending(&facts), OnItsWay::Joined(Some(at("14:10"))));
    }

    fn logged(joined: &str, entry: Trouble) -> Facts {
        let mut facts = sent_by(Idp::Entra);
        let idp = of_the_idp(&mut facts);
        idp.added_at.insert(idp_group().id, known(Some(at(joined))));
        idp.troubles = vec![known(vec![entry])];
        facts
    }

    #[test]
    fn an_error_older_than_the_change_is_a_note_until_a_cycle_has_passed() {
        let error = || trouble(TroubleAbout::Person, TroubleKind::Attribute, "13:30");
        let Finding::SyncPending(found) = finding(&logged("14:05", error())) else { panic!("it waits") };
        assert_eq!(found.older_entry, Some(error()));
        assert_eq!(cause(&logged("13:40", error())), Some(Cause::SyncError));
    }

    #[test]
    fn an_error_that_kept_somebody_out_of_aws_is_none_the_less_one() {
        let error = trouble(TroubleAbout::Person, TroubleKind::Attribute, "13:30");
        let facts = logged("14:05", error);
        let unknown = Facts { user_by_name: known(None), user_by_email: known(None), ..facts };
        assert_eq!(cause(&unknown), Some(Cause::SyncError));
        let of_the_group = TroubleAbout::Group(idp_group().id);
        let taken = trouble(of_the_group, TroubleKind::NameTaken, "13:30");
        let mut facts = logged("14:05", taken);
        let bare = crate::diagnosis::facts::Group {
            synced: false,
            external_ids: Box::default(),
            ..crate::diagnosis::fixture::group()
        };
        facts.groups.insert(crate::diagnosis::fixture::group_id(), known(Some(bare)));
        assert_eq!(cause(&facts), Some(Cause::GroupNotSynced));
    }

    #[test]
    fn a_skip_before_the_group_was_assigned_anew_says_nothing_of_it() {
        let skip = TroubleKind::Skipped(SkipReason::NotEntitled);
        let mut facts = logged("13:00", trouble(TroubleAbout::Group(idp_group().id), skip, "13:57"));
        assert_eq!(cause(&facts), Some(Cause::SkippedByTheIdp));
        let assigned = known(AppAssignment::Assigned { since: Some(at("14:08")) });
        of_the_idp(&mut facts).app_assignments.insert(idp_group().id, assigned);
        assert_eq!(cause(&facts), Some(Cause::SyncPending));
    }

    #[test]
    fn a_new_push_mapping_is_on_its_way() {
        let mut facts = sent_by(Idp::Okta);
        let new = PushMapping {
            id: "mapping".to_owned(),
            target: None,
            created: Some(at("14:08")),
            state: PushState::Active,
            last_push: None,
            error: None,
        };
        of_the_idp(&mut facts).app_assignments.insert(idp_group().id, known(AppAssignment::Pushed(new)));
        assert_eq!(pending(&facts), OnItsWay::GroupAssigned(at("14:08")));
    }

    #[test]
    fn what_came_as_a_cycle_began_is_on_its_way_and_what_was_pushed_as_it_came_is_not_missed() {
        let mut facts = sent_by(Idp::Entra);
        of_the_idp(&mut facts).added_at.insert(idp_group().id, known(Some(at("13:56"))));
        assert_eq!(pending(&facts), OnItsWay::Joined(Some(at("13:56"))), "the cycle began in that minute");
        let mut facts = sent_by(Idp::Okta);
        of_the_idp(&mut facts).added_at.insert(idp_group().id, known(Some(at("13:58"))));
        assert_eq!(pending(&facts), OnItsWay::Joined(Some(at("13:58"))), "the push began in that minute");
        of_the_idp(&mut facts).added_at.insert(idp_group().id, known(Some(at("13:57"))));
        assert_eq!(cause(&facts), Some(Cause::MembershipMissed));
    }

    #[test]
    fn of_a_change_without_a_time_an_entry_is_older_that_the_newest_cycle_did_not_write() {
        let with = |time: &str| {
            let mut facts = unlogged(Idp::Entra);
            let entry = trouble(TroubleAbout::Person, TroubleKind::Attribute, time);
            of_the_idp(&mut facts).troubles = vec![known(vec![entry])];
            facts
        };
        assert_eq!(cause(&with("13:57")), Some(Cause::SyncPending));
        for time in ["13:58", "13:59"] {
            assert_eq!(cause(&with(time)), Some(Cause::SyncError), "{time}");
        }
    }

    #[test]
    fn a_skip_holds_until_something_changes() {
        let skip = |why| trouble(TroubleAbout::Person, TroubleKind::Skipped(why), "13:30");
        let mut unlogged = unlogged(Idp::Entra);
        of_the_idp(&mut unlogged).troubles = vec![known(vec![skip(SkipReason::NotEntitled)])];
        assert_eq!(cause(&unlogged), Some(Cause::SkippedByTheIdp), "nothing says that anything changed");
        assert_eq!(cause(&logged("14:05", skip(SkipReason::NotEntitled))), Some(Cause::SyncPending));
        // A filter looks at the person, whom AWS has: it let them through since.
        assert_eq!(cause(&logged("14:05", skip(SkipReason::OutOfScope))), Some(Cause::SyncPending));
        let facts = logged("14:05", skip(SkipReason::OutOfScope));
        let unknown = Facts { user_by_name: known(None), user_by_email: known(None), ..facts };
        assert_eq!(cause(&unknown), Some(Cause::SkippedByTheIdp));
    }

    #[test]
    fn a_credential_that_was_refused_before_something_was_sent_is_well_again() {
        let refused = |time| {
            let about = TroubleAbout::Group(idp_group().id);
            let mut facts = logged("14:05", trouble(about, TroubleKind::CredentialRefused, time));
            let bare = crate::diagnosis::facts::Group {
                external_ids: Box::default(),
                ..crate::diagnosis::fixture::group()
            };
            facts.groups.insert(crate::diagnosis::fixture::group_id(), known(Some(bare)));
            cause(&facts)
        };
        assert_eq!(refused("13:57"), Some(Cause::SyncPending));
        assert_ne!(refused("13:58"), Some(Cause::SyncPending), "nothing says that it was accepted since");
    }
}
