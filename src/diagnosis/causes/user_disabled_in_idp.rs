//! `user_disabled_in_idp`: disabled in the IdP, so that the person cannot sign in, whatever AWS still has.

use crate::diagnosis::evidence::{About, Evidence, Meaning, Rank};
use crate::diagnosis::facts::idp::IdpPerson;
use crate::diagnosis::link::{Judged, Link};
use crate::diagnosis::overview::Overview;
use crate::diagnosis::step::Step;

/// Disabled in the IdP.
#[derive(Clone, Debug, PartialEq)]
pub struct UserDisabledInIdp {
    /// Okta's status by its own name.
    pub status: Option<String>,
}

impl Evidence for UserDisabledInIdp {
    const ABOUT: About =
        About { name: "user_disabled_in_idp", step: Step::IdpUser, meaning: Meaning::Broken };

    fn rank(&self) -> Rank {
        Rank::not_meant(Step::IdpUser).nth(1)
    }
}

pub(in crate::diagnosis) fn of(overview: &Overview) -> Option<UserDisabledInIdp> {
    disabled(overview.case.facts.idp.as_ref()?.person.value()?.as_ref()?)
}

pub(in crate::diagnosis) fn on(link: &Link) -> Judged<UserDisabledInIdp> {
    Some(link.idp()?.person.value()?.as_ref().and_then(disabled))
}

fn disabled(person: &IdpPerson) -> Option<UserDisabledInIdp> {
    (!person.enabled).then(|| UserDisabledInIdp { status: person.status.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::facts::Facts;
    use crate::diagnosis::facts::idp::Idp;
    use crate::diagnosis::fixture::{finding, in_place, known, of_the_idp, sent_by};

    #[test]
    fn whatever_aws_still_has_a_disabled_person_cannot_sign_in() {
        let mut facts = Facts { idp: sent_by(Idp::Okta).idp, ..in_place() };
        let person = of_the_idp(&mut facts).person.value().cloned().flatten().expect("a person");
        let status = Some("SUSPENDED".to_owned());
        of_the_idp(&mut facts).person =
            known(Some(IdpPerson { enabled: false, status: status.clone(), ..person }));
        assert_eq!(finding(&facts), UserDisabledInIdp { status }.into());
    }
}
