//! The Identity Center operations that read permission sets, assignments and provisioning; [`assignment_requests`] has
//! those that read requests.
//!
//! [`assignment_requests`]: super::assignment_requests

use serde::Deserialize;
use serde_json::{Value, json};

use super::assignment_requests::{describe_creation, describe_deletion, list_creations, list_deletions};
use super::call::Call;
use super::epoch_seconds;
use super::pages::page;
use super::refusal::Refusal;
use crate::sandbox::company::{AccountInstance, Assignment, Company, PermissionSet, Principal, REGION};

pub(super) fn carry_out(company: &Company, call: &Call) -> Result<Value, Refusal> {
    match call.operation {
        "ListInstances" => list_instances(company, call),
        "ListPermissionSets" => list_permission_sets(company, call),
        "DescribePermissionSet" => describe_permission_set(company, call),
        "ListPermissionSetsProvisionedToAccount" => {
            list_permission_sets_provisioned_to_account(company, call)
        }
        "ListApplications" => list_applications(company, call),
        "ListAccountAssignments" => list_account_assignments(company, call),
        "ListAccountAssignmentsForPrincipal" => list_account_assignments_for_principal(company, call),
        "ListAccountAssignmentCreationStatus" => list_creations(company, call),
        "DescribeAccountAssignmentCreationStatus" => describe_creation(company, call),
        "ListAccountAssignmentDeletionStatus" => list_deletions(company, call),
        "DescribeAccountAssignmentDeletionStatus" => describe_deletion(company, call),
        _ => Err(Refusal::unknown_operation()),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Instances {
    #[serde(default)]
    region_scope: RegionScope,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum RegionScope {
    #[default]
    CurrentRegion,
    AllRegions,
}

fn list_instances(company: &Company, call: &Call) -> Result<Value, Refusal> {
    let input: Instances = call.input()?;
    let mut instances = Vec::new();
    if call.is_in_home_region() || input.region_scope == RegionScope::AllRegions {
        if let Some(AccountInstance { arn, identity_store_id, owner }) = &company.account_instance {
            instances.push(instance(company, arn, identity_store_id, owner));
        }
        let (arn, owner) = (&company.instance_arn, &company.management_account_id);
        instances.push(instance(company, arn, &company.identity_store_id, owner));
    }
    let (instances, next_token) = page(call, instances, company.page_size)?;
    Ok(json!({ "Instances": instances, "NextToken": next_token }))
}

fn instance(company: &Company, arn: &str, store: &str, owner: &str) -> Value {
    json!({
        "InstanceArn": arn,
        "IdentityStoreId": store,
        "IdentityStoreArn": format!("arn:aws:identitystore::{owner}:identitystore/{store}"),
        "OwnerAccountId": owner,
        "Name": company.instance_name,
        "CreatedDate": epoch_seconds(company.instance_created_at),
        "Status": "ACTIVE",
        "PrimaryRegion": REGION,
        "Regions": [{
            "RegionName": REGION,
            "Status": "ACTIVE",
            "AddedDate": epoch_seconds(company.instance_created_at),
            "IsPrimaryRegion": true,
        }],
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OfInstance {
    instance_arn: String,
}

fn list_permission_sets(company: &Company, call: &Call) -> Result<Value, Refusal> {
    let input: OfInstance = call.input()?;
    check_instance(company, call, &input.instance_arn)?;
    let arns = company.permission_sets.iter().map(|set| set.arn.as_str()).collect();
    let (arns, next_token) = page(call, arns, company.page_size)?;
    Ok(json!({ "PermissionSets": arns, "NextToken": next_token }))
}

fn list_applications(company: &Company, call: &Call) -> Result<Value, Refusal> {
    let input: OfInstance = call.input()?;
    check_instance(company, call, &input.instance_arn)?;
    let application = |(position, name): (usize, &String)| {
        let account = &company.management_account_id;
        json!({
            "ApplicationArn": format!("arn:aws:sso::{account}:application/ssoins-0000000000000000/apl-{position:016}"),
            "InstanceArn": company.instance_arn,
            "ApplicationAccount": account,
            "Name": name,
            "Status": "ENABLED",
        })
    };
    let applications = company.applications.iter().enumerate().map(application).collect();
    let (applications, next_token) = page(call, applications, company.page_size)?;
    Ok(json!({ "Applications": applications, "NextToken": next_token }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OfPermissionSet {
    instance_arn: String,
    permission_set_arn: String,
}

fn describe_permission_set(company: &Company, call: &Call) -> Result<Value, Refusal> {
    let input: OfPermissionSet = call.input()?;
    check_instance(company, call, &input.instance_arn)?;
    let set = permission_set(company, &input.permission_set_arn)?;
    Ok(json!({
        "PermissionSet": {
            "Name": set.name,
            "PermissionSetArn": set.arn,
            "Description": set.description,
            "CreatedDate": epoch_seconds(set.created_at),
            "SessionDuration": "PT1H",
        }
    }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OfAccount {
    instance_arn: String,
    account_id: String,
    provisioning_status: Option<ProvisioningStatus>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum ProvisioningStatus {
    LatestPermissionSetProvisioned,
    LatestPermissionSetNotProvisioned,
}

fn list_permission_sets_provisioned_to_account(company: &Company, call: &Call) -> Result<Value, Refusal> {
    let input: OfAccount = call.input()?;
    check_instance(company, call, &input.instance_arn)?;
    check_account(company, call, &input.account_id)?;
    let arns = company
        .provisioned
        .iter()
        .filter(|provisioned| provisioned.account_id == input.account_id)
        .filter(|provisioned| match input.provisioning_status {
            None => true,
            Some(ProvisioningStatus::LatestPermissionSetProvisioned) => provisioned.latest,
            Some(ProvisioningStatus::LatestPermissionSetNotProvisioned) => !provisioned.latest,
        })
        .map(|provisioned| provisioned.permission_set_arn.as_str())
        .collect();
    let (arns, next_token) = page(call, arns, company.page_size)?;
    Ok(json!({ "PermissionSets": arns, "NextToken": next_token }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OfAccountAndPermissionSet {
    instance_arn: String,
    account_id: String,
    permission_set_arn: String,
}

fn list_account_assignments(company: &Company, call: &Call) -> Result<Value, Refusal> {
    let input: OfAccountAndPermissionSet = call.input()?;
    check_instance(company, call, &input.instance_arn)?;
    check_account(company, call, &input.account_id)?;
    let set = permission_set(company, &input.permission_set_arn)?;
    let is_wanted = |assignment: &&Assignment| {
        assignment.account_id == input.account_id && assignment.permission_set_arn == set.arn
    };
    let assignments = company.assignments.iter().filter(is_wanted).map(assignment_json).collect();
    let (assignments, next_token) = page(call, assignments, company.page_size)?;
    Ok(json!({ "AccountAssignments": assignments, "NextToken": next_token }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ForPrincipal {
    instance_arn: String,
    principal_id: String,
    principal_type: PrincipalType,
    #[serde(default)]
    filter: AccountFilter,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum PrincipalType {
    User,
    Group,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AccountFilter {
    account_id: Option<String>,
}

/// For a user also the rows of the groups that the user is in; each row carries its own principal.
fn list_account_assignments_for_principal(company: &Company, call: &Call) -> Result<Value, Refusal> {
    let input: ForPrincipal = call.input()?;
    check_instance(company, call, &input.instance_arn)?;
    let group_ids = match input.principal_type {
        PrincipalType::User => company.group_ids_of(&input.principal_id),
        PrincipalType::Group => vec![input.principal_id.as_str()],
    };
    let is_wanted = |assignment: &&Assignment| {
        let is_theirs = match &assignment.principal {
            Principal::User(id) => input.principal_type == PrincipalType::User && *id == input.principal_id,
            Principal::Group(id) => group_ids.contains(&id.as_str()),
        };
        is_theirs
            && input.filter.account_id.as_ref().is_none_or(|account_id| assignment.account_id == *account_id)
    };
    let assignments = company.assignments.iter().filter(is_wanted).map(assignment_json).collect();
    let (assignments, next_token) = page(call, assignments, company.page_size)?;
    Ok(json!({ "AccountAssignments": assignments, "NextToken": next_token }))
}

/// Permission sets and assignments can be read in the instance's primary Region only.
pub(super) fn check_instance(company: &Company, call: &Call, instance_arn: &str) -> Result<(), Refusal> {
    if !instance_arn.starts_with("arn:aws:sso:::instance/") {
        return Err(Refusal::invalid(call.service, "InstanceArn must be the ARN of an instance"));
    }
    if instance_arn != company.instance_arn || !call.is_in_home_region() {
        return Err(Refusal::not_in_identity_center(&format!("Instance {instance_arn}")));
    }
    Ok(())
}

/// What AWS answers for a well-formed id outside the organization is not documented; not found is the one
/// error in the model that fits.
fn check_account(company: &Company, call: &Call, account_id: &str) -> Result<(), Refusal> {
    if account_id.len() != 12 || !account_id.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refusal::invalid(call.service, "AccountId must be twelve digits"));
    }
    if company.accounts.iter().all(|account| account.id != account_id) {
        return Err(Refusal::not_in_identity_center(&format!("Account {account_id}")));
    }
    Ok(())
}

fn permission_set<'a>(company: &'a Company, arn: &str) -> Result<&'a PermissionSet, Refusal> {
    let set = company.permission_sets.iter().find(|set| set.arn == arn);
    set.ok_or_else(|| Refusal::not_in_identity_center(&format!("PermissionSet {arn}")))
}

fn assignment_json(assignment: &Assignment) -> Value {
    let (principal_type, principal_id) = principal(&assignment.principal);
    json!({
        "AccountId": assignment.account_id,
        "PermissionSetArn": assignment.permission_set_arn,
        "PrincipalType": principal_type,
        "PrincipalId": principal_id,
    })
}

pub(super) fn principal(principal: &Principal) -> (&'static str, &str) {
    match principal {
        Principal::User(id) => ("USER", id),
        Principal::Group(id) => ("GROUP", id),
    }
}
