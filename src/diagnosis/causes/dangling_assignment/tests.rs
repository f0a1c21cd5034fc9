//! Which group a deleted one may be, and how far such an assignment gets.

use super::*;
use crate::diagnosis::causes::{Cause, Finding};
use crate::diagnosis::facts::idp::Idp;
use crate::diagnosis::facts::{DirectoryUser, Facts, Membership};
use crate::diagnosis::fixture::{
    at, cause, finding, group, group_id, idp_group, known, of_the_idp, read_only, sent_by, unread,
    without_membership,
};

fn deleted() -> Facts {
    let mut facts = without_membership();
    facts.groups.insert(group_id(), known(None));
    facts
}

#[test]
fn a_deleted_group_is_replaceable_by_one_named_after_the_account() {
    let replaceable = |name: &str| {
        let now = Group { id: GroupId("now".to_owned()), name: name.to_owned(), ..group() };
        let mut facts = deleted();
        facts.memberships = known(vec![Membership { group: now.id.clone(), since: None }]);
        facts.groups.insert(now.id.clone(), known(Some(now)));
        match finding(&facts) {
            Finding::DanglingAssignment(found) => found.replaceable,
            other => panic!("{other:?}"),
        }
    };
    assert!(replaceable("Payments readers"));
    assert!(!replaceable("AWS-Prod-Admins"));
}

