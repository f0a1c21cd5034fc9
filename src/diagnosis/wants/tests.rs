//! What else is worth asking, and what no more.

use super::*;
use crate::diagnosis::facts::idp::{Idp, IdpGroupId, IdpPerson};
use crate::diagnosis::facts::{AssignmentRequest, DirectoryUser, Gap, GapKind, IdentitySource, RequestState};
use crate::diagnosis::fixture::{
    at, dana, external, group, group_id, idp_group, in_place, known, of_the_idp as at_the_idp, read_only,
    sent_by, unread, without_membership,
};

#[test]
fn a_user_assigned_with_two_permission_sets_is_looked_up_once() {
    let other = UserId("other".to_owned());
    let assigned = known(vec![Principal::User(other.clone()), Principal::User(dana())]);
    let mut facts = without_membership();
    facts.assignments.insert(read_only(), assigned.clone());
    facts.assignments.insert(PermissionSetArn("billing".to_owned()), assigned);
    assert_eq!(users_involved(&facts), BTreeSet::from([other]));
    facts.assignments.insert(read_only(), known(vec![Principal::Group(group_id())]));
    let long_ago = Some(at("01:00") - jiff::SignedDuration::from_hours(9_000));
    let person = facts.person.value().cloned().expect("a person");
    facts.person = known(crate::diagnosis::facts::DirectoryUser { created_at: long_ago, ..person });
    assert_eq!(users_involved(&facts), BTreeSet::new(), "a group may explain more");
}

#[test]
fn a_disabled_person_or_account_needs_no_routes() {
    assert!(depends_on_routes(&in_place()));
    let mut facts = in_place();
    let person = facts.person.value().cloned().expect("a person");
    facts.person = known(crate::diagnosis::facts::DirectoryUser { enabled: false, ..person });
    assert!(!depends_on_routes(&facts));
}

#[test]
fn groups_are_weighed_only_if_the_person_was_in_none() {
    let mut facts = sent_by(Idp::Entra);
    assert_eq!(groups_to_weigh(&facts), Vec::new());
    at_the_idp(&mut facts).direct = known(Vec::new());
    at_the_idp(&mut facts).transitive = known(Vec::new());
    assert_eq!(groups_to_weigh(&facts), [group_id()]);
}

#[test]
fn the_idp_is_asked_for_the_persons_own_group_before_one_around_it_and_its_owners_last() {
    let mut facts = sent_by(Idp::Entra);
    at_the_idp(&mut facts).app_assignments.clear();
    assert_eq!(of_the_idp(&facts), Some(OfTheIdp::WhatBecameOf(vec![idp_group()])));
    at_the_idp(&mut facts).direct = known(Vec::new());
    assert_eq!(of_the_idp(&facts), Some(OfTheIdp::InnerGroup(idp_group())));
    at_the_idp(&mut facts).transitive = known(Vec::new());
    assert_eq!(of_the_idp(&facts), Some(OfTheIdp::Owners(group())));
}

#[test]
fn logs_are_read_of_groups_that_the_application_has_while_it_runs() {
    let unassigned = IdpGroup::new("unassigned", "Other");
    let groups = [idp_group(), unassigned.clone()];
    let mut facts = sent_by(Idp::Entra);
    at_the_idp(&mut facts).app_assignments.insert(unassigned.id, known(AppAssignment::None));
    assert_eq!(in_the_logs(&facts, &groups), [&groups[0]]);
    let external_ids = Box::new([external("unassigned")]);
    let by_id = crate::diagnosis::facts::Group { external_ids, ..group() };
    facts.groups.insert(group_id(), known(Some(by_id)));
    assert_eq!(in_the_logs(&facts, &groups).len(), 2, "AWS has it by its id, so that it was sent");
    let idp = at_the_idp(&mut facts);
    let synchronization = idp.synchronization.value().cloned().expect("it was read");
    idp.synchronization =
        known(crate::diagnosis::facts::idp::Synchronization { state: SyncState::Paused, ..synchronization });
    assert_eq!(in_the_logs(&facts, &groups), Vec::<&IdpGroup>::new());
}

#[test]
fn only_what_is_in_place_is_settled() {
    assert!(is_settled(&in_place()));
    assert!(!is_settled(&without_membership()));
}

#[test]
fn the_assigned_groups_and_the_persons_own_are_involved() {
    let own = GroupId("own".to_owned());
    let mut facts = without_membership();
    let membership = crate::diagnosis::facts::Membership { group: own.clone(), since: None };
    facts.memberships = known(vec![membership]);
    assert_eq!(groups_involved(&facts), BTreeSet::from([group_id(), own.clone()]));
    assert_eq!(provisioned(&facts), [read_only()]);
    assert_eq!(groups_to_ask(&facts), BTreeSet::new(), "the account's assignments were read");
    facts.provisioned_latest = known(Vec::new());
    assert_eq!(groups_to_ask(&facts), BTreeSet::from([own]));
    facts.assignments.clear();
    assert_eq!(groups_involved(&facts), BTreeSet::new(), "nothing is assigned to compare names with");
}

