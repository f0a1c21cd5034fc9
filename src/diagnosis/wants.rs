//! What else is worth asking, given what is known: the call plan asks for it, and knows nothing of causes.
//!
//! [`identity`] is about who the person is, [`signs_in`] about which of their records in AWS it is, [`lost`] about groups of theirs that AWS does not have, the rest about what
//! the person has.

mod identity;
mod signs_in;
mod lost;

use std::collections::BTreeSet;

pub use identity::{
    Attribute, Deleted, InAws, OtherRecord, among_the_deleted, another_record_at_the_idp, by_the_idps_id,
    in_aws_by_the_idp, of_the_further_address_first,
};
pub use signs_in::{in_small_letters, names_of_a_second_record, record_that_signs_in};

use super::causes::Finding;
use super::decide::diagnose;
pub use super::decide::is_settled;
use super::facts::idp::{AppAssignment, Idp, IdpFacts, IdpGroup, Pushed, SyncState};
use super::facts::twins::{namesake, own_twin, twin_among, was_sent};
use super::facts::{
    AccountSearch, AccountState, Assignment, Fact, Facts, Group, GroupId, Identity, Known, PermissionSetArn,
    Principal, UserId,
};
use super::route::Route;
pub use lost::{groups_unseen_in_aws, lost_group, replacements_to_weigh};

/// Returns true if the IdP has the person, enabled, and AWS does not know them: what opens the account says
/// whether they are on their way.
pub fn is_unprovisioned(facts: &Facts) -> bool {
    let at_the_idp = facts.idp.as_ref().and_then(|idp| idp.person.value()?.as_ref());
    facts.identity() == Identity::Nobody && at_the_idp.is_some_and(|person| person.enabled)
}

/// Returns true if other records are worth asking where people come from: nothing else says, and the words depend on it.
pub fn source_elsewhere(facts: &Facts) -> bool {
    matches!(facts.identity(), Identity::Nobody | Identity::Two { .. }) && facts.identity_source().is_none()
}

/// Returns true if no account was found by its name, so that an application may be meant.
pub fn applications(facts: &Facts) -> bool {
    let is_absent = matches!(facts.account.value(), Some(AccountSearch::NotFound { .. }));
    is_absent && facts.question.account_id().is_none()
}

/// Returns true if the routes decide: the account is found and active, and the person may use it or is on their way.
pub fn depends_on_routes(facts: &Facts) -> bool {
    let is_active = facts.account_found().is_some_and(|account| account.state == AccountState::Active);
    let is_disabled = facts.person.value().is_some_and(|person| !person.enabled);
    let is_somebody = facts.user().is_some() || is_unprovisioned(facts);
    is_active && is_somebody && !is_disabled
}

/// The permission sets that the account has, in whatever version.
pub fn provisioned(facts: &Facts) -> Vec<PermissionSetArn> {
    let both = [&facts.provisioned_latest, &facts.provisioned_outdated];
    let sets: BTreeSet<&PermissionSetArn> = both.into_iter().filter_map(Fact::value).flatten().collect();
    sets.into_iter().cloned().collect()
}

/// The permission sets that an assignment names and whose name is unread: it may not be on the account.
pub fn unnamed_sets(facts: &Facts) -> Vec<PermissionSetArn> {
    let by_person = facts.persons_assignments.value().into_iter().flatten();
    let by_group = facts.groups_assignments.values().filter_map(Fact::value).flatten();
    unread_names(facts, by_person.chain(by_group))
}

/// The groups that give the access, whose names are told.
pub fn groups_that_give_it(facts: &Facts) -> BTreeSet<GroupId> {
    let diagnosis = diagnose(facts);
    let giving = diagnosis.routes.iter().filter(|route| route.gives_what_was_asked());
    giving.filter_map(Route::group).cloned().collect()
}

/// The groups assigned on the account and, to compare their names, the person's own.
pub fn groups_involved(facts: &Facts) -> BTreeSet<GroupId> {
    let assigned: BTreeSet<GroupId> = principals(facts).filter_map(group).cloned().collect();
    if assigned.is_empty() { assigned } else { assigned.union(&own_groups(facts)).cloned().collect() }
}

