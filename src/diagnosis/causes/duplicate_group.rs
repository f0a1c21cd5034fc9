//! `duplicate_group`: the person is in a group of the same name (exactly, or but for what the eye
//! misses), and the assignment is on the other.

use super::{Case, Finding};
use crate::diagnosis::routes::{Break, Via};

pub(super) fn holds(case: &Case) -> Option<Finding> {
    match (case.best_break()?, &case.best()?.via) {
        (Break::LookAlike { own, likeness }, Via::Group(_, Some(assigned))) => {
            Some(Finding::DuplicateGroup {
                own: own.clone(),
                assigned: Box::new(assigned.clone()),
                likeness: *likeness,
            })
        }
        _ => None,
    }
}
