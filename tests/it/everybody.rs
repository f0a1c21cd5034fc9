//! Everybody in the company: what they see in Slack, its text for a notification, what the terminal shows,
//! and the essence of the JSON report. The harness compares the faces with each other and with what the
//! scenario expects; here it is for people to read.

use insta::assert_snapshot;

use crate::harness::World;

#[tokio::test]
async fn dana_is_not_in_the_group_yet() {
    let world = World::new().await;
    assert_snapshot!(world.told("dana").await, @"
    As AWS sees it, you are in no group that opens Payments-Prod.
    AWS-Payments-ReadOnly, AWS-Finance-All and AWS-Break-Glass open it, and AWS does not have you in any of them.
    I cannot see your company directory, so I cannot tell whether you were never added there, or were and the change has not arrived.
    Next: an identity admin has to act: look in the company directory whether you are in the group AWS-Payments-ReadOnly: if so, force a sync; if not, its owner can add you.
    Other ways to this account
    • ReadOnly through AWS-Finance-All: not in it, as AWS sees it
    • Admin through AWS-Break-Glass: not in it, as AWS sees it
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    As AWS sees it, you are in no group that opens Payments-Prod. Next: an identity admin has to act: look in the company directory whether you are in the group AWS-Payments-ReadOnly: if so, force a sync; if not, its owner can add you.

      BLOCKED   As AWS sees it, Dana Reyes is in no group that opens Payments-Prod
                (membership_not_synced)

      dana@example.com → Payments-Prod (111122223333)

      ✓ account           active
      ? IdP person        not connected
      ? IdP membership    not connected
      ? app assignment    not connected
      ? sync              not connected
      ✓ directory person  in Identity Center, enabled
      ✓ directory group   AWS-Payments-ReadOnly, synced
      ✗ membership        not in AWS-Payments-ReadOnly
      ✓ duplicates        none
      ✓ assignment        ReadOnly for AWS-Payments-ReadOnly
      ✓ provisioning      latest version
      · portal            not reached

      AWS-Payments-ReadOnly, AWS-Finance-All and AWS-Break-Glass open it, and AWS
      does not have Dana Reyes in any of them.
      I cannot see your company directory, so I cannot tell whether Dana Reyes was
      never added there, or was and the change has not arrived.

      Next   an identity admin: look in the company directory whether Dana Reyes is
             in the group AWS-Payments-ReadOnly: if so, force a sync; if not, its
             owner can add Dana Reyes.
             https://console.aws.amazon.com/singlesignon/home#/groups
      Also   ReadOnly through AWS-Finance-All: not in it, as AWS sees it
      Also   Admin through AWS-Break-Glass: not in it, as AWS sees it
      IdP    none is connected; an admin looks there by hand:
             - Entra ID: Users, the person, Account status is Enabled.
             - Okta: Directory, People, the person is Active.
             - Entra ID: the person's Groups has the group itself, not one inside
               it.
             - Okta: the person's Groups has the group.
             - Entra ID: Enterprise applications, AWS IAM Identity Center, Users and
               groups has the group.
             - Okta: the AWS application has the person under Assignments and the
               group under Push Groups.
             - Entra ID: the application's Provisioning shows the last cycle, no
               quarantine, and under Provisioning logs no error.
             - Okta: Push Groups shows the group as Active, without an error.
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS calls

    blocked / membership_not_synced / directory_membership / identity_admin
    account=pass idp_user=unknown idp_membership=unknown app_assignment=unknown sync=unknown directory_user=pass directory_group=pass directory_membership=fail duplicate_groups=pass assignment=pass provisioning=pass portal=not_reached
    ");
}

#[tokio::test]
async fn theo_mistypes_the_account() {
    let world = World::new().await;
    assert_snapshot!(world.told("theo").await, @"
    I know no account called Paymants-Prod.
    The nearest names are Payments-Prod and Payments-Dev.
    Next: ask again with the right name.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Payments-Prod] [Payments-Dev] [Show all steps]

    I know no account called Paymants-Prod. Next: ask again with the right name.

      BLOCKED   I know no account called Paymants-Prod (account_not_found)

      theo@example.com → Paymants-Prod

      ✗ account           none is called Paymants-Prod
      · IdP person        not reached
      · IdP membership    not reached
      · app assignment    not reached
      · sync              not reached
      · directory person  not reached
      · directory group   not reached
      · membership        not reached
      · duplicates        not reached
      · assignment        not reached
      · provisioning      not reached
      · portal            not reached

      The nearest names are Payments-Prod and Payments-Dev.

      Next   you: ask again with the right name.
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS calls

    blocked / account_not_found / account / you
    account=fail idp_user=not_reached idp_membership=not_reached app_assignment=not_reached sync=not_reached directory_user=not_reached directory_group=not_reached directory_membership=not_reached duplicate_groups=not_reached assignment=not_reached provisioning=not_reached portal=not_reached
    ");
}

#[tokio::test]
async fn ines_asks_for_a_name_that_two_accounts_have() {
    let world = World::new().await;
    assert_snapshot!(world.told("ines").await, @"
    There are 2 accounts called Data-Lake.
    Their numbers are 222233334444 and 222233335555.
    Next: ask again with the account number.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Data-Lake (222233334444)] [Data-Lake (222233335555)] [Show all steps]

    There are 2 accounts called Data-Lake. Next: ask again with the account number.

      BLOCKED   There are 2 accounts called Data-Lake (account_ambiguous)

      ines@example.com → Data-Lake

      ✗ account           2 are called Data-Lake
      · IdP person        not reached
      · IdP membership    not reached
      · app assignment    not reached
      · sync              not reached
      · directory person  not reached
      · directory group   not reached
      · membership        not reached
      · duplicates        not reached
      · assignment        not reached
      · provisioning      not reached
      · portal            not reached

      Their numbers are 222233334444 and 222233335555.

      Next   you: ask again with the account number.
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS calls

    blocked / account_ambiguous / account / you
    account=fail idp_user=not_reached idp_membership=not_reached app_assignment=not_reached sync=not_reached directory_user=not_reached directory_group=not_reached directory_membership=not_reached duplicate_groups=not_reached assignment=not_reached provisioning=not_reached portal=not_reached
    ");
}

#[tokio::test]
async fn oscar_asks_for_a_suspended_account() {
    let world = World::new().await;
    assert_snapshot!(world.told("oscar").await, @"
    Legacy-CRM is suspended, so the access portal leaves it out for everybody.
    Nobody sees it until it is active again, whatever access they have.
    Next: an identity admin has to act: whoever runs the organization's accounts decides whether Legacy-CRM comes back.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Check again] [Ask the help desk] [Show all steps]

    Legacy-CRM is suspended, so the access portal leaves it out for everybody. Next: an identity admin has to act: whoever runs the organization's accounts decides whether Legacy-CRM comes back.

      BLOCKED   Legacy-CRM is suspended, so the access portal leaves it out for
                everybody (account_not_active)

      oscar@example.com → Legacy-CRM (222233336666)

      ✗ account           suspended
      · IdP person        not reached
      · IdP membership    not reached
      · app assignment    not reached
      · sync              not reached
      · directory person  not reached
      · directory group   not reached
      · membership        not reached
      · duplicates        not reached
      · assignment        not reached
      · provisioning      not reached
      · portal            not reached

      Nobody sees it until it is active again, whatever access they have.

      Next   an identity admin: whoever runs the organization's accounts decides
             whether Legacy-CRM comes back.
             https://console.aws.amazon.com/organizations/v2/home/accounts
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS calls

    blocked / account_not_active / account / identity_admin
    account=fail idp_user=not_reached idp_membership=not_reached app_assignment=not_reached sync=not_reached directory_user=not_reached directory_group=not_reached directory_membership=not_reached duplicate_groups=not_reached assignment=not_reached provisioning=not_reached portal=not_reached
    ");
}

#[tokio::test]
async fn yuki_is_not_in_identity_center() {
    let world = World::new().await;
    assert_snapshot!(world.told("yuki").await, @"
    I can't find you in AWS, so I can't tell why Website-Prod is missing.
    I know you only as yuki@example.com.
    Identity Center has nobody with that user name or e-mail address, but may know you by another name.
    Next: the help desk can look for you in Identity Center by name, and ask me again with the user name that stands there.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    I can't find you in AWS, so I can't tell why Website-Prod is missing. Next: the help desk can look for you in Identity Center by name, and ask me again with the user name that stands there.

      UNDETERMINED   I can't find yuki@example.com in AWS, so I can't tell why
                     Website-Prod is missing (user_not_provisioned)

      yuki@example.com → Website-Prod (333344441111)

      ✓ account           active
      ? IdP person        not connected
      ? IdP membership    not connected
      ? app assignment    not connected
      ? sync              not connected
      ? directory person  nobody in Identity Center has that name
      · directory group   not reached
      · membership        not reached
      · duplicates        not reached
      · assignment        not reached
      · provisioning      not reached
      · portal            not reached

      I looked by yuki@example.com.
      Identity Center has nobody with that user name or e-mail address, but may know
      yuki@example.com by another name.

      Next   the help desk: look for yuki@example.com in Identity Center by name,
             and ask me again with the user name that stands there.
             https://console.aws.amazon.com/singlesignon/home#/users
      IdP    none is connected; an admin looks there by hand:
             - Entra ID: Users, the person, Account status is Enabled.
             - Okta: Directory, People, the person is Active.
             - Entra ID: the person's Groups has the group itself, not one inside
               it.
             - Okta: the person's Groups has the group.
             - Entra ID: Enterprise applications, AWS IAM Identity Center, Users and
               groups has the group.
             - Okta: the AWS application has the person under Assignments and the
               group under Push Groups.
             - Entra ID: the application's Provisioning shows the last cycle, no
               quarantine, and under Provisioning logs no error.
             - Okta: Push Groups shows the group as Active, without an error.
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS calls

    undetermined / user_not_provisioned / directory_user / help_desk
    account=pass idp_user=unknown idp_membership=unknown app_assignment=unknown sync=unknown directory_user=unknown directory_group=not_reached directory_membership=not_reached duplicate_groups=not_reached assignment=not_reached provisioning=not_reached portal=not_reached
    ");
}

#[tokio::test]
async fn marcus_is_disabled() {
    let world = World::new().await;
    assert_snapshot!(world.told("marcus").await, @"
    Website-Staging is missing because you are disabled in AWS.
    You have a record in Identity Center, and it is disabled, so that nothing opens.
    Next: an identity admin has to act: find out in the company directory why you are disabled, and enable there what should be enabled.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    Website-Staging is missing because you are disabled in AWS. Next: an identity admin has to act: find out in the company directory why you are disabled, and enable there what should be enabled.

      BLOCKED   Website-Staging is missing because Marcus Hill is disabled in AWS
                (user_disabled)

      marcus@example.com → Website-Staging (333344442222)

      ✓ account           active
      ? IdP person        not connected
      ? IdP membership    not connected
      ? app assignment    not connected
      ? sync              not connected
      ✗ directory person  disabled in Identity Center
      · directory group   not reached
      · membership        not reached
      · duplicates        not reached
      · assignment        not reached
      · provisioning      not reached
      · portal            not reached

      Marcus Hill has a record in Identity Center, and it is disabled, so that
      nothing opens.

      Next   an identity admin: find out in the company directory why Marcus Hill is
             disabled, and enable there what should be enabled.
             https://console.aws.amazon.com/singlesignon/home#/users
      IdP    none is connected; an admin looks there by hand:
             - Entra ID: Users, the person, Account status is Enabled.
             - Okta: Directory, People, the person is Active.
             - Entra ID: the person's Groups has the group itself, not one inside
               it.
             - Okta: the person's Groups has the group.
             - Entra ID: Enterprise applications, AWS IAM Identity Center, Users and
               groups has the group.
             - Okta: the AWS application has the person under Assignments and the
               group under Push Groups.
             - Entra ID: the application's Provisioning shows the last cycle, no
               quarantine, and under Provisioning logs no error.
             - Okta: Push Groups shows the group as Active, without an error.
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS calls

    blocked / user_disabled / directory_user / identity_admin
    account=pass idp_user=unknown idp_membership=unknown app_assignment=unknown sync=unknown directory_user=fail directory_group=not_reached directory_membership=not_reached duplicate_groups=not_reached assignment=not_reached provisioning=not_reached portal=not_reached
    ");
}

#[tokio::test]
async fn priya_has_two_records() {
    let world = World::new().await;
    assert_snapshot!(world.told("priya").await, @"
    Mobile-Prod is missing because AWS has two records for you, and the one that signs in lacks the access.
    priya@example.com is the user name of one record and the e-mail address of priya.contractor@example.com. Access given to one does not show for the other.
    Next: an identity admin has to act: look which of the two the company directory signs in with, and give that one the group or the access that the other has.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    Mobile-Prod is missing because AWS has two records for you, and the one that signs in lacks the access. Next: an identity admin has to act: look which of the two the company directory signs in with, and give that one the group or the access that the other has.

      BLOCKED   Mobile-Prod is missing because AWS has two records for Priya Raman,
                and the one that signs in lacks the access (user_ambiguous)

      priya@example.com → Mobile-Prod (333344443333)

      ✓ account           active
      ? IdP person        not connected
      ? IdP membership    not connected
      ? app assignment    not connected
      ? sync              not connected
      ✗ directory person  two records: one by user name, one by e-mail
      ✓ directory group   AWS-Mobile-Developers, synced
      ✗ membership        not in AWS-Mobile-Developers
      ✓ duplicates        none
      ✓ assignment        PowerUser for AWS-Mobile-Developers
      ✓ provisioning      latest version
      · portal            not reached

      priya@example.com is the user name of one record and the e-mail address of
      priya.contractor@example.com. Access given to one does not show for the other.

      Next   an identity admin: look which of the two the company directory signs in
             with, and give that one the group or the access that the other has.
             https://console.aws.amazon.com/singlesignon/home#/users
      IdP    none is connected; an admin looks there by hand:
             - Entra ID: Users, the person, Account status is Enabled.
             - Okta: Directory, People, the person is Active.
             - Entra ID: the person's Groups has the group itself, not one inside
               it.
             - Okta: the person's Groups has the group.
             - Entra ID: Enterprise applications, AWS IAM Identity Center, Users and
               groups has the group.
             - Okta: the AWS application has the person under Assignments and the
               group under Push Groups.
             - Entra ID: the application's Provisioning shows the last cycle, no
               quarantine, and under Provisioning logs no error.
             - Okta: Push Groups shows the group as Active, without an error.
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS calls

    blocked / user_ambiguous / directory_user / identity_admin
    account=pass idp_user=unknown idp_membership=unknown app_assignment=unknown sync=unknown directory_user=fail directory_group=pass directory_membership=fail duplicate_groups=pass assignment=pass provisioning=pass portal=not_reached
    ");
}

#[tokio::test]
async fn lenas_group_was_made_by_hand() {
    let world = World::new().await;
    assert_snapshot!(world.told("lena").await, @"
    As AWS sees it, you are in no group that opens Analytics-Prod.
    AWS-Analytics-Readers opens it, and AWS does not have you in it.
    I cannot see your company directory, so I cannot tell whether you were never added there, or were and the change has not arrived.
    Next: an identity admin has to act: look in the company directory whether you are in the group AWS-Analytics-Readers: if so, force a sync; if not, its owner can add you. If there is no such group there, it is kept in Identity Center or by another tool.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    As AWS sees it, you are in no group that opens Analytics-Prod. Next: an identity admin has to act: look in the company directory whether you are in the group AWS-Analytics-Readers: if so, force a sync; if not, its owner can add you. If there is no such group there, it is kept in Identity Center or by another tool.

      BLOCKED   As AWS sees it, Lena Vogel is in no group that opens Analytics-Prod
                (membership_not_synced)

      lena@example.com → Analytics-Prod (333344445555)

      ✓ account           active
      ? IdP person        not connected
      ? IdP membership    not connected
      ? app assignment    not connected
      ? sync              not connected
      ✓ directory person  in Identity Center, enabled
      ✓ directory group   AWS-Analytics-Readers
      ✗ membership        not in AWS-Analytics-Readers
      ✓ duplicates        none
      ✓ assignment        ReadOnly for AWS-Analytics-Readers
      ✓ provisioning      latest version
      · portal            not reached

      AWS-Analytics-Readers opens it, and AWS does not have Lena Vogel in it.
      I cannot see your company directory, so I cannot tell whether Lena Vogel was
      never added there, or was and the change has not arrived.

      Next   an identity admin: look in the company directory whether Lena Vogel is
             in the group AWS-Analytics-Readers: if so, force a sync; if not, its
             owner can add Lena Vogel. If there is no such group there, it is kept
             in Identity Center or by another tool.
             https://console.aws.amazon.com/singlesignon/home#/groups
      IdP    none is connected; an admin looks there by hand:
             - Entra ID: Users, the person, Account status is Enabled.
             - Okta: Directory, People, the person is Active.
             - Entra ID: the person's Groups has the group itself, not one inside
               it.
             - Okta: the person's Groups has the group.
             - Entra ID: Enterprise applications, AWS IAM Identity Center, Users and
               groups has the group.
             - Okta: the AWS application has the person under Assignments and the
               group under Push Groups.
             - Entra ID: the application's Provisioning shows the last cycle, no
               quarantine, and under Provisioning logs no error.
             - Okta: Push Groups shows the group as Active, without an error.
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS calls

    blocked / membership_not_synced / directory_membership / identity_admin
    account=pass idp_user=unknown idp_membership=unknown app_assignment=unknown sync=unknown directory_user=pass directory_group=pass directory_membership=fail duplicate_groups=pass assignment=pass provisioning=pass portal=not_reached
    ");
}

#[tokio::test]
async fn jonas_is_in_a_group_that_differs_in_case() {
    let world = World::new().await;
    assert_snapshot!(world.told("jonas").await, @r#"
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
      ? IdP person        not connected
      ? IdP membership    not connected
      ? app assignment    not connected
      ? sync              not connected
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
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS calls

    blocked / duplicate_group / duplicate_groups / identity_admin
    account=pass idp_user=unknown idp_membership=unknown app_assignment=unknown sync=unknown directory_user=pass directory_group=pass directory_membership=pass duplicate_groups=fail assignment=pass provisioning=pass portal=not_reached
    "#);
}

#[tokio::test]
async fn aisha_is_in_one_of_two_groups_of_one_name() {
    let world = World::new().await;
    assert_snapshot!(world.told("aisha").await, @r#"
    Risk-Models is missing because you are in one of two look-alike groups, and the access is on the other.
    You are in AWS-Risk-Analysts (comes from the company directory). The access is on AWS-Risk-Analysts (created 320 days ago), which you are not in. The two have exactly the same name.
    Next: an identity admin has to act: give the access to AWS-Risk-Analysts as well. Leave AWS-Risk-Analysts as it is: the digest of duplicate groups says which of the two can go, and when.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    Risk-Models is missing because you are in one of two look-alike groups, and the access is on the other. Next: an identity admin has to act: give the access to AWS-Risk-Analysts as well. Leave AWS-Risk-Analysts as it is: the digest of duplicate groups says which of the two can go, and when.

      BLOCKED   Risk-Models is missing because Aisha Bello is in one of two
                look-alike groups, and the access is on the other (duplicate_group)

      aisha@example.com → Risk-Models (444455552222)

      ✓ account           active
      ? IdP person        not connected
      ? IdP membership    not connected
      ? app assignment    not connected
      ? sync              not connected
      ✓ directory person  in Identity Center, enabled
      ✓ directory group   AWS-Risk-Analysts, synced
      ✓ membership        in AWS-Risk-Analysts since 2026-05-08 14:12 UTC (200 days
                          ago)
      ✗ duplicates        in the other of two groups called AWS-Risk-Analysts
      ✓ assignment        ReadOnly for AWS-Risk-Analysts
      ✓ provisioning      latest version
      · portal            not reached

      Aisha Bello is in AWS-Risk-Analysts (comes from the company directory). The
      access is on AWS-Risk-Analysts (created 320 days ago), which Aisha Bello is
      not in. The two have exactly the same name.

      Next   an identity admin: give the access to AWS-Risk-Analysts as well. Leave
             AWS-Risk-Analysts as it is: the digest of duplicate groups says which
             of the two can go, and when.
             https://console.aws.amazon.com/singlesignon/home#/groups
             $ aws sso-admin create-account-assignment \
                 --instance-arn "$(aws sso-admin list-instances \
                 --query 'Instances[0].InstanceArn' \
                 --output text)" \
                 --target-type AWS_ACCOUNT \
                 --target-id 444455552222 \
                 --permission-set-arn arn:aws:sso:::permissionSet/ssoins-55f5d59720096a10/ps-ceab22f97b648d0f \
                 --principal-type GROUP \
                 --principal-id 9067f0aa11-7fbe6216-edc5-42b7-882d-eeb023b03332
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS calls

    blocked / duplicate_group / duplicate_groups / identity_admin
    account=pass idp_user=unknown idp_membership=unknown app_assignment=unknown sync=unknown directory_user=pass directory_group=pass directory_membership=pass duplicate_groups=fail assignment=pass provisioning=pass portal=not_reached
    "#);
}

#[tokio::test]
async fn victors_group_differs_in_a_no_break_space() {
    let world = World::new().await;
    assert_snapshot!(world.told("victor").await, @r#"
    Security-Audit is missing because you are in one of two look-alike groups, and the access is on the other.
    You are in AWS-Security Audit (comes from the company directory). The access is on AWS-Security Audit (created 150 days ago), which you are not in. The second holds the character U+00A0, which only looks like the first's.
    Next: an identity admin has to act: give the access to AWS-Security Audit as well. Leave AWS-Security Audit as it is: the digest of duplicate groups says which of the two can go, and when.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    Security-Audit is missing because you are in one of two look-alike groups, and the access is on the other. Next: an identity admin has to act: give the access to AWS-Security Audit as well. Leave AWS-Security Audit as it is: the digest of duplicate groups says which of the two can go, and when.

      BLOCKED   Security-Audit is missing because Victor Almeida is in one of two
                look-alike groups, and the access is on the other (duplicate_group)

      victor@example.com → Security-Audit (444455553333)

      ✓ account           active
      ? IdP person        not connected
      ? IdP membership    not connected
      ? app assignment    not connected
      ? sync              not connected
      ✓ directory person  in Identity Center, enabled
      ✓ directory group   AWS-Security Audit, synced
      ✓ membership        in AWS-Security Audit since 2026-05-08 14:12 UTC (200 days
                          ago)
      ✗ duplicates        in AWS-Security Audit, which only looks like the assigned
                          one
      ✓ assignment        SecurityAudit for AWS-Security Audit
      ✓ provisioning      latest version
      · portal            not reached

      Victor Almeida is in AWS-Security Audit (comes from the company directory).
      The access is on AWS-Security Audit (created 150 days ago), which Victor
      Almeida is not in. The second holds the character U+00A0, which only looks
      like the first's.

      Next   an identity admin: give the access to AWS-Security Audit as well. Leave
             AWS-Security Audit as it is: the digest of duplicate groups says which
             of the two can go, and when.
             https://console.aws.amazon.com/singlesignon/home#/groups
             $ aws sso-admin create-account-assignment \
                 --instance-arn "$(aws sso-admin list-instances \
                 --query 'Instances[0].InstanceArn' \
                 --output text)" \
                 --target-type AWS_ACCOUNT \
                 --target-id 444455553333 \
                 --permission-set-arn arn:aws:sso:::permissionSet/ssoins-55f5d59720096a10/ps-3d6260b9dbefd088 \
                 --principal-type GROUP \
                 --principal-id 9067f0aa11-c85b5a7c-14ba-4f49-88b3-94f0e961eb63
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS calls

    blocked / duplicate_group / duplicate_groups / identity_admin
    account=pass idp_user=unknown idp_membership=unknown app_assignment=unknown sync=unknown directory_user=pass directory_group=pass directory_membership=pass duplicate_groups=fail assignment=pass provisioning=pass portal=not_reached
    "#);
}

#[tokio::test]
async fn rosas_group_differs_in_a_cyrillic_letter() {
    let world = World::new().await;
    assert_snapshot!(world.told("rosa").await, @r#"
    Forensics is missing because you are in one of two look-alike groups, and the access is on the other.
    You are in AWS-Forensics (comes from the company directory). The access is on АWS-Forensics (created 90 days ago), which you are not in. The second holds the character U+0410, which only looks like the first's.
    Next: an identity admin has to act: give the access to AWS-Forensics as well. Leave АWS-Forensics as it is: the digest of duplicate groups says which of the two can go, and when.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    Forensics is missing because you are in one of two look-alike groups, and the access is on the other. Next: an identity admin has to act: give the access to AWS-Forensics as well. Leave АWS-Forensics as it is: the digest of duplicate groups says which of the two can go, and when.

      BLOCKED   Forensics is missing because Rosa Marchetti is in one of two
                look-alike groups, and the access is on the other (duplicate_group)

      rosa@example.com → Forensics (444455554444)

      ✓ account           active
      ? IdP person        not connected
      ? IdP membership    not connected
      ? app assignment    not connected
      ? sync              not connected
      ✓ directory person  in Identity Center, enabled
      ✓ directory group   AWS-Forensics, synced
      ✓ membership        in AWS-Forensics since 2026-05-08 14:12 UTC (200 days ago)
      ✗ duplicates        in AWS-Forensics, which only looks like the assigned one
      ✓ assignment        SecurityAudit for АWS-Forensics
      ✓ provisioning      latest version
      · portal            not reached

      Rosa Marchetti is in AWS-Forensics (comes from the company directory). The
      access is on АWS-Forensics (created 90 days ago), which Rosa Marchetti is not
      in. The second holds the character U+0410, which only looks like the first's.

      Next   an identity admin: give the access to AWS-Forensics as well. Leave
             АWS-Forensics as it is: the digest of duplicate groups says which of
             the two can go, and when.
             https://console.aws.amazon.com/singlesignon/home#/groups
             $ aws sso-admin create-account-assignment \
                 --instance-arn "$(aws sso-admin list-instances \
                 --query 'Instances[0].InstanceArn' \
                 --output text)" \
                 --target-type AWS_ACCOUNT \
                 --target-id 444455554444 \
                 --permission-set-arn arn:aws:sso:::permissionSet/ssoins-55f5d59720096a10/ps-3d6260b9dbefd088 \
                 --principal-type GROUP \
                 --principal-id 9067f0aa11-260a092d-96d8-4ead-86f8-7615b608509c
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS calls

    blocked / duplicate_group / duplicate_groups / identity_admin
    account=pass idp_user=unknown idp_membership=unknown app_assignment=unknown sync=unknown directory_user=pass directory_group=pass directory_membership=pass duplicate_groups=fail assignment=pass provisioning=pass portal=not_reached
    "#);
}

#[tokio::test]
async fn sofias_group_was_made_anew() {
    let world = World::new().await;
    assert_snapshot!(world.told("sofia").await, @"
    Warehouse-Prod is missing because its access was given to a group that no longer exists.
    An assignment on Warehouse-Prod names a group that is not in Identity Center any more. One deleted and made again under the same name counts as a new one, and the access stays with the old.
    AWS does not say any more which group that was.
    It may be AWS-Warehouse-Operators (created 30 days ago), which came later and which you are in.
    Next: an identity admin has to act: assign the access on Warehouse-Prod to AWS-Warehouse-Operators, if that is the group created again, and remove the assignment that points nowhere. If not, the owner of Warehouse-Prod says which group is meant.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    Warehouse-Prod is missing because its access was given to a group that no longer exists. Next: an identity admin has to act: assign the access on Warehouse-Prod to AWS-Warehouse-Operators, if that is the group created again, and remove the assignment that points nowhere. If not, the owner of Warehouse-Prod says which group is meant.

      BLOCKED   Warehouse-Prod is missing because its access was given to a group
                that no longer exists (dangling_assignment)

      sofia@example.com → Warehouse-Prod (444455556666)

      ✓ account           active
      ? IdP person        not connected
      ? IdP membership    not connected
      ? app assignment    not connected
      ? sync              not connected
      ✓ directory person  in Identity Center, enabled
      ! directory group   the assigned group no longer exists
      ✓ membership        in 2 groups, none of which opens this account
      ✓ duplicates        none
      ✗ assignment        for a group that no longer exists
      ✓ provisioning      latest version
      · portal            not reached

      An assignment on Warehouse-Prod names a group that is not in Identity Center
      any more. One deleted and made again under the same name counts as a new one,
      and the access stays with the old.
      AWS does not say any more which group that was.
      It may be AWS-Warehouse-Operators (created 30 days ago), which came later and
      which Sofia Petrova is in.

      Next   an identity admin: assign the access on Warehouse-Prod to
             AWS-Warehouse-Operators, if that is the group created again, and remove
             the assignment that points nowhere. If not, the owner of Warehouse-Prod
             says which group is meant.
             https://console.aws.amazon.com/singlesignon/organization/home#/organization/accounts
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS calls

    blocked / dangling_assignment / assignment / identity_admin
    account=pass idp_user=unknown idp_membership=unknown app_assignment=unknown sync=unknown directory_user=pass directory_group=warn directory_membership=pass duplicate_groups=pass assignment=fail provisioning=pass portal=not_reached
    ");
}

#[tokio::test]
async fn kofi_asks_for_an_account_that_nothing_opens() {
    let world = World::new().await;
    assert_snapshot!(world.told("kofi").await, @"
    No group that you could be in opens Innovation-Lab.
    I read everything that is assigned on Innovation-Lab: nothing at all is.
    Next: an identity admin has to act: assign a group and a permission set to Innovation-Lab, if you should have it.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    No group that you could be in opens Innovation-Lab. Next: an identity admin has to act: assign a group and a permission set to Innovation-Lab, if you should have it.

      BLOCKED   No group that Kofi Mensah could be in opens Innovation-Lab
                (no_assignment)

      kofi@example.com → Innovation-Lab (555566661111)

      ✓ account           active
      ? IdP person        not connected
      ? IdP membership    not connected
      ? app assignment    not connected
      ? sync              not connected
      ✓ directory person  in Identity Center, enabled
      · directory group   not reached
      ✓ membership        in 2 groups, none of which opens this account
      · duplicates        not reached
      ✗ assignment        nothing that applies
      · provisioning      not reached
      · portal            not reached

      I read everything that is assigned on Innovation-Lab: nothing at all is.

      Next   an identity admin: assign a group and a permission set to
             Innovation-Lab, if Kofi Mensah should have it.
             https://console.aws.amazon.com/singlesignon/organization/home#/organization/accounts
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS calls

    blocked / no_assignment / assignment / identity_admin
    account=pass idp_user=unknown idp_membership=unknown app_assignment=unknown sync=unknown directory_user=pass directory_group=not_reached directory_membership=pass duplicate_groups=not_reached assignment=fail provisioning=not_reached portal=not_reached
    ");
}

#[tokio::test]
async fn hana_has_it_with_less_than_she_asks_for() {
    let world = World::new().await;
    assert_snapshot!(world.told("hana").await, @"
    You have Orders-Prod, but not with Admin: only with ReadOnly.
    That access comes through AWS-Orders-ReadOnly.
    Next: ask who may grant Admin on Orders-Prod.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    You have Orders-Prod, but not with Admin: only with ReadOnly. Next: ask who may grant Admin on Orders-Prod.

      BLOCKED   Hana Kim has Orders-Prod, but not with Admin: only with ReadOnly
                (permission_set_not_assigned)

      hana@example.com → Orders-Prod (555566662222) as Admin

      ✓ account           active
      ? IdP person        not connected
      ? IdP membership    not connected
      ? app assignment    not connected
      ? sync              not connected
      ✓ directory person  in Identity Center, enabled
      ✓ directory group   AWS-Orders-ReadOnly, synced
      ✓ membership        in AWS-Orders-ReadOnly since 2026-05-08 14:12 UTC (200
                          days ago)
      ✓ duplicates        none
      ✗ assignment        ReadOnly only
      · provisioning      not reached
      · portal            not reached

      That access comes through AWS-Orders-ReadOnly.

      Next   the help desk: ask who may grant Admin on Orders-Prod.
             https://console.aws.amazon.com/singlesignon/organization/home#/organization/accounts
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS calls

    blocked / permission_set_not_assigned / assignment / help_desk
    account=pass idp_user=unknown idp_membership=unknown app_assignment=unknown sync=unknown directory_user=pass directory_group=pass directory_membership=pass duplicate_groups=pass assignment=fail provisioning=not_reached portal=not_reached
    ");
}

#[tokio::test]
async fn ravis_access_is_being_made() {
    let world = World::new().await;
    assert_snapshot!(world.told("ravi").await, @"
    Search-Prod is on its way: AWS is still setting up the access.
    The request began 2026-11-24 14:10 UTC (2 minutes ago) and is not finished.
    Next: nothing to do; this usually takes minutes. Check again then.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    Search-Prod is on its way: AWS is still setting up the access. Next: nothing to do; this usually takes minutes. Check again then.

      BLOCKED   Search-Prod is on its way: AWS is still setting up the access
                (assignment_in_progress)

      ravi@example.com → Search-Prod (555566663333)

      ✓ account           active
      ? IdP person        not connected
      ? IdP membership    not connected
      ? app assignment    not connected
      ? sync              not connected
      ✓ directory person  in Identity Center, enabled
      ✓ directory group   AWS-Search-Developers, synced
      ✓ membership        in AWS-Search-Developers since 2026-05-08 14:12 UTC (200
                          days ago)
      ✓ duplicates        none
      ✗ assignment        AWS is still making the assignment
      · provisioning      not reached
      · portal            not reached

      The request began 2026-11-24 14:10 UTC (2 minutes ago) and is not finished.

      Next   nobody needs to act: nothing to do; this usually takes minutes. Check
             again then.
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS calls

    blocked / assignment_in_progress / assignment / nobody
    account=pass idp_user=unknown idp_membership=unknown app_assignment=unknown sync=unknown directory_user=pass directory_group=pass directory_membership=pass duplicate_groups=pass assignment=fail provisioning=not_reached portal=not_reached
    ");
}

#[tokio::test]
async fn chloes_access_could_not_be_made() {
    let world = World::new().await;
    assert_snapshot!(world.told("chloe").await, @"
    Checkout-Prod is missing because AWS tried to set up the access and could not.
    The request of 2026-11-24 11:12 UTC, 3 hours ago, failed. The help desk can read why.
    Next: an identity admin has to act: mend what AWS complains about and make the assignment on Checkout-Prod again.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    Checkout-Prod is missing because AWS tried to set up the access and could not. Next: an identity admin has to act: mend what AWS complains about and make the assignment on Checkout-Prod again.

      BLOCKED   Checkout-Prod is missing because AWS tried to set up the access and
                could not (assignment_failed)

      chloe@example.com → Checkout-Prod (555566664444)

      ✓ account           active
      ? IdP person        not connected
      ? IdP membership    not connected
      ? app assignment    not connected
      ? sync              not connected
      ✓ directory person  in Identity Center, enabled
      ✓ directory group   AWS-Checkout-Developers, synced
      ✓ membership        in AWS-Checkout-Developers since 2026-05-08 14:12 UTC (200
                          days ago)
      ✓ duplicates        none
      ✗ assignment        AWS could not make the assignment
      · provisioning      not reached
      · portal            not reached

      The request of 2026-11-24 11:12 UTC, 3 hours ago, failed. AWS says: The role
      AWSReservedSSO_PowerUser could not be created in account 555566664444: the
      account's quota of roles is used up.

      Next   an identity admin: mend what AWS complains about and make the
             assignment on Checkout-Prod again.
             https://console.aws.amazon.com/singlesignon/organization/home#/organization/accounts
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS calls

    blocked / assignment_failed / assignment / identity_admin
    account=pass idp_user=unknown idp_membership=unknown app_assignment=unknown sync=unknown directory_user=pass directory_group=pass directory_membership=pass duplicate_groups=pass assignment=fail provisioning=not_reached portal=not_reached
    ");
}

#[tokio::test]
async fn emils_access_is_not_on_the_account() {
    let world = World::new().await;
    assert_snapshot!(world.told("emil").await, @r#"
    Media-Archive is missing because the access was given but has not been put on the account.
    The assignment of ReadOnly is there, but Media-Archive does not have that permission set.
    Next: an identity admin has to act: provision the permission set to Media-Archive once more.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    Media-Archive is missing because the access was given but has not been put on the account. Next: an identity admin has to act: provision the permission set to Media-Archive once more.

      BLOCKED   Media-Archive is missing because the access was given but has not
                been put on the account (permission_set_not_provisioned)

      emil@example.com → Media-Archive (666677771111)

      ✓ account           active
      ? IdP person        not connected
      ? IdP membership    not connected
      ? app assignment    not connected
      ? sync              not connected
      ✓ directory person  in Identity Center, enabled
      ✓ directory group   AWS-Media-Archivists, synced
      ✓ membership        in AWS-Media-Archivists since 2026-05-08 14:12 UTC (200
                          days ago)
      ✓ duplicates        none
      ✓ assignment        ReadOnly for AWS-Media-Archivists
      ✗ provisioning      assigned, but not on the account
      · portal            not reached

      The assignment of ReadOnly is there, but Media-Archive does not have that
      permission set.

      Next   an identity admin: provision the permission set to Media-Archive once
             more.
             https://console.aws.amazon.com/singlesignon/organization/home#/organization/accounts
             $ aws sso-admin provision-permission-set \
                 --instance-arn "$(aws sso-admin list-instances \
                 --query 'Instances[0].InstanceArn' \
                 --output text)" \
                 --target-type AWS_ACCOUNT \
                 --target-id 666677771111 \
                 --permission-set-arn arn:aws:sso:::permissionSet/ssoins-55f5d59720096a10/ps-ceab22f97b648d0f
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS calls

    blocked / permission_set_not_provisioned / provisioning / identity_admin
    account=pass idp_user=unknown idp_membership=unknown app_assignment=unknown sync=unknown directory_user=pass directory_group=pass directory_membership=pass duplicate_groups=pass assignment=pass provisioning=fail portal=not_reached
    "#);
}

#[tokio::test]
async fn nadias_permission_set_is_an_older_version() {
    let world = World::new().await;
    assert_snapshot!(world.told("nadia").await, @r#"
    You have access to Media-Prod: PowerUser, through AWS-Media-Producers.
    PowerUser was changed, and Media-Prod still has the version before. That hides nothing; some actions may be missing or left over.
    Next: an identity admin has to act: update the permission set on Media-Prod. If the portal does not show the account, sign out of the access portal, wait about 3 minutes and sign in again.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Check again] [It's still missing] [Show all steps]

    You have access to Media-Prod: PowerUser, through AWS-Media-Producers. Next: an identity admin has to act: update the permission set on Media-Prod. If the portal does not show the account, sign out of the access portal, wait about 3 minutes and sign in again.

      ACCESS   Nadia Haddad has access to Media-Prod: PowerUser, through
               AWS-Media-Producers (permission_set_outdated)

      nadia@example.com → Media-Prod (666677772222)

      ✓ account           active
      ? IdP person        not connected
      ? IdP membership    not connected
      ? app assignment    not connected
      ? sync              not connected
      ✓ directory person  in Identity Center, enabled
      ✓ directory group   AWS-Media-Producers, synced
      ✓ membership        in AWS-Media-Producers since 2026-05-08 14:12 UTC (200
                          days ago)
      ✓ duplicates        none that would matter
      ✓ assignment        PowerUser for AWS-Media-Producers
      ! provisioning      there, in an older version
      ? portal            cannot be seen from outside

      PowerUser was changed, and Media-Prod still has the version before. That hides
      nothing; some actions may be missing or left over.

      Next   an identity admin: update the permission set on Media-Prod. If the
             portal does not show the account, sign out of the access portal, wait
             about 3 minutes and sign in again.
             $ aws sso-admin provision-permission-set \
                 --instance-arn "$(aws sso-admin list-instances \
                 --query 'Instances[0].InstanceArn' \
                 --output text)" \
                 --target-type AWS_ACCOUNT \
                 --target-id 666677772222 \
                 --permission-set-arn arn:aws:sso:::permissionSet/ssoins-55f5d59720096a10/ps-4f730493d70ed392
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS calls

    access / permission_set_outdated / provisioning / identity_admin
    account=pass idp_user=unknown idp_membership=unknown app_assignment=unknown sync=unknown directory_user=pass directory_group=pass directory_membership=pass duplicate_groups=pass assignment=pass provisioning=warn portal=unknown
    "#);
}

#[tokio::test]
async fn tomas_has_it_since_four_minutes() {
    let world = World::new().await;
    assert_snapshot!(world.told("tomas").await, @"
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
      ? IdP person        not connected
      ? IdP membership    not connected
      ? app assignment    not connected
      ? sync              not connected
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
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS calls

    access / portal_stale / portal / you
    account=pass idp_user=unknown idp_membership=unknown app_assignment=unknown sync=unknown directory_user=pass directory_group=pass directory_membership=pass duplicate_groups=pass assignment=pass provisioning=pass portal=warn
    ");
}

#[tokio::test]
async fn zoes_account_has_an_emoji_in_its_name() {
    let world = World::new().await;
    assert_snapshot!(world.told("zoe").await, @"
    You have access to Rocket 🚀 Lab: Admin, given directly.
    Everything that AWS needs is in place.
    Next: if the portal does not show it yet, sign out of the access portal, wait about 3 minutes and sign in again.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Check again] [It's still missing] [Show all steps]

    You have access to Rocket 🚀 Lab: Admin, given directly. Next: if the portal does not show it yet, sign out of the access portal, wait about 3 minutes and sign in again.

      ACCESS   Zoe Clarke has access to Rocket 🚀 Lab: Admin, given directly
               (portal_stale)

      zoe@example.com → Rocket 🚀 Lab (666677775555)

      ✓ account           active
      ? IdP person        not connected
      ? IdP membership    not connected
      ? app assignment    not connected
      ? sync              not connected
      ✓ directory person  in Identity Center, enabled
      ✓ directory group   none needed: given directly
      ✓ membership        none needed: given directly
      ✓ duplicates        none that would matter
      ✓ assignment        Admin
      ✓ provisioning      latest version
      ! portal            all is in place; may need a new sign-in

      Everything that AWS needs is in place.

      Next   you: if the portal does not show it yet, sign out of the access portal,
             wait about 3 minutes and sign in again.
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS calls

    access / portal_stale / portal / you
    account=pass idp_user=unknown idp_membership=unknown app_assignment=unknown sync=unknown directory_user=pass directory_group=pass directory_membership=pass duplicate_groups=pass assignment=pass provisioning=pass portal=warn
    ");
}

#[tokio::test]
async fn quinns_groups_have_hostile_names() {
    let world = World::new().await;
    assert_snapshot!(world.told("quinn").await, @"
    As AWS sees it, you are in no group that opens Quality-Lab.
    <@U0DANA> ~struck~ <https://example.com|click> > quote &amp; ```block``` opens it, and AWS does not have you in it.
    I cannot see your company directory, so I cannot tell whether you were never added there, or were and the change has not arrived.
    Next: an identity admin has to act: look in the company directory whether you are in the group <@U0DANA> ~struck~ <https://example.com|click> > quote &amp; ```block```: if so, force a sync; if not, its owner can add you.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    As AWS sees it, you are in no group that opens Quality-Lab. Next: an identity admin has to act: look in the company directory whether you are in the group &lt;@U0DANA&gt; ~struck~ &lt;https://example.com|click&gt; &gt; quote &amp;amp; ```block```: if so, force a sync; if not, its owner can add you.

      BLOCKED   As AWS sees it, Quinn O'Neill is in no group that opens Quality-Lab
                (membership_not_synced)

      quinn@example.com → Quality-Lab (777788881111)

      ✓ account           active
      ? IdP person        not connected
      ? IdP membership    not connected
      ? app assignment    not connected
      ? sync              not connected
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

      <@U0DANA> ~struck~ <https://example.com|click> > quote &amp; ```block``` opens
      it, and AWS does not have Quinn O'Neill in it.
      I cannot see your company directory, so I cannot tell whether Quinn O'Neill
      was never added there, or was and the change has not arrived.

      Next   an identity admin: look in the company directory whether Quinn O'Neill
             is in the group <@U0DANA> ~struck~ <https://example.com|click> > quote
             &amp; ```block```: if so, force a sync; if not, its owner can add Quinn
             O'Neill.
             https://console.aws.amazon.com/singlesignon/home#/groups
      IdP    none is connected; an admin looks there by hand:
             - Entra ID: Users, the person, Account status is Enabled.
             - Okta: Directory, People, the person is Active.
             - Entra ID: the person's Groups has the group itself, not one inside
               it.
             - Okta: the person's Groups has the group.
             - Entra ID: Enterprise applications, AWS IAM Identity Center, Users and
               groups has the group.
             - Okta: the AWS application has the person under Assignments and the
               group under Push Groups.
             - Entra ID: the application's Provisioning shows the last cycle, no
               quarantine, and under Provisioning logs no error.
             - Okta: Push Groups shows the group as Active, without an error.
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS calls

    blocked / membership_not_synced / directory_membership / identity_admin
    account=pass idp_user=unknown idp_membership=unknown app_assignment=unknown sync=unknown directory_user=pass directory_group=pass directory_membership=fail duplicate_groups=pass assignment=pass provisioning=pass portal=not_reached
    ");
}
