//! What the digests remember of single groups.

use std::collections::BTreeSet;

use super::digest::KnownGroup;
use super::{Store, StoreError};

impl Store {
    /// What the digests remember of the groups with these ids.
    ///
    /// # Errors
    /// If the store is unavailable.
    pub async fn known_groups(&self, ids: &BTreeSet<String>) -> Result<Vec<KnownGroup>, StoreError> {
        let mut known = self.census().await?.groups;
        // A group that was gone before any digest saw it has no name.
        known.retain(|group| ids.contains(&group.id) && !group.name.is_empty());
        Ok(known)
    }
}
