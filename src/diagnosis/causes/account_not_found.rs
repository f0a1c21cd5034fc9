//! `account_not_found`: no account bears that name or id.

use crate::diagnosis::evidence::{About, Evidence, Meaning};
use crate::diagnosis::facts::AccountSearch;
use crate::diagnosis::overview::Overview;
use crate::diagnosis::step::Step;

/// No account of that name or id.
#[derive(Clone, Debug, PartialEq)]
pub struct AccountNotFound {
    /// The nearest names, the nearest first.
    pub nearest: Vec<String>,
}

impl Evidence for AccountNotFound {
    const ABOUT: About = About { name: "account_not_found", step: Step::Account, meaning: Meaning::Broken };
}

pub(in crate::diagnosis) fn of(overview: &Overview) -> Option<AccountNotFound> {
    match overview.case.account_search()? {
        AccountSearch::NotFound { nearest } => Some(AccountNotFound { nearest: nearest.clone() }),
        AccountSearch::Found(_) | AccountSearch::Several(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::facts::idp::Idp;
    use crate::diagnosis::fixture::{finding, known, sent_by};

    #[test]
    fn nobody_looks_further_than_a_name_that_no_account_has() {
        let mut facts = sent_by(Idp::Entra);
        facts.account = known(AccountSearch::NotFound { nearest: vec!["Payments".to_owned()] });
        let nearest = vec!["Payments".to_owned()];
        assert_eq!(finding(&facts), AccountNotFound { nearest }.into());
    }
}
