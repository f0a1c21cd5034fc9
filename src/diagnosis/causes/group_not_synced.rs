//! `group_not_synced`: AWS rejected the IdP's group, since the group that opens the account was created manually and
//! holds its name.
//!
//! Only the IdP's own record of that rejection proves it. A missing external id proves nothing: Okta's group push sends
//! none, Google provisions no groups at all, and Entra and Okta adopt an existing group of the same name.

use crate::diagnosis::evidence::{About, Evidence, Meaning, Rank};
use crate::diagnosis::facts::Group;
use crate::diagnosis::facts::idp::{IdpGroup, Trouble, TroubleAbout};
use crate::diagnosis::harm::NameTaken;
use crate::diagnosis::link::{Judged, Link};
use crate::diagnosis::recency::troubles;
use crate::diagnosis::step::Step;

/// The IdP's group is absent: one created manually holds its name.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupNotSynced {
    pub manual: Box<Group>,
    /// The IdP's group of that name.
    pub at_the_idp: IdpGroup,
    /// The IdP's record that AWS rejected its group.
    pub refused: Box<Trouble>,
    /// That record says that the name is held.
    pub is_held: NameTaken,
}

impl Evidence for GroupNotSynced {
    const ABOUT: About =
        About { name: "group_not_synced", step: Step::DirectoryGroup, meaning: Meaning::Broken };

    fn rank(&self) -> Rank {
        Rank::given(Step::DirectoryGroup)
    }
}

pub(in crate::diagnosis) fn on(link: &Link) -> Judged<GroupNotSynced> {
    let Some(group) = link.idp_group()? else {
        return Some(None);
    };
    // The IdP's own group may be rejected as well, by another of its groups.
    let Some(newest) = troubles(link, group).next().filter(|_| !link.assigned.synced) else {
        return Some(None);
    };
    let is_held =
        NameTaken::seen_in(newest).filter(|_| newest.about == TroubleAbout::Group(group.id.clone()));
    Some(is_held.map(|is_held| GroupNotSynced {
        manual: Box::new(link.assigned.clone()),
        at_the_idp: group.clone(),
        refused: Box::new(newest.clone()),
        is_held,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::causes::Cause;
    use crate::diagnosis::facts::Facts;
    use crate::diagnosis::facts::idp::{Idp, TroubleKind};
    use crate::diagnosis::fixture::{
        cause, finding, group, group_id, idp_group, known, of_the_idp, sent_by, trouble, without_membership,
    };

    fn without_external_id(facts: Facts) -> Facts {
        let mut facts = facts;
        let bare = Group { synced: false, external_ids: Box::default(), ..group() };
        facts.groups.insert(group_id(), known(Some(bare)));
        facts
    }

    #[test]
    fn a_rejection_in_the_log_proves_that_the_name_is_held() {
        let mut facts = without_external_id(sent_by(Idp::Entra));
        let rejection = trouble(TroubleAbout::Group(idp_group().id), TroubleKind::NameTaken, "13:57");
        of_the_idp(&mut facts).troubles = vec![known(vec![rejection.clone()])];
        let manual = facts.group(&group_id()).cloned().expect("it is there").into();
        let is_held = NameTaken::seen_in(&rejection).expect("it says so");
        let (at_the_idp, refused) = (idp_group(), Box::new(rejection));
        assert_eq!(finding(&facts), GroupNotSynced { manual, at_the_idp, refused, is_held }.into());
    }

    #[test]
    fn a_name_taken_by_the_person_is_not_about_the_group() {
        let mut facts = without_external_id(sent_by(Idp::Entra));
        let rejection = trouble(TroubleAbout::Person, TroubleKind::NameTaken, "13:57");
        of_the_idp(&mut facts).troubles = vec![known(vec![rejection])];
        assert_ne!(cause(&facts), Some(Cause::GroupNotSynced));
    }

    #[test]
    fn a_missing_external_id_proves_nothing() {
        for idp in [Idp::Entra, Idp::Okta] {
            assert_eq!(cause(&without_external_id(sent_by(idp))), Some(Cause::MembershipMissed));
        }
        let alone = without_external_id(without_membership());
        assert_eq!(cause(&alone), Some(Cause::MembershipNotSynced));
    }
}
