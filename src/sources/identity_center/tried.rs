//! What the bot is allowed at Identity Center: each action tried by a call that reads one entry at most, or asks
//! for what nobody has.

use aws_sdk_identitystore::error::BuildError;
use aws_sdk_identitystore::types::{AlternateIdentifier, MemberId, UniqueAttribute};
use aws_sdk_ssoadmin::types::{PrincipalType, RegionScope};

use super::{IdentityCenter, Instance, LIST_INSTANCES, ListedInstance};
use crate::checkup::Tried;
use crate::sources::{attempted, call, tried, tried_of_all, unsendable};

/// An id of the right form that nothing has: the answer is "not found" where the question is allowed.
const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

/// A user name that nobody has.
const NO_NAME: &str = "sso-why-doctor-asks-for-nobody";

impl IdentityCenter {
    /// ListInstances: the active instances of this Region, or of any.
    ///
    /// # Errors
    /// What came of the try, where it is no list.
    pub async fn try_instances(&self, anywhere: bool) -> Result<Vec<ListedInstance>, Tried> {
        attempted(LIST_INSTANCES, self.listed(anywhere.then_some(RegionScope::AllRegions)).await)
    }

    /// ListPermissionSetsProvisionedToAccount: the try, and a permission set for the next ones.
    pub async fn try_provisioned(&self, instance: &Instance, account: &str) -> (Tried, Option<String>) {
        const OPERATION: &str = "sso:ListPermissionSetsProvisionedToAccount";
        let list = self.sso_admin.list_permission_sets_provisioned_to_account();
        let request = list.instance_arn(&instance.arn).account_id(account).max_results(1).send();
        match attempted(OPERATION, call(OPERATION, &self.sso_admin_pace, request).await) {
            Ok(listed) => (Tried::Allowed, listed.permission_sets().first().cloned()),
            Err(tried) => (tried, None),
        }
    }

    /// One of the other actions on assignments, by its IAM name.
    pub async fn try_assignments(
        &self,
        action: &'static str,
        instance: &Instance,
        account: &str,
        permission_set: Option<&str>,
    ) -> Tried {
        let made_up =
            format!("{}/ps-0000000000000000", instance.arn.replacen(":instance/", ":permissionSet/", 1));
        let permission_set = permission_set.unwrap_or(&made_up);
        let (client, pace) = (&self.sso_admin, &self.sso_admin_pace);
        match action {
            "sso:ListAccountAssignments" => {
                let list = client.list_account_assignments().instance_arn(&instance.arn).account_id(account);
                let request = list.permission_set_arn(permission_set).max_results(1).send();
                tried(action, call(action, pace, request).await)
            }
            "sso:ListAccountAssignmentsForPrincipal" => {
                let list = client.list_account_assignments_for_principal().instance_arn(&instance.arn);
                let list = list.principal_type(PrincipalType::Group).principal_id(NOBODY);
                tried(action, call(action, pace, list.max_results(1).send()).await)
            }
            "sso:DescribePermissionSet" => {
                let describe = client.describe_permission_set().instance_arn(&instance.arn);
                tried(action, call(action, pace, describe.permission_set_arn(permission_set).send()).await)
            }
            "sso:ListAccountAssignmentCreationStatus" => {
                let list = client.list_account_assignment_creation_status().instance_arn(&instance.arn);
                tried_of_all(action, call(action, pace, list.max_results(1).send()).await)
            }
            "sso:ListApplications" => {
                let request = client.list_applications().instance_arn(&instance.arn).max_results(1).send();
                tried_of_all(action, call(action, pace, request).await)
            }
            "sso:DescribeAccountAssignmentCreationStatus" => {
                let describe = client.describe_account_assignment_creation_status();
                let describe = describe.instance_arn(&instance.arn);
                let request = describe.account_assignment_creation_request_id(NOBODY).send();
                tried(action, call(action, pace, request).await)
            }
            "sso:ListAccountAssignmentDeletionStatus" => {
                let list = client.list_account_assignment_deletion_status().instance_arn(&instance.arn);
                tried_of_all(action, call(action, pace, list.max_results(1).send()).await)
            }
            "sso:DescribeAccountAssignmentDeletionStatus" => {
                let describe = client.describe_account_assignment_deletion_status();
                let describe = describe.instance_arn(&instance.arn);
                let request = describe.account_assignment_deletion_request_id(NOBODY).send();
                tried(action, call(action, pace, request).await)
            }
            _ => Tried::Unread(unsendable(action)),
        }
    }

    /// One of the actions on the identity store, by its IAM name.
    pub async fn try_store(&self, action: &'static str, instance: &Instance) -> Tried {
        let (client, store) = (&self.identity_store, &instance.identity_store_id);
        let one_of_nobody = MemberId::UserId(NOBODY.to_owned());
        match action {
            "identitystore:GetUserId" => {
                let Ok(attribute) = no_name("userName") else { return Tried::Unread(unsendable(action)) };
                let request = client.get_user_id().identity_store_id(store);
                let request = request.alternate_identifier(AlternateIdentifier::UniqueAttribute(attribute));
                tried(action, call(action, &self.get_user_id_pace, request.send()).await)
            }
            "identitystore:GetGroupId" => {
                let Ok(attribute) = no_name("displayName") else { return Tried::Unread(unsendable(action)) };
                let request = client.get_group_id().identity_store_id(store);
                let request = request.alternate_identifier(AlternateIdentifier::UniqueAttribute(attribute));
                tried(action, call(action, &self.get_group_id_pace, request.send()).await)
            }
            "identitystore:DescribeUser" => {
                let request = client.describe_user().identity_store_id(store).user_id(NOBODY).send();
                tried(action, call(action, &self.describe_user_pace, request).await)
            }
            "identitystore:DescribeGroup" => {
                let request = client.describe_group().identity_store_id(store).group_id(NOBODY).send();
                tried(action, call(action, &self.describe_group_pace, request).await)
            }
            "identitystore:ListGroupMembershipsForMember" => {
                let list = client.list_group_memberships_for_member().identity_store_id(store);
                let request = list.member_id(one_of_nobody).max_results(1).send();
                tried(action, call(action, &self.memberships_pace, request).await)
            }
            "identitystore:ListGroups" => {
                let request = client.list_groups().identity_store_id(store).max_results(1).send();
                tried_of_all(action, call(action, &self.list_groups_pace, request).await)
            }
            "identitystore:ListGroupMemberships" => {
                let list = client.list_group_memberships().identity_store_id(store).group_id(NOBODY);
                tried(action, call(action, &self.members_pace, list.max_results(1).send()).await)
            }
            _ => Tried::Unread(unsendable(action)),
        }
    }
}

fn no_name(path: &str) -> Result<UniqueAttribute, BuildError> {
    UniqueAttribute::builder().attribute_path(path).attribute_value(NO_NAME.into()).build()
}
