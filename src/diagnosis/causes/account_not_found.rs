//! `account_not_found`: no account bears that name or id.

use super::{Case, Finding};
use crate::diagnosis::facts::AccountSearch;

pub(super) fn holds(case: &Case) -> Option<Finding> {
    match case.account_search()? {
        AccountSearch::NotFound { nearest } => Some(Finding::AccountNotFound { nearest: nearest.clone() }),
        AccountSearch::Found(_) | AccountSearch::Several(_) => None,
    }
}