/// The users of direct assignments, if no group is assigned that could explain more, or one of them may be an older record
/// of the person, whom AWS has again or not yet.
pub fn users_involved(facts: &Facts) -> BTreeSet<UserId> {
    let has_group = principals(facts).any(|principal| group(principal).is_some());
    if has_group && !facts.may_be_created_again() && !is_unprovisioned(facts) {
        return BTreeSet::new();
    }
    let own = facts.user();
    let users = principals(facts).filter_map(|principal| match principal {
        Principal::User(user) => Some(user),
        Principal::Group(_) => None,
    });
    users.filter(|user| own.as_ref() != Some(user)).cloned().collect()
}

/// The person's groups to be asked what they are assigned on the account: if nothing is provisioned there, an
/// assignment that never reached the account shows nowhere else.
pub fn groups_to_ask(facts: &Facts) -> BTreeSet<GroupId> {
    if provisioned(facts).is_empty() { own_groups(facts) } else { BTreeSet::new() }
}

/// The groups that a request names and nothing else named.
pub fn requested_groups(facts: &Facts) -> BTreeSet<GroupId> {
    let own = own_groups(facts);
    let requested = requested(facts).map(|assignment| &assignment.principal);
    let groups = requested.chain(principals(facts)).filter_map(group);
    groups.filter(|group| own.contains(group) && !facts.groups.contains_key(group)).cloned().collect()
}

/// The permission sets that a request names and whose name is unread.
pub fn requested_sets(facts: &Facts) -> Vec<PermissionSetArn> {
    unread_names(facts, requested(facts))
}

/// The groups of which it matters how many accounts they open, so that the smallest comes first: those that the
/// person was never in, if there is no other way to the account.
pub fn groups_to_weigh(facts: &Facts) -> Vec<GroupId> {
    let routes = diagnose(&presuming_names(facts)).routes;
    let never_had = |route: &Route| route.was_never_given() && route.wanted != Some(false);
    if !routes.first().is_some_and(never_had) {
        return Vec::new();
    }
    let mut groups: Vec<GroupId> =
        routes.iter().filter(|route| never_had(route)).filter_map(Route::group).cloned().collect();
    groups.dedup();
    groups
}

/// The facts as they are if Okta pushes each group under its own name, which is asked at the same time as what depends
/// on it.
fn presuming_names(facts: &Facts) -> Facts {
    let mut presumed = facts.clone();
    if let Some(idp) = &mut presumed.idp
        && let Some(read) = idp.direct.known()
    {
        let nothing = Fact::Known(Known { value: Pushed::default(), as_of: read.as_of, source: read.source });
        for group in presumed.groups.keys() {
            idp.pushed.entry(group.clone()).or_insert_with(|| nothing.clone());
        }
    }
    presumed
}

/// The groups of which Okta's push mappings have to be asked what fills them: its groups explain why they lack the person.
pub fn filled_by_pushes(facts: &Facts) -> Vec<Group> {
    let is_enabled = |idp: &&IdpFacts| {
        let person = idp.person.value().and_then(Option::as_ref);
        idp.idp == Idp::Okta && person.is_some_and(|person| person.enabled) && !idp.ran_out_of_time()
    };
    let idp = facts.idp.as_ref().filter(is_enabled);
    match idp.and_then(|idp| idp.direct.value()) {
        Some(_) => groups_for_the_idp(facts),
        None => Vec::new(),
    }
}

/// The groups through which the account would open and of which the IdP may explain why they lack the person, in
/// the order of telling.
fn groups_for_the_idp(facts: &Facts) -> Vec<Group> {
    let routes = diagnose(facts).routes;
    let explicable = routes.iter().filter(|route| route.broken_link().is_some_and(Finding::idp_may_explain));
    let mut groups: Vec<Group> = explicable.filter_map(Route::group_record).cloned().collect();
    groups.dedup();
    groups
}

/// The deleted groups that assignments on the account are left of.
pub fn deleted_groups(facts: &Facts) -> Vec<GroupId> {
    let is_deleted = |id: &GroupId| facts.groups.get(id).and_then(Fact::value) == Some(&None);
    groups_involved(facts).into_iter().filter(is_deleted).collect()
}

/// Returns true if it has to be asked which of the person's own groups the application sends: AWS knows the person, some
/// group is or was assigned on the account, and no route was given to them.
pub fn whether_own_groups_are_sent(facts: &Facts) -> bool {
    let Some(idp) = &facts.idp else { return false };
    let has_groups = idp.direct.value().is_some_and(|direct| !direct.is_empty());
    let explained = matches!(of_the_idp(facts), Some(OfTheIdp::WhatBecameOf(_) | OfTheIdp::InnerGroup(_)));
    let routes = diagnose(facts).routes;
    let was_given = routes.first().is_none_or(|best| best.wanted == Some(false) || best.was_given());
    has_groups && facts.user().is_some() && !groups_involved(facts).is_empty() && !explained && !was_given
}

