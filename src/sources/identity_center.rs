//! IAM Identity Center: one client for its two services.
//!
//! Reading order: this file is the client and the instance; [`identity_store`] asks for people, groups and
//! memberships, [`group_ids`] which group has a name or an id; [`sso_admin`] for permission sets, assignments and
//! provisioning; [`requests`] for assignments that were asked for or taken away; [`mod@tried`] tries what is allowed.

mod identity_store;
mod group_ids;
mod requests;
mod sso_admin;
mod tried;

use aws_config::SdkConfig;
use aws_sdk_ssoadmin::error::SdkError;
use aws_sdk_ssoadmin::operation::list_instances::ListInstancesError;
use aws_sdk_ssoadmin::types::{InstanceStatus, RegionScope};

use super::throttles::Throttles;
use super::{Limits, Pace, call, gap};
use crate::diagnosis::facts::Gap;
pub use group_ids::GET_GROUP_ID;
pub use requests::{ListedRequests, RequestOnAccount, describe_operation, list_operation};

/// How ListInstances is named in gaps.
pub const LIST_INSTANCES: &str = "sso:ListInstances";

/// The most that any list operation of the two services gives at once (API references, `MaxResults`).
const PAGE: i32 = 100;

/// The Identity Center instance that everything is asked of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    pub arn: String,
    pub identity_store_id: String,
}

/// An instance as ListInstances tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedInstance {
    pub instance: Instance,
    /// The account that owns it: the management account, for an organization's instance.
    pub owner: Option<String>,
    /// Where permission sets and assignments can be read (user guide, "Using IAM Identity Center across multiple
    /// AWS Regions"); nothing where AWS does not say.
    pub primary_region: Option<String>,
}

impl ListedInstance {
    /// Returns true if this account owns it: the organization's in the management account, else one that the account
    /// made for itself and that has neither permission sets nor assignments (user guide, "Organization and account
    /// instances of IAM Identity Center").
    pub fn is_owned_by(&self, account: Option<&str>) -> bool {
        account.is_some() && self.owner.as_deref() == account
    }
}

/// The instance that everything is asked of, of those that are listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundInstance {
    pub instance: Instance,
    /// Others that may be meant as well.
    pub rivals: Vec<Instance>,
}

/// What the configuration says of the Identity Center instance; ListInstances finds the rest.
#[derive(Clone, Debug, Default)]
pub struct ConfiguredInstance {
    pub arn: Option<String>,
    pub identity_store_id: Option<String>,
}

impl ConfiguredInstance {
    /// The instance, where all of it is configured: then nothing has to be found.
    pub fn whole(&self) -> Option<Instance> {
        let (arn, store) = (self.arn.as_ref()?, self.identity_store_id.as_ref()?);
        Some(Instance { arn: arn.clone(), identity_store_id: store.clone() })
    }

    /// Of those that are listed the one that everything is asked of, seen from this account: of those that agree with
    /// what is configured, the organization's.
    pub fn of(&self, listed: &[ListedInstance], own_account: Option<&str>) -> Option<FoundInstance> {
        let agree = listed.iter().filter(|ListedInstance { instance, .. }| {
            self.arn.as_ref().is_none_or(|arn| *arn == instance.arn)
                && self.identity_store_id.as_ref().is_none_or(|store| *store == instance.identity_store_id)
        });
        let (own, others): (Vec<_>, Vec<_>) = agree.partition(|listed| listed.is_owned_by(own_account));
        let candidates = if others.is_empty() { own } else { others };
        let (first, rivals) = candidates.split_first()?;
        let rivals = rivals.iter().map(|rival| rival.instance.clone()).collect();
        Some(FoundInstance { instance: first.instance.clone(), rivals })
    }
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
    get_group_id_pace: Pace,
    describe_user_pace: Pace,
    describe_group_pace: Pace,
    memberships_pace: Pace,
    list_groups_pace: Pace,
    members_pace: Pace,
}

impl IdentityCenter {
    /// A client with this configuration's Region, credentials and endpoint, that keeps these limits.
    pub fn new(aws: &SdkConfig, limits: Limits) -> Self {
        let identity_store_pace = || Pace::per_second(limits.identity_store);
        Self {
            identity_store: aws_sdk_identitystore::Client::from_conf(
                aws_sdk_identitystore::config::Builder::from(aws).interceptor(Throttles).build(),
            ),
            sso_admin: aws_sdk_ssoadmin::Client::from_conf(
                aws_sdk_ssoadmin::config::Builder::from(aws).interceptor(Throttles).build(),
            ),
            sso_admin_pace: Pace::per_second(limits.sso_admin),
            get_user_id_pace: identity_store_pace(),
            get_group_id_pace: identity_store_pace(),
            describe_user_pace: identity_store_pace(),
            describe_group_pace: identity_store_pace(),
            memberships_pace: identity_store_pace(),
            list_groups_pace: identity_store_pace(),
            members_pace: identity_store_pace(),
        }
    }

    /// ListInstances: the active instances of this Region; none in a wrong one.
    ///
    /// # Errors
    /// A gap, where they could not be read.
    pub async fn instances(&self) -> Result<Vec<ListedInstance>, Gap> {
        self.listed(None).await.map_err(|error| gap(LIST_INSTANCES, &error))
    }

    async fn listed(
        &self,
        scope: Option<RegionScope>,
    ) -> Result<Vec<ListedInstance>, SdkError<ListInstancesError>> {
        let list = self.sso_admin.list_instances().set_region_scope(scope);
        let mut pages = list.into_paginator().send();
        let mut found = Vec::new();
        let mut more = true;
        while more {
            let fetched =
                call(LIST_INSTANCES, &self.sso_admin_pace, async { pages.next().await.transpose() });
            let Some(page) = fetched.await? else { break };
            more = page.next_token().is_some();

            for listed in page.instances() {
                let active = matches!(listed.status(), None | Some(InstanceStatus::Active));
                if let (true, Some(arn), Some(store)) =
                    (active, listed.instance_arn(), listed.identity_store_id())
                {
                    found.push(ListedInstance {
                        instance: Instance { arn: arn.to_owned(), identity_store_id: store.to_owned() },
                        owner: listed.owner_account_id().map(str::to_owned),
                        primary_region: listed.primary_region().map(str::to_owned),
                    });
                }
            }
        }
        Ok(found)
    }
}
