//! What the operations answer.

use serde_json::json;

use super::{Aws, code};
use crate::sandbox::company::Change;
use crate::sandbox::scenario::PrincipalKey;

#[tokio::test]
async fn users_are_found_by_user_name_and_by_email_exactly() {
    let aws = Aws::start().await;
    let find = async |path: &str, value: &str| {
        let attribute = json!({"UniqueAttribute": {"AttributePath": path, "AttributeValue": value}});
        aws.call("AWSIdentityStore.GetUserId", json!({"AlternateIdentifier": attribute})).await
    };
    let dana = find("userName", "dana@example.com").await.unwrap();
    assert_eq!(dana["UserId"], find("emails.value", "dana@example.com").await.unwrap()["UserId"]);
    let by_name = find("userName", "priya@example.com").await.unwrap();
    assert_ne!(by_name["UserId"], find("emails.value", "priya@example.com").await.unwrap()["UserId"]);
    let missing = find("userName", "Dana@example.com").await.unwrap_err();
    assert_eq!(missing["__type"], "ResourceNotFoundException");
    assert_eq!(missing["ResourceType"], "USER");
    assert_eq!(code(find("displayName", "Dana Reyes").await), "ValidationException");
}

#[tokio::test]
async fn a_user_has_also_what_their_groups_have() {
    let aws = Aws::start().await;
    let (bo, zoe, platform_admins, log_archive) = {
        let company = aws.sandbox.company();
        (
            company.user_id("bo").unwrap().to_owned(),
            company.user_id("zoe").unwrap().to_owned(),
            company.group_id("AWS-Platform-Admins").unwrap().to_owned(),
            company.account_id("Log-Archive").unwrap().to_owned(),
        )
    };
    let target = "SWBExternalService.ListAccountAssignmentsForPrincipal";
    let of = |id: &str| json!({"PrincipalId": id, "PrincipalType": "USER"});
    let (rows, _) = aws.list(target, of(&bo), "AccountAssignments").await;
    assert_eq!(rows.len(), 3);
    for row in &rows {
        assert_eq!((&row["PrincipalType"], &row["PrincipalId"]), (&json!("GROUP"), &json!(platform_admins)));
    }
    let mut there = of(&bo);
    there["Filter"] = json!({"AccountId": log_archive});
    assert_eq!(aws.list(target, there, "AccountAssignments").await.0.len(), 1);
    let (rows, _) = aws.list(target, of(&zoe), "AccountAssignments").await;
    assert_eq!((rows.len(), &rows[0]["PrincipalType"]), (1, &json!("USER")));
}

#[tokio::test]
async fn provisioning_status_tells_latest_from_outdated() {
    let aws = Aws::start().await;
    let media_prod = aws.sandbox.company().account_id("Media-Prod").unwrap().to_owned();
    let count = async |status: &str| {
        let input = json!({"AccountId": media_prod, "ProvisioningStatus": status});
        let target = "SWBExternalService.ListPermissionSetsProvisionedToAccount";
        aws.list(target, input, "PermissionSets").await.0.len()
    };
    assert_eq!(count("LATEST_PERMISSION_SET_PROVISIONED").await, 0);
    assert_eq!(count("LATEST_PERMISSION_SET_NOT_PROVISIONED").await, 1);
    let provision = Change::Provision { account: "Media-Prod".into(), permission_set: "PowerUser".into() };
    aws.sandbox.company().apply(&provision, (aws.sandbox.clock)()).unwrap();
    assert_eq!(count("LATEST_PERMISSION_SET_PROVISIONED").await, 1);
}

#[tokio::test]
async fn identity_center_lives_in_one_region() {
    let mut aws = Aws::start().await;
    let here = aws.call("SWBExternalService.ListInstances", json!({})).await.unwrap();
    assert_eq!(here["Instances"][0]["PrimaryRegion"], "us-east-1");
    aws.region = "eu-west-1";
    let there = aws.call("SWBExternalService.ListInstances", json!({})).await.unwrap();
    assert_eq!(there["Instances"], json!([]));
    let store = aws.call("AWSIdentityStore.ListGroups", json!({})).await.unwrap_err();
    assert_eq!(store["ResourceType"], "IDENTITY_STORE");
    assert_eq!(
        code(aws.call("SWBExternalService.ListPermissionSets", json!({})).await),
        "ResourceNotFoundException"
    );
    assert!(aws.call("AWSOrganizationsV20161128.DescribeOrganization", json!({})).await.is_ok());
}

#[tokio::test]
async fn creation_requests_are_listed_by_status_and_described_in_full() {
    let aws = Aws::start().await;
    let list = "SWBExternalService.ListAccountAssignmentCreationStatus";
    let (failed, _) =
        aws.list(list, json!({"Filter": {"Status": "FAILED"}}), "AccountAssignmentsCreationStatus").await;
    assert_eq!(failed.len(), 1);
    let input = json!({"AccountAssignmentCreationRequestId": failed[0]["RequestId"]});
    let described =
        aws.call("SWBExternalService.DescribeAccountAssignmentCreationStatus", input).await.unwrap();
    let described = &described["AccountAssignmentCreationStatus"];
    assert_eq!((&described["Status"], &described["TargetId"]), (&json!("FAILED"), &json!("555566664444")));
    assert!(described["FailureReason"].as_str().unwrap().contains("quota"));
}

#[tokio::test]
async fn whoever_takes_an_assignment_away_leaves_a_deletion_request() {
    let aws = Aws::start().await;
    let list = "SWBExternalService.ListAccountAssignmentDeletionStatus";
    let key = "AccountAssignmentsDeletionStatus";
    assert_eq!(aws.list(list, json!({}), key).await.0.len(), 0);
    let unassign = Change::Unassign {
        account: "Orders-Prod".to_owned(),
        permission_set: "ReadOnly".to_owned(),
        principal: PrincipalKey::Group("AWS-Orders-ReadOnly".to_owned()),
    };
    let now = (aws.sandbox.clock)();
    aws.sandbox.company().apply(&unassign, now).unwrap();
    let (listed, _) = aws.list(list, json!({"Filter": {"Status": "SUCCEEDED"}}), key).await;
    let mut members: Vec<&String> = listed[0].as_object().unwrap().keys().collect();
    members.sort();
    assert_eq!(
        members,
        ["CreatedDate", "RequestId", "Status"],
        "the list says neither account nor principal"
    );
    let input = json!({"AccountAssignmentDeletionRequestId": listed[0]["RequestId"]});
    let described =
        aws.call("SWBExternalService.DescribeAccountAssignmentDeletionStatus", input).await.unwrap();
    let described = &described["AccountAssignmentDeletionStatus"];
    assert_eq!(
        (&described["PrincipalType"], &described["TargetId"]),
        (&json!("GROUP"), &json!("555566662222"))
    );
}

#[tokio::test]
async fn only_what_the_idp_made_has_an_external_id() {
    let aws = Aws::start().await;
    let (groups, _) = aws.list("AWSIdentityStore.ListGroups", json!({}), "Groups").await;
    let named = |name: &str| groups.iter().find(|group| group["DisplayName"] == name).unwrap();
    let external_id = &named("AWS-Payments-Admin")["ExternalIds"][0];
    assert!(external_id["Issuer"].as_str().unwrap().starts_with("https://scim.aws.com/"));
    assert!(named("aws-payments-admin").get("ExternalIds").is_none());
    let input = json!({"AlternateIdentifier": {"ExternalId": external_id}});
    let found = aws.call("AWSIdentityStore.GetGroupId", input).await.unwrap();
    assert_eq!(found["GroupId"], named("AWS-Payments-Admin")["GroupId"]);
}
