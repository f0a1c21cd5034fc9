//! `nested_membership`: the person is only in a group inside the assigned one, and Entra provisions direct members
//! alone.

use crate::diagnosis::evidence::{About, Evidence, Meaning, Rank};
use crate::diagnosis::facts::Group;
use crate::diagnosis::facts::idp::{Idp, IdpGroup};
use crate::diagnosis::facts::twins::twin_among;
use crate::diagnosis::link::{Judged, Link};
use crate::diagnosis::step::Step;

/// Only in a group inside the assigned one.
#[derive(Clone, Debug, PartialEq)]
pub struct NestedMembership {
    pub outer: Group,
    /// The same as the IdP has it.
    pub at_the_idp: IdpGroup,
    pub inner: Option<IdpGroup>,
}

impl Evidence for NestedMembership {
    const ABOUT: About =
        About { name: "nested_membership", step: Step::IdpMembership, meaning: Meaning::Broken };

    fn rank(&self) -> Rank {
        Rank::given(Step::IdpMembership)
    }

    fn idp_may_explain(&self) -> bool {
        true
    }
}

pub(in crate::diagnosis) fn on(link: &Link) -> Judged<NestedMembership> {
    let idp = link.idp()?;
    // Okta does not nest.
    if link.idp_group()?.is_some() || idp.idp == Idp::Okta {
        return Some(None);
    }
    Some(twin_among(idp.transitive.value()?, link.assigned).map(|outer| {
        let inner = idp.inner_groups.get(&outer.id).and_then(|fact| fact.value().cloned());
        let (at_the_idp, inner) = (outer.clone(), inner.flatten());
        NestedMembership { outer: link.assigned.clone(), at_the_idp, inner }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::fixture::{finding, group, idp_group, known, of_the_idp, sent_by};

    #[test]
    fn a_group_inside_the_assigned_one_is_named() {
        let inner = IdpGroup::new("inner", "Payments team");
        let mut facts = sent_by(Idp::Entra);
        let idp = of_the_idp(&mut facts);
        idp.direct = known(vec![inner.clone()]);
        idp.inner_groups.insert(idp_group().id, known(Some(inner.clone())));
        let (outer, at_the_idp, inner) = (group(), idp_group(), Some(inner));
        assert_eq!(finding(&facts), NestedMembership { outer, at_the_idp, inner }.into());
    }
}
