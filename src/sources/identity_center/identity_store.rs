//! The Identity Store: people, groups, memberships.

use aws_sdk_identitystore::error::SdkError as IdentityStoreError;
use aws_sdk_identitystore::operation::describe_group::DescribeGroupError;
use aws_sdk_identitystore::operation::describe_user::DescribeUserError;
use aws_sdk_identitystore::operation::get_group_id::GetGroupIdError;
use aws_sdk_identitystore::operation::get_user_id::GetUserIdError;
use aws_sdk_identitystore::types::error::ResourceNotFoundException;
use aws_sdk_identitystore::types::{
    AlternateIdentifier, MemberId, ResourceType, UniqueAttribute, UserStatus,
};

use super::{IdentityCenter, Instance, PAGE};
use crate::diagnosis::facts::{DirectoryUser, ExternalId, Gap, Group, GroupId, Membership, UserId};
use crate::sources::{call, gap, timestamp, unsendable};

const GET_USER_ID: &str = "identitystore:GetUserId";

impl IdentityCenter {
    /// GetUserId by `userName`: the user, nothing where nobody has that user name.
    pub async fn user_by_name(&self, instance: &Instance, name: &str) -> Result<Option<UserId>, Gap> {
        self.user_id(instance, "userName", name).await
    }

    /// GetUserId by `emails.value`: the user, nothing where nobody has that address.
    pub async fn user_by_email(&self, instance: &Instance, email: &str) -> Result<Option<UserId>, Gap> {
        self.user_id(instance, "emails.value", email).await
    }

    /// GetUserId by `ExternalId`: the user, nothing where nobody has that id of that issuer.
    pub async fn user_by_external_id(
        &self,
        instance: &Instance,
        id: &ExternalId,
    ) -> Result<Option<UserId>, Gap> {
        let external = aws_sdk_identitystore::types::ExternalId::builder().issuer(&id.issuer).id(&id.id);
        let external = external.build().map_err(|_| unsendable(GET_USER_ID))?;
        self.user_with(instance, AlternateIdentifier::ExternalId(external)).await
    }

    async fn user_id(&self, instance: &Instance, path: &str, value: &str) -> Result<Option<UserId>, Gap> {
        let attribute = UniqueAttribute::builder()
            .attribute_path(path)
            .attribute_value(value.into())
            .build()
            .map_err(|_| unsendable(GET_USER_ID))?;
        self.user_with(instance, AlternateIdentifier::UniqueAttribute(attribute)).await
    }

