//! SSO Admin: requests to create and to delete account assignments. Their lists name neither account nor principal, so
//! that each has to be described.

use aws_sdk_ssoadmin::types::{
    AccountAssignmentOperationStatus, AccountAssignmentOperationStatusMetadata, OperationStatusFilter,
    StatusValues,
};

use super::sso_admin::principal;
use super::{IdentityCenter, Instance, PAGE};
use crate::diagnosis::facts::{Assignment, AssignmentRequest, Gap, PermissionSetArn, RequestState};
use crate::sources::{call, gap, timestamp};

/// Pages of deletions that are read for one question at most. How long AWS keeps them is documented nowhere, and a tool
/// for temporary access makes many.
const PAGES_OF_DELETIONS: usize = 5;

/// How the list of requests in this state is named in gaps.
pub const fn list_operation(state: RequestState) -> &'static str {
    match state {
        RequestState::InProgress | RequestState::Failed => "sso:ListAccountAssignmentCreationStatus",
        RequestState::Ended => "sso:ListAccountAssignmentDeletionStatus",
    }
}

/// How the description of one of them is named in gaps.
pub const fn describe_operation(state: RequestState) -> &'static str {
    match state {
        RequestState::InProgress | RequestState::Failed => "sso:DescribeAccountAssignmentCreationStatus",
        RequestState::Ended => "sso:DescribeAccountAssignmentDeletionStatus",
    }
}

/// A request, and the account that it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestOnAccount {
    pub account: String,
    pub request: AssignmentRequest,
}

/// The ids of requests, the newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedRequests {
    pub ids: Vec<String>,
    /// There are more pages, which were not read.
    pub is_cut: bool,
}

impl IdentityCenter {
    /// ListAccountAssignmentCreationStatus or ListAccountAssignmentDeletionStatus, of requests in this state.
    ///
    /// # Errors
    /// A gap, if they could not be read.
    pub async fn request_ids(&self, instance: &Instance, state: RequestState) -> Result<ListedRequests, Gap> {
        match state {
            RequestState::InProgress => self.creations(instance, StatusValues::InProgress, state).await,
            RequestState::Failed => self.creations(instance, StatusValues::Failed, state).await,
            RequestState::Ended => self.deletions(instance, state).await,
        }
    }

    async fn creations(
        &self,
        instance: &Instance,
        status: StatusValues,
        state: RequestState,
    ) -> Result<ListedRequests, Gap> {
        let list = list_operation(state);
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
            let fetched = call(list, &self.sso_admin_pace, async { pages.next().await.transpose() });
            let Some(page) = fetched.await.map_err(|error| gap(list, &error))? else { break };
            more = page.next_token().is_some();
            listed.extend_from_slice(page.account_assignments_creation_status());
        }
        Ok(newest_first(listed, false))
    }

    async fn deletions(&self, instance: &Instance, state: RequestState) -> Result<ListedRequests, Gap> {
        let list = list_operation(state);
        let mut pages = self
            .sso_admin
            .list_account_assignment_deletion_status()
            .instance_arn(&instance.arn)
            .filter(OperationStatusFilter::builder().status(StatusValues::Succeeded).build())
            .max_results(PAGE)
            .into_paginator()
            .send();
        let mut listed = Vec::new();
        let mut more = true;
        for _ in 0..PAGES_OF_DELETIONS {
            let fetched = call(list, &self.sso_admin_pace, async { pages.next().await.transpose() });
            let page = fetched.await.map_err(|error| gap(list, &error))?;
            more = page.as_ref().is_some_and(|page| page.next_token().is_some());
            listed.extend_from_slice(
                page.as_ref().map_or(&[], |page| page.account_assignments_deletion_status()),
            );
            if !more {
                break;
            }
        }
        Ok(newest_first(listed, more))
    }

    /// DescribeAccountAssignmentCreationStatus or DescribeAccountAssignmentDeletionStatus: what the request is for;
    /// `None` if AWS does not say.
    ///
    /// # Errors
    /// A gap, if it could not be read.
    pub async fn request(
        &self,
        instance: &Instance,
        id: &str,
        state: RequestState,
    ) -> Result<Option<RequestOnAccount>, Gap> {
        let described = match state {
            RequestState::InProgress | RequestState::Failed => self.creation(instance, id, state).await?,
            RequestState::Ended => self.deletion(instance, id, state).await?,
        };
        Ok(described.and_then(|request| on_account(&request, state)))
    }

    async fn creation(
        &self,
        instance: &Instance,
        id: &str,
        state: RequestState,
    ) -> Result<Option<AccountAssignmentOperationStatus>, Gap> {
        let operation = describe_operation(state);
        let describe = self.sso_admin.describe_account_assignment_creation_status();
        let request = describe.instance_arn(&instance.arn).account_assignment_creation_request_id(id).send();
        let answer = call(operation, &self.sso_admin_pace, request).await;
        let answer = answer.map_err(|error| gap(operation, &error))?;
        Ok(answer.account_assignment_creation_status)
    }

    async fn deletion(
        &self,
        instance: &Instance,
        id: &str,
        state: RequestState,
    ) -> Result<Option<AccountAssignmentOperationStatus>, Gap> {
        let operation = describe_operation(state);
        let describe = self.sso_admin.describe_account_assignment_deletion_status();
        let request = describe.instance_arn(&instance.arn).account_assignment_deletion_request_id(id).send();
        let answer = call(operation, &self.sso_admin_pace, request).await;
        let answer = answer.map_err(|error| gap(operation, &error))?;
        Ok(answer.account_assignment_deletion_status)
    }
}

fn newest_first(mut listed: Vec<AccountAssignmentOperationStatusMetadata>, is_cut: bool) -> ListedRequests {
    listed.sort_by_key(|request| std::cmp::Reverse(timestamp(request.created_date())));
    let ids = listed.into_iter().filter_map(|request| request.request_id).collect();
    ListedRequests { ids, is_cut }
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
