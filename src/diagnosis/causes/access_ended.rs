//! `access_ended`: the person had the access by an assignment that was taken away, as a tool for temporary access does
//! when the time is over.
//!
//! AWS lists deletions for a while; for how long is documented nowhere. (SSO Admin API reference,
//! `ListAccountAssignmentDeletionStatus`.)

use jiff::{SignedDuration, Timestamp};

use crate::diagnosis::case::Case;
use crate::diagnosis::evidence::{About, Evidence, Meaning, Rank, Reaches};
use crate::diagnosis::facts::{AssignmentRequest, Group, Principal, RequestState};
use crate::diagnosis::step::Step;

/// Somebody who misses what ended longer ago asks for something else; our own limit.
const LONG_AGO: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The person had it, until the assignment was taken away.
#[derive(Clone, Debug, PartialEq)]
pub struct AccessEnded {
    pub permission_set: Option<String>,
    /// The group of the person's that had it; `None` if it was assigned to them directly.
    pub through: Option<Group>,
    pub at: Option<Timestamp>,
    /// It ended so long ago that it explains only if nothing else does.
    pub long_ago: bool,
    /// AWS does not say since when the person is in the group: they may have joined it later.
    pub may_have_joined_later: bool,
}

impl Evidence for AccessEnded {
    const ABOUT: About = About { name: "access_ended", step: Step::Assignment, meaning: Meaning::Ended };

    fn rank(&self) -> Rank {
        match self.long_ago {
            true => Rank::given_up(Step::Account),
            false => Rank::ended(),
        }
    }

    fn reaches(&self) -> Reaches<'_> {
        Reaches::ARequest
    }
}

