//! Which account a typed name means.

use super::facts::Account;
use super::names::fold_separators;

/// The accounts that this name means: those of exactly this name; if there are none, those of the same name but for
/// case; if there are none, those of the same name but for case, spaces, dashes and underscores. More than one means
/// that the name does not tell: nothing is guessed between two.
pub fn accounts_named<'a>(accounts: &'a [Account], typed: &str) -> Vec<&'a Account> {
    let same: [fn(&str) -> String; 3] =
        [str::to_owned, str::to_lowercase, |name| fold_separators(&name.to_lowercase())];
    let of = |fold: &fn(&str) -> String| -> Vec<&'a Account> {
        let typed = fold(typed);
        accounts.iter().filter(|account| !typed.is_empty() && fold(&account.name) == typed).collect()
    };
    same.iter().map(of).find(|found| !found.is_empty()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::facts::AccountState;

    fn named(names: &[&str], typed: &str) -> Vec<String> {
        let accounts: Vec<Account> = names
            .iter()
            .enumerate()
            .map(|(id, name)| Account {
                id: id.to_string(),
                name: (*name).to_owned(),
                state: AccountState::Active,
            })
            .collect();
        accounts_named(&accounts, typed).into_iter().map(|account| account.name.clone()).collect()
    }

    #[test]
    fn a_name_is_found_whatever_joins_its_words() {
        for typed in ["Payments-Prod", "payments prod", "PAYMENTS_PROD", " payments - prod "] {
            assert_eq!(named(&["Payments-Prod", "Payments-Dev"], typed), ["Payments-Prod"], "{typed}");
        }
        assert_eq!(named(&["Payments-Prod "], "payments-prod"), ["Payments-Prod "]);
        assert_eq!(named(&["Payments-Prod"], "paymentsprod"), Vec::<String>::new());
        assert_eq!(named(&["-"], "_"), Vec::<String>::new());
    }

    #[test]
    fn the_closest_spelling_wins_and_nothing_is_guessed_between_two() {
        let names = ["payments-prod", "Payments-Prod", "payments_prod"];
        assert_eq!(named(&names, "Payments-Prod"), ["Payments-Prod"]);
        assert_eq!(named(&names, "PAYMENTS-PROD"), ["payments-prod", "Payments-Prod"]);
        assert_eq!(named(&names, "payments prod").len(), 3);
    }
}
