//! Which group is which: ids, and two groups of one name.

use insta::assert_snapshot;
use sso_why::diagnosis::causes::Cause;

use crate::harness::World;

#[tokio::test]
async fn vera_is_in_another_group_of_the_same_name() {
    let world = World::of("messy").await;
    assert_snapshot!(world.told("vera").await, @"
    Vera-Prod is missing because you are in another group of the same name as AWS-Vera.
    Entra ID has two groups called AWS-Vera. AWS has the id of the one, and you are in the other.
    Their ids there: 7edb5dc8-7abe-47bd-8299-bf9a1298f319 is the one that opens the account, bdefb7fb-eb2b-4a1b-8a9a-dc80368a5cfa the other.
    Next: ask Anja Roth to add you to the group AWS-Vera whose id is 7edb5dc8-7abe-47bd-8299-bf9a1298f319.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    Vera-Prod is missing because you are in another group of the same name as AWS-Vera. Next: ask Anja Roth to add you to the group AWS-Vera whose id is 7edb5dc8-7abe-47bd-8299-bf9a1298f319.

      BLOCKED   Vera-Prod is missing because Vera Stahl is in another group of the
                same name as AWS-Vera (name_twin_at_the_idp)

      vera@grown.example → Vera-Prod (909090904001)

      ✓ account           active
      ✓ IdP person        Vera Stahl, enabled in Entra ID
      ✗ IdP membership    in another group called AWS-Vera
      · app assignment    not reached
      ✓ sync              last cycle ended 2026-11-24 13:58 UTC; next about
                          2026-11-24 14:38 UTC
      ✓ directory person  in Identity Center, enabled
      ✓ directory group   AWS-Vera, synced
      ✗ membership        not in AWS-Vera
      ✓ duplicates        none
      ✓ assignment        ReadOnly for AWS-Vera
      ✓ provisioning      latest version
      · portal            not reached

      Entra ID has two groups called AWS-Vera. AWS has the id of the one, and Vera
      Stahl is in the other.
      Their ids there: 7edb5dc8-7abe-47bd-8299-bf9a1298f319 is the one that opens
      the account, bdefb7fb-eb2b-4a1b-8a9a-dc80368a5cfa the other.

      Next   the help desk: ask Anja Roth to add Vera Stahl to the group AWS-Vera
             whose id is 7edb5dc8-7abe-47bd-8299-bf9a1298f319.
             https://entra.microsoft.com/#view/Microsoft_AAD_UsersAndTenants/UserProfileMenuBlade/~/overview/userId/5b448f82-cc77-43d9-8b3b-964cc82ff53c
             https://entra.microsoft.com/#view/Microsoft_AAD_IAM/ManagedAppMenuBlade/~/Overview/objectId/74ce71e0-d39d-42e9-8f87-6c0a89ca2b94
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS and Entra ID calls

    blocked / name_twin_at_the_idp / idp_membership / help_desk
    account=pass idp_user=pass idp_membership=fail app_assignment=not_reached sync=pass directory_user=pass directory_group=pass directory_membership=fail duplicate_groups=pass assignment=pass provisioning=pass portal=not_reached
    ");
}

#[tokio::test]
async fn a_group_that_was_created_again_at_entra_is_known_by_its_name() {
    let world = World::of("messy").await;
    if let Some(idp) = &mut world.sandbox.company().idp {
        // The one whose id AWS has is gone.
        idp.groups.retain(|group| group.key != "AWS-Vera");
        for group in idp.groups.iter_mut().filter(|group| group.name == "AWS-Vera") {
            group.assigned_since = Some(group.created_at);
        }
    }
    // Not "another group of the same name": on its way, or missed.
    assert_eq!(world.check_person("vera").await.cause(), Some(Cause::SyncPending));
}

#[tokio::test]
async fn veras_other_group_is_none_of_aws_though_it_is_assigned_as_well() {
    let world = World::of("messy").await;
    if let Some(idp) = &mut world.sandbox.company().idp {
        for group in idp.groups.iter_mut().filter(|group| group.name == "AWS-Vera") {
            group.assigned_since = Some(group.created_at);
        }
    }
    assert_eq!(world.check_person("vera").await.cause(), Some(Cause::NameTwinAtTheIdp));
}
