//! How the twelve steps stand, over all kinds of facts.

mod told;

use super::{Note, Status, Step, StepReport};
use crate::diagnosis::diagnose;
use crate::diagnosis::facts::idp::*;
use crate::diagnosis::facts::*;
use crate::diagnosis::fixture::{
    at, dana, external, group, group_id, idp_group, in_place, known, of_the_idp, read_only, sent_by, unread,
    without_membership,
};

/// A letter for each step: `+` it is well, `x` it fails, `!` it needs a look, `?` it cannot be seen, `-` it is not reached.
fn letters(facts: &Facts) -> String {
    let letter = |status| match status {
        Status::Pass => '+',
        Status::Fail => 'x',
        Status::Warn => '!',
        Status::Unknown => '?',
        Status::NotReached => '-',
    };
    diagnose(facts).steps.iter().map(|step| letter(step.status)).collect()
}

fn note(facts: &Facts, step: Step) -> Note {
    let found = diagnose(facts).steps.into_iter().find(|report| report.step == step);
    found.expect("all twelve are told").note
}

fn changed(mut facts: Facts, change: impl FnOnce(&mut Facts)) -> Facts {
    change(&mut facts);
    facts
}

fn record(facts: &Facts) -> DirectoryUser {
    facts.person.value().cloned().expect("a record")
}

fn disabled(facts: Facts) -> Facts {
    let person = known(DirectoryUser { enabled: false, ..record(&facts) });
    Facts { person, ..facts }
}

fn nobody(facts: Facts) -> Facts {
    let facts = Facts { user_by_name: known(None), user_by_email: known(None), ..facts };
    Facts { person: Fact::NotAsked, memberships: Fact::NotAsked, ..facts }
}

fn asked_for(set: &str, facts: Facts) -> Facts {
    changed(facts, |facts| facts.question.permission_set = Some(set.to_owned()))
}

/// Dana is in another group than the assigned one.
fn in_another(name: &str, facts: Facts) -> Facts {
    let own = Group { id: GroupId("own".to_owned()), name: name.to_owned(), ..group() };
    changed(facts, |facts| {
        facts.memberships = known(vec![Membership { group: own.id.clone(), since: Some(at("12:00")) }]);
        facts.groups.insert(own.id.clone(), known(Some(own)));
    })
}

fn to(principal: Principal, facts: Facts) -> Facts {
    changed(facts, |facts| {
        facts.assignments.insert(read_only(), known(vec![principal]));
    })
}

fn requested(state: RequestState, facts: Facts) -> Facts {
    let principal = Principal::Group(group_id());
    let assignment = Assignment { permission_set: read_only(), principal };
    let request = AssignmentRequest { assignment, state, failure_reason: None, created_at: None };
    changed(facts, |facts| {
        facts.assignments.insert(read_only(), known(Vec::new()));
        match state {
            RequestState::Failed => facts.requests_failed = known(vec![request]),
            RequestState::InProgress => facts.requests_in_progress = known(vec![request]),
            RequestState::Ended => facts.requests_ended = known(vec![request]),
        }
    })
}

fn lost() -> Facts {
    changed(sent_by(Idp::Entra), |facts| {
        facts.groups.insert(group_id(), known(None));
        of_the_idp(facts).in_aws.insert(idp_group().id, known(None));
    })
}

