//! Assignments that are left of deleted groups, and groups of the person's own that AWS does not have.

use std::collections::BTreeMap;

use insta::assert_snapshot;
use sso_why::desk::digest::names::former_names_at;
use sso_why::diagnosis::causes::Cause;
use sso_why::diagnosis::facts::{FormerName, GroupId};
use sso_why::sandbox::faults::Fault;
use sso_why::store::{Census, KnownGroup, Store};
use sso_why::words::json_v1;

use crate::harness::{World, in_time, seen};

#[tokio::test]
async fn sunnivas_group_was_deleted_in_aws_and_the_admins_group_is_not_for_her() {
    let world = World::of("messy").await;
    assert_snapshot!(world.told("sunniva").await, @"
    Sunniva-Prod is missing, and AWS does not have a group that you are in.
    You are in AWS-Sunniva in Entra ID, which sends it to AWS. AWS has no group with its id or its name.
    Entra ID's log has no error of it.
    An assignment on Sunniva-Prod is left of a deleted group. AWS does not say any more what that was called, so that it may have been another.
    Next: an identity admin has to act: provision AWS-Sunniva with you on demand in Entra ID. If the access was by that group, then assign ReadOnly on Sunniva-Prod to the new one, and remove the assignment that points nowhere.
    Other ways to this account
    • Admin through Ops: not in it
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    Sunniva-Prod is missing, and AWS does not have a group that you are in. Next: an identity admin has to act: provision AWS-Sunniva with you on demand in Entra ID. If the access was by that group, then assign ReadOnly on Sunniva-Prod to the new one, and remove the assignment that points nowhere.

      BLOCKED   Sunniva-Prod is missing, and AWS does not have a group that Sunniva
                Dahl is in (group_not_synced)

      sunniva@grown.example → Sunniva-Prod (909090904502)

      ✓ account           active
      ✓ IdP person        Sunniva Dahl, enabled in Entra ID
      ✓ IdP membership    in AWS-Sunniva
      ✓ app assignment    AWS-Sunniva is on AWS IAM Identity Center
      ✓ sync              last cycle ended 2026-11-24 13:58 UTC; next about
                          2026-11-24 14:38 UTC
      ✓ directory person  in Identity Center, enabled
      ✗ directory group   AWS-Sunniva is not in AWS
      · membership        not reached
      · duplicates        not reached
      · assignment        not reached
      · provisioning      not reached
      · portal            not reached

      Sunniva Dahl is in AWS-Sunniva in Entra ID, which sends it to AWS. AWS has no
      group with its id or its name.
      Entra ID's log has no error of it.
      An assignment on Sunniva-Prod is left of a deleted group. AWS does not say any
      more what that was called, so that it may have been another.

      Next   an identity admin: provision AWS-Sunniva with Sunniva Dahl on demand in
             Entra ID. If the access was by that group, then assign ReadOnly on
             Sunniva-Prod to the new one, and remove the assignment that points
             nowhere.
             https://entra.microsoft.com/#view/Microsoft_AAD_UsersAndTenants/UserProfileMenuBlade/~/overview/userId/33acb89b-f39d-496f-845c-3218fc4fc120
             https://entra.microsoft.com/#view/Microsoft_AAD_IAM/ManagedAppMenuBlade/~/Overview/objectId/74ce71e0-d39d-42e9-8f87-6c0a89ca2b94
             https://console.aws.amazon.com/singlesignon/organization/home#/organization/accounts
      Also   Admin through Ops: not in it
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS and Entra ID calls

    blocked / group_not_synced / directory_group / identity_admin
    account=pass idp_user=pass idp_membership=pass app_assignment=pass sync=pass directory_user=pass directory_group=fail directory_membership=not_reached duplicate_groups=not_reached assignment=not_reached provisioning=not_reached portal=not_reached
    ");
}

#[tokio::test]
async fn a_group_that_aws_lacks_costs_three_questions_and_only_if_nothing_else_explains() {
    let mut world = World::of("messy").await;
    world.forget_all();
    world.sandbox.calls.forget();
    assert_eq!(world.check_person("greta").await.cause(), Some(Cause::SyncPending));
    assert_eq!(world.sandbox.calls.counts().get("identitystore:GetGroupId"), None, "her route explains it");

    world.forget_all();
    world.sandbox.calls.forget();
    assert_eq!(world.check_person("sunniva").await.cause(), Some(Cause::GroupNotSynced));
    let counts = world.sandbox.calls.counts();
    assert_eq!(counts.get("identitystore:GetGroupId"), Some(&2), "by its id and by its name: {counts:?}");
    assert_eq!(counts.get("graph:servicePrincipals/appRoleAssignedTo"), Some(&1), "{counts:?}");
    assert_eq!(counts.get("graph:auditLogs/provisioning"), Some(&1), "what the log says of it: {counts:?}");
    assert_eq!(counts.get("graph:groups/owners"), None, "nobody asks who owns the admins' group: {counts:?}");
}

#[tokio::test]
async fn without_the_optional_right_nothing_is_said_to_be_lost() {
    let world = World::of("messy").await;
    world.sandbox.rights.take_away("identitystore:GetGroupId");
    assert_eq!(world.check_person("sunniva").await.cause(), Some(Cause::DanglingAssignment));
}

#[tokio::test]
async fn where_aws_could_not_be_asked_for_a_group_of_theirs_nothing_is_called_sound() {
    let world = World::of("messy").await;
    assert_eq!(world.check_person("ulrike").await.cause(), Some(Cause::GroupNotSynced));
    world.sandbox.rights.take_away("identitystore:GetGroupId");
    let diagnosis = world.check_live("ulrike").await;
    assert_eq!(diagnosis.cause(), Some(Cause::NotInGroup));
    let said = json_v1::report(&diagnosis).to_string();
    assert!(!said.contains("nothing is broken"), "{said}");
    assert!(
        said.contains("I could not see whether AWS has every group of theirs that Entra ID sends"),
        "{said}"
    );
}

/// Requests for assignments, one list each, that may hold the reason.
#[tokio::test]
async fn where_the_requests_could_not_be_read_nobody_is_sent_to_a_group() {
    for operation in ["sso:ListAccountAssignmentCreationStatus", "sso:ListAccountAssignments"] {
        for fault in [Fault::Html500, Fault::MalformedJson, Fault::Throttled { retry_after: 0 }] {
            let world = World::of("messy").await;
            world.sandbox.faults.set(operation, fault);
            let diagnosis = world.check_person("bela").await;
            let said = json_v1::report(&diagnosis);
            assert!(!said.to_string().contains("nothing is broken"), "{operation}: {said:#}");
            assert!(!said["fix"].to_string().contains("AWS-Vault-Readers"), "{operation}: {said:#}");
        }
    }
}

fn remembered(world: &World, key: &str, name: &str) -> Census {
    let id = world.sandbox.company().group_id(key).expect("it was there").to_owned();
    let group = KnownGroup { id, name: name.to_owned(), last_seen: world.gather.now() };
    Census { groups: vec![group], ..Census::default() }
}

#[tokio::test]
async fn the_digests_memory_says_what_a_deleted_group_was_called() {
    let world = World::of("messy").await;
    let memory = remembered(&world, "Crew, the old one", "Crew");
    world.store.keep_census(&memory).await.expect("is kept");
    let told = seen(&world.ask("rune", "C0GENERAL", "/sso-why dev").await);
    assert!(told.contains("its access is on a deleted group, which was created again"), "{told}");
    assert!(told.contains("The deleted group was called Crew when I last saw it"), "{told}");
    assert!(told.contains("assign the access on dev to Crew, then remove the assignment"), "{told}");
    assert!(!told.contains("It may be Crew"), "{told}");
}

#[tokio::test]
async fn a_group_that_nobody_meant_her_to_join_is_never_told_before_a_deleted_group_that_had_another_name() {
    let world = World::of("messy").await;
    let memory = remembered(&world, "Crew, the old one", "Old Contractors");
    world.store.keep_census(&memory).await.expect("is kept");
    let told = seen(&world.ask("rune", "C0GENERAL", "/sso-why dev").await);
    assert!(
        told.starts_with("dev is missing, and an access to it was given to a group that no longer"),
        "{told}"
    );
    assert!(told.contains("called Old Contractors"), "{told}");
    assert!(told.contains("the owner of dev says which group is meant"), "{told}");
    assert!(!told.contains("created again"), "{told}");
}

#[tokio::test]
async fn a_terminal_asks_the_memory_of_a_store_that_is_there_and_needs_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}/sso-why.db", folder.path().display());
    let id = GroupId("gone".to_owned());
    let names = async |url: &str| in_time(former_names_at(url.into())(vec![id.clone()])).await;
    assert_eq!(names(&url).await, BTreeMap::new());
    let store = Store::open(&url.as_str().into()).await.expect("opens");
    let last_seen = "2026-11-24T14:12:00Z".parse().expect("a moment");
    let group = KnownGroup { id: id.0.clone(), name: "Crew".to_owned(), last_seen };
    store.keep_census(&Census { groups: vec![group], ..Census::default() }).await.expect("is kept");
    let remembered = FormerName { name: "Crew".to_owned(), last_seen };
    assert_eq!(names(&url).await, BTreeMap::from([(id.clone(), remembered)]));
}
