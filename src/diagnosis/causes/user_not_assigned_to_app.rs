//! `user_not_assigned_to_app`: Okta pushes the group, and leaves out members who are not assigned to the
//! application themselves.

use super::{Case, IdpFinding};
use crate::diagnosis::routes::Break;

pub(super) fn holds(case: &Case) -> Option<IdpFinding> {
    match case.best_break()? {
        Break::PersonNotAssignedToApp { group } => {
            Some(IdpFinding::UserNotAssignedToApp { group: group.clone() })
        }
        _ => None,
    }
}
