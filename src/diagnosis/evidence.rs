//! What a cause's file says of its cause, and how routes that break are compared.

use jiff::Timestamp;

use super::facts::Group;
use super::facts::idp::{Idp, IdpGroup};
use super::step::Step;

/// What is true of a cause whatever its evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// The name by which people and scripts know it.
    pub name: &'static str,
    /// The step at which it shows.
    pub step: Step,
    pub meaning: Meaning,
}

/// What a cause means for the access.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// The access is in place.
    Access,
    /// The person was never given the access.
    NeverHad,
    /// The person had the access, and it was ended.
    Ended,
    /// Something is broken or not finished.
    Broken,
}

/// Evidence of a cause.
pub trait Evidence {
    /// The cause.
    const ABOUT: About;

    /// How far a route with this finding gets. The default is for findings that no route has.
    fn rank(&self) -> Rank {
        Rank::lowest(Self::ABOUT.step)
    }

    /// Adds what the same cause found on another route, for causes that are told of all their routes at once.
    fn add(&mut self, _other: &Self) {}

    /// The IdP's group whose membership could be provisioned to AWS once more; `None` if that would not help.
    fn group_to_send(&self, _idp: Option<Idp>) -> Option<&IdpGroup> {
        None
    }

    /// Returns true if AWS has no more to say of such a route and the IdP may explain it.
    fn idp_may_explain(&self) -> bool {
        false
    }

    /// Where a route with this finding gets to before it breaks.
    fn reaches(&self) -> Reaches<'_> {
        Reaches::NotTheGroup
    }

    /// Returns true if it shows a fault of the synchronization, which hits others too.
    fn is_fault_of_the_sync(&self, _now: Timestamp) -> bool {
        false
    }
}

/// Where a route gets to before it breaks, if it breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reaches<'f> {
    /// The person is not in its group.
    NotTheGroup,
    /// The person is in this group instead.
    Another(&'f Group),
    /// The person is in its group, for which an assignment was only requested.
    ARequest,
    /// The person is in its group, which has the assignment.
    TheAssignment,
}

/// How far a route gets, for comparison: the later the broken link and the surer its evidence, the higher.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    tier: Tier,
    step: Step,
    nth: u8,
}

/// In this order of how much a route explains.
///
/// An assignment to somebody who is gone explains less surely than what the IdP shows of a group that is there, since
/// its name is gone too. It always explains more than a group that nobody meant the person to join: membership ends
/// with the group, so that nothing in AWS can rule out that they had the access by it. Another
/// permission set that works outranks a mere "not in that group" of the one asked for, but not one that was given and
/// has not reached AWS, nor one that the person had until it was ended: that one is what they miss.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Tier {
    AnotherSetThatDoesNotWork,
    GivenUp,
    NotMeantToHave,
    LeftOver,
    Replaced,
    AnotherSetThatWorks,
    HadAndEnded,
    GivenAndNotArrived,
    Unread,
    Works,
}

impl Rank {
    const fn of(tier: Tier, step: Step) -> Self {
        Self { tier, step, nth: 0 }
    }

    const fn lowest(step: Step) -> Self {
        Self::of(Tier::AnotherSetThatDoesNotWork, step)
    }

    /// A route with a permission set that nobody asked for.
    pub(super) const fn another_set(works: bool) -> Self {
        let tier = if works { Tier::AnotherSetThatWorks } else { Tier::AnotherSetThatDoesNotWork };
        Self::of(tier, Step::Assignment)
    }

    /// It was asked for so long ago that nobody may want it any more.
    pub(super) const fn given_up(step: Step) -> Self {
        Self::of(Tier::GivenUp, step)
    }

    /// Its principal is gone, and nothing ties it to this person.
    pub(super) const fn left_over(step: Step) -> Self {
        Self::of(Tier::LeftOver, step)
    }

    /// Nothing shows that the person was given it.
    pub(super) const fn not_meant(step: Step) -> Self {
        Self::of(Tier::NotMeantToHave, step)
    }

    /// The person may have had it by a principal that was replaced.
    pub(super) const fn replaced(step: Step) -> Self {
        Self::of(Tier::Replaced, step)
    }

    /// The person had it, and it was ended.
    pub(super) const fn ended() -> Self {
        Self::of(Tier::HadAndEnded, Step::Assignment)
    }

    /// The person was given it, and it breaks at this step.
    pub(super) const fn given(step: Step) -> Self {
        Self::of(Tier::GivenAndNotArrived, step)
    }

    /// Something on the route could not be read.
    pub(super) const fn unread() -> Self {
        Self::of(Tier::Unread, Step::Portal)
    }

    /// Returns true if the person was given it, whatever became of it.
    pub(super) fn is_of_what_was_given(self) -> bool {
        self.tier >= Tier::HadAndEnded
    }

    /// The route works.
    pub(super) const fn works(step: Step) -> Self {
        Self::of(Tier::Works, step)
    }

    /// Among findings of one tier and one step: the higher, the further.
    pub(super) const fn nth(self, nth: u8) -> Self {
        Self { nth, ..self }
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnosis::fixture::{finding, in_place};

    #[test]
    fn most_causes_are_no_fault_of_the_sync_and_nothing_that_the_idp_explains_or_could_send_again() {
        let facts = in_place();
        let found = finding(&facts);
        assert!(!found.is_fault_of_the_sync(facts.checked_at));
        assert!(!found.idp_may_explain());
        assert_eq!(found.group_to_send(None), None);
    }
}
