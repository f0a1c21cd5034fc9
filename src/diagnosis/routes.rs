//! The routes: each account assignment and each unfulfilled request on the account, followed as far as it gets.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::case::Case;
use super::causes::{
    Finding, of_deleted_group, of_deleted_user, of_request, of_version, why_the_group_lacks_the_person,
};
use super::facts::{Assignment, AssignmentRequest, Fact, GroupId, PermissionSetArn, Principal, RequestState};
use super::link::Link;
use super::overview::Overview;
use super::permission_sets::wants;
use super::route::{self, Route, RouteState, Via};
use super::step::Step;

/// All routes that the facts show, the one that gets furthest first.
pub(super) fn routes(case: &Case) -> Vec<Route> {
    let assignments = assignments(case);
    let mut routes: Vec<Route> =
        assignments.iter().filter_map(|assignment| assigned(case, assignment)).collect();
    routes.extend(requested(case, &assignments));
    route::sort(&mut routes, case.account_name());
    routes
}

/// What the routes come to as a whole.
pub(super) fn overview<'c, 'f>(case: &'c Case<'f>, routes: &[Route]) -> Overview<'c, 'f> {
    let works = routes.iter().filter(|route| route.works());
    Overview {
        case,
        any_route_matters: routes.iter().any(|route| route.wanted != Some(false) || route.works()),
        only_another_set_works: routes.first().is_some_and(|best| best.wanted == Some(false) && best.works()),
        gives_what_was_asked: routes.first().is_some_and(Route::gives_what_was_asked),
        sets_that_work: works.filter_map(|route| route.permission_set_name.clone()).collect(),
    }
}

fn assignments(case: &Case) -> BTreeSet<Assignment> {
    let facts = case.facts;
    let by_permission_set = facts.assignments.iter().flat_map(|(permission_set, principals)| {
        principals.value().into_iter().flatten().map(|principal| Assignment {
            permission_set: permission_set.clone(),
            principal: principal.clone(),
        })
    });
    let by_person = facts.persons_assignments.value().into_iter().flatten().cloned();
    let by_group = facts.groups_assignments.values().filter_map(Fact::value).flatten().cloned();
    by_permission_set.chain(by_person).chain(by_group).collect()
}

fn assigned(case: &Case, assignment: &Assignment) -> Option<Route> {
    let (via, state) = match &assignment.principal {
        Principal::User(user) if case.is_the_person(user) => {
            (Via::Direct, if_provisioned(case, &assignment.permission_set, None))
        }
        Principal::User(user) => (Via::GoneUser, RouteState::Explained(of_deleted_user(case, user)?)),
        Principal::Group(group) => (
            Via::Group(group.clone(), case.facts.group(group).cloned()),
            through_group(case, group, assignment),
        ),
    };
    Some(named(case, via, &assignment.permission_set, state))
}

fn requested(case: &Case, existing: &BTreeSet<Assignment>) -> Vec<Route> {
    let facts = case.facts;
    let requests = [&facts.requests_in_progress, &facts.requests_failed, &facts.requests_ended];
    let of_the_person: BTreeSet<&AssignmentRequest> = requests
        .into_iter()
        .filter_map(Fact::value)
        .flatten()
        .filter(|request| !existing.contains(&request.assignment) && concerns_the_person(case, request))
        .collect();
    let is_last = |request: &&AssignmentRequest| {
        request.state != RequestState::Ended
            || of_the_person
                .iter()
                .all(|other| other.assignment != request.assignment || other.created_at <= request.created_at)
    };
    let routes = of_the_person.iter().copied().filter(is_last).filter_map(|request| {
        let via = match &request.assignment.principal {
            Principal::User(_) => Via::Direct,
            Principal::Group(id) => Via::Group(id.clone(), case.facts.group(id).cloned()),
        };
        let state = RouteState::Explained(of_request(case, request)?);
        Some(named(case, via, &request.assignment.permission_set, state))
    });
    routes.collect()
}

fn concerns_the_person(case: &Case, request: &AssignmentRequest) -> bool {
    match &request.assignment.principal {
        Principal::User(user) => case.is_the_person(user),
        Principal::Group(group) => {
            case.memberships.as_ref().is_some_and(|memberships| memberships.contains_key(group))
        }
    }
}

