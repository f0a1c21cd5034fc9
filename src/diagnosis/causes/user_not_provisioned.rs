//! `user_not_provisioned`: neither user name nor e-mail leads to anybody in Identity Center.

use super::{Case, Finding};
use crate::diagnosis::facts::Identity;

pub(super) fn holds(case: &Case) -> Option<Finding> {
    (case.facts.identity() == Identity::Nobody).then_some(Finding::UserNotProvisioned)
}
