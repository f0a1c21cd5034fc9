//! The Organizations operations that read accounts. Organizations is one service for all Regions.

use serde::Deserialize;
use serde_json::{Value, json};

use super::call::Call;
use super::epoch_seconds;
use super::pages::{page, position, token};
use super::refusal::Refusal;
use crate::sandbox::company::{Account, AccountState, Company};

pub(super) fn carry_out(company: &Company, call: &Call) -> Result<Value, Refusal> {
    match call.operation {
        "ListAccounts" => list_accounts(company, call),
        "DescribeAccount" => describe_account(company, call),
        "DescribeOrganization" => Ok(describe_organization(company)),
        _ => Err(Refusal::unknown_operation()),
    }
}

/// AWS warns that a page can be empty although more follow, so between the first page and the second the
/// list always holds such a one: its token is the second page's with this mark.
const EMPTY_PAGE_MARK: &str = "empty.";

fn list_accounts(company: &Company, call: &Call) -> Result<Value, Refusal> {
    if let Some(after) = call.page.next_token.as_deref().and_then(|token| token.strip_prefix(EMPTY_PAGE_MARK))
    {
        let position = position(call, after)?;
        return Ok(json!({ "Accounts": [], "NextToken": token(call, position) }));
    }
    let accounts = company.accounts.iter().map(|account| account_json(company, account)).collect();
    let (accounts, mut next_token) = page(call, accounts, company.organizations_page_size)?;
    if call.page.next_token.is_none() {
        next_token = next_token.map(|token| format!("{EMPTY_PAGE_MARK}{token}"));
    }
    Ok(json!({ "Accounts": accounts, "NextToken": next_token }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ById {
    account_id: String,
}

fn describe_account(company: &Company, call: &Call) -> Result<Value, Refusal> {
    let input: ById = call.input()?;
    if input.account_id.len() != 12 || !input.account_id.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refusal::invalid(call.service, "AccountId must be twelve digits"));
    }
    let account = company.accounts.iter().find(|account| account.id == input.account_id);
    let account = account.ok_or_else(Refusal::account_not_found)?;
    Ok(json!({ "Account": account_json(company, account) }))
}

fn describe_organization(company: &Company) -> Value {
    let organization_id = &company.organization_id;
    let management_id = &company.management_account_id;
    let management = company.accounts.iter().find(|account| account.id == *management_id);
    json!({
        "Organization": {
            "Id": organization_id,
            "Arn": format!("arn:aws:organizations::{management_id}:organization/{organization_id}"),
            "FeatureSet": "ALL",
            "MasterAccountArn": account_arn(company, management_id),
            "MasterAccountId": management_id,
            "MasterAccountEmail": management.map(|account| account.email.as_str()),
            "AvailablePolicyTypes": [],
        }
    })
}

fn account_json(company: &Company, account: &Account) -> Value {
    let (state, status) = state_and_status(account.state);
    json!({
        "Id": account.id,
        "Arn": account_arn(company, &account.id),
        "Email": account.email,
        "Name": account.name,
        "State": state,
        "Status": status,
        "JoinedMethod": "CREATED",
        "JoinedTimestamp": epoch_seconds(account.joined_at),
    })
}

/// `State`, and beside it the retired `Status`, which has no word for an account that is not yet active.
fn state_and_status(state: AccountState) -> (&'static str, Option<&'static str>) {
    match state {
        AccountState::PendingActivation => ("PENDING_ACTIVATION", None),
        AccountState::Active => ("ACTIVE", Some("ACTIVE")),
        AccountState::Suspended => ("SUSPENDED", Some("SUSPENDED")),
        AccountState::PendingClosure => ("PENDING_CLOSURE", Some("PENDING_CLOSURE")),
        AccountState::Closed => ("CLOSED", Some("SUSPENDED")),
    }
}

fn account_arn(company: &Company, account_id: &str) -> String {
    let management_id = &company.management_account_id;
    format!("arn:aws:organizations::{management_id}:account/{}/{account_id}", company.organization_id)
}
