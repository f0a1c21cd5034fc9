//! `user_not_provisioned`: neither user name nor e-mail leads to anybody in Identity Center.

use super::membership_missed::{Missed, missed};
use crate::diagnosis::evidence::{About, Evidence, Meaning, Rank};
use crate::diagnosis::facts::Identity;
use crate::diagnosis::facts::idp::{Idp, IdpGroup};
use crate::diagnosis::link::{Judged, Link};
use crate::diagnosis::overview::Overview;
use crate::diagnosis::step::Step;

/// Not in Identity Center.
#[derive(Clone, Debug, PartialEq)]
pub struct UserNotProvisioned {
    /// What the IdP should have sent by now.
    pub missed: Option<Missed>,
}

impl Evidence for UserNotProvisioned {
    const ABOUT: About =
        About { name: "user_not_provisioned", step: Step::DirectoryUser, meaning: Meaning::Broken };

    fn rank(&self) -> Rank {
        Rank::given(Step::DirectoryUser)
    }

    /// Okta's push sends members who are there already, and creates nobody.
    fn group_to_send(&self, idp: Option<Idp>) -> Option<&IdpGroup> {
        self.missed.as_ref().filter(|_| idp == Some(Idp::Entra)).map(|missed| &missed.group)
    }
}

pub(in crate::diagnosis) fn of(overview: &Overview) -> Option<UserNotProvisioned> {
    (overview.case.facts.identity() == Identity::Nobody).then_some(UserNotProvisioned { missed: None })
}

pub(in crate::diagnosis) fn on(link: &Link) -> Judged<UserNotProvisioned> {
    if link.case.facts.identity() != Identity::Nobody {
        return Some(None);
    }
    Some(missed(link)?.map(|missed| UserNotProvisioned { missed: Some(missed) }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::causes::Cause;
    use crate::diagnosis::diagnose;
    use crate::diagnosis::facts::{Fact, Facts};
    use crate::diagnosis::fixture::{finding, known, sent_by, without_membership};

    fn unknown_to_aws(facts: Facts) -> Facts {
        let absent = Facts { user_by_name: known(None), user_by_email: known(None), ..facts };
        Facts { person: Fact::NotAsked, memberships: Fact::NotAsked, ..absent }
    }

    #[test]
    fn without_an_idp_nothing_says_why() {
        let facts = unknown_to_aws(without_membership());
        assert_eq!(finding(&facts), UserNotProvisioned { missed: None }.into());
    }

    #[test]
    fn what_the_idp_should_have_sent_is_named_and_can_be_sent_from_entra_alone() {
        for (idp, can_be_sent) in [(Idp::Entra, true), (Idp::Okta, false)] {
            let diagnosis = diagnose(&unknown_to_aws(sent_by(idp)));
            assert_eq!(diagnosis.cause(), Some(Cause::UserNotProvisioned));
            assert_eq!(diagnosis.group_to_send().is_some(), can_be_sent);
        }
    }
}
