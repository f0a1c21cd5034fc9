//! `permission_set_not_provisioned`: assigned, but the account does not have the permission set.

use super::{Case, Finding};
use crate::diagnosis::routes::Break;

pub(super) fn holds(case: &Case) -> Option<Finding> {
    (*case.best_break()? == Break::NotProvisioned).then_some(Finding::PermissionSetNotProvisioned)
}
