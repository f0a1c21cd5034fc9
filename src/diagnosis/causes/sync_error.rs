//! `sync_error`: the IdP's log or its group push mapping holds an error for this person or this group.

use super::{Case, IdpFinding};
use crate::diagnosis::routes::Break;

pub(super) fn holds(case: &Case) -> Option<IdpFinding> {
    match case.best_break()? {
        Break::SyncError(failed) => Some(IdpFinding::SyncError(failed.clone())),
        _ => None,
    }
}
