//! Okta: which of its groups fills which group in AWS, by its push mappings and their target groups.
//!
//! A mapping names its groups by id alone. The target group has the name that AWS got, so one search for the names of
//! AWS's groups finds the targets, and with them the groups of these names that are Okta's own.

use std::collections::BTreeMap;

use futures::FutureExt as _;
use futures::future::{BoxFuture, join, join_all};
use tokio::time::Instant;

use super::idp_source::IdpSource;
use super::operation;
use super::way::AtTheIdp;
use crate::diagnosis::facts::idp::{AppAssignment, Application, IdpFacts, IdpGroup, IdpGroupId, Pushed};
use crate::diagnosis::facts::{Fact, Facts, Group, GroupId, Known, LeftOut, Limit};
use crate::diagnosis::steps::Step;
use crate::diagnosis::wants;
use crate::sources::okta::{NamedGroups, Okta, Push};

/// Groups of the identity store whose push mappings are looked for: one search finds all of them.
const LOOKED_FOR: Limit = Limit {
    at_most: 40,
    step: Step::AppAssignment,
    what: "groups with access to the account that a push mapping may fill",
};

/// Applications whose push mappings are read.
const APPLICATIONS: Limit =
    Limit { at_most: 4, step: Step::AppAssignment, what: "applications for AWS that may push groups" };

/// What Okta's applications push, as far as one question needs it; empty at Entra.
#[derive(Default)]
pub(super) struct Pushes {
    /// The mappings of each application, by its id.
    mappings: BTreeMap<String, Fact<Vec<Push>>>,
    named: Option<Fact<NamedGroups>>,
    pushed: BTreeMap<GroupId, Fact<Pushed>>,
    left_out: Vec<LeftOut>,
}

impl AtTheIdp<'_> {
    /// What fills the groups through which the account would open, if anything at Okta may explain why they lack the
    /// person.
    pub(super) fn what_okta_pushes<'a>(&'a self, facts: &'a Facts) -> BoxFuture<'a, Pushes> {
        async move {
            let (IdpSource::Okta(okta), Some(idp)) = (self.source, &facts.idp) else {
                return Pushes::default();
            };
            let mut groups = wants::filled_by_pushes(facts);
            if groups.is_empty() {
                return Pushes::default();
            }
            let operation = operation::APP_ASSIGNMENT.name(self.source.idp());
            let mut left_out = Vec::from_iter(LOOKED_FOR.cut(&mut groups, operation));
            let until = Instant::now() + self.patience;
            let names: Vec<&str> = groups.iter().map(|group| group.name.as_str()).collect();
            let found = self.applications(until).await;
            if let Some(unread) = found.gap() {
                let unread = |group: &Group| (group.id.clone(), Fact::Gap(unread.clone()));
                return Pushes { pushed: groups.iter().map(unread).collect(), ..Pushes::default() };
            }
            let mut applications = found.value().cloned().unwrap_or_default();
            left_out.extend(APPLICATIONS.cut(&mut applications, operation));
            let each = applications.iter().map(|application| async {
                let asked = okta.pushes(application).boxed();
                (application.id.clone(), self.ask(until, operation::APP_ASSIGNMENT, asked).await)
            });
            let named = okta.groups_named(&names).boxed();
            let (mappings, named) = join(join_all(each), self.ask(until, operation::GROUP, named)).await;
            let mappings: BTreeMap<_, _> = mappings.into_iter().collect();
            let mut pushed = BTreeMap::new();
            for group in &groups {
                let fact = self.what_fills(until, okta, group, &mappings, &named, idp).await;
                pushed.insert(group.id.clone(), fact);
            }
            Pushes { mappings, named: Some(named), pushed, left_out }
        }
        .boxed()
    }

    /// What the mappings say of the group. One that leads elsewhere is said to do so only by the name of its target, as
    /// a search may not have it yet.
    async fn what_fills(
        &self,
        until: Instant,
        okta: &Okta,
        group: &Group,
        mappings: &BTreeMap<String, Fact<Vec<Push>>>,
        named: &Fact<NamedGroups>,
        idp: &IdpFacts,
    ) -> Fact<Pushed> {
        let Fact::Known(named) = named else {
            return named.gap().map_or(Fact::NotAsked, |gap| Fact::Gap(gap.clone()));
        };
        // One that could not be read may hold the mapping.
        if let Some(unread) = mappings.values().find_map(Fact::gap) {
            return Fact::Gap(unread.clone());
        }
        let pushes: Vec<&Push> = mappings.values().filter_map(Fact::value).flatten().collect();
        let direct = idp.direct.value().map(Vec::as_slice).unwrap_or_default();
        let leads = leads_to(group, &pushes, &named.value, direct);
        let mut value = Pushed { source: leads.source, elsewhere: Vec::new() };
        if value.source.is_some() {
            return Fact::Known(Known { value, as_of: named.as_of, source: named.source });
        }
        for (source, target) in leads.perhaps_elsewhere {
            match self.ask(until, operation::GROUP, okta.group(&target).boxed()).await {
                Fact::Known(Known { value: Some(target), .. }) if target.name != group.name => {
                    value.elsewhere.push(source);
                }
                Fact::Known(Known { value: Some(_), .. }) => value.source = value.source.or(Some(source)),
                // A mapping that has not pushed yet may have no target group yet.
                Fact::Known(Known { value: None, .. }) | Fact::NotAsked => {}
                Fact::Gap(gap) => return Fact::Gap(gap),
            }
        }
        Fact::Known(Known { value, as_of: named.as_of, source: named.source })
    }

    /// The group of Okta's that fills this one: that of its push mapping, else the one of its name.
    pub(super) async fn source_of(
        &self,
        until: Instant,
        okta: &Okta,
        pushes: &Pushes,
        idp: &IdpFacts,
        group: &Group,
    ) -> Fact<Option<IdpGroup>> {
        let read = match pushes.pushed.get(&group.id) {
            Some(Fact::Known(read)) => read,
            Some(Fact::Gap(gap)) => return Fact::Gap(gap.clone()),
            Some(Fact::NotAsked) | None => {
                return self.ask(until, operation::GROUP, okta.group_by_name(&group.name)).await;
            }
        };
        let Some(Fact::Known(named)) = &pushes.named else { return Fact::NotAsked };
        let at_hand = idp.direct.value().into_iter().flatten().chain(&named.value.own);
        let mut at_hand = at_hand.filter(|one| match &read.value.source {
            Some(source) => one.id == *source,
            None => one.name == group.name && !read.value.elsewhere.contains(&one.id),
        });
        match (at_hand.next(), &read.value.source) {
            (Some(found), _) => {
                Fact::Known(Known { value: Some(found.clone()), as_of: named.as_of, source: named.source })
            }
            (None, Some(source)) => self.ask(until, operation::GROUP, okta.group(source)).await,
            (None, None) => Fact::Known(Known { value: None, as_of: named.as_of, source: named.source }),
        }
    }
}

