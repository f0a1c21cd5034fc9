//! How sure an explanation is: what could not be read, and whether it might have settled the verdict otherwise.

use super::case::Case;
use super::causes::{Cause, Finding};
use super::facts::{Gap, GapKind, Identity, Source};
use super::permission_sets::wants;
use super::report::{StepGap, Verdict};
use super::route::{Route, RouteState};
use super::step::Step;

/// The first step that could not be seen and might overturn `finding`; `None` if what was read settles the
/// verdict.
pub(super) fn blind_step(case: &Case, routes: &[Route], finding: Option<&Finding>) -> Option<Step> {
    match finding.map(Finding::cause) {
        Some(cause) if cause.step() == Step::Account => None,
        // The person may be in another instance.
        _ if case.facts.identity() == Identity::Nobody && is_left_out(case, Step::DirectoryUser) => {
            Some(Step::DirectoryUser)
        }
        // Nobody signs in whom either side has disabled.
        Some(Cause::UserDisabledInIdp) => None,
        Some(cause) if !cause.means_access() && case.facts.another_may_sign_in() => Some(Step::DirectoryUser),
        Some(Cause::UserDisabled) => None,
        Some(_) if case.facts.identity() == Identity::Nobody => None,
        _ if case.account_search().is_none() => Some(Step::Account),
        _ if case.facts.identity() == Identity::Unseen => Some(Step::DirectoryUser),
        Some(cause) if cause.means_access() => doubt_about_access(case),
        _ => doubt_about_no_access(case, routes),
    }
}

/// Returns true if something was not looked at that may matter at this step.
fn is_left_out(case: &Case, step: Step) -> bool {
    case.facts.left_out.iter().any(|left_out| left_out.step == step)
}

/// Returns true if all that is known of the account's state is remembered, and asking again failed.
pub(super) fn account_may_have_changed(case: &Case) -> bool {
    let remembered = case.facts.account.known().is_some_and(|known| known.source == Source::Cache);
    remembered && case.facts.account_unconfirmed.is_some()
}

/// A person who may be disabled, or of whom a second record may exist, may not have the access.
fn doubt_about_access(case: &Case) -> Option<Step> {
    if account_may_have_changed(case) {
        return Some(Step::Account);
    }
    let facts = case.facts;
    let is_certain = case.person.is_some() && facts.both_look_ups_answered() && !facts.another_may_sign_in();
    (!is_certain).then_some(Step::DirectoryUser)
}

/// Whatever might hide a route that works.
fn doubt_about_no_access(case: &Case, routes: &[Route]) -> Option<Step> {
    let facts = case.facts;
    if facts.memberships.value().is_none() {
        return Some(Step::DirectoryMembership);
    }
    let unread = facts.assignments.iter().any(|(permission_set, principals)| {
        let ruled_out = facts.permission_set_name(permission_set).is_some_and(|name| !wants(facts, name));
        principals.value().is_none() && !ruled_out
    });
    let nameless = routes.iter().any(|route| route.wanted.is_none() && route.works());
    if unread || nameless {
        return Some(Step::Assignment);
    }
    if facts.provisioned_latest.value().is_none() || facts.provisioned_outdated.value().is_none() {
        return Some(Step::Provisioning);
    }
    routes.iter().find_map(|route| match route.state {
        RouteState::Unknown(step) => Some(step),
        RouteState::Explained(_) => None,
    })
}

/// Everything that could not be read, in the order of telling.
pub(super) fn gaps(case: &Case) -> Vec<StepGap> {
    let not_connected = match (&case.facts.idp, case.facts.source_without_an_idp()) {
        // What is not there is no gap.
        (Some(_), _) | (None, Some(_)) => None,
        (None, None) => Some(Step::OF_THE_IDP.map(|step| StepGap { step, gap: no_idp() })),
    };
    let mut gaps: Vec<StepGap> =
        case.facts.gaps().into_iter().map(|(step, gap)| StepGap { step, gap: gap.clone() }).collect();
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

/// The first gap that concerns this step.
pub(super) fn gap_at<'f>(case: &Case<'f>, step: Step) -> Option<&'f Gap> {
    case.facts.gaps().into_iter().find(|(at, _)| *at == step).map(|(_, gap)| gap)
}

/// No IdP is configured, so that its steps cannot be seen.
fn no_idp() -> Gap {
    Gap {
        kind: GapKind::NotConfigured,
        operation: "idp".to_owned(),
        detail: "no IdP is connected".to_owned(),
    }
}

