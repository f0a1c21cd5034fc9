//! The call plan: what is asked when, so that nothing waits for what it does not need.

use std::collections::BTreeSet;

use futures::future::join;

use super::inquiry::Inquiry;
use super::{GROUPS_COUNTED, MANY_PERMISSION_SETS, USERS_LOOKED_UP};
use crate::diagnosis::facts::{
    AccountState, Fact, Facts, GroupId, Identity, PermissionSetArn, Principal, RequestState, UserId,
};
use crate::diagnosis::routes::{Break, Route, RouteState, Via};
use crate::diagnosis::{Verdict, diagnose};

impl Inquiry<'_> {
    pub(super) async fn who_and_where(&self, facts: &mut Facts) {
        let question = facts.question.clone();
        let (place, (by_name, by_email)) = join(self.place(&question), self.identity(&question)).await;
        facts.account = place.account;
        facts.account_unconfirmed = place.unconfirmed;
        facts.provisioned_latest = place.latest;
        facts.provisioned_outdated = place.outdated;
        facts.user_by_name = by_name;
        facts.user_by_email = by_email;
    }

    pub(super) async fn what_the_person_has(&self, facts: &mut Facts) {
        let Identity::One(user) = facts.identity() else {
            return;
        };
        let account = facts.account_found().map(|account| account.id.clone());
        let sets = provisioned(facts);
        let one_by_one = sets.len() <= MANY_PERMISSION_SETS;
        let now: &[PermissionSetArn] = if one_by_one { &sets } else { &[] };
        let (person, memberships, own, assignments, names) = futures::join!(
            self.person(&user),
            self.memberships(&user),
            self.own_assignments(account.as_deref(), &user),
            self.assignments(account.as_deref(), now),
            self.permission_set_names(now),
        );
        facts.person = person;
        facts.memberships = memberships;
        facts.persons_assignments = own;
        facts.assignments = assignments;
        facts.permission_sets = names;
        self.name_what_is_not_provisioned(facts).await;
        if !one_by_one && diagnose(facts).verdict != Verdict::Access {
            let (assignments, names) =
                join(self.assignments(account.as_deref(), &sets), self.permission_set_names(&sets)).await;
            facts.assignments = assignments;
            facts.permission_sets.extend(names);
        }
    }

    /// Whom the IdP has and AWS has not: what opens the account says whether they are on their way.
    pub(super) async fn what_opens_it_for_somebody_new(&self, facts: &mut Facts) {
        if !is_somebody_new(facts) {
            return;
        }
        let account = facts.account_found().map(|account| account.id.clone());
        let sets = provisioned(facts);
        let (assignments, names) =
            join(self.assignments(account.as_deref(), &sets), self.permission_set_names(&sets)).await;
        facts.assignments = assignments;
        facts.permission_sets = names;
    }

    pub(super) async fn why_it_is_not_there(&self, facts: &mut Facts) {
        let Some(account) = facts.account_found().cloned() else {
            return;
        };
        if !matches!(facts.identity(), Identity::One(_)) && !is_somebody_new(facts) {
            return;
        }
        if account.state != AccountState::Active || facts.person.value().is_some_and(|person| !person.enabled)
        {
            return;
        }
        self.name_the_groups_that_give_it(facts).await;
        if diagnose(facts).verdict == Verdict::Access {
            return;
        }
        let account = account.id;
        let groups_to_ask = groups_to_ask(facts);
        let (groups, users, in_progress, failed, by_group) = futures::join!(
            self.groups(groups_involved(facts)),
            self.users(users_involved(facts)),
            self.requests(&account, RequestState::InProgress),
            self.requests(&account, RequestState::Failed),
            self.assignments_by_group(&account, &groups_to_ask),
        );
        facts.groups.extend(groups);
        facts.users = users;
        facts.requests_in_progress = in_progress;
        facts.requests_failed = failed;
        facts.groups_assignments = by_group;
        self.name_what_is_not_provisioned(facts).await;
        self.name_what_was_requested(facts).await;
        self.what_the_idp_shows(facts).await;
    }

    /// Where the person is in none of the groups, how many accounts each opens, so that the smallest comes
    /// first; then the IdP's own side.
    async fn what_the_idp_shows(&self, facts: &mut Facts) {
        let Some(idp) = self.at_the_idp() else {
            return;
        };
        let never_had = |route: &Route| {
            matches!(route.state, RouteState::Broken(Break::NotInIdpGroup)) && route.wanted != Some(false)
        };
        let diagnosis = diagnose(facts);
        if diagnosis.routes.first().is_some_and(never_had) {
            let mut groups: Vec<GroupId> =
                diagnosis.routes.iter().filter(|route| never_had(route)).filter_map(group_of).collect();
            groups.dedup();
            groups.truncate(GROUPS_COUNTED);
            facts.opens_accounts = self.opens_accounts(&groups).await;
        }
        facts.checked_at = self.gather.now();
        idp.why_it_has_not_arrived(facts).await;
    }

    /// An assignment may name a permission set that is not on the account, so that its name is still unread.
    async fn name_what_is_not_provisioned(&self, facts: &mut Facts) {
        let by_person = facts.persons_assignments.value().into_iter().flatten();
        let by_group = facts.groups_assignments.values().filter_map(Fact::value).flatten();
        let unnamed: BTreeSet<PermissionSetArn> = by_person
            .chain(by_group)
            .map(|assignment| assignment.permission_set.clone())
            .filter(|set| !facts.permission_sets.contains_key(set))
            .collect();
        let unnamed: Vec<PermissionSetArn> = unnamed.into_iter().collect();
        facts.permission_sets.extend(self.permission_set_names(&unnamed).await);
    }

    async fn name_the_groups_that_give_it(&self, facts: &mut Facts) {
        let giving: BTreeSet<GroupId> = diagnose(facts)
            .routes
            .iter()
            .filter(|route| route.gives_what_was_asked())
            .filter_map(group_of)
            .collect();
        facts.groups.extend(self.groups(giving).await);
    }

    /// A request under way may name a group or a permission set that nothing else named.
    async fn name_what_was_requested(&self, facts: &mut Facts) {
        let own = own_groups(facts);
        let requested: Vec<_> = [&facts.requests_in_progress, &facts.requests_failed]
            .into_iter()
            .filter_map(Fact::value)
            .flatten()
            .map(|request| request.assignment.clone())
            .collect();
        let groups: BTreeSet<GroupId> = requested
            .iter()
            .map(|assignment| &assignment.principal)
            .chain(principals(facts))
            .filter_map(|principal| match principal {
                Principal::Group(group) => Some(group.clone()),
                Principal::User(_) => None,
            })
            .filter(|group| own.contains(group) && !facts.groups.contains_key(group))
            .collect();
        let sets: BTreeSet<PermissionSetArn> = requested
            .into_iter()
            .map(|assignment| assignment.permission_set)
            .filter(|set| !facts.permission_sets.contains_key(set))
            .collect();
        let sets: Vec<PermissionSetArn> = sets.into_iter().collect();
        let (groups, names) = join(self.groups(groups), self.permission_set_names(&sets)).await;
        facts.groups.extend(groups);
        facts.permission_sets.extend(names);
    }
}

