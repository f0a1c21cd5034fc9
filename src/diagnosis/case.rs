//! One question's facts, resolved: the account, the person, the routes, and what stayed in the dark.

use super::StepGap;
use super::causes::Finding;
use super::facts::idp::IdpFacts;
use super::facts::{Account, AccountSearch, DirectoryUser, Fact, Facts, Gap, Identity, Source};
use super::routes::{Break, Route, RouteState, routes};
use super::steps::Step;
use super::{Cause, Verdict};

/// What every cause looks at.
pub(super) struct Case<'f> {
    pub(super) facts: &'f Facts,
    pub(super) account: Option<&'f Account>,
    pub(super) person: Option<&'f DirectoryUser>,
    pub(super) routes: Vec<Route>,
}

impl<'f> Case<'f> {
    pub(super) fn of(facts: &'f Facts) -> Self {
        let person = facts.person.value();
        Self { facts, account: facts.account_found(), person, routes: routes(facts, person) }
    }

    /// What the search for the account found, where it could be made.
    pub(super) fn account_search(&self) -> Option<&'f AccountSearch> {
        self.facts.account.value()
    }

    /// The route that gets furthest.
    pub(super) fn best(&self) -> Option<&Route> {
        self.routes.first()
    }

    /// Where the best route breaks, if that is with the permission set asked for.
    pub(super) fn best_break(&self) -> Option<&Break> {
        match self.best()? {
            Route { wanted: Some(false), .. } => None,
            Route { state: RouteState::Broken(broken), .. } => Some(broken),
            _ => None,
        }
    }

    /// The first step that could not be seen and might overturn `finding`; nothing where what was read
    /// settles the verdict.
    pub(super) fn blind_step(&self, finding: Option<&Finding>) -> Option<Step> {
        match finding.map(Finding::cause) {
            Some(cause) if cause.step() == Step::Account || cause.step() == Step::DirectoryUser => None,
            // Nobody signs in whom the IdP has switched off, and nobody has access whom AWS does not know.
            Some(Cause::UserDisabledInIdp) => None,
            Some(_) if self.facts.identity() == Identity::Nobody => None,
            _ if self.account_search().is_none() => Some(Step::Account),
            _ if self.facts.identity() == Identity::Unseen => Some(Step::DirectoryUser),
            Some(Cause::PortalStale | Cause::PermissionSetOutdated) => self.doubt_about_access(),
            _ => self.doubt_about_no_access(),
        }
    }

    /// Whether all that is known of the account's state is remembered, and asking anew failed.
    pub(super) fn account_may_have_changed(&self) -> bool {
        let remembered = self.facts.account.known().is_some_and(|known| known.source == Source::Cache);
        remembered && self.facts.account_unconfirmed.is_some()
    }

    /// A person who may be disabled, or of whom a second record may exist, may not have the access.
    fn doubt_about_access(&self) -> Option<Step> {
        if self.account_may_have_changed() {
            return Some(Step::Account);
        }
        let person_is_certain = self.person.is_some() && self.facts.both_look_ups_answered();
        (!person_is_certain).then_some(Step::DirectoryUser)
    }

    /// Whatever might hide a route that works.
    fn doubt_about_no_access(&self) -> Option<Step> {
        if self.facts.memberships.value().is_none() {
            return Some(Step::DirectoryMembership);
        }
        let unread = self.facts.assignments.iter().any(|(permission_set, principals)| {
            let ruled_out = self
                .facts
                .permission_set_name(permission_set)
                .is_some_and(|name| !self.facts.question.wants(name));
            principals.value().is_none() && !ruled_out
        });
        let nameless = self.routes.iter().any(|route| route.wanted.is_none() && route.works());
        if unread || nameless {
            return Some(Step::Assignment);
        }
        if self.facts.provisioned_latest.value().is_none()
            || self.facts.provisioned_outdated.value().is_none()
        {
            return Some(Step::Provisioning);
        }
        self.routes.iter().find_map(|route| match route.state {
            RouteState::Unknown(step) => Some(step),
            _ => None,
        })
    }

    /// Everything that could not be read, in the order of telling.
    pub(super) fn gaps(&self) -> Vec<StepGap> {
        let not_connected = match self.facts.idp {
            Some(_) => None,
            None => Some(Step::OF_THE_IDP.map(|step| StepGap { step, gap: Gap::no_idp() })),
        };
        let mut gaps: Vec<StepGap> =
            self.unread().into_iter().map(|(step, gap)| StepGap { step, gap: gap.clone() }).collect();
        gaps.extend(not_connected.into_iter().flatten());
        gaps.sort_by(|one, other| {
            (one.step, &one.gap.operation, one.gap.kind, &one.gap.detail).cmp(&(
                other.step,
                &other.gap.operation,
                other.gap.kind,
                &other.gap.detail,
            ))
        });
        gaps.dedup();
        gaps
    }

    /// The gaps that concern this step.
    pub(super) fn gap_at(&self, step: Step) -> Option<&'f Gap> {
        self.unread().into_iter().find(|(at, _)| *at == step).map(|(_, gap)| gap)
    }

    fn unread(&self) -> Vec<(Step, &'f Gap)> {
        fn at<T>(step: Step, fact: &Fact<T>) -> Option<(Step, &Gap)> {
            fact.gap().map(|gap| (step, gap))
        }
        let facts = self.facts;
        let unconfirmed = facts.account_unconfirmed.as_ref().map(|gap| (Step::Account, gap));
        let single = [
            unconfirmed,
            at(Step::Account, &facts.account),
            at(Step::DirectoryUser, &facts.user_by_name),
            at(Step::DirectoryUser, &facts.user_by_email),
            at(Step::DirectoryUser, &facts.person),
            at(Step::DirectoryMembership, &facts.memberships),
            at(Step::Assignment, &facts.persons_assignments),
            at(Step::Assignment, &facts.requests_in_progress),
            at(Step::Assignment, &facts.requests_failed),
            at(Step::Provisioning, &facts.provisioned_latest),
            at(Step::Provisioning, &facts.provisioned_outdated),
        ];
        let groups = facts.groups.values().map(|fact| at(Step::DirectoryGroup, fact));
        let users = facts.users.values().map(|fact| at(Step::Assignment, fact));
        let assignments = facts.assignments.values().map(|fact| at(Step::Assignment, fact));
        let by_group = facts.groups_assignments.values().map(|fact| at(Step::Assignment, fact));
        let opens = facts.opens_accounts.values().map(|fact| at(Step::IdpMembership, fact));
        let names = facts.permission_sets.values().map(|fact| at(Step::Assignment, fact));
        single
            .into_iter()
            .chain(groups)
            .chain(users)
            .chain(assignments)
            .chain(by_group)
            .chain(names)
            .chain(opens)
            .flatten()
            .chain(facts.idp.iter().flat_map(unread_at_the_idp))
            .collect()
    }
}

