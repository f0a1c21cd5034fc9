//! `portal_stale`: all is in place; if the portal does not show it, its own copy is old.

use super::{Case, Finding};
use crate::diagnosis::routes::RouteState;

pub(super) fn holds(case: &Case) -> Option<Finding> {
    let best = case.best().filter(|best| best.gives_what_was_asked())?;
    match best.state {
        RouteState::Works { outdated: false, member_since } => Some(Finding::PortalStale { member_since }),
        _ => None,
    }
}
