//! No remedy takes something away without the fact that proves that it is in the way.
//!
//! The facts are types ([`crate::diagnosis::harm`]), and the words that need them are marked. Here it is tried that
//! nobody says such words in another way, and the proof is looked for a second time, in the facts themselves.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::less::{losses, without};
use super::mess::messes;
use super::{Company, companies, known};
use crate::diagnosis::causes::{Cause, Finding, WhyAbsent};
use crate::diagnosis::facts::idp::{
    AppUser, Eligibility, Idp, IdpGroup, IdpGroupId, SkipReason, TroubleAbout, TroubleKind,
};
use crate::diagnosis::facts::{Fact, Facts, FormerName, Group, GroupId, Identity, Membership};
use crate::diagnosis::fixture::{
    self, external, group_id, idp_group, of_the_idp, sent_by, trouble, without_membership,
};
use crate::diagnosis::{Diagnosis, diagnose};
use crate::words::action::Next;
use crate::words::next::next;
use crate::words::say::{Sentence, Span, Whom};

/// Words for what takes something away, or stops something that runs.
const TAKES_AWAY: [&str; 10] = [
    "delete",
    "rename",
    "remove",
    "unassign",
    "restart",
    "take ",
    "unlink",
    "deactivate",
    "push off",
    "off and on",
];

fn to_the_person(diagnosis: &Diagnosis) -> Next {
    next(diagnosis, &Whom::Reader)
}

/// What the next step and its commands take away in words that ask for no proof.
fn said_without_proof(next: &Next) -> Vec<&'static str> {
    let plain = next.step.0.iter().filter(|span| !matches!(span, Span::Taking(_)));
    let plain = Sentence(plain.cloned().collect()).plain(&jiff::tz::TimeZone::UTC);
    let commands = next.actions.iter().filter_map(|action| action.command.clone());
    let said = std::iter::once(plain).chain(commands).collect::<Vec<_>>().join(" ").to_lowercase();
    TAKES_AWAY.into_iter().filter(|words| said.contains(words)).collect()
}

fn takes_something_away(next: &Next) -> bool {
    next.step.0.iter().any(|span| matches!(span, Span::Taking(_)))
}

/// Returns true if the facts prove that what this finding's remedy takes away is what is in the way.
fn is_proved(facts: &Facts, diagnosis: &Diagnosis) -> bool {
    let logged = |is_it: fn(TroubleKind) -> bool| {
        let troubles = facts.idp.iter().flat_map(|idp| &idp.troubles).filter_map(Fact::value).flatten();
        troubles.into_iter().any(|trouble| is_it(trouble.kind))
    };
    match diagnosis.finding() {
        Some(Finding::GroupNotSynced(found)) => match &found.why {
            WhyAbsent::NameHeld { .. } => logged(|kind| kind == TroubleKind::NameTaken),
            // What is left names a group that is gone, and what is sent again AWS does not have.
            WhyAbsent::NotThere(_) => {
                facts.idp.iter().any(|idp| idp.lost().any(|group| *group == found.at_the_idp))
            }
        },
        Some(Finding::SyncError(error)) => match error.trouble.kind {
            TroubleKind::NameTaken => logged(|kind| kind == TroubleKind::NameTaken),
            TroubleKind::TargetDeleted => logged(|kind| kind == TroubleKind::TargetDeleted),
            _ => false,
        },
        Some(Finding::SkippedByTheIdp(_)) => {
            logged(|kind| kind == TroubleKind::Skipped(SkipReason::NotEntitled))
        }
        Some(Finding::UserNotProvisioned(_)) => {
            let app_user = facts.idp.as_ref().and_then(|idp| idp.app_user.value()?.as_ref());
            facts.identity() == Identity::Nobody && app_user.is_some_and(|user| user.external_id.is_some())
        }
        Some(Finding::DanglingAssignment(_)) => {
            let a_group_is_gone = facts.groups.values().any(|fact| fact.value() == Some(&None));
            a_group_is_gone || facts.users.values().any(|fact| fact.value() == Some(&false))
        }
        _ => false,
    }
}

proptest! {
    #[test]
    fn nothing_is_taken_away_without_the_fact_that_proves_it(
        company in companies(),
        mess in messes(),
        lost in losses(),
    ) {
        let facts = mess.made_in(without(company.facts(), &lost));
        let diagnosis = diagnose(&facts);
        let next = to_the_person(&diagnosis);
        prop_assert_eq!(said_without_proof(&next), Vec::<&str>::new(), "{:?}", next);
        prop_assert!(!takes_something_away(&next) || is_proved(&facts, &diagnosis), "{next:?}");
    }

    #[test]
    fn what_could_not_be_read_has_no_remedy_that_takes_something_away(
        company in companies(),
        lost in losses(),
    ) {
        let diagnosis = diagnose(&without(company.facts(), &lost));
        if matches!(diagnosis.cause(), None | Some(Cause::MembershipNotSynced)) {
            prop_assert!(!takes_something_away(&to_the_person(&diagnosis)));
        }
    }
}

/// Somebody whom AWS has and who is in none of its groups, so that it is the IdP that explains.
fn where_the_idp_explains(company: Company) -> Company {
    let groups = company.groups.into_iter().map(|(name, _, synced)| (name, false, synced)).collect();
    let found = [Some(0), Some(0)];
    let requests = Vec::new();
    Company { found, enabled: true, state: 0, provisioned: [1; 3], groups, requests, ..company }
}

