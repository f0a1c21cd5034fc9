//! How the four steps stand that only the IdP can show.

use jiff::Timestamp;

use super::note::{Note, Status};
use super::view::View;
use crate::diagnosis::causes::Cause;
use crate::diagnosis::evidence::Reaches;
use crate::diagnosis::facts::idp::{AppAssignment, Idp, IdpFacts, IdpGroup, SyncState};
use crate::diagnosis::facts::twins::{namesake, own_twin, presumed_twin};
use crate::diagnosis::facts::{DirectoryUser, Fact, Group, Known, Source};
use crate::diagnosis::route::{Route, Via};
use crate::diagnosis::step::Step;

pub(super) fn at_the_idp(view: &View, step: Step) -> (Status, Note) {
    let Some(idp) = &view.case.facts.idp else {
        return match view.case.facts.source_without_an_idp() {
            Some(source) => (Status::NotReached, Note::NotUsed(source)),
            None => (Status::Unknown, Note::NotConnected),
        };
    };
    match step {
        Step::IdpUser => idp_user(view, idp),
        Step::IdpMembership => idp_membership(view, idp),
        Step::AppAssignment => app_assignment(view, idp),
        _ => sync(view, idp),
    }
}

/// When what is said of this step was read.
pub(super) fn when_at_the_idp(view: &View, step: Step) -> Option<(Timestamp, Source)> {
    fn read<T>(fact: &Fact<T>) -> Option<(Timestamp, Source)> {
        let Known { as_of, source, .. } = fact.known()?;
        Some((*as_of, *source))
    }
    let idp = view.case.facts.idp.as_ref()?;
    match step {
        Step::IdpUser => read(&idp.person),
        Step::IdpMembership => read(&idp.direct),
        Step::AppAssignment => {
            let of_group =
                twin_of_the_route(view, idp).and_then(|twin| read(idp.app_assignments.get(&twin.id)?));
            of_group.or_else(|| read(&idp.app_user))
        }
        _ => read(&idp.synchronization),
    }
}

fn idp_user(view: &View, idp: &IdpFacts) -> (Status, Note) {
    match &idp.person {
        Fact::Known(Known { value: Some(person), .. }) => {
            let another = idp.others.first().map(|other| other.user_name.clone());
            let status = if another.is_some() { Status::Warn } else { Status::Pass };
            (status, Note::EnabledAtTheIdp { name: person.display_name.clone(), idp: idp.idp, another })
        }
        Fact::Known(Known { value: None, .. })
            if view.cause().is_some_and(Cause::means_access)
                && view.case.person.is_some_and(DirectoryUser::has_an_idps_id) =>
        {
            (Status::Pass, Note::NotByThisNameAtTheIdp(idp.idp))
        }
        // Somebody whom AWS has and the IdP has not: an admin created manually, say.
        Fact::Known(Known { value: None, .. }) => (Status::Warn, Note::NobodyAtTheIdp(idp.idp)),
        Fact::Gap(_) | Fact::NotAsked => view.unseen(Step::IdpUser),
    }
}

fn idp_membership(view: &View, idp: &IdpFacts) -> (Status, Note) {
    let Some(direct) = idp.direct.value() else {
        return view.unseen(Step::IdpMembership);
    };
    if let Some(lost) = view.lost() {
        return (Status::Pass, Note::IdpMember { group: lost.clone(), since: added_at(idp, lost) });
    }
    match view.route() {
        Some(Route { via: Via::Direct, .. }) => (Status::Pass, Note::NoGroupNeeded),
        Some(Route { via: Via::Group(_, Some(group)), .. }) => {
            let group = match view.reaches() {
                Some(Reaches::Another(own)) => own,
                _ => group,
            };
            match own_twin_or_namesake(idp, group) {
                Some(twin) => {
                    (Status::Pass, Note::IdpMember { group: twin.clone(), since: added_at(idp, twin) })
                }
                // A push mapping may lead to a group of another name, and nobody had to ask.
                None if idp.idp == Idp::Okta && !idp.pushed.contains_key(&group.id) => {
                    (Status::Pass, Note::InGroupsAtTheIdp { count: direct.len() })
                }
                // What only AWS has may go away with the next synchronization, or was created manually there.
                None => (Status::Warn, Note::NotInAtTheIdp(group.clone())),
            }
        }
        _ => (Status::Pass, Note::InGroupsAtTheIdp { count: direct.len() }),
    }
}

fn app_assignment(view: &View, idp: &IdpFacts) -> (Status, Note) {
    let twin = twin_of_the_route(view, idp);
    match twin.and_then(|twin| Some((twin, idp.app_assignments.get(&twin.id)?))) {
        Some((twin, Fact::Known(Known { value, .. }))) => match value {
            // The finding stands here, unless the group was sent without.
            AppAssignment::None => (Status::Warn, Note::NotOnTheApplication(twin.clone())),
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
        _ => view.unseen(Step::AppAssignment),
    }
}

fn sync(view: &View, idp: &IdpFacts) -> (Status, Note) {
    let Some(synchronization) = idp.synchronization.value() else {
        return view.unseen(Step::Sync);
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

fn twin_of_the_route<'i>(view: &View, idp: &'i IdpFacts) -> Option<&'i IdpGroup> {
    if let Some(lost) = view.lost() {
        return idp.direct.value()?.iter().find(|group| *group == lost);
    }
    let group = view.route()?.group_record()?;
    own_twin_or_namesake(idp, group)
}

/// If it was not asked whether the group with the id still exists, or what Okta's push mappings say, the one of the name
/// stands for it.
fn own_twin_or_namesake<'i>(idp: &'i IdpFacts, group: &Group) -> Option<&'i IdpGroup> {
    own_twin(idp, group).unwrap_or_else(|| namesake(idp, group).or_else(|| presumed_twin(idp, group)))
}

fn added_at(idp: &IdpFacts, group: &IdpGroup) -> Option<Timestamp> {
    *idp.added_at.get(&group.id)?.value()?
}
