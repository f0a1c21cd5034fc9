//! `account_not_active`: the account is suspended, pending or closed, and the portal leaves it out.

use crate::diagnosis::evidence::{About, Evidence, Meaning};
use crate::diagnosis::facts::AccountState;
use crate::diagnosis::overview::Overview;
use crate::diagnosis::step::Step;

/// Suspended, pending closure, closed.
#[derive(Clone, Debug, PartialEq)]
pub struct AccountNotActive {
    pub state: AccountState,
}

impl Evidence for AccountNotActive {
    const ABOUT: About = About { name: "account_not_active", step: Step::Account, meaning: Meaning::Broken };
}

pub(in crate::diagnosis) fn of(overview: &Overview) -> Option<AccountNotActive> {
    let state = &overview.case.account?.state;
    (*state != AccountState::Active).then(|| AccountNotActive { state: state.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::facts::{Account, AccountSearch};
    use crate::diagnosis::fixture::{finding, in_place, known};

    #[test]
    fn a_suspended_account_is_missing_whatever_is_assigned() {
        let mut facts = in_place();
        let state = AccountState::Suspended;
        facts.account = known(AccountSearch::Found(Account {
            id: "111122223333".to_owned(),
            name: "Payments".to_owned(),
            state: state.clone(),
        }));
        assert_eq!(finding(&facts), AccountNotActive { state }.into());
    }
}
