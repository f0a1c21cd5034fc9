//! `name_twin_at_the_idp`: the person is in a group of the right name that is not the right group: AWS has the id of
//! another, or Okta pushes another.

use crate::diagnosis::evidence::{About, Evidence, Meaning, Rank};
use crate::diagnosis::facts::idp::{IdpGroup, Owner};
use crate::diagnosis::facts::twins::namesake;
use crate::diagnosis::facts::{Fact, Group};
use crate::diagnosis::link::{Judged, Link};
use crate::diagnosis::step::Step;

/// In a group of the right name that is not the right group.
#[derive(Clone, Debug, PartialEq)]
pub struct NameTwinAtTheIdp {
    /// The assigned group as AWS has it.
    pub assigned: Group,
    /// The IdP's group behind it: AWS has its id, or Okta pushes it.
    pub meant: IdpGroup,
    /// The IdP's group that the person is in, of the same name as one of these.
    pub own: IdpGroup,
    /// Who may add people to the group that is meant.
    pub owners: Vec<Owner>,
}

impl Evidence for NameTwinAtTheIdp {
    const ABOUT: About =
        About { name: "name_twin_at_the_idp", step: Step::IdpMembership, meaning: Meaning::Broken };

    /// Names and ids were read, so that it explains more than an assignment to a group whose name is gone.
    fn rank(&self) -> Rank {
        Rank::given(Step::IdpMembership).nth(1)
    }

    fn idp_may_explain(&self) -> bool {
        true
    }
}

pub(in crate::diagnosis) fn on(link: &Link) -> Judged<NameTwinAtTheIdp> {
    let is_in_it = link.idp_group()?.is_some();
    let idp = link.idp()?;
    let Some(own) = namesake(idp, link.assigned).filter(|_| !is_in_it) else {
        return Some(None);
    };
    let meant = idp.twins.get(&link.assigned.id)?.value()?.as_ref();
    Some(meant.map(|meant| NameTwinAtTheIdp {
        assigned: link.assigned.clone(),
        meant: meant.clone(),
        own: own.clone(),
        owners: idp.owners.get(&meant.id).and_then(Fact::value).cloned().unwrap_or_default(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::causes::{Cause, Finding};
    use crate::diagnosis::facts::Facts;
    use crate::diagnosis::facts::idp::{Idp, IdpGroupId, Pushed};
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
        assert!(finding(&facts).idp_may_explain());
        let Finding::NameTwinAtTheIdp(found) = finding(&facts) else { panic!("it is a namesake") };
        assert_eq!((found.meant, found.own), (meant(), idp_group()));
    }

    /// As Okta's group push leaves it: AWS has no id of the group.
    fn at_okta() -> Facts {
        let mut facts = sent_by(Idp::Okta);
        let bare = Group { synced: false, external_ids: Box::default(), ..group() };
        facts.groups.insert(group_id(), known(Some(bare)));
        facts
    }

    /// Okta pushes another group to the assigned one than the one of its name that the person is in.
    fn pushed_from(source: &str, twin: Fact<Option<IdpGroup>>) -> Facts {
        let mut facts = at_okta();
        let pushed = Pushed { source: Some(IdpGroupId(source.to_owned())), elsewhere: Vec::new() };
        let idp = of_the_idp(&mut facts);
        idp.pushed.insert(group_id(), known(pushed));
        idp.twins.insert(group_id(), twin);
        facts
    }

    #[test]
    fn a_group_of_the_name_is_not_the_one_that_okta_pushes() {
        for name in [idp_group().name, "Payments Team".to_owned()] {
            let facts = pushed_from("meant", known(Some(IdpGroup { name, ..meant() })));
            assert_eq!(cause(&facts), Some(Cause::NameTwinAtTheIdp));
        }
        assert_eq!(cause(&pushed_from("meant", known(None))), Some(Cause::MembershipMissed));
        assert_eq!(cause(&pushed_from("meant", unread())), Some(Cause::MembershipNotSynced));
        assert_eq!(cause(&pushed_from(&idp_group().id.0, Fact::NotAsked)), Some(Cause::MembershipMissed));
    }

    #[test]
    fn a_group_of_the_linked_groups_own_name_is_not_it() {
        let linked = IdpGroup { name: "Payments Team".to_owned(), ..meant() };
        let mut facts = pushed_from("meant", known(Some(linked.clone())));
        of_the_idp(&mut facts).direct = known(vec![IdpGroup { name: linked.name, ..idp_group() }]);
        assert_eq!(cause(&facts), Some(Cause::NameTwinAtTheIdp));
    }

    #[test]
    fn a_group_of_the_name_that_is_pushed_elsewhere_is_not_it() {
        let mut facts = at_okta();
        let pushed = Pushed { source: None, elsewhere: vec![idp_group().id] };
        of_the_idp(&mut facts).pushed.insert(group_id(), known(pushed));
        of_the_idp(&mut facts).twins.insert(group_id(), known(None));
        assert_eq!(cause(&facts), Some(Cause::NotInGroup));
    }

    #[test]
    fn without_the_push_mappings_a_name_says_nothing_at_okta() {
        for unread in [unread(), Fact::NotAsked] {
            let mut facts = at_okta();
            of_the_idp(&mut facts).pushed.insert(group_id(), unread);
            assert_eq!(cause(&facts), Some(Cause::MembershipNotSynced));
        }
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
