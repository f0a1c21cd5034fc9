//! Which groups that went before any digest saw them still have access. AWS tells assignments by account and
//! permission set alone, so that each account is looked through, once; of the groups that go after that the digests
//! know by themselves.

use std::collections::{BTreeSet, HashSet};

use futures::future::join;
use futures::stream::{self, StreamExt as _};

use crate::diagnosis::facts::{AccountState, Fact, Gap, GapKind, GroupId, Principal};
use crate::digest::suspects::{Census, FormerGroup};
use crate::gather::inquiry::Inquiry;
use crate::sources::identity_center::Version;

/// Suspects or accounts that are looked into at once: people's questions share SSO Admin's rate and go before.
pub(super) const AT_ONCE: usize = 2;

/// Accounts that are looked through by one digest: with some ten permission sets on each, about three minutes at the
/// rate that people's questions share. The next digest goes on.
const ACCOUNTS: usize = 200;

/// What came of looking through accounts.
#[derive(Default)]
pub(super) struct Swept {
    /// Groups that are assigned somewhere and neither there nor known to an earlier digest.
    pub(super) gone: Vec<FormerGroup>,
    /// Accounts of which everything could be read.
    pub(super) looked_through: BTreeSet<String>,
    pub(super) gaps: Vec<Gap>,
}

impl Inquiry<'_> {
    /// Looks through accounts that have not been.
    pub(super) async fn gone_and_assigned(&self, census: &Census, done: &BTreeSet<String>) -> Swept {
        let listed = self.accounts().await;
        let Some(accounts) = listed.value() else {
            return Swept { gaps: listed.gap().cloned().into_iter().collect(), ..Swept::default() };
        };
        let active = accounts.iter().filter(|account| account.state == AccountState::Active);
        let left: Vec<String> =
            active.map(|account| account.id.clone()).filter(|account| !done.contains(account)).collect();
        let mut swept = Swept::default();
        if left.len() > ACCOUNTS {
            swept.gaps.push(too_many(left.len()));
        }
        let there = census.groups.groups().iter().map(|group| &group.id);
        let former = census.former.iter().map(|former| &former.id);
        let known: HashSet<&GroupId> = match left.is_empty() {
            true => HashSet::new(),
            false => there.chain(former).collect(),
        };
        let mut gone = BTreeSet::new();
        let looks = left.iter().take(ACCOUNTS).map(|account| self.assigned_on(account)).map(Box::pin);
        let looks: Vec<_> = looks.collect();
        let mut looks = stream::iter(looks).buffered(AT_ONCE);
        let mut accounts = left.iter();
        while let (Some((principals, unread)), Some(account)) = (looks.next().await, accounts.next()) {
            let groups = principals.into_iter().filter_map(|principal| match principal {
                Principal::Group(group) => Some(group),
                Principal::User(_) => None,
            });
            gone.extend(groups.filter(|group| !known.contains(group)));
            if unread.is_empty() {
                swept.looked_through.insert(account.clone());
            }
            swept.gaps.extend(unread);
        }
        let last_seen = self.gather.now();
        swept.gone = gone.into_iter().map(|id| FormerGroup { id, name: String::new(), last_seen }).collect();
        swept
    }

    async fn assigned_on(&self, account: &str) -> (Vec<Principal>, Vec<Gap>) {
        let (latest, outdated) =
            join(self.provisioned(account, Version::Latest), self.provisioned(account, Version::Outdated))
                .await;
        let mut gaps: Vec<Gap> = [&latest, &outdated].into_iter().filter_map(Fact::gap).cloned().collect();
        let sets: Vec<_> = [latest, outdated]
            .iter()
            .filter_map(Fact::value)
            .flatten()
            .cloned()
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        let assignments = self.assignments(Some(account), &sets).await;
        gaps.extend(assignments.values().filter_map(Fact::gap).cloned());
        let principals = assignments.values().filter_map(Fact::value).flatten().cloned();
        (principals.collect(), gaps)
    }
}

fn too_many(left: usize) -> Gap {
    Gap {
        kind: GapKind::Error,
        operation: "sso:ListAccountAssignments".to_owned(),
        detail: format!(
            "{left} accounts were still to be looked through for access of groups that are gone; this digest took \
             {ACCOUNTS}, and the next goes on"
        ),
    }
}
