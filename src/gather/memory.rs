//! What is remembered between questions, and for how long. Every entry knows when it was asked for.

use std::collections::BTreeMap;
use std::future::Future;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use moka::future::Cache;

use crate::diagnosis::facts::idp::{
    AppAssignment, Application, IdpGroupId, IdpUserId, Synchronization, Trouble,
};
use crate::diagnosis::facts::{
    Account, ExternalId, Fact, Gap, Group, GroupId, IdentitySource, Known, PermissionSetArn, Principal,
    RequestState, Source,
};
use crate::diagnosis::portal::AccountAssignment;
use crate::sources::Clock;
use crate::sources::identity_center::{FoundInstance, RequestOnAccount, Version};

/// Whether remembered answers will do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// What is remembered will do.
    Remembered,
    /// Everything is asked anew; the answers are remembered.
    Live,
}

/// The instance and the names of permission sets change with a redeployment at most.
const AN_HOUR: Duration = Duration::from_secs(60 * 60);
/// Names of accounts and groups: new ones should not take long to be known.
const TEN_MINUTES: Duration = Duration::from_secs(10 * 60);
/// Assignments, synchronization and logs: just long enough that a crowd asking about one account makes one
/// set of calls, and that an agent who asks after the person does not ask for everything again.
const A_MINUTE: Duration = Duration::from_secs(60);
/// Entries of each kind. The largest kinds are bounded by AWS's own quotas (100,000 groups; 7,000 accounts
/// × 500 permission sets in theory); 50,000 names are a few megabytes.
const ENTRIES: u64 = 50_000;

/// An answer with the moment at which it was asked for.
#[derive(Clone)]
pub(super) struct Remembered<T> {
    value: T,
    asked_at: Timestamp,
}

pub(super) type Memo<K, T> = Cache<K, Remembered<T>>;

/// Everything that is remembered. Nothing of a person is, since they ask because something changed; but for
/// what the IdP's logs say, which Entra lets be read five times in ten seconds only.
pub(super) struct Memory {
    pub(super) instance: Memo<(), Option<FoundInstance>>,
    pub(super) accounts: Memo<(), Arc<Vec<Account>>>,
    pub(super) provisioned: Memo<(String, Version), Vec<PermissionSetArn>>,
    pub(super) assignments: Memo<(String, PermissionSetArn), Vec<Principal>>,
    pub(super) groups: Memo<GroupId, Option<Group>>,
    pub(super) permission_set_names: Memo<PermissionSetArn, String>,
    pub(super) opens_accounts: Memo<GroupId, usize>,
    pub(super) assigned_to: Memo<GroupId, Vec<AccountAssignment>>,
    pub(super) identity_source: Memo<(), Option<IdentitySource>>,
    /// By request and state: what a request is for never changes.
    pub(super) requests: Memo<(String, RequestState), Option<RequestOnAccount>>,
    /// Names of Identity Center's own applications, which are no accounts.
    pub(super) application_names: Memo<(), Vec<String>>,
    /// All that may be the application for AWS, the likeliest first.
    pub(super) applications: Memo<(), Vec<Application>>,
    /// By the application's id.
    pub(super) synchronization: Memo<String, Synchronization>,
    pub(super) sends_groups: Memo<String, bool>,
    /// How an application has each of its groups, by the application's id.
    pub(super) sent: Memo<String, Arc<BTreeMap<IdpGroupId, AppAssignment>>>,
    /// By the person's or the group's id, and for a group the member's.
    pub(super) troubles: Memo<(String, Option<IdpUserId>), Vec<Trouble>>,
    pub(super) added_at: Memo<(IdpGroupId, IdpUserId), Option<Timestamp>>,
    issuer: Mutex<Option<String>>,
}

impl Memory {
    pub(super) fn new() -> Self {
        Self {
            instance: memo("instance", AN_HOUR),
            accounts: memo("accounts", TEN_MINUTES),
            provisioned: memo("provisioned", A_MINUTE),
            assignments: memo("assignments", A_MINUTE),
            groups: memo("groups", TEN_MINUTES),
            permission_set_names: memo("permission_set_names", AN_HOUR),
            opens_accounts: memo("opens_accounts", TEN_MINUTES),
            assigned_to: memo("assigned_to", A_MINUTE),
            identity_source: memo("identity_source", AN_HOUR),
            requests: memo("requests", AN_HOUR),
            application_names: memo("application_names", TEN_MINUTES),
            applications: memo("applications", TEN_MINUTES),
            synchronization: memo("synchronization", A_MINUTE),
            sends_groups: memo("sends_groups", TEN_MINUTES),
            sent: memo("sent", A_MINUTE),
            troubles: memo("troubles", A_MINUTE),
            added_at: memo("added_at", A_MINUTE),
            issuer: Mutex::new(None),
        }
    }

    /// Under which issuer AWS keeps the IdP's ids: seen last, and asked for by no call of its own.
    pub(super) fn issuer(&self) -> Option<String> {
        self.issuer.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes note of the issuer of these ids.
    pub(super) fn note_issuer(&self, ids: &[ExternalId]) {
        if let Some(seen) = ids.iter().find(|external| external.is_from_an_idp()) {
            *self.issuer.lock().unwrap_or_else(PoisonError::into_inner) = Some(seen.issuer.clone());
        }
    }
}

fn memo<K: Hash + Eq + Send + Sync + 'static, T: Clone + Send + Sync + 'static>(
    name: &str,
    lives: Duration,
) -> Memo<K, T> {
    Cache::builder().name(name).max_capacity(ENTRIES).time_to_live(lives).build()
}

/// The remembered answer, or a new one; concurrent questions share one call. A failure is not remembered.
pub(super) async fn recall<K, T>(
    memo: &Memo<K, T>,
    key: K,
    freshness: Freshness,
    clock: &Clock,
    ask: impl Future<Output = Result<T, Gap>>,
) -> Fact<T>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    T: Clone + Send + Sync + 'static,
{
    let started = clock();
    if freshness == Freshness::Live {
        memo.invalidate(&key).await;
    }
    let mut is_asked = false;
    let answer = memo
        .try_get_with(key, async {
            is_asked = true;
            ask.await.map(|value| Remembered { value, asked_at: started })
        })
        .await;
    let result = match (is_asked, freshness) {
        (false, _) => "hit",
        (true, Freshness::Remembered) => "miss",
        (true, Freshness::Live) => "bypassed",
    };
    let cache = memo.name().unwrap_or_default().to_owned();
    metrics::counter!("sso_why_cache_lookups_total", "cache" => cache, "result" => result).increment(1);
    match answer {
        Ok(Remembered { value, asked_at }) => {
            let source = if asked_at >= started { Source::Live } else { Source::Cache };
            Fact::Known(Known { value, as_of: asked_at, source })
        }
        Err(gap) => Fact::Gap(Gap::clone(&gap)),
    }
}