#[test]
fn only_whom_the_idp_has_and_aws_has_not_is_unprovisioned() {
    let mut facts = sent_by(Idp::Entra);
    assert!(!is_unprovisioned(&facts));
    (facts.user_by_name, facts.user_by_email) = (known(None), known(None));
    assert!(is_unprovisioned(&facts));
    at_the_idp(&mut facts).person = known(None);
    assert!(!is_unprovisioned(&facts));
}

fn nobody(facts: Facts) -> Facts {
    Facts { user_by_name: known(None), user_by_email: known(None), person: Fact::NotAsked, ..facts }
}

#[test]
fn where_people_come_from_is_asked_of_others_only_if_nobody_or_two_were_found_and_nothing_else_says() {
    assert!(source_elsewhere(&nobody(Facts { groups: std::collections::BTreeMap::new(), ..in_place() })));
    assert!(!source_elsewhere(&in_place()), "the person's record says");
    assert!(!source_elsewhere(&nobody(sent_by(Idp::Entra))), "an IdP is connected");
    let configured_source = Some(IdentitySource::IdentityCenter);
    assert!(!source_elsewhere(&nobody(Facts { configured_source, ..in_place() })));
    let unseen = Facts { user_by_name: unread(), user_by_email: unread(), ..nobody(in_place()) };
    assert!(!source_elsewhere(&Facts { groups: std::collections::BTreeMap::new(), ..unseen }));
}

#[test]
fn an_application_may_be_meant_by_a_name_that_no_account_has() {
    let absent = known(AccountSearch::NotFound { nearest: Vec::new() });
    let mut facts = Facts { account: absent, ..in_place() };
    assert!(applications(&facts));
    facts.question.account = "111122223333".to_owned();
    assert!(!applications(&facts), "that is an id");
    assert!(!applications(&in_place()));
    assert!(!applications(&Facts { account: unread(), ..in_place() }));
}

#[test]
fn routes_need_an_active_account_and_somebody_who_may_use_it() {
    assert!(!depends_on_routes(&nobody(in_place())), "nobody knows them");
    assert!(depends_on_routes(&nobody(sent_by(Idp::Entra))), "they are on their way");
    assert!(!depends_on_routes(&Facts { account: unread(), ..in_place() }));
}

#[test]
fn names_of_permission_sets_are_read_where_an_assignment_or_a_request_names_one() {
    let set = PermissionSetArn("billing".to_owned());
    let assignment = |set: &PermissionSetArn| Assignment {
        permission_set: set.clone(),
        principal: Principal::Group(group_id()),
    };
    let mut facts = in_place();
    facts.persons_assignments = known(vec![assignment(&set), assignment(&read_only())]);
    assert_eq!(unnamed_sets(&facts), std::slice::from_ref(&set), "the other's name was read");
    let state = RequestState::Failed;
    let request =
        AssignmentRequest { assignment: assignment(&set), state, failure_reason: None, created_at: None };
    let facts = Facts { requests_failed: known(vec![request]), ..in_place() };
    assert_eq!(requested_sets(&facts), [set]);
}

#[test]
fn of_what_is_in_place_the_groups_that_give_it_are_told() {
    assert_eq!(groups_that_give_it(&in_place()), BTreeSet::from([group_id()]));
    assert_eq!(groups_that_give_it(&without_membership()), BTreeSet::new());
}

#[test]
fn users_of_direct_assignments_matter_beside_a_group_if_one_may_be_the_person_before() {
    let gone = UserId("gone".to_owned());
    let principals = vec![Principal::Group(group_id()), Principal::User(gone.clone())];
    let with = |facts: Facts| {
        let mut facts = facts;
        facts.assignments.insert(read_only(), known(principals.clone()));
        users_involved(&facts)
    };
    assert_eq!(with(without_membership()), BTreeSet::from([gone.clone()]), "their record may be new");
    assert_eq!(with(nobody(sent_by(Idp::Entra))), BTreeSet::from([gone]), "they are on their way");
    let record = in_place().person.value().cloned().expect("a record");
    let long_ago = Some(at("01:00") - jiff::SignedDuration::from_hours(9_000));
    let person = known(DirectoryUser { created_at: long_ago, ..record });
    assert_eq!(with(Facts { person, ..without_membership() }), BTreeSet::new());
}

