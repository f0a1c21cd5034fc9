//! The account in words: its name and its state.

use crate::diagnosis::Diagnosis;
use crate::diagnosis::facts::{Account, AccountState};

/// The account by its name, or as the user typed it if none was found.
pub fn account_name(diagnosis: &Diagnosis) -> &str {
    match &diagnosis.account {
        Some(Account { name, .. }) if !name.is_empty() => name,
        _ => &diagnosis.question.account,
    }
}

/// An account's state in everyday words.
pub(super) fn state_in_words(state: &AccountState) -> String {
    match state {
        AccountState::PendingActivation => "not activated yet".to_owned(),
        AccountState::Active => "active".to_owned(),
        AccountState::Suspended => "suspended".to_owned(),
        AccountState::PendingClosure => "being closed".to_owned(),
        AccountState::Closed => "closed".to_owned(),
        AccountState::Other(other) => format!("in the state {other}"),
    }
}