fn named(case: &Case, via: Via, permission_set: &PermissionSetArn, state: RouteState) -> Route {
    let name = case.facts.permission_set_name(permission_set);
    let wanted = match (&case.facts.question.permission_set, name) {
        (None, _) => Some(true),
        (Some(_), Some(name)) => Some(wants(case.facts, name)),
        (Some(_), None) => None,
    };
    let opens_accounts = match &via {
        Via::Group(id, _) => case.facts.opens_accounts.get(id).and_then(Fact::value).copied(),
        Via::Direct | Via::GoneUser => None,
    };
    Route {
        permission_set: permission_set.clone(),
        permission_set_name: name.map(str::to_owned),
        wanted,
        opens_accounts,
        via,
        state,
    }
}

fn through_group(case: &Case, id: &GroupId, assignment: &Assignment) -> RouteState {
    if let Some(deleted) = of_deleted_group(case, id) {
        return RouteState::Explained(deleted);
    }
    let is_member = match &case.memberships {
        _ if case.aws_names_it_as_the_persons(assignment) => true,
        None => return RouteState::Unknown(Step::DirectoryMembership),
        Some(memberships) => memberships.contains_key(id),
    };
    match is_member {
        true => if_provisioned(case, &assignment.permission_set, case.member_since(id)),
        false => RouteState::Explained(without_the_person(case, id, &assignment.permission_set)),
    }
}

fn without_the_person(case: &Case, id: &GroupId, permission_set: &PermissionSetArn) -> Finding {
    let link = case.facts.group(id).map(|assigned| Link { case, assigned, permission_set });
    why_the_group_lacks_the_person(link.as_ref())
}

fn if_provisioned(
    case: &Case,
    permission_set: &PermissionSetArn,
    member_since: Option<Timestamp>,
) -> RouteState {
    match case.version_of(permission_set).and_then(|version| of_version(&version, member_since)) {
        Some(finding) => RouteState::Explained(finding),
        None => RouteState::Unknown(Step::Provisioning),
    }
}

#[cfg(test)]
mod tests {
    use super::super::causes::Cause;
    use super::super::fixture::{
        cause, dana, group_id, in_place, known, read_only, unread, without_membership,
    };
    use crate::diagnosis::diagnose;
    use crate::diagnosis::facts::{Assignment, AssignmentRequest, Facts, Principal, RequestState, UserId};

    fn somebody_else() -> Principal {
        Principal::User(UserId("somebody else".to_owned()))
    }

    #[test]
    fn an_assignment_to_somebody_else_is_no_route() {
        let mut facts = without_membership();
        facts.assignments.insert(read_only(), known(vec![somebody_else()]));
        facts.users.insert(UserId("somebody else".to_owned()), known(true));
        assert_eq!(diagnose(&facts).routes, []);
        facts.assignments.insert(read_only(), known(vec![Principal::User(dana())]));
        assert_eq!(cause(&facts), Some(Cause::PortalStale));
    }

    #[test]
    fn a_request_for_somebody_else_is_no_route() {
        let request = |principal| AssignmentRequest {
            assignment: Assignment { permission_set: read_only(), principal },
            state: RequestState::Failed,
            failure_reason: None,
            created_at: None,
        };
        let mut facts = in_place();
        facts.assignments.insert(read_only(), known(Vec::new()));
        facts.requests_failed = known(vec![request(somebody_else())]);
        assert_eq!(diagnose(&facts).routes, []);
        facts.requests_failed = known(vec![request(Principal::User(dana()))]);
        assert_eq!(cause(&facts), Some(Cause::AssignmentFailed));
    }

    #[test]
    fn what_aws_itself_lists_as_the_persons_needs_no_membership_that_was_read() {
        for memberships in [known(Vec::new()), unread()] {
            let mut facts = Facts { memberships, ..in_place() };
            let principal = Principal::Group(group_id());
            facts.persons_assignments = known(vec![Assignment { permission_set: read_only(), principal }]);
            assert_eq!(cause(&facts), Some(Cause::PortalStale));
        }
    }
}
