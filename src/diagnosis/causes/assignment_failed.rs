//! `assignment_failed`: AWS could not make the assignment, and says why.

use jiff::{SignedDuration, Timestamp};

use crate::diagnosis::evidence::{About, Evidence, Meaning, Rank, Reaches};
use crate::diagnosis::facts::{AssignmentRequest, RequestState};
use crate::diagnosis::step::Step;

/// The assignment could not be made.
#[derive(Clone, Debug, PartialEq)]
pub struct AssignmentFailed {
    pub reason: Option<String>,
    pub at: Option<Timestamp>,
    /// It failed so long ago that nobody waits for it any more.
    pub given_up: bool,
    /// It failed so long ago that it explains nothing while there is any other way in.
    pub forgotten: bool,
}

/// Who asks for an assignment and sees it fail asks again the same day, or gives the access in another way.
const GIVEN_UP_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// Who misses something for longer has asked before; our own limit.
const FORGOTTEN_AFTER: SignedDuration = SignedDuration::from_hours(7 * 24);

impl Evidence for AssignmentFailed {
    const ABOUT: About =
        About { name: "assignment_failed", step: Step::Assignment, meaning: Meaning::Broken };

    fn rank(&self) -> Rank {
        match (self.forgotten, self.given_up) {
            // It explains only if nothing that is there does.
            (true, _) => Rank::given_up(Step::Account),
            // It explains only if nothing else that the person was given does.
            (false, true) => Rank::given(Step::Account),
            (false, false) => Rank::given(Step::Assignment).nth(0),
        }
    }

    fn reaches(&self) -> Reaches<'_> {
        Reaches::ARequest
    }
}

pub(in crate::diagnosis) fn of(request: &AssignmentRequest, now: Timestamp) -> Option<AssignmentFailed> {
    let age = request.created_at.map(|at| now.duration_since(at));
    (request.state == RequestState::Failed).then(|| AssignmentFailed {
        reason: request.failure_reason.clone(),
        at: request.created_at,
        given_up: age.is_some_and(|age| age > GIVEN_UP_AFTER),
        forgotten: age.is_some_and(|age| age > FORGOTTEN_AFTER),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::causes::Cause;
    use crate::diagnosis::facts::idp::Idp;
    use crate::diagnosis::facts::{Assignment, Principal};
    use crate::diagnosis::fixture::{
        at, cause, dana, finding, known, read_only, sent_by, without_membership,
    };

    fn failed(at: &str) -> AssignmentRequest {
        let assignment = Assignment { permission_set: read_only(), principal: Principal::User(dana()) };
        let created_at = Some(at.parse().expect("a moment"));
        AssignmentRequest { assignment, state: RequestState::Failed, failure_reason: None, created_at }
    }

    #[test]
    fn a_request_counts_while_the_assignment_is_not_there() {
        let request = failed("2026-11-24T14:10:00Z");
        let assignment = request.assignment.clone();
        let mut facts = without_membership();
        facts.requests_failed = known(vec![request]);
        let at = Some(at("14:10"));
        assert_eq!(
            finding(&facts),
            AssignmentFailed { reason: None, at, given_up: false, forgotten: false }.into()
        );
        facts.persons_assignments = known(vec![assignment]);
        assert_eq!(cause(&facts), Some(Cause::PortalStale));
    }

    #[test]
    fn a_request_of_weeks_ago_is_told_after_what_the_idp_explains() {
        let mut facts = sent_by(Idp::Entra);
        facts.requests_failed = known(vec![failed("2026-11-24T12:00:00Z")]);
        assert_eq!(cause(&facts), Some(Cause::AssignmentFailed));
        facts.requests_failed = known(vec![failed("2026-10-30T12:00:00Z")]);
        assert_eq!(cause(&facts), Some(Cause::MembershipMissed));
        facts.assignments.clear();
        assert_eq!(cause(&facts), Some(Cause::AssignmentFailed), "nothing else explains anything");
    }

    #[test]
    fn a_request_is_given_up_after_a_day_and_forgotten_after_a_week() {
        let now = at("14:12");
        let after = |age: SignedDuration| {
            let mut request = failed("2026-11-24T14:12:00Z");
            request.created_at = Some(now - age);
            of(&request, now).map(|found| (found.given_up, found.forgotten))
        };
        let (day, week, moment) = (
            SignedDuration::from_hours(24),
            SignedDuration::from_hours(7 * 24),
            SignedDuration::from_secs(1),
        );
        assert_eq!(after(day), Some((false, false)));
        assert_eq!(after(day + moment), Some((true, false)));
        assert_eq!(after(week), Some((true, false)));
        assert_eq!(after(week + moment), Some((true, true)));
    }
}
