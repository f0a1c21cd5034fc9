//! `sync_stopped`: the IdP sends nothing to AWS now: switched off, paused, in quarantine, never run, or its
//! credential is refused.

use super::{Case, IdpFinding};
use crate::diagnosis::routes::Break;

pub(super) fn holds(case: &Case) -> Option<IdpFinding> {
    match case.best_break()? {
        Break::SyncStopped(stopped) => Some(IdpFinding::SyncStopped(stopped.clone())),
        _ => None,
    }
}
