//! `membership_not_synced`: the assigned group is there without the person, and the IdP side could not be seen.

use super::{Case, Finding};
use crate::diagnosis::facts::Group;
use crate::diagnosis::routes::{Break, Route, RouteState, Via};

pub(super) fn holds(case: &Case) -> Option<Finding> {
    if *case.best_break()? != Break::NotMember {
        return None;
    }
    let mut groups: Vec<Group> = case.routes.iter().filter_map(group_without_the_person).cloned().collect();
    groups.dedup();
    Some(Finding::MembershipNotSynced { groups })
}

fn group_without_the_person(route: &Route) -> Option<&Group> {
    match (&route.state, &route.via) {
        (RouteState::Broken(Break::NotMember), Via::Group(_, group)) if route.wanted != Some(false) => {
            group.as_ref()
        }
        _ => None,
    }
}
