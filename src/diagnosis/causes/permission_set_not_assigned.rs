//! `permission_set_not_assigned`: the account opens, but not with the permission set asked for.

use super::{Case, Finding};

pub(super) fn holds(case: &Case) -> Option<Finding> {
    let best = case.best()?;
    if best.wanted != Some(false) || !best.works() {
        return None;
    }
    let mut has: Vec<String> = case
        .routes
        .iter()
        .filter(|route| route.works())
        .filter_map(|route| route.permission_set_name.clone())
        .collect();
    has.sort();
    has.dedup();
    Some(Finding::PermissionSetNotAssigned { has })
}
