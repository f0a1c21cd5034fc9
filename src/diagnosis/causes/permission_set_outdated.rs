//! `permission_set_outdated`: the account has an older version of the permission set: a warning, no hindrance.

use super::{Case, Finding};
use crate::diagnosis::routes::RouteState;

pub(super) fn holds(case: &Case) -> Option<Finding> {
    let best = case.best().filter(|best| best.gives_what_was_asked())?;
    matches!(best.state, RouteState::Works { outdated: true, .. }).then_some(Finding::PermissionSetOutdated)
}
