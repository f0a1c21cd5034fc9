//! Every fault on every AWS operation: always a report, which names the gap and never says a wrong "no" or
//! a wrong "access".

use sso_why::diagnosis::Verdict;
use sso_why::diagnosis::facts::GapKind;
use sso_why::diagnosis::steps::Step;
use sso_why::sandbox::faults::Fault;
use sso_why::words::json_v1;

use crate::harness::{World, a_few_at_a_time};

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
        let world = if hangs { World::impatient("no-idp").await } else { World::new().await };
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
    a_few_at_a_time(rows).await;
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

const OF_ENTRA: [&str; 12] = [
    "graph:users",
    "graph:users/memberOf",
    "graph:users/transitiveMemberOf",
    "graph:groups",
    "graph:groups/members",
    "graph:groups/owners",
    "graph:servicePrincipals",
    "graph:servicePrincipals/appRoleAssignedTo",
    "graph:synchronization/jobs",
    "graph:synchronization/schema",
    "graph:auditLogs/provisioning",
    "graph:auditLogs/directoryAudits",
];

const OF_OKTA: [&str; 9] = [
    "okta:users",
    "okta:users/groups",
    "okta:groups",
    "okta:groups/owners",
    "okta:apps",
    "okta:apps/users",
    "okta:apps/group-push/mappings",
    "okta:apps/connections",
    "okta:logs",
];

/// One person for each way in which the IdP is asked: access, on its way, never had it, nested, new, failed
/// for themselves and for their group, left out.
const PEOPLE_OF_THE_IDP: [&str; 8] = ["tomas", "dana", "noah", "nils", "yuki", "ivan", "rosalind", "milo"];

/// What can be said from AWS alone, when the IdP could not be seen.
const SEEN_IN_AWS: [&str; 4] =
    ["membership_not_synced", "user_not_provisioned", "group_not_synced", "portal_stale"];

#[tokio::test]
async fn every_fault_at_the_idp_is_named_and_changes_no_verdict() {
    let operations = OF_ENTRA.map(|operation| ("company", operation)).into_iter();
    let operations = operations.chain(OF_OKTA.map(|operation| ("okta", operation)));
    let checks = operations.flat_map(|one| faults().into_iter().map(move |fault| (one, fault)));
    let rows = checks.map(|((company, operation), (fault, kind))| async move {
        let hangs = fault == Fault::Hanging;
        for key in if hangs { &PEOPLE_OF_THE_IDP[1..3] } else { &PEOPLE_OF_THE_IDP[..] } {
            // A world of its own each, since Entra's logs may be read five times in ten seconds only.
            let world =
                if hangs { World::impatient_with_the_idp(company).await } else { World::of(company).await };
            world.sandbox.faults.set(operation, fault.clone());
            let truth = world.person(key).expects.expect("expected");
            world.sandbox.calls.forget();
            let diagnosis = world.check_person(key).await;
            let report = json_v1::report(&diagnosis);
            let what = format!("{operation} {fault:?} {key}: {report:#}");
            assert_eq!(report["verdict"].as_str(), Some(truth.verdict.as_str()), "{what}");
            let cause = report["cause"].as_str().expect("a cause");
            assert!(cause == truth.cause || SEEN_IN_AWS.contains(&cause), "{what}");
            if world.sandbox.calls.counts().contains_key(operation) {
                let gap = diagnosis.gaps.iter().find(|gap| gap.gap.operation == operation);
                let gap = gap.unwrap_or_else(|| panic!("no gap is named: {what}"));
                assert_eq!(gap.gap.kind, kind, "{what}");
            }
        }
    });
    a_few_at_a_time(rows).await;
}

#[tokio::test]
async fn an_idp_that_hangs_altogether_leaves_the_part_of_aws() {
    for (company, operations) in [("company", &OF_ENTRA[..]), ("okta", &OF_OKTA[..])] {
        let world = World::impatient_with_the_idp(company).await;
        operations.iter().for_each(|operation| world.sandbox.faults.set(operation, Fault::Hanging));
        let without = World::new().await.check_person("dana").await;
        let diagnosis = world.check_person("dana").await;
        assert_eq!(diagnosis.cause(), without.cause());
        let of_aws = |diagnosis: &sso_why::diagnosis::Diagnosis| {
            let steps = diagnosis.steps.iter().filter(|report| report.step > Step::Sync);
            steps.map(|report| (report.step, report.status)).collect::<Vec<_>>()
        };
        assert_eq!(of_aws(&diagnosis), of_aws(&without));
        // The second stage is not begun where the first ran out of time.
        let counts = world.sandbox.calls.counts();
        assert_eq!(counts.get("graph:auditLogs/provisioning"), None);
        assert_eq!(counts.get("okta:logs"), None);
    }
}
