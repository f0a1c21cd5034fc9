//! What was asked: who, which account, and with which permission set, if one was named.

/// The question, as the person put it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// E-mail or directory user name of the person whom it is about.
    pub subject: String,
    /// The name that people know them by, where the asker's side knows it (Slack's real name).
    pub subject_name: Option<String>,
    /// A further e-mail address of theirs, where the asker's side keeps one (a field of Slack's profile): looked by if
    /// `subject` leads to nobody, or to two.
    pub further_address: Option<String>,
    /// Why that could not be read, by the asker's side's own word; `None` if it could.
    pub profile_unread: Option<String>,
    /// Account name or 12-digit id, as typed.
    pub account: String,
    /// Name of the permission set, as typed.
    pub permission_set: Option<String>,
}

impl Question {
    /// Whether `subject` is an e-mail address rather than a directory user name.
    pub fn names_an_email(&self) -> bool {
        self.subject.contains('@')
    }

    /// The account's id, where that is what was typed: 12 digits (AWS Organizations, `Account.Id`,
    /// pattern `^\d{12}$`), or the same with dashes, as the console writes it.
    pub fn account_id(&self) -> Option<String> {
        let digits: String = self.account.chars().filter(|character| *character != '-').collect();
        let is_id = digits.len() == 12 && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_id.then_some(digits)
    }

    /// Returns true if an e-mail address was typed where the account belongs. Account names are free text, so that this
    /// tells something only of a name that no account has.
    pub fn account_is_an_email(&self) -> bool {
        self.account.split_once('@').is_some_and(|(name, domain)| !name.is_empty() && domain.contains('.'))
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnosis::fixture::in_place;

    #[test]
    fn an_account_is_typed_by_its_id_with_or_without_dashes() {
        let id = |typed: &str| {
            let mut question = in_place().question;
            question.account = typed.to_owned();
            question.account_id()
        };
        for typed in ["111122223333", "1111-2222-3333"] {
            assert_eq!(id(typed).as_deref(), Some("111122223333"));
        }
        for typed in ["11112222333", "11112222333a", "Payments"] {
            assert_eq!(id(typed), None, "{typed}");
        }
    }

    #[test]
    fn an_address_has_something_before_the_at_and_a_domain_behind_it() {
        let is_an_email = |typed: &str| {
            let mut question = in_place().question;
            question.account = typed.to_owned();
            question.account_is_an_email()
        };
        assert!(is_an_email("dana@example.com"));
        for typed in ["@example.com", "team@work", "Payments", "pay.ments"] {
            assert!(!is_an_email(typed), "{typed}");
        }
    }
}
