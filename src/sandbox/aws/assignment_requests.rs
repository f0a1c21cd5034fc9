//! The Identity Center operations that read requests to create or to delete assignments.

use serde::Deserialize;
use serde_json::{Value, json};

use super::call::Call;
use super::epoch_seconds;
use super::pages::page;
use super::refusal::Refusal;
use super::sso_admin::{check_instance, principal};
use crate::sandbox::company::{AssignmentRequest, Company, RequestStatus};

pub(super) fn list_creations(company: &Company, call: &Call) -> Result<Value, Refusal> {
    let (requests, next_token) = listed(company, call, &company.creation_requests)?;
    Ok(json!({ "AccountAssignmentsCreationStatus": requests, "NextToken": next_token }))
}

pub(super) fn list_deletions(company: &Company, call: &Call) -> Result<Value, Refusal> {
    let (requests, next_token) = listed(company, call, &company.deletion_requests)?;
    Ok(json!({ "AccountAssignmentsDeletionStatus": requests, "NextToken": next_token }))
}

pub(super) fn describe_creation(company: &Company, call: &Call) -> Result<Value, Refusal> {
    let input: OfCreation = call.input()?;
    check_instance(company, call, &input.instance_arn)?;
    let id = &input.account_assignment_creation_request_id;
    Ok(json!({ "AccountAssignmentCreationStatus": described(&company.creation_requests, id)? }))
}

pub(super) fn describe_deletion(company: &Company, call: &Call) -> Result<Value, Refusal> {
    let input: OfDeletion = call.input()?;
    check_instance(company, call, &input.instance_arn)?;
    let id = &input.account_assignment_deletion_request_id;
    Ok(json!({ "AccountAssignmentDeletionStatus": described(&company.deletion_requests, id)? }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Requests {
    instance_arn: String,
    #[serde(default)]
    filter: StatusFilter,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct StatusFilter {
    status: Option<StatusValues>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum StatusValues {
    InProgress,
    Failed,
    Succeeded,
}

impl StatusValues {
    fn is(self, status: RequestStatus) -> bool {
        matches!(
            (self, status),
            (Self::InProgress, RequestStatus::InProgress)
                | (Self::Failed, RequestStatus::Failed)
                | (Self::Succeeded, RequestStatus::Succeeded)
        )
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OfCreation {
    instance_arn: String,
    account_assignment_creation_request_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OfDeletion {
    instance_arn: String,
    account_assignment_deletion_request_id: String,
}

/// The lists say neither account nor principal; those are in the description of each request.
fn listed(
    company: &Company,
    call: &Call,
    requests: &[AssignmentRequest],
) -> Result<(Vec<Value>, Option<String>), Refusal> {
    let input: Requests = call.input()?;
    check_instance(company, call, &input.instance_arn)?;
    let is_wanted =
        |request: &&AssignmentRequest| input.filter.status.is_none_or(|status| status.is(request.status));
    let short = |request: &AssignmentRequest| {
        json!({
            "Status": status_value(request.status),
            "RequestId": request.id,
            "CreatedDate": epoch_seconds(request.created_at),
        })
    };
    page(call, requests.iter().filter(is_wanted).map(short).collect(), company.page_size)
}

fn described(requests: &[AssignmentRequest], id: &str) -> Result<Value, Refusal> {
    let request = requests.iter().find(|request| request.id == *id);
    let request = request.ok_or_else(|| Refusal::not_in_identity_center(&format!("Request {id}")))?;
    let (principal_type, principal_id) = principal(&request.assignment.principal);
    let mut json = json!({
        "Status": status_value(request.status),
        "RequestId": request.id,
        "TargetId": request.assignment.account_id,
        "TargetType": "AWS_ACCOUNT",
        "PermissionSetArn": request.assignment.permission_set_arn,
        "PrincipalType": principal_type,
        "PrincipalId": principal_id,
        "CreatedDate": epoch_seconds(request.created_at),
    });
    if let Some(reason) = &request.failure_reason {
        json["FailureReason"] = json!(reason);
    }
    Ok(json)
}

fn status_value(status: RequestStatus) -> &'static str {
    match status {
        RequestStatus::InProgress => "IN_PROGRESS",
        RequestStatus::Failed => "FAILED",
        RequestStatus::Succeeded => "SUCCEEDED",
    }
}
