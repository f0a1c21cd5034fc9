//! `assignment_failed`: AWS could not make the assignment, and says why.

use jiff::Timestamp;

use crate::diagnosis::evidence::{About, Evidence, Meaning, Rank, Reaches};
use crate::diagnosis::facts::{AssignmentRequest, RequestState};
use crate::diagnosis::step::Step;

/// The assignment could not be made.
#[derive(Clone, Debug, PartialEq)]
pub struct AssignmentFailed {
    pub reason: Option<String>,
    pub at: Option<Timestamp>,
}

impl Evidence for AssignmentFailed {
    const ABOUT: About =
        About { name: "assignment_failed", step: Step::Assignment, meaning: Meaning::Broken };

    fn rank(&self) -> Rank {
        Rank::given(Step::Assignment).nth(0)
    }

    fn reaches(&self) -> Reaches<'_> {
        Reaches::ARequest
    }
}

pub(in crate::diagnosis) fn of(request: &AssignmentRequest) -> Option<AssignmentFailed> {
    (request.state == RequestState::Failed)
        .then(|| AssignmentFailed { reason: request.failure_reason.clone(), at: request.created_at })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::causes::Cause;
    use crate::diagnosis::facts::{Assignment, Principal};
    use crate::diagnosis::fixture::{at, cause, dana, finding, known, read_only, without_membership};

    #[test]
    fn a_request_counts_while_the_assignment_is_not_there() {
        let assignment = Assignment { permission_set: read_only(), principal: Principal::User(dana()) };
        let request = AssignmentRequest {
            assignment: assignment.clone(),
            state: RequestState::Failed,
            failure_reason: None,
            created_at: Some(at("14:10")),
        };
        let mut facts = without_membership();
        facts.requests_failed = known(vec![request]);
        assert_eq!(finding(&facts), AssignmentFailed { reason: None, at: Some(at("14:10")) }.into());
        facts.persons_assignments = known(vec![assignment]);
        assert_eq!(cause(&facts), Some(Cause::PortalStale));
    }
}
