//! What deleted groups were called: AWS does not say, and whoever keeps a memory of groups may.

use futures::FutureExt as _;
use futures::future::BoxFuture;

use super::inquiry::Inquiry;
use crate::diagnosis::facts::Facts;
use crate::diagnosis::wants;

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
}
