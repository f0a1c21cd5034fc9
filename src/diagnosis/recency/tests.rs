//! What is on its way, and which entries of the log are too old to explain anything.

use super::*;
use crate::diagnosis::causes::{Cause, Finding};
use crate::diagnosis::facts::idp::Idp;
use crate::diagnosis::facts::{Fact, Facts};
use crate::diagnosis::fixture::{at, cause, finding, idp_group, known, of_the_idp, sent_by, trouble, unread};

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

#[test]
fn what_is_on_its_way_is_so_since_its_change() {
    let time = at("14:05");
    assert_eq!(OnItsWay::Joined(Some(time)).since(), Some(time));
    assert_eq!(OnItsWay::GroupAssigned(time).since(), Some(time));
    assert_eq!(OnItsWay::PersonAssigned(time).since(), Some(time));
    assert_eq!(OnItsWay::Perhaps.since(), None);
}

#[test]
fn of_two_changes_in_one_moment_the_joining_is_told() {
    let mut facts = sent_by(Idp::Entra);
    let idp = of_the_idp(&mut facts);
    idp.app_assignments.insert(idp_group().id, known(AppAssignment::Assigned { since: Some(at("14:05")) }));
    idp.added_at.insert(idp_group().id, known(Some(at("14:05"))));
    assert_eq!(pending(&facts), OnItsWay::Joined(Some(at("14:05"))));
}

#[test]
fn okta_has_less_than_half_an_hour_to_send() {
    let pushed_before = |joined: &str| {
        let mut facts = sent_by(Idp::Okta);
        let idp = of_the_idp(&mut facts);
        let Some(Fact::Known(sent)) = idp.app_assignments.get_mut(&idp_group().id) else {
            panic!("it is read")
        };
        let AppAssignment::Pushed(mapping) = &mut sent.value else { panic!("Okta pushes") };
        mapping.last_push = Some(at("13:00"));
        idp.added_at.insert(idp_group().id, known(Some(at(joined))));
        cause(&facts)
    };
    assert_eq!(pushed_before("13:43"), Some(Cause::SyncPending));
    assert_eq!(pushed_before("13:42"), Some(Cause::MembershipMissed));
}

#[test]
fn who_was_seen_in_the_group_as_the_cycle_began_may_have_been_late_for_it() {
    let facts = Facts { joined_by: Some(at("13:56")), ..unlogged(Idp::Entra) };
    assert_eq!(pending(&facts), OnItsWay::Perhaps);
}

#[test]
fn an_error_in_the_moment_of_the_change_is_of_the_change() {
    let error = trouble(TroubleAbout::Person, TroubleKind::Attribute, "14:05");
    assert_eq!(cause(&logged("14:05", error)), Some(Cause::SyncError));
}

#[test]
fn a_skip_of_somebody_without_an_assignment_is_over_with_the_new_one_whether_or_not_they_arrived() {
    let skip = trouble(TroubleAbout::Person, TroubleKind::Skipped(SkipReason::NotEntitled), "13:30");
    let unknown = Facts { user_by_name: known(None), user_by_email: known(None), ..logged("14:05", skip) };
    assert_eq!(cause(&unknown), Some(Cause::SyncPending));
}

#[test]
fn what_okta_logged_of_a_group_is_over_once_its_push_has_succeeded() {
    let pushed = |state: PushState, last_push: Option<Timestamp>| {
        let mut facts = sent_by(Idp::Okta);
        let idp = of_the_idp(&mut facts);
        let mapping = PushMapping {
            id: "mapping".to_owned(),
            target: None,
            created: None,
            state,
            last_push,
            error: None,
        };
        idp.app_assignments.insert(idp_group().id, known(AppAssignment::Pushed(mapping)));
        idp.added_at.insert(idp_group().id, known(Some(at("14:05"))));
        let entry = trouble(TroubleAbout::Group(idp_group().id), TroubleKind::Other, "13:30");
        idp.troubles = vec![known(vec![entry])];
        cause(&facts)
    };
    assert_eq!(pushed(PushState::Active, Some(at("13:58"))), Some(Cause::SyncPending));
    assert_eq!(pushed(PushState::Active, None), Some(Cause::SyncError), "it was never pushed");
    assert_eq!(pushed(PushState::Other("NEW".to_owned()), Some(at("13:58"))), Some(Cause::SyncError));
}