/// The groups of which it has to be asked whether the IdP still has the one with the id: the person is in another group
/// of the same name.
pub fn namesakes_to_tell_apart(facts: &Facts) -> Vec<Group> {
    let Some(idp) = &facts.idp else {
        return Vec::new();
    };
    let mut groups = groups_for_the_idp(facts);
    groups.retain(|group| namesake(idp, group).is_some() && !idp.twins.contains_key(&group.id));
    groups
}

/// What the IdP's second stage is worth asking for.
#[derive(Clone, Debug, PartialEq)]
pub enum OfTheIdp {
    /// What became of the person's membership of these groups of theirs.
    WhatBecameOf(Vec<IdpGroup>),
    /// Which group inside this one holds the person.
    InnerGroup(IdpGroup),
    /// Who owns the group behind this one, which the person was never in.
    Owners(Group),
}

/// What to ask of the IdP if access is missing; `None` if the person cannot sign in, or their groups could not be
/// read, or nothing there would explain more.
pub fn of_the_idp(facts: &Facts) -> Option<OfTheIdp> {
    let idp = facts.idp.as_ref()?;
    idp.person.value()?.as_ref().filter(|person| person.enabled)?;
    let transitive = idp.transitive.value();
    idp.direct.value()?;
    let missing = groups_for_the_idp(facts);
    let mut own: Vec<IdpGroup> = missing.iter().filter_map(|group| own_twin(idp, group)?.cloned()).collect();
    own.dedup();
    if !own.is_empty() {
        return Some(OfTheIdp::WhatBecameOf(own));
    }
    let outer = missing.iter().find_map(|group| twin_among(transitive?, group));
    match outer {
        Some(outer) => Some(OfTheIdp::InnerGroup(outer.clone())),
        None => missing.first().cloned().map(OfTheIdp::Owners),
    }
}

/// The groups that are worth looking up in the IdP's logs: the application has them, or AWS has them by their id, and
/// synchronization runs.
pub fn in_the_logs<'g>(facts: &Facts, groups: &'g [IdpGroup]) -> Vec<&'g IdpGroup> {
    let Some(idp) = &facts.idp else { return Vec::new() };
    let runs = idp.synchronization.value().is_some_and(|synchronization| {
        matches!(synchronization.state, SyncState::Running | SyncState::Failing { .. } | SyncState::Other(_))
    });
    let is_sent = |group: &IdpGroup| {
        let assignment = idp.app_assignments.get(&group.id).and_then(Fact::value);
        match assignment {
            Some(AppAssignment::None) => facts.groups_in_aws().any(|in_aws| was_sent(idp, group, in_aws)),
            Some(AppAssignment::Assigned { .. } | AppAssignment::Pushed(_)) => true,
            None => false,
        }
    };
    groups.iter().filter(|group| runs && is_sent(group)).collect()
}

fn group(principal: &Principal) -> Option<&GroupId> {
    match principal {
        Principal::Group(group) => Some(group),
        Principal::User(_) => None,
    }
}

fn principals(facts: &Facts) -> impl Iterator<Item = &Principal> {
    let by_permission_set = facts.assignments.values().filter_map(Fact::value).flatten();
    let by_person = facts.persons_assignments.value().into_iter().flatten();
    let by_group = facts.groups_assignments.values().filter_map(Fact::value).flatten();
    by_permission_set.chain(by_person.chain(by_group).map(|assignment| &assignment.principal))
}

fn requested(facts: &Facts) -> impl Iterator<Item = &Assignment> {
    let all = [&facts.requests_in_progress, &facts.requests_failed, &facts.requests_ended];
    all.into_iter().filter_map(Fact::value).flatten().map(|request| &request.assignment)
}

fn own_groups(facts: &Facts) -> BTreeSet<GroupId> {
    facts.memberships.value().into_iter().flatten().map(|membership| membership.group.clone()).collect()
}

fn unread_names<'f>(
    facts: &Facts,
    assignments: impl Iterator<Item = &'f Assignment>,
) -> Vec<PermissionSetArn> {
    let named = assignments.map(|assignment| &assignment.permission_set);
    let unread: BTreeSet<&PermissionSetArn> =
        named.filter(|set| !facts.permission_sets.contains_key(set)).collect();
    unread.into_iter().cloned().collect()
}

#[cfg(test)]
mod tests;
