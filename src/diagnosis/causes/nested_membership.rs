//! `nested_membership`: the person is only in a group inside the assigned one, and Entra sends direct members
//! alone.

use super::{Case, IdpFinding};
use crate::diagnosis::routes::{Break, Via};

pub(super) fn holds(case: &Case) -> Option<IdpFinding> {
    match (case.best_break()?, &case.best()?.via) {
        (Break::Nested { inner }, Via::Group(_, Some(outer))) => {
            Some(IdpFinding::NestedMembership { outer: outer.clone(), inner: inner.clone() })
        }
        _ => None,
    }
}
