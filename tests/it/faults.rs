//! Every fault on every AWS operation: always a report, which names the gap and never says a wrong "no" or
//! a wrong "access".

use sso_why::diagnosis::Verdict;
use sso_why::diagnosis::facts::GapKind;
use sso_why::sandbox::faults::Fault;
use sso_why::words::json_v1;

use crate::harness::World;

const OPERATIONS: [&str; 13] = [
    "sso:ListInstances",
    "sso:ListPermissionSetsProvisionedToAccount",
    "sso:ListAccountAssignments",
    "sso:ListAccountAssignmentsForPrincipal",
    "sso:DescribePermissionSet",
    "sso:ListAccountAssignmentCreationStatus",
    "sso:DescribeAccountAssignmentCreationStatus",
    "identitystore:GetUserId",
    "identitystore:DescribeUser",
    "identitystore:ListGroupMembershipsForMember",
    "identitystore:DescribeGroup",
    "organizations:ListAccounts",
    "organizations:DescribeAccount",
];

fn faults() -> Vec<(Fault, GapKind)> {
    vec![
        (Fault::Throttled { retry_after: 1 }, GapKind::Throttled),
        (Fault::Forbidden, GapKind::Forbidden),
        (Fault::Hanging, GapKind::Timeout),
        (Fault::Html500, GapKind::Error),
        (Fault::MalformedJson, GapKind::Error),
    ]
}

/// One person for each way in which a diagnosis goes: access, no membership, a request, a dangling group.
const PEOPLE: [&str; 5] = ["tomas", "dana", "ravi", "sofia", "hana"];

#[tokio::test]
async fn every_fault_on_every_operation_leaves_an_honest_report() {
    let checks =
        OPERATIONS.iter().flat_map(|operation| faults().into_iter().map(move |fault| (*operation, fault)));
    let rows = checks.map(|(operation, (fault, kind))| async move {
        // A world of its own each: nothing that was read before the fault may help.
        let hangs = fault == Fault::Hanging;
        let world = if hangs { World::impatient().await } else { World::new().await };
        world.sandbox.faults.set(operation, fault.clone());
        // Each hanging call is waited for, so fewer people wait.
        for key in if hangs { &PEOPLE[..2] } else { &PEOPLE[..] } {
            let truth = world.person(key).expects.expect("expected").verdict;
            world.sandbox.calls.forget();
            let diagnosis = world.check_person(key).await;
            let report = json_v1::report(&diagnosis);
            let verdict = report["verdict"].as_str().expect("a verdict").to_owned();
            assert!(
                verdict == truth || diagnosis.verdict == Verdict::Undetermined,
                "{operation} {fault:?} {key}: {report:#}"
            );
            let gap = diagnosis.gaps.iter().find(|gap| gap.gap.operation == operation);
            let was_asked = world.sandbox.calls.counts().contains_key(operation);
            if was_asked {
                let gap =
                    gap.unwrap_or_else(|| panic!("{operation} {fault:?} {key} names no gap: {report:#}"));
                assert_eq!(gap.gap.kind, kind, "{operation} {fault:?} {key}: {:?}", gap.gap);
            }
            if diagnosis.verdict == Verdict::Undetermined {
                assert!(gap.is_some(), "{operation} {fault:?} {key}: {report:#}");
                assert!(!report["headline"].as_str().expect("a headline").is_empty());
            }
        }
    });
    // A few at a time: hanging ones take their two seconds, and the machine has two cores.
    let mut rows = rows.collect::<Vec<_>>();
    while !rows.is_empty() {
        let some: Vec<_> = rows.drain(..rows.len().min(8)).collect();
        futures::future::join_all(some).await;
    }
}

#[tokio::test]
async fn a_throttled_call_is_tried_again() {
    let world = World::new().await;
    world.sandbox.faults.set_times("identitystore:DescribeUser", Fault::Throttled { retry_after: 1 }, 1);
    let diagnosis = world.check_person("tomas").await;
    assert_eq!(diagnosis.verdict, Verdict::Access);
}

#[tokio::test]
async fn a_slow_answer_is_waited_for() {
    let world = World::new().await;
    world.sandbox.faults.set("sso:ListAccountAssignments", Fault::Slow { milliseconds: 200 });
    assert_eq!(world.check_person("tomas").await.verdict, Verdict::Access);
}
