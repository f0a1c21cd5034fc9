//! Which of the person's own groups the IdP's application sends to AWS, which it does not, and which of them AWS lacks.

use super::fact::Fact;
use super::idp::{AppAssignment, IdpFacts, IdpGroup, PushState};
use crate::diagnosis::step::Step;

/// Why the application does not send a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unsent {
    /// Okta: its push mapping is switched off.
    PushOff,
    /// Entra: no app-role assignment; Okta: no group push mapping.
    NotOnTheApplication,
}

impl IdpFacts {
    /// Returns true if the application sends this group to AWS: it has the group, and neither is the sending of groups
    /// switched off nor the push of this one.
    pub fn sends(&self, group: &IdpGroup) -> bool {
        let is_sent = match self.app_assignments.get(&group.id).and_then(Fact::value) {
            None | Some(AppAssignment::None) => false,
            Some(AppAssignment::Pushed(mapping)) => mapping.state != PushState::Inactive,
            Some(AppAssignment::Assigned { .. }) => true,
        };
        is_sent && self.sends_groups.value() != Some(&false)
    }

    /// Returns true if the application sends a group of the person's own of which AWS could not be asked.
    pub fn may_have_lost_one(&self) -> bool {
        self.in_aws.values().any(|found| found.value().is_none())
    }

    /// Returns true if it was not read which groups of the person's own the application sends, or of which of those AWS has
    /// any: one of them may be what is missing.
    pub fn own_groups_are_unread(&self) -> bool {
        let is_cut = self.left_out.iter().any(|left_out| left_out.step == Step::AppAssignment);
        is_cut || self.may_have_lost_one() || self.app_assignments.values().any(|fact| fact.gap().is_some())
    }

    /// The groups of the person's own that AWS does not have them in and that the application does not send, and why not.
    pub fn unsent(&self) -> impl Iterator<Item = (&IdpGroup, Unsent)> {
        let own = self.direct.value().into_iter().flatten();
        own.filter_map(|group| match self.app_assignments.get(&group.id)?.value()? {
            AppAssignment::None => Some((group, Unsent::NotOnTheApplication)),
            AppAssignment::Pushed(mapping) if mapping.state == PushState::Inactive => {
                Some((group, Unsent::PushOff))
            }
            AppAssignment::Pushed(_) | AppAssignment::Assigned { .. } => None,
        })
    }

    /// The groups of the person's own that the application sends and that AWS does not have.
    pub fn lost(&self) -> impl Iterator<Item = &IdpGroup> {
        let is_absent =
            |group: &&IdpGroup| self.in_aws.get(&group.id).is_some_and(|found| found.value() == Some(&None));
        let own = self.direct.value().into_iter().flatten();
        own.filter(|group| self.sends(group)).filter(is_absent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::facts::Limit;
    use crate::diagnosis::facts::idp::Idp;
    use crate::diagnosis::fixture::{idp_group, known, of_the_idp, sent_by, unread};

    #[test]
    fn a_group_is_sent_that_the_application_has_unless_sending_is_off() {
        let sends = |idp: Idp, change: fn(&mut IdpFacts)| {
            let mut facts = sent_by(idp);
            change(of_the_idp(&mut facts));
            of_the_idp(&mut facts).sends(&idp_group())
        };
        let unassigned: fn(&mut IdpFacts) = |idp| {
            idp.app_assignments.insert(idp_group().id, known(AppAssignment::None));
        };
        for idp in [Idp::Entra, Idp::Okta] {
            assert!(sends(idp, |_| ()));
            assert!(sends(idp, |idp| idp.sends_groups = Fact::NotAsked));
            assert!(!sends(idp, |idp| idp.sends_groups = known(false)));
            assert!(!sends(idp, |idp| idp.app_assignments.clear()));
            assert!(!sends(idp, unassigned));
        }
        let off: fn(&mut IdpFacts) = |idp| {
            let Some(Fact::Known(assignment)) = idp.app_assignments.get_mut(&idp_group().id) else { return };
            if let AppAssignment::Pushed(mapping) = &mut assignment.value {
                mapping.state = PushState::Inactive;
            }
        };
        assert!(!sends(Idp::Okta, off));
    }

    #[test]
    fn what_was_not_read_of_the_persons_groups_may_be_what_is_missing() {
        let unread_with = |change: fn(&mut IdpFacts)| {
            let mut facts = sent_by(Idp::Entra);
            change(of_the_idp(&mut facts));
            of_the_idp(&mut facts).own_groups_are_unread()
        };
        const CUT: Limit = Limit { at_most: 0, step: Step::AppAssignment, what: "groups" };
        const ELSEWHERE: Limit = Limit { step: Step::Sync, ..CUT };
        assert!(!unread_with(|_| ()));
        assert!(unread_with(|idp| drop(idp.in_aws.insert(idp_group().id, Fact::NotAsked))));
        assert!(!unread_with(|idp| drop(idp.in_aws.insert(idp_group().id, known(None)))));
        assert!(unread_with(|idp| drop(idp.app_assignments.insert(idp_group().id, unread()))));
        assert!(unread_with(|idp| idp.left_out.extend(CUT.looked_at(0, 1, "x:Y"))));
        assert!(!unread_with(|idp| idp.left_out.extend(ELSEWHERE.looked_at(0, 1, "x:Y"))));
    }

    #[test]
    fn what_is_not_sent_says_why() {
        for (idp, why) in [(Idp::Okta, Unsent::PushOff), (Idp::Entra, Unsent::NotOnTheApplication)] {
            let mut facts = sent_by(idp);
            let idp = of_the_idp(&mut facts);
            assert_eq!(idp.unsent().count(), 0);
            match idp.app_assignments.get_mut(&idp_group().id) {
                Some(Fact::Known(known)) => match &mut known.value {
                    AppAssignment::Pushed(mapping) => mapping.state = PushState::Inactive,
                    other => *other = AppAssignment::None,
                },
                _ => panic!("it is known"),
            }
            assert_eq!(idp.unsent().collect::<Vec<_>>(), [(&idp_group(), why)]);
        }
    }
}