fn of_the_name(name: &str, own: &str) -> DanglingAssignment {
    let now = Group { id: GroupId("now".to_owned()), name: own.to_owned(), ..group() };
    let mut facts = deleted();
    facts.memberships = known(vec![Membership { group: now.id.clone(), since: None }]);
    facts.groups.insert(now.id.clone(), known(Some(now)));
    let former = FormerName { name: name.to_owned(), last_seen: at("01:00") };
    facts.former_groups.insert(group_id(), former);
    match finding(&facts) {
        Finding::DanglingAssignment(found) => found,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_the_deleted_group_was_called_says_whether_the_person_is_in_it_again() {
    let again = of_the_name("Crew", "Crew");
    assert!(again.may_be_theirs);
    assert_eq!(again.again.map(|group| group.name), Some("Crew".to_owned()));
    let another = of_the_name("Old Contractors", "Payments readers");
    assert_eq!((another.again, another.may_be_theirs, another.candidates), (None, false, Vec::new()));
}

#[test]
fn of_groups_that_may_be_the_deleted_one_what_was_created_lately_comes_first() {
    let mut facts = deleted();
    let ages = [("Crew", 20), ("Everyone", 300), ("Data", 3)];
    for (name, days) in ages {
        let id = GroupId(name.to_owned());
        let created_at = Some(at("01:00") - SignedDuration::from_hours(24 * days));
        let own = Group { id: id.clone(), name: name.to_owned(), created_at, ..group() };
        facts.groups.insert(id, known(Some(own)));
    }
    let joined = ages.map(|(name, _)| Membership { group: GroupId(name.to_owned()), since: None });
    facts.memberships = known(joined.to_vec());
    let Finding::DanglingAssignment(found) = finding(&facts) else { panic!("{:?}", cause(&facts)) };
    let names: Vec<&str> = found.candidates.iter().map(|own| own.name.as_str()).collect();
    assert_eq!(names, ["Data", "Crew"]);
}

#[test]
fn a_group_that_everybody_is_in_or_that_opens_many_accounts_is_not_offered_as_the_deleted_one() {
    for (name, opens, is_offered) in
        [("Crew", Some(2), true), ("Crew", Some(3), false), ("Crew", None, true), ("All Staff", None, false)]
    {
        let mut facts = deleted();
        let now = Group { id: GroupId("now".to_owned()), name: name.to_owned(), ..group() };
        facts.memberships = known(vec![Membership { group: now.id.clone(), since: None }]);
        facts.opens_accounts.extend(opens.map(|opens| (now.id.clone(), known(opens))));
        facts.groups.insert(now.id.clone(), known(Some(now)));
        let Finding::DanglingAssignment(found) = finding(&facts) else { panic!("{:?}", cause(&facts)) };
        assert_eq!(found.candidates.len(), usize::from(is_offered), "{name} {opens:?}");
        assert!(found.may_be_theirs, "nothing rules it out");
    }
}

#[test]
fn a_group_that_nobody_meant_the_person_to_join_never_goes_before_a_deleted_one() {
    for name in ["AWS-Payments-Readers", "Ops"] {
        let mut facts = sent_by(Idp::Entra);
        let idp = of_the_idp(&mut facts);
        (idp.direct, idp.transitive) = (known(Vec::new()), known(Vec::new()));
        facts.memberships = known(Vec::new());
        facts.groups.insert(group_id(), known(None));
        let other = Group { id: GroupId("other".to_owned()), name: name.to_owned(), ..group() };
        let both = [group_id(), other.id.clone()].map(Principal::Group);
        facts.groups.insert(other.id.clone(), known(Some(other)));
        facts.assignments.insert(read_only(), known(both.to_vec()));
        assert_eq!(cause(&facts), Some(Cause::DanglingAssignment), "{name}");
    }
}

#[test]
fn a_group_that_could_not_be_read_is_not_deleted() {
    let mut facts = deleted();
    facts.groups.insert(group_id(), unread());
    assert_eq!(cause(&facts), Some(Cause::MembershipNotSynced));
}

#[test]
fn the_surer_it_is_that_the_person_had_it_the_further_it_gets() {
    let by = |to_a_user: bool, former: bool, replaceable: bool, may_be_theirs: bool| DanglingAssignment {
        is_gone: PrincipalGone::seen_in(&known(false)).expect("it is gone"),
        to_a_user,
        former: former.then(|| FormerName { name: "Crew".to_owned(), last_seen: at("01:00") }),
        again: None,
        elsewhere: OfThatName::Nowhere,
        candidates: Vec::new(),
        replaceable,
        may_be_theirs,
    };
    let again = DanglingAssignment { again: Some(Box::new(group())), ..by(false, true, false, true) };
    let further = [
        by(false, true, false, false),
        by(true, false, false, false),
        by(false, false, false, false),
        by(false, true, false, true),
        by(true, false, false, true),
        by(false, false, true, true),
        again,
    ];
    assert!(further.is_sorted_by(|one, other| one.rank() < other.rank()));
}

fn dangling(facts: &Facts, of: impl Fn(&Case) -> Option<DanglingAssignment>) -> DanglingAssignment {
    of(&Case::of(facts)).expect("it is gone")
}

#[test]
fn a_deleted_group_may_have_been_theirs_if_they_are_in_some_group_or_may_have_lost_one() {
    let mut facts = deleted();
    let may_be = |facts: &Facts| dangling(facts, |case| of_group(case, &group_id())).may_be_theirs;
    assert!(!may_be(&facts));
    facts.idp = sent_by(Idp::Entra).idp;
    assert!(!may_be(&facts), "AWS was asked for no group of theirs");
    of_the_idp(&mut facts).in_aws.insert(idp_group().id, unread());
    assert!(may_be(&facts));
    let own = Group { id: GroupId("own".to_owned()), name: "Crew".to_owned(), ..group() };
    let mut facts = deleted();
    facts.memberships = known(vec![Membership { group: own.id.clone(), since: None }]);
    facts.groups.insert(own.id.clone(), known(Some(own)));
    assert!(may_be(&facts));
}

#[test]
fn a_deleted_user_may_have_been_an_older_record_of_theirs() {
    let user = UserId("gone".to_owned());
    let may_be = |facts: &Facts| {
        let mut facts = facts.clone();
        facts.users.insert(user.clone(), known(false));
        let found = dangling(&facts, |case| of_user(case, &user));
        (found.to_a_user, found.may_be_theirs)
    };
    let record = |created_at| {
        let person = without_membership().person.value().cloned().expect("a record");
        let person = known(DirectoryUser { created_at, ..person });
        Facts { person, ..without_membership() }
    };
    assert_eq!(may_be(&record(Some(at("01:00") - YOUNG))), (true, false), "their record is old");
    assert_eq!(may_be(&record(Some(at("01:00")))), (true, true));
    let nobody = Facts { user_by_name: known(None), user_by_email: known(None), ..without_membership() };
    assert_eq!(may_be(&Facts { person: Fact::NotAsked, ..nobody }), (true, true));
    let mut there = without_membership();
    there.users.insert(user.clone(), known(true));
    assert_eq!(of_user(&Case::of(&there), &user), None);
}

#[test]
fn where_else_the_person_is_in_a_group_of_that_name_is_looked_for_on_both_sides() {
    let mut facts = without_membership();
    let of = |facts: &Facts, name: &str| elsewhere(&Case::of(facts), name);
    assert_eq!(of(&facts, "AWS-Payments"), OfThatName::Nowhere, "no IdP is connected");
    facts.memberships = unread();
    assert_eq!(of(&facts, "AWS-Payments"), OfThatName::Unread);
    let mut facts = sent_by(Idp::Entra);
    assert_eq!(of(&facts, "AWS-Payments"), OfThatName::AtTheIdp);
    assert_eq!(of(&facts, "Crew"), OfThatName::Nowhere);
    of_the_idp(&mut facts).in_aws.insert(idp_group().id, known(Some(group_id())));
    assert_eq!(of(&facts, "AWS-Payments"), OfThatName::InAwsWithoutThem(group_id()));
    of_the_idp(&mut facts).direct = unread();
    assert_eq!(of(&facts, "Crew"), OfThatName::Unread);
    facts = sent_by(Idp::Entra);
    facts.memberships = unread();
    assert_eq!(of(&facts, "Crew"), OfThatName::Unread);
}

#[test]
fn a_group_that_was_there_before_the_person_replaced_nothing_of_theirs() {
    let joined = at("01:00") - SignedDuration::from_hours(24 * 100);
    let candidate = |created_at: Option<jiff::Timestamp>| {
        let mut facts = deleted();
        let person = facts.person.value().cloned().expect("a record");
        facts.person = known(DirectoryUser { created_at: Some(joined), ..person });
        let own = Group { id: GroupId("own".to_owned()), name: "Crew".to_owned(), created_at, ..group() };
        facts.memberships = known(vec![Membership { group: own.id.clone(), since: None }]);
        facts.groups.insert(own.id.clone(), known(Some(own)));
        !candidates(&Case::of(&facts), &group_id()).is_empty()
    };
    let moment = SignedDuration::from_secs(1);
    assert!(candidate(Some(joined + moment)));
    assert!(!candidate(Some(joined)), "they came together");
    assert!(!candidate(Some(joined - moment)));
    assert!(candidate(None), "nobody says when it was created");
}

#[test]
fn a_group_is_young_for_less_than_a_month() {
    let mut facts = deleted();
    let at_age = |id: &str, age| {
        let created_at = Some(facts.checked_at - age);
        Group { id: GroupId(id.to_owned()), name: id.to_owned(), created_at, ..group() }
    };
    let own = [at_age("Crew", SignedDuration::from_hours(24)), at_age("Data", YOUNG)];
    facts.memberships =
        known(own.iter().map(|one| Membership { group: one.id.clone(), since: None }).collect());
    facts.groups.extend(own.iter().map(|one| (one.id.clone(), known(Some(one.clone())))));
    assert_eq!(candidates(&Case::of(&facts), &group_id()), [own[0].clone()]);
}
