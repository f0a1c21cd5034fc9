//! `account_ambiguous`: several accounts bear the name, which AWS allows.

use crate::diagnosis::evidence::{About, Evidence, Meaning};
use crate::diagnosis::facts::{Account, AccountSearch};
use crate::diagnosis::overview::Overview;
use crate::diagnosis::step::Step;

/// Several accounts of that name.
#[derive(Clone, Debug, PartialEq)]
pub struct AccountAmbiguous {
    pub candidates: Vec<Account>,
}

impl Evidence for AccountAmbiguous {
    const ABOUT: About = About { name: "account_ambiguous", step: Step::Account, meaning: Meaning::Broken };
}

pub(in crate::diagnosis) fn of(overview: &Overview) -> Option<AccountAmbiguous> {
    match overview.case.account_search()? {
        AccountSearch::Several(accounts) => {
            let mut candidates = accounts.clone();
            candidates.sort();
            Some(AccountAmbiguous { candidates })
        }
        AccountSearch::Found(_) | AccountSearch::NotFound { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::facts::AccountState;
    use crate::diagnosis::fixture::{finding, in_place, known};

    #[test]
    fn candidates_are_told_in_one_order() {
        let account = |id: &str| Account {
            id: id.to_owned(),
            name: "Payments".to_owned(),
            state: AccountState::Active,
        };
        let mut facts = in_place();
        facts.account = known(AccountSearch::Several(vec![account("2"), account("1")]));
        assert_eq!(finding(&facts), AccountAmbiguous { candidates: vec![account("1"), account("2")] }.into());
    }
}
