//! Before the first digest: which groups that are gone still have access. AWS tells assignments by account and
//! permission set alone, so that each of them is asked, once; the digests after it know the groups that go.

use std::collections::{BTreeSet, HashSet};

use futures::future::join;
use futures::stream::{self, StreamExt as _};

use super::{AT_ONCE, Inquiry};
use crate::diagnosis::facts::{AccountState, Fact, Gap, GapKind, GroupId, Principal};
use crate::digest::suspects::{Census, FormerGroup};
use crate::sources::identity_center::Version;

/// Accounts that are looked through: with some ten permission sets on each, about three minutes at the rate that
/// people's questions share.
const ACCOUNTS: usize = 200;

impl Inquiry<'_> {
    /// The groups that are assigned somewhere and not in the census, and what could not be read of them.
    pub(super) async fn gone_and_assigned(&self, census: &Census) -> (Vec<FormerGroup>, Vec<Gap>) {
        let listed = self.accounts().await;
        let Some(accounts) = listed.value() else {
            return (Vec::new(), listed.gap().cloned().into_iter().collect());
        };
        let active = accounts.iter().filter(|account| account.state == AccountState::Active);
        let active: Vec<String> = active.map(|account| account.id.clone()).collect();
        let mut gaps: Vec<Gap> =
            (active.len() > ACCOUNTS).then(|| too_many(active.len())).into_iter().collect();
        let there: HashSet<&GroupId> = census.groups.groups().iter().map(|group| &group.id).collect();
        let mut gone = BTreeSet::new();
        let looked_through = active.iter().take(ACCOUNTS).map(|account| self.assigned_on(account));
        let looked_through: Vec<_> = looked_through.map(Box::pin).collect();
        let mut looked_through = stream::iter(looked_through).buffered(AT_ONCE);
        while let Some((principals, unread)) = looked_through.next().await {
            let groups = principals.into_iter().filter_map(|principal| match principal {
                Principal::Group(group) => Some(group),
                Principal::User(_) => None,
            });
            gone.extend(groups.filter(|group| !there.contains(group)));
            gaps.extend(unread);
        }
        let last_seen = self.gather.now();
        let gone = gone.into_iter().map(|id| FormerGroup { id, name: String::new(), last_seen });
        (gone.collect(), gaps)
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

fn too_many(accounts: usize) -> Gap {
    Gap {
        kind: GapKind::Error,
        operation: "sso:ListAccountAssignments".to_owned(),
        detail: format!(
            "of {accounts} accounts {ACCOUNTS} were looked through for access of groups that are gone"
        ),
    }
}
