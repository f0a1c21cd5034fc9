//! Kinds of group: what an optional right adds, and what is said without it.

use sso_why::diagnosis::Verdict;
use sso_why::diagnosis::causes::Cause;
use sso_why::sandbox::faults::Fault;
use sso_why::words::json_v1;

use crate::harness::World;

const ELIGIBILITY: &str = "PrivilegedEligibilitySchedule.Read.AzureADGroup";
const ELIGIBLE: &str = "graph:privilegedAccess/group/eligibilityScheduleInstances";
const HINT: &str = "if your company uses PIM for this group, activate it first";

#[tokio::test]
async fn without_the_optional_right_activating_is_a_hint_and_no_gap() {
    let world = World::of("messy").await;
    world.sandbox.rights.take_away(ELIGIBILITY);
    let diagnosis = world.check_person("elif").await;
    assert_eq!(diagnosis.cause(), Some(Cause::NotInGroup));
    assert!(diagnosis.gaps.is_empty(), "{:?}", diagnosis.gaps);
    assert!(json_v1::report(&diagnosis).to_string().contains(HINT));
    // Nobody activates a group that a rule or another directory fills.
    for person in ["dinah", "axel"] {
        let said = json_v1::report(&world.check_person(person).await).to_string();
        assert!(!said.contains("PIM"), "{said}");
    }
    world.sandbox.rights.give_back(ELIGIBILITY);
    assert_eq!(world.check_live("elif").await.cause(), Some(Cause::NotActivated));
}

#[tokio::test]
async fn an_answer_that_did_not_come_is_a_gap() {
    let world = World::of("messy").await;
    world.sandbox.faults.set(ELIGIBLE, Fault::Html500);
    let diagnosis = world.check_person("elif").await;
    assert_eq!((diagnosis.verdict, diagnosis.cause()), (Verdict::Blocked, Some(Cause::NotInGroup)));
    assert!(diagnosis.gaps.iter().any(|gap| gap.gap.operation == ELIGIBLE), "{:?}", diagnosis.gaps);
}

#[tokio::test]
async fn who_is_in_a_group_is_not_asked_what_they_may_activate() {
    let world = World::of("messy").await;
    for person in ["hugo", "mirko"] {
        world.check_person(person).await;
    }
    assert_eq!(world.sandbox.calls.counts().get(ELIGIBLE), None);
    world.check_person("bela").await;
    assert_eq!(
        world.sandbox.calls.counts().get(ELIGIBLE),
        Some(&2),
        "what they may activate, and who that group"
    );
}

#[tokio::test]
async fn okta_is_asked_for_the_rule_of_a_group_only_if_the_person_is_in_none() {
    let world = World::of("messy-okta").await;
    for person in ["hugo", "mirko", "orla"] {
        world.check_person(person).await;
    }
    let counts = world.sandbox.calls.counts();
    assert_eq!(counts.get("okta:groups/rules"), None);
    assert_eq!(counts.get("okta:apps/groups"), Some(&2), "once for each of those who are in a pushed group");
}
