//! `sync_pending`: the change is younger than what the IdP sent last; it is on its way.

use super::{Case, IdpFinding};
use crate::diagnosis::routes::Break;

pub(super) fn holds(case: &Case) -> Option<IdpFinding> {
    match case.best_break()? {
        Break::SyncPending(pending) => Some(IdpFinding::SyncPending(pending.clone())),
        _ => None,
    }
}
