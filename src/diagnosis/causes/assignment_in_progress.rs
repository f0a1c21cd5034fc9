//! `assignment_in_progress`: AWS is still making the assignment.

use jiff::Timestamp;

use crate::diagnosis::evidence::{About, Evidence, Meaning, Rank, Reaches};
use crate::diagnosis::facts::{AssignmentRequest, RequestState};
use crate::diagnosis::step::Step;

/// The assignment is being made.
#[derive(Clone, Debug, PartialEq)]
pub struct AssignmentInProgress {
    pub since: Option<Timestamp>,
}

impl Evidence for AssignmentInProgress {
    const ABOUT: About =
        About { name: "assignment_in_progress", step: Step::Assignment, meaning: Meaning::Broken };

    fn rank(&self) -> Rank {
        Rank::given(Step::Assignment).nth(1)
    }

    fn reaches(&self) -> Reaches<'_> {
        Reaches::ARequest
    }
}

pub(in crate::diagnosis) fn of(request: &AssignmentRequest) -> Option<AssignmentInProgress> {
    (request.state == RequestState::InProgress).then_some(AssignmentInProgress { since: request.created_at })
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
            state: RequestState::InProgress,
            failure_reason: None,
            created_at: Some(at("14:10")),
        };
        let mut facts = without_membership();
        facts.requests_in_progress = known(vec![request]);
        assert_eq!(finding(&facts), AssignmentInProgress { since: Some(at("14:10")) }.into());
        facts.persons_assignments = known(vec![assignment]);
        assert_eq!(cause(&facts), Some(Cause::PortalStale));
    }
}
