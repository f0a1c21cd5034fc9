//! Which of several applications of the IdP is the one that the person's groups go to AWS by.

use std::collections::BTreeMap;

use super::fact::{Fact, Gap};
use super::idp::{AppAssignment, IdpGroupId};

/// How one application has each of the person's groups.
pub type Has = BTreeMap<IdpGroupId, Fact<AppAssignment>>;

/// What the person's groups say of several applications, by their positions.
#[derive(Clone, Debug, PartialEq)]
pub enum Tie {
    /// This one alone has a group of theirs.
    To(usize),
    /// Several have, this one first.
    Among(usize),
    /// None has.
    None,
    /// None that could be read has.
    Unseen(Gap),
}

/// Which of these applications has a group of the person's.
pub fn tied_to(applications: &[&Has]) -> Tie {
    let facts = || applications.iter().flat_map(|has| has.values());
    let is_on = |fact: &Fact<AppAssignment>| fact.value().is_some_and(|on| *on != AppAssignment::None);
    let mut with = (0..applications.len()).filter(|at| applications[*at].values().any(is_on));
    match (with.next(), with.next()) {
        (Some(only), None) => Tie::To(only),
        (Some(first), Some(_)) => Tie::Among(first),
        (None, _) => facts().find_map(Fact::gap).cloned().map_or(Tie::None, Tie::Unseen),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::fixture::{idp_group, known, unread};

    fn has(fact: Fact<AppAssignment>) -> Has {
        BTreeMap::from([(idp_group().id, fact)])
    }

    #[test]
    fn the_application_that_has_the_group_is_the_one() {
        let (with, without) =
            (has(known(AppAssignment::Assigned { since: None })), has(known(AppAssignment::None)));
        assert_eq!(tied_to(&[&without, &with]), Tie::To(1));
        assert_eq!(tied_to(&[&without, &with, &with]), Tie::Among(1));
        assert_eq!(tied_to(&[&without, &without]), Tie::None);
    }

    #[test]
    fn one_that_could_not_be_read_may_be_the_one() {
        let without = has(known(AppAssignment::None));
        assert!(matches!(tied_to(&[&without, &has(unread())]), Tie::Unseen(_)));
    }
}
