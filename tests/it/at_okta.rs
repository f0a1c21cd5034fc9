//! What people are told where Okta is connected: in Slack, as its plain text, in the terminal and as JSON.

use crate::harness::World;

#[tokio::test]
async fn danas_change_is_on_its_way() {
    let world = World::of("okta").await;
    insta::assert_snapshot!(world.told("dana").await, @"
    Payments-Prod is on its way: your group change has not reached AWS yet.
    You were added to AWS-Payments-ReadOnly 2026-11-24 14:00 UTC, 12 minutes ago.
    Okta sends changes to AWS as they happen, and this one has not arrived yet.
    Next: nothing to do; check again in a few minutes.
    Other ways to this account
    • ReadOnly through AWS-Finance-All: not in it
    • Admin through AWS-Break-Glass: not in it
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    Payments-Prod is on its way: your group change has not reached AWS yet. Next: nothing to do; check again in a few minutes.

      BLOCKED   Payments-Prod is on its way: the group change has not reached AWS
                yet (sync_pending)

      dana@example.com → Payments-Prod (111122223333)

      ✓ account           active
      ✓ IdP person        Dana Reyes, enabled in Okta
      ✓ IdP membership    in AWS-Payments-ReadOnly since 2026-11-24 14:00 UTC (12
                          minutes ago)
      ✓ app assignment    AWS-Payments-ReadOnly is on AWS IAM Identity Center
      ✗ sync              sent last 2025-04-03 14:15 UTC, before the change
      ✓ directory person  in Identity Center, enabled
      ✓ directory group   AWS-Payments-ReadOnly
      ✗ membership        not in AWS-Payments-ReadOnly
      ✓ duplicates        none
      ✓ assignment        ReadOnly for AWS-Payments-ReadOnly
      ✓ provisioning      latest version
      · portal            not reached

      Dana Reyes was added to AWS-Payments-ReadOnly 2026-11-24 14:00 UTC, 12 minutes
      ago.
      Okta sends changes to AWS as they happen, and this one has not arrived yet.

      Next   nobody needs to act: nothing to do; check again in a few minutes.
      Also   ReadOnly through AWS-Finance-All: not in it
      Also   Admin through AWS-Break-Glass: not in it
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS and Okta calls

    blocked / sync_pending / sync / nobody
    account=pass idp_user=pass idp_membership=pass app_assignment=pass sync=fail directory_user=pass directory_group=pass directory_membership=fail duplicate_groups=pass assignment=pass provisioning=pass portal=not_reached
    ");
}

#[tokio::test]
async fn pavel_is_not_in_the_idp() {
    let world = World::of("okta").await;
    insta::assert_snapshot!(world.told("pavel").await, @"
    I can't find you in AWS, so I can't tell why Mobile-Prod is missing.
    I know you only as pavel@example.com.
    Neither AWS nor Okta has anybody with that user name or e-mail address.
    Next: the help desk can look for you in Okta by name, and ask me again with the user name that stands there.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    I can't find you in AWS, so I can't tell why Mobile-Prod is missing. Next: the help desk can look for you in Okta by name, and ask me again with the user name that stands there.

      UNDETERMINED   I can't find pavel@example.com in AWS, so I can't tell why
                     Mobile-Prod is missing (user_not_in_idp)

      pavel@example.com → Mobile-Prod (333344443333)

      ✓ account           active
      ? IdP person        nobody in Okta has that name or address
      · IdP membership    not reached
      · app assignment    not reached
      ✓ sync              sends changes as they happen
      ? directory person  nobody in Identity Center has that name
      · directory group   not reached
      · membership        not reached
      · duplicates        not reached
      · assignment        not reached
      · provisioning      not reached
      · portal            not reached

      I looked by pavel@example.com.
      Neither AWS nor Okta has anybody with that user name or e-mail address.

      Next   the help desk: look for pavel@example.com in Okta by name, and ask me
             again with the user name that stands there.
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS and Okta calls

    undetermined / user_not_in_idp / idp_user / help_desk
    account=pass idp_user=unknown idp_membership=not_reached app_assignment=not_reached sync=pass directory_user=unknown directory_group=not_reached directory_membership=not_reached duplicate_groups=not_reached assignment=not_reached provisioning=not_reached portal=not_reached
    ");
}

#[tokio::test]
async fn greta_is_disabled_at_the_idp() {
    let world = World::of("okta").await;
    insta::assert_snapshot!(world.told("greta").await, @"
    Website-Staging is missing because you are disabled in your company directory.
    Okta has you disabled (DEPROVISIONED), so that signing in is refused, whatever AWS still has.
    Next: an identity admin has to act: find out why you are disabled in Okta, and enable there what should be enabled.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    Website-Staging is missing because you are disabled in your company directory. Next: an identity admin has to act: find out why you are disabled in Okta, and enable there what should be enabled.

      BLOCKED   Website-Staging is missing because Greta Sommer is disabled in your
                company directory (user_disabled_in_idp)

      greta@example.com → Website-Staging (333344442222)

      ✓ account           active
      ✗ IdP person        disabled in Okta
      · IdP membership    not reached
      · app assignment    not reached
      ✓ sync              sends changes as they happen
      ✗ directory person  disabled in Identity Center
      · directory group   not reached
      · membership        not reached
      · duplicates        not reached
      · assignment        not reached
      · provisioning      not reached
      · portal            not reached

      Okta has Greta Sommer disabled (DEPROVISIONED), so that signing in is refused,
      whatever AWS still has.

      Next   an identity admin: find out why Greta Sommer is disabled in Okta, and
             enable there what should be enabled.
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS and Okta calls

    blocked / user_disabled_in_idp / idp_user / identity_admin
    account=pass idp_user=fail idp_membership=not_reached app_assignment=not_reached sync=pass directory_user=fail directory_group=not_reached directory_membership=not_reached duplicate_groups=not_reached assignment=not_reached provisioning=not_reached portal=not_reached
    ");
}

#[tokio::test]
async fn noah_never_had_it_and_the_smallest_group_is_named() {
    let world = World::of("okta").await;
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
      ✓ IdP person        Noah Fontaine, enabled in Okta
      ✗ IdP membership    not in AWS-Ledger-ReadOnly
      · app assignment    not reached
      ✓ sync              sends changes as they happen
      ✓ directory person  in Identity Center, enabled
      ✓ directory group   AWS-Ledger-ReadOnly
      ✗ membership        not in AWS-Ledger-ReadOnly
      ✓ duplicates        none
      ✓ assignment        ReadOnly for AWS-Ledger-ReadOnly
      ✓ provisioning      latest version
      · portal            not reached

      The smallest that does is AWS-Ledger-ReadOnly (ReadOnly, on this account
      only). Its owner is Bo Jensen.
      Others also open it: AWS-Finance-Readers and AWS-Everything-Readers.

      Next   you: ask Bo Jensen to add Noah Fontaine to AWS-Ledger-ReadOnly.
      Also   ReadOnly through AWS-Finance-Readers: not in it
      Also   ReadOnly through AWS-Everything-Readers: not in it
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS and Okta calls

    blocked / not_in_group / idp_membership / you
    account=pass idp_user=pass idp_membership=fail app_assignment=not_reached sync=pass directory_user=pass directory_group=pass directory_membership=fail duplicate_groups=pass assignment=pass provisioning=pass portal=not_reached
    ");
}

#[tokio::test]
async fn nils_is_in_another_group() {
    let world = World::of("okta").await;
    insta::assert_snapshot!(world.told("nils").await, @"
    You don't have access to Tools-Prod: you are not in a group that opens it.
    Only AWS-Tools-Users opens it (PowerUser, on this account only). Its owner is @U0BO.
    You are in AWS-Tools-Team in Okta, which is not pushed to AWS. Nothing says which account it is for.
    Next: ask @U0BO to add you to AWS-Tools-Users.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Ask the group's owner] [Show all steps]

    You don't have access to Tools-Prod: you are not in a group that opens it. Next: ask Bo Jensen to add you to AWS-Tools-Users.

      BLOCKED   Nils Bergman doesn't have access to Tools-Prod: no group that opens
                it has them (not_in_group)

      nils@example.com → Tools-Prod (888800001111)

      ✓ account           active
      ✓ IdP person        Nils Bergman, enabled in Okta
      ✗ IdP membership    not in AWS-Tools-Users
      · app assignment    not reached
      ✓ sync              sends changes as they happen
      ✓ directory person  in Identity Center, enabled
      ✓ directory group   AWS-Tools-Users
      ✗ membership        not in AWS-Tools-Users
      ✓ duplicates        none
      ✓ assignment        PowerUser for AWS-Tools-Users
      ✓ provisioning      latest version
      · portal            not reached

      Only AWS-Tools-Users opens it (PowerUser, on this account only). Its owner is
      Bo Jensen.
      Nils Bergman is in AWS-Tools-Team in Okta, which is not pushed to AWS. Nothing
      says which account it is for.

      Next   you: ask Bo Jensen to add Nils Bergman to AWS-Tools-Users.
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS and Okta calls

    blocked / not_in_group / idp_membership / you
    account=pass idp_user=pass idp_membership=fail app_assignment=not_reached sync=pass directory_user=pass directory_group=pass directory_membership=fail duplicate_groups=pass assignment=pass provisioning=pass portal=not_reached
    ");
}

#[tokio::test]
async fn olgas_group_is_not_pushed() {
    let world = World::of("okta").await;
    insta::assert_snapshot!(world.told("olga").await, @"
    Fleet-Prod is missing because the group that should open it is not sent to AWS.
    You are in AWS-Fleet-Managers at Okta.
    AWS-Fleet-Managers has no group push mapping in AWS IAM Identity Center, so its members are not sent to AWS.
    Next: an identity admin has to act: add AWS-Fleet-Managers to the push groups of AWS IAM Identity Center.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    Fleet-Prod is missing because the group that should open it is not sent to AWS. Next: an identity admin has to act: add AWS-Fleet-Managers to the push groups of AWS IAM Identity Center.

      BLOCKED   Fleet-Prod is missing because the group that should open it is not
                sent to AWS (group_not_assigned_to_app)

      olga@example.com → Fleet-Prod (888800002222)

      ✓ account           active
      ✓ IdP person        Olga Ivanova, enabled in Okta
      ✓ IdP membership    in AWS-Fleet-Managers
      ✗ app assignment    AWS-Fleet-Managers is not pushed
      ✓ sync              sends changes as they happen
      ✓ directory person  in Identity Center, enabled
      ✓ directory group   AWS-Fleet-Managers
      ✗ membership        not in AWS-Fleet-Managers
      ✓ duplicates        none
      ✓ assignment        PowerUser for AWS-Fleet-Managers
      ✓ provisioning      latest version
      · portal            not reached

      Olga Ivanova is in AWS-Fleet-Managers at Okta.
      AWS-Fleet-Managers has no group push mapping in AWS IAM Identity Center, so
      its members are not sent to AWS.

      Next   an identity admin: add AWS-Fleet-Managers to the push groups of AWS IAM
             Identity Center.
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS and Okta calls

    blocked / group_not_assigned_to_app / app_assignment / identity_admin
    account=pass idp_user=pass idp_membership=pass app_assignment=fail sync=pass directory_user=pass directory_group=pass directory_membership=fail duplicate_groups=pass assignment=pass provisioning=pass portal=not_reached
    ");
}

#[tokio::test]
async fn ayo_is_not_assigned_to_the_application() {
    let world = World::of("okta").await;
    insta::assert_snapshot!(world.told("ayo").await, @"
    Mobile-Prod is missing because the group that opens it is sent to AWS, and you are not.
    Okta pushes AWS-Mobile-Developers to AWS, and leaves out members who are not assigned to AWS IAM Identity Center themselves. You are in the group and not assigned.
    Next: an identity admin has to act: assign you to AWS IAM Identity Center, directly or through a group other than AWS-Mobile-Developers: Okta wants one group for the assignment and another for the push.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    Mobile-Prod is missing because the group that opens it is sent to AWS, and you are not. Next: an identity admin has to act: assign you to AWS IAM Identity Center, directly or through a group other than AWS-Mobile-Developers: Okta wants one group for the assignment and another for the push.

      BLOCKED   Mobile-Prod is missing because the group that opens it is sent to
                AWS, and Ayo Balogun is not (user_not_assigned_to_app)

      ayo@example.com → Mobile-Prod (333344443333)

      ✓ account           active
      ✓ IdP person        Ayo Balogun, enabled in Okta
      ✓ IdP membership    in AWS-Mobile-Developers
      ✗ app assignment    the person is not assigned
      ✓ sync              sends changes as they happen
      ✗ directory person  nobody in Identity Center has that name
      · directory group   not reached
      · membership        not reached
      · duplicates        not reached
      · assignment        not reached
      · provisioning      not reached
      · portal            not reached

      Okta pushes AWS-Mobile-Developers to AWS, and leaves out members who are not
      assigned to AWS IAM Identity Center themselves. Ayo Balogun is in the group
      and not assigned.

      Next   an identity admin: assign Ayo Balogun to AWS IAM Identity Center,
             directly or through a group other than AWS-Mobile-Developers: Okta
             wants one group for the assignment and another for the push.
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS and Okta calls

    blocked / user_not_assigned_to_app / app_assignment / identity_admin
    account=pass idp_user=pass idp_membership=pass app_assignment=fail sync=pass directory_user=fail directory_group=not_reached directory_membership=not_reached duplicate_groups=not_reached assignment=not_reached provisioning=not_reached portal=not_reached
    ");
}

#[tokio::test]
async fn the_push_of_selmas_group_is_switched_off() {
    let world = World::of("okta").await;
    insta::assert_snapshot!(world.told("selma").await, @"
    Studio-Prod is missing because your company directory does not send this group's changes to AWS.
    You are in AWS-Studio-Editors at Okta.
    The push of AWS-Studio-Editors is switched off, so its changes stay in Okta.
    Next: an identity admin has to act: switch the push of AWS-Studio-Editors on again.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    Studio-Prod is missing because your company directory does not send this group's changes to AWS. Next: an identity admin has to act: switch the push of AWS-Studio-Editors on again.

      BLOCKED   Studio-Prod is missing because your company directory does not send
                this group's changes to AWS (sync_stopped)

      selma@example.com → Studio-Prod (888800003333)

      ✓ account           active
      ✓ IdP person        Selma Aydin, enabled in Okta
      ✓ IdP membership    in AWS-Studio-Editors since 2026-11-23 14:12 UTC (1 day
                          ago)
      ✓ app assignment    AWS-Studio-Editors is on AWS IAM Identity Center
      ✗ sync              the push of this group is switched off
      ✓ directory person  in Identity Center, enabled
      ✓ directory group   AWS-Studio-Editors
      ✗ membership        not in AWS-Studio-Editors
      ✓ duplicates        none
      ✓ assignment        PowerUser for AWS-Studio-Editors
      ✓ provisioning      latest version
      · portal            not reached

      Selma Aydin is in AWS-Studio-Editors at Okta.
      The push of AWS-Studio-Editors is switched off, so its changes stay in Okta.

      Next   an identity admin: switch the push of AWS-Studio-Editors on again.
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS and Okta calls

    blocked / sync_stopped / sync / identity_admin
    account=pass idp_user=pass idp_membership=pass app_assignment=pass sync=fail directory_user=pass directory_group=pass directory_membership=fail duplicate_groups=pass assignment=pass provisioning=pass portal=not_reached
    ");
}

#[tokio::test]
async fn yuki_is_queued() {
    let world = World::of("okta").await;
    insta::assert_snapshot!(world.told("yuki").await, @"
    Website-Prod is on its way: AWS does not know you yet.
    You were added to AWS-Website-Developers 2026-11-19 14:12 UTC, 5 days ago.
    Okta has you queued for AWS since 2026-11-24 09:12 UTC, 5 hours ago.
    Next: nothing to do; Okta sends what it has queued by itself. Check again later.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    Website-Prod is on its way: AWS does not know you yet. Next: nothing to do; Okta sends what it has queued by itself. Check again later.

      BLOCKED   Website-Prod is on its way: AWS does not know Yuki Tanaka yet
                (sync_pending)

      yuki@example.com → Website-Prod (333344441111)

      ✓ account           active
      ✓ IdP person        Yuki Tanaka, enabled in Okta
      ✓ IdP membership    in AWS-Website-Developers since 2026-11-19 14:12 UTC (5
                          days ago)
      ✓ app assignment    AWS-Website-Developers is on AWS IAM Identity Center
      ✗ sync              queued for AWS, and not sent yet
      ✗ directory person  nobody in Identity Center has that name
      · directory group   not reached
      · membership        not reached
      · duplicates        not reached
      · assignment        not reached
      · provisioning      not reached
      · portal            not reached

      Yuki Tanaka was added to AWS-Website-Developers 2026-11-19 14:12 UTC, 5 days
      ago.
      Okta has Yuki Tanaka queued for AWS since 2026-11-24 09:12 UTC, 5 hours ago.

      Next   nobody needs to act: nothing to do; Okta sends what it has queued by
             itself. Check again later.
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS and Okta calls

    blocked / sync_pending / sync / nobody
    account=pass idp_user=pass idp_membership=pass app_assignment=pass sync=fail directory_user=fail directory_group=not_reached directory_membership=not_reached duplicate_groups=not_reached assignment=not_reached provisioning=not_reached portal=not_reached
    ");
}

#[tokio::test]
async fn ivan_has_no_last_name() {
    let world = World::of("okta").await;
    insta::assert_snapshot!(world.told("ivan").await, @"
    Website-Prod is missing because sending you to AWS failed.
    Okta's record for you says (2026-11-24 12:12 UTC, 2 hours ago) that AWS did not accept what is filled in there. The help desk can read the rest.
    What AWS requires and is missing there: last name.
    Next: an identity admin has to act: fill in or mend in Okta what AWS complains about; it is then sent again.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    Website-Prod is missing because sending you to AWS failed. Next: an identity admin has to act: fill in or mend in Okta what AWS complains about; it is then sent again.

      BLOCKED   Website-Prod is missing because sending Ivan Horvat to AWS failed
                (sync_error)

      ivan@example.com → Website-Prod (333344441111)

      ✓ account           active
      ✓ IdP person        Ivan Horvat, enabled in Okta
      ✓ IdP membership    in AWS-Website-Developers since 2026-11-18 14:12 UTC (6
                          days ago)
      ✓ app assignment    AWS-Website-Developers is on AWS IAM Identity Center
      ✗ sync              failed: application.provision.user.push
      ✗ directory person  nobody in Identity Center has that name
      · directory group   not reached
      · membership        not reached
      · duplicates        not reached
      · assignment        not reached
      · provisioning      not reached
      · portal            not reached

      Okta's record for Ivan Horvat says (2026-11-24 12:12 UTC, 2 hours ago):
      application.provision.user.push: The target system requires the attribute
      name.familyName, and the person has no last name.
      What AWS requires and is missing there: last name.

      Next   an identity admin: fill in or mend in Okta what AWS complains about; it
             is then sent again.
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS and Okta calls

    blocked / sync_error / sync / identity_admin
    account=pass idp_user=pass idp_membership=pass app_assignment=pass sync=fail directory_user=fail directory_group=not_reached directory_membership=not_reached duplicate_groups=not_reached assignment=not_reached provisioning=not_reached portal=not_reached
    ");
}

#[tokio::test]
async fn the_push_of_rosalinds_group_failed() {
    let world = World::of("okta").await;
    insta::assert_snapshot!(world.told("rosalind").await, @"
    Genome-Lab is missing because sending the group that opens it to AWS failed.
    Okta's record for the group AWS-Genome-Researchers says (2026-11-20 14:12 UTC, 4 days ago) that it failed. The help desk can read why.
    Next: an identity admin has to act: mend what the record complains about; all of it is in the log of AWS IAM Identity Center. Then have it sent again.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    Genome-Lab is missing because sending the group that opens it to AWS failed. Next: an identity admin has to act: mend what the record complains about; all of it is in the log of AWS IAM Identity Center. Then have it sent again.

      BLOCKED   Genome-Lab is missing because sending the group that opens it to AWS
                failed (sync_error)

      rosalind@example.com → Genome-Lab (888800004444)

      ✓ account           active
      ✓ IdP person        Rosalind Achterberg, enabled in Okta
      ✓ IdP membership    in AWS-Genome-Researchers since 2026-11-20 14:12 UTC (4
                          days ago)
      ✓ app assignment    AWS-Genome-Researchers is on AWS IAM Identity Center
      ✗ sync              failed:
                          application.provision.group_push.mapping.update.or.
                          delete.failed.with.error
      ✓ directory person  in Identity Center, enabled
      ✓ directory group   AWS-Genome-Researchers
      ✗ membership        not in AWS-Genome-Researchers
      ✓ duplicates        none
      ✓ assignment        ReadOnly for AWS-Genome-Researchers
      ✓ provisioning      latest version
      · portal            not reached

      Okta's record for the group AWS-Genome-Researchers says (2026-11-20 14:12 UTC,
      4 days ago):
      application.provision.group_push.mapping.update.or.delete.failed.with.error:
      The target system answered 400: the request violates its schema.

      Next   an identity admin: mend what the record complains about; all of it is
             in the log of AWS IAM Identity Center. Then have it sent again.
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS and Okta calls

    blocked / sync_error / sync / identity_admin
    account=pass idp_user=pass idp_membership=pass app_assignment=pass sync=fail directory_user=pass directory_group=pass directory_membership=fail duplicate_groups=pass assignment=pass provisioning=pass portal=not_reached
    ");
}

#[tokio::test]
async fn milo_was_left_out() {
    let world = World::of("okta").await;
    insta::assert_snapshot!(world.told("milo").await, @"
    Robotics-Prod is missing because your group change was never sent to AWS.
    You were added to AWS-Robotics-Engineers 2026-11-21 14:12 UTC, 3 days ago. The group was last sent to AWS 2026-05-08 14:15 UTC, 199 days ago, before that, and AWS still does not have you in it.
    Next: an identity admin has to act: press Push now for AWS-Robotics-Engineers under Push Groups of AWS IAM Identity Center in Okta. Waiting will not help.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    Robotics-Prod is missing because your group change was never sent to AWS. Next: an identity admin has to act: press Push now for AWS-Robotics-Engineers under Push Groups of AWS IAM Identity Center in Okta. Waiting will not help.

      BLOCKED   Robotics-Prod is missing because the group change was never sent to
                AWS (membership_missed)

      milo@example.com → Robotics-Prod (888800005555)

      ✓ account           active
      ✓ IdP person        Milo Santos, enabled in Okta
      ✓ IdP membership    in AWS-Robotics-Engineers since 2026-11-21 14:12 UTC (3
                          days ago)
      ✓ app assignment    AWS-Robotics-Engineers is on AWS IAM Identity Center
      ✗ sync              sent last 2026-05-08 14:15 UTC, and not since the change
      ✓ directory person  in Identity Center, enabled
      ✓ directory group   AWS-Robotics-Engineers
      ✗ membership        not in AWS-Robotics-Engineers
      ✓ duplicates        none
      ✓ assignment        PowerUser for AWS-Robotics-Engineers
      ✓ provisioning      latest version
      · portal            not reached

      Milo Santos was added to AWS-Robotics-Engineers 2026-11-21 14:12 UTC, 3 days
      ago. The group was last sent to AWS 2026-05-08 14:15 UTC, 199 days ago, before
      that, and AWS still does not have Milo Santos in it.

      Next   an identity admin: press Push now for AWS-Robotics-Engineers under Push
             Groups of AWS IAM Identity Center in Okta. Waiting will not help.
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS and Okta calls

    blocked / membership_missed / sync / identity_admin
    account=pass idp_user=pass idp_membership=pass app_assignment=pass sync=fail directory_user=pass directory_group=pass directory_membership=fail duplicate_groups=pass assignment=pass provisioning=pass portal=not_reached
    ");
}

#[tokio::test]
async fn lenas_group_cannot_arrive_beside_one_made_by_hand() {
    let world = World::of("okta").await;
    insta::assert_snapshot!(world.told("lena").await, @"
    Analytics-Prod is missing because the group that opens it was created manually in AWS, and AWS rejected the one from your company directory.
    The access is on AWS-Analytics-Readers (created manually in AWS, 260 days ago). You are in Okta's group AWS-Analytics-Readers. AWS keeps one group of a name: the manual one holds it, and the other cannot arrive.
    Okta recorded that AWS refused it (2026-11-24 05:12 UTC, 9 hours ago). The help desk can read why.
    Next: an identity admin has to act: rename AWS-Analytics-Readers in AWS, let the synced group arrive, assign the access to that, then delete the manual one once nobody needs it.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    Analytics-Prod is missing because the group that opens it was created manually in AWS, and AWS rejected the one from your company directory. Next: an identity admin has to act: rename AWS-Analytics-Readers in AWS, let the synced group arrive, assign the access to that, then delete the manual one once nobody needs it.

      BLOCKED   Analytics-Prod is missing because the group that opens it was
                created manually in AWS, and AWS rejected the one from your company
                directory (group_not_synced)

      lena@example.com → Analytics-Prod (333344445555)

      ✓ account           active
      ✓ IdP person        Lena Vogel, enabled in Okta
      ✓ IdP membership    in AWS-Analytics-Readers
      ✓ app assignment    AWS-Analytics-Readers is on AWS IAM Identity Center
      ✓ sync              sends changes as they happen
      ✓ directory person  in Identity Center, enabled
      ✗ directory group   created manually; the synced group of that name was
                          rejected
      ✗ membership        not in AWS-Analytics-Readers
      ✓ duplicates        none
      ✓ assignment        ReadOnly for AWS-Analytics-Readers
      ✓ provisioning      latest version
      · portal            not reached

      The access is on AWS-Analytics-Readers (created manually in AWS, 260 days
      ago). Lena Vogel is in Okta's group AWS-Analytics-Readers. AWS keeps one group
      of a name: the manual one holds it, and the other cannot arrive.
      Okta recorded that AWS refused it (2026-11-24 05:12 UTC, 9 hours ago):
      application.provision.group_push.mapping.update.or.delete.failed.with.error:
      The target system has a group of this name already (409).

      Next   an identity admin: rename AWS-Analytics-Readers in AWS, let the synced
             group arrive, assign the access to that, then delete the manual one
             once nobody needs it.
             https://console.aws.amazon.com/singlesignon/home#/groups
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS and Okta calls

    blocked / group_not_synced / directory_group / identity_admin
    account=pass idp_user=pass idp_membership=pass app_assignment=pass sync=pass directory_user=pass directory_group=fail directory_membership=fail duplicate_groups=pass assignment=pass provisioning=pass portal=not_reached
    ");
}

#[tokio::test]
async fn tomas_has_it_and_the_idp_agrees() {
    let world = World::of("okta").await;
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
      ✓ IdP person        Tomas Svoboda, enabled in Okta
      ✓ IdP membership    in AWS-Reporting
      · app assignment    not reached
      ✓ sync              sends changes as they happen
      ✓ directory person  in Identity Center, enabled
      ✓ directory group   AWS-Reporting
      ✓ membership        in AWS-Reporting since 2026-11-24 14:08 UTC (4 minutes
                          ago)
      ✓ duplicates        none that would matter
      ✓ assignment        ReadOnly for AWS-Reporting
      ✓ provisioning      latest version
      ! portal            all is in place; may need a new sign-in

      It arrived in AWS 4 minutes ago (2026-11-24 14:08 UTC).

      Next   you: if the portal does not show it yet, sign out of the access portal,
             wait about 3 minutes and sign in again.
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS and Okta calls

    access / portal_stale / portal / you
    account=pass idp_user=pass idp_membership=pass app_assignment=not_reached sync=pass directory_user=pass directory_group=pass directory_membership=pass duplicate_groups=pass assignment=pass provisioning=pass portal=warn
    ");
}

#[tokio::test]
async fn toves_user_was_deleted_in_aws() {
    let world = World::of("okta").await;
    insta::assert_snapshot!(world.told("tove").await, @"
    Mobile-Prod is missing because AWS does not know you yet.
    Identity Center has nobody with the user name or e-mail address tove@example.com.
    Okta has you, enabled, and nobody in AWS has your id.
    You are in AWS-Mobile-Developers at Okta. You joined it longer ago than Okta's log reaches. Changes were last sent to AWS 2026-05-08 14:15 UTC, 199 days ago, without an error, and AWS still does not have you in it.
    Next: an identity admin has to act: take you off the application for AWS in Okta and assign you again, so that Okta creates you again.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    Mobile-Prod is missing because AWS does not know you yet. Next: an identity admin has to act: take you off the application for AWS in Okta and assign you again, so that Okta creates you again.

      BLOCKED   Mobile-Prod is missing because AWS does not know Tove Lindqvist yet
                (user_not_provisioned)

      tove@example.com → Mobile-Prod (333344443333)

      ✓ account           active
      ✓ IdP person        Tove Lindqvist, enabled in Okta
      ✓ IdP membership    in AWS-Mobile-Developers
      ✓ app assignment    AWS-Mobile-Developers is on AWS IAM Identity Center
      ✓ sync              sends changes as they happen
      ✗ directory person  not in Identity Center
      · directory group   not reached
      · membership        not reached
      · duplicates        not reached
      · assignment        not reached
      · provisioning      not reached
      · portal            not reached

      Identity Center has nobody with the user name or e-mail address
      tove@example.com.
      Okta has Tove Lindqvist, enabled, and nobody in AWS has the id.
      Tove Lindqvist is in AWS-Mobile-Developers at Okta. Tove Lindqvist joined it
      longer ago than Okta's log reaches. Changes were last sent to AWS 2026-05-08
      14:15 UTC, 199 days ago, without an error, and AWS still does not have Tove
      Lindqvist in it.

      Next   an identity admin: take Tove Lindqvist off the application for AWS in
             Okta and assign them again, so that Okta creates them again.
             https://console.aws.amazon.com/singlesignon/home#/users
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS and Okta calls

    blocked / user_not_provisioned / directory_user / identity_admin
    account=pass idp_user=pass idp_membership=pass app_assignment=pass sync=pass directory_user=fail directory_group=not_reached directory_membership=not_reached duplicate_groups=not_reached assignment=not_reached provisioning=not_reached portal=not_reached
    ");
}
