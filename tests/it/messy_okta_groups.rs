//! Which group is which at Okta: push mappings are read by source and target.

use insta::assert_snapshot;
use sso_why::diagnosis::Verdict;
use sso_why::diagnosis::causes::Cause;
use sso_why::sandbox::faults::Fault;

use crate::harness::World;

const MAPPINGS: &str = "okta:apps/group-push/mappings";

#[tokio::test]
async fn nils_is_in_another_group_of_the_same_name() {
    let world = World::of("messy-okta").await;
    assert_snapshot!(world.told("nils").await, @"
    Nils-Prod is missing because you are in another group of the same name as AWS-Nils.
    Okta has two groups called AWS-Nils. It pushes the one to AWS, and you are in the other.
    Their ids there: 00g3efeb940f61fc81cf is the one that opens the account, 00g979ba41a7ba9fd849 the other.
    Next: ask Anja Roth to add you to the group AWS-Nils whose id is 00g3efeb940f61fc81cf.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    Nils-Prod is missing because you are in another group of the same name as AWS-Nils. Next: ask Anja Roth to add you to the group AWS-Nils whose id is 00g3efeb940f61fc81cf.

      BLOCKED   Nils-Prod is missing because Nils Aas is in another group of the
                same name as AWS-Nils (name_twin_at_the_idp)

      nils@grown.example → Nils-Prod (909090904101)

      ✓ account           active
      ✓ IdP person        Nils Aas, enabled in Okta
      ✗ IdP membership    in another group called AWS-Nils
      · app assignment    not reached
      ✓ sync              sends changes as they happen
      ✓ directory person  in Identity Center, enabled
      ✓ directory group   AWS-Nils
      ✗ membership        not in AWS-Nils
      ✓ duplicates        none
      ✓ assignment        ReadOnly for AWS-Nils
      ✓ provisioning      latest version
      · portal            not reached

      Okta has two groups called AWS-Nils. It pushes the one to AWS, and Nils Aas is
      in the other.
      Their ids there: 00g3efeb940f61fc81cf is the one that opens the account,
      00g979ba41a7ba9fd849 the other.

      Next   the help desk: ask Anja Roth to add Nils Aas to the group AWS-Nils
             whose id is 00g3efeb940f61fc81cf.
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS and Okta calls

    blocked / name_twin_at_the_idp / idp_membership / help_desk
    account=pass idp_user=pass idp_membership=fail app_assignment=not_reached sync=pass directory_user=pass directory_group=pass directory_membership=fail duplicate_groups=pass assignment=pass provisioning=pass portal=not_reached
    ");
}

#[tokio::test]
async fn majas_group_has_another_name_in_aws() {
    let world = World::of("messy-okta").await;
    assert_snapshot!(world.told("maja").await, @"
    Ledger-Prod is missing because your group change was never sent to AWS.
    You were added to Ledger Team (AWS-Ledger in AWS) 2026-11-21 14:12 UTC, 3 days ago. The group was last sent to AWS 2026-05-08 14:15 UTC, 199 days ago, before that, and AWS still does not have you in it.
    Next: an identity admin has to act: press Push now for Ledger Team under Push Groups of AWS IAM Identity Center in Okta. Waiting will not help.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    Ledger-Prod is missing because your group change was never sent to AWS. Next: an identity admin has to act: press Push now for Ledger Team under Push Groups of AWS IAM Identity Center in Okta. Waiting will not help.

      BLOCKED   Ledger-Prod is missing because the group change was never sent to
                AWS (membership_missed)

      maja@grown.example → Ledger-Prod (909090904102)

      ✓ account           active
      ✓ IdP person        Maja Lund, enabled in Okta
      ✓ IdP membership    in Ledger Team since 2026-11-21 14:12 UTC (3 days ago)
      ✓ app assignment    Ledger Team is on AWS IAM Identity Center
      ✗ sync              sent last 2026-05-08 14:15 UTC, and not since the change
      ✓ directory person  in Identity Center, enabled
      ✓ directory group   AWS-Ledger
      ✗ membership        not in AWS-Ledger
      ✓ duplicates        none
      ✓ assignment        ReadOnly for AWS-Ledger
      ✓ provisioning      latest version
      · portal            not reached

      Maja Lund was added to Ledger Team (AWS-Ledger in AWS) 2026-11-21 14:12 UTC, 3
      days ago. The group was last sent to AWS 2026-05-08 14:15 UTC, 199 days ago,
      before that, and AWS still does not have Maja Lund in it.

      Next   an identity admin: press Push now for Ledger Team under Push Groups of
             AWS IAM Identity Center in Okta. Waiting will not help.
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS and Okta calls

    blocked / membership_missed / sync / identity_admin
    account=pass idp_user=pass idp_membership=pass app_assignment=pass sync=fail directory_user=pass directory_group=pass directory_membership=fail duplicate_groups=pass assignment=pass provisioning=pass portal=not_reached
    ");
}

#[tokio::test]
async fn runas_group_was_renamed_and_its_push_switched_off() {
    let world = World::of("messy-okta").await;
    assert_snapshot!(world.told("runa").await, @"
    Fleet-Prod is missing because your company directory does not send this group's changes to AWS.
    You are in Fleet Operations (AWS-Fleet in AWS) at Okta.
    The push of Fleet Operations is switched off, so its changes stay in Okta. Okta switches it off by itself when a group is renamed, and the names differ here.
    Next: an identity admin has to act: switch the push of Fleet Operations on again.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    Fleet-Prod is missing because your company directory does not send this group's changes to AWS. Next: an identity admin has to act: switch the push of Fleet Operations on again.

      BLOCKED   Fleet-Prod is missing because your company directory does not send
                this group's changes to AWS (sync_stopped)

      runa@grown.example → Fleet-Prod (909090904105)

      ✓ account           active
      ✓ IdP person        Runa Vik, enabled in Okta
      ✓ IdP membership    in Fleet Operations since 2026-11-21 14:12 UTC (3 days
                          ago)
      ✓ app assignment    Fleet Operations is on AWS IAM Identity Center
      ✗ sync              the push of this group is switched off
      ✓ directory person  in Identity Center, enabled
      ✓ directory group   AWS-Fleet
      ✗ membership        not in AWS-Fleet
      ✓ duplicates        none
      ✓ assignment        ReadOnly for AWS-Fleet
      ✓ provisioning      latest version
      · portal            not reached

      Runa Vik is in Fleet Operations (AWS-Fleet in AWS) at Okta.
      The push of Fleet Operations is switched off, so its changes stay in Okta.
      Okta switches it off by itself when a group is renamed, and the names differ
      here.

      Next   an identity admin: switch the push of Fleet Operations on again.
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS and Okta calls

    blocked / sync_stopped / sync / identity_admin
    account=pass idp_user=pass idp_membership=pass app_assignment=pass sync=fail directory_user=pass directory_group=pass directory_membership=fail duplicate_groups=pass assignment=pass provisioning=pass portal=not_reached
    ");
}

#[tokio::test]
async fn pelle_is_told_the_name_of_the_group_that_people_are_added_to() {
    let world = World::of("messy-okta").await;
    assert_snapshot!(world.told("pelle").await, @"
    You don't have access to Cargo-Prod, and nothing is broken: you are not in a group that opens it.
    Only AWS-Cargo opens it (ReadOnly, on this account only). Its owner is @U0ANJA.
    Okta calls that group Cargo Team and pushes it to AWS as AWS-Cargo.
    Next: ask @U0ANJA to add you to Cargo Team.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Ask the group's owner] [Show all steps]

    You don't have access to Cargo-Prod, and nothing is broken: you are not in a group that opens it. Next: ask Anja Roth to add you to Cargo Team.

      BLOCKED   Pelle Holm doesn't have access to Cargo-Prod, and nothing is broken:
                no group that opens it has them (not_in_group)

      pelle@grown.example → Cargo-Prod (909090904104)

      ✓ account           active
      ✓ IdP person        Pelle Holm, enabled in Okta
      ✗ IdP membership    not in Cargo Team
      · app assignment    not reached
      ✓ sync              sends changes as they happen
      ✓ directory person  in Identity Center, enabled
      ✓ directory group   AWS-Cargo
      ✗ membership        not in AWS-Cargo
      ✓ duplicates        none
      ✓ assignment        ReadOnly for AWS-Cargo
      ✓ provisioning      latest version
      · portal            not reached

      Only AWS-Cargo opens it (ReadOnly, on this account only). Its owner is Anja
      Roth.
      Okta calls that group Cargo Team and pushes it to AWS as AWS-Cargo.

      Next   you: ask Anja Roth to add Pelle Holm to Cargo Team.
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS and Okta calls

    blocked / not_in_group / idp_membership / you
    account=pass idp_user=pass idp_membership=fail app_assignment=not_reached sync=pass directory_user=pass directory_group=pass directory_membership=fail duplicate_groups=pass assignment=pass provisioning=pass portal=not_reached
    ");
}

#[tokio::test]
async fn ylvas_group_has_the_name_and_is_pushed_elsewhere() {
    let world = World::of("messy-okta").await;
    assert_snapshot!(world.told("ylva").await, @"
    Orders-Prod is missing because you are in another group of the same name as AWS-Orders.
    Okta pushes its group Orders Team to AWS-Orders in AWS. You are in its group AWS-Orders, which is another.
    Their ids there: 00g0c4fff2c26b24161b is the one that opens the account, 00g916d5696dc35266bf the other.
    Next: the help desk can have you added to the group Orders Team whose id is 00g0c4fff2c26b24161b.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    Orders-Prod is missing because you are in another group of the same name as AWS-Orders. Next: the help desk can have you added to the group Orders Team whose id is 00g0c4fff2c26b24161b.

      BLOCKED   Orders-Prod is missing because Ylva Moe is in another group of the
                same name as AWS-Orders (name_twin_at_the_idp)

      ylva@grown.example → Orders-Prod (909090904106)

      ✓ account           active
      ✓ IdP person        Ylva Moe, enabled in Okta
      ✗ IdP membership    in another group called AWS-Orders
      · app assignment    not reached
      ✓ sync              sends changes as they happen
      ✓ directory person  in Identity Center, enabled
      ✓ directory group   AWS-Orders
      ✗ membership        not in AWS-Orders
      ✓ duplicates        none
      ✓ assignment        ReadOnly for AWS-Orders
      ✓ provisioning      latest version
      · portal            not reached

      Okta pushes its group Orders Team to AWS-Orders in AWS. Ylva Moe is in its
      group AWS-Orders, which is another.
      Their ids there: 00g0c4fff2c26b24161b is the one that opens the account,
      00g916d5696dc35266bf the other.

      Next   the help desk: the help desk can have Ylva Moe added to the group
             Orders Team whose id is 00g0c4fff2c26b24161b.
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS and Okta calls

    blocked / name_twin_at_the_idp / idp_membership / help_desk
    account=pass idp_user=pass idp_membership=fail app_assignment=not_reached sync=pass directory_user=pass directory_group=pass directory_membership=fail duplicate_groups=pass assignment=pass provisioning=pass portal=not_reached
    ");
}

/// Mappings a page of the simulated Okta; Okta's own pages hold 1,000.
const MAPPINGS_A_PAGE: usize = 5;

fn pages_of_mappings(world: &World) -> usize {
    let company = world.sandbox.company();
    let groups = &company.idp.as_ref().expect("is connected").groups;
    groups.iter().filter(|group| group.push_mapping.is_some()).count().div_ceil(MAPPINGS_A_PAGE)
}

/// One search more than a question by names alone if the person is in the group, whose mapping was asked for anyway; if
/// not, one list, and one look at a group that AWS calls otherwise. Only that look is a round trip of its own.
#[tokio::test]
async fn mappings_are_listed_once_and_names_searched_once() {
    for (person, groups) in [("mirko", 1), ("maja", 1), ("nils", 1), ("pelle", 2)] {
        let world = World::of("messy-okta").await;
        let pages = pages_of_mappings(&world);
        world.sandbox.calls.forget();
        world.check_person(person).await;
        let counts = world.sandbox.calls.counts();
        let asked = |operation: &str| counts.get(operation).copied().unwrap_or_default();
        let expected = (pages, groups);
        assert_eq!((asked(MAPPINGS), asked("okta:groups")), expected, "{person}: {counts:?}");
    }
}

/// Of a group that AWS lost: its mapping, the name of its target, and AWS's answer for that name.
#[tokio::test]
async fn three_calls_tell_that_aws_lost_a_pushed_group() {
    for (person, searches, pages) in [("sigrid", 1, None), ("trygve", 0, Some(1))] {
        let world = World::of("messy-okta").await;
        let pages = pages.unwrap_or_else(|| pages_of_mappings(&world));
        world.sandbox.calls.forget();
        assert_eq!(world.check_person(person).await.cause(), Some(Cause::GroupNotSynced));
        let counts = world.sandbox.calls.counts();
        let asked = |operation: &str| counts.get(operation).copied().unwrap_or_default();
        let found = (asked(MAPPINGS), asked("okta:groups"), asked("identitystore:GetGroupId"));
        assert_eq!(found, (pages, searches + 1, 1), "{person}: {counts:?}");
    }
}

/// A push that is set up and has not run yet: nothing in AWS has the target's name, and Okta no target group.
#[tokio::test]
async fn a_mapping_without_a_target_group_yet_is_that_of_the_name() {
    let world = World::of("messy-okta").await;
    let now = "2026-11-24T14:08:00Z".parse().expect("a time");
    if let Some(idp) = &mut world.sandbox.company().idp {
        let group = idp.groups.iter_mut().find(|group| group.key == "AWS-Ledger").expect("is there");
        "AWS-Ledger".clone_into(&mut group.name);
        let mapping = group.push_mapping.as_mut().expect("it is pushed");
        (mapping.created_at, mapping.updated_at, mapping.last_push) = (now, now, None);
    }
    assert_eq!(world.check_person("maja").await.cause(), Some(Cause::SyncPending));
}

#[tokio::test]
async fn who_has_access_costs_no_look_at_the_mappings() {
    let world = World::of("messy-okta").await;
    world.sandbox.calls.forget();
    world.check_person("hugo").await;
    assert_eq!(world.sandbox.calls.counts().get(MAPPINGS), None);
}

#[tokio::test]
async fn without_the_mappings_no_name_stands_for_a_group() {
    for person in ["nils", "maja", "pelle"] {
        let world = World::of("messy-okta").await;
        world.sandbox.faults.set(MAPPINGS, Fault::Html500);
        let diagnosis = world.check_person(person).await;
        let found = (diagnosis.verdict, diagnosis.cause());
        assert_eq!(found, (Verdict::Blocked, Some(Cause::MembershipNotSynced)), "{person}");
        assert!(diagnosis.gaps.iter().any(|gap| gap.gap.operation == MAPPINGS), "{:?}", diagnosis.gaps);
    }
}
