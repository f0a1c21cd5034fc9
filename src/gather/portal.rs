//! Everything that AWS has assigned to a person, on whichever account.
//!
//! The plan: GetUserId by user name and by e-mail; then at once DescribeUser, ListGroupMembershipsForMember and
//! ListAccountAssignmentsForPrincipal of the person, which from the management account tells the assignments of
//! their groups too. Only where it told none of a group's, their groups are asked one by one. Then the names
//! that are not remembered.

use std::collections::{BTreeMap, BTreeSet};

use futures::FutureExt as _;
use futures::future::{join, join_all};

use super::gatherer::Gather;
use super::inquiry::Inquiry;
use super::memory::Freshness;
use crate::diagnosis::facts::{
    Fact, Facts, GroupId, Identity, Known, Membership, PermissionSetArn, Principal, UserId,
};
use crate::diagnosis::portal::{AccountAssignment, PortalFacts};
use crate::diagnosis::question::Question;

/// Groups asked one by one: at the rate that the whole organization shares, more would hold up everybody's
/// questions for longer than three seconds.
const GROUPS_ASKED: usize = 50;

const ASSIGNMENTS: &str = "sso:ListAccountAssignmentsForPrincipal";

impl Gather {
    /// Everything that is assigned to whoever has this e-mail address. The person is asked for anew; what their
    /// groups have, and names, may be remembered.
    pub async fn portal(&self, email: &str) -> PortalFacts {
        let inquiry = self.inquiry(Freshness::Remembered);
        // Boxed, as three rounds of calls in one future would outgrow a thread's stack.
        let mut facts = inquiry.who_it_is(email).boxed().await;
        if let Identity::One(user) = facts.identity.clone() {
            inquiry.what_is_assigned(&mut facts, &user).boxed().await;
            inquiry.what_it_is_called(&mut facts).boxed().await;
        }
        facts.checked_at = self.now();
        facts
    }
}

impl Inquiry<'_> {
    async fn who_it_is(&self, email: &str) -> PortalFacts {
        let question = Question {
            subject: email.to_owned(),
            subject_name: None,
            further_address: None,
            profile_unread: None,
            account: String::new(),
            permission_set: None,
        };
        let (by_name, by_email) = self.identity(&question).await;
        let look_ups_failed = [&by_name, &by_email].into_iter().filter_map(Fact::gap).cloned().collect();
        let now = self.gather.now();
        let found =
            Facts { user_by_name: by_name, user_by_email: by_email, ..Facts::none(question, now) }.identity();
        PortalFacts {
            checked_at: now,
            identity: found,
            look_ups_failed,
            person: Fact::NotAsked,
            memberships: Fact::NotAsked,
            assigned: Fact::NotAsked,
            by_group: BTreeMap::new(),
            groups_not_asked: 0,
            accounts: Fact::NotAsked,
            groups: BTreeMap::new(),
            permission_sets: BTreeMap::new(),
        }
    }

    async fn what_is_assigned(&self, facts: &mut PortalFacts, user: &UserId) {
        let of = Principal::User(user.clone());
        let assigned = self.ask(ASSIGNMENTS, async |instance| {
            self.gather.identity_center.assignments_everywhere(&instance, &of).await
        });
        let (person, memberships, assigned) =
            futures::join!(self.person(user), self.memberships(user), assigned);
        facts.person = person;
        facts.memberships = memberships;
        facts.assigned = assigned;
        let groups = groups_to_ask(facts);
        facts.groups_not_asked = groups.len().saturating_sub(GROUPS_ASKED);
        facts.by_group = self.assigned_to_groups(groups.into_iter().take(GROUPS_ASKED)).await;
    }

    async fn assigned_to_groups(
        &self,
        groups: impl Iterator<Item = GroupId>,
    ) -> BTreeMap<GroupId, Fact<Vec<AccountAssignment>>> {
        let each = groups.map(|group| async {
            let of = Principal::Group(group.clone());
            let memo = &self.gather.memory.assigned_to;
            let fact = self
                .remember(ASSIGNMENTS, memo, group.clone(), async |instance| {
                    self.gather.identity_center.assignments_everywhere(&instance, &of).await
                })
                .await;
            (group, fact)
        });
        join_all(each).await.into_iter().collect()
    }

    async fn what_it_is_called(&self, facts: &mut PortalFacts) {
        let sets: BTreeSet<PermissionSetArn> =
            facts.assignments().map(|one| one.permission_set.clone()).collect();
        let sets: Vec<PermissionSetArn> = sets.into_iter().collect();
        if sets.is_empty() {
            return;
        }
        let groups: BTreeSet<GroupId> = facts
            .assignments()
            .filter_map(|one| match &one.principal {
                Principal::Group(group) => Some(group.clone()),
                Principal::User(_) => None,
            })
            .collect();
        let (accounts, (groups, names)) =
            join(self.accounts(), join(self.groups(groups), self.permission_set_names(&sets))).await;
        facts.accounts = accounts.map(|accounts| accounts.as_ref().clone());
        facts.groups = groups;
        facts.permission_sets = names;
    }
}

/// None where AWS has told what the person's groups have, or could not be asked at all.
fn groups_to_ask(facts: &PortalFacts) -> BTreeSet<GroupId> {
    let Fact::Known(Known { value: assigned, .. }) = &facts.assigned else {
        return BTreeSet::new();
    };
    if assigned.iter().any(|one| matches!(one.principal, Principal::Group(_))) {
        return BTreeSet::new();
    }
    let memberships: &[Membership] = facts.memberships.value().map(Vec::as_slice).unwrap_or_default();
    memberships.iter().map(|membership| membership.group.clone()).collect()
}
