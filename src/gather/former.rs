//! What deleted groups were called: AWS does not say, and whoever keeps a memory of groups may. If nobody knows, which of
//! the person's groups may be one of them, created again.

use futures::FutureExt as _;
use futures::future::BoxFuture;

use super::inquiry::Inquiry;
use crate::diagnosis::facts::Facts;
use crate::diagnosis::wants;

/// Groups of the person's that are weighed as what a deleted one may have become, the likeliest first: each costs a call.
const REPLACEMENTS_WEIGHED: usize = 3;

impl Inquiry<'_> {
    /// The names of the deleted groups that assignments on the account are left of.
    pub(super) fn former_names<'a>(&'a self, facts: &'a mut Facts) -> BoxFuture<'a, ()> {
        async move {
            let deleted = wants::deleted_groups(facts);
            if let Some(former_names) = self.gather.former_names.as_ref().filter(|_| !deleted.is_empty()) {
                facts.former_groups = former_names(deleted).await;
            }
        }
        .boxed()
    }

    /// How many accounts each group opens that may be a deleted one: one that opens many is none.
    pub(super) fn what_may_have_replaced_them<'a>(&'a self, facts: &'a mut Facts) -> BoxFuture<'a, ()> {
        async move {
            let mut groups = wants::replacements_to_weigh(facts);
            groups.truncate(REPLACEMENTS_WEIGHED);
            facts.opens_accounts.extend(self.opens_accounts(&groups).await);
        }
        .boxed()
    }
}
