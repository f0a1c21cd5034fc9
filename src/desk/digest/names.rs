//! What deleted groups were called, from the digests' memory: a diagnosis asks, as AWS does not say it any more.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use secrecy::SecretString;

use crate::diagnosis::facts::{FormerName, GroupId};
use crate::gather::FormerNames;
use crate::store::Store;

/// How long a diagnosis waits for the memory: without it the answer is the same but for a name.
const WAITS: Duration = Duration::from_secs(3);

/// Asks this store.
pub fn former_names(store: Store) -> FormerNames {
    Arc::new(move |deleted| {
        let store = store.clone();
        in_time(async move { names(&store, deleted).await }).boxed()
    })
}

/// Asks the store at this URL, which is opened only if something has to be asked. Where there is none, or it is
/// unavailable, nothing is remembered.
pub fn former_names_at(url: SecretString) -> FormerNames {
    Arc::new(move |deleted| {
        let url = url.clone();
        in_time(async move {
            match Store::open_beside(&url).await {
                Ok(Some(store)) => names(&store, deleted).await,
                Ok(None) => BTreeMap::new(),
                Err(error) => {
                    tracing::warn!(%error, "the digests' memory of groups could not be read");
                    BTreeMap::new()
                }
            }
        })
        .boxed()
    })
}

fn in_time(
    asked: impl Future<Output = BTreeMap<GroupId, FormerName>> + Send + 'static,
) -> BoxFuture<'static, BTreeMap<GroupId, FormerName>> {
    async { tokio::time::timeout(WAITS, asked).await.unwrap_or_default() }.boxed()
}

async fn names(store: &Store, deleted: Vec<GroupId>) -> BTreeMap<GroupId, FormerName> {
    let ids: BTreeSet<String> = deleted.into_iter().map(|id| id.0).collect();
    match store.known_groups(&ids).await {
        Ok(known) => known
            .into_iter()
            .map(|group| (GroupId(group.id), FormerName { name: group.name, last_seen: group.last_seen }))
            .collect(),
        Err(error) => {
            tracing::warn!(%error, "the digests' memory of groups could not be read");
            BTreeMap::new()
        }
    }
}
