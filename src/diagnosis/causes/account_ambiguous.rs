//! `account_ambiguous`: several accounts bear the name, which AWS allows.

use super::{Case, Finding};
use crate::diagnosis::facts::AccountSearch;

pub(super) fn holds(case: &Case) -> Option<Finding> {
    match case.account_search()? {
        AccountSearch::Several(accounts) => {
            let mut candidates = accounts.clone();
            candidates.sort();
            Some(Finding::AccountAmbiguous { candidates })
        }
        AccountSearch::Found(_) | AccountSearch::NotFound { .. } => None,
    }
}
