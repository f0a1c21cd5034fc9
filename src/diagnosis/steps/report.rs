//! How each step stands, seen from the route that the explanation is about.

use jiff::Timestamp;

use super::at_the_idp::{at_the_idp, when_at_the_idp};
use super::note::{KnownAs, Note, Status, StepReport};
use super::view::{View, not_reached};
use crate::diagnosis::case::Case;
use crate::diagnosis::causes::{Cause, Finding};
use crate::diagnosis::certainty::{account_may_have_changed, gap_at, verdict_of};
use crate::diagnosis::evidence::Reaches;
use crate::diagnosis::facts::{DirectoryUser, Fact, Group, Identity, Known, PermissionSetArn, Source};
use crate::diagnosis::report::Verdict;
use crate::diagnosis::route::{Route, RouteState, Via};
use crate::diagnosis::step::Step;

/// All twelve steps, with what explains the question.
pub(in crate::diagnosis) fn report(
    case: &Case,
    routes: &[Route],
    finding: Option<&Finding>,
) -> Vec<StepReport> {
    let view = View { case, routes, finding };
    Step::ALL.iter().map(|step| one(&view, *step)).collect()
}

fn one(view: &View, step: Step) -> StepReport {
    let (status, note) = how_it_stands(view, step);
    let (as_of, source) = match note {
        Note::NotReached | Note::NotConnected | Note::NotUsed(_) | Note::Unseen(_) => (None, None),
        _ => when(view, step).unzip(),
    };
    StepReport { step, status, note, as_of, source }
}

fn how_it_stands(view: &View, step: Step) -> (Status, Note) {
    match view.cause() {
        Some(cause) if cause.step() == step => {
            let status = match verdict_of(view.case, cause) {
                // A cause that hinders nobody is a warning.
                Verdict::Access => Status::Warn,
                Verdict::Blocked => Status::Fail,
                Verdict::Undetermined => Status::Unknown,
            };
            return (status, Note::TheFinding);
        }
        Some(cause) if cause.step() == Step::Account => return not_reached(),
        _ => {}
    }
    if view.case.account.is_none() && step != Step::Account && !is_seen_without_the_account(view, step) {
        return not_reached();
    }
    // What comes after a group that is not there is not reached, whatever the other routes show.
    if view.lost().is_some() && step > Step::DirectoryGroup {
        return not_reached();
    }
    match step {
        Step::Account => account(view),
        Step::IdpUser | Step::IdpMembership | Step::AppAssignment | Step::Sync => at_the_idp(view, step),
        Step::DirectoryUser => directory_user(view),
        Step::DirectoryGroup => directory_group(view),
        Step::DirectoryMembership => directory_membership(view),
        Step::DuplicateGroups => duplicate_groups(view),
        Step::Assignment => assignment(view),
        Step::Provisioning => provisioning(view),
        Step::Portal => portal(view),
    }
}

/// If the account could not be read, the person can still be looked at.
fn is_seen_without_the_account(view: &View, step: Step) -> bool {
    let unread = view.case.account_search().is_none();
    unread
        && (Step::OF_THE_IDP.contains(&step)
            || step == Step::DirectoryUser
            || step == Step::DirectoryMembership)
}

fn account(view: &View) -> (Status, Note) {
    match view.case.account {
        Some(_) if view.finding.is_none() && account_may_have_changed(view.case) => {
            view.unseen(Step::Account)
        }
        Some(_) => (Status::Pass, Note::AccountActive),
        None => view.unseen(Step::Account),
    }
}

fn directory_user(view: &View) -> (Status, Note) {
    match view.case.person {
        Some(_) if view.finding.is_none() && !view.case.facts.both_look_ups_answered() => {
            view.unseen(Step::DirectoryUser)
        }
        Some(person) if !person.enabled => (Status::Fail, Note::PersonDisabled),
        Some(person) => enabled(view, person),
        None if view.case.facts.identity() == Identity::Nobody => nobody(view),
        None => view.unseen(Step::DirectoryUser),
    }
}

fn nobody(view: &View) -> (Status, Note) {
    let status = if view.case.facts.is_proven_absent() { Status::Fail } else { Status::Unknown };
    (status, Note::PersonAbsent)
}

fn enabled(view: &View, person: &DirectoryUser) -> (Status, Note) {
    let facts = view.case.facts;
    let at_the_idp = facts.idp.as_ref().and_then(|idp| idp.person.value()?.as_ref());
    let is_other = |name: &&String| !name.is_empty() && !name.eq_ignore_ascii_case(&person.user_name);
    let names = KnownAs {
        user_name: Some(&facts.question.subject).filter(is_other).map(|_| person.user_name.clone()),
        at_the_idp: at_the_idp.map(|one| &one.user_name).filter(is_other).cloned(),
        another: facts.other_record.value().map(|other| other.user_name.clone()),
        asked_by_another: facts
            .other_record
            .value()
            .is_some_and(|other| other.user_name.eq_ignore_ascii_case(&facts.question.subject)),
    };
    let needs_a_look = names.another.is_some() || names.at_the_idp.is_some();
    (if needs_a_look { Status::Warn } else { Status::Pass }, Note::PersonEnabled(names))
}

