//! What is told of a step, and how old that is.

use super::*;

#[test]
fn a_step_says_of_which_group_it_speaks_and_when_that_was_read() {
    let mut facts = in_another("aws payments", sent_by(Idp::Entra));
    let own = facts.group(&GroupId("own".to_owned())).cloned().expect("it was read");
    assert_eq!(note(&facts, Step::DirectoryGroup), Note::GroupThere(own.clone()));
    let since = Some(at("12:00"));
    assert_eq!(note(&facts, Step::DirectoryMembership), Note::MemberOf { group: Some(own), since });
    let member = |since| Note::IdpMember { group: idp_group(), since };
    assert_eq!(note(&facts, Step::IdpMembership), member(Some(at("13:00"))), "the id ties them");
    facts = lost();
    of_the_idp(&mut facts).added_at.insert(idp_group().id, known(None));
    assert_eq!(note(&facts, Step::IdpMembership), member(None));
    let on = Note::OnTheApplication { group: idp_group(), application: Some("AWS".to_owned()) };
    assert_eq!(note(&facts, Step::AppAssignment), on);
    let other = IdpGroup::new("other", "Crew");
    of_the_idp(&mut facts).direct = known(vec![other, idp_group()]);
    assert_eq!(note(&facts, Step::AppAssignment), on, "whichever comes first");
    facts = to(Principal::User(dana()), sent_by(Idp::Entra));
    assert_eq!(note(&facts, Step::IdpMembership), Note::NoGroupNeeded);
    facts = in_another("aws payments", sent_by(Idp::Entra));
    let other = IdpGroup::new("other", "aws payments");
    let own = Group {
        external_ids: Box::new([external("other")]),
        ..facts.group(&GroupId("own".to_owned())).cloned().expect("it was read")
    };
    facts.groups.insert(own.id.clone(), known(Some(own)));
    of_the_idp(&mut facts).direct = known(vec![idp_group(), other.clone()]);
    assert_eq!(note(&facts, Step::IdpMembership), Note::IdpMember { group: other, since: None });
}

#[test]
fn what_could_not_be_read_is_told_with_what_was_answered() {
    type Lose = fn(&mut Facts);
    let lost: [(Step, Lose); 3] = [
        (Step::DirectoryMembership, |facts| facts.memberships = unread()),
        (Step::IdpUser, |facts| of_the_idp(facts).person = unread()),
        (Step::DirectoryUser, |facts| facts.person = unread()),
    ];
    for (step, lose) in lost {
        let facts = changed(sent_by(Idp::Entra), lose);
        assert!(matches!(note(&facts, step), Note::Unseen(Some(_))), "{step:?}");
    }
    let mut facts = sent_by(Idp::Entra);
    let of_the_group =
        Gap { kind: GapKind::Timeout, operation: "of the group".to_owned(), detail: String::new() };
    let idp = of_the_idp(&mut facts);
    idp.application = unread();
    idp.app_assignments.insert(idp_group().id, Fact::Gap(of_the_group.clone()));
    assert_eq!(note(&facts, Step::AppAssignment), Note::Unseen(Some(of_the_group)), "of two the group's own");
}

#[test]
fn a_name_is_told_if_it_is_another_than_the_one_that_was_asked_for() {
    let known_as =
        |change: fn(&mut Facts)| match note(&changed(sent_by(Idp::Entra), change), Step::DirectoryUser) {
            Note::PersonEnabled(names) => names,
            other => panic!("{other:?}"),
        };
    let plain = known_as(|_| ());
    assert_eq!((plain.user_name, plain.at_the_idp, plain.another), (None, None, None));
    let spelled = known_as(|facts| facts.question.subject = "DANA@example.com".to_owned());
    assert_eq!(spelled.user_name, None, "capitals alone are no other name");
    let unnamed = known_as(|facts| facts.question.subject = String::new());
    assert_eq!(unnamed.user_name, None);
    let other = known_as(|facts| facts.question.subject = "dreyes".to_owned());
    assert_eq!(other.user_name.as_deref(), Some("dana@example.com"));
}

#[test]
fn each_step_is_as_old_as_what_it_was_seen_from() {
    let facts = changed(sent_by(Idp::Okta), |facts| facts.memberships = in_place().memberships);
    let seen = diagnose(&facts).steps;
    for report in &seen {
        let is_dated = !matches!(report.step, Step::Portal);
        assert_eq!(report.as_of.is_some(), is_dated, "{:?}", report.step);
        assert_eq!(report.source.is_some(), is_dated);
    }
    let unseen = diagnose(&in_place()).steps;
    for step in Step::OF_THE_IDP {
        let report = unseen.iter().find(|report| report.step == step).expect("all twelve are told");
        assert_eq!(report.as_of, None, "no IdP is connected");
    }
}

#[test]
fn a_step_is_as_old_as_its_own_facts() {
    /// Each fact was read in a minute of its own.
    fn read_at<T>(fact: &mut Fact<T>, time: &str) {
        let Fact::Known(known) = fact else { panic!("it was read") };
        known.as_of = at(time);
    }
    let mut facts = changed(sent_by(Idp::Entra), |facts| facts.memberships = in_place().memberships);
    read_at(&mut facts.account, "14:01");
    read_at(&mut facts.person, "14:02");
    read_at(facts.groups.get_mut(&group_id()).expect("a group"), "14:03");
    read_at(&mut facts.memberships, "14:04");
    read_at(facts.assignments.get_mut(&read_only()).expect("assignments"), "14:05");
    read_at(&mut facts.provisioned_latest, "14:06");
    let idp = of_the_idp(&mut facts);
    read_at(&mut idp.person, "14:07");
    read_at(&mut idp.direct, "14:08");
    read_at(idp.app_assignments.get_mut(&idp_group().id).expect("an assignment"), "14:09");
    read_at(&mut idp.synchronization, "14:10");
    let read: Vec<_> = diagnose(&facts).steps.into_iter().map(|report| (report.step, report.as_of)).collect();
    let expected = [
        (Step::Account, "14:01"),
        (Step::IdpUser, "14:07"),
        (Step::IdpMembership, "14:08"),
        (Step::AppAssignment, "14:09"),
        (Step::Sync, "14:10"),
        (Step::DirectoryUser, "14:02"),
        (Step::DirectoryGroup, "14:03"),
        (Step::DirectoryMembership, "14:04"),
        (Step::DuplicateGroups, "14:03"),
        (Step::Assignment, "14:05"),
        (Step::Provisioning, "14:06"),
    ];
    for (step, time) in expected {
        assert!(read.contains(&(step, Some(at(time)))), "{step:?}: {read:?}");
    }
}

#[test]
fn statuses_and_steps_are_known_by_their_names() {
    let names = ["pass", "fail", "warn", "unknown", "not_reached"].map(Status::named);
    let all = [Status::Pass, Status::Fail, Status::Warn, Status::Unknown, Status::NotReached];
    assert_eq!(names, all.map(Some));
    assert_eq!(Status::named("nothing"), None);
    for step in Step::ALL {
        assert_eq!(Step::named(step.name()), Some(*step));
    }
    assert_eq!(Step::named("nothing"), None);
}
