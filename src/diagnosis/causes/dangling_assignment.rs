//! `dangling_assignment`: the assignment names a group or user that no longer exists: re-created under the
//! same name, it has a new id. (User guide, "My user is referenced in a permission set but can't access…".)

use super::{Case, Finding};
use crate::diagnosis::routes::{Break, Via};

pub(super) fn holds(case: &Case) -> Option<Finding> {
    match case.best_break()? {
        Break::PrincipalGone { .. } => {
            Some(Finding::DanglingAssignment { to_a_user: case.best()?.via == Via::GoneUser })
        }
        _ => None,
    }
}