fn directory_group(view: &View) -> (Status, Note) {
    if !view.person_is_found() {
        return not_reached();
    }
    if let Some(Reaches::Another(own)) = view.reaches() {
        return (Status::Pass, Note::GroupThere(own.clone()));
    }
    match view.route().map(|route| &route.via) {
        Some(Via::Direct) => (Status::Pass, Note::NoGroupNeeded),
        Some(Via::Group(_, Some(group))) => (Status::Pass, Note::GroupThere(group.clone())),
        Some(Via::Group(id, None)) => match view.case.facts.groups.get(id) {
            Some(Fact::Known(_)) => (Status::Warn, Note::GroupGone),
            Some(Fact::Gap(gap)) => (Status::Unknown, Note::Unseen(Some(gap.clone()))),
            Some(Fact::NotAsked) | None => not_reached(),
        },
        Some(Via::GoneUser) | None => not_reached(),
    }
}

fn directory_membership(view: &View) -> (Status, Note) {
    let Some(route) = view.route().filter(|_| view.person_is_found()) else {
        return if view.person_is_found() { in_groups(view) } else { not_reached() };
    };
    let member_of = |group: Option<&Group>| {
        let since = group.and_then(|group| view.case.member_since(&group.id));
        (Status::Pass, Note::MemberOf { group: group.cloned(), since })
    };
    match (&route.via, view.reaches()) {
        (Via::Direct, _) => (Status::Pass, Note::NoGroupNeeded),
        (_, None) if route.state == RouteState::Unknown(Step::DirectoryMembership) => {
            view.unseen(Step::DirectoryMembership)
        }
        (_, Some(Reaches::Another(own))) => member_of(Some(own)),
        (Via::Group(_, group), None | Some(Reaches::ARequest | Reaches::TheAssignment)) => {
            member_of(group.as_ref())
        }
        (Via::Group(_, Some(group)), Some(Reaches::NotTheGroup)) => {
            (Status::Fail, Note::NotIn(group.clone()))
        }
        (Via::Group(_, None) | Via::GoneUser, _) => in_groups(view),
    }
}

fn in_groups(view: &View) -> (Status, Note) {
    match view.case.facts.memberships.value() {
        Some(memberships) => (Status::Pass, Note::InGroups { count: memberships.len() }),
        None => view.unseen(Step::DirectoryMembership),
    }
}

fn duplicate_groups(view: &View) -> (Status, Note) {
    if view.cause().is_some_and(Cause::means_access) {
        return (Status::Pass, Note::LookAlikesDoNotMatter);
    }
    if view.case.facts.memberships.value().is_none() || view.case.facts.groups.is_empty() {
        return not_reached();
    }
    match gap_at(view.case, Step::DirectoryGroup) {
        Some(gap) => (Status::Unknown, Note::Unseen(Some(gap.clone()))),
        None => (Status::Pass, Note::NoLookAlikes),
    }
}

fn assignment(view: &View) -> (Status, Note) {
    if !view.person_is_found() {
        return not_reached();
    }
    match view.route() {
        Some(route) if route.wanted != Some(false) => {
            let permission_set = route.permission_set_name.clone();
            (Status::Pass, Note::Assigned { permission_set, to: route.group_record().cloned() })
        }
        _ => view.unseen(Step::Assignment),
    }
}

fn provisioning(view: &View) -> (Status, Note) {
    let Some(route) = view.route().filter(|_| view.person_is_found()) else {
        return view.unseen(Step::Provisioning);
    };
    let is_no_assignment = matches!(
        route.finding(),
        Some(Finding::AssignmentFailed(_) | Finding::AssignmentInProgress(_) | Finding::AccessEnded(_))
    );
    if is_no_assignment || route.wanted == Some(false) {
        return not_reached();
    }
    let is_in = |fact: &Fact<Vec<PermissionSetArn>>| {
        fact.value().is_some_and(|sets| sets.contains(&route.permission_set))
    };
    let facts = view.case.facts;
    match (is_in(&facts.provisioned_latest), is_in(&facts.provisioned_outdated)) {
        (true, true) => (Status::Pass, Note::VersionUnclear),
        (true, false) => (Status::Pass, Note::LatestVersion),
        (false, true) => (Status::Warn, Note::OlderVersion),
        (false, false) => view.unseen(Step::Provisioning),
    }
}

fn portal(view: &View) -> (Status, Note) {
    match view.cause() {
        Some(cause) if cause.means_access() => (Status::Unknown, Note::PortalCannotBeSeen),
        _ => not_reached(),
    }
}

fn when(view: &View, step: Step) -> Option<(Timestamp, Source)> {
    fn read<T>(fact: Option<&Fact<T>>) -> Option<(Timestamp, Source)> {
        let Known { as_of, source, .. } = fact?.known()?;
        Some((*as_of, *source))
    }
    let facts = view.case.facts;
    match step {
        Step::Account => read(Some(&facts.account)),
        Step::DirectoryUser => read(Some(&facts.person)).or_else(|| read(Some(&facts.user_by_name))),
        Step::DirectoryGroup | Step::DuplicateGroups => {
            read(view.route().and_then(|route| facts.groups.get(route.group()?)))
        }
        Step::DirectoryMembership => read(Some(&facts.memberships)),
        Step::Assignment => {
            let route = view.route().and_then(|route| read(facts.assignments.get(&route.permission_set)));
            route
                .or_else(|| read(Some(&facts.persons_assignments)))
                .or_else(|| read(Some(&facts.provisioned_latest)))
        }
        Step::Provisioning => read(Some(&facts.provisioned_latest)),
        Step::IdpUser | Step::IdpMembership | Step::AppAssignment | Step::Sync => when_at_the_idp(view, step),
        Step::Portal => None,
    }
}
