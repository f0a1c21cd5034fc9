//! `name_twin_at_the_idp`: the IdP has two groups of one name, AWS has the id of the one, and the person is in the other.

use crate::diagnosis::evidence::{About, Evidence, Meaning, Rank};
use crate::diagnosis::facts::idp::{IdpGroup, Owner};
use crate::diagnosis::facts::twins::namesake_among;
use crate::diagnosis::facts::{Fact, Group};
use crate::diagnosis::link::{Judged, Link};
use crate::diagnosis::step::Step;

/// In a group of the right name that is not the right group.
#[derive(Clone, Debug, PartialEq)]
pub struct NameTwinAtTheIdp {
    /// The assigned group as AWS has it.
    pub assigned: Group,
    /// The IdP's group whose id AWS has.
    pub meant: IdpGroup,
    /// The IdP's group of the same name that the person is in.
    pub own: IdpGroup,
    /// Who may add people to the group that is meant.
    pub owners: Vec<Owner>,
}

impl Evidence for NameTwinAtTheIdp {
    const ABOUT: About =
        About { name: "name_twin_at_the_idp", step: Step::IdpMembership, meaning: Meaning::Broken };

    fn rank(&self) -> Rank {
        Rank::replaced(Step::IdpMembership)
    }

    fn idp_may_explain(&self) -> bool {
        true
    }
}

pub(in crate::diagnosis) fn on(link: &Link) -> Judged<NameTwinAtTheIdp> {
    let is_in_it = link.idp_group()?.is_some();
    let idp = link.idp()?;
    let own = namesake_among(idp.direct.value()?, link.assigned).filter(|_| !is_in_it);
    let found = own.zip(link.twin()).map(|(own, meant)| NameTwinAtTheIdp {
        assigned: link.assigned.clone(),
        meant: meant.clone(),
        own: own.clone(),
        owners: idp.owners.get(&meant.id).and_then(Fact::value).cloned().unwrap_or_default(),
    });
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::causes::{Cause, Finding};
    use crate::diagnosis::facts::Facts;
    use crate::diagnosis::facts::idp::{Idp, IdpGroupId};
    use crate::diagnosis::fixture::{
        cause, external, finding, group, group_id, idp_group, known, of_the_idp, sent_by, unread,
    };

    fn meant() -> IdpGroup {
        IdpGroup { id: IdpGroupId("meant".to_owned()), ..idp_group() }
    }

    /// The person is in the IdP's group of the name, and AWS has the id of another.
    fn with_the_id_of_another(twin: Fact<Option<IdpGroup>>) -> Facts {
        let mut facts = sent_by(Idp::Entra);
        let assigned = Group { external_ids: Box::new([external("meant")]), ..group() };
        facts.groups.insert(group_id(), known(Some(assigned)));
        of_the_idp(&mut facts).twins.insert(group_id(), twin);
        facts
    }

    #[test]
    fn a_group_of_the_name_is_not_the_one_whose_id_aws_has() {
        let facts = with_the_id_of_another(known(Some(meant())));
        let Finding::NameTwinAtTheIdp(found) = finding(&facts) else { panic!("it is a namesake") };
        assert_eq!((found.meant, found.own), (meant(), idp_group()));
    }

    #[test]
    fn a_group_that_was_created_again_at_the_idp_is_known_by_its_name() {
        assert_eq!(cause(&with_the_id_of_another(known(None))), Some(Cause::MembershipMissed));
    }

    #[test]
    fn whether_it_was_created_again_is_not_guessed() {
        for unknown in [unread(), Fact::NotAsked] {
            let cause = cause(&with_the_id_of_another(unknown));
            assert_eq!(cause, Some(Cause::MembershipNotSynced));
        }
    }
}
