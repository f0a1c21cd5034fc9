//! The company with an IdP connected: everybody gets the answer that is written beside them, before and after
//! somebody mends what is wrong; time and the IdP do the rest.

use jiff::SignedDuration;
use sso_why::diagnosis::Verdict;
use sso_why::diagnosis::causes::Cause;
use sso_why::sandbox::faults::Fault;
use sso_why::sandbox::idp::{Group, Membership};
use sso_why::sandbox::scenario::{Expects, Person, Scenario};
use sso_why::words::json_v1;

use crate::harness::{World, a_few_at_a_time};

#[tokio::test]
async fn everybody_in_the_company_gets_what_the_scenario_promises() {
    everybody_gets_what_is_promised("company").await;
}

#[tokio::test]
async fn everybody_in_quarantine_gets_what_the_scenario_promises() {
    everybody_gets_what_is_promised("quarantine").await;
}

#[tokio::test]
async fn everybody_at_okta_gets_what_the_scenario_promises() {
    everybody_gets_what_is_promised("okta").await;
}

async fn everybody_gets_what_is_promised(company: &str) {
    let mut world = World::of(company).await;
    for person in people(company) {
        let Some(expects) = person.expects.clone() else { continue };
        if person.asks.is_some() && person.email.is_some() {
            // What was read for one person does not help the next.
            world.forget_all();
            let report = json_v1::report(&world.check_person(&person.key).await);
            promised(&expects, &report, &format!("{} in {company}", person.key));
        }
    }
}

#[tokio::test]
async fn what_is_mended_in_the_company_is_seen_to_be_mended() {
    what_is_mended_is_seen("company").await;
}

#[tokio::test]
async fn what_is_mended_in_quarantine_is_seen_to_be_mended() {
    what_is_mended_is_seen("quarantine").await;
}

#[tokio::test]
async fn what_is_mended_at_okta_is_seen_to_be_mended() {
    what_is_mended_is_seen("okta").await;
}

async fn what_is_mended_is_seen(company: &str) {
    let each = people(company).filter_map(|person| {
        let mended = person.mended.clone()?;
        (!person.mend.is_empty()).then_some(async move {
            let world = World::of(company).await;
            world.check_person(&person.key).await;
            world.mend(&person.key);
            let report = json_v1::report(&world.check_live(&person.key).await);
            promised(&mended, &report, &format!("{} in {company}, mended", person.key));
        })
    });
    a_few_at_a_time(each).await;
}

fn people(company: &str) -> impl Iterator<Item = Person> + use<> {
    Scenario::named(company).expect("built in").expect("it parses").people.into_iter()
}

fn promised(expects: &Expects, report: &serde_json::Value, whose: &str) {
    let told = (report["verdict"].as_str(), report["cause"].as_str());
    let promised = (Some(expects.verdict.as_str()), expects.cause.as_deref());
    assert_eq!(told, promised, "{whose}: {report:#}");
}

#[tokio::test]
async fn what_is_pending_arrives_with_the_next_cycle_and_what_was_missed_does_not() {
    let world = World::of("company").await;
    let pending = world.check_person("dana").await;
    let due = json_v1::report(&pending)["fix"]["retry_at"].as_str().map(str::to_owned);
    assert_eq!(due.as_deref(), Some("2026-11-24T14:38:00Z"));
    world.pass(SignedDuration::from_mins(30));
    assert_eq!(world.check_live("dana").await.verdict, Verdict::Access);
    assert_eq!(world.check_live("milo").await.cause(), Some(Cause::MembershipMissed));
}

#[tokio::test]
async fn okta_promises_no_time() {
    let world = World::of("okta").await;
    let pending = json_v1::report(&world.check_person("dana").await);
    let said = pending.to_string();
    assert!(!said.contains("next cycle") && !said.contains("next run"), "{pending:#}");
    world.pass(SignedDuration::from_mins(30));
    assert_eq!(world.check_live("dana").await.verdict, Verdict::Access);
}

#[tokio::test]
async fn where_access_is_in_place_no_log_is_read_and_the_synchronization_once() {
    let world = World::of("company").await;
    for _ in 0..2 {
        assert_eq!(world.check_person("tomas").await.verdict, Verdict::Access);
    }
    let counts = world.sandbox.calls.counts();
    let of = |operation: &str| counts.get(operation).copied().unwrap_or_default();
    assert_eq!(of("graph:users"), 2, "a person is never remembered");
    assert_eq!(of("graph:servicePrincipals"), 1);
    assert_eq!(of("graph:synchronization/jobs"), 1);
    assert_eq!(of("graph:auditLogs/provisioning") + of("graph:auditLogs/directoryAudits"), 0);
    assert_eq!(of("graph:servicePrincipals/appRoleAssignedTo"), 0);
}

#[tokio::test]
async fn a_question_about_a_change_on_its_way_reads_the_logs_three_times_and_not_again_within_a_minute() {
    let world = World::of("company").await;
    for _ in 0..2 {
        assert_eq!(world.check_person("dana").await.cause(), Some(Cause::SyncPending));
    }
    let counts = world.sandbox.calls.counts();
    assert_eq!(counts["graph:auditLogs/provisioning"], 2, "the person and the group");
    assert_eq!(counts["graph:auditLogs/directoryAudits"], 1);
}

#[tokio::test]
async fn a_log_that_cannot_be_read_is_no_log_without_errors() {
    let world = World::of("company").await;
    world.sandbox.faults.set("graph:auditLogs/provisioning", Fault::Forbidden);
    let diagnosis = world.check_person("milo").await;
    assert_eq!(diagnosis.cause(), Some(Cause::MembershipNotSynced));
    let said = json_v1::report(&diagnosis).to_string();
    assert!(said.contains("Why that has not arrived in AWS I could not read"), "{said}");
}

#[tokio::test]
async fn an_application_that_is_not_found_is_said_with_the_setting_that_names_it() {
    let world = World::of("company").await;
    // Found by name, and an admin has given it another one.
    if let Some(idp) = &mut world.sandbox.company().idp {
        "Something else".clone_into(&mut idp.application.name);
    }
    let diagnosis = world.check_person("dana").await;
    let setting = "set [entra] service_principal_id";
    assert!(diagnosis.gaps.iter().any(|gap| gap.gap.detail.contains(setting)), "{:?}", diagnosis.gaps);
    assert_eq!(diagnosis.cause(), Some(Cause::MembershipNotSynced));
}

#[tokio::test]
async fn a_name_that_is_merely_near_is_mentioned_and_never_taken_for_the_group() {
    let world = World::of("company").await;
    {
        let mut company = world.sandbox.company();
        let idp = company.idp.as_mut().expect("an IdP");
        let opens_it = idp.groups.iter().find(|group| group.name == "AWS-Ledger-ReadOnly").expect("a group");
        let near = Group {
            key: "near".to_owned(),
            object_id: "5f0c2b1e-0000-4000-8000-000000000001".to_owned(),
            name: "aws-ledger-readonly".to_owned(),
            // Sent to AWS, it would be one that AWS lacks.
            assigned_since: None,
            ..opens_it.clone()
        };
        let since = near.created_at;
        idp.groups.push(near);
        idp.memberships.push(Membership { group: "near".to_owned(), person: "noah".to_owned(), since });
    }
    let diagnosis = world.check_person("noah").await;
    assert_eq!(diagnosis.cause(), Some(Cause::NotInGroup));
    let said = json_v1::report(&diagnosis).to_string();
    assert!(said.contains("in aws-ledger-readonly, whose name only looks like it"), "{said}");
}
