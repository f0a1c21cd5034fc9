//! IAM Identity Center: one client for its two services.
//!
//! Reading order: this file is the client and the instance; [`identity_store`] asks for people, groups and
//! memberships; [`sso_admin`] for permission sets, assignments and provisioning; [`mod@tried`] tries what is allowed.

mod identity_store;
mod sso_admin;
mod tried;

use std::num::NonZeroU32;

use aws_config::SdkConfig;
use aws_sdk_ssoadmin::types::InstanceStatus;

use super::throttles::Throttles;
use super::{Pace, call, gap};
use crate::diagnosis::facts::Gap;
pub use tried::LocatedInstance;

/// The most that any list operation of the two services gives at once (API references, `MaxResults`).
const PAGE: i32 = 100;

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
    list_groups_pace: Pace,
    members_pace: Pace,
}

impl IdentityCenter {
    /// A client with this configuration's Region, credentials and endpoint.
    pub fn new(aws: &SdkConfig) -> Self {
        let identity_store_pace = || Pace::per_second(IDENTITY_STORE_CALLS_A_SECOND);
        Self {
            identity_store: aws_sdk_identitystore::Client::from_conf(
                aws_sdk_identitystore::config::Builder::from(aws).interceptor(Throttles).build(),
            ),
            sso_admin: aws_sdk_ssoadmin::Client::from_conf(
                aws_sdk_ssoadmin::config::Builder::from(aws).interceptor(Throttles).build(),
            ),
            sso_admin_pace: Pace::per_second(SSO_ADMIN_CALLS_A_SECOND),
            get_user_id_pace: identity_store_pace(),
            describe_user_pace: identity_store_pace(),
            describe_group_pace: identity_store_pace(),
            memberships_pace: identity_store_pace(),
            list_groups_pace: identity_store_pace(),
            members_pace: identity_store_pace(),
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
}
