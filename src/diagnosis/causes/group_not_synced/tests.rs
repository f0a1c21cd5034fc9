//! What proves that AWS does not have a group, and which of them is told.

use super::*;
use crate::diagnosis::causes::{Cause, Finding};
use crate::diagnosis::facts::{Facts, FormerName, PermissionSetArn, Principal};
use crate::diagnosis::fixture::{
    at, cause, finding, group, group_id, idp_group, known, of_the_idp, read_only, sent_by, trouble, unread,
    without_membership,
};

fn without_external_id(facts: Facts) -> Facts {
    let mut facts = facts;
    let bare = Group { synced: false, external_ids: Box::default(), ..group() };
    facts.groups.insert(group_id(), known(Some(bare)));
    facts
}

#[test]
fn a_rejection_in_the_log_proves_that_the_name_is_held() {
    let mut facts = without_external_id(sent_by(Idp::Entra));
    let rejection = trouble(TroubleAbout::Group(idp_group().id), TroubleKind::NameTaken, "13:57");
    of_the_idp(&mut facts).troubles = vec![known(vec![rejection.clone()])];
    let manual = facts.group(&group_id()).cloned().expect("it is there").into();
    let is_held = NameTaken::seen_in(&rejection).expect("it says so");
    let why = WhyAbsent::NameHeld { manual, refused: Box::new(rejection), is_held };
    assert_eq!(finding(&facts), GroupNotSynced { at_the_idp: idp_group(), why }.into());
}

#[test]
fn a_name_taken_by_the_person_is_not_about_the_group() {
    let mut facts = without_external_id(sent_by(Idp::Entra));
    let rejection = trouble(TroubleAbout::Person, TroubleKind::NameTaken, "13:57");
    of_the_idp(&mut facts).troubles = vec![known(vec![rejection])];
    assert_ne!(cause(&facts), Some(Cause::GroupNotSynced));
}

#[test]
fn a_missing_external_id_proves_nothing() {
    for idp in [Idp::Entra, Idp::Okta] {
        assert_eq!(cause(&without_external_id(sent_by(idp))), Some(Cause::MembershipMissed));
    }
    let alone = without_external_id(without_membership());
    assert_eq!(cause(&alone), Some(Cause::MembershipNotSynced));
}

/// Dana's group is sent by the IdP and not in AWS; the admins' group has access, and so had a deleted one if `left`.
fn lost(left: bool) -> Facts {
    lost_at(Idp::Entra, left)
}

fn lost_at(idp: Idp, left: bool) -> Facts {
    let mut facts = sent_by(idp);
    let admins = GroupId("admins".to_owned());
    let record =
        Group { id: admins.clone(), name: "Ops".to_owned(), external_ids: Box::default(), ..group() };
    facts.groups = [(admins.clone(), known(Some(record)))].into();
    let mut principals = vec![Principal::Group(admins)];
    if left {
        facts.groups.insert(group_id(), known(None));
        principals.push(Principal::Group(group_id()));
    }
    facts.assignments.insert(read_only(), known(principals));
    of_the_idp(&mut facts).in_aws.insert(idp_group().id, known(None));
    facts
}

