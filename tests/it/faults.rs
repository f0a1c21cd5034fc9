//! Every fault on every AWS operation: always a report, which names the gap and never says a wrong "no" or
//! a wrong "access".

use sso_why::diagnosis::facts::{Gap, GapKind};
use sso_why::diagnosis::steps::Step;
use sso_why::diagnosis::{Diagnosis, Verdict};
use sso_why::sandbox::faults::Fault;
use sso_why::sandbox::scenario::Expects;
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

/// Each with the gap that it leaves. A throttled call is retried at once.
const FAULTS: [(Fault, GapKind); 4] = [
    (Fault::Throttled { retry_after: 0 }, GapKind::Throttled),
    (Fault::Forbidden, GapKind::Forbidden),
    (Fault::Html500, GapKind::Error),
    (Fault::MalformedJson, GapKind::Error),
];

/// Each hanging call is waited for, so that fewer people ask.
const WHO_WAIT: usize = 2;

/// One company in which one operation at a time fails.
struct Matrix {
    patient: World,
    /// The same company, for calls that hang.
    impatient: World,
}

/// What one person was told while one operation failed.
struct Row {
    operation: &'static str,
    truth: Expects,
    diagnosis: Diagnosis,
    was_asked: bool,
    what: String,
}

impl Matrix {
    /// Has everybody ask under every fault of every operation. Each operation is asked by somebody under each fault,
    /// and whoever's question reached it is told its gap.
    async fn each(mut self, operations: &[&'static str], people: &[&str], check: fn(&Row)) {
        for operation in operations {
            let mut reached: Vec<&str> = Vec::new();
            for (fault, kind) in FAULTS {
                let before = reached.len();
                for key in people {
                    let row = row(&mut self.patient, operation, &fault, key).await;
                    row.names_its_gap(kind);
                    check(&row);
                    reached.extend(row.was_asked.then_some(*key));
                }
                assert!(reached.len() > before, "nobody's question asks {operation} ({fault:?})");
            }
            reached.sort_unstable();
            reached.dedup();
            let mut waited = 0;
            for key in reached {
                if waited == WHO_WAIT {
                    break;
                }
                let row = row(&mut self.impatient, operation, &Fault::Hanging, key).await;
                row.names_its_gap(GapKind::Timeout);
                check(&row);
                waited += usize::from(row.was_asked);
            }
            assert!(waited > 0, "nobody's question waits for {operation}");
        }
    }
}

async fn row(world: &mut World, operation: &'static str, fault: &Fault, key: &str) -> Row {
    world.sandbox.faults.clear();
    world.sandbox.faults.set(operation, fault.clone());
    // Nothing that was read before the fault may help.
    world.forget_all();
    world.sandbox.calls.forget();
    let diagnosis = world.check_person(key).await;
    Row {
        operation,
        truth: world.person(key).expects.expect("the scenario says what to expect"),
        diagnosis,
        was_asked: world.sandbox.calls.counts().contains_key(operation),
        what: format!("{operation} {fault:?} {key}"),
    }
}

impl Row {
    fn gap(&self) -> Option<&Gap> {
        let mut gaps = self.diagnosis.gaps.iter().map(|gap| &gap.gap);
        gaps.find(|gap| gap.operation == self.operation)
    }

    fn names_its_gap(&self, kind: GapKind) {
        if self.was_asked {
            let report = || json_v1::report(&self.diagnosis);
            let gap = self.gap().unwrap_or_else(|| panic!("no gap is named: {}: {:#}", self.what, report()));
            assert_eq!(gap.kind, kind, "{}: {gap:?}", self.what);
        }
    }
}

/// One person for each way in which a diagnosis goes: access, no membership, a request, a dangling group.
const PEOPLE: [&str; 5] = ["tomas", "dana", "ravi", "sofia", "hana"];

#[tokio::test]
async fn every_fault_on_every_operation_leaves_an_honest_report() {
    let matrix = Matrix { patient: World::new().await, impatient: World::more_impatient("no-idp").await };
    matrix.each(&OPERATIONS, &PEOPLE, honest).await;
}

fn honest(row: &Row) {
    let Row { truth, diagnosis, what, .. } = row;
    let report = json_v1::report(diagnosis);
    let is_open = diagnosis.verdict == Verdict::Undetermined;
    assert!(is_open || report["verdict"].as_str() == Some(&truth.verdict), "{what}: {report:#}");
    if is_open {
        // On a busy machine another call may be late, before this one was made.
        let gaps = &diagnosis.gaps;
        assert!(row.gap().is_some() || !row.was_asked && !gaps.is_empty(), "{what}: {report:#}");
        assert!(!report["headline"].as_str().expect("a headline").is_empty());
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

const OF_ENTRA: [&str; 13] = [
    "graph:users",
    "graph:directory/deletedItems/users",
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
/// for themselves and for their group, left out, not there.
const PEOPLE_OF_THE_IDP: [&str; 9] =
    ["tomas", "dana", "noah", "nils", "yuki", "ivan", "rosalind", "milo", "pavel"];

/// What can be said from AWS alone, when the IdP could not be seen.
const SEEN_IN_AWS: [&str; 3] = ["membership_not_synced", "user_not_provisioned", "portal_stale"];

#[tokio::test]
async fn every_fault_at_entra_is_named_and_changes_no_verdict() {
    of_the_idp("company", &OF_ENTRA).await;
}

#[tokio::test]
async fn every_fault_at_okta_is_named_and_changes_no_verdict() {
    of_the_idp("okta", &OF_OKTA).await;
}

async fn of_the_idp(company: &str, operations: &[&'static str]) {
    let (patient, impatient) = (World::of(company).await, World::more_impatient_with_the_idp(company).await);
    Matrix { patient, impatient }.each(operations, &PEOPLE_OF_THE_IDP, unchanged).await;
}

fn unchanged(row: &Row) {
    let Row { truth, diagnosis, what, .. } = row;
    let report = json_v1::report(diagnosis);
    // Without the IdP's ids nothing proves that AWS does not have somebody whom no name finds.
    let may_be_there = diagnosis.person.is_none() && report["verdict"] == "undetermined";
    assert!(may_be_there || report["verdict"] == *truth.verdict, "{what}: {report:#}");
    let cause = report["cause"].as_str().expect("a cause");
    assert!(Some(cause) == truth.cause.as_deref() || SEEN_IN_AWS.contains(&cause), "{what}: {report:#}");
}

#[tokio::test]
async fn an_idp_that_hangs_altogether_leaves_the_part_of_aws() {
    for (company, operations) in [("company", &OF_ENTRA[..]), ("okta", &OF_OKTA[..])] {
        let world = World::more_impatient_with_the_idp(company).await;
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
