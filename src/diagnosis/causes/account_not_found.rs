//! `account_not_found`: no account bears that name or id.

use crate::diagnosis::evidence::{About, Evidence, Meaning};
use crate::diagnosis::facts::{AccountSearch, Facts};
use crate::diagnosis::names::likeness;
use crate::diagnosis::overview::Overview;
use crate::diagnosis::step::Step;

/// No account of that name or id.
#[derive(Clone, Debug, PartialEq)]
pub struct AccountNotFound {
    /// The nearest names, the nearest first.
    pub nearest: Vec<String>,
    /// What is known of applications of that name.
    pub application: Application,
}

/// Whether an application is meant, which is assigned apart from accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Application {
    /// The one application of that name, but for how it is written.
    Named(String),
    /// None has the name, or several have.
    NoneOrSeveral,
    /// It could not be read.
    Unknown,
}

impl Evidence for AccountNotFound {
    const ABOUT: About = About { name: "account_not_found", step: Step::Account, meaning: Meaning::Broken };
}

pub(in crate::diagnosis) fn of(overview: &Overview) -> Option<AccountNotFound> {
    match overview.case.account_search()? {
        AccountSearch::NotFound { nearest } => {
            let application = application(overview.case.facts);
            Some(AccountNotFound { nearest: nearest.clone(), application })
        }
        AccountSearch::Found(_) | AccountSearch::Several(_) => None,
    }
}

fn application(facts: &Facts) -> Application {
    let Some(names) = facts.applications.value() else { return Application::Unknown };
    let mut named = names.iter().filter(|name| likeness(name, &facts.question.account).is_some());
    match (named.next(), named.next()) {
        (Some(one), None) => Application::Named(one.clone()),
        _ => Application::NoneOrSeveral,
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
        assert_eq!(finding(&facts), AccountNotFound { nearest, application: Application::Unknown }.into());
    }

    #[test]
    fn an_application_of_that_name_is_told_and_never_guessed_between_two() {
        let mut facts = sent_by(Idp::Entra);
        facts.question.account = "amazon managed grafana".to_owned();
        facts.account = known(AccountSearch::NotFound { nearest: Vec::new() });
        let mut of = |names: &[&str]| {
            facts.applications = known(names.iter().map(|name| (*name).to_owned()).collect());
            application(&facts)
        };
        let grafana = "Amazon Managed Grafana";
        assert_eq!(of(&["Amazon QuickSight", grafana]), Application::Named(grafana.to_owned()));
        assert_eq!(of(&[grafana, "Amazon-Managed-Grafana"]), Application::NoneOrSeveral);
        assert_eq!(of(&[]), Application::NoneOrSeveral);
    }
}