/// Whether the IdP has the person, enabled, and AWS does not know them.
fn is_somebody_new(facts: &Facts) -> bool {
    let at_the_idp = facts.idp.as_ref().and_then(|idp| idp.person.value()?.as_ref());
    facts.identity() == Identity::Nobody && at_the_idp.is_some_and(|person| person.enabled)
}

/// The permission sets that the account has, in whatever version.
fn provisioned(facts: &Facts) -> Vec<PermissionSetArn> {
    let both = [&facts.provisioned_latest, &facts.provisioned_outdated];
    let sets: BTreeSet<&PermissionSetArn> = both.into_iter().filter_map(Fact::value).flatten().collect();
    sets.into_iter().cloned().collect()
}

fn principals(facts: &Facts) -> impl Iterator<Item = &Principal> {
    let by_person = facts.persons_assignments.value().into_iter().flatten();
    let by_group = facts.groups_assignments.values().filter_map(Fact::value).flatten();
    let by_permission_set = facts.assignments.values().filter_map(Fact::value).flatten();
    by_permission_set.chain(by_person.chain(by_group).map(|assignment| &assignment.principal))
}

fn own_groups(facts: &Facts) -> BTreeSet<GroupId> {
    facts.memberships.value().into_iter().flatten().map(|membership| membership.group.clone()).collect()
}

/// The groups assigned on the account and, to compare their names, the person's own.
fn groups_involved(facts: &Facts) -> BTreeSet<GroupId> {
    let assigned: BTreeSet<GroupId> = principals(facts)
        .filter_map(|principal| match principal {
            Principal::Group(group) => Some(group.clone()),
            Principal::User(_) => None,
        })
        .collect();
    if assigned.is_empty() { assigned } else { assigned.union(&own_groups(facts)).cloned().collect() }
}

/// The users of direct assignments, where no group is assigned that could explain more.
fn users_involved(facts: &Facts) -> BTreeSet<UserId> {
    if principals(facts).any(|principal| matches!(principal, Principal::Group(_))) {
        return BTreeSet::new();
    }
    let identity = facts.identity();
    principals(facts)
        .filter_map(|principal| match principal {
            Principal::User(user) => Some(user.clone()),
            Principal::Group(_) => None,
        })
        .filter(|user| identity != Identity::One(user.clone()))
        .take(USERS_LOOKED_UP)
        .collect()
}

/// Where nothing is provisioned on the account, the person's groups are asked what they are assigned there:
/// an assignment that never reached the account shows nowhere else.
fn groups_to_ask(facts: &Facts) -> BTreeSet<GroupId> {
    if provisioned(facts).is_empty() { own_groups(facts) } else { BTreeSet::new() }
}

fn group_of(route: &Route) -> Option<GroupId> {
    match &route.via {
        Via::Group(id, _) => Some(id.clone()),
        Via::Direct | Via::GoneUser => None,
    }
}
