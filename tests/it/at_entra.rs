//! What people are told where Entra ID is connected: in Slack, as its plain text, in the terminal and as JSON.

use crate::harness::World;

#[tokio::test]
async fn danas_change_is_on_its_way() {
    let world = World::of("company").await;
    insta::assert_snapshot!(world.told("dana").await, @"
    Payments-Prod is on its way: your group change has not reached AWS yet.
    You were added to AWS-Payments-ReadOnly 2026-11-24 14:00 UTC, 12 minutes ago.
    Entra ID sends changes to AWS about every 40 minutes; the next run is due about 2026-11-24 14:38 UTC.
    Next: nothing to do; wait until about 2026-11-24 14:38 UTC, then check again.
    Other ways to this account
    • ReadOnly through AWS-Finance-All: not in it
    • Admin through AWS-Break-Glass: not in it
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    Payments-Prod is on its way: your group change has not reached AWS yet. Next: nothing to do; wait until about 2026-11-24 14:38 GMT, then check again.

      BLOCKED   Payments-Prod is on its way: the group change has not reached AWS
                yet (sync_pending)

      dana@example.com → Payments-Prod (111122223333)

      ✓ account           active
      ✓ IdP person        Dana Reyes, enabled in Entra ID
      ✓ IdP membership    in AWS-Payments-ReadOnly since 2026-11-24 14:00 UTC (12
                          minutes ago)
      ✓ app assignment    AWS-Payments-ReadOnly is on AWS IAM Identity Center
      ✗ sync              last cycle ended 2026-11-24 13:58 UTC, before the change;
                          next about 2026-11-24 14:38 UTC
      ✓ directory person  in Identity Center, enabled
      ✓ directory group   AWS-Payments-ReadOnly, synced
      ✗ membership        not in AWS-Payments-ReadOnly
      ✓ duplicates        none
      ✓ assignment        ReadOnly for AWS-Payments-ReadOnly
      ✓ provisioning      latest version
      · portal            not reached

      Dana Reyes was added to AWS-Payments-ReadOnly 2026-11-24 14:00 UTC, 12 minutes
      ago.
      Entra ID sends changes to AWS about every 40 minutes; the next run is due
      about 2026-11-24 14:38 UTC.

      Next   nobody needs to act: nothing to do; wait until about 2026-11-24 14:38
             UTC, then check again.
             https://entra.microsoft.com/#view/Microsoft_AAD_UsersAndTenants/UserProfileMenuBlade/~/overview/userId/400915bb-4d62-487e-887e-cd98a3bf7197
             https://entra.microsoft.com/#view/Microsoft_AAD_IAM/ManagedAppMenuBlade/~/Overview/objectId/74ce71e0-d39d-42e9-8f87-6c0a89ca2b94
      Also   ReadOnly through AWS-Finance-All: not in it
      Also   Admin through AWS-Break-Glass: not in it
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS and Entra ID calls

    blocked / sync_pending / sync / nobody
    account=pass idp_user=pass idp_membership=pass app_assignment=pass sync=fail directory_user=pass directory_group=pass directory_membership=fail duplicate_groups=pass assignment=pass provisioning=pass portal=not_reached
    ");
}

#[tokio::test]
async fn yuki_should_have_been_sent_by_now() {
    let world = World::of("company").await;
    insta::assert_snapshot!(world.told("yuki").await, @"
    Website-Prod is missing because AWS does not know you yet.
    Identity Center has nobody with the user name or e-mail address yuki@example.com.
    Entra ID has you, enabled, and nobody in AWS has your id.
    You were added to AWS-Website-Developers 2026-11-19 14:12 UTC, 5 days ago. Changes were last sent to AWS 2026-11-24 13:58 UTC, 14 minutes ago, without an error, and AWS still does not have you in it.
    Next: an identity admin has to act: provision AWS-Website-Developers with you on demand in Entra ID. Waiting will not help.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    Website-Prod is missing because AWS does not know you yet. Next: an identity admin has to act: provision AWS-Website-Developers with you on demand in Entra ID. Waiting will not help.

      BLOCKED   Website-Prod is missing because AWS does not know Yuki Tanaka yet
                (user_not_provisioned)

      yuki@example.com → Website-Prod (333344441111)

      ✓ account           active
      ✓ IdP person        Yuki Tanaka, enabled in Entra ID
      ✓ IdP membership    in AWS-Website-Developers since 2026-11-19 14:12 UTC (5
                          days ago)
      ✓ app assignment    AWS-Website-Developers is on AWS IAM Identity Center
      ✓ sync              last cycle ended 2026-11-24 13:58 UTC; next about
                          2026-11-24 14:38 UTC
      ✗ directory person  not in Identity Center
      · directory group   not reached
      · membership        not reached
      · duplicates        not reached
      · assignment        not reached
      · provisioning      not reached
      · portal            not reached

      Identity Center has nobody with the user name or e-mail address
      yuki@example.com.
      Entra ID has Yuki Tanaka, enabled, and nobody in AWS has the id.
      Yuki Tanaka was added to AWS-Website-Developers 2026-11-19 14:12 UTC, 5 days
      ago. Changes were last sent to AWS 2026-11-24 13:58 UTC, 14 minutes ago,
      without an error, and AWS still does not have Yuki Tanaka in it.

      Next   an identity admin: provision AWS-Website-Developers with Yuki Tanaka on
             demand in Entra ID. Waiting will not help.
             https://console.aws.amazon.com/singlesignon/home#/users
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS and Entra ID calls

    blocked / user_not_provisioned / directory_user / identity_admin
    account=pass idp_user=pass idp_membership=pass app_assignment=pass sync=pass directory_user=fail directory_group=not_reached directory_membership=not_reached duplicate_groups=not_reached assignment=not_reached provisioning=not_reached portal=not_reached
    ");
}

#[tokio::test]
async fn lenas_group_cannot_arrive_beside_one_made_by_hand() {
    let world = World::of("company").await;
    insta::assert_snapshot!(world.told("lena").await, @"
    Analytics-Prod is missing because the group that opens it was created manually in AWS, and AWS rejected the one from your company directory.
    The access is on AWS-Analytics-Readers (created manually in AWS, 260 days ago). You are in Entra ID's group AWS-Analytics-Readers. AWS keeps one group of a name: the manual one holds it, and the other cannot arrive.
    Entra ID recorded that AWS refused it (2026-11-24 05:12 UTC, 9 hours ago). The help desk can read why.
    Next: an identity admin has to act: rename AWS-Analytics-Readers in AWS, let the synced group arrive, assign the access to that, then delete the manual one once nobody needs it.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    Analytics-Prod is missing because the group that opens it was created manually in AWS, and AWS rejected the one from your company directory. Next: an identity admin has to act: rename AWS-Analytics-Readers in AWS, let the synced group arrive, assign the access to that, then delete the manual one once nobody needs it.

      BLOCKED   Analytics-Prod is missing because the group that opens it was
                created manually in AWS, and AWS rejected the one from your company
                directory (group_not_synced)

      lena@example.com → Analytics-Prod (333344445555)

      ✓ account           active
      ✓ IdP person        Lena Vogel, enabled in Entra ID
      ✓ IdP membership    in AWS-Analytics-Readers
      ✓ app assignment    AWS-Analytics-Readers is on AWS IAM Identity Center
      ✓ sync              last cycle ended 2026-11-24 13:58 UTC; next about
                          2026-11-24 14:38 UTC
      ✓ directory person  in Identity Center, enabled
      ✗ directory group   created manually; the synced group of that name was
                          rejected
      ✗ membership        not in AWS-Analytics-Readers
      ✓ duplicates        none
      ✓ assignment        ReadOnly for AWS-Analytics-Readers
      ✓ provisioning      latest version
      · portal            not reached

      The access is on AWS-Analytics-Readers (created manually in AWS, 260 days
      ago). Lena Vogel is in Entra ID's group AWS-Analytics-Readers. AWS keeps one
      group of a name: the manual one holds it, and the other cannot arrive.
      Entra ID recorded that AWS refused it (2026-11-24 05:12 UTC, 9 hours ago):
      EntryConflict: The target system has a group of this name already (409).

      Next   an identity admin: rename AWS-Analytics-Readers in AWS, let the synced
             group arrive, assign the access to that, then delete the manual one
             once nobody needs it.
             https://console.aws.amazon.com/singlesignon/home#/groups
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS and Entra ID calls

    blocked / group_not_synced / directory_group / identity_admin
    account=pass idp_user=pass idp_membership=pass app_assignment=pass sync=pass directory_user=pass directory_group=fail directory_membership=fail duplicate_groups=pass assignment=pass provisioning=pass portal=not_reached
    ");
}

#[tokio::test]
async fn quinn_is_in_no_group_and_the_names_are_hostile() {
    let world = World::of("company").await;
    insta::assert_snapshot!(world.told("quinn").await, @"
    You don't have access to Quality-Lab, and nothing is broken: you are not in a group that opens it.
    Only <@U0DANA> ~struck~ <https://example.com|click> > quote &amp; ```block``` opens it (ReadOnly, on this account only).
    Next: the help desk finds out who may add you to <@U0DANA> ~struck~ <https://example.com|click> > quote &amp; ```block```.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    You don't have access to Quality-Lab, and nothing is broken: you are not in a group that opens it. Next: the help desk finds out who may add you to &lt;@U0DANA&gt; ~struck~ &lt;https://example.com|click&gt; &gt; quote &amp;amp; ```block```.

      BLOCKED   Quinn O'Neill doesn't have access to Quality-Lab, and nothing is
                broken: no group that opens it has them (not_in_group)

      quinn@example.com → Quality-Lab (777788881111)

      ✓ account           active
      ✓ IdP person        Quinn O'Neill, enabled in Entra ID
      ✗ IdP membership    not in <@U0DANA> ~struck~ <https://example.com|click> >
                          quote &amp; ```block```
      · app assignment    not reached
      ✓ sync              last cycle ended 2026-11-24 13:58 UTC; next about
                          2026-11-24 14:38 UTC
      ✓ directory person  in Identity Center, enabled
      ✓ directory group   <@U0DANA> ~struck~ <https://example.com|click> > quote
                          &amp; ```block```, synced
      ✗ membership        not in <@U0DANA> ~struck~ <https://example.com|click> >
                          quote &amp; ```block```
      ✓ duplicates        none
      ✓ assignment        ReadOnly for <@U0DANA> ~struck~
                          <https://example.com|click> > quote &amp; ```block```
      ✓ provisioning      latest version
      · portal            not reached

      Only <@U0DANA> ~struck~ <https://example.com|click> > quote &amp; ```block```
      opens it (ReadOnly, on this account only).

      Next   the help desk: the help desk finds out who may add Quinn O'Neill to
             <@U0DANA> ~struck~ <https://example.com|click> > quote &amp;
             ```block```.
             https://entra.microsoft.com/#view/Microsoft_AAD_UsersAndTenants/UserProfileMenuBlade/~/overview/userId/ad9cf21c-c599-48f1-8c63-cff60b3e59eb
             https://entra.microsoft.com/#view/Microsoft_AAD_IAM/ManagedAppMenuBlade/~/Overview/objectId/74ce71e0-d39d-42e9-8f87-6c0a89ca2b94
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS and Entra ID calls

    blocked / not_in_group / idp_membership / help_desk
    account=pass idp_user=pass idp_membership=fail app_assignment=not_reached sync=pass directory_user=pass directory_group=pass directory_membership=fail duplicate_groups=pass assignment=pass provisioning=pass portal=not_reached
    ");
}

#[tokio::test]
async fn pavel_is_not_in_the_idp() {
    let world = World::of("company").await;
    insta::assert_snapshot!(world.told("pavel").await, @"
    I can't find you in AWS, so I can't tell why Mobile-Prod is missing.
    I know you only as pavel@example.com.
    Neither AWS nor Entra ID has anybody with that user name or e-mail address.
    Next: the help desk can look for you in Entra ID by name, and ask me again with the user name that stands there.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    I can't find you in AWS, so I can't tell why Mobile-Prod is missing. Next: the help desk can look for you in Entra ID by name, and ask me again with the user name that stands there.

      UNDETERMINED   I can't find pavel@example.com in AWS, so I can't tell why
                     Mobile-Prod is missing (user_not_in_idp)

      pavel@example.com → Mobile-Prod (333344443333)

      ✓ account           active
      ? IdP person        nobody in Entra ID has that name or address
      · IdP membership    not reached
      · app assignment    not reached
      ✓ sync              last cycle ended 2026-11-24 13:58 UTC; next about
                          2026-11-24 14:38 UTC
      ? directory person  nobody in Identity Center has that name
      · directory group   not reached
      · membership        not reached
      · duplicates        not reached
      · assignment        not reached
      · provisioning      not reached
      · portal            not reached

      I looked by pavel@example.com.
      Neither AWS nor Entra ID has anybody with that user name or e-mail address.

      Next   the help desk: look for pavel@example.com in Entra ID by name, and ask
             me again with the user name that stands there.
             https://entra.microsoft.com/#view/Microsoft_AAD_IAM/ManagedAppMenuBlade/~/Overview/objectId/74ce71e0-d39d-42e9-8f87-6c0a89ca2b94
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS and Entra ID calls

    undetermined / user_not_in_idp / idp_user / help_desk
    account=pass idp_user=unknown idp_membership=not_reached app_assignment=not_reached sync=pass directory_user=unknown directory_group=not_reached directory_membership=not_reached duplicate_groups=not_reached assignment=not_reached provisioning=not_reached portal=not_reached
    ");
}

#[tokio::test]
async fn greta_is_disabled_at_the_idp() {
    let world = World::of("company").await;
    insta::assert_snapshot!(world.told("greta").await, @"
    Website-Staging is missing because you are disabled in your company directory.
    Entra ID has you disabled, so that signing in is refused, whatever AWS still has.
    Next: an identity admin has to act: find out why you are disabled in Entra ID, and enable there what should be enabled.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    Website-Staging is missing because you are disabled in your company directory. Next: an identity admin has to act: find out why you are disabled in Entra ID, and enable there what should be enabled.

      BLOCKED   Website-Staging is missing because Greta Sommer is disabled in your
                company directory (user_disabled_in_idp)

      greta@example.com → Website-Staging (333344442222)

      ✓ account           active
      ✗ IdP person        disabled in Entra ID
      · IdP membership    not reached
      · app assignment    not reached
      ✓ sync              last cycle ended 2026-11-24 13:58 UTC; next about
                          2026-11-24 14:38 UTC
      ✗ directory person  disabled in Identity Center
      · directory group   not reached
      · membership        not reached
      · duplicates        not reached
      · assignment        not reached
      · provisioning      not reached
      · portal            not reached

      Entra ID has Greta Sommer disabled, so that signing in is refused, whatever
      AWS still has.

      Next   an identity admin: find out why Greta Sommer is disabled in Entra ID,
             and enable there what should be enabled.
             https://entra.microsoft.com/#view/Microsoft_AAD_UsersAndTenants/UserProfileMenuBlade/~/overview/userId/a724ac50-bdbb-41f2-8527-56b41467389c
             https://entra.microsoft.com/#view/Microsoft_AAD_IAM/ManagedAppMenuBlade/~/Overview/objectId/74ce71e0-d39d-42e9-8f87-6c0a89ca2b94
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS and Entra ID calls

    blocked / user_disabled_in_idp / idp_user / identity_admin
    account=pass idp_user=fail idp_membership=not_reached app_assignment=not_reached sync=pass directory_user=fail directory_group=not_reached directory_membership=not_reached duplicate_groups=not_reached assignment=not_reached provisioning=not_reached portal=not_reached
    ");
}

#[tokio::test]
async fn marcus_is_disabled_in_aws_alone() {
    let world = World::of("company").await;
    insta::assert_snapshot!(world.told("marcus").await, @"
    Website-Staging is missing because you are disabled in AWS.
    You have a record in Identity Center, and it is disabled, so that nothing opens. Entra ID has it enabled.
    Next: an identity admin has to act: have Entra ID, where you are enabled, send you to AWS again; that enables the record.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    Website-Staging is missing because you are disabled in AWS. Next: an identity admin has to act: have Entra ID, where you are enabled, send you to AWS again; that enables the record.

      BLOCKED   Website-Staging is missing because Marcus Hill is disabled in AWS
                (user_disabled)

      marcus@example.com → Website-Staging (333344442222)

      ✓ account           active
      ✓ IdP person        Marcus Hill, enabled in Entra ID
      ✓ IdP membership    in 2 groups
      · app assignment    not reached
      ✓ sync              last cycle ended 2026-11-24 13:58 UTC; next about
                          2026-11-24 14:38 UTC
      ✗ directory person  disabled in Identity Center
      · directory group   not reached
      · membership        not reached
      · duplicates        not reached
      · assignment        not reached
      · provisioning      not reached
      · portal            not reached

      Marcus Hill has a record in Identity Center, and it is disabled, so that
      nothing opens. Entra ID has it enabled.

      Next   an identity admin: have Entra ID, where Marcus Hill is enabled, send
             them to AWS again; that enables the record.
             https://console.aws.amazon.com/singlesignon/home#/users
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS and Entra ID calls

    blocked / user_disabled / directory_user / identity_admin
    account=pass idp_user=pass idp_membership=pass app_assignment=not_reached sync=pass directory_user=fail directory_group=not_reached directory_membership=not_reached duplicate_groups=not_reached assignment=not_reached provisioning=not_reached portal=not_reached
    ");
}

#[tokio::test]
async fn noah_never_had_it_and_the_smallest_group_is_named() {
    let world = World::of("company").await;
    insta::assert_snapshot!(world.told("noah").await, @"
    You don't have access to Ledger-Prod, and nothing is broken: you are not in a group that opens it.
    The smallest that does is AWS-Ledger-ReadOnly (ReadOnly, on this account only). Its owner is @U0BO.
    Others also open it: AWS-Finance-Readers and AWS-Everything-Readers.
    Next: ask @U0BO to add you to AWS-Ledger-ReadOnly.
    Other ways to this account
    • ReadOnly through AWS-Finance-Readers: not in it
    • ReadOnly through AWS-Everything-Readers: not in it
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Ask the group's owner] [Show all steps]

    You don't have access to Ledger-Prod, and nothing is broken: you are not in a group that opens it. Next: ask Bo Jensen to add you to AWS-Ledger-ReadOnly.

      BLOCKED   Noah Fontaine doesn't have access to Ledger-Prod, and nothing is
                broken: no group that opens it has them (not_in_group)

      noah@example.com → Ledger-Prod (888899991111)

      ✓ account           active
      ✓ IdP person        Noah Fontaine, enabled in Entra ID
      ✗ IdP membership    not in AWS-Ledger-ReadOnly
      · app assignment    not reached
      ✓ sync              last cycle ended 2026-11-24 13:58 UTC; next about
                          2026-11-24 14:38 UTC
      ✓ directory person  in Identity Center, enabled
      ✓ directory group   AWS-Ledger-ReadOnly, synced
      ✗ membership        not in AWS-Ledger-ReadOnly
      ✓ duplicates        none
      ✓ assignment        ReadOnly for AWS-Ledger-ReadOnly
      ✓ provisioning      latest version
      · portal            not reached

      The smallest that does is AWS-Ledger-ReadOnly (ReadOnly, on this account
      only). Its owner is Bo Jensen.
      Others also open it: AWS-Finance-Readers and AWS-Everything-Readers.

      Next   you: ask Bo Jensen to add Noah Fontaine to AWS-Ledger-ReadOnly.
             https://entra.microsoft.com/#view/Microsoft_AAD_UsersAndTenants/UserProfileMenuBlade/~/overview/userId/c9ea4de7-349a-4c31-82ab-f04338475ca4
             https://entra.microsoft.com/#view/Microsoft_AAD_IAM/ManagedAppMenuBlade/~/Overview/objectId/74ce71e0-d39d-42e9-8f87-6c0a89ca2b94
      Also   ReadOnly through AWS-Finance-Readers: not in it
      Also   ReadOnly through AWS-Everything-Readers: not in it
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS and Entra ID calls

    blocked / not_in_group / idp_membership / you
    account=pass idp_user=pass idp_membership=fail app_assignment=not_reached sync=pass directory_user=pass directory_group=pass directory_membership=fail duplicate_groups=pass assignment=pass provisioning=pass portal=not_reached
    ");
}

#[tokio::test]
async fn nils_is_in_a_group_inside_the_group() {
    let world = World::of("company").await;
    insta::assert_snapshot!(world.told("nils").await, @"
    Tools-Prod is missing because you are in a group inside the one that opens it, and only its direct members are sent to AWS.
    AWS-Tools-Users opens it. You are in AWS-Tools-Team, which is inside it. Entra ID sends only the direct members of a group.
    Next: an identity admin has to act: add you to AWS-Tools-Users itself, or assign AWS-Tools-Team to AWS IAM Identity Center.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    Tools-Prod is missing because you are in a group inside the one that opens it, and only its direct members are sent to AWS. Next: an identity admin has to act: add you to AWS-Tools-Users itself, or assign AWS-Tools-Team to AWS IAM Identity Center.

      BLOCKED   Tools-Prod is missing because Nils Bergman is in a group inside the
                one that opens it, and only its direct members are sent to AWS
                (nested_membership)

      nils@example.com → Tools-Prod (888800001111)

      ✓ account           active
      ✓ IdP person        Nils Bergman, enabled in Entra ID
      ✗ IdP membership    only in AWS-Tools-Team, which is inside AWS-Tools-Users
      · app assignment    not reached
      ✓ sync              last cycle ended 2026-11-24 13:58 UTC; next about
                          2026-11-24 14:38 UTC
      ✓ directory person  in Identity Center, enabled
      ✓ directory group   AWS-Tools-Users, synced
      ✗ membership        not in AWS-Tools-Users
      ✓ duplicates        none
      ✓ assignment        PowerUser for AWS-Tools-Users
      ✓ provisioning      latest version
      · portal            not reached

      AWS-Tools-Users opens it. Nils Bergman is in AWS-Tools-Team, which is inside
      it. Entra ID sends only the direct members of a group.

      Next   an identity admin: add Nils Bergman to AWS-Tools-Users itself, or
             assign AWS-Tools-Team to AWS IAM Identity Center.
             https://entra.microsoft.com/#view/Microsoft_AAD_UsersAndTenants/UserProfileMenuBlade/~/overview/userId/f8a7aea8-b172-45dd-87e6-ee001c5fc00b
             https://entra.microsoft.com/#view/Microsoft_AAD_IAM/ManagedAppMenuBlade/~/Overview/objectId/74ce71e0-d39d-42e9-8f87-6c0a89ca2b94
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS and Entra ID calls

    blocked / nested_membership / idp_membership / identity_admin
    account=pass idp_user=pass idp_membership=fail app_assignment=not_reached sync=pass directory_user=pass directory_group=pass directory_membership=fail duplicate_groups=pass assignment=pass provisioning=pass portal=not_reached
    ");
}

#[tokio::test]
async fn olgas_group_was_taken_off_the_application() {
    let world = World::of("company").await;
    insta::assert_snapshot!(world.told("olga").await, @"
    Fleet-Prod is missing because the group that should open it is not assigned to the AWS app.
    You are in AWS-Fleet-Managers at Entra ID.
    AWS-Fleet-Managers is not assigned to AWS IAM Identity Center. AWS has it from an earlier sync.
    Next: an identity admin has to act: assign AWS-Fleet-Managers to AWS IAM Identity Center.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    Fleet-Prod is missing because the group that should open it is not assigned to the AWS app. Next: an identity admin has to act: assign AWS-Fleet-Managers to AWS IAM Identity Center.

      BLOCKED   Fleet-Prod is missing because the group that should open it is not
                assigned to the AWS app (group_not_assigned_to_app)

      olga@example.com → Fleet-Prod (888800002222)

      ✓ account           active
      ✓ IdP person        Olga Ivanova, enabled in Entra ID
      ✓ IdP membership    in AWS-Fleet-Managers
      ✗ app assignment    AWS-Fleet-Managers is not assigned
      ✓ sync              last cycle ended 2026-11-24 13:58 UTC; next about
                          2026-11-24 14:38 UTC
      ✓ directory person  in Identity Center, enabled
      ✓ directory group   AWS-Fleet-Managers, synced
      ✗ membership        not in AWS-Fleet-Managers
      ✓ duplicates        none
      ✓ assignment        PowerUser for AWS-Fleet-Managers
      ✓ provisioning      latest version
      · portal            not reached

      Olga Ivanova is in AWS-Fleet-Managers at Entra ID.
      AWS-Fleet-Managers is not assigned to AWS IAM Identity Center. AWS has it from
      an earlier sync.

      Next   an identity admin: assign AWS-Fleet-Managers to AWS IAM Identity
             Center.
             https://entra.microsoft.com/#view/Microsoft_AAD_UsersAndTenants/UserProfileMenuBlade/~/overview/userId/efe3e477-efbb-4427-830b-3a2dd926f8b7
             https://entra.microsoft.com/#view/Microsoft_AAD_IAM/ManagedAppMenuBlade/~/Overview/objectId/74ce71e0-d39d-42e9-8f87-6c0a89ca2b94
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS and Entra ID calls

    blocked / group_not_assigned_to_app / app_assignment / identity_admin
    account=pass idp_user=pass idp_membership=pass app_assignment=fail sync=pass directory_user=pass directory_group=pass directory_membership=fail duplicate_groups=pass assignment=pass provisioning=pass portal=not_reached
    ");
}

#[tokio::test]
async fn ivan_has_no_last_name() {
    let world = World::of("company").await;
    insta::assert_snapshot!(world.told("ivan").await, @"
    Website-Prod is missing because sending you to AWS failed.
    Entra ID's record for you says (2026-11-24 12:12 UTC, 2 hours ago) that AWS did not accept what is filled in there. The help desk can read the rest.
    What AWS requires and is missing there: last name.
    Next: an identity admin has to act: fill in or mend in Entra ID what AWS complains about; it is then sent again.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    Website-Prod is missing because sending you to AWS failed. Next: an identity admin has to act: fill in or mend in Entra ID what AWS complains about; it is then sent again.

      BLOCKED   Website-Prod is missing because sending Ivan Horvat to AWS failed
                (sync_error)

      ivan@example.com → Website-Prod (333344441111)

      ✓ account           active
      ✓ IdP person        Ivan Horvat, enabled in Entra ID
      ✓ IdP membership    in AWS-Website-Developers since 2026-11-18 14:12 UTC (6
                          days ago)
      ✓ app assignment    AWS-Website-Developers is on AWS IAM Identity Center
      ✗ sync              failed: MandatoryFieldsMissing
      ✗ directory person  nobody in Identity Center has that name
      · directory group   not reached
      · membership        not reached
      · duplicates        not reached
      · assignment        not reached
      · provisioning      not reached
      · portal            not reached

      Entra ID's record for Ivan Horvat says (2026-11-24 12:12 UTC, 2 hours ago):
      MandatoryFieldsMissing: The target system requires the attribute
      name.familyName, and the person has no last name.
      What AWS requires and is missing there: last name.

      Next   an identity admin: fill in or mend in Entra ID what AWS complains
             about; it is then sent again.
             https://entra.microsoft.com/#view/Microsoft_AAD_UsersAndTenants/UserProfileMenuBlade/~/overview/userId/b3d55075-488c-42f1-8069-081795b33325
             https://entra.microsoft.com/#view/Microsoft_AAD_IAM/ManagedAppMenuBlade/~/Overview/objectId/74ce71e0-d39d-42e9-8f87-6c0a89ca2b94
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS and Entra ID calls

    blocked / sync_error / sync / identity_admin
    account=pass idp_user=pass idp_membership=pass app_assignment=pass sync=fail directory_user=fail directory_group=not_reached directory_membership=not_reached duplicate_groups=not_reached assignment=not_reached provisioning=not_reached portal=not_reached
    ");
}

#[tokio::test]
async fn rosalinds_group_could_not_be_sent() {
    let world = World::of("company").await;
    insta::assert_snapshot!(world.told("rosalind").await, @"
    Genome-Lab is missing because sending the group that opens it to AWS failed.
    Entra ID's record for the group AWS-Genome-Researchers says (2026-11-20 14:12 UTC, 4 days ago) that it failed. The help desk can read why.
    Next: an identity admin has to act: mend what the record complains about; all of it is in the log of AWS IAM Identity Center. Then have it sent again.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    Genome-Lab is missing because sending the group that opens it to AWS failed. Next: an identity admin has to act: mend what the record complains about; all of it is in the log of AWS IAM Identity Center. Then have it sent again.

      BLOCKED   Genome-Lab is missing because sending the group that opens it to AWS
                failed (sync_error)

      rosalind@example.com → Genome-Lab (888800004444)

      ✓ account           active
      ✓ IdP person        Rosalind Achterberg, enabled in Entra ID
      ✓ IdP membership    in AWS-Genome-Researchers since 2026-11-20 14:12 UTC (4
                          days ago)
      ✓ app assignment    AWS-Genome-Researchers is on AWS IAM Identity Center
      ✗ sync              failed:
                          SystemForCrossDomainIdentityManagementServiceIncompatible
      ✓ directory person  in Identity Center, enabled
      ✓ directory group   AWS-Genome-Researchers, synced
      ✗ membership        not in AWS-Genome-Researchers
      ✓ duplicates        none
      ✓ assignment        ReadOnly for AWS-Genome-Researchers
      ✓ provisioning      latest version
      · portal            not reached

      Entra ID's record for the group AWS-Genome-Researchers says (2026-11-20 14:12
      UTC, 4 days ago): SystemForCrossDomainIdentityManagementServiceIncompatible:
      The target system answered 400: the request violates its schema. Entra ID
      advises: Correct the mapping of the group's attributes, then provision the
      group again.

      Next   an identity admin: mend what the record complains about; all of it is
             in the log of AWS IAM Identity Center. Then have it sent again.
             https://entra.microsoft.com/#view/Microsoft_AAD_UsersAndTenants/UserProfileMenuBlade/~/overview/userId/198cd961-1ad5-449c-8ce9-e33a62065fd7
             https://entra.microsoft.com/#view/Microsoft_AAD_IAM/ManagedAppMenuBlade/~/Overview/objectId/74ce71e0-d39d-42e9-8f87-6c0a89ca2b94
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS and Entra ID calls

    blocked / sync_error / sync / identity_admin
    account=pass idp_user=pass idp_membership=pass app_assignment=pass sync=fail directory_user=pass directory_group=pass directory_membership=fail duplicate_groups=pass assignment=pass provisioning=pass portal=not_reached
    ");
}

#[tokio::test]
async fn milo_was_left_out() {
    let world = World::of("company").await;
    insta::assert_snapshot!(world.told("milo").await, @"
    Robotics-Prod is missing because your group change was left out when changes were sent to AWS.
    You were added to AWS-Robotics-Engineers 2026-11-21 14:12 UTC, 3 days ago. Changes were last sent to AWS 2026-11-24 13:58 UTC, 14 minutes ago, without an error, and AWS still does not have you in it.
    Next: an identity admin has to act: provision AWS-Robotics-Engineers with you on demand in Entra ID. Waiting will not help.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    Robotics-Prod is missing because your group change was left out when changes were sent to AWS. Next: an identity admin has to act: provision AWS-Robotics-Engineers with you on demand in Entra ID. Waiting will not help.

      BLOCKED   Robotics-Prod is missing because the group change was left out when
                changes were sent to AWS (membership_missed)

      milo@example.com → Robotics-Prod (888800005555)

      ✓ account           active
      ✓ IdP person        Milo Santos, enabled in Entra ID
      ✓ IdP membership    in AWS-Robotics-Engineers since 2026-11-21 14:12 UTC (3
                          days ago)
      ✓ app assignment    AWS-Robotics-Engineers is on AWS IAM Identity Center
      ✗ sync              sent last 2026-11-24 13:58 UTC, after the change, and
                          without it
      ✓ directory person  in Identity Center, enabled
      ✓ directory group   AWS-Robotics-Engineers, synced
      ✗ membership        not in AWS-Robotics-Engineers
      ✓ duplicates        none
      ✓ assignment        PowerUser for AWS-Robotics-Engineers
      ✓ provisioning      latest version
      · portal            not reached

      Milo Santos was added to AWS-Robotics-Engineers 2026-11-21 14:12 UTC, 3 days
      ago. Changes were last sent to AWS 2026-11-24 13:58 UTC, 14 minutes ago,
      without an error, and AWS still does not have Milo Santos in it.

      Next   an identity admin: provision AWS-Robotics-Engineers with Milo Santos on
             demand in Entra ID. Waiting will not help.
             https://entra.microsoft.com/#view/Microsoft_AAD_UsersAndTenants/UserProfileMenuBlade/~/overview/userId/a9169de0-a9dc-4391-80dc-cad4a320e592
             https://entra.microsoft.com/#view/Microsoft_AAD_IAM/ManagedAppMenuBlade/~/Overview/objectId/74ce71e0-d39d-42e9-8f87-6c0a89ca2b94
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS and Entra ID calls

    blocked / membership_missed / sync / identity_admin
    account=pass idp_user=pass idp_membership=pass app_assignment=pass sync=fail directory_user=pass directory_group=pass directory_membership=fail duplicate_groups=pass assignment=pass provisioning=pass portal=not_reached
    ");
}

#[tokio::test]
async fn tomas_has_it_and_the_idp_agrees() {
    let world = World::of("company").await;
    insta::assert_snapshot!(world.told("tomas").await, @"
    You have access to Reporting-Prod: ReadOnly, through AWS-Reporting.
    It arrived in AWS 4 minutes ago (2026-11-24 14:08 UTC).
    Next: if the portal does not show it yet, sign out of the access portal, wait about 3 minutes and sign in again.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Check again] [It's still missing] [Show all steps]

    You have access to Reporting-Prod: ReadOnly, through AWS-Reporting. Next: if the portal does not show it yet, sign out of the access portal, wait about 3 minutes and sign in again.

      ACCESS   Tomas Svoboda has access to Reporting-Prod: ReadOnly, through
               AWS-Reporting (portal_stale)

      tomas@example.com → Reporting-Prod (666677773333)

      ✓ account           active
      ✓ IdP person        Tomas Svoboda, enabled in Entra ID
      ✓ IdP membership    in AWS-Reporting
      · app assignment    not reached
      ✓ sync              last cycle ended 2026-11-24 13:58 UTC; next about
                          2026-11-24 14:38 UTC
      ✓ directory person  in Identity Center, enabled
      ✓ directory group   AWS-Reporting, synced
      ✓ membership        in AWS-Reporting since 2026-11-24 14:08 UTC (4 minutes
                          ago)
      ✓ duplicates        none that would matter
      ✓ assignment        ReadOnly for AWS-Reporting
      ✓ provisioning      latest version
      ! portal            all is in place; may need a new sign-in

      It arrived in AWS 4 minutes ago (2026-11-24 14:08 UTC).

      Next   you: if the portal does not show it yet, sign out of the access portal,
             wait about 3 minutes and sign in again.
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS and Entra ID calls

    access / portal_stale / portal / you
    account=pass idp_user=pass idp_membership=pass app_assignment=not_reached sync=pass directory_user=pass directory_group=pass directory_membership=pass duplicate_groups=pass assignment=pass provisioning=pass portal=warn
    ");
}

#[tokio::test]
async fn jonas_is_in_a_look_alike_and_the_idp_knows_it() {
    let world = World::of("company").await;
    insta::assert_snapshot!(world.told("jonas").await, @r#"
    Payments-Dev is missing because you are in one of two look-alike groups, and the access is on the other.
    You are in AWS-Payments-Admin (comes from the company directory). The access is on aws-payments-admin (created 255 days ago), which you are not in. The names differ only in case, spaces or dashes.
    Next: an identity admin has to act: give the access to AWS-Payments-Admin as well. Leave aws-payments-admin as it is: the digest of duplicate groups says which of the two can go, and when.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    Payments-Dev is missing because you are in one of two look-alike groups, and the access is on the other. Next: an identity admin has to act: give the access to AWS-Payments-Admin as well. Leave aws-payments-admin as it is: the digest of duplicate groups says which of the two can go, and when.

      BLOCKED   Payments-Dev is missing because Jonas Weber is in one of two
                look-alike groups, and the access is on the other (duplicate_group)

      jonas@example.com → Payments-Dev (444455551111)

      ✓ account           active
      ✓ IdP person        Jonas Weber, enabled in Entra ID
      ✓ IdP membership    in AWS-Payments-Admin
      · app assignment    not reached
      ✓ sync              last cycle ended 2026-11-24 13:58 UTC; next about
                          2026-11-24 14:38 UTC
      ✓ directory person  in Identity Center, enabled
      ✓ directory group   AWS-Payments-Admin, synced
      ✓ membership        in AWS-Payments-Admin since 2026-05-08 14:12 UTC (200 days
                          ago)
      ✗ duplicates        in AWS-Payments-Admin, which only looks like the assigned
                          one
      ✓ assignment        Admin for aws-payments-admin
      ✓ provisioning      latest version
      · portal            not reached

      Jonas Weber is in AWS-Payments-Admin (comes from the company directory). The
      access is on aws-payments-admin (created 255 days ago), which Jonas Weber is
      not in. The names differ only in case, spaces or dashes.

      Next   an identity admin: give the access to AWS-Payments-Admin as well. Leave
             aws-payments-admin as it is: the digest of duplicate groups says which
             of the two can go, and when.
             https://console.aws.amazon.com/singlesignon/home#/groups
             $ aws sso-admin create-account-assignment \
                 --instance-arn "$(aws sso-admin list-instances \
                 --query 'Instances[0].InstanceArn' \
                 --output text)" \
                 --target-type AWS_ACCOUNT \
                 --target-id 444455551111 \
                 --permission-set-arn arn:aws:sso:::permissionSet/ssoins-55f5d59720096a10/ps-81a80a332974e686 \
                 --principal-type GROUP \
                 --principal-id 9067f0aa11-b49feee8-b051-4396-8456-5d4248239565
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS and Entra ID calls

    blocked / duplicate_group / duplicate_groups / identity_admin
    account=pass idp_user=pass idp_membership=pass app_assignment=not_reached sync=pass directory_user=pass directory_group=pass directory_membership=pass duplicate_groups=fail assignment=pass provisioning=pass portal=not_reached
    "#);
}
#[tokio::test]
async fn in_quarantine_danas_change_waits_for_an_admin() {
    let world = World::of("quarantine").await;
    insta::assert_snapshot!(world.told("dana").await, @"
    Payments-Prod is missing because your company directory has stopped sending changes to AWS.
    You are in AWS-Payments-ReadOnly at Entra ID.
    Entra ID has had the provisioning in quarantine since 2026-11-23 19:12 UTC and tries again 2026-11-24 19:12 UTC.
    Next: an identity admin has to act: test the connection of AWS IAM Identity Center and mend what it complains about, most often an access token that is out of date; then start provisioning again.
    Other ways to this account
    • ReadOnly through AWS-Finance-All: not in it
    • Admin through AWS-Break-Glass: not in it
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    Payments-Prod is missing because your company directory has stopped sending changes to AWS. Next: an identity admin has to act: test the connection of AWS IAM Identity Center and mend what it complains about, most often an access token that is out of date; then start provisioning again.

      BLOCKED   Payments-Prod is missing because your company directory has stopped
                sending changes to AWS (sync_stopped)

      dana@example.com → Payments-Prod (111122223333)

      ✓ account           active
      ✓ IdP person        Dana Reyes, enabled in Entra ID
      ✓ IdP membership    in AWS-Payments-ReadOnly
      ✓ app assignment    AWS-Payments-ReadOnly is on AWS IAM Identity Center
      ✗ sync              in quarantine
      ✓ directory person  in Identity Center, enabled
      ✓ directory group   AWS-Payments-ReadOnly, synced
      ✗ membership        not in AWS-Payments-ReadOnly
      ✓ duplicates        none
      ✓ assignment        ReadOnly for AWS-Payments-ReadOnly
      ✓ provisioning      latest version
      · portal            not reached

      Dana Reyes is in AWS-Payments-ReadOnly at Entra ID.
      Entra ID has had the provisioning in quarantine since 2026-11-23 19:12 UTC and
      tries again 2026-11-24 19:12 UTC (EncounteredQuarantineException).

      Next   an identity admin: test the connection of AWS IAM Identity Center and
             mend what it complains about, most often an access token that is out of
             date; then start provisioning again.
             https://entra.microsoft.com/#view/Microsoft_AAD_UsersAndTenants/UserProfileMenuBlade/~/overview/userId/400915bb-4d62-487e-887e-cd98a3bf7197
             https://entra.microsoft.com/#view/Microsoft_AAD_IAM/ManagedAppMenuBlade/~/Overview/objectId/74ce71e0-d39d-42e9-8f87-6c0a89ca2b94
      Also   ReadOnly through AWS-Finance-All: not in it
      Also   Admin through AWS-Break-Glass: not in it
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS and Entra ID calls

    blocked / sync_stopped / sync / identity_admin
    account=pass idp_user=pass idp_membership=pass app_assignment=pass sync=fail directory_user=pass directory_group=pass directory_membership=fail duplicate_groups=pass assignment=pass provisioning=pass portal=not_reached
    ");
}

#[tokio::test]
async fn wandas_group_is_skipped_and_the_log_says_why() {
    let world = World::of("company").await;
    insta::assert_snapshot!(world.told("wanda").await, @"
    Weather-Prod is missing because your company directory leaves the group that opens it out of the sync.
    You are in AWS-Weather-Readers at Entra ID.
    Entra ID skipped the group AWS-Weather-Readers (2026-11-24 12:12 UTC, 2 hours ago): it does not count as assigned to the application.
    Next: an identity admin has to act: check the assignment of the group AWS-Weather-Readers to AWS IAM Identity Center: if it is there, remove it and make it again before the next sync, so that nobody loses access in between.
    Other ways to this account
    • PowerUser through AWS-Weather-Forecasters: not in it
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    Weather-Prod is missing because your company directory leaves the group that opens it out of the sync. Next: an identity admin has to act: check the assignment of the group AWS-Weather-Readers to AWS IAM Identity Center: if it is there, remove it and make it again before the next sync, so that nobody loses access in between.

      BLOCKED   Weather-Prod is missing because your company directory leaves the
                group that opens it out of the sync (skipped_by_the_idp)

      wanda@example.com → Weather-Prod (888800006666)

      ✓ account           active
      ✓ IdP person        Wanda Kowalska, enabled in Entra ID
      ✓ IdP membership    in AWS-Weather-Readers since 2026-11-20 14:12 UTC (4 days
                          ago)
      ✓ app assignment    AWS-Weather-Readers is on AWS IAM Identity Center
      ✗ sync              skipped: it does not count as assigned to the application
      ✓ directory person  in Identity Center, enabled
      ✓ directory group   AWS-Weather-Readers, synced
      ✗ membership        not in AWS-Weather-Readers
      ✓ duplicates        none
      ✓ assignment        ReadOnly for AWS-Weather-Readers
      ✓ provisioning      latest version
      · portal            not reached

      Wanda Kowalska is in AWS-Weather-Readers at Entra ID.
      Entra ID skipped the group AWS-Weather-Readers (2026-11-24 12:12 UTC, 2 hours
      ago): it does not count as assigned to the application. Its log says
      NotEffectivelyEntitled: The group is not effectively entitled to the
      application.

      Next   an identity admin: check the assignment of the group
             AWS-Weather-Readers to AWS IAM Identity Center: if it is there, remove
             it and make it again before the next sync, so that nobody loses access
             in between.
             https://entra.microsoft.com/#view/Microsoft_AAD_UsersAndTenants/UserProfileMenuBlade/~/overview/userId/411c3587-439b-481e-84ed-7b2b11f98a76
             https://entra.microsoft.com/#view/Microsoft_AAD_IAM/ManagedAppMenuBlade/~/Overview/objectId/74ce71e0-d39d-42e9-8f87-6c0a89ca2b94
      Also   PowerUser through AWS-Weather-Forecasters: not in it
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS and Entra ID calls

    blocked / skipped_by_the_idp / sync / identity_admin
    account=pass idp_user=pass idp_membership=pass app_assignment=pass sync=fail directory_user=pass directory_group=pass directory_membership=fail duplicate_groups=pass assignment=pass provisioning=pass portal=not_reached
    ");
}
