//! `no_assignment`: nothing that the person is or could be in is assigned on this account.

use super::{Case, Finding};

pub(super) fn holds(case: &Case) -> Option<Finding> {
    let anything_else_open = case.routes.iter().any(|route| route.wanted != Some(false) || route.works());
    (case.account.is_some() && !anything_else_open).then_some(Finding::NoAssignment)
}