#[test]
fn each_step_stands_as_the_facts_say() {
    let with_idp = |idp: Idp| changed(sent_by(idp), |facts| facts.memberships = in_place().memberships);
    let cases: Vec<(&str, Facts, &str)> = vec![
        ("in place", in_place(), "+????++++++!"),
        ("in place, with Entra", with_idp(Idp::Entra), "+++++++++++!"),
        ("in place, with Okta", with_idp(Idp::Okta), "+++++++++++!"),
        ("not in the group", without_membership(), "+????++x+++-"),
        ("missed at Entra", sent_by(Idp::Entra), "++++x++x+++-"),
        ("missed at Okta", sent_by(Idp::Okta), "++++x++x+++-"),
        ("account unread", changed(sent_by(Idp::Entra), |facts| facts.account = unread()), "?+++++-x----"),
        (
            "no such account",
            changed(sent_by(Idp::Entra), |facts| {
                facts.account = known(AccountSearch::NotFound { nearest: Vec::new() });
            }),
            "x-----------",
        ),
        (
            "the account is remembered and could not be read again",
            changed(in_place(), |facts| {
                let Fact::Known(account) = &mut facts.account else { panic!("it was read") };
                account.source = Source::Cache;
                facts.account_unconfirmed =
                    Some(Gap { kind: GapKind::Timeout, operation: "x:Y".to_owned(), detail: String::new() });
            }),
            "?????++++++-",
        ),
        ("disabled", disabled(with_idp(Idp::Entra)), "+++++x--+---"),
        ("nobody", nobody(without_membership()), "+?????------"),
        (
            "nobody, proven",
            changed(nobody(sent_by(Idp::Entra)), |facts| facts.user_by_id = known(None)),
            "+++++x------",
        ),
        ("person unread", changed(in_place(), |facts| facts.person = unread()), "+?????+++++-"),
        (
            "look-ups unread",
            changed(nobody(in_place()), |facts| facts.user_by_name = unread()),
            "+?????------",
        ),
        ("e-mail unread", changed(in_place(), |facts| facts.user_by_email = unread()), "+?????+++++-"),
        ("memberships unread", changed(in_place(), |facts| facts.memberships = unread()), "+????++?-++-"),
        ("another set works", asked_for("Admin", in_place()), "+????++++x--"),
        ("another set does not work", asked_for("Admin", without_membership()), "+????+-++x--"),
        ("the set that was asked for", asked_for("ReadOnly", without_membership()), "+????++x+++-"),
        ("assigned directly", to(Principal::User(dana()), with_idp(Idp::Entra)), "+++-+++++++!"),
        (
            "a user who is gone",
            changed(to(Principal::User(UserId("gone".to_owned())), in_place()), |facts| {
                facts.users.insert(UserId("gone".to_owned()), known(false));
            }),
            "+????+-++x+-",
        ),
        ("in a look-alike", in_another("aws payments", sent_by(Idp::Entra)), "++++++++x++-"),
        ("in another group", in_another("Crew", sent_by(Idp::Entra)), "++++x++x+++-"),
        ("a request failed", requested(RequestState::Failed, in_place()), "+????++++x--"),
        ("a request is in progress", requested(RequestState::InProgress, in_place()), "+????++++x--"),
        (
            "a deleted group",
            changed(without_membership(), |facts| {
                facts.groups.insert(group_id(), known(None));
            }),
            "+????+!++x+-",
        ),
        ("a lost group", lost(), "++++++x-----"),
        (
            "a group unread",
            changed(without_membership(), |facts| {
                facts.groups.insert(group_id(), unread());
            }),
            "+????+?x?++-",
        ),
        (
            "no group was asked for",
            changed(without_membership(), |facts| facts.groups.clear()),
            "+????+-x-++-",
        ),
        (
            "an older version",
            changed(in_place(), |facts| {
                std::mem::swap(&mut facts.provisioned_latest, &mut facts.provisioned_outdated);
            }),
            "+????+++++!?",
        ),
        ("versions unread", changed(in_place(), |facts| facts.provisioned_latest = unread()), "+????+++++?-"),
        (
            "both versions",
            changed(in_place(), |facts| facts.provisioned_outdated = known(vec![read_only()])),
            "+????++++++!",
        ),
        ("no assignment", changed(in_place(), |facts| facts.assignments.clear()), "+????+-++x--"),
        (
            "assignments unread",
            changed(in_place(), |facts| {
                facts.assignments.insert(read_only(), unread());
            }),
            "+????+-++?--",
        ),
        (
            "the IdP's person unread",
            changed(with_idp(Idp::Entra), |facts| of_the_idp(facts).person = unread()),
            "+?+++++++++!",
        ),
        (
            "nobody at the IdP",
            changed(with_idp(Idp::Entra), |facts| of_the_idp(facts).person = known(None)),
            "+!+++++++++!",
        ),
        (
            "the IdP's groups unread",
            changed(with_idp(Idp::Entra), |facts| of_the_idp(facts).direct = unread()),
            "++?-+++++++!",
        ),
        (
            "in no group of the IdP's",
            changed(with_idp(Idp::Entra), |facts| of_the_idp(facts).direct = known(Vec::new())),
            "++!-+++++++!",
        ),
        (
            "Okta's pushes were not asked",
            changed(with_idp(Idp::Okta), |facts| {
                let bare = Group { external_ids: Box::default(), name: "Pushed".to_owned(), ..group() };
                facts.groups.insert(group_id(), known(Some(bare)));
                of_the_idp(facts).pushed.clear();
            }),
            "+++-+++++++!",
        ),
        (
            "Okta's pushes lead nowhere",
            changed(with_idp(Idp::Okta), |facts| {
                let bare = Group { external_ids: Box::default(), name: "Pushed".to_owned(), ..group() };
                facts.groups.insert(group_id(), known(Some(bare)));
            }),
            "++!-+++++++!",
        ),
        (
            "not on the application",
            changed(with_idp(Idp::Entra), |facts| {
                of_the_idp(facts).app_assignments.insert(idp_group().id, known(AppAssignment::None));
            }),
            "+++!+++++++!",
        ),
        (
            "the application's groups unread",
            changed(with_idp(Idp::Entra), |facts| {
                of_the_idp(facts).app_assignments.insert(idp_group().id, unread());
            }),
            "+++?+++++++!",
        ),
        (
            "synchronization unread",
            changed(with_idp(Idp::Entra), |facts| of_the_idp(facts).synchronization = unread()),
            "++++?++++++!",
        ),
        (
            "synchronization is paused",
            changed(with_idp(Idp::Entra), |facts| {
                let idp = of_the_idp(facts);
                let synchronization = idp.synchronization.value().cloned().expect("it was read");
                idp.synchronization = known(Synchronization { state: SyncState::Paused, ..synchronization });
            }),
            "++++!++++++!",
        ),
        (
            "no IdP is used",
            changed(in_place(), |facts| facts.configured_source = Some(IdentitySource::IdentityCenter)),
            "+----++++++!",
        ),
        (
            "known by another name at the IdP",
            changed(with_idp(Idp::Entra), |facts| {
                let idp = of_the_idp(facts);
                let person = idp.person.value().cloned().flatten().expect("a person");
                idp.person = known(Some(IdpPerson { user_name: "dreyes@corp.example".to_owned(), ..person }));
            }),
            "+++++!+++++!",
        ),
        (
            "a second record",
            changed(in_place(), |facts| {
                let other = DirectoryUser {
                    id: UserId("other".to_owned()),
                    user_name: "d.reyes".to_owned(),
                    ..record(facts)
                };
                facts.other_record = known(other);
            }),
            "+????!+++++!",
        ),
        (
            "memberships not asked",
            changed(in_place(), |facts| facts.memberships = Fact::NotAsked),
            "+????++?-++-",
        ),
        (
            "the account is suspended",
            changed(in_place(), |facts| {
                let Fact::Known(Known { value: AccountSearch::Found(account), .. }) = &mut facts.account
                else {
                    panic!("it was found")
                };
                account.state = AccountState::Suspended;
            }),
            "x-----------",
        ),
        (
            "disabled on both sides",
            changed(disabled(with_idp(Idp::Entra)), |facts| {
                let idp = of_the_idp(facts);
                let person = idp.person.value().cloned().flatten().expect("a person");
                idp.person = known(Some(IdpPerson { enabled: false, ..person }));
            }),
            "+x+++x--+---",
        ),
        (
            "nobody on either side",
            changed(nobody(sent_by(Idp::Entra)), |facts| of_the_idp(facts).person = known(None)),
            "+?+++?------",
        ),
        (
            "two records, of which one has another set",
            asked_for(
                "Admin",
                changed(in_place(), |facts| {
                    facts.user_by_email = known(Some(UserId("other".to_owned())));
                }),
            ),
            "+????x+++---",
        ),
    ];
    for (name, facts, expected) in cases {
        assert_eq!(letters(&facts), expected, "{name}");
        let undated = |step: &StepReport| step.status == Status::NotReached && step.as_of.is_some();
        assert!(!diagnose(&facts).steps.iter().any(undated), "{name}");
    }
}
