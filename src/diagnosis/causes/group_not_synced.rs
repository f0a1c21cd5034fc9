//! `group_not_synced`: the only group that would open the account was made by hand, though people come
//! from the IdP: it holds the name, so that the IdP's group of that name was refused.

use super::{Case, Finding};
use crate::diagnosis::routes::{Break, Via};

pub(super) fn holds(case: &Case) -> Option<Finding> {
    match (case.best_break()?, &case.best()?.via) {
        (Break::HeldByManualGroup, Via::Group(_, Some(group))) => {
            Some(Finding::GroupNotSynced { by_hand: group.clone() })
        }
        _ => None,
    }
}
