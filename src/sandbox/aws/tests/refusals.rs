//! Everything that is refused, and in which words.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Aws, code};
use crate::sandbox::faults::Fault;

#[tokio::test]
async fn what_is_not_there_is_refused_in_the_words_of_the_service() {
    let aws = Aws::start().await;
    let gone = {
        let company = aws.sandbox.company();
        company.group_id("AWS-Warehouse-Operators, the old one").unwrap().to_owned()
    };
    let group = aws.call("AWSIdentityStore.DescribeGroup", json!({"GroupId": gone})).await.unwrap_err();
    assert_eq!((&group["ResourceType"], &group["ResourceId"]), (&json!("GROUP"), &json!(gone)));
    let store = json!({"IdentityStoreId": "d-0000000000"});
    let store = aws.call("AWSIdentityStore.ListUsers", store).await.unwrap_err();
    assert_eq!(
        (&store["__type"], &store["ResourceType"]),
        (&json!("ResourceNotFoundException"), &json!("IDENTITY_STORE"))
    );
    let account = json!({"AccountId": "000000000000"});
    let account = aws.call("AWSOrganizationsV20161128.DescribeAccount", account).await;
    assert_eq!(code(account), "AccountNotFoundException");
    assert_eq!(code(aws.call("AWSIdentityStore.DescribeUser", json!({})).await), "ValidationException");
    assert_eq!(code(aws.call("AWSIdentityStore.DeleteUser", json!({})).await), "UnknownOperationException");
    assert_eq!(code(aws.call("DynamoDB_20120810.ListTables", json!({})).await), "UnknownOperationException");
    let (status, body) = aws.send("AWSIdentityStore.ListUsers", "{").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(body.contains("SerializationException"), "{body}");
}

#[tokio::test]
async fn an_unsigned_request_is_refused_and_not_counted() {
    let aws = Aws::start().await;
    let request =
        aws.http.post(&aws.url).header("x-amz-target", "SWBExternalService.ListInstances").body("{}");
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    assert!(response.text().await.unwrap().contains("MissingAuthenticationTokenException"));
    assert!(aws.sandbox.calls.counts().is_empty());
}

#[tokio::test]
async fn faults_strike_in_the_shape_of_the_service() {
    let aws = Aws::start().await;
    for (target, action, throttled) in [
        ("AWSIdentityStore.ListGroups", "identitystore:ListGroups", "ThrottlingException"),
        ("SWBExternalService.ListInstances", "sso:ListInstances", "ThrottlingException"),
        ("AWSOrganizationsV20161128.ListAccounts", "organizations:ListAccounts", "TooManyRequestsException"),
    ] {
        aws.sandbox.faults.set(action, Fault::Throttled { retry_after: 3 });
        let refusal = aws.call(target, json!({})).await.unwrap_err();
        assert_eq!(refusal["__type"], throttled);
        let names_seconds = action.starts_with("identitystore");
        assert_eq!(refusal["RetryAfterSeconds"] == json!(3), names_seconds, "{action}");

        aws.sandbox.faults.set(action, Fault::Forbidden);
        let refusal = aws.call(target, json!({})).await.unwrap_err();
        assert_eq!(refusal["__type"], "AccessDeniedException");
        assert!(refusal["Message"].as_str().unwrap().contains(action));

        aws.sandbox.faults.set(action, Fault::Html500);
        let (status, body) = aws.send(target, "{}").await;
        assert!(status == StatusCode::INTERNAL_SERVER_ERROR && body.starts_with("<html>"), "{body}");

        aws.sandbox.faults.set(action, Fault::MalformedJson);
        let (status, body) = aws.send(target, "{}").await;
        assert!(status == StatusCode::OK && serde_json::from_str::<Value>(&body).is_err(), "{body}");

        aws.sandbox.faults.clear();
        assert!(aws.call(target, json!({})).await.is_ok());
        assert_eq!(aws.sandbox.calls.counts()[action], 5);
    }
}