#[test]
fn a_group_that_only_a_request_names_is_read_if_the_person_is_in_it() {
    let own = GroupId("own".to_owned());
    let request = |group: &GroupId| AssignmentRequest {
        assignment: Assignment { permission_set: read_only(), principal: Principal::Group(group.clone()) },
        state: RequestState::InProgress,
        failure_reason: None,
        created_at: None,
    };
    let joined = |group: GroupId| crate::diagnosis::facts::Membership { group, since: None };
    let mut facts = in_place();
    let other = GroupId("somebody else's".to_owned());
    facts.requests_in_progress = known(vec![request(&own), request(&other), request(&group_id())]);
    facts.memberships = known(vec![joined(own.clone()), joined(group_id())]);
    assert_eq!(requested_groups(&facts), BTreeSet::from([own]));
}

#[test]
fn push_mappings_are_asked_of_okta_while_it_answers_and_lets_the_person_in() {
    let bare = Group { external_ids: Box::default(), ..group() };
    let unasked = || {
        let mut facts = sent_by(Idp::Okta);
        at_the_idp(&mut facts).pushed.clear();
        facts.groups.insert(group_id(), known(Some(bare.clone())));
        facts
    };
    assert_eq!(filled_by_pushes(&unasked()), std::slice::from_ref(&bare));
    let mut at_entra = unasked();
    at_the_idp(&mut at_entra).idp = Idp::Entra;
    at_the_idp(&mut at_entra).direct = known(Vec::new());
    at_the_idp(&mut at_entra).transitive = known(Vec::new());
    assert_eq!(filled_by_pushes(&at_entra), Vec::new(), "Entra has none");
    let lost: [fn(&mut IdpFacts); 4] = [
        |idp| idp.direct = unread(),
        |idp| idp.person = known(None),
        |idp| {
            let person = idp.person.value().cloned().flatten().expect("a person");
            idp.person = known(Some(IdpPerson { enabled: false, ..person }));
        },
        |idp| {
            let late = Gap { kind: GapKind::Timeout, operation: "x:Y".to_owned(), detail: String::new() };
            idp.owners.insert(idp_group().id, Fact::Gap(late));
        },
    ];
    for lose in lost {
        let mut facts = unasked();
        lose(at_the_idp(&mut facts));
        assert_eq!(filled_by_pushes(&facts), Vec::new());
    }
}

#[test]
fn a_deleted_group_is_one_that_aws_answered_to_be_gone() {
    let mut facts = without_membership();
    assert_eq!(deleted_groups(&facts), Vec::new());
    facts.groups.insert(group_id(), unread());
    assert_eq!(deleted_groups(&facts), Vec::new());
    facts.groups.insert(group_id(), known(None));
    assert_eq!(deleted_groups(&facts), [group_id()]);
}

#[test]
fn whether_own_groups_are_sent_matters_where_no_route_was_given_and_nothing_else_explains() {
    let other = vec![IdpGroup::new("other", "Crew")];
    let asked = |change: fn(&mut Facts)| {
        let mut facts = sent_by(Idp::Entra);
        let idp = at_the_idp(&mut facts);
        (idp.direct, idp.transitive) = (known(other.clone()), known(other.clone()));
        change(&mut facts);
        whether_own_groups_are_sent(&facts)
    };
    assert!(asked(|_| ()));
    assert!(!asked(|facts| facts.idp = None));
    assert!(!asked(|facts| at_the_idp(facts).direct = known(Vec::new())), "they are in none");
    assert!(!asked(|facts| *facts = nobody(facts.clone())), "AWS has nobody who could be in one");
    assert!(!asked(|facts| facts.assignments.clear()), "no group was ever assigned");
    assert!(!asked(|facts| facts.memberships = in_place().memberships), "they have the access");
    assert!(
        !asked(|facts| facts.question.permission_set = Some("Admin".to_owned())),
        "nothing that is there gives what was asked for"
    );
    assert!(!asked(|facts| at_the_idp(facts).direct = known(vec![idp_group()])), "that one explains it");
    assert!(
        !asked(|facts| {
            let idp = at_the_idp(facts);
            idp.transitive = known(vec![IdpGroup::new("other", "Crew"), idp_group()]);
        }),
        "a group around theirs explains it"
    );
}

#[test]
fn namesakes_are_told_apart_once() {
    let mut facts = sent_by(Idp::Entra);
    assert_eq!(namesakes_to_tell_apart(&facts), Vec::new(), "the id says which group it is");
    let assigned =
        Group { external_ids: Box::new([crate::diagnosis::fixture::external("meant")]), ..group() };
    facts.groups.insert(group_id(), known(Some(assigned.clone())));
    assert_eq!(namesakes_to_tell_apart(&facts), [assigned]);
    let meant = IdpGroup { id: IdpGroupId("meant".to_owned()), ..idp_group() };
    at_the_idp(&mut facts).twins.insert(group_id(), known(Some(meant)));
    assert_eq!(namesakes_to_tell_apart(&facts), Vec::new(), "that was asked");
    assert_eq!(namesakes_to_tell_apart(&in_place()), Vec::new());
}