/// What the deletion ended for the person; `None` if they joined its group only afterwards, and so never had it.
pub(in crate::diagnosis) fn of(case: &Case, request: &AssignmentRequest) -> Option<AccessEnded> {
    if request.state != RequestState::Ended {
        return None;
    }
    let (through, since) = match &request.assignment.principal {
        Principal::User(_) => (None, None),
        // A group whose name is unread cannot be told, and what it had is hardly theirs.
        Principal::Group(group) => (Some(case.facts.group(group)?.clone()), case.member_since(group)),
    };
    if since.is_some_and(|since| request.created_at.is_some_and(|at| since > at)) {
        return None;
    }
    let age = request.created_at.map(|at| case.facts.checked_at.duration_since(at));
    let set = case.facts.permission_set_name(&request.assignment.permission_set);
    Some(AccessEnded {
        permission_set: set.map(str::to_owned),
        may_have_joined_later: through.is_some() && since.is_none(),
        through,
        at: request.created_at,
        long_ago: age.is_some_and(|age| age > LONG_AGO),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::causes::{Cause, Finding};
    use crate::diagnosis::diagnose;
    use crate::diagnosis::facts::idp::Idp;
    use crate::diagnosis::facts::{Assignment, Facts, GroupId, Membership, PermissionSetArn, UserId};
    use crate::diagnosis::fixture::{
        at, cause, dana, finding, group, group_id, in_place, known, of_the_idp, read_only, sent_by,
        without_membership,
    };

    fn admin() -> PermissionSetArn {
        PermissionSetArn("admin".to_owned())
    }

    fn request(state: RequestState, principal: Principal, when: Timestamp) -> AssignmentRequest {
        let assignment = Assignment { permission_set: admin(), principal };
        AssignmentRequest { assignment, state, failure_reason: None, created_at: Some(when) }
    }

    /// Dana had Admin, and lacks the group that has ReadOnly.
    fn ended(facts: Facts, principal: Principal, when: Timestamp) -> Facts {
        let mut facts = facts;
        facts.permission_sets.insert(admin(), known("Admin".to_owned()));
        facts.requests_ended = known(vec![request(RequestState::Ended, principal, when)]);
        facts
    }

    fn directly() -> Facts {
        ended(without_membership(), Principal::User(dana()), at("11:00"))
    }

    #[test]
    fn what_was_assigned_to_the_person_until_today_is_what_they_miss() {
        let had = AccessEnded {
            permission_set: Some("Admin".to_owned()),
            through: None,
            at: Some(at("11:00")),
            long_ago: false,
            may_have_joined_later: false,
        };
        assert_eq!(finding(&directly()), had.into());
    }

    #[test]
    fn it_comes_before_a_group_that_nobody_meant_them_to_join_and_after_one_on_its_way() {
        let mut facts = ended(sent_by(Idp::Entra), Principal::User(dana()), at("11:00"));
        assert_eq!(cause(&facts), Some(Cause::MembershipMissed));
        of_the_idp(&mut facts).direct = known(Vec::new());
        of_the_idp(&mut facts).transitive = known(Vec::new());
        assert_eq!(cause(&facts), Some(Cause::AccessEnded));
    }

    #[test]
    fn what_ended_for_somebody_else_or_before_it_was_given_again_is_no_end() {
        for principal in [
            Principal::User(UserId("somebody else".to_owned())),
            Principal::Group(GroupId("a group of others".to_owned())),
        ] {
            let facts = ended(without_membership(), principal, at("11:00"));
            assert_eq!(cause(&facts), Some(Cause::MembershipNotSynced));
        }
        let mut facts = directly();
        let assignment = Assignment { permission_set: admin(), principal: Principal::User(dana()) };
        facts.persons_assignments = known(vec![assignment]);
        facts.provisioned_latest = known(vec![read_only(), admin()]);
        assert_eq!(cause(&facts), Some(Cause::PortalStale), "it was given again");
    }

    #[test]
    fn a_younger_request_for_the_same_says_more_than_the_end() {
        let principal = || Principal::User(dana());
        for (state, expected) in [
            (RequestState::InProgress, Cause::AssignmentInProgress),
            (RequestState::Failed, Cause::AssignmentFailed),
        ] {
            let mut facts = directly();
            let younger = known(vec![request(state, principal(), at("13:00"))]);
            match state {
                RequestState::InProgress => facts.requests_in_progress = younger,
                _ => facts.requests_failed = younger,
            }
            assert_eq!(cause(&facts), Some(expected));
            let ways = diagnose(&facts).routes.len();
            assert_eq!(ways, 2, "the end is no second way: the group's and the request's are there");
        }
    }

    #[test]
    fn of_several_ends_the_last_is_told() {
        let mut facts = directly();
        let end = |time| request(RequestState::Ended, Principal::User(dana()), at(time));
        facts.requests_ended = known(vec![end("09:00"), end("12:00"), end("10:00")]);
        let Finding::AccessEnded(found) = finding(&facts) else { panic!("{:?}", cause(&facts)) };
        assert_eq!(found.at, Some(at("12:00")));
    }

    #[test]
    fn a_group_had_it_only_for_those_who_were_in_it() {
        let joined = |since| Facts {
            memberships: known(vec![Membership { group: group_id(), since }]),
            assignments: [(read_only(), known(Vec::new()))].into(),
            ..in_place()
        };
        let through = |since| ended(joined(since), Principal::Group(group_id()), at("13:30"));
        let Finding::AccessEnded(found) = finding(&through(Some(at("13:00")))) else { panic!("it ended") };
        assert_eq!((found.through, found.may_have_joined_later), (Some(group()), false));
        assert_eq!(cause(&through(Some(at("13:30")))), Some(Cause::AccessEnded), "joined just then");
        assert_eq!(cause(&through(Some(at("13:45")))), Some(Cause::NoAssignment), "joined afterwards");
        let Finding::AccessEnded(found) = finding(&through(None)) else { panic!("it ended") };
        assert!(found.may_have_joined_later);
    }

    #[test]
    fn what_ended_long_ago_explains_only_if_nothing_else_does() {
        let long_ago = at("11:00") - SignedDuration::from_hours(40 * 24);
        let mut facts = ended(without_membership(), Principal::User(dana()), long_ago);
        assert_eq!(cause(&facts), Some(Cause::MembershipNotSynced));
        facts.assignments.clear();
        assert_eq!(cause(&facts), Some(Cause::AccessEnded));
        let before = |age| {
            let facts = without_membership();
            let when = facts.checked_at - age;
            cause(&ended(facts, Principal::User(dana()), when))
        };
        assert_eq!(before(LONG_AGO), Some(Cause::AccessEnded));
        assert_eq!(before(SignedDuration::from_hours(29 * 24)), Some(Cause::AccessEnded));
        let longer = LONG_AGO + SignedDuration::from_secs(1);
        assert_eq!(before(longer), Some(Cause::MembershipNotSynced));
    }

    #[test]
    fn another_permission_set_than_the_one_asked_for_is_a_note() {
        let mut facts = directly();
        facts.question.permission_set = Some("ReadOnly".to_owned());
        let diagnosis = diagnose(&facts);
        assert_eq!(diagnosis.cause(), Some(Cause::MembershipNotSynced));
        assert_eq!(diagnosis.routes.len(), 2);
        facts.question.permission_set = Some("Admin".to_owned());
        assert_eq!(cause(&facts), Some(Cause::AccessEnded), "ReadOnly would not be enough");
    }
}
