//! The account that was asked about: found by its number or by its name, as it is now.

use std::sync::Arc;

use super::Inquiry;
use crate::diagnosis::accounts::accounts_named;
use crate::diagnosis::facts::{Account, AccountSearch, Fact, Gap, Known, PermissionSetArn};
use crate::diagnosis::names::nearest;
use crate::diagnosis::question::Question;
use crate::gather::gatherer::Gather;
use crate::gather::memory::{Freshness, recall};
use crate::sources::identity_center::Version;

/// Account names offered for a mistyped one: they become buttons, and five fit a row on a phone.
const NEAREST_NAMES: usize = 5;

/// The account, and the permission sets that it has.
pub(in crate::gather) struct Place {
    pub(in crate::gather) account: Fact<AccountSearch>,
    pub(in crate::gather) unconfirmed: Option<Gap>,
    pub(in crate::gather) latest: Fact<Vec<PermissionSetArn>>,
    pub(in crate::gather) outdated: Fact<Vec<PermissionSetArn>>,
}

/// What the list of accounts says of a name.
enum Listed {
    /// Exactly one account; as it was listed, where it was.
    Id(String, Option<Known<Account>>),
    /// No need to ask further.
    Settled(Fact<AccountSearch>),
}

impl Gather {
    /// All accounts by name, for a type-ahead; remembered.
    pub async fn accounts(&self) -> Fact<Arc<Vec<Account>>> {
        self.inquiry(Freshness::Remembered).accounts().await
    }
}

impl Inquiry<'_> {
    pub(in crate::gather) async fn place(&self, question: &Question) -> Place {
        let listed = match question.account_id() {
            Some(id) => Listed::Id(id, None),
            None => self.by_name(&question.account).await,
        };
        let (id, listed) = match listed {
            Listed::Id(id, listed) => (id, listed),
            Listed::Settled(account) => {
                return Place {
                    account,
                    unconfirmed: None,
                    latest: Fact::NotAsked,
                    outdated: Fact::NotAsked,
                };
            }
        };
        let ((account, unconfirmed), latest, outdated) = futures::join!(
            self.account(&id, listed),
            self.provisioned(&id, Version::Latest),
            self.provisioned(&id, Version::Outdated),
        );
        Place { account, unconfirmed, latest, outdated }
    }

    async fn by_name(&self, name: &str) -> Listed {
        let known = match self.accounts().await {
            Fact::Known(known) => known,
            Fact::Gap(gap) => return Listed::Settled(Fact::Gap(gap)),
            Fact::NotAsked => return Listed::Settled(Fact::NotAsked),
        };
        let settled =
            |value| Listed::Settled(Fact::Known(Known { value, as_of: known.as_of, source: known.source }));
        match accounts_named(&known.value, name).as_slice() {
            [] => settled(AccountSearch::NotFound {
                nearest: nearest(
                    name,
                    known.value.iter().map(|account| account.name.as_str()),
                    NEAREST_NAMES,
                ),
            }),
            [account] => {
                let listed = Known { value: (*account).clone(), as_of: known.as_of, source: known.source };
                Listed::Id(account.id.clone(), Some(listed))
            }
            several => settled(AccountSearch::Several(several.iter().copied().cloned().collect())),
        }
    }

    /// The account as it is now; as it was listed, where that cannot be read.
    async fn account(&self, id: &str, listed: Option<Known<Account>>) -> (Fact<AccountSearch>, Option<Gap>) {
        let described = self
            .timed("organizations:DescribeAccount", async { self.gather.organizations.account(id).await })
            .await;
        match (described, listed) {
            (Fact::Gap(gap), Some(Known { value, as_of, source })) => {
                (Fact::Known(Known { value: AccountSearch::Found(value), as_of, source }), Some(gap))
            }
            (described, _) => {
                let search = described.map(|account| match account {
                    Some(account) => AccountSearch::Found(account),
                    None => AccountSearch::NotFound { nearest: Vec::new() },
                });
                (search, None)
            }
        }
    }

    pub(in crate::gather) async fn accounts(&self) -> Fact<Arc<Vec<Account>>> {
        let ask = async { self.gather.organizations.accounts().await.map(Arc::new) };
        let (memory, clock) = (&self.gather.memory.accounts, &self.gather.clock);
        self.in_time("organizations:ListAccounts", recall(memory, (), self.freshness, clock, ask)).await
    }
}
