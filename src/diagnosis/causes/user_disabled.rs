//! `user_disabled`: Identity Center has the person disabled.

use crate::diagnosis::evidence::{About, Evidence, Meaning};
use crate::diagnosis::overview::Overview;
use crate::diagnosis::step::Step;

/// Disabled in Identity Center.
#[derive(Clone, Debug, PartialEq)]
pub struct UserDisabled {
    pub enabled_at_the_idp: bool,
}

impl Evidence for UserDisabled {
    const ABOUT: About = About { name: "user_disabled", step: Step::DirectoryUser, meaning: Meaning::Broken };
}

pub(in crate::diagnosis) fn of(overview: &Overview) -> Option<UserDisabled> {
    let enabled = overview.case.person?.enabled;
    let at_the_idp = overview.case.facts.idp.as_ref().and_then(|idp| idp.person.value()?.as_ref());
    (!enabled).then(|| UserDisabled { enabled_at_the_idp: at_the_idp.is_some() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::facts::DirectoryUser;
    use crate::diagnosis::fixture::{finding, in_place, known};

    #[test]
    fn a_disabled_record_is_told_before_any_route() {
        let mut facts = in_place();
        let person = facts.person.value().cloned().expect("a person");
        facts.person = known(DirectoryUser { enabled: false, ..person });
        assert_eq!(finding(&facts), UserDisabled { enabled_at_the_idp: false }.into());
    }
}
