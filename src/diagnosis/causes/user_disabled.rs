//! `user_disabled`: Identity Center has the person disabled.

use super::{Case, Finding};

pub(super) fn holds(case: &Case) -> Option<Finding> {
    let enabled = case.person?.enabled;
    (!enabled).then_some(Finding::UserDisabled)
}
