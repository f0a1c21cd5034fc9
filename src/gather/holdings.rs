//! What AWS has of the person: the record, the groups, the assignments, and what gives access to the account.

use std::collections::BTreeMap;

use futures::FutureExt as _;
use futures::future::{BoxFuture, join};

use super::inquiry::Inquiry;
use crate::diagnosis::facts::{
    Assignment, DirectoryUser, Fact, Facts, Membership, PermissionSetArn, Principal, UserId,
};
use crate::diagnosis::wants;

/// Above this many permission sets on an account, the person's own assignments are read first, and all
/// the others only if those do not answer the question: 14 fit the second that SSO Admin's rate allows,
/// and two seconds are a wait that nobody needs.
const MANY_PERMISSION_SETS: usize = 30;

/// What AWS has of a user, and what is assigned on the account.
pub(super) struct Holdings {
    pub(super) person: Fact<DirectoryUser>,
    memberships: Fact<Vec<Membership>>,
    own_assignments: Fact<Vec<Assignment>>,
    assignments: BTreeMap<PermissionSetArn, Fact<Vec<Principal>>>,
    permission_sets: BTreeMap<PermissionSetArn, Fact<String>>,
}

/// The permission sets whose assignments are read with the person's own.
fn sets_read_at_once(facts: &Facts) -> Vec<PermissionSetArn> {
    let sets = wants::provisioned(facts);
    if sets.len() <= MANY_PERMISSION_SETS { sets } else { Vec::new() }
}

impl Inquiry<'_> {
    /// Reads it of somebody else than before, if the person turned out to be another.
    pub(super) fn what_another_has<'a>(&'a self, facts: &'a mut Facts) -> BoxFuture<'a, ()> {
        async move {
            let Some(user) = facts.user() else { return };
            let before = facts.person.clone();
            let is_the_same = before.value().is_some_and(|person| person.id == user);
            if (is_the_same && facts.memberships != Fact::NotAsked) || before.gap().is_some() {
                return;
            }
            self.what_the_person_has(facts).await;
            if !facts.groups.is_empty() && !wants::is_settled(facts) {
                facts.groups.extend(self.groups(wants::groups_involved(facts)).await);
            }
            let is_other = facts.other_record.value().is_some_and(|other| other.id == user);
            if is_other || (facts.other_record == Fact::NotAsked && !is_the_same) {
                facts.other_record = before;
            }
        }
        .boxed()
    }

    /// Reads it, with who else has the account.
    pub(super) fn what_the_person_has<'a>(&'a self, facts: &'a mut Facts) -> BoxFuture<'a, ()> {
        async move {
            let Some(user) = facts.user() else { return };
            let holdings = self.holdings(facts, user).await;
            self.becomes_known(facts, holdings).await;
        }
        .boxed()
    }

    /// What this user has, and who else has the account, in one round trip.
    pub(super) fn holdings<'a>(&'a self, facts: &'a Facts, user: UserId) -> BoxFuture<'a, Holdings> {
        async move {
            let account = facts.account_found().map(|account| account.id.clone());
            let sets = sets_read_at_once(facts);
            let known = facts.person.value().is_some_and(|person| person.id == user);
            let known = known.then(|| facts.person.clone());
            let record = async {
                match known {
                    Some(record) => record,
                    None => self.person(&user).await,
                }
            };
            let (person, memberships, own_assignments, assignments, permission_sets) = futures::join!(
                record,
                self.memberships(&user),
                self.own_assignments(account.as_deref(), &user),
                self.assignments(account.as_deref(), &sets),
                self.permission_set_names(&sets),
            );
            Holdings { person, memberships, own_assignments, assignments, permission_sets }
        }
        .boxed()
    }

    /// Takes them for the person's, and reads what else that needs.
    pub(super) fn becomes_known<'a>(&'a self, facts: &'a mut Facts, holdings: Holdings) -> BoxFuture<'a, ()> {
        async move {
            facts.person = holdings.person;
            facts.memberships = holdings.memberships;
            facts.persons_assignments = holdings.own_assignments;
            facts.assignments = holdings.assignments;
            facts.permission_sets = holdings.permission_sets;
            self.name_what_is_not_provisioned(facts).await;
            let sets = wants::provisioned(facts);
            if sets.len() > MANY_PERMISSION_SETS && !wants::is_settled(facts) {
                let account = facts.account_found().map(|account| account.id.clone());
                let (assignments, names) =
                    join(self.assignments(account.as_deref(), &sets), self.permission_set_names(&sets)).await;
                facts.assignments = assignments;
                facts.permission_sets.extend(names);
            }
        }
        .boxed()
    }

    /// An assignment may name a permission set that is not on the account, so that its name is still unread.
    pub(super) async fn name_what_is_not_provisioned(&self, facts: &mut Facts) {
        facts.permission_sets.extend(self.permission_set_names(&wants::unnamed_sets(facts)).await);
    }
}
