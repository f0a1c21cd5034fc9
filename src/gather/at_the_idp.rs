//! The IdP's side of a question, in two stages.
//!
//! 1. Beside AWS's first two waves: the person, then at once their groups (and at Okta their assignment to
//!    the application); the application, then at once how its synchronization stands and whether it sends
//!    groups.
//! 2. Only where access is missing and the person is there and enabled, once the groups that open the account
//!    are known: how the application has those of them that the person is in, then what the logs say; or,
//!    where the person is in none, who owns the smallest of them.
//!
//! Each stage has its own deadline, and where the first ran out of it the second is not begun: an IdP that
//! hangs costs a few seconds and no more.

use std::time::Duration;

use futures::FutureExt as _;
use futures::future::{join, join_all};
use jiff::Timestamp;
use tokio::time::Instant;

use super::idp_source::{IdpSource, Period};
use super::operation;
use super::pushes::Pushes;
use super::way::{AtTheIdp, Sending};
use crate::diagnosis::facts::idp::{
    Filled, Idp, IdpFacts, IdpGroup, IdpGroupId, IdpPerson, LOGS_REACH_BACK, Owner,
};
use crate::diagnosis::facts::{Fact, Facts, GapKind, Group, Known, Limit, Source};
use crate::diagnosis::question::Question;
use crate::diagnosis::steps::Step;
use crate::diagnosis::wants::{self, OfTheIdp, OtherRecord};

/// Groups that the person is in at the IdP and that are looked into: the account opens through one of them,
/// and the others are near misses.
const GROUPS_LOOKED_INTO: Limit =
    Limit { at_most: 5, step: Step::AppAssignment, what: "groups of the person with access to the account" };

/// Of these, how many are looked up in the logs, which Entra lets be read five times in ten seconds: the
/// person's entries, and of two groups the entries and the moment of joining, make five.
const GROUPS_LOOKED_UP_IN_LOGS: Limit =
    Limit { at_most: 2, step: Step::Sync, what: "groups of the person that are sent to AWS" };

/// How long a question waits for its turn at the logs, at most: one window of Entra's limit, and a little.
const LONGEST_WAIT_FOR_LOGS: Duration = Duration::from_secs(12);

/// The groups that a person is in: themselves, and through groups inside groups as well.
struct Groups {
    direct: Fact<Vec<IdpGroup>>,
    transitive: Fact<Vec<IdpGroup>>,
}

