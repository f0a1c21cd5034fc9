//! One of several, and lists that were cut short: instances, applications and requests. What was not looked at is
//! said, and nothing is concluded from what belongs to another.

use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use sso_why::checkup::Checkup;
use sso_why::diagnosis::causes::Cause;
use sso_why::diagnosis::facts::GapKind;
use sso_why::diagnosis::{Diagnosis, Verdict};
use sso_why::doctor::examine;
use sso_why::sandbox::company::{AccountInstance, AssignmentRequest, RequestStatus};
use sso_why::words::{json_v1, terminal};

use crate::harness::{World, in_time};

/// A member account that is delegated administrator.
const DELEGATED: &str = "111122223333";

fn now(world: &World) -> Timestamp {
    (world.sandbox.clock)()
}

/// What was not looked at, each in a sentence.
fn left_out(diagnosis: &Diagnosis) -> Vec<String> {
    let gaps = diagnosis.gaps.iter().filter(|gap| gap.gap.kind == GapKind::LeftOut);
    gaps.map(|gap| format!("{}: {}", gap.step.name(), gap.gap.detail)).collect()
}

/// The terminal's report in one line.
fn told(diagnosis: &Diagnosis) -> String {
    let telling = terminal::Telling { zone: TimeZone::UTC, calls: 0, took: Duration::ZERO, colour: false };
    terminal::report(diagnosis, &telling).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What the doctor says of this check.
async fn says(world: &World, id: &str) -> String {
    let checkup: Checkup = in_time(examine(&world.installation())).await;
    let told = json_v1::doctor::checkup(&checkup);
    let checks = told["checks"].as_array().expect("checks");
    let check = checks.iter().find(|check| check["id"] == id).expect("the check");
    format!(
        "{}: {}",
        check["status"].as_str().unwrap_or_default(),
        check["detail"].as_str().unwrap_or_default()
    )
}

// ── Requests ──

/// Twelve failed requests for something else, each an hour younger than the one that is there.
fn bury_the_failed_request(world: &World) {
    let now = now(world);
    let mut company = world.sandbox.company();
    let buried = company.creation_requests.iter().find(|one| one.status == RequestStatus::Failed);
    let buried = buried.cloned().expect("a failed request");
    let elsewhere = company.account_id("Reporting-Prod").expect("an account").to_owned();
    for hours in 0..12 {
        let mut other = AssignmentRequest {
            id: format!("00000000-0000-4000-8000-{hours:012}"),
            created_at: now - SignedDuration::from_mins(10 * (hours + 1)),
            ..buried.clone()
        };
        other.assignment.account_id.clone_from(&elsewhere);
        company.creation_requests.push(other);
    }
}

#[tokio::test]
async fn a_failed_request_that_twelve_younger_ones_hide_is_a_gap_and_found_by_the_next_question() {
    let world = World::of("no-idp").await;
    bury_the_failed_request(&world);
    let first = world.check_person("chloe").await;
    assert_eq!(first.cause(), Some(Cause::NoAssignment));
    assert_eq!(
        left_out(&first),
        ["assignment: 10 of 13 failed assignment requests were looked at, 3 were not"]
    );
    let said = told(&first);
    assert!(!said.contains("I read everything"), "{said}");
    assert!(said.contains("I did not see everything: 10 of 13 failed assignment requests"), "{said}");
    assert!(said.contains("As far as I could see, no group"), "{said}");

    // What a request is for never changes, so that the next question gets further.
    let next = world.check_live("chloe").await;
    assert_eq!(next.cause(), Some(Cause::AssignmentFailed));
    assert_eq!(left_out(&next), Vec::<String>::new());
}

#[tokio::test]
async fn where_all_was_read_the_answer_says_so() {
    let world = World::of("no-idp").await;
    let said = told(&world.check_person("kofi").await);
    assert!(said.contains("I read everything that is assigned on Innovation-Lab"), "{said}");
}

// ── A delegated administrator's account ──

#[tokio::test]
async fn an_assignment_that_only_the_management_account_sees_is_a_gap_in_a_delegated_account() {
    let world = World::of("no-idp").await;
    assert_eq!(world.check_person("emil").await.cause(), Some(Cause::PermissionSetNotProvisioned));
    world.sandbox.rights.work_in(DELEGATED);
    let unseen = world.check_live("emil").await;
    assert_eq!((unseen.verdict, unseen.cause()), (Verdict::Blocked, Some(Cause::NoAssignment)));
    let said = told(&unseen);
    assert!(!said.contains("I read everything"), "{said}");
    assert!(said.contains("shown to the management account only"), "{said}");
    assert!(said.contains("look from the management account what is assigned on Media-Archive"), "{said}");
}

// ── Instances ──

fn beside_an_account_instance(world: &World) {
    world.sandbox.rights.work_in(DELEGATED);
    world.sandbox.company().account_instance = Some(AccountInstance {
        arn: "arn:aws:sso:::instance/ssoins-0000000000000bad".to_owned(),
        identity_store_id: "d-0000000bad".to_owned(),
        owner: DELEGATED.to_owned(),
    });
}

#[tokio::test]
async fn of_two_instances_the_organizations_is_asked_and_the_doctor_says_which() {
    let mut world = World::of("no-idp").await;
    beside_an_account_instance(&world);
    world.forget_all();
    let diagnosis = world.check_person("tomas").await;
    assert_eq!(diagnosis.verdict, Verdict::Access, "{}", told(&diagnosis));
    assert_eq!(left_out(&diagnosis), Vec::<String>::new());
    assert_eq!(says(&world, "aws.instance").await, "ok: ssoins-55f5d59720096a10, of 2 that are listed");
}

#[tokio::test]
async fn where_nothing_tells_two_instances_apart_a_person_who_is_not_found_is_not_said_to_be_absent() {
    let mut world = World::of("no-idp").await;
    beside_an_account_instance(&world);
    // Neither belongs to the account that the bot works in.
    world.sandbox.rights.work_in("222233334444");
    world.forget_all();
    let diagnosis = world.check_person("tomas").await;
    assert_eq!(diagnosis.verdict, Verdict::Undetermined, "{}", told(&diagnosis));
    let said = left_out(&diagnosis).join("; ");
    assert!(said.contains("2 Identity Center instances were listed, and arn:aws:sso:::instance/"), "{said}");
    let checkup = json_v1::doctor::checkup(&in_time(examine(&world.installation())).await).to_string();
    let arn = world.sandbox.company().instance_arn.clone();
    assert!(checkup.contains(&format!("instance_arn = \\\"{arn}")), "{checkup}");
}

// ── Applications ──

fn add_application(world: &World, groups: &[&str]) {
    let now = now(world);
    let mut company = world.sandbox.company();
    company.idp.as_mut().expect("an IdP").add_application("AWS IAM Identity Center (Dev)", groups, now);
}

fn application_of(diagnosis: &Diagnosis) -> &str {
    diagnosis.application.as_ref().map(|application| application.name.as_str()).unwrap_or_default()
}

#[tokio::test]
async fn of_two_applications_the_one_that_has_the_persons_group_is_looked_at() {
    for company in ["company", "okta"] {
        let world = World::of(company).await;
        let alone = world.check_person("dana").await;
        add_application(&world, &[]);
        world.pass(SignedDuration::from_mins(11));
        let beside = world.check_person("dana").await;
        assert_eq!(beside.cause(), Some(Cause::SyncPending), "{company}: {}", told(&beside));
        assert_eq!(application_of(&beside), application_of(&alone), "{company}");
        assert_eq!(left_out(&beside), Vec::<String>::new(), "{company}: the group settles it");
    }
}

#[tokio::test]
async fn a_group_on_neither_application_is_not_assigned_and_the_report_says_that_there_are_two() {
    for company in ["company", "okta"] {
        let world = World::of(company).await;
        let person = world.sandbox.scenario.people.iter().find(|person| {
            person.expects.as_ref().and_then(|expects| expects.cause.as_deref())
                == Some("group_not_assigned_to_app")
        });
        let key = person.expect("somebody whose group is not assigned").key.clone();
        add_application(&world, &[]);
        let diagnosis = world.check_person(&key).await;
        assert_eq!(diagnosis.cause(), Some(Cause::GroupNotAssignedToApp), "{company}");
        let said = left_out(&diagnosis).join("; ");
        assert!(said.starts_with("app_assignment: 2 applications may be the one for AWS, and "), "{said}");
    }
}

#[tokio::test]
async fn a_group_on_two_applications_settles_nothing_and_the_one_that_was_looked_at_is_named() {
    for (company, setting) in [("company", "[entra] service_principal_id"), ("okta", "[okta] app_id")] {
        let world = World::of(company).await;
        let groups = world.sandbox.company().idp.as_ref().map(|idp| idp.groups.clone()).unwrap_or_default();
        let all: Vec<&str> = groups.iter().map(|group| group.key.as_str()).collect();
        add_application(&world, &all);
        let diagnosis = world.check_person("dana").await;
        let said = left_out(&diagnosis).join("; ");
        assert!(said.contains("2 applications may be the one for AWS"), "{company}: {said}");
        assert!(said.contains(application_of(&diagnosis)) && said.contains(setting), "{company}: {said}");
    }
}

#[tokio::test]
async fn an_application_that_cannot_be_asked_may_be_the_one_that_has_the_group() {
    let world = World::of("company").await;
    let groups = world.sandbox.company().idp.as_ref().map(|idp| idp.groups.clone()).unwrap_or_default();
    assert!(!groups.is_empty());
    let person = world.sandbox.scenario.people.iter().find(|person| {
        person.expects.as_ref().and_then(|expects| expects.cause.as_deref())
            == Some("group_not_assigned_to_app")
    });
    let key = person.expect("somebody whose group is not assigned").key.clone();
    add_application(&world, &[]);
    world
        .sandbox
        .faults
        .set("graph:servicePrincipals/appRoleAssignedTo", sso_why::sandbox::faults::Fault::Forbidden);
    let diagnosis = world.check_person(&key).await;
    assert_eq!(diagnosis.cause(), Some(Cause::MembershipNotSynced), "{}", told(&diagnosis));
}

#[tokio::test]
async fn the_doctor_says_that_there_are_two_applications() {
    for (company, id, setting) in [
        ("company", "entra.sync_job", "set [entra] service_principal_id"),
        ("okta", "okta.app", "set [okta] app_id"),
    ] {
        let world = World::of(company).await;
        let alone = says(&world, id).await;
        assert!(alone.starts_with("ok: ") && !alone.contains("may be meant"), "{alone}");
        add_application(&world, &[]);
        let beside = says(&world, id).await;
        assert!(beside.starts_with("ok: ") && beside.contains("may be meant too"), "{beside}");
        assert!(beside.ends_with(setting), "{beside}");
    }
}

#[tokio::test]
async fn access_that_is_in_place_costs_no_more_calls_beside_another_application() {
    let world = World::of("company").await;
    add_application(&world, &[]);
    assert_eq!(world.check_person("tomas").await.verdict, Verdict::Access);
    let counts = world.sandbox.calls.counts();
    assert_eq!(counts.get("graph:servicePrincipals/appRoleAssignedTo"), None);
}

// ── Lists that are looked at in part ──

#[tokio::test]
async fn a_person_in_more_groups_than_are_asked_one_by_one_is_told_how_many_were_not() {
    let world = World::of("no-idp").await;
    let now = now(&world);
    let account = world.sandbox.company().account_id("Innovation-Lab").expect("an account").to_owned();
    {
        let mut company = world.sandbox.company();
        company.provisioned.retain(|one| one.account_id != account);
        let user = company.user_id("kofi").expect("a user").to_owned();
        let like = company.memberships.iter().find(|one| one.user_id == user).cloned().expect("a group");
        for number in 0..30 {
            let group = format!("1234567890-00000000-0000-4000-8000-{number:012}");
            let membership = sso_why::sandbox::company::Membership {
                id: format!("m{number}"),
                group_id: group,
                created_at: now,
                ..like.clone()
            };
            company.memberships.push(membership);
        }
    }
    let diagnosis = world.check_person("kofi").await;
    assert_eq!(diagnosis.cause(), Some(Cause::NoAssignment));
    let said = left_out(&diagnosis).join("; ");
    assert!(said.contains("20 of 32 groups of the person were looked at, 12 were not"), "{said}");
    assert!(!told(&diagnosis).contains("I read everything"));
}
