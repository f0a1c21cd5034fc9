//! The routes in words: how each stands, and the other ways to an account.

use super::causes::{explain, texts};
use super::say::{Sentence, ago, name, say};
use crate::diagnosis::causes::{Cause, Finding};
use crate::diagnosis::{Diagnosis, Route, RouteState, Via};

/// What is said of a route whose cause says nothing of routes.
pub const DOES_NOT_WORK: &str = "does not work";

/// How a route stands, in a few words.
pub fn route_in_words(route: &Route) -> &'static str {
    match &route.state {
        RouteState::Explained(finding) => texts(finding.cause()).on_a_route.unwrap_or(DOES_NOT_WORK),
        RouteState::Unknown(_) => "could not be read",
    }
}

/// The other routes, one line each, in the order of how far they get; those that merely lack the person last. What ended
/// with a permission set that nobody asked for is another one, also if it is all that there is.
pub fn near_misses<'d>(diagnosis: &'d Diagnosis) -> impl Iterator<Item = Sentence> + 'd {
    diagnosis
        .routes
        .iter()
        .enumerate()
        .filter(|(position, route)| *position > 0 || is_a_note(route))
        .map(|(_, route)| route)
        .filter(|route| route.via != Via::GoneUser)
        .map(|route| near_miss(diagnosis, route))
}

fn is_a_note(route: &Route) -> bool {
    route.wanted == Some(false) && matches!(route.finding(), Some(Finding::AccessEnded(_)))
}

fn names_what_is_gone(route: &Route) -> bool {
    let cause = route.finding().map(Finding::cause);
    matches!(cause, Some(Cause::DanglingAssignment | Cause::GroupNotSynced))
}

fn near_miss(diagnosis: &Diagnosis, route: &Route) -> Sentence {
    let with = match &route.permission_set_name {
        Some(permission_set) => say![name(permission_set)],
        None => say!["a permission set whose name I could not read"],
    };
    let through = match (&route.via, route.group_name()) {
        (Via::Group(..), Some(group)) => say![" through ", name(group)],
        (Via::Group(..), None) if names_what_is_gone(route) => say![" through a deleted group"],
        (Via::Group(..), None) => say![" through a group whose name I could not read"],
        (Via::Direct | Via::GoneUser, _) => say![" directly"],
    };
    let since = route.finding().and_then(|finding| explain(finding).since());
    let age = since.map(|since| format!(", {}", ago(since, diagnosis.checked_at))).unwrap_or_default();
    with.then(through).then(say![": ", route_in_words(route), age])
}