impl AtTheIdp<'_> {
    /// The first stage: who the person is there, and how synchronization stands.
    pub(super) async fn who_and_how(&self, question: &Question) -> IdpFacts {
        let until = Instant::now() + self.patience;
        let ((person, others, groups), sending) = join(
            self.person_and_groups(until, question).boxed(),
            self.application_and_its_sync(until).boxed(),
        )
        .await;
        let Sending { application, synchronization, sends_groups, left_out } = sending;
        let app_user = self.app_user(until, &application, &person).await;
        IdpFacts {
            person,
            others,
            application,
            direct: groups.direct,
            transitive: groups.transitive,
            app_user,
            synchronization,
            sends_groups,
            left_out,
            ..IdpFacts::none(self.source.idp())
        }
    }

    /// The person of the IdP whom AWS's record belongs to, in the place of the one whom the question's string means.
    pub(super) async fn another_record(&self, facts: &mut IdpFacts, wanted: OtherRecord) {
        let until = Instant::now() + self.patience;
        let found = match wanted {
            OtherRecord::Known(person) => {
                let at = facts.person.known().map_or_else(|| (self.clock)(), |known| known.as_of);
                Fact::Known(Known { value: Some(*person), as_of: at, source: Source::Live })
            }
            OtherRecord::ByIdOrName { id, name } => self.by_id_or_name(until, id, name).await,
        };
        if found.value() == Some(&None) {
            return;
        }
        let person = found.value().cloned().flatten();
        let others = facts.person.value().cloned().flatten().into_iter().chain(facts.others.drain(..));
        facts.others = others.filter(|other| person.as_ref().is_none_or(|one| one.id != other.id)).collect();
        facts.person = found;
        let groups = self.groups(until, &facts.person).await;
        (facts.direct, facts.transitive) = (groups.direct, groups.transitive);
        facts.app_user = self.app_user(until, &facts.application, &facts.person).await;
    }

    async fn by_id_or_name(
        &self,
        until: Instant,
        id: Option<String>,
        name: Option<String>,
    ) -> Fact<Option<IdpPerson>> {
        let by_id = match id {
            Some(id) => self.ask(until, operation::PERSON, self.source.person_of_id(&id)).await,
            None => Fact::NotAsked,
        };
        match (by_id, name) {
            (Fact::NotAsked | Fact::Known(Known { value: None, .. }), Some(name)) => {
                let found = self.ask(until, operation::PERSON, self.source.people(&name)).await;
                found.map(|people| people.into_iter().next())
            }
            (by_id, _) => by_id,
        }
    }

    async fn person_and_groups(
        &self,
        until: Instant,
        question: &Question,
    ) -> (Fact<Option<IdpPerson>>, Vec<IdpPerson>, Groups) {
        let mut others = Vec::new();
        let found = self.ask(until, operation::PERSON, self.source.people(&question.subject)).await;
        let found = found.map(|people| {
            let mut people = wants::of_the_further_address_first(people, question);
            others = people.split_off(people.len().min(1));
            people.pop()
        });
        let groups = self.groups(until, &found).await;
        (found, others, groups)
    }

    /// The groups of somebody who is enabled; of somebody else they would explain nothing.
    async fn groups(&self, until: Instant, person: &Fact<Option<IdpPerson>>) -> Groups {
        let Some(person) = person.value().cloned().flatten().filter(|person| person.enabled) else {
            return Groups { direct: Fact::NotAsked, transitive: Fact::NotAsked };
        };
        let direct = self.ask(until, operation::GROUPS, self.source.direct_groups(&person));
        let (direct, transitive) = match self.source {
            IdpSource::Entra(entra) => {
                let asked = entra.transitive_groups(&person);
                join(direct, self.ask(until, operation::TRANSITIVE_GROUPS, asked)).await
            }
            // Okta does not nest.
            IdpSource::Okta(_) => (direct.await, Fact::NotAsked),
        };
        Groups { direct, transitive }
    }

    /// Whether the IdP still has the groups whose ids AWS keeps, where the person is in another of the same name.
    async fn tell_namesakes_apart(&self, facts: &mut Facts, pushes: &Pushes) {
        let mut groups = wants::namesakes_to_tell_apart(facts);
        let operation = operation::GROUP.name(self.source.idp());
        facts.left_out.extend(GROUPS_LOOKED_INTO.cut(&mut groups, operation));
        let until = Instant::now() + self.patience;
        let Some(idp) = &facts.idp else { return };
        let each = groups.iter().map(|group| async {
            let found = match self.source {
                IdpSource::Entra(_) => {
                    self.ask(until, operation::GROUP, self.source.group_of_its_id(group)).await
                }
                IdpSource::Okta(okta) => self.source_of(until, okta, pushes, idp, group).boxed().await,
            };
            (group.id.clone(), found)
        });
        let twins = join_all(each).await;
        if let Some(idp) = &mut facts.idp {
            idp.twins.extend(twins);
        }
    }

    /// The second stage: why the person's membership has not arrived, or who could add them.
    pub(super) async fn why_it_has_not_arrived(&self, facts: &mut Facts, pushes: &Pushes) {
        self.tell_namesakes_apart(facts, pushes).boxed().await;
        let Some(idp) = facts.idp.as_ref().filter(|idp| !idp.ran_out_of_time()) else {
            return;
        };
        if let Some(lost) = wants::lost_group(facts) {
            return self.what_is_logged_of(facts, &lost).boxed().await;
        }
        let (Some(wanted), Some(Some(person))) = (wants::of_the_idp(facts), idp.person.value().cloned())
        else {
            return;
        };
        let direct = idp.direct.value().cloned().unwrap_or_default();
        let until = Instant::now() + self.patience;
        match wanted {
            OfTheIdp::WhatBecameOf(mut own) => {
                let operation = operation::APP_ASSIGNMENT.name(self.source.idp());
                let left_out = GROUPS_LOOKED_INTO.cut(&mut own, operation);
                facts.idp.iter_mut().for_each(|idp| idp.left_out.extend(left_out.clone()));
                self.what_became_of(until, facts, &person, &own, pushes).boxed().await;
            }
            OfTheIdp::InnerGroup(outer) => {
                let inner =
                    self.ask(until, operation::MEMBERS, self.source.inner_group(&outer, &direct)).await;
                if let Some(idp) = &mut facts.idp {
                    idp.inner_groups.insert(outer.id, inner);
                }
            }
            OfTheIdp::Owners(group) => self.who_owns(until, facts, &person, &group, pushes).boxed().await,
        }
    }

    /// What the log says of a group of the person's own that AWS does not have.
    async fn what_is_logged_of(&self, facts: &mut Facts, group: &IdpGroup) {
        if wants::in_the_logs(facts, std::slice::from_ref(group)).is_empty() {
            return;
        }
        let Some(idp) = &mut facts.idp else { return };
        let (Some(Some(application)), Some(Some(person))) = (idp.application.value(), idp.person.value())
        else {
            return;
        };
        let now = (self.clock)();
        let period = Period { since: now.checked_sub(LOGS_REACH_BACK).unwrap_or(Timestamp::MIN), now };
        let logged = self
            .remember(
                Instant::now() + self.patience + LONGEST_WAIT_FOR_LOGS,
                operation::TROUBLES,
                &self.memory.troubles,
                (group.id.0.clone(), Some(person.id.clone())),
                self.source.troubles_of_group(application, group, person, period),
            )
            .await;
        idp.troubles = vec![logged];
    }

    async fn what_became_of(
        &self,
        until: Instant,
        facts: &mut Facts,
        person: &IdpPerson,
        own: &[IdpGroup],
        pushes: &Pushes,
    ) {
        let Some(idp) = &mut facts.idp else { return };
        self.whether_it_has(until, idp, own, pushes).boxed().await;
        let Some(application) = idp.application.value().cloned().flatten() else {
            return;
        };
        let mut sent = wants::in_the_logs(facts, own);
        let Some(idp) = &mut facts.idp else { return };
        let left_out = GROUPS_LOOKED_UP_IN_LOGS.cut(&mut sent, operation::TROUBLES.name(self.source.idp()));
        idp.left_out.extend(left_out);
        if sent.is_empty() {
            return;
        }
        let now = (self.clock)();
        let since = now.checked_sub(LOGS_REACH_BACK).unwrap_or(Timestamp::MIN);
        let period = Period { since, now };
        // The wait for a turn at the logs is ours to bear, and no sign of an IdP that hangs.
        let until = until + LONGEST_WAIT_FOR_LOGS;
        let of_person = self.remember(
            until,
            operation::TROUBLES,
            &self.memory.troubles,
            (person.id.0.clone(), None),
            self.source.troubles_of_person(&application, person, period),
        );
        let of_groups = join_all(sent.iter().map(|group| {
            self.remember(
                until,
                operation::TROUBLES,
                &self.memory.troubles,
                (group.id.0.clone(), Some(person.id.clone())),
                self.source.troubles_of_group(&application, group, person, period),
            )
        }));
        let added = join_all(sent.iter().map(|group| async {
            let key = (group.id.clone(), person.id.clone());
            let asked = self.source.added_at(group, person, period);
            let memo = &self.memory.added_at;
            (group.id.clone(), self.remember(until, operation::ADDED, memo, key, asked).await)
        }));
        let assigning = join_all(sent.iter().filter(|_| self.source.idp() == Idp::Okta).map(|group| async {
            let asked = self.source.assigns_people(&application, group);
            (group.id.clone(), self.ask(until, operation::ASSIGNS_PEOPLE, asked).await)
        }));
        let (of_person, of_groups, added, assigning) = futures::join!(of_person, of_groups, added, assigning);
        idp.assigns_people = assigning.into_iter().collect();
        idp.troubles = std::iter::once(of_person).chain(of_groups).collect();
        idp.added_at = added.into_iter().collect();
    }

    async fn who_owns(
        &self,
        until: Instant,
        facts: &mut Facts,
        person: &IdpPerson,
        group: &Group,
        pushes: &Pushes,
    ) {
        let known = facts.idp.as_ref();
        let found = async {
            let twin = match (self.source, known) {
                (IdpSource::Okta(okta), Some(idp)) => {
                    self.source_of(until, okta, pushes, idp, group).boxed().await
                }
                _ => self.ask(until, operation::GROUP, self.source.twin_of(group)).await,
            };
            match twin.value().cloned().flatten() {
                Some(found) => {
                    let activated = self.whether_it_is_activated(until, &found).boxed();
                    let ((twin, owners), activated) =
                        join(self.owned_and_filled(until, twin, &found).boxed(), activated).await;
                    (twin, owners, Some((found.id, activated)))
                }
                None => (twin, None, None),
            }
        };
        let eligible = async {
            match self.source {
                IdpSource::Entra(_) => {
                    optional(self.ask(until, operation::ELIGIBLE, self.source.eligible(person)).await)
                }
                IdpSource::Okta(_) => Fact::NotAsked,
            }
        };
        let ((twin, owners, activated), eligible) = join(found.boxed(), eligible.boxed()).await;
        if let Some(idp) = &mut facts.idp {
            idp.twins.insert(group.id.clone(), twin);
            idp.owners.extend(owners);
            idp.eligible = eligible;
            idp.is_activated.extend(activated);
        }
    }

    /// Whether people activate membership of this group (Entra).
    async fn whether_it_is_activated(&self, until: Instant, group: &IdpGroup) -> Fact<bool> {
        if self.source.idp() != Idp::Entra || !group.traits.filled.allows_eligibility() {
            return Fact::NotAsked;
        }
        optional(self.ask(until, operation::ELIGIBLE, self.source.is_activated(group)).await)
    }

    /// Who may add people to the group, and which rule does (Okta, whose groups do not say so themselves). Without the
    /// rules the group is as its record says.
    async fn owned_and_filled(
        &self,
        until: Instant,
        twin: Fact<Option<IdpGroup>>,
        found: &IdpGroup,
    ) -> (Fact<Option<IdpGroup>>, Option<(IdpGroupId, Fact<Vec<Owner>>)>) {
        let owners = self.ask(until, operation::OWNERS, self.source.owners(found));
        let rule = async {
            let may_have_one = self.source.idp() == Idp::Okta && found.traits.filled == Filled::ByHand;
            match may_have_one {
                true => self.ask(until, operation::GROUP, self.source.rule_of(found)).await,
                false => Fact::NotAsked,
            }
        };
        let (owners, rule) = join(owners.boxed(), rule.boxed()).await;
        let twin = match rule.value().cloned().flatten() {
            Some(rule) => twin.map(|twin| {
                twin.map(|mut twin| {
                    twin.traits.filled = Filled::ByHandAndRule(rule);
                    twin
                })
            }),
            None => twin,
        };
        (twin, Some((found.id.clone(), owners)))
    }
}

/// A company without an optional right lacks nothing.
fn optional<T>(asked: Fact<T>) -> Fact<T> {
    let is_without = asked.gap().is_some_and(|gap| gap.kind == GapKind::NotConfigured);
    if is_without { Fact::NotAsked } else { asked }
}
