//! `user_not_provisioned`: neither user name nor e-mail leads to anybody in Identity Center.

use super::{Case, Finding};
use crate::diagnosis::facts::Identity;
use crate::diagnosis::routes::Break;

pub(super) fn holds(case: &Case) -> Option<Finding> {
    if case.facts.identity() != Identity::Nobody {
        return None;
    }
    let missed = match case.best_break() {
        Some(Break::PersonNotArrived(missed)) => Some(missed.clone()),
        _ => None,
    };
    Some(Finding::UserNotProvisioned { missed })
}
