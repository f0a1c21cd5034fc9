//! `user_not_provisioned`: neither user name nor e-mail leads to anybody in Identity Center.

use super::membership_missed::{Missed, missed};
use crate::diagnosis::evidence::{About, Evidence, Meaning, Rank};
use crate::diagnosis::facts::idp::{AppUserState, Idp, IdpGroup};
use crate::diagnosis::facts::{Facts, Identity};
use crate::diagnosis::harm::AppUserGone;
use crate::diagnosis::link::{Judged, Link};
use crate::diagnosis::overview::Overview;
use crate::diagnosis::step::Step;

/// Not in Identity Center.
#[derive(Clone, Debug, PartialEq)]
pub struct UserNotProvisioned {
    /// An id proves that AWS does not have the person; else only that no name at hand finds them.
    pub proven: bool,
    /// What the IdP should have sent by now.
    pub missed: Option<Missed>,
    /// How far Okta came with the user; `None` if the IdP is another or its assignment was not seen.
    pub at_okta: Option<AtOkta>,
}

/// How far Okta came with a user whom AWS does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AtOkta {
    /// Okta keeps the id of a user in AWS, who is not there any more.
    CreatedBefore(AppUserGone),
    /// Okta has assigned the person and created nobody, as before provisioning was switched on.
    NeverCreated,
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
    let facts = overview.case.facts;
    (facts.identity() == Identity::Nobody).then(|| UserNotProvisioned {
        proven: facts.is_proven_absent(),
        missed: None,
        at_okta: at_okta(facts),
    })
}

pub(in crate::diagnosis) fn on(link: &Link) -> Judged<UserNotProvisioned> {
    if link.case.facts.identity() != Identity::Nobody {
        return Some(None);
    }
    let facts = link.case.facts;
    let (proven, at_okta) = (facts.is_proven_absent(), at_okta(facts));
    Some(missed(link)?.map(|missed| UserNotProvisioned { proven, missed: Some(missed), at_okta }))
}

fn at_okta(facts: &Facts) -> Option<AtOkta> {
    let app_user = facts.idp.as_ref()?.app_user.value()?.as_ref()?;
    match (AppUserGone::seen_in(facts), &app_user.external_id, &app_user.state) {
        (Some(is_gone), ..) => Some(AtOkta::CreatedBefore(is_gone)),
        (None, None, AppUserState::Active) => Some(AtOkta::NeverCreated),
        (None, ..) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::causes::{Cause, Finding};
    use crate::diagnosis::diagnose;
    use crate::diagnosis::facts::idp::AppUser;
    use crate::diagnosis::facts::{Fact, Facts};
    use crate::diagnosis::fixture::{finding, known, of_the_idp, sent_by, without_membership};

    fn unknown_to_aws(facts: Facts) -> Facts {
        let absent = Facts { user_by_name: known(None), user_by_email: known(None), ..facts };
        Facts { person: Fact::NotAsked, memberships: Fact::NotAsked, ..absent }
    }

    #[test]
    fn without_an_idp_nothing_says_why() {
        let facts = unknown_to_aws(without_membership());
        assert_eq!(finding(&facts), UserNotProvisioned { proven: false, missed: None, at_okta: None }.into());
    }

    #[test]
    fn okta_says_whether_it_ever_created_the_user() {
        for was_created in [true, false] {
            let mut facts = unknown_to_aws(sent_by(Idp::Okta));
            facts.user_by_id = known(None);
            let idp = of_the_idp(&mut facts);
            let app_user = idp.app_user.value().cloned().flatten().expect("an assignment");
            let external_id = was_created.then(|| "gone".to_owned());
            idp.app_user = known(Some(AppUser { external_id, ..app_user }));
            let Finding::UserNotProvisioned(found) = finding(&facts) else { panic!("{:?}", finding(&facts)) };
            let says = matches!(found.at_okta, Some(AtOkta::CreatedBefore(_)));
            assert_eq!((says, found.at_okta == Some(AtOkta::NeverCreated)), (was_created, !was_created));
        }
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
