//! IAM Identity Center: the identity store's people, groups and memberships, and SSO Admin's permission
//! sets, assignments and provisioning.

use std::num::NonZeroU32;

use aws_config::SdkConfig;
use aws_sdk_identitystore::error::SdkError as IdentityStoreError;
use aws_sdk_identitystore::operation::describe_group::DescribeGroupError;
use aws_sdk_identitystore::operation::describe_user::DescribeUserError;
use aws_sdk_identitystore::operation::get_user_id::GetUserIdError;
use aws_sdk_identitystore::types::error::ResourceNotFoundException;
use aws_sdk_identitystore::types::{
    AlternateIdentifier, MemberId, ResourceType, UniqueAttribute, UserStatus,
};
use aws_sdk_ssoadmin::types::{
    AccountAssignmentOperationStatus, InstanceStatus, ListAccountAssignmentsFilter, OperationStatusFilter,
    PrincipalType, ProvisioningStatus, StatusValues,
};

use super::{Pace, call, gap, incomplete, timestamp, unsendable};
use crate::diagnosis::facts::{
    Assignment, AssignmentRequest, DirectoryUser, Gap, Group, GroupId, Membership, PermissionSetArn,
    Principal, RequestState, UserId,
};

/// The most that any list operation of the two services gives at once (API references, `MaxResults`).
const PAGE: i32 = 100;

/// How many of the newest creation requests are looked into: each costs a call, and one that matters to
/// somebody who waits is among the newest.
const NEWEST_REQUESTS: usize = 10;

/// 15 of the 20 calls a second that all SSO Admin operations together may make, organization-wide: Terraform
/// and people need the rest. (User guide, "Quotas": "IAM Identity Center APIs … collective 20 TPS".)
const SSO_ADMIN_CALLS_A_SECOND: NonZeroU32 = NonZeroU32::new(15).unwrap();

/// 15 of the 20 calls a second that each identity store operation may make for one store (same page).
const IDENTITY_STORE_CALLS_A_SECOND: NonZeroU32 = NonZeroU32::new(15).unwrap();

/// The Identity Center instance that everything is asked of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    pub arn: String,
    pub identity_store_id: String,
}

/// Which version of a permission set an account has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Version {
    Latest,
    Outdated,
}

/// The client for both services.
pub struct IdentityCenter {
    identity_store: aws_sdk_identitystore::Client,
    sso_admin: aws_sdk_ssoadmin::Client,
    sso_admin_pace: Pace,
    get_user_id_pace: Pace,
    describe_user_pace: Pace,
    describe_group_pace: Pace,
    memberships_pace: Pace,
}

impl IdentityCenter {
    /// A client with this configuration's Region, credentials and endpoint.
    pub fn new(aws: &SdkConfig) -> Self {
        let identity_store_pace = || Pace::per_second(IDENTITY_STORE_CALLS_A_SECOND);
        Self {
            identity_store: aws_sdk_identitystore::Client::new(aws),
            sso_admin: aws_sdk_ssoadmin::Client::new(aws),
            sso_admin_pace: Pace::per_second(SSO_ADMIN_CALLS_A_SECOND),
            get_user_id_pace: identity_store_pace(),
            describe_user_pace: identity_store_pace(),
            describe_group_pace: identity_store_pace(),
            memberships_pace: identity_store_pace(),
        }
    }

    /// ListInstances: the active instances of this Region; none in a wrong one.
    pub async fn instances(&self) -> Result<Vec<Instance>, Gap> {
        const OPERATION: &str = "sso:ListInstances";
        let mut pages = self.sso_admin.list_instances().into_paginator().send();
        let mut found = Vec::new();
        let mut more = true;
        while more {
            let fetched = call(OPERATION, &self.sso_admin_pace, async { pages.next().await.transpose() });
            let Some(page) = fetched.await.map_err(|error| gap(OPERATION, &error))? else { break };
            more = page.next_token().is_some();

            for instance in page.instances() {
                let active = matches!(instance.status(), None | Some(InstanceStatus::Active));
                if let (true, Some(arn), Some(store)) =
                    (active, instance.instance_arn(), instance.identity_store_id())
                {
                    found.push(Instance { arn: arn.to_owned(), identity_store_id: store.to_owned() });
                }
            }
        }
        Ok(found)
    }

