//! What is old and what is young, over time: a log that lags, a joining that no log holds, an earlier look.

use jiff::SignedDuration;
use sso_why::diagnosis::Verdict;
use sso_why::diagnosis::causes::Cause;
use sso_why::sandbox::faults::Fault;
use sso_why::words::json_v1;

use crate::harness::{World, seen};

/// From the question to the end of the next cycle.
const A_CYCLE: SignedDuration = SignedDuration::from_mins(30);

#[tokio::test]
async fn what_happened_just_now_arrives_with_the_next_cycle() {
    let world = World::of("messy").await;
    let diagnosis = world.check_person("tilda").await;
    let report = json_v1::report(&diagnosis);
    let sync = diagnosis.steps.iter().position(|step| step.step.name() == "sync").expect("a step");
    let due = report["steps"][sync]["evidence"]
        .as_array()
        .and_then(|proofs| proofs.iter().find(|proof| proof["label"] == "next cycle"))
        .map(|proof| proof["value"].clone());
    assert_eq!(Some(&report["fix"]["retry_at"]), due.as_ref(), "{report:#}");
    world.pass(A_CYCLE);
    assert_eq!(world.check_live("tilda").await.verdict, Verdict::Access);
}

#[tokio::test]
async fn a_log_that_has_caught_up_says_when_it_was() {
    let world = World::of("messy").await;
    world.pass(SignedDuration::from_mins(6));
    let diagnosis = world.check_live("tilda").await;
    assert_eq!(diagnosis.cause(), Some(Cause::SyncPending));
    let said = json_v1::report(&diagnosis).to_string();
    assert!(said.contains("9 minutes ago") && !said.contains("it was missed"), "{said}");
}

#[tokio::test]
async fn without_the_log_nothing_is_said_of_it() {
    for log in ["graph:auditLogs/directoryAudits", "graph:auditLogs/provisioning"] {
        let world = World::of("messy").await;
        world.sandbox.faults.set(log, Fault::Forbidden);
        let diagnosis = world.check_person("tilda").await;
        assert_eq!(diagnosis.cause(), Some(Cause::MembershipNotSynced), "{log}");
        assert!(diagnosis.gaps.iter().any(|gap| gap.gap.operation == log), "{:?}", diagnosis.gaps);
    }
}

#[tokio::test]
async fn what_no_log_holds_was_missed_if_a_cycle_has_passed_since_the_first_look() {
    let world = World::of("messy").await;
    let first = world.ask("otto", "C0GENERAL", "/sso-why Otto-Prod").await;
    let text = seen(&first);
    assert!(text.contains("if that was just now, the next cycle brings it"), "{text}");
    assert!(text.contains("[Tell me when it's fixed]"), "{text}");
    world.pass(SignedDuration::from_mins(1));
    let mut later = world.press("otto", &first, "recheck").await;
    assert!(seen(&later).contains("if that was just now"), "{}", seen(&later));
    world.pass(A_CYCLE);
    for _ in 0..2 {
        later = world.press("otto", &later, "recheck").await;
        assert!(seen(&later).contains("has not arrived in AWS, and no error says why"), "{}", seen(&later));
        world.pass(SignedDuration::from_mins(1));
    }
}

#[tokio::test]
async fn an_old_error_is_the_cause_once_the_cycle_has_passed_without_the_change() {
    let world = World::of("messy").await;
    assert_eq!(world.check_person("petr").await.cause(), Some(Cause::SyncPending));
    // He joins again, and the sync does not notice.
    if let Some(idp) = &mut world.sandbox.company().idp {
        let held = idp.memberships.iter_mut().find(|held| held.person == "petr").expect("he is in it");
        held.since = held.since.checked_sub(SignedDuration::from_hours(2)).expect("a moment");
    }
    assert_eq!(world.check_live("petr").await.cause(), Some(Cause::SyncError));
}
