//! SSO Admin: requests to create account assignments. Their list names neither account nor principal, so that each has
//! to be described.

use aws_sdk_ssoadmin::types::{AccountAssignmentOperationStatus, OperationStatusFilter, StatusValues};

use super::sso_admin::principal;
use super::{IdentityCenter, Instance, PAGE};
use crate::diagnosis::facts::{Assignment, AssignmentRequest, Gap, PermissionSetArn, RequestState};
use crate::sources::{call, gap, timestamp};

/// The name of the list in gaps.
pub const LIST: &str = "sso:ListAccountAssignmentCreationStatus";

/// A request, and the account that it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestOnAccount {
    pub account: String,
    pub request: AssignmentRequest,
}

impl IdentityCenter {
    /// ListAccountAssignmentCreationStatus in this state, all pages: the ids, the newest first.
    pub async fn request_ids(&self, instance: &Instance, state: RequestState) -> Result<Vec<String>, Gap> {
        let status = match state {
            RequestState::InProgress => StatusValues::InProgress,
            RequestState::Failed => StatusValues::Failed,
        };
        let mut pages = self
            .sso_admin
            .list_account_assignment_creation_status()
            .instance_arn(&instance.arn)
            .filter(OperationStatusFilter::builder().status(status).build())
            .max_results(PAGE)
            .into_paginator()
            .send();
        let mut listed = Vec::new();
        let mut more = true;
        while more {
            let fetched = call(LIST, &self.sso_admin_pace, async { pages.next().await.transpose() });
            let Some(page) = fetched.await.map_err(|error| gap(LIST, &error))? else { break };
            more = page.next_token().is_some();
            listed.extend_from_slice(page.account_assignments_creation_status());
        }
        listed.sort_by_key(|request| std::cmp::Reverse(timestamp(request.created_date())));
        Ok(listed.into_iter().filter_map(|request| request.request_id).collect())
    }

    /// DescribeAccountAssignmentCreationStatus: what the request is for; `None` if AWS does not say.
    pub async fn request(
        &self,
        instance: &Instance,
        id: &str,
        state: RequestState,
    ) -> Result<Option<RequestOnAccount>, Gap> {
        const OPERATION: &str = "sso:DescribeAccountAssignmentCreationStatus";
        let request = self
            .sso_admin
            .describe_account_assignment_creation_status()
            .instance_arn(&instance.arn)
            .account_assignment_creation_request_id(id)
            .send();
        let answer =
            call(OPERATION, &self.sso_admin_pace, request).await.map_err(|error| gap(OPERATION, &error))?;
        Ok(answer.account_assignment_creation_status().and_then(|request| on_account(request, state)))
    }
}

fn on_account(request: &AccountAssignmentOperationStatus, state: RequestState) -> Option<RequestOnAccount> {
    Some(RequestOnAccount {
        account: request.target_id()?.to_owned(),
        request: AssignmentRequest {
            assignment: Assignment {
                permission_set: PermissionSetArn(request.permission_set_arn()?.to_owned()),
                principal: principal(request.principal_type(), request.principal_id())?,
            },
            state,
            failure_reason: request.failure_reason().map(str::to_owned),
            created_at: timestamp(request.created_date()),
        },
    })
}