/// A group of Dana's own that the IdP sends and AWS lost; an assignment names a deleted group that a digest knew by its
/// name.
fn lost_at(idp: Idp) -> Facts {
    let mut facts = sent_by(idp);
    facts.groups.insert(group_id(), known(None));
    let former = FormerName { name: idp_group().name, last_seen: facts.checked_at };
    facts.former_groups.insert(group_id(), former);
    of_the_idp(&mut facts).in_aws.insert(idp_group().id, known(None));
    facts
}

/// What AWS lost, and what takes it away in the words on it.
fn lost() -> [(Facts, &'static str); 3] {
    let mut still_held = lost_at(Idp::Entra);
    let about = TroubleAbout::Group(idp_group().id);
    let entry = trouble(about, TroubleKind::TargetDeleted, "13:57");
    of_the_idp(&mut still_held).troubles = vec![known(vec![entry])];
    [
        (lost_at(Idp::Okta), "unlink "),
        (lost_at(Idp::Entra), "only a restart of the provisioning matches it again"),
        (still_held, "restart the provisioning of the application for AWS"),
    ]
}

#[test]
fn what_aws_lost_is_sent_again_in_words_that_need_its_proof() {
    for (facts, words) in lost() {
        let diagnosis = diagnose(&facts);
        let next = to_the_person(&diagnosis);
        let says = |span: &Span| matches!(span, Span::Taking(taking) if taking.words().contains(words));
        assert!(next.step.0.iter().any(says), "{words}: {next:?}");
        assert!(is_proved(&facts, &diagnosis));
        // Without the answer that AWS has no such group nothing of it is said.
        let mut unread = facts.clone();
        of_the_idp(&mut unread).in_aws.values_mut().for_each(super::less::lose);
        let next = to_the_person(&diagnose(&unread));
        assert!(!next.step.0.iter().any(says), "{words}: {next:?}");
    }
}

/// What no generated company has, or hardly any: somebody skipped as not entitled, a group to activate, a namesake whose
/// id AWS has, a user whom Okta created and who is gone, a deleted group that one named after the account may have
/// replaced.
fn by_hand() -> [Facts; 5] {
    let mut eligible = sent_by(Idp::Entra);
    let idp = of_the_idp(&mut eligible);
    (idp.direct, idp.transitive) = (known(Vec::new()), known(Vec::new()));
    idp.eligible = known(vec![Eligibility { group: idp_group().id, until: None }]);
    let mut namesake = sent_by(Idp::Entra);
    let assigned = Group { external_ids: Box::new([external("meant")]), ..fixture::group() };
    namesake.groups.insert(group_id(), known(Some(assigned)));
    let meant = IdpGroup { id: IdpGroupId("meant".to_owned()), ..idp_group() };
    of_the_idp(&mut namesake).twins.insert(group_id(), known(Some(meant)));
    let mut created = sent_by(Idp::Okta);
    (created.user_by_name, created.user_by_email, created.user_by_id) =
        (known(None), known(None), known(None));
    (created.person, created.memberships) = (Fact::NotAsked, Fact::NotAsked);
    let idp = of_the_idp(&mut created);
    let app_user = idp.app_user.value().cloned().flatten().expect("an assignment");
    idp.app_user = known(Some(AppUser { external_id: Some("gone".to_owned()), ..app_user }));
    let mut dangling = without_membership();
    let now =
        Group { id: GroupId("now".to_owned()), name: "Payments readers".to_owned(), ..fixture::group() };
    dangling.groups.insert(group_id(), known(None));
    dangling.memberships = known(vec![Membership { group: now.id.clone(), since: None }]);
    dangling.groups.insert(now.id.clone(), known(Some(now)));
    let mut skipped = sent_by(Idp::Entra);
    let kind = TroubleKind::Skipped(SkipReason::NotEntitled);
    let entry = trouble(TroubleAbout::Group(idp_group().id), kind, "13:57");
    of_the_idp(&mut skipped).troubles = vec![known(vec![entry])];
    [eligible, namesake, created, dangling, skipped]
}

#[test]
fn every_cause_is_walked_and_five_remedies_take_something_away() {
    let mut runner = TestRunner::deterministic();
    let mut generated = || (companies(), messes()).new_tree(&mut runner).expect("a company").current();
    let tidy = (0..3_000).map(|_| generated()).collect::<Vec<_>>();
    let missing_in_aws = (0..3_000).map(|_| generated()).collect::<Vec<_>>();
    let tidy = tidy.into_iter().map(|(company, mess)| mess.made_in(company.facts()));
    let missing_in_aws = missing_in_aws
        .into_iter()
        .map(|(company, mess)| mess.made_in(where_the_idp_explains(company).facts()));
    let (mut met, mut taking) = (BTreeSet::new(), BTreeSet::new());
    let lost = lost().map(|(facts, _)| facts);
    for facts in tidy.chain(missing_in_aws).chain(by_hand()).chain(lost) {
        let diagnosis = diagnose(&facts);
        let next = to_the_person(&diagnosis);
        assert_eq!(said_without_proof(&next), Vec::<&str>::new(), "{next:?}");
        met.extend(diagnosis.cause());
        if takes_something_away(&next) {
            assert!(is_proved(&facts, &diagnosis), "{next:?}");
            taking.extend(diagnosis.cause());
        }
    }
    let unmet: Vec<_> = Cause::ALL.iter().filter(|cause| !met.contains(cause)).collect();
    assert_eq!(unmet, Vec::<&Cause>::new());
    let expected = [
        Cause::SyncError,
        Cause::SkippedByTheIdp,
        Cause::UserNotProvisioned,
        Cause::GroupNotSynced,
        Cause::DanglingAssignment,
    ];
    assert_eq!(taking, BTreeSet::from(expected));
}