    /// GetUserId by `userName`: the user, nothing where nobody has that user name.
    pub async fn user_by_name(&self, instance: &Instance, name: &str) -> Result<Option<UserId>, Gap> {
        self.user_id(instance, "userName", name).await
    }

    /// GetUserId by `emails.value`: the user, nothing where nobody has that address.
    pub async fn user_by_email(&self, instance: &Instance, email: &str) -> Result<Option<UserId>, Gap> {
        self.user_id(instance, "emails.value", email).await
    }

    async fn user_id(&self, instance: &Instance, path: &str, value: &str) -> Result<Option<UserId>, Gap> {
        const OPERATION: &str = "identitystore:GetUserId";
        let attribute = UniqueAttribute::builder()
            .attribute_path(path)
            .attribute_value(value.into())
            .build()
            .map_err(|_| unsendable(OPERATION))?;
        let request = self
            .identity_store
            .get_user_id()
            .identity_store_id(&instance.identity_store_id)
            .alternate_identifier(AlternateIdentifier::UniqueAttribute(attribute))
            .send();
        match call(OPERATION, &self.get_user_id_pace, request).await {
            Ok(user) => Ok(Some(UserId(user.user_id().to_owned()))),
            Err(IdentityStoreError::ServiceError(answer)) if says_nobody(answer.err()) => Ok(None),
            Err(error) => Err(gap(OPERATION, &error)),
        }
    }

    /// DescribeUser: the user, nothing where the store has none of that id.
    pub async fn user(&self, instance: &Instance, id: &UserId) -> Result<Option<DirectoryUser>, Gap> {
        const OPERATION: &str = "identitystore:DescribeUser";
        let request = self
            .identity_store
            .describe_user()
            .identity_store_id(&instance.identity_store_id)
            .user_id(&id.0)
            .send();
        let user = match call(OPERATION, &self.describe_user_pace, request).await {
            Ok(user) => user,
            Err(IdentityStoreError::ServiceError(answer)) if says_no_user(answer.err()) => return Ok(None),
            Err(error) => return Err(gap(OPERATION, &error)),
        };
        Ok(Some(DirectoryUser {
            id: id.clone(),
            user_name: user.user_name().unwrap_or_default().to_owned(),
            display_name: user.display_name().map(str::to_owned),
            enabled: user.user_status() != Some(&UserStatus::Disabled),
            synced: !user.external_ids().is_empty(),
            created_at: timestamp(user.created_at()),
        }))
    }

    /// DescribeGroup: the group, nothing where the store has none of that id.
    pub async fn group(&self, instance: &Instance, id: &GroupId) -> Result<Option<Group>, Gap> {
        const OPERATION: &str = "identitystore:DescribeGroup";
        let request = self
            .identity_store
            .describe_group()
            .identity_store_id(&instance.identity_store_id)
            .group_id(&id.0)
            .send();
        let group = match call(OPERATION, &self.describe_group_pace, request).await {
            Ok(group) => group,
            Err(IdentityStoreError::ServiceError(answer)) if says_no_group(answer.err()) => return Ok(None),
            Err(error) => return Err(gap(OPERATION, &error)),
        };
        Ok(Some(Group {
            id: id.clone(),
            name: group.display_name().unwrap_or_default().to_owned(),
            synced: !group.external_ids().is_empty(),
            created_at: timestamp(group.created_at()),
        }))
    }

    /// ListGroupMembershipsForMember, all pages.
    pub async fn memberships(&self, instance: &Instance, user: &UserId) -> Result<Vec<Membership>, Gap> {
        const OPERATION: &str = "identitystore:ListGroupMembershipsForMember";
        let mut pages = self
            .identity_store
            .list_group_memberships_for_member()
            .identity_store_id(&instance.identity_store_id)
            .member_id(MemberId::UserId(user.0.clone()))
            .max_results(PAGE)
            .into_paginator()
            .send();
        let mut memberships = Vec::new();
        let mut more = true;
        while more {
            let fetched = call(OPERATION, &self.memberships_pace, async { pages.next().await.transpose() });
            let Some(page) = fetched.await.map_err(|error| gap(OPERATION, &error))? else { break };
            more = page.next_token().is_some();

            memberships.extend(page.group_memberships().iter().filter_map(|membership| {
                Some(Membership {
                    group: GroupId(membership.group_id()?.to_owned()),
                    since: timestamp(membership.created_at()),
                })
            }));
        }
        Ok(memberships)
    }

