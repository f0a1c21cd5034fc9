//! What AWS has of the person: the record, the groups, the assignments, and what gives access to the account.

use futures::FutureExt as _;
use futures::future::{BoxFuture, join};

use super::inquiry::Inquiry;
use crate::diagnosis::facts::{Fact, Facts, PermissionSetArn};
use crate::diagnosis::wants;

/// Above this many permission sets on an account, the person's own assignments are read first, and all
/// the others only if those do not answer the question: 14 fit the second that SSO Admin's rate allows,
/// and two seconds are a wait that nobody needs.
const MANY_PERMISSION_SETS: usize = 30;

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
            let account = facts.account_found().map(|account| account.id.clone());
            let sets = wants::provisioned(facts);
            let one_by_one = sets.len() <= MANY_PERMISSION_SETS;
            let now: &[PermissionSetArn] = if one_by_one { &sets } else { &[] };
            let known = facts.person.value().is_some_and(|person| person.id == user);
            let known = known.then(|| facts.person.clone());
            let record = async {
                match known {
                    Some(record) => record,
                    None => self.person(&user).await,
                }
            };
            let (person, memberships, own, assignments, names) = futures::join!(
                record,
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
            if !one_by_one && !wants::is_settled(facts) {
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