fn unread_at_the_idp(idp: &IdpFacts) -> Vec<(Step, &Gap)> {
    fn at<T>(step: Step, fact: &Fact<T>) -> Option<(Step, &Gap)> {
        fact.gap().map(|gap| (step, gap))
    }
    let single = [
        at(Step::IdpUser, &idp.person),
        at(Step::IdpMembership, &idp.direct),
        at(Step::IdpMembership, &idp.transitive),
        at(Step::AppAssignment, &idp.application),
        at(Step::AppAssignment, &idp.app_user),
        at(Step::Sync, &idp.synchronization),
        at(Step::Sync, &idp.sends_groups),
    ];
    let twins = idp.twins.values().map(|fact| at(Step::IdpMembership, fact));
    let inner = idp.inner_groups.values().map(|fact| at(Step::IdpMembership, fact));
    let owners = idp.owners.values().map(|fact| at(Step::IdpMembership, fact));
    let assignments = idp.app_assignments.values().map(|fact| at(Step::AppAssignment, fact));
    let added = idp.added_at.values().map(|fact| at(Step::Sync, fact));
    let troubles = idp.troubles.iter().map(|fact| at(Step::Sync, fact));
    let several = twins.chain(inner).chain(owners).chain(assignments).chain(added).chain(troubles);
    single.into_iter().chain(several).flatten().collect()
}

impl Gap {
    /// No IdP is configured, so that its steps cannot be seen.
    fn no_idp() -> Self {
        Self {
            kind: super::facts::GapKind::NotConfigured,
            operation: "idp".to_owned(),
            detail: "no IdP is connected".to_owned(),
        }
    }
}

/// The verdict that a cause stands for.
pub(super) fn verdict_of(cause: Cause) -> Verdict {
    match cause {
        Cause::PortalStale | Cause::PermissionSetOutdated => Verdict::Access,
        _ => Verdict::Blocked,
    }
}