    /// ListPermissionSetsProvisionedToAccount with the status for this version, all pages.
    pub async fn provisioned(
        &self,
        instance: &Instance,
        account: &str,
        version: Version,
    ) -> Result<Vec<PermissionSetArn>, Gap> {
        const OPERATION: &str = "sso:ListPermissionSetsProvisionedToAccount";
        let status = match version {
            Version::Latest => ProvisioningStatus::LatestPermissionSetProvisioned,
            Version::Outdated => ProvisioningStatus::LatestPermissionSetNotProvisioned,
        };
        let mut pages = self
            .sso_admin
            .list_permission_sets_provisioned_to_account()
            .instance_arn(&instance.arn)
            .account_id(account)
            .provisioning_status(status)
            .max_results(PAGE)
            .into_paginator()
            .send();
        let mut permission_sets = Vec::new();
        let mut more = true;
        while more {
            let fetched = call(OPERATION, &self.sso_admin_pace, async { pages.next().await.transpose() });
            let Some(page) = fetched.await.map_err(|error| gap(OPERATION, &error))? else { break };
            more = page.next_token().is_some();

            permission_sets.extend(page.permission_sets().iter().cloned().map(PermissionSetArn));
        }
        Ok(permission_sets)
    }

    /// DescribePermissionSet: its name.
    pub async fn permission_set_name(
        &self,
        instance: &Instance,
        arn: &PermissionSetArn,
    ) -> Result<String, Gap> {
        const OPERATION: &str = "sso:DescribePermissionSet";
        let request = self
            .sso_admin
            .describe_permission_set()
            .instance_arn(&instance.arn)
            .permission_set_arn(&arn.0)
            .send();
        let answer =
            call(OPERATION, &self.sso_admin_pace, request).await.map_err(|error| gap(OPERATION, &error))?;
        let name = answer.permission_set().and_then(|permission_set| permission_set.name());
        name.map(str::to_owned).ok_or_else(|| incomplete(OPERATION))
    }

    /// ListAccountAssignments of one permission set on one account, all pages.
    pub async fn assignments(
        &self,
        instance: &Instance,
        account: &str,
        permission_set: &PermissionSetArn,
    ) -> Result<Vec<Principal>, Gap> {
        const OPERATION: &str = "sso:ListAccountAssignments";
        let mut pages = self
            .sso_admin
            .list_account_assignments()
            .instance_arn(&instance.arn)
            .account_id(account)
            .permission_set_arn(&permission_set.0)
            .max_results(PAGE)
            .into_paginator()
            .send();
        let mut principals = Vec::new();
        let mut more = true;
        while more {
            let fetched = call(OPERATION, &self.sso_admin_pace, async { pages.next().await.transpose() });
            let Some(page) = fetched.await.map_err(|error| gap(OPERATION, &error))? else { break };
            more = page.next_token().is_some();

            principals.extend(
                page.account_assignments()
                    .iter()
                    .filter_map(|one| principal(one.principal_type(), one.principal_id())),
            );
        }
        Ok(principals)
    }

