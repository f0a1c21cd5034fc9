//! The view from which the steps are seen: the question's case, its routes, and what explains it.

use super::note::{Note, Status};
use crate::diagnosis::case::Case;
use crate::diagnosis::causes::{Cause, Finding, GroupNotSynced, WhyAbsent};
use crate::diagnosis::certainty::{blind_step, gap_at};
use crate::diagnosis::evidence::Reaches;
use crate::diagnosis::facts::idp::IdpGroup;
use crate::diagnosis::route::Route;
use crate::diagnosis::step::Step;

pub(super) struct View<'c, 'f> {
    pub(super) case: &'c Case<'f>,
    pub(super) routes: &'c [Route],
    pub(super) finding: Option<&'c Finding>,
}

impl View<'_, '_> {
    pub(super) fn cause(&self) -> Option<Cause> {
        self.finding.map(Finding::cause)
    }

    /// The route to tell of: one with a permission set that nobody asked for tells only if it works.
    pub(super) fn route(&self) -> Option<&Route> {
        self.routes.first().filter(|best| best.wanted != Some(false) || best.works())
    }

    /// The group of the person's own that the IdP sends and AWS does not have, if that is the explanation: no route shows
    /// it.
    pub(super) fn lost(&self) -> Option<&IdpGroup> {
        match self.finding? {
            Finding::GroupNotSynced(GroupNotSynced { at_the_idp, why: WhyAbsent::NotThere(_) }) => {
                Some(at_the_idp)
            }
            _ => None,
        }
    }

    /// Where the route gets to before it breaks, if it was read to its end.
    pub(super) fn reaches(&self) -> Option<Reaches<'_>> {
        self.route()?.finding().map(Finding::reaches)
    }

    pub(super) fn person_is_found(&self) -> bool {
        self.case.facts.user().is_some() && !self.is_disabled()
    }

    fn is_disabled(&self) -> bool {
        self.case.person.is_some_and(|person| !person.enabled)
    }

    pub(super) fn unseen(&self, step: Step) -> (Status, Note) {
        match gap_at(self.case, step) {
            Some(gap) => (Status::Unknown, Note::Unseen(Some(gap.clone()))),
            None if self.finding.is_none() && blind_step(self.case, self.routes, None) == Some(step) => {
                (Status::Unknown, Note::Unseen(None))
            }
            None => not_reached(),
        }
    }
}

pub(super) fn not_reached() -> (Status, Note) {
    (Status::NotReached, Note::NotReached)
}