fn not_there(facts: &Facts) -> NotThere {
    match finding(facts) {
        Finding::GroupNotSynced(GroupNotSynced { why: WhyAbsent::NotThere(absent), .. }) => *absent,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_group_of_ones_own_that_aws_lacks_goes_before_the_admins() {
    assert!(matches!(not_there(&lost(true)).left, LeftOf::Some(_, None)));
    assert_eq!(not_there(&lost(false)).left, LeftOf::Nothing, "its name says that it is for the account");
    let mut facts = lost(false);
    of_the_idp(&mut facts).in_aws.insert(idp_group().id, unread());
    assert_eq!(cause(&facts), Some(Cause::NotInGroup), "what could not be read is not absent");
}

#[test]
fn a_group_that_gave_another_permission_set_does_not_explain_the_one_that_was_asked_for() {
    let asked_for = |set: &str| {
        let mut facts = lost(true);
        facts.permission_sets.insert(read_only(), known("ReadOnly".to_owned()));
        let Some(Fact::Known(principals)) = facts.assignments.get_mut(&read_only()) else {
            panic!("assigned")
        };
        let admins = principals.value.remove(0);
        let admin = PermissionSetArn("admin".to_owned());
        facts.permission_sets.insert(admin.clone(), known("Admin".to_owned()));
        facts.assignments.insert(admin, known(vec![admins]));
        facts.question.permission_set = Some(set.to_owned());
        cause(&facts)
    };
    assert_eq!(asked_for("ReadOnly"), Some(Cause::GroupNotSynced));
    assert_eq!(asked_for("Admin"), Some(Cause::NotInGroup));
}

#[test]
fn what_the_deleted_group_was_called_tells_whose_it_was() {
    let was = |name: &str| {
        let mut facts = lost(true);
        let former = FormerName { name: name.to_owned(), last_seen: at("01:00") };
        facts.former_groups.insert(group_id(), former);
        facts
    };
    assert!(matches!(not_there(&was("AWS-Payments")).left, LeftOf::TheGroup(_)));
    let LeftOf::Some(_, former) = not_there(&was("Old Contractors")).left else {
        panic!("it is of some group")
    };
    assert_eq!(former.as_deref(), Some("Old Contractors"), "it may have been renamed since");
}

#[test]
fn a_group_that_was_assigned_since_the_last_cycle_is_on_its_way() {
    let mut facts = lost(false);
    let since = Some(at("14:05"));
    of_the_idp(&mut facts).app_assignments.insert(idp_group().id, known(AppAssignment::Assigned { since }));
    assert_eq!(not_there(&facts).assigned_since, since);
}

#[test]
fn only_a_group_named_after_the_account_is_lost_to_it() {
    let mut facts = lost(false);
    let other = IdpGroup { name: "Crew".to_owned(), ..idp_group() };
    of_the_idp(&mut facts).direct = known(vec![other]);
    assert_eq!(cause(&facts), Some(Cause::NotInGroup));
}

#[test]
fn a_lost_group_is_sent_on_demand_where_nothing_holds_it_back() {
    let found = |change: fn(&mut Facts)| {
        let mut facts = lost(true);
        change(&mut facts);
        let absent = not_there(&facts);
        let found = GroupNotSynced { at_the_idp: idp_group(), why: WhyAbsent::NotThere(Box::new(absent)) };
        [Idp::Entra, Idp::Okta].map(|idp| found.group_to_send(Some(idp)).is_some())
    };
    assert_eq!(found(|_| ()), [true, false], "Okta has no such thing");
    let logged: fn(&mut Facts) = |facts| {
        let entry = trouble(TroubleAbout::Group(idp_group().id), TroubleKind::TargetDeleted, "13:57");
        of_the_idp(facts).troubles = vec![known(vec![entry])];
    };
    let paused: fn(&mut Facts) = |facts| {
        let idp = of_the_idp(facts);
        let synchronization = idp.synchronization.value().cloned().expect("it was read");
        idp.synchronization = known(Synchronization { state: SyncState::Paused, ..synchronization });
    };
    let assigned: fn(&mut Facts) = |facts| {
        let since = Some(at("14:05"));
        let new = known(AppAssignment::Assigned { since });
        of_the_idp(facts).app_assignments.insert(idp_group().id, new);
    };
    for held_back in [logged, paused, assigned] {
        assert_eq!(found(held_back), [false, false]);
    }
}

#[test]
fn it_is_a_fault_of_the_sync_if_the_access_was_there_and_the_group_is_not_on_its_way() {
    let is_fault = |left: bool, since: Option<&str>| {
        let mut facts = lost(left);
        let since = since.map(at);
        let assigned = known(AppAssignment::Assigned { since });
        of_the_idp(&mut facts).app_assignments.insert(idp_group().id, assigned);
        finding(&facts).is_fault_of_the_sync(facts.checked_at)
    };
    assert!(is_fault(true, None));
    assert!(!is_fault(true, Some("14:05")));
    assert!(!is_fault(false, None));
    assert!(!is_fault(false, Some("14:05")));
    let mut held = without_external_id(sent_by(Idp::Entra));
    let rejection = trouble(TroubleAbout::Group(idp_group().id), TroubleKind::NameTaken, "13:57");
    of_the_idp(&mut held).troubles = vec![known(vec![rejection])];
    assert!(!finding(&held).is_fault_of_the_sync(held.checked_at), "a name is in the way");
}

#[test]
fn what_was_logged_before_the_group_came_onto_the_application_says_nothing_of_it() {
    let logged = |assigned: Option<&str>, entry: &str| {
        let mut facts = lost(false);
        let since = assigned.map(at);
        let idp = of_the_idp(&mut facts);
        idp.app_assignments.insert(idp_group().id, known(AppAssignment::Assigned { since }));
        let about = TroubleAbout::Group(idp_group().id);
        idp.troubles = vec![known(vec![trouble(about, TroubleKind::Other, entry)])];
        not_there(&facts).logged.is_some()
    };
    assert!(logged(None, "13:57"));
    assert!(!logged(Some("14:05"), "14:04"));
    assert!(logged(Some("14:05"), "14:05"));
}

#[test]
fn a_log_was_read_if_all_of_it_was() {
    let was_read = |troubles: Vec<Fact<Vec<Trouble>>>| {
        let mut facts = lost(false);
        of_the_idp(&mut facts).troubles = troubles;
        not_there(&facts).log_was_read
    };
    assert!(was_read(vec![known(Vec::new()), known(Vec::new())]));
    assert!(!was_read(vec![known(Vec::new()), unread()]));
    assert!(!was_read(Vec::new()), "nobody asked for it");
}

#[test]
fn oktas_mapping_says_whether_the_push_failed_or_is_on_its_way() {
    let pushed = |state: PushState, created: &str, last_push: Option<&str>| {
        let mut facts = lost_at(Idp::Okta, false);
        let mapping = crate::diagnosis::facts::idp::PushMapping {
            id: "mapping".to_owned(),
            target: None,
            created: Some(at(created)),
            state,
            last_push: last_push.map(at),
            error: Some("conflict".to_owned()),
        };
        let idp = of_the_idp(&mut facts);
        idp.app_assignments.insert(idp_group().id, known(AppAssignment::Pushed(mapping)));
        let absent = not_there(&facts);
        (absent.logged.and_then(|entry| entry.reason), absent.assigned_since)
    };
    let conflict = || Some("conflict".to_owned());
    assert_eq!(pushed(PushState::Error, "12:00", Some("12:00")), (conflict(), None));
    assert_eq!(pushed(PushState::Active, "12:00", Some("12:00")), (None, None));
    assert_eq!(pushed(PushState::Active, "14:08", None), (None, Some(at("14:08"))));
    assert_eq!(pushed(PushState::Active, "14:08", Some("14:09")), (None, None), "it was pushed");
    assert_eq!(pushed(PushState::Active, "13:43", None), (None, Some(at("13:43"))));
    assert_eq!(pushed(PushState::Active, "13:42", None), (None, None), "half an hour is over");
}