    /// ListAccountAssignmentsForPrincipal on one account, all pages. From the management account AWS adds
    /// what a user inherits through groups, with the group as the row's principal; emulators do not.
    pub async fn assignments_of(
        &self,
        instance: &Instance,
        of: &Principal,
        account: &str,
    ) -> Result<Vec<Assignment>, Gap> {
        const OPERATION: &str = "sso:ListAccountAssignmentsForPrincipal";
        let (principal_type, id) = match of {
            Principal::Group(id) => (PrincipalType::Group, &id.0),
            Principal::User(id) => (PrincipalType::User, &id.0),
        };
        let mut pages = self
            .sso_admin
            .list_account_assignments_for_principal()
            .instance_arn(&instance.arn)
            .principal_type(principal_type)
            .principal_id(id)
            .filter(ListAccountAssignmentsFilter::builder().account_id(account).build())
            .max_results(PAGE)
            .into_paginator()
            .send();
        let mut assignments = Vec::new();
        let mut more = true;
        while more {
            let fetched = call(OPERATION, &self.sso_admin_pace, async { pages.next().await.transpose() });
            let Some(page) = fetched.await.map_err(|error| gap(OPERATION, &error))? else { break };
            more = page.next_token().is_some();

            // The filter is applied here as well, since not every server honours it.
            let here = page.account_assignments().iter().filter(|row| row.account_id() == Some(account));
            assignments.extend(here.filter_map(|row| {
                Some(Assignment {
                    permission_set: PermissionSetArn(row.permission_set_arn()?.to_owned()),
                    principal: principal(row.principal_type(), row.principal_id())?,
                })
            }));
        }
        Ok(assignments)
    }

    /// ListAccountAssignmentCreationStatus in this state, and DescribeAccountAssignmentCreationStatus of the
    /// newest, since the list names no account; those on this account.
    pub async fn requests(
        &self,
        instance: &Instance,
        account: &str,
        state: RequestState,
    ) -> Result<Vec<AssignmentRequest>, Gap> {
        const LIST: &str = "sso:ListAccountAssignmentCreationStatus";
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
        let newest = listed.iter().take(NEWEST_REQUESTS).filter_map(|request| request.request_id());
        let described =
            futures::future::try_join_all(newest.map(|id| self.describe_request(instance, id))).await?;
        let here = described.into_iter().flatten().filter(|request| request.target_id() == Some(account));
        Ok(here.filter_map(|request| assignment_request(&request, state)).collect())
    }

    async fn describe_request(
        &self,
        instance: &Instance,
        id: &str,
    ) -> Result<Option<AccountAssignmentOperationStatus>, Gap> {
        const OPERATION: &str = "sso:DescribeAccountAssignmentCreationStatus";
        let request = self
            .sso_admin
            .describe_account_assignment_creation_status()
            .instance_arn(&instance.arn)
            .account_assignment_creation_request_id(id)
            .send();
        let answer =
            call(OPERATION, &self.sso_admin_pace, request).await.map_err(|error| gap(OPERATION, &error))?;
        Ok(answer.account_assignment_creation_status().cloned())
    }
}

fn assignment_request(
    request: &AccountAssignmentOperationStatus,
    state: RequestState,
) -> Option<AssignmentRequest> {
    Some(AssignmentRequest {
        assignment: Assignment {
            permission_set: PermissionSetArn(request.permission_set_arn()?.to_owned()),
            principal: principal(request.principal_type(), request.principal_id())?,
        },
        state,
        failure_reason: request.failure_reason().map(str::to_owned),
        created_at: timestamp(request.created_date()),
    })
}

fn principal(principal_type: Option<&PrincipalType>, id: Option<&str>) -> Option<Principal> {
    match principal_type? {
        PrincipalType::Group => Some(Principal::Group(GroupId(id?.to_owned()))),
        PrincipalType::User => Some(Principal::User(UserId(id?.to_owned()))),
        _ => None,
    }
}

fn says_nobody(error: &GetUserIdError) -> bool {
    matches!(error, GetUserIdError::ResourceNotFoundException(missing) if is_missing(missing, &ResourceType::User))
}

fn says_no_user(error: &DescribeUserError) -> bool {
    matches!(error, DescribeUserError::ResourceNotFoundException(missing) if is_missing(missing, &ResourceType::User))
}

fn says_no_group(error: &DescribeGroupError) -> bool {
    matches!(error, DescribeGroupError::ResourceNotFoundException(missing) if is_missing(missing, &ResourceType::Group))
}

/// Whether it is this kind of thing that is not there: neither the whole identity store nor the key that
/// encrypts it, which the same exception reports.
fn is_missing(missing: &ResourceNotFoundException, resource: &ResourceType) -> bool {
    missing.reason().is_none() && missing.resource_type().is_none_or(|kind| kind == resource)
}
