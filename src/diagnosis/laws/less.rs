//! Fewer facts: what one would have if some of the calls had failed.
//!
//! As in `facts::gaps`, all that there is to lose is listed by destructuring without `..`: no new fact compiles until
//! this file says how it is lost.

use proptest::prelude::*;

use crate::diagnosis::facts::idp::IdpFacts;
use crate::diagnosis::facts::{Fact, Facts, Gap, GapKind};

/// More turns than any generated company has facts.
pub(super) const AT_MOST: usize = 100;

/// Which facts are lost, by their turns: seldom one, some, or half of all.
pub(super) fn losses() -> impl Strategy<Value = Vec<bool>> {
    prop_oneof![Just(0.03), Just(0.15), Just(0.5)]
        .prop_flat_map(|often| prop::collection::vec(prop::bool::weighted(often), AT_MOST))
}

/// The call for it failed, if anybody made one.
pub(super) fn lose<T>(fact: &mut Fact<T>) {
    if matches!(fact, Fact::Known(_)) {
        *fact = Fact::Gap(Gap { kind: GapKind::Timeout, operation: "x:Y".to_owned(), detail: String::new() });
    }
}

/// Whose turn it is to be lost.
struct Turns<'l>(std::slice::Iter<'l, bool>);

impl Turns<'_> {
    fn is_lost(&mut self) -> bool {
        self.0.next().copied().unwrap_or_default()
    }

    fn fact<T>(&mut self, fact: &mut Fact<T>) {
        if self.is_lost() {
            lose(fact);
        }
    }

    fn facts<'f, T: 'f>(&mut self, facts: impl IntoIterator<Item = &'f mut Fact<T>>) {
        facts.into_iter().for_each(|fact| self.fact(fact));
    }

    /// What is remembered is forgotten.
    fn memory<T: Default>(&mut self, memory: &mut T) {
        if self.is_lost() {
            *memory = T::default();
        }
    }
}

/// Loses the facts whose turn comes up in `lost`.
pub(super) fn without(mut facts: Facts, lost: &[bool]) -> Facts {
    let mut turns = Turns(lost.iter());
    let Facts {
        question: _,
        checked_at: _,
        // Why something could not be read is no fact to lose.
        profile_unread: _,
        joined_by,
        account,
        // Why something could not be read, and what was not looked at, are no facts to lose.
        account_unconfirmed: _,
        applications,
        user_by_name,
        user_by_email,
        user_by_id,
        user_by_other_name,
        person,
        other_record,
        memberships,
        provisioned_latest,
        provisioned_outdated,
        assignments,
        persons_assignments,
        groups_assignments,
        groups,
        users,
        permission_sets,
        requests_in_progress,
        requests_failed,
        requests_ended,
        former_groups,
        opens_accounts,
        configured_source,
        source_elsewhere,
        left_out: _,
        idp,
    } = &mut facts;
    turns.fact(account);
    turns.facts([user_by_name, user_by_email, user_by_id, user_by_other_name]);
    turns.facts([person, other_record]);
    turns.fact(memberships);
    turns.facts([provisioned_latest, provisioned_outdated]);
    turns.fact(persons_assignments);
    turns.facts([requests_failed, requests_in_progress]);
    turns.facts(assignments.values_mut());
    turns.facts(permission_sets.values_mut());
    turns.facts(groups.values_mut());
    turns.facts(users.values_mut());
    turns.fact(applications);
    turns.facts(groups_assignments.values_mut());
    turns.facts(opens_accounts.values_mut());
    turns.fact(requests_ended);
    turns.facts(idp.iter_mut().flat_map(|idp| idp.is_activated.values_mut()));
    turns.memory(joined_by);
    turns.memory(former_groups);
    turns.memory(configured_source);
    turns.memory(source_elsewhere);
    idp.iter_mut().for_each(|idp| without_some_of_the_idps(&mut turns, idp));
    facts
}

fn without_some_of_the_idps(turns: &mut Turns, facts: &mut IdpFacts) {
    let IdpFacts {
        idp: _,
        application,
        synchronization,
        sends_groups,
        person,
        // They come with the person.
        others: _,
        deleted,
        app_user,
        direct,
        transitive,
        twins,
        pushed,
        eligible,
        // Lost by the caller.
        is_activated: _,
        app_assignments,
        in_aws,
        assigns_people,
        added_at,
        inner_groups,
        troubles,
        owners,
        left_out: _,
    } = facts;
    // The verdict says what AWS has in place; that somebody is switched off at the IdP only adds to it.
    if person.value().is_some_and(|person| person.as_ref().is_none_or(|person| person.enabled)) {
        turns.fact(person);
    }
    turns.fact(application);
    turns.fact(synchronization);
    turns.fact(sends_groups);
    turns.fact(app_user);
    turns.facts([direct, transitive]);
    turns.facts(pushed.values_mut());
    turns.facts(app_assignments.values_mut());
    turns.facts(added_at.values_mut());
    turns.facts(troubles);
    turns.fact(deleted);
    turns.facts(twins.values_mut());
    turns.fact(eligible);
    turns.facts(in_aws.values_mut());
    turns.facts(assigns_people.values_mut());
    turns.facts(inner_groups.values_mut());
    turns.facts(owners.values_mut());
}
