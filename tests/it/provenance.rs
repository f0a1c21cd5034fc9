//! Where a record in AWS comes from: a group without an external id is not thereby one that was created manually.

use sso_why::diagnosis::causes::Cause;
use sso_why::words::json_v1;

use crate::harness::{World, seen};

/// Advice that takes the access of everybody in the group.
const HARM: [&str; 3] = ["rename", "delete", "remove"];

/// AWS has no external id of this group, as of one that the IdP adopted or whose mapping leaves it out.
fn without_its_id(world: &World, group: &str) {
    let mut company = world.sandbox.company();
    let held = company.groups.iter_mut().find(|held| held.display_name == group);
    held.expect("it is in AWS").external_id = None;
}

async fn told(world: &World, typed: &str) -> String {
    let told = seen(&world.ask("dana", "C0GENERAL", typed).await);
    let advice = told.split("Next:").nth(1).unwrap_or_default().to_lowercase();
    assert!(!HARM.iter().any(|word| advice.contains(word)), "{told}");
    told
}

#[tokio::test]
async fn a_change_of_an_adopted_group_is_on_its_way_at_either_idp() {
    for company in ["company", "okta"] {
        let world = World::of(company).await;
        without_its_id(&world, "AWS-Payments-ReadOnly");
        let told = told(&world, "/sso-why Payments-Prod").await;
        assert!(told.starts_with("Payments-Prod is on its way"), "{company}: {told}");
        assert_eq!(world.check_person("dana").await.cause(), Some(Cause::SyncPending), "{company}");
    }
}

#[tokio::test]
async fn without_an_idp_a_group_without_an_id_may_be_kept_in_aws_or_elsewhere() {
    let world = World::of("no-idp").await;
    without_its_id(&world, "AWS-Payments-ReadOnly");
    told(&world, "/sso-why Payments-Prod").await;
    assert_eq!(world.check_person("dana").await.cause(), Some(Cause::MembershipNotSynced));
}

#[tokio::test]
async fn a_group_that_was_made_in_aws_on_purpose_is_one_that_she_is_not_in() {
    let world = World::of("company").await;
    without_its_id(&world, "AWS-Break-Glass");
    if let Some(idp) = &mut world.sandbox.company().idp {
        idp.groups.retain(|group| group.name != "AWS-Break-Glass");
    }
    let told = told(&world, "/sso-why Payments-Prod Admin").await;
    assert!(told.contains("You don't have Admin on Payments-Prod"), "{told}");
    assert!(!told.contains("rejected"), "{told}");
}

#[tokio::test]
async fn at_okta_a_group_without_an_id_is_okta_s() {
    let world = World::of("messy-okta").await;
    let (missed, readers) = ("AWS-Mirko", "AWS-Vault-Readers");
    [missed, readers].iter().for_each(|group| without_its_id(&world, group));
    assert_eq!(world.check_person("mirko").await.cause(), Some(Cause::MembershipMissed));
    let diagnosis = world.check_person("bela").await;
    assert_eq!(diagnosis.cause(), Some(Cause::NotInGroup));
    let said = json_v1::report(&diagnosis)["fix"].to_string();
    assert!(said.contains("ask Hugo Falk to add Bela Kiss to AWS-Vault-Readers"), "{said}");
    assert!(!said.contains("Identity Center"), "the next push would take them out again: {said}");
}
