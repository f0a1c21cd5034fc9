//! `user_not_in_idp`: the IdP has nobody of that name or e-mail address, so that it can provision nobody.

use crate::diagnosis::evidence::{About, Evidence, Meaning, Rank};
use crate::diagnosis::facts::Identity;
use crate::diagnosis::link::{Judged, Link};
use crate::diagnosis::overview::Overview;
use crate::diagnosis::step::Step;

/// The IdP knows nobody by that name.
#[derive(Clone, Debug, PartialEq)]
pub struct UserNotInIdp;

impl Evidence for UserNotInIdp {
    const ABOUT: About = About { name: "user_not_in_idp", step: Step::IdpUser, meaning: Meaning::Broken };

    fn rank(&self) -> Rank {
        Rank::not_meant(Step::IdpUser).nth(0)
    }
}

/// Somebody whom AWS knows all the same may have been created there, and then the routes decide.
pub(in crate::diagnosis) fn of(overview: &Overview) -> Option<UserNotInIdp> {
    let facts = overview.case.facts;
    let is_absent = facts.idp.as_ref()?.person.value()?.is_none();
    (is_absent && facts.identity() == Identity::Nobody).then_some(UserNotInIdp)
}

pub(in crate::diagnosis) fn on(link: &Link) -> Judged<UserNotInIdp> {
    let person = link.idp()?.person.value()?;
    Some(person.is_none().then_some(UserNotInIdp))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::causes::Cause;
    use crate::diagnosis::facts::idp::Idp;
    use crate::diagnosis::facts::{Fact, Facts};
    use crate::diagnosis::fixture::{cause, finding, in_place, known, of_the_idp, sent_by};

    #[test]
    fn a_person_whom_neither_side_knows_is_missing_at_the_idp() {
        let mut facts = sent_by(Idp::Entra);
        of_the_idp(&mut facts).person = known(None);
        facts.user_by_name = known(None);
        facts.user_by_email = known(None);
        facts.person = Fact::NotAsked;
        assert_eq!(finding(&facts), UserNotInIdp.into());
    }

    #[test]
    fn a_person_created_in_aws_may_have_the_access() {
        let mut facts = Facts { idp: sent_by(Idp::Entra).idp, ..in_place() };
        of_the_idp(&mut facts).person = known(None);
        assert_eq!(cause(&facts), Some(Cause::PortalStale));
        facts.memberships = known(Vec::new());
        assert_eq!(cause(&facts), Some(Cause::UserNotInIdp));
    }
}
