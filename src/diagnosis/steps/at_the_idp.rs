//! How the four steps stand that only the IdP can show.

use jiff::Timestamp;

use super::reporter::{Reporter, not_reached};
use super::{Note, Status, Step};
use crate::diagnosis::facts::idp::{AppAssignment, IdpFacts, IdpGroup, SyncState};
use crate::diagnosis::facts::{Fact, Group, Known, Source};
use crate::diagnosis::routes::{Break, Route, RouteState, Via, twin_among};

impl Reporter<'_, '_> {
    pub(super) fn at_the_idp(&self, step: Step) -> (Status, Note) {
        let Some(idp) = &self.case.facts.idp else {
            return (Status::Unknown, Note::NotConnected);
        };
        match step {
            Step::IdpUser => self.idp_user(idp),
            Step::IdpMembership => self.idp_membership(idp),
            Step::AppAssignment => self.app_assignment(idp),
            _ => self.sync(idp),
        }
    }

    fn idp_user(&self, idp: &IdpFacts) -> (Status, Note) {
        match &idp.person {
            Fact::Known(Known { value: Some(person), .. }) => {
                (Status::Pass, Note::EnabledAtTheIdp { name: person.display_name.clone(), idp: idp.idp })
            }
            // Somebody whom AWS has and the IdP has not: an admin made by hand, say.
            Fact::Known(Known { value: None, .. }) => (Status::Warn, Note::NobodyAtTheIdp(idp.idp)),
            Fact::Gap(_) | Fact::NotAsked => self.unseen(Step::IdpUser),
        }
    }

    fn idp_membership(&self, idp: &IdpFacts) -> (Status, Note) {
        let Some(direct) = idp.direct.value() else {
            return self.unseen(Step::IdpMembership);
        };
        match self.route() {
            Some(Route { via: Via::Direct, .. }) => (Status::Pass, Note::NoGroupNeeded),
            Some(Route { via: Via::Group(_, Some(group)), state, .. }) => {
                let group = match state {
                    RouteState::Broken(Break::LookAlike { own, .. }) => own,
                    _ => group,
                };
                match twin_among(direct, group) {
                    Some(twin) => {
                        (Status::Pass, Note::IdpMember { group: twin.clone(), since: added_at(idp, twin) })
                    }
                    // What only AWS has may go away with the next synchronization, or was made by hand there.
                    None => (Status::Warn, Note::NotInAtTheIdp(group.clone())),
                }
            }
            _ => (Status::Pass, Note::InGroupsAtTheIdp { count: direct.len() }),
        }
    }

    fn app_assignment(&self, idp: &IdpFacts) -> (Status, Note) {
        let twin = self.route_group().and_then(|group| twin_among(idp.direct.value()?, group));
        match twin.and_then(|twin| Some((twin, idp.app_assignments.get(&twin.id)?))) {
            Some((twin, Fact::Known(Known { value, .. }))) => match value {
                AppAssignment::None => not_reached(),
                AppAssignment::Assigned { .. } | AppAssignment::Pushed(_) => (
                    Status::Pass,
                    Note::OnTheApplication {
                        group: twin.clone(),
                        application: idp
                            .application
                            .value()
                            .and_then(Option::as_ref)
                            .map(|application| application.name.clone()),
                    },
                ),
            },
            Some((_, Fact::Gap(gap))) => (Status::Unknown, Note::Unseen(Some(gap.clone()))),
            _ => self.unseen(Step::AppAssignment),
        }
    }

    fn sync(&self, idp: &IdpFacts) -> (Status, Note) {
        let Some(synchronization) = idp.synchronization.value() else {
            return self.unseen(Step::Sync);
        };
        let last = synchronization.last_completed.as_ref().and_then(|cycle| cycle.ended.or(cycle.began));
        let note = Note::Synchronization {
            idp: idp.idp,
            state: synchronization.state.clone(),
            last,
            next: synchronization.next_due(),
        };
        match synchronization.state {
            SyncState::Running => (Status::Pass, note),
            _ => (Status::Warn, note),
        }
    }

    fn route_group(&self) -> Option<&Group> {
        match &self.route()?.via {
            Via::Group(_, group) => group.as_ref(),
            Via::Direct | Via::GoneUser => None,
        }
    }

    /// When what is said of this step was read.
    pub(super) fn when_at_the_idp(&self, step: Step) -> Option<(Timestamp, Source)> {
        fn read<T>(fact: &Fact<T>) -> Option<(Timestamp, Source)> {
            let Known { as_of, source, .. } = fact.known()?;
            Some((*as_of, *source))
        }
        let idp = self.case.facts.idp.as_ref()?;
        match step {
            Step::IdpUser => read(&idp.person),
            Step::IdpMembership => read(&idp.direct),
            Step::AppAssignment => {
                let twin = self.route_group().and_then(|group| twin_among(idp.direct.value()?, group));
                let of_group = twin.and_then(|twin| read(idp.app_assignments.get(&twin.id)?));
                of_group.or_else(|| read(&idp.app_user))
            }
            _ => read(&idp.synchronization),
        }
    }
}

fn added_at(idp: &IdpFacts, group: &IdpGroup) -> Option<Timestamp> {
    *idp.added_at.get(&group.id)?.value()?
}
