//! `duplicate_group`: the person is in a group of the same name (exactly, or but for what the eye misses), and the
//! assignment is on the other.

use crate::diagnosis::evidence::{About, Evidence, Meaning, Rank, Reaches};
use crate::diagnosis::facts::Group;
use crate::diagnosis::link::Link;
use crate::diagnosis::names::{Likeness, likeness};
use crate::diagnosis::step::Step;

/// The person is in a group that only looks like the assigned one.
#[derive(Clone, Debug, PartialEq)]
pub struct DuplicateGroup {
    pub own: Box<Group>,
    pub assigned: Box<Group>,
    pub likeness: Likeness,
}

impl Evidence for DuplicateGroup {
    const ABOUT: About =
        About { name: "duplicate_group", step: Step::DuplicateGroups, meaning: Meaning::Broken };

    fn rank(&self) -> Rank {
        Rank::given(Step::DuplicateGroups)
    }

    fn reaches(&self) -> Reaches<'_> {
        Reaches::Another(&self.own)
    }
}

pub(in crate::diagnosis) fn on(link: &Link) -> Option<DuplicateGroup> {
    let alike =
        link.case.own_groups().filter_map(|own| Some((own, likeness(&own.name, &link.assigned.name)?)));
    let (own, likeness) =
        alike.min_by_key(|(own, likeness)| (*likeness != Likeness::Same, own.id.clone()))?;
    Some(DuplicateGroup { own: Box::new(own.clone()), assigned: Box::new(link.assigned.clone()), likeness })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::facts::idp::Idp;
    use crate::diagnosis::facts::{GroupId, Membership};
    use crate::diagnosis::fixture::{finding, group, known, sent_by};

    #[test]
    fn a_look_alike_is_told_before_what_the_idp_shows() {
        let own = Group { id: GroupId("own".to_owned()), name: "aws payments".to_owned(), ..group() };
        let mut facts = sent_by(Idp::Entra);
        facts.memberships = known(vec![Membership { group: own.id.clone(), since: None }]);
        facts.groups.insert(own.id.clone(), known(Some(own.clone())));
        let (own, assigned) = (Box::new(own), Box::new(group()));
        assert_eq!(finding(&facts), DuplicateGroup { own, assigned, likeness: Likeness::Near }.into());
    }

    #[test]
    fn of_two_look_alikes_the_one_of_the_very_name_is_told() {
        let mut facts = sent_by(Idp::Entra);
        let own = [("a", "aws payments"), ("b", "AWS-Payments")].map(|(id, name)| Group {
            id: GroupId(id.to_owned()),
            name: name.to_owned(),
            ..group()
        });
        let joined = own.iter().map(|one| Membership { group: one.id.clone(), since: None });
        facts.memberships = known(joined.collect());
        facts.groups.extend(own.iter().map(|one| (one.id.clone(), known(Some(one.clone())))));
        let (own, assigned) = (Box::new(own[1].clone()), Box::new(group()));
        assert_eq!(finding(&facts), DuplicateGroup { own, assigned, likeness: Likeness::Same }.into());
    }
}