impl Pushes {
    /// Adds to the facts what they say.
    pub(super) fn tell(&self, idp: &mut IdpFacts) {
        idp.pushed.extend(self.pushed.clone());
        idp.left_out.extend(self.left_out.iter().cloned());
    }

    /// Returns true if the application's mappings were read.
    pub(super) fn were_read(&self, application: &Application) -> bool {
        self.mappings.get(&application.id).is_some_and(|read| read.value().is_some())
    }

    /// How the application has the group, if its mappings were asked for.
    pub(super) fn app_assignment(
        &self,
        application: &Application,
        group: &IdpGroup,
    ) -> Option<Fact<AppAssignment>> {
        let mappings = self.mappings.get(&application.id)?.clone();
        Some(mappings.map(|mappings| {
            let own = mappings.into_iter().filter(|push| push.source == group.id);
            // Of several mappings an active one counts.
            let best = own.min_by_key(|push| !push.is_active());
            best.map_or(AppAssignment::None, |push| AppAssignment::Pushed(push.mapping))
        }))
    }
}

/// How the mappings stand to one group of the identity store.
struct Leads {
    /// The group whose mapping has it as its target.
    source: Option<IdpGroupId>,
    /// Groups of its name that the person is in, each with the target of its mapping, which the search did not find
    /// under that name.
    perhaps_elsewhere: Vec<(IdpGroupId, IdpGroupId)>,
}

/// Of several mappings with a target of this name an active one counts, then one of a group that the person is in.
fn leads_to(group: &Group, pushes: &[&Push], named: &NamedGroups, direct: &[IdpGroup]) -> Leads {
    let targets: Vec<&IdpGroupId> =
        named.all.iter().filter(|(_, name)| *name == group.name).map(|(id, _)| id).collect();
    let is_own = |push: &Push| direct.iter().any(|own| own.id == push.source);
    let leads_here =
        |push: &Push| push.mapping.target.as_ref().is_some_and(|target| targets.contains(&target));
    let here = pushes.iter().filter(|push| leads_here(push));
    let here = here.min_by_key(|push| (!push.is_active(), !is_own(push)));
    let of_the_name = |push: &Push| direct.iter().any(|own| own.id == push.source && own.name == group.name);
    let elsewhere = pushes.iter().filter(|push| of_the_name(push) && !leads_here(push));
    Leads {
        source: here.map(|push| push.source.clone()),
        perhaps_elsewhere: elsewhere
            .filter_map(|push| Some((push.source.clone(), push.mapping.target.clone()?)))
            .collect(),
    }
}
