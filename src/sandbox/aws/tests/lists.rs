//! Lists: complete in pages, and their limits.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Aws, code};

#[tokio::test]
async fn every_list_gives_all_entries_once_in_small_pages() {
    let aws = Aws::start().await;
    let (nadia, everyone, shared_services, support_user, counts) = {
        let company = aws.sandbox.company();
        (
            company.user_id("nadia").unwrap().to_owned(),
            company.group_id("AWS-Everyone").unwrap().to_owned(),
            company.account_id("Shared-Services").unwrap().to_owned(),
            company.permission_set_arn("SupportUser").unwrap().to_owned(),
            (company.users.len(), company.groups.len(), company.permission_sets.len()),
        )
    };
    let cases = [
        ("AWSIdentityStore.ListUsers", json!({}), "Users", counts.0),
        ("AWSIdentityStore.ListGroups", json!({}), "Groups", counts.1),
        (
            "AWSIdentityStore.ListGroupMembershipsForMember",
            json!({"MemberId": {"UserId": nadia}}),
            "GroupMemberships",
            7,
        ),
        ("SWBExternalService.ListPermissionSets", json!({}), "PermissionSets", counts.2),
        (
            "SWBExternalService.ListPermissionSetsProvisionedToAccount",
            json!({"AccountId": shared_services}),
            "PermissionSets",
            7,
        ),
        (
            "SWBExternalService.ListAccountAssignments",
            json!({"AccountId": shared_services, "PermissionSetArn": support_user}),
            "AccountAssignments",
            6,
        ),
    ];
    for (target, input, member, total) in cases {
        let (entries, sizes) = aws.list(target, input.clone(), member).await;
        let distinct: BTreeSet<_> = entries.iter().map(Value::to_string).collect();
        assert_eq!((entries.len(), distinct.len()), (total, total), "{target}");
        assert!(sizes.len() > 1 && sizes.iter().all(|size| *size <= 5), "{target}: {sizes:?}");
        let mut two_at_a_time = input;
        two_at_a_time["MaxResults"] = json!(2);
        let (again, sizes) = aws.list(target, two_at_a_time, member).await;
        assert_eq!(again, entries, "{target}");
        assert_eq!(sizes[0], 2, "{target}");
    }
    let (members, _) = aws
        .list("AWSIdentityStore.ListGroupMemberships", json!({"GroupId": everyone}), "GroupMemberships")
        .await;
    assert!(members.len() > 15);
}

#[tokio::test]
async fn list_accounts_has_an_empty_page_in_the_middle() {
    let aws = Aws::start().await;
    let (accounts, sizes) = aws.list("AWSOrganizationsV20161128.ListAccounts", json!({}), "Accounts").await;
    assert_eq!(sizes, [20, 0, 20]);
    assert_eq!(accounts.len(), 40);
    let suspended = accounts.iter().find(|account| account["Name"] == "Legacy-CRM").unwrap();
    assert_eq!((&suspended["State"], &suspended["Status"]), (&json!("SUSPENDED"), &json!("SUSPENDED")));
}

#[tokio::test]
async fn limits_are_those_of_the_service() {
    let aws = Aws::start().await;
    for (target, most, expected) in [
        ("AWSIdentityStore.ListGroups", 100, "ValidationException"),
        ("SWBExternalService.ListPermissionSets", 100, "ValidationException"),
        ("AWSOrganizationsV20161128.ListAccounts", 20, "InvalidInputException"),
    ] {
        assert_eq!(code(aws.call(target, json!({"MaxResults": 0})).await), expected, "{target}");
        assert_eq!(code(aws.call(target, json!({"MaxResults": most + 1})).await), expected, "{target}");
        assert!(aws.call(target, json!({"MaxResults": most})).await.is_ok(), "{target}");
        assert_eq!(code(aws.call(target, json!({"NextToken": "made-up"})).await), expected, "{target}");
    }
}

#[tokio::test]
async fn a_next_token_is_good_for_its_own_list_only() {
    let aws = Aws::start().await;
    let groups = aws.call("AWSIdentityStore.ListGroups", json!({})).await.unwrap();
    let elsewhere = aws.call("AWSIdentityStore.ListUsers", json!({"NextToken": groups["NextToken"]})).await;
    assert_eq!(code(elsewhere), "ValidationException");
}
