//! GetGroupId: which group of the Identity Store has a name or an IdP's id.

use aws_sdk_identitystore::error::SdkError;
use aws_sdk_identitystore::types::{AlternateIdentifier, ExternalId as SentId, UniqueAttribute};

use super::identity_store::says_no_group_has_it;
use super::{IdentityCenter, Instance};
use crate::diagnosis::facts::{ExternalId, Gap, GroupId};
use crate::sources::{call, gap, unsendable};

/// How it is named in gaps.
pub const GET_GROUP_ID: &str = "identitystore:GetGroupId";

impl IdentityCenter {
    /// The group to which an IdP gave this id; `None` if no group has it.
    ///
    /// # Errors
    /// A gap, if it could not be read.
    pub async fn group_by_external_id(
        &self,
        instance: &Instance,
        id: &ExternalId,
    ) -> Result<Option<GroupId>, Gap> {
        let external = SentId::builder().issuer(&id.issuer).id(&id.id).build();
        let external = external.map_err(|_| unsendable(GET_GROUP_ID))?;
        self.group_with(instance, AlternateIdentifier::ExternalId(external)).await
    }

    /// The group of this name; `None` if no group has it. Names are unique in an Identity Store.
    ///
    /// # Errors
    /// A gap, if it could not be read.
    pub async fn group_by_name(&self, instance: &Instance, name: &str) -> Result<Option<GroupId>, Gap> {
        let attribute =
            UniqueAttribute::builder().attribute_path("displayName").attribute_value(name.into()).build();
        let attribute = attribute.map_err(|_| unsendable(GET_GROUP_ID))?;
        self.group_with(instance, AlternateIdentifier::UniqueAttribute(attribute)).await
    }

    async fn group_with(
        &self,
        instance: &Instance,
        identifier: AlternateIdentifier,
    ) -> Result<Option<GroupId>, Gap> {
        let request = self
            .identity_store
            .get_group_id()
            .identity_store_id(&instance.identity_store_id)
            .alternate_identifier(identifier)
            .send();
        match call(GET_GROUP_ID, &self.get_group_id_pace, request).await {
            Ok(group) => Ok(Some(GroupId(group.group_id().to_owned()))),
            Err(SdkError::ServiceError(answer)) if says_no_group_has_it(answer.err()) => Ok(None),
            Err(error) => Err(gap(GET_GROUP_ID, &error)),
        }
    }
}