/// The verdict that a cause stands for. Somebody whom no string at hand finds in AWS may be there by another one, and
/// have the access: only ids prove that they are not.
pub(super) fn verdict_of(case: &Case, cause: Cause) -> Verdict {
    let facts = case.facts;
    let holds_for_anybody = cause.step() == Step::Account || cause == Cause::UserDisabledInIdp;
    match facts.identity() {
        _ if cause.means_access() => Verdict::Access,
        Identity::Nobody if !holds_for_anybody && !facts.is_proven_absent() => Verdict::Undetermined,
        _ => Verdict::Blocked,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::diagnose;
    use crate::diagnosis::facts::idp::{Idp, IdpPerson};
    use crate::diagnosis::facts::{AccountSearch, DirectoryUser, Fact, Facts, Known, LeftOut, UserId};
    use crate::diagnosis::fixture::{
        in_place, known, of_the_idp, read_only, sent_by, unread, without_membership,
    };

    fn no_answer() -> Gap {
        Gap { kind: GapKind::Timeout, operation: "x:Y".to_owned(), detail: String::new() }
    }

    #[test]
    fn a_remembered_account_is_certain_unless_asking_again_failed() {
        let mut facts = in_place();
        facts.account_unconfirmed = Some(no_answer());
        assert_eq!(diagnose(&facts).verdict, Verdict::Access, "it was read just now");
        let Fact::Known(account) = in_place().account else { panic!("it was read") };
        facts.account = Fact::Known(Known { source: Source::Cache, ..account });
        assert_eq!(diagnose(&facts).verdict, Verdict::Undetermined);
        facts.account_unconfirmed = None;
        assert_eq!(diagnose(&facts).verdict, Verdict::Access, "nobody had to ask again");
    }

    #[test]
    fn access_needs_the_record_and_both_look_ups() {
        let mut facts = in_place();
        facts.person = unread();
        assert_eq!(diagnose(&facts).verdict, Verdict::Undetermined);
        let mut facts = in_place();
        facts.user_by_email = unread();
        assert_eq!(diagnose(&facts).verdict, Verdict::Undetermined);
        facts.user_by_email = known(facts.user_by_name.value().cloned().flatten());
        assert_eq!(diagnose(&facts).verdict, Verdict::Access);
    }

    fn nobody_by_name(facts: Facts) -> Facts {
        let nobody = Facts { user_by_name: known(None), user_by_email: known(None), ..facts };
        Facts { person: Fact::NotAsked, memberships: Fact::NotAsked, ..nobody }
    }

    #[test]
    fn not_found_by_names_is_undetermined_until_an_id_proves_it() {
        let mut facts = nobody_by_name(sent_by(Idp::Entra));
        assert_eq!(diagnose(&facts).verdict, Verdict::Undetermined);
        facts.user_by_id = known(None);
        assert_eq!(diagnose(&facts).verdict, Verdict::Blocked);
    }

    #[test]
    fn an_account_that_is_not_there_and_somebody_whom_the_idp_disabled_need_no_user() {
        let mut facts = nobody_by_name(sent_by(Idp::Entra));
        let person = of_the_idp(&mut facts).person.value().cloned().flatten().expect("a person");
        of_the_idp(&mut facts).person = known(Some(IdpPerson { enabled: false, ..person }));
        let diagnosis = diagnose(&facts);
        assert_eq!(
            (diagnosis.verdict, diagnosis.cause()),
            (Verdict::Blocked, Some(Cause::UserDisabledInIdp))
        );
        facts.account = known(AccountSearch::NotFound { nearest: Vec::new() });
        assert_eq!(diagnose(&facts).verdict, Verdict::Blocked);
    }

    #[test]
    fn nobody_is_missing_who_may_be_in_an_instance_that_was_not_looked_at() {
        let mut facts = nobody_by_name(sent_by(Idp::Entra));
        facts.user_by_id = known(None);
        let left_out = |step| LeftOut::at(step, "sso:ListInstances", "one of two".to_owned());
        facts.left_out = vec![left_out(Step::Portal)];
        assert_eq!(diagnose(&facts).verdict, Verdict::Blocked, "that is elsewhere");
        facts.left_out = vec![left_out(Step::DirectoryUser)];
        assert_eq!(diagnose(&facts).verdict, Verdict::Undetermined);
    }

    #[test]
    fn whoever_is_disabled_has_no_access_whatever_else_was_not_read() {
        let mut facts = in_place();
        let person = facts.person.value().cloned().expect("a record");
        facts.person = known(DirectoryUser { enabled: false, ..person });
        facts.memberships = unread();
        assert_eq!(diagnose(&facts).verdict, Verdict::Blocked);
    }

    #[test]
    fn whom_the_idp_has_disabled_signs_in_with_no_record() {
        let mut facts = sent_by(Idp::Entra);
        let person = of_the_idp(&mut facts).person.value().cloned().flatten().expect("a person");
        of_the_idp(&mut facts).person = known(Some(IdpPerson { enabled: false, ..person }));
        (facts.user_by_id, facts.memberships) = (unread(), unread());
        assert_eq!(diagnose(&facts).verdict, Verdict::Blocked, "whatever else was not read");
    }

    #[test]
    fn two_records_are_two_unless_what_might_tie_one_to_the_person_was_not_read() {
        let other = DirectoryUser {
            id: UserId("other".to_owned()),
            ..in_place().person.value().cloned().expect("one")
        };
        let mut facts = without_membership();
        facts.user_by_email = known(Some(other.id.clone()));
        facts.other_record = known(other);
        facts.user_by_id = unread();
        let diagnosis = diagnose(&facts);
        assert_eq!((diagnosis.verdict, diagnosis.cause()), (Verdict::Blocked, Some(Cause::UserAmbiguous)));
        facts.idp = sent_by(Idp::Okta).idp;
        assert_eq!(diagnose(&facts).verdict, Verdict::Blocked, "no id ties either to the person");
        let lost: [fn(&mut Facts); 4] = [
            |facts| facts.person = unread(),
            |facts| facts.other_record = unread(),
            |facts| of_the_idp(facts).person = unread(),
            |facts| of_the_idp(facts).app_user = unread(),
        ];
        for lose in lost {
            let mut facts = facts.clone();
            lose(&mut facts);
            let diagnosis = diagnose(&facts);
            assert_eq!(
                (diagnosis.verdict, diagnosis.failing_step()),
                (Verdict::Undetermined, Step::DirectoryUser)
            );
            facts.idp = None;
            assert_eq!(diagnose(&facts).verdict, Verdict::Blocked, "there is nobody to tie them to");
        }
    }

    #[test]
    fn what_could_not_be_seen_is_told_by_its_first_step() {
        type Lose = fn(&mut Facts);
        let lost: [(Lose, Step); 5] = [
            (|facts| facts.account = unread(), Step::Account),
            (|facts| (facts.user_by_name, facts.user_by_email) = (unread(), unread()), Step::DirectoryUser),
            (|facts| facts.memberships = unread(), Step::DirectoryMembership),
            (|facts| *facts.assignments.get_mut(&read_only()).expect("one") = unread(), Step::Assignment),
            (|facts| facts.provisioned_latest = unread(), Step::Provisioning),
        ];
        let mut facts = without_membership();
        for (lose, step) in lost.into_iter().rev() {
            lose(&mut facts);
            let diagnosis = diagnose(&facts);
            assert_eq!(diagnosis.failing_step(), step);
            assert_eq!(diagnosis.verdict, Verdict::Undetermined);
            assert!(gap_at(&Case::of(&facts), step).is_some_and(|gap| gap.operation == "x:Y"));
        }
    }

    #[test]
    fn whom_nobody_could_look_up_is_the_first_thing_that_is_unseen_though_no_route_says_anything() {
        let unseen = Facts { user_by_name: unread(), user_by_email: unread(), ..in_place() };
        let facts = Facts { person: Fact::NotAsked, memberships: Fact::NotAsked, ..unseen };
        assert_eq!(diagnose(&facts).failing_step(), Step::DirectoryUser);
    }

    #[test]
    fn every_gap_is_told_once_in_the_order_of_the_steps() {
        let mut facts = Facts { memberships: unread(), account: unread(), ..sent_by(Idp::Entra) };
        facts.assignments.insert(read_only(), unread());
        (facts.requests_failed, facts.requests_in_progress) = (unread(), unread());
        let told: Vec<Step> = diagnose(&facts).gaps.iter().map(|gap| gap.step).collect();
        assert_eq!(told, [Step::Account, Step::DirectoryMembership, Step::Assignment]);
        assert!(gap_at(&Case::of(&facts), Step::Sync).is_none());
        let without = diagnose(&without_membership()).gaps;
        assert!(without.iter().all(|gap| gap.gap.kind == GapKind::NotConfigured));
        assert_eq!(without.iter().map(|gap| gap.step).collect::<Vec<_>>(), Step::OF_THE_IDP);
    }

    #[test]
    fn a_record_is_no_answer_while_the_one_that_signs_in_could_not_be_looked_up() {
        let lost: [fn(&mut Facts); 4] = [
            |facts| facts.user_by_name = unread(),
            |facts| facts.user_by_email = unread(),
            |facts| facts.user_by_id = unread(),
            |facts| facts.user_by_other_name = unread(),
        ];
        for lose in lost {
            for mut facts in [without_membership(), in_place()] {
                lose(&mut facts);
                let diagnosis = diagnose(&facts);
                assert_eq!(
                    (diagnosis.verdict, diagnosis.failing_step()),
                    (Verdict::Undetermined, Step::DirectoryUser)
                );
            }
        }
    }
}