    async fn user_with(
        &self,
        instance: &Instance,
        identifier: AlternateIdentifier,
    ) -> Result<Option<UserId>, Gap> {
        let request = self
            .identity_store
            .get_user_id()
            .identity_store_id(&instance.identity_store_id)
            .alternate_identifier(identifier)
            .send();
        match call(GET_USER_ID, &self.get_user_id_pace, request).await {
            Ok(user) => Ok(Some(UserId(user.user_id().to_owned()))),
            Err(IdentityStoreError::ServiceError(answer)) if says_nobody(answer.err()) => Ok(None),
            Err(error) => Err(gap(GET_USER_ID, &error)),
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
            email: user.emails().first().and_then(|email| email.value()).map(str::to_owned),
            synced: !user.external_ids().is_empty(),
            external_ids: external_ids(user.external_ids()),
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
            external_ids: external_ids(group.external_ids()),
            created_at: timestamp(group.created_at()),
            created_by: group.created_by().map(str::to_owned),
        }))
    }

    /// ListGroups, each page handed to `take` as it comes: a store may hold 100,000 groups (user guide, "Quotas").
    pub async fn each_group(&self, instance: &Instance, mut take: impl FnMut(Group)) -> Result<(), Gap> {
        const OPERATION: &str = "identitystore:ListGroups";
        let mut pages = self
            .identity_store
            .list_groups()
            .identity_store_id(&instance.identity_store_id)
            .max_results(PAGE)
            .into_paginator()
            .send();
        let mut more = true;
        while more {
            let fetched = call(OPERATION, &self.list_groups_pace, async { pages.next().await.transpose() });
            let Some(page) = fetched.await.map_err(|error| gap(OPERATION, &error))? else { break };
            more = page.next_token().is_some();
            page.groups().iter().filter_map(listed).for_each(&mut take);
        }
        Ok(())
    }

    /// ListGroups, the first page alone.
    pub async fn first_groups(&self, instance: &Instance) -> Result<Vec<Group>, Gap> {
        const OPERATION: &str = "identitystore:ListGroups";
        let list = self.identity_store.list_groups().identity_store_id(&instance.identity_store_id);
        let request = list.max_results(PAGE).send();
        let page =
            call(OPERATION, &self.list_groups_pace, request).await.map_err(|error| gap(OPERATION, &error))?;
        Ok(page.groups().iter().filter_map(listed).collect())
    }

    /// ListGroupMemberships, all pages: the users in the group.
    pub async fn members(&self, instance: &Instance, group: &GroupId) -> Result<Vec<UserId>, Gap> {
        const OPERATION: &str = "identitystore:ListGroupMemberships";
        let mut pages = self
            .identity_store
            .list_group_memberships()
            .identity_store_id(&instance.identity_store_id)
            .group_id(&group.0)
            .max_results(PAGE)
            .into_paginator()
            .send();
        let mut members = Vec::new();
        let mut more = true;
        while more {
            let fetched = call(OPERATION, &self.members_pace, async { pages.next().await.transpose() });
            let Some(page) = fetched.await.map_err(|error| gap(OPERATION, &error))? else { break };
            more = page.next_token().is_some();
            members.extend(page.group_memberships().iter().filter_map(|one| match one.member_id()? {
                MemberId::UserId(user) => Some(UserId(user.clone())),
                _ => None,
            }));
        }
        Ok(members)
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
}

fn external_ids(told: &[aws_sdk_identitystore::types::ExternalId]) -> Box<[ExternalId]> {
    let external = |one: &aws_sdk_identitystore::types::ExternalId| ExternalId {
        issuer: one.issuer().to_owned(),
        id: one.id().to_owned(),
    };
    told.iter().map(external).collect()
}

fn listed(group: &aws_sdk_identitystore::types::Group) -> Option<Group> {
    let external_ids = external_ids(group.external_ids());
    Some(Group {
        id: GroupId(Some(group.group_id()).filter(|id| !id.is_empty())?.to_owned()),
        name: group.display_name().unwrap_or_default().to_owned(),
        synced: !external_ids.is_empty(),
        external_ids,
        created_at: timestamp(group.created_at()),
        created_by: group.created_by().map(str::to_owned),
    })
}

fn says_nobody(error: &GetUserIdError) -> bool {
    matches!(error, GetUserIdError::ResourceNotFoundException(missing) if is_missing(missing, &ResourceType::User))
}

fn says_no_user(error: &DescribeUserError) -> bool {
    matches!(error, DescribeUserError::ResourceNotFoundException(missing) if is_missing(missing, &ResourceType::User))
}

pub(super) fn says_no_group_has_it(error: &GetGroupIdError) -> bool {
    matches!(error, GetGroupIdError::ResourceNotFoundException(missing) if is_missing(missing, &ResourceType::Group))
}

fn says_no_group(error: &DescribeGroupError) -> bool {
    matches!(error, DescribeGroupError::ResourceNotFoundException(missing) if is_missing(missing, &ResourceType::Group))
}

/// Whether it is this kind of thing that is not there: neither the whole identity store nor the key that
/// encrypts it, which the same exception reports.
fn is_missing(missing: &ResourceNotFoundException, resource: &ResourceType) -> bool {
    missing.reason().is_none() && missing.resource_type().is_none_or(|kind| kind == resource)
}
