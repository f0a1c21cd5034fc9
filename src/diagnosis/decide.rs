//! The decision: facts in, a diagnosis out.

use super::case::Case;
use super::causes::{self, Finding};
use super::certainty;
use super::facts::Facts;
use super::report::{Diagnosis, Outcome, Verdict};
use super::route::Route;
use super::routes;
use super::step::Step;
use super::steps;

/// Explains why the person does or does not have the account.
///
/// Of the causes that hold, the first in the order of telling is the explanation, unless something that could not
/// be read might have settled it otherwise.
pub fn diagnose(facts: &Facts) -> Diagnosis {
    let case = Case::of(facts);
    let routes = routes::routes(&case);
    let finding = explanation(&case, &routes);
    let (verdict, outcome) = match (certainty::blind_step(&case, &routes, finding.as_ref()), finding) {
        (None, Some(finding)) => (certainty::verdict_of(&case, finding.cause()), Outcome::Explained(finding)),
        (Some(step), _) => (Verdict::Undetermined, Outcome::CannotTell(step)),
        (None, None) => (Verdict::Undetermined, Outcome::CannotTell(Step::Assignment)),
    };
    Diagnosis {
        question: facts.question.clone(),
        checked_at: facts.checked_at,
        account: case.account.cloned(),
        person: case.person.cloned(),
        identity_source: facts.identity_source(),
        idp: facts.idp.as_ref().map(|idp| idp.idp),
        idp_person: facts.idp.as_ref().and_then(|idp| idp.person.value()?.clone()),
        application: facts.idp.as_ref().and_then(|idp| idp.application.value()?.clone()),
        verdict,
        steps: steps::report(&case, &routes, outcome.finding()),
        outcome,
        gaps: certainty::gaps(&case),
        routes,
    }
}

/// Returns true if the access is seen to be in place, so that nothing else needs to be asked.
pub fn is_settled(facts: &Facts) -> bool {
    diagnose(facts).verdict == Verdict::Access
}

fn explanation(case: &Case, routes: &[Route]) -> Option<Finding> {
    let overview = routes::overview(case, routes);
    let best = of_the_best_route(routes);
    let lost = causes::of_lost_group(case).filter(|_| overview.any_route_matters);
    // What an assignment with another permission set is left of did not give the one that was asked for.
    let lost = lost.filter(|lost| !gave_another_set(routes, lost));
    let lost = lost.filter(|lost| best.as_ref().is_some_and(|best| lost.rank() > best.rank()));
    if lost.is_some() {
        return lost;
    }
    // The route's own finding comes first: of two with one cause, it has the evidence.
    best.into_iter().chain(causes::of_the_question(&overview)).min_by_key(|finding| finding.cause())
}

fn gave_another_set(routes: &[Route], lost: &Finding) -> bool {
    let mut others = routes.iter().filter(|route| route.wanted == Some(false)).filter_map(Route::finding);
    others.any(|other| other.idp_group_lost().is_some() && other.idp_group_lost() == lost.idp_group_lost())
}

/// What the route shows that gets furthest, with what the others show of the same cause.
fn of_the_best_route(routes: &[Route]) -> Option<Finding> {
    let best = routes.first()?;
    if best.gives_what_was_asked() {
        return best.finding().cloned();
    }
    let mut finding = best.broken_link()?.clone();
    routes[1..].iter().filter_map(Route::broken_link).for_each(|other| finding.add(other));
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::causes::Cause;
    use crate::diagnosis::facts::idp::{AppAssignment, Idp, IdpGroup};
    use crate::diagnosis::facts::{FormerName, Group, GroupId, PermissionSetArn, Principal};
    use crate::diagnosis::fixture::{
        cause, finding, group, group_id, idp_group, known, of_the_idp, read_only, sent_by,
    };

    /// Billing was asked for, which the admins have. ReadOnly was on a deleted group of this name, and AWS lost two of
    /// Dana's groups.
    fn lost_beside_another_set(former: &str) -> Facts {
        let mut facts = sent_by(Idp::Entra);
        facts.question.permission_set = Some("Billing".to_owned());
        let (admins, billing) = (GroupId("admins".to_owned()), PermissionSetArn("billing".to_owned()));
        let record =
            Group { id: admins.clone(), name: "Ops".to_owned(), external_ids: Box::default(), ..group() };
        facts.groups = [(admins.clone(), known(Some(record))), (group_id(), known(None))].into();
        facts.permission_sets.insert(billing.clone(), known("Billing".to_owned()));
        facts.assignments.insert(billing, known(vec![Principal::Group(admins)]));
        facts.assignments.insert(read_only(), known(vec![Principal::Group(group_id())]));
        let last_seen = facts.checked_at;
        facts.former_groups.insert(group_id(), FormerName { name: former.to_owned(), last_seen });
        let crew = IdpGroup::new("crew", "Crew");
        let idp = of_the_idp(&mut facts);
        for lost in [&crew, &idp_group()] {
            idp.in_aws.insert(lost.id.clone(), known(None));
            idp.app_assignments.insert(lost.id.clone(), known(AppAssignment::Assigned { since: None }));
        }
        (idp.direct, idp.transitive) =
            (known(vec![crew.clone(), idp_group()]), known(vec![crew, idp_group()]));
        facts
    }

    #[test]
    fn a_lost_group_explains_unless_it_gave_another_set() {
        let of_crew = lost_beside_another_set("Crew");
        assert_eq!(finding(&of_crew).idp_group_lost(), Some(&idp_group()), "the other one may have given it");
        assert_ne!(cause(&lost_beside_another_set("AWS-Payments")), Some(Cause::GroupNotSynced));
    }
}
