//! `account_not_active`: the account is suspended, pending or closed, and the portal leaves it out.

use super::{Case, Finding};
use crate::diagnosis::facts::AccountState;

pub(super) fn holds(case: &Case) -> Option<Finding> {
    let state = &case.account?.state;
    (*state != AccountState::Active).then(|| Finding::AccountNotActive { state: state.clone() })
}
