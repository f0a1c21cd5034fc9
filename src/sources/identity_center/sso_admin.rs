//! SSO Admin: permission sets, account assignments, provisioning.

use std::collections::BTreeSet;

use aws_sdk_ssoadmin::types::{
    AccountAssignmentForPrincipal, ListAccountAssignmentsFilter, PrincipalType, ProvisioningStatus,
};

use super::{IdentityCenter, Instance, PAGE, Version};
use crate::diagnosis::facts::{Assignment, Gap, GroupId, PermissionSetArn, Principal, UserId};
use crate::diagnosis::portal::AccountAssignment;
use crate::sources::{call, gap, incomplete};

impl IdentityCenter {
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

    /// ListApplications, all pages: their names.
    pub async fn application_names(&self, instance: &Instance) -> Result<Vec<String>, Gap> {
        const OPERATION: &str = "sso:ListApplications";
        let list = self.sso_admin.list_applications().instance_arn(&instance.arn).max_results(PAGE);
        let mut pages = list.into_paginator().send();
        let mut names = Vec::new();
        let mut more = true;
        while more {
            let fetched = call(OPERATION, &self.sso_admin_pace, async { pages.next().await.transpose() });
            let Some(page) = fetched.await.map_err(|error| gap(OPERATION, &error))? else { break };
            more = page.next_token().is_some();
            names.extend(page.applications().iter().filter_map(|one| one.name().map(str::to_owned)));
        }
        Ok(names)
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
        let rows = self.rows_of(instance, of, Some(account)).await?;
        // The filter is applied here as well, since not every server honours it.
        let here = rows.iter().filter(|row| row.account_id() == Some(account));
        Ok(here
            .filter_map(|row| {
                Some(Assignment {
                    permission_set: PermissionSetArn(row.permission_set_arn()?.to_owned()),
                    principal: principal(row.principal_type(), row.principal_id())?,
                })
            })
            .collect())
    }

    /// The same on every account.
    pub async fn assignments_everywhere(
        &self,
        instance: &Instance,
        of: &Principal,
    ) -> Result<Vec<AccountAssignment>, Gap> {
        let rows = self.rows_of(instance, of, None).await?;
        Ok(rows
            .iter()
            .filter_map(|row| {
                Some(AccountAssignment {
                    account: row.account_id()?.to_owned(),
                    permission_set: PermissionSetArn(row.permission_set_arn()?.to_owned()),
                    principal: principal(row.principal_type(), row.principal_id())?,
                })
            })
            .collect())
    }

    /// ListAccountAssignmentsForPrincipal of a group, all pages: how many accounts it opens.
    pub async fn accounts_opened_by(&self, instance: &Instance, group: &GroupId) -> Result<usize, Gap> {
        let rows = self.rows_of(instance, &Principal::Group(group.clone()), None).await?;
        Ok(rows.iter().filter_map(AccountAssignmentForPrincipal::account_id).collect::<BTreeSet<_>>().len())
    }

    async fn rows_of(
        &self,
        instance: &Instance,
        of: &Principal,
        account: Option<&str>,
    ) -> Result<Vec<AccountAssignmentForPrincipal>, Gap> {
        const OPERATION: &str = "sso:ListAccountAssignmentsForPrincipal";
        let (principal_type, id) = match of {
            Principal::Group(id) => (PrincipalType::Group, &id.0),
            Principal::User(id) => (PrincipalType::User, &id.0),
        };
        let filter =
            account.map(|account| ListAccountAssignmentsFilter::builder().account_id(account).build());
        let mut pages = self
            .sso_admin
            .list_account_assignments_for_principal()
            .instance_arn(&instance.arn)
            .principal_type(principal_type)
            .principal_id(id)
            .set_filter(filter)
            .max_results(PAGE)
            .into_paginator()
            .send();
        let mut rows = Vec::new();
        let mut more = true;
        while more {
            let fetched = call(OPERATION, &self.sso_admin_pace, async { pages.next().await.transpose() });
            let Some(page) = fetched.await.map_err(|error| gap(OPERATION, &error))? else { break };
            more = page.next_token().is_some();
            rows.extend_from_slice(page.account_assignments());
        }
        Ok(rows)
    }
}

pub(super) fn principal(principal_type: Option<&PrincipalType>, id: Option<&str>) -> Option<Principal> {
    match principal_type? {
        PrincipalType::Group => Some(Principal::Group(GroupId(id?.to_owned()))),
        PrincipalType::User => Some(Principal::User(UserId(id?.to_owned()))),
        _ => None,
    }
}
