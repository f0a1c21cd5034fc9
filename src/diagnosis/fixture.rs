//! A small company for the tests of single causes: Dana, one account, and one group that gives ReadOnly on it.
//!
//! [`in_place`] has everything; [`without_membership`] lacks Dana in the group, and [`sent_by`] adds an IdP that has
//! her in it, whose last cycle was completed before [`NOW`] without an error. A test takes one thing away.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::causes::{Cause, Finding};
use super::diagnose;
use super::facts::idp::*;
use super::facts::*;
use super::question::Question;

/// When the questions are asked. The IdP's last cycle ran from 13:56 to 13:58.
const NOW: &str = "14:12";

pub(super) fn at(time: &str) -> Timestamp {
    format!("2026-11-24T{time}:00Z").parse().expect("a time")
}

pub(super) fn known<T>(value: T) -> Fact<T> {
    Fact::Known(Known { value, as_of: at(NOW), source: Source::Live })
}

pub(super) fn unread<T>() -> Fact<T> {
    Fact::Gap(Gap { kind: GapKind::Forbidden, operation: "x:Y".to_owned(), detail: String::new() })
}

pub(super) fn dana() -> UserId {
    UserId("dana".to_owned())
}

pub(super) fn group_id() -> GroupId {
    GroupId("group".to_owned())
}

pub(super) fn read_only() -> PermissionSetArn {
    PermissionSetArn("read-only".to_owned())
}

/// The group that gives access.
pub(super) fn group() -> Group {
    Group {
        id: group_id(),
        name: "AWS-Payments".to_owned(),
        synced: true,
        external_ids: Box::new([external("idp-group")]),
        created_at: None,
        created_by: None,
    }
}

/// The same at the IdP.
pub(super) fn idp_group() -> IdpGroup {
    IdpGroup::new("idp-group", "AWS-Payments")
}

/// An id that an IdP gave by SCIM.
pub(super) fn external(id: &str) -> ExternalId {
    ExternalId { issuer: "https://scim.aws.com/1".to_owned(), id: id.to_owned() }
}

/// Dana has the account.
pub(super) fn in_place() -> Facts {
    let question = Question {
        subject: "dana@example.com".to_owned(),
        subject_name: None,
        further_address: None,
        profile_unread: None,
        account: "Payments".to_owned(),
        permission_set: None,
    };
    Facts {
        account: known(AccountSearch::Found(Account {
            id: "111122223333".to_owned(),
            name: "Payments".to_owned(),
            state: AccountState::Active,
        })),
        user_by_name: known(Some(dana())),
        user_by_email: known(Some(dana())),
        person: known(DirectoryUser {
            id: dana(),
            user_name: "dana@example.com".to_owned(),
            display_name: None,
            email: None,
            enabled: true,
            synced: true,
            external_ids: Box::default(),
            created_at: None,
        }),
        memberships: known(vec![Membership { group: group_id(), since: Some(at("13:00")) }]),
        provisioned_latest: known(vec![read_only()]),
        provisioned_outdated: known(Vec::new()),
        assignments: BTreeMap::from([(read_only(), known(vec![Principal::Group(group_id())]))]),
        persons_assignments: known(Vec::new()),
        groups: BTreeMap::from([(group_id(), known(Some(group())))]),
        permission_sets: BTreeMap::from([(read_only(), known("ReadOnly".to_owned()))]),
        requests_in_progress: known(Vec::new()),
        requests_failed: known(Vec::new()),
        ..Facts::none(question, at(NOW))
    }
}

/// The same, but AWS does not have Dana in the group.
pub(super) fn without_membership() -> Facts {
    Facts { memberships: known(Vec::new()), ..in_place() }
}

/// The same with an IdP that has Dana in the group since 13:00 and has sent it since, without an error.
pub(super) fn sent_by(idp: Idp) -> Facts {
    let cycle = Cycle { began: Some(at("13:56")), ended: Some(at("13:58")) };
    let (assignment, app_user, interval, cycle) = match idp {
        Idp::Entra => {
            let every = SignedDuration::from_mins(40);
            (AppAssignment::Assigned { since: None }, Fact::NotAsked, Some(every), Some(cycle))
        }
        Idp::Okta => {
            let mapping = PushMapping {
                id: "mapping".to_owned(),
                target: None,
                created: None,
                state: PushState::Active,
                last_push: Some(at("13:58")),
                error: None,
            };
            let app_user = AppUser {
                external_id: None,
                state: AppUserState::Active,
                in_error: false,
                status_changed: Some(at("12:00")),
            };
            (AppAssignment::Pushed(mapping), known(Some(app_user)), None, None)
        }
    };
    let facts = IdpFacts {
        person: known(Some(IdpPerson {
            id: IdpUserId("idp-dana".to_owned()),
            user_name: "dana@example.com".to_owned(),
            display_name: None,
            email: None,
            enabled: true,
            status: None,
            created_at: None,
            lacks: Vec::new(),
        })),
        direct: known(vec![idp_group()]),
        transitive: known(vec![idp_group()]),
        application: known(Some(Application { id: "app".to_owned(), name: "AWS".to_owned() })),
        app_user,
        sends_groups: known(true),
        synchronization: known(Synchronization {
            job: None,
            state: SyncState::Running,
            interval,
            last: cycle.clone(),
            last_completed: cycle,
            other_jobs: 0,
        }),
        app_assignments: BTreeMap::from([(idp_group().id, known(assignment))]),
        added_at: BTreeMap::from([(idp_group().id, known(Some(at("13:00"))))]),
        pushed: BTreeMap::from([(group_id(), known(Pushed::default()))]),
        troubles: vec![known(Vec::new())],
        ..IdpFacts::none(idp)
    };
    Facts { idp: Some(facts), ..without_membership() }
}

/// What the IdP showed, to be changed.
pub(super) fn of_the_idp(facts: &mut Facts) -> &mut IdpFacts {
    facts.idp.as_mut().expect("an IdP is connected")
}

/// An error in the IdP's log.
pub(super) fn trouble(about: TroubleAbout, kind: TroubleKind, time: &str) -> Trouble {
    Trouble { about, at: Some(at(time)), kind, code: "Code".to_owned(), reason: None, advice: None }
}

pub(super) fn finding(facts: &Facts) -> Finding {
    diagnose(facts).finding().expect("it is explained").clone()
}

pub(super) fn cause(facts: &Facts) -> Option<Cause> {
    diagnose(facts).cause()
}
