//! What each kind of duplicate is called, whom it hurts and what is to be done, in the terminal and as JSON.

use insta::assert_snapshot;

use super::{
    about, as_json, company, digest_of, in_the_terminal, make_again, manual_group, of_kind, tidy_up,
    twin_at_the_idp,
};
use crate::harness::World;

#[tokio::test]
async fn the_terminal_tells_each_kind() {
    let world = company().await;
    world.pass_until("2026-11-25T09:00:00Z");
    digest_of(&world, "2026-11-25").await;
    make_again(&world, "AWS-Payments-ReadOnly", &["dana"]);
    twin_at_the_idp(&world, "AWS-Tools-Users");
    manual_group(&world, "AWS Design Guild");
    let told = in_the_terminal(&world).await;
    assert_snapshot!(told.split("\n\n").take(2).collect::<Vec<_>>().join("\n\n"), @"

    Duplicates among 47 groups: 6 hurt people now, 2 will hurt, 1 is untidy.

     How bad           State  Groups                         Members  Opens  Hurt
     hurts people now  new    AWS-Payments-ReadOnly          1        0      1
                              AWS-Payments-ReadOnly          0        1
     hurts people now  known  AWS-Analytics-Readers          0        1      1
                              AWS-Analytics-Readers          1        0
     hurts people now  known  AWS-Forensics                  1        0      1
                              АWS-Forensics                  0        1
     hurts people now  known  AWS-Payments-Admin             1        0      1
                              aws-payments-admin             0        1
     hurts people now  known  AWS-Risk-Analysts              1        0      1
                              AWS-Risk-Analysts              0        1
     hurts people now  known  AWS-Security Audit             1        0      1
                              AWS-Security Audit             0        1
     will hurt         new    AWS-Tools-Users                0        0      0
                              AWS-Tools-Users                0        0
                              AWS-Tools-Users                0        1
     will hurt         known  9067f0aa11-f69ca70f-9701-46b9  0        1      0+
                              -8ead-3e155dc0b256
     untidy            new    AWS Design Guild               0        0      0
                              AWS-Design-Guild               2        0
    ");
    assert_snapshot!(about(&told, "AWS-Payments-ReadOnly was deleted and made again"), @r"
    hurts people now   AWS-Payments-ReadOnly was deleted and made again, and
                       access is still assigned to the deleted one
           - AWS-Payments-ReadOnly: comes from Entra ID, in AWS since 2026-11-25
             09:00 UTC; 1 member; opens nothing
           - AWS-Payments-ReadOnly: deleted; opens ReadOnly on Payments-Prod
    Hurt   1 person misses access by it: Dana Reyes
    Next   1. Assign ReadOnly on Payments-Prod to AWS-Payments-ReadOnly; 1 person
           gains it by that: Dana Reyes
           $ aws sso-admin create-account-assignment \
               --instance-arn arn:aws:sso:::instance/ssoins-55f5d59720096a10 \
               --target-type AWS_ACCOUNT \
               --target-id 111122223333 \
               --permission-set-arn arn:aws:sso:::permissionSet/ssoins-55f5d59720096a10/ps-ceab22f97b648d0f \
               --principal-type GROUP \
               --principal-id 9067f0aa11-c90741ce-d362-40a2-8884-263eaf30a127
           https://console.aws.amazon.com/singlesignon/organization/home#/organization/accounts
           2. Take ReadOnly on Payments-Prod from the deleted group
           $ aws sso-admin delete-account-assignment \
               --instance-arn arn:aws:sso:::instance/ssoins-55f5d59720096a10 \
               --target-type AWS_ACCOUNT \
               --target-id 111122223333 \
               --permission-set-arn arn:aws:sso:::permissionSet/ssoins-55f5d59720096a10/ps-ceab22f97b648d0f \
               --principal-type GROUP \
               --principal-id 9067f0aa11-359862a6-f0d2-4e83-872b-83476b304388
           https://console.aws.amazon.com/singlesignon/organization/home#/organization/accounts
    ");
    assert_snapshot!(about(&told, "2 groups of Entra ID are called AWS-Tools-Users"), @"
    will hurt   2 groups of Entra ID are called AWS-Tools-Users and headed for
                AWS, where only one can have the name
           - AWS-Tools-Users (a1d6c1eb-5e01-4cd9-8d42-b1167593407a): in Entra ID;
             0 members
           - AWS-Tools-Users (ffffffff-0000-4000-8000-000000000001): in Entra ID;
             0 members
           - AWS-Tools-Users: comes from Entra ID, in AWS since 2026-05-08 14:12
             UTC; 0 members; opens PowerUser on Tools-Prod
    Hurt   Nobody misses access by it today; whoever joins the one that does not
           arrive will
    Next   1. In Entra ID, rename AWS-Tools-Users (the one with the id
           ffffffff-0000-4000-8000-000000000001; the other is the one in AWS), and
           when it has arrived under its new name, assign to it what its people
           need
    ");
    assert_snapshot!(about(&told, "AWS Design Guild and AWS-Design-Guild look alike"), @r#"
    untidy   AWS Design Guild and AWS-Design-Guild look alike (they differ in
             spaces, dashes or underscores)
           - AWS Design Guild: in AWS since 2026-11-25 09:00 UTC, created by
             arn:aws:sts::999988887777:assumed-role/AWSReservedSSO_Admin/
             bo@example.com; 0 members; opens nothing
           - AWS-Design-Guild: comes from Entra ID, in AWS since 2026-05-08 14:12
             UTC; 2 members; opens nothing
    Hurt   Nobody misses access by it, and nobody will
    Next   1. Check who is in AWS Design Guild (not marked as from Entra ID) and
           not in AWS-Design-Guild (from Entra ID): nobody at present
           $ goes=$(aws identitystore list-group-memberships \
               --identity-store-id d-9067f0aa11 \
               --group-id 9067f0aa11-177d8db4-8584-4284-8e25-046953f8d932 \
               --query 'GroupMemberships[].[MemberId.UserId]' \
               --output text) && stays=$(aws identitystore list-group-memberships \
               --identity-store-id d-9067f0aa11 \
               --group-id 9067f0aa11-3bce7c7d-002d-4649-8fe1-86dd6cfd026f \
               --query 'GroupMemberships[].[MemberId.UserId]' \
               --output text) && { comm -23 <(sort <<<"$goes") <(sort <<<"$stays") | grep . || echo nobody; }
           https://console.aws.amazon.com/singlesignon/home#/groups
           2. See that no application is assigned to AWS Design Guild (not marked
           as from Entra ID): I have looked at accounts alone
           $ aws sso-admin list-application-assignments-for-principal \
               --instance-arn arn:aws:sso:::instance/ssoins-55f5d59720096a10 \
               --principal-type GROUP \
               --principal-id 9067f0aa11-177d8db4-8584-4284-8e25-046953f8d932 \
               --query 'ApplicationAssignments[].[ApplicationArn]' \
               --output text
           https://console.aws.amazon.com/singlesignon/home#/groups
           3. Find out where AWS Design Guild (id
           9067f0aa11-177d8db4-8584-4284-8e25-046953f8d932) is kept. If Entra ID
           pushes it, take it off the application for AWS there; if nothing does,
           delete it in Identity Center
    "#);
    assert_snapshot!(about(&told, "AWS-Analytics-Readers from Entra ID cannot arrive"), @r#"
    hurts people now   AWS-Analytics-Readers from Entra ID cannot arrive: a group
                       made in AWS has its name
           - AWS-Analytics-Readers: created manually in AWS on 2026-03-09 14:12
             UTC by arn:aws:sts::999988887777:assumed-role/AWSReservedSSO_Admin/
             bo@example.com; 0 members; opens ReadOnly on Analytics-Prod
           - AWS-Analytics-Readers: in Entra ID; 1 member
    Hurt   1 person misses access by it: lena@example.com
    Log    The log of Entra ID says that AWS refused the group, since its name is
           taken, last on 2026-11-24 05:12 UTC (EntryConflict)
    Known  told since 2026-11-25 09:00 UTC
    Next   1. Rename the group made in AWS to AWS-Analytics-Readers (old); it
           keeps its members and its access, and its name is free
           $ aws identitystore update-group \
               --identity-store-id d-9067f0aa11 \
               --group-id 9067f0aa11-a86872b5-a95c-4eaa-8557-789b4f8bd6da \
               --operations '[{"AttributePath":"displayName","AttributeValue":"AWS-Analytics-Readers (old)"}]'
           https://console.aws.amazon.com/singlesignon/home#/groups
           2. Let Entra ID send AWS-Analytics-Readers again, and wait until it is
           in AWS
           3. When it has arrived, assign ReadOnly on Analytics-Prod to the new
           AWS-Analytics-Readers; 1 person gains it by that: lena@example.com
           $ aws sso-admin create-account-assignment \
               --instance-arn arn:aws:sso:::instance/ssoins-55f5d59720096a10 \
               --target-type AWS_ACCOUNT \
               --target-id 333344445555 \
               --permission-set-arn arn:aws:sso:::permissionSet/ssoins-55f5d59720096a10/ps-ceab22f97b648d0f \
               --principal-type GROUP \
               --principal-id NEW_GROUP_ID
           https://console.aws.amazon.com/singlesignon/organization/home#/organization/accounts
           4. Check what AWS-Analytics-Readers (old) opens and the new
           AWS-Analytics-Readers does not: nothing may be left
           $ goes=$(aws sso-admin list-account-assignments-for-principal \
               --instance-arn arn:aws:sso:::instance/ssoins-55f5d59720096a10 \
               --principal-type GROUP \
               --principal-id 9067f0aa11-a86872b5-a95c-4eaa-8557-789b4f8bd6da \
               --query 'AccountAssignments[].[AccountId,PermissionSetArn]' \
               --output text) && stays=$(aws sso-admin list-account-assignments-for-principal \
               --instance-arn arn:aws:sso:::instance/ssoins-55f5d59720096a10 \
               --principal-type GROUP \
               --principal-id NEW_GROUP_ID \
               --query 'AccountAssignments[].[AccountId,PermissionSetArn]' \
               --output text) && { comm -23 <(sort <<<"$goes") <(sort <<<"$stays") | grep . || echo nothing; }
           https://console.aws.amazon.com/singlesignon/organization/home#/organization/accounts
           5. Check who is in AWS-Analytics-Readers (old) and not in the new
           AWS-Analytics-Readers: nobody at present
           $ goes=$(aws identitystore list-group-memberships \
               --identity-store-id d-9067f0aa11 \
               --group-id 9067f0aa11-a86872b5-a95c-4eaa-8557-789b4f8bd6da \
               --query 'GroupMemberships[].[MemberId.UserId]' \
               --output text) && stays=$(aws identitystore list-group-memberships \
               --identity-store-id d-9067f0aa11 \
               --group-id NEW_GROUP_ID \
               --query 'GroupMemberships[].[MemberId.UserId]' \
               --output text) && { comm -23 <(sort <<<"$goes") <(sort <<<"$stays") | grep . || echo nobody; }
           https://console.aws.amazon.com/singlesignon/home#/groups
           6. See that no application is assigned to AWS-Analytics-Readers (old):
           I have looked at accounts alone
           $ aws sso-admin list-application-assignments-for-principal \
               --instance-arn arn:aws:sso:::instance/ssoins-55f5d59720096a10 \
               --principal-type GROUP \
               --principal-id 9067f0aa11-a86872b5-a95c-4eaa-8557-789b4f8bd6da \
               --query 'ApplicationAssignments[].[ApplicationArn]' \
               --output text
           https://console.aws.amazon.com/singlesignon/home#/groups
           7. Take ReadOnly on Analytics-Prod from AWS-Analytics-Readers (old)
           $ aws sso-admin delete-account-assignment \
               --instance-arn arn:aws:sso:::instance/ssoins-55f5d59720096a10 \
               --target-type AWS_ACCOUNT \
               --target-id 333344445555 \
               --permission-set-arn arn:aws:sso:::permissionSet/ssoins-55f5d59720096a10/ps-ceab22f97b648d0f \
               --principal-type GROUP \
               --principal-id 9067f0aa11-a86872b5-a95c-4eaa-8557-789b4f8bd6da
           https://console.aws.amazon.com/singlesignon/organization/home#/organization/accounts
           8. Delete AWS-Analytics-Readers (old) (id
           9067f0aa11-a86872b5-a95c-4eaa-8557-789b4f8bd6da)
           $ aws identitystore delete-group \
               --identity-store-id d-9067f0aa11 \
               --group-id 9067f0aa11-a86872b5-a95c-4eaa-8557-789b4f8bd6da
           https://console.aws.amazon.com/singlesignon/home#/groups
    "#);
    assert_snapshot!(about(&told, "2 groups are called AWS-Risk-Analysts"), @r#"
    hurts people now   2 groups are called AWS-Risk-Analysts
           - AWS-Risk-Analysts: comes from Entra ID, in AWS since 2026-05-08 14:12
             UTC; 1 member; opens nothing
           - AWS-Risk-Analysts: in AWS since 2026-01-08 14:12 UTC, created by
             arn:aws:sts::999988887777:assumed-role/AWSReservedSSO_Admin/
             bo@example.com; 0 members; opens ReadOnly on Risk-Models
    Hurt   1 person is in one of them without what another opens: Aisha Bello
    Known  told since 2026-11-25 09:00 UTC
    Next   1. Assign ReadOnly on Risk-Models to AWS-Risk-Analysts (from Entra ID);
           1 person gains it by that: Aisha Bello
           $ aws sso-admin create-account-assignment \
               --instance-arn arn:aws:sso:::instance/ssoins-55f5d59720096a10 \
               --target-type AWS_ACCOUNT \
               --target-id 444455552222 \
               --permission-set-arn arn:aws:sso:::permissionSet/ssoins-55f5d59720096a10/ps-ceab22f97b648d0f \
               --principal-type GROUP \
               --principal-id 9067f0aa11-7fbe6216-edc5-42b7-882d-eeb023b03332
           https://console.aws.amazon.com/singlesignon/organization/home#/organization/accounts
           2. Check what AWS-Risk-Analysts (not marked as from Entra ID) opens and
           AWS-Risk-Analysts (from Entra ID) does not: nothing may be left
           $ goes=$(aws sso-admin list-account-assignments-for-principal \
               --instance-arn arn:aws:sso:::instance/ssoins-55f5d59720096a10 \
               --principal-type GROUP \
               --principal-id 9067f0aa11-9f0b8f68-d78e-40d2-89ce-a3c0126e1ccc \
               --query 'AccountAssignments[].[AccountId,PermissionSetArn]' \
               --output text) && stays=$(aws sso-admin list-account-assignments-for-principal \
               --instance-arn arn:aws:sso:::instance/ssoins-55f5d59720096a10 \
               --principal-type GROUP \
               --principal-id 9067f0aa11-7fbe6216-edc5-42b7-882d-eeb023b03332 \
               --query 'AccountAssignments[].[AccountId,PermissionSetArn]' \
               --output text) && { comm -23 <(sort <<<"$goes") <(sort <<<"$stays") | grep . || echo nothing; }
           https://console.aws.amazon.com/singlesignon/organization/home#/organization/accounts
           3. Check who is in AWS-Risk-Analysts (not marked as from Entra ID) and
           not in AWS-Risk-Analysts (from Entra ID): nobody at present
           $ goes=$(aws identitystore list-group-memberships \
               --identity-store-id d-9067f0aa11 \
               --group-id 9067f0aa11-9f0b8f68-d78e-40d2-89ce-a3c0126e1ccc \
               --query 'GroupMemberships[].[MemberId.UserId]' \
               --output text) && stays=$(aws identitystore list-group-memberships \
               --identity-store-id d-9067f0aa11 \
               --group-id 9067f0aa11-7fbe6216-edc5-42b7-882d-eeb023b03332 \
               --query 'GroupMemberships[].[MemberId.UserId]' \
               --output text) && { comm -23 <(sort <<<"$goes") <(sort <<<"$stays") | grep . || echo nobody; }
           https://console.aws.amazon.com/singlesignon/home#/groups
           4. See that no application is assigned to AWS-Risk-Analysts (not marked
           as from Entra ID): I have looked at accounts alone
           $ aws sso-admin list-application-assignments-for-principal \
               --instance-arn arn:aws:sso:::instance/ssoins-55f5d59720096a10 \
               --principal-type GROUP \
               --principal-id 9067f0aa11-9f0b8f68-d78e-40d2-89ce-a3c0126e1ccc \
               --query 'ApplicationAssignments[].[ApplicationArn]' \
               --output text
           https://console.aws.amazon.com/singlesignon/home#/groups
           5. Take ReadOnly on Risk-Models from AWS-Risk-Analysts (not marked as
           from Entra ID)
           $ aws sso-admin delete-account-assignment \
               --instance-arn arn:aws:sso:::instance/ssoins-55f5d59720096a10 \
               --target-type AWS_ACCOUNT \
               --target-id 444455552222 \
               --permission-set-arn arn:aws:sso:::permissionSet/ssoins-55f5d59720096a10/ps-ceab22f97b648d0f \
               --principal-type GROUP \
               --principal-id 9067f0aa11-9f0b8f68-d78e-40d2-89ce-a3c0126e1ccc
           https://console.aws.amazon.com/singlesignon/organization/home#/organization/accounts
           6. Find out where AWS-Risk-Analysts (id
           9067f0aa11-9f0b8f68-d78e-40d2-89ce-a3c0126e1ccc) is kept. If Entra ID
           pushes it, take it off the application for AWS there; if nothing does,
           delete it in Identity Center
    "#);
}

#[tokio::test]
async fn json_tells_each_kind_as_the_contract_has_it() {
    let world = company().await;
    world.pass_until("2026-11-25T09:00:00Z");
    digest_of(&world, "2026-11-25").await;
    make_again(&world, "AWS-Payments-ReadOnly", &["dana"]);
    twin_at_the_idp(&world, "AWS-Tools-Users");
    let digest = as_json(&world).await;
    let mut head = digest.clone();
    head["findings"] = digest["findings"].as_array().expect("findings").len().into();
    assert_snapshot!(format!("{head:#}"), @r#"
    {
      "checked_at": "2026-11-25T09:00:00Z",
      "complete": true,
      "findings": 8,
      "gaps": [],
      "groups_checked": 46,
      "version": 1
    }
    "#);
    assert_snapshot!(format!("{:#}", of_kind(&digest, "recreated")), @r#"
    {
      "groups": [
        {
          "assignments": 0,
          "created_at": "2026-11-25T09:00:00Z",
          "created_by": "https://scim.aws.com/9067f0aa11/5f6d1c8e-7b2a-4c39-8d40-2e91b7a6c053",
          "id": "9067f0aa11-c90741ce-d362-40a2-8884-263eaf30a127",
          "members": 1,
          "name": "AWS-Payments-ReadOnly",
          "opens": [],
          "origin": "synced",
          "place": "aws"
        },
        {
          "assignments": 1,
          "created_at": null,
          "created_by": null,
          "id": "9067f0aa11-359862a6-f0d2-4e83-872b-83476b304388",
          "members": 0,
          "name": "AWS-Payments-ReadOnly",
          "opens": [
            {
              "account": {
                "id": "111122223333",
                "name": "Payments-Prod"
              },
              "permission_set": "ReadOnly",
              "permission_set_arn": "arn:aws:sso:::permissionSet/ssoins-55f5d59720096a10/ps-ceab22f97b648d0f"
            }
          ],
          "origin": "unknown",
          "place": "deleted"
        }
      ],
      "headline": "AWS-Payments-ReadOnly was deleted and made again, and access is still assigned to the deleted one",
      "hurt": "1 person misses access by it: Dana Reyes",
      "id": "recreated-93cda1c7f4",
      "kind": "recreated",
      "people": [
        "Dana Reyes"
      ],
      "people_hurt": 1,
      "people_hurt_is_complete": true,
      "remedy": [
        {
          "command": "aws sso-admin create-account-assignment --instance-arn arn:aws:sso:::instance/ssoins-55f5d59720096a10 --target-type AWS_ACCOUNT --target-id 111122223333 --permission-set-arn arn:aws:sso:::permissionSet/ssoins-55f5d59720096a10/ps-ceab22f97b648d0f --principal-type GROUP --principal-id 9067f0aa11-c90741ce-d362-40a2-8884-263eaf30a127",
          "summary": "Assign ReadOnly on Payments-Prod to AWS-Payments-ReadOnly; 1 person gains it by that: Dana Reyes",
          "url": "https://console.aws.amazon.com/singlesignon/organization/home#/organization/accounts"
        },
        {
          "command": "aws sso-admin delete-account-assignment --instance-arn arn:aws:sso:::instance/ssoins-55f5d59720096a10 --target-type AWS_ACCOUNT --target-id 111122223333 --permission-set-arn arn:aws:sso:::permissionSet/ssoins-55f5d59720096a10/ps-ceab22f97b648d0f --principal-type GROUP --principal-id 9067f0aa11-359862a6-f0d2-4e83-872b-83476b304388",
          "summary": "Take ReadOnly on Payments-Prod from the deleted group",
          "url": "https://console.aws.amazon.com/singlesignon/organization/home#/organization/accounts"
        }
      ],
      "severity": "hurting",
      "state": "new"
    }
    "#);
    for kind in ["near_name", "same_name", "manual_blocks_synced", "idp_same_name"] {
        let finding = of_kind(&digest, kind);
        assert!(finding["groups"].as_array().is_some_and(|groups| groups.len() > 1), "{finding:#}");
    }
}

#[tokio::test]
async fn at_okta_what_is_pushed_counts_as_what_is_assigned_at_entra() {
    let world = World::of("okta").await;
    let digest = as_json(&world).await;
    assert_eq!(digest["complete"], true, "{:#}", digest["gaps"]);
    let blocked = of_kind(&digest, "manual_blocks_synced");
    assert_eq!(
        blocked["headline"],
        "AWS-Analytics-Readers from Okta cannot arrive: a group made in AWS has its name"
    );
    assert_eq!(blocked["people"], serde_json::json!(["lena@example.com"]));
    // AWS rejects what Okta pushes of this one for another reason: the group in AWS is the very one.
    assert!(!digest["findings"].to_string().contains("AWS-Genome-Researchers"), "{:#}", digest["findings"]);
}

#[tokio::test]
async fn groups_without_an_external_id_are_no_finding() {
    for company in ["company", "okta"] {
        let world = World::of(company).await;
        tidy_up(&world);
        let before = as_json(&world).await;
        world.sandbox.company().groups.iter_mut().for_each(|group| group.external_id = None);
        let after = as_json(&world).await;
        assert_eq!(before["findings"], after["findings"], "{company}");
        assert!(!after["findings"].to_string().contains("manual_blocks_synced"), "{company}");
    }
}
