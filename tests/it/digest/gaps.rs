//! What could not be read is said, and nothing is concluded from it.

use insta::assert_snapshot;
use sso_why::sandbox::company::Change;
use sso_why::sandbox::faults::Fault;

use super::{as_json, change, company, digest_of, digests};
use crate::harness::seen;

#[tokio::test]
async fn what_cannot_be_read_is_waited_for_and_then_said() {
    let world = company().await;
    world.sandbox.faults.set("identitystore:ListGroups", Fault::Forbidden);
    world.pass_until("2026-11-25T09:00:00Z");
    world.once(|| world.sandbox.calls.counts().contains_key("identitystore:ListGroups")).await;
    assert!(digests(&world).is_empty());
    let told = world.while_passing(jiff::SignedDuration::from_mins(1), digest_of(&world, "2026-11-25")).await;
    assert_snapshot!(seen(&told), @"
    Whether there are duplicate groups, I can't tell.
    I could not read everything, so there may be more than I tell: identitystore:ListGroups (AccessDeniedException).
    Nobody has asked me about a missing account in the last day.
    ");
}

#[tokio::test]
async fn groups_that_could_not_be_looked_into_are_no_sign_of_health_and_nothing_is_deleted() {
    let world = company().await;
    world.sandbox.faults.set("sso:ListAccountAssignmentsForPrincipal", Fault::Forbidden);
    let digest = as_json(&world).await;
    assert_eq!(digest["complete"], false);
    assert_eq!(digest["gaps"][0]["operation"], "sso:ListAccountAssignmentsForPrincipal");
    for finding in digest["findings"].as_array().expect("findings") {
        assert_eq!(
            (&finding["severity"], &finding["people_hurt_is_complete"]),
            (&"will_hurt".into(), &false.into())
        );
        let steps = finding["remedy"].to_string();
        assert!(!steps.contains("delete-"), "what a group opens is not known: {steps}");
    }
}

#[tokio::test]
async fn while_a_duplicate_may_be_overlooked_none_counts_as_resolved() {
    let world = company().await;
    world.pass_until("2026-11-25T09:00:00Z");
    digest_of(&world, "2026-11-25").await;
    change(&world, &Change::DeleteGroup { group: "AWS-Forensics, Cyrillic A".to_owned() });
    let resolved = async || {
        let digest = as_json(&world).await;
        let findings = digest["findings"].as_array().expect("findings").clone();
        findings.iter().filter(|finding| finding["state"] == "resolved").count()
    };
    for operation in ["identitystore:ListGroups", "graph:servicePrincipals/appRoleAssignedTo"] {
        world.sandbox.faults.set(operation, Fault::Forbidden);
        assert_eq!(resolved().await, 0, "{operation}");
        world.sandbox.faults.clear();
    }
    world.sandbox.faults.set("identitystore:ListGroupMemberships", Fault::Forbidden);
    assert_eq!(resolved().await, 1, "that does not hide whether it is there");
}

#[tokio::test]
async fn by_hand_nothing_is_posted_where_not_all_groups_could_be_read() {
    let world = company().await;
    world.pass_until("2026-11-25T08:00:00Z");
    world.sandbox.faults.set("identitystore:ListGroups", Fault::Forbidden);
    let refused = world.desk().look_and_post_digest().await.expect_err("not all could be read").to_string();
    assert_snapshot!(refused, @"not all groups could be read, so that there is no digest; the channel was told so, and when they can be read, try again");
    world.sandbox.faults.clear();
    world.pass_until("2026-11-25T09:00:00Z");
    digest_of(&world, "2026-11-25").await;
}

#[tokio::test]
async fn assignments_that_could_not_be_read_are_looked_through_the_next_time() {
    let world = company().await;
    world.sandbox.faults.set("sso:ListAccountAssignments", Fault::Forbidden);
    world.pass_until("2026-11-25T09:00:00Z");
    let first = seen(&digest_of(&world, "2026-11-25").await);
    assert!(first.contains("sso:ListAccountAssignments") && !first.contains("a deleted group"), "{first}");
    world.sandbox.faults.clear();
    world.pass_until("2026-11-26T09:00:00Z");
    let second = seen(&digest_of(&world, "2026-11-26").await);
    assert!(second.contains("new, will hurt: An assignment is left over from a deleted group"), "{second}");
    world.sandbox.calls.forget();
    world.pass_until("2026-11-27T09:00:00Z");
    digest_of(&world, "2026-11-27").await;
    assert_eq!(world.sandbox.calls.counts().get("sso:ListAccountAssignments"), None, "it is done once");
}
