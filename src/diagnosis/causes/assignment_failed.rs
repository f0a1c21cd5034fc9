//! `assignment_failed`: AWS could not make the assignment, and says why.

use super::{Case, Finding};
use crate::diagnosis::routes::Break;

pub(super) fn holds(case: &Case) -> Option<Finding> {
    match case.best_break()? {
        Break::RequestFailed { reason, at } => {
            Some(Finding::AssignmentFailed { reason: reason.clone(), at: *at })
        }
        _ => None,
    }
}
