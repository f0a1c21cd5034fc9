//! `not_in_group`: the IdP has the person in no group that would open the account: they never had it.

use super::{Case, IdpFinding, Opening};
use crate::diagnosis::facts::idp::{IdpGroup, Owner};
use crate::diagnosis::facts::{Fact, Group};
use crate::diagnosis::names::likeness;
use crate::diagnosis::routes::{Break, Route, RouteState, Via};

pub(super) fn holds(case: &Case) -> Option<IdpFinding> {
    if *case.best_break()? != Break::NotInIdpGroup {
        return None;
    }
    let mut openings: Vec<Opening> = case.routes.iter().filter_map(opening).collect();
    openings.dedup();
    let owners = openings.first().and_then(|first| owners(case, &first.group)).unwrap_or_default();
    let near = openings.iter().find_map(|opening| near_name(case, &opening.group)).cloned();
    Some(IdpFinding::NotInGroup { openings, owners, near })
}

fn opening(route: &Route) -> Option<Opening> {
    match (&route.state, &route.via) {
        (RouteState::Broken(Break::NotInIdpGroup), Via::Group(_, Some(group)))
            if route.wanted != Some(false) =>
        {
            Some(Opening {
                group: group.clone(),
                permission_set: route.permission_set_name.clone(),
                opens_accounts: route.opens_accounts,
            })
        }
        _ => None,
    }
}

fn owners(case: &Case, group: &Group) -> Option<Vec<Owner>> {
    let idp = case.facts.idp.as_ref()?;
    let twin = idp.twins.get(&group.id)?.value()?.as_ref()?;
    idp.owners.get(&twin.id).and_then(Fact::value).cloned()
}

/// A group that the person is in at the IdP and whose name only looks like this one's.
fn near_name<'c>(case: &'c Case, group: &Group) -> Option<&'c IdpGroup> {
    let direct = case.facts.idp.as_ref()?.direct.value()?;
    direct.iter().find(|own| likeness(&own.name, &group.name).is_some())
}
