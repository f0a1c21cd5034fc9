//! `assignment_in_progress`: AWS is still making the assignment.

use super::{Case, Finding};
use crate::diagnosis::routes::Break;

pub(super) fn holds(case: &Case) -> Option<Finding> {
    match case.best_break()? {
        Break::RequestInProgress { since } => Some(Finding::AssignmentInProgress { since: *since }),
        _ => None,
    }
}
