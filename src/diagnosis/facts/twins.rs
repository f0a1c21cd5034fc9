//! Which group of the IdP stands behind a group of the identity store.

use super::aws::{Group, names_id};
use super::idp::IdpGroup;

/// The IdP's group behind a group of the identity store: by external id first, by exact name second. A name
/// that is merely near is never taken for the same group.
pub fn twin_among<'g>(groups: &'g [IdpGroup], of: &Group) -> Option<&'g IdpGroup> {
    let by_id = groups.iter().find(|group| names_id(&of.external_ids, &group.id.0));
    by_id.or_else(|| groups.iter().filter(|group| group.name == of.name).min())
}
