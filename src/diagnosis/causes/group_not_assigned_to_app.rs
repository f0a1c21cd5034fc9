//! `group_not_assigned_to_app`: the IdP's application for AWS does not have the person's group: no app-role
//! assignment in Entra, no group push mapping in Okta.

use super::{Case, IdpFinding};
use crate::diagnosis::routes::Break;

pub(super) fn holds(case: &Case) -> Option<IdpFinding> {
    match case.best_break()? {
        Break::GroupNotAssignedToApp { group } => {
            Some(IdpFinding::GroupNotAssignedToApp { group: group.clone() })
        }
        _ => None,
    }
}
