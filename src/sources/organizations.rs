//! AWS Organizations: the accounts.

use aws_config::SdkConfig;
use aws_sdk_organizations::error::SdkError;
use aws_sdk_organizations::types::Account as WireAccount;

use super::throttles::Throttles;
use super::{Limits, Pace, call, gap, incomplete, tried};
use crate::checkup::Tried;
use crate::diagnosis::facts::{Account, AccountState, Gap};

/// The most that ListAccounts gives at once (API reference, `MaxResults`).
const PAGE: i32 = 20;

/// The client.
pub struct Organizations {
    client: aws_sdk_organizations::Client,
    list_pace: Pace,
    describe_pace: Pace,
}

impl Organizations {
    /// A client with this configuration's credentials and endpoint, that keeps these limits.
    pub fn new(aws: &SdkConfig, limits: Limits) -> Self {
        Self {
            client: aws_sdk_organizations::Client::from_conf(
                aws_sdk_organizations::config::Builder::from(aws).interceptor(Throttles).build(),
            ),
            list_pace: Pace::per_second(limits.list_accounts),
            describe_pace: Pace::per_second(limits.describe_account),
        }
    }

    /// ListAccounts, all pages; a page may be empty and still not be the last.
    pub async fn accounts(&self) -> Result<Vec<Account>, Gap> {
        const OPERATION: &str = "organizations:ListAccounts";
        let mut pages = self.client.list_accounts().max_results(PAGE).into_paginator().send();
        let mut accounts = Vec::new();
        let mut more = true;
        while more {
            let fetched = call(OPERATION, &self.list_pace, async { pages.next().await.transpose() });
            let Some(page) = fetched.await.map_err(|error| gap(OPERATION, &error))? else { break };
            more = page.next_token().is_some();

            accounts.extend(page.accounts().iter().filter_map(account));
        }
        Ok(accounts)
    }

    /// ListAccounts, for one account: whether it is allowed.
    pub async fn try_listing(&self) -> Tried {
        const OPERATION: &str = "organizations:ListAccounts";
        let request = self.client.list_accounts().max_results(1).send();
        tried(OPERATION, call(OPERATION, &self.list_pace, request).await)
    }

    /// DescribeAccount: whether it is allowed.
    pub async fn try_describing(&self, id: &str) -> Tried {
        const OPERATION: &str = "organizations:DescribeAccount";
        let request = self.client.describe_account().account_id(id).send();
        tried(OPERATION, call(OPERATION, &self.describe_pace, request).await)
    }

    /// DescribeAccount: the account, nothing where the organization has none of that id.
    pub async fn account(&self, id: &str) -> Result<Option<Account>, Gap> {
        const OPERATION: &str = "organizations:DescribeAccount";
        let request = self.client.describe_account().account_id(id).send();
        match call(OPERATION, &self.describe_pace, request).await {
            Ok(answer) => answer.account().and_then(account).map(Some).ok_or_else(|| incomplete(OPERATION)),
            Err(SdkError::ServiceError(answer)) if answer.err().is_account_not_found_exception() => Ok(None),
            Err(error) => Err(gap(OPERATION, &error)),
        }
    }
}

/// `State` where AWS gives it; the older `Status`, retired in September 2026, where it does not.
fn account(wire: &WireAccount) -> Option<Account> {
    let state = match wire.state() {
        Some(state) => Some(state.as_str()),
        None => wire.status().map(|status| status.as_str()),
    };
    Some(Account {
        id: wire.id()?.to_owned(),
        name: wire.name().unwrap_or_default().to_owned(),
        state: match state? {
            "PENDING_ACTIVATION" => AccountState::PendingActivation,
            "ACTIVE" => AccountState::Active,
            "SUSPENDED" => AccountState::Suspended,
            "PENDING_CLOSURE" => AccountState::PendingClosure,
            "CLOSED" => AccountState::Closed,
            other => AccountState::Other(other.to_owned()),
        },
    })
}
