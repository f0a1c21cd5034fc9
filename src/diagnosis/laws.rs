//! The laws of the diagnosis, on generated companies: it never panics, the order of what was learnt does
//! not matter, and losing facts ([`less`]) never makes it surer. [`mess`] makes the facts as messy as real ones, [`asked`] adds what is asked seldom; [`identity`],
//! [`ids`], [`order`] and [`harm`] are the laws on who is who, which group is which, the order of rows, and remedies
//! that take something away.

mod at_the_idp;
mod asked;
mod mess;
mod identity;
mod ids;
mod order;
mod harm;
mod less;

use std::collections::BTreeMap;

use jiff::Timestamp;
use proptest::prelude::*;

use super::causes::Cause;
use super::evidence::Rank;
use super::facts::*;
use super::fixture;
use super::question::Question;
use super::step::Step;
use super::wants::is_settled;
use super::{Diagnosis, Verdict, diagnose};
use asked::asked;
use at_the_idp::AtTheIdp;
use less::{losses, without};

const GROUP_NAMES: [&str; 5] = ["Pay-Admin", "pay-admin", "Pay Admin", "Data", "AWSControlTowerAdmins"];
const PERMISSION_SETS: [&str; 3] = ["ReadOnly", "Admin", "Billing"];

/// A company that could be: whoever is in a group is in one that exists.
#[derive(Clone, Debug)]
struct Company {
    found: [Option<u8>; 2],
    /// Whom the IdP's id and another name of the person lead to: 0 was not asked, 1 nobody, else the users from 0 on.
    led_to: [u8; 2],
    /// The user who has the id of the IdP's person.
    tied: Option<u8>,
    enabled: bool,
    synced: bool,
    state: u8,
    groups: Vec<(usize, bool, bool)>,
    assignments: Vec<(usize, u8)>,
    provisioned: [u8; 3],
    wanted: Option<usize>,
    requests: Vec<(usize, u8, RequestState)>,
    at_the_idp: Option<AtTheIdp>,
}

fn companies() -> impl Strategy<Value = Company> {
    let people = prop_oneof![4 => Just([Some(0), Some(0)]), 1 => Just([None, None]), 1 => Just([Some(0), Some(1)]), 1 => Just([Some(0), None])];
    let led_to = prop_oneof![2 => Just([0, 0]), 1 => prop::array::uniform2(0..4_u8)];
    let groups = prop::collection::vec((0..GROUP_NAMES.len(), any::<bool>(), any::<bool>()), 0..5);
    let assignments = prop::collection::vec((0..3_usize, 0..8_u8), 0..6);
    let states =
        prop::sample::select(vec![RequestState::InProgress, RequestState::Failed, RequestState::Ended]);
    let requests = prop::collection::vec((0..3_usize, 0..6_u8, states), 0..3);
    let at_the_idp = (
        any::<bool>(),
        prop_oneof![1 => Just(0_u8), 1 => Just(1), 5 => Just(2)],
        prop::array::uniform5(0..7_u8),
        prop_oneof![4 => Just(0_u8), 1 => 1..5_u8],
        prop_oneof![4 => Just(0_u8), 1 => 1..4_u8],
    )
        .prop_map(|(okta, person, groups, sync, app_user)| AtTheIdp {
            okta,
            person,
            groups,
            sync,
            app_user,
        });
    (
        people,
        prop::bool::weighted(0.8),
        any::<bool>(),
        prop_oneof![6 => Just(0_u8), 1 => Just(1), 1 => Just(2), 1 => Just(3)],
        groups,
        assignments,
        prop::array::uniform3(0..3_u8),
        prop::option::of(0..3_usize),
        (requests, prop::option::of(at_the_idp), led_to, prop::option::weighted(0.3, 0..2_u8)),
    )
        .prop_map(
            |(
                found,
                enabled,
                synced,
                state,
                groups,
                assignments,
                provisioned,
                wanted,
                (requests, at_the_idp, led_to, tied),
            )| Company {
                found,
                led_to,
                tied,
                enabled,
                synced,
                state,
                groups,
                assignments,
                provisioned,
                wanted,
                requests,
                at_the_idp,
            },
        )
}

fn known<T>(value: T) -> Fact<T> {
    Fact::Known(Known { value, as_of: Timestamp::UNIX_EPOCH, source: Source::Live })
}

fn user(number: u8) -> UserId {
    UserId(format!("user-{number}"))
}

fn group(number: usize) -> GroupId {
    GroupId(format!("group-{number}"))
}

fn set(number: usize) -> PermissionSetArn {
    PermissionSetArn(format!("set-{number}"))
}

impl Company {
    /// 0..5 are the groups, of which some do not exist; 5 the person, 6 somebody else, 7 a user that is gone.
    fn principal(&self, number: u8) -> Principal {
        match number {
            5 => Principal::User(user(0)),
            6 => Principal::User(user(8)),
            7 => Principal::User(user(9)),
            other => Principal::Group(group(usize::from(other))),
        }
    }

    fn record(&self, id: UserId) -> DirectoryUser {
        let is_tied = self.tied.is_some_and(|tied| user(tied) == id);
        DirectoryUser {
            user_name: id.0.clone(),
            id,
            display_name: None,
            email: None,
            enabled: self.enabled,
            synced: self.synced,
            external_ids: is_tied.then(|| fixture::external("person")).into_iter().collect(),
            created_at: None,
        }
    }

    /// The IdP's ids and names are only asked for if what the question's strings lead to does not settle it.
    fn facts(&self) -> Facts {
        let found = self.facts_led_to([0, 0]);
        if is_settled(&found) { found } else { self.facts_led_to(self.led_to) }
    }

    fn facts_led_to(&self, led_to: [u8; 2]) -> Facts {
        let question = Question {
            subject: "dana@example.com".to_owned(),
            subject_name: None,
            further_address: None,
            profile_unread: None,
            account: "Payments".to_owned(),
            permission_set: self.wanted.map(|wanted| PERMISSION_SETS[wanted].to_owned()),
        };
        let mut facts = Facts::none(question, Timestamp::UNIX_EPOCH);
        let account = |state| Account { id: "111122223333".to_owned(), name: "Payments".to_owned(), state };
        facts.account = known(match self.state {
            0 => AccountSearch::Found(account(AccountState::Active)),
            1 => AccountSearch::Found(account(AccountState::Suspended)),
            2 => AccountSearch::NotFound { nearest: vec!["Payment".to_owned()] },
            _ => AccountSearch::Several(vec![account(AccountState::Active), account(AccountState::Closed)]),
        });
        facts.idp = self.at_the_idp.as_ref().map(|idp| idp.facts(&self.groups));
        facts.user_by_name = known(self.found[0].map(user));
        facts.user_by_email = known(self.found[1].map(user));
        [facts.user_by_id, facts.user_by_other_name] = led_to.map(|to| match to {
            0 => Fact::NotAsked,
            other => known(other.checked_sub(2).map(user)),
        });
        if let Identity::Two { by_user_name, by_email } = facts.identity() {
            (facts.person, facts.other_record) =
                (known(self.record(by_user_name)), known(self.record(by_email)));
        }
        let Some(own) = facts.user() else { return facts };
        if facts.other_record.value().is_some_and(|other| other.id == own) {
            std::mem::swap(&mut facts.person, &mut facts.other_record);
        }
        facts.person = known(self.record(own.clone()));
        let joined = self.groups.iter().enumerate().filter(|(_, (_, member, _))| *member);
        facts.memberships =
            known(joined.map(|(number, _)| Membership { group: group(number), since: None }).collect());
        if facts.account_found().is_none() {
            return facts;
        }
        let in_version = |version: u8| {
            known((0..3).filter(|one| self.provisioned[*one] == version).map(set).collect::<Vec<_>>())
        };
        facts.provisioned_latest = in_version(1);
        facts.provisioned_outdated = in_version(2);
        let mut rows: BTreeMap<PermissionSetArn, Vec<Principal>> = BTreeMap::new();
        let mut own_rows = Vec::new();
        for (one, principal) in &self.assignments {
            let principal = self.principal(*principal);
            if self.provisioned[*one] > 0 {
                rows.entry(set(*one)).or_default().push(principal.clone());
            }
            let mine = match &principal {
                Principal::User(id) => *id == own,
                Principal::Group(id) => {
                    facts.memberships.value().is_some_and(|all| all.iter().any(|one| one.group == *id))
                }
            };
            if mine {
                own_rows.push(Assignment { permission_set: set(*one), principal });
            }
        }
        for one in (0..3).filter(|one| self.provisioned[*one] > 0) {
            facts.assignments.insert(set(one), known(rows.remove(&set(one)).unwrap_or_default()));
        }
        facts.persons_assignments = known(own_rows);
        for (number, name) in PERMISSION_SETS.iter().enumerate() {
            facts.permission_sets.insert(set(number), known((*name).to_owned()));
        }
        for number in 0..5 {
            let there = self.groups.get(number).map(|(name, _, synced)| Group {
                id: group(number),
                name: GROUP_NAMES[*name].to_owned(),
                synced: *synced,
                external_ids: Box::default(),
                created_at: None,
                created_by: None,
            });
            facts.groups.insert(group(number), known(there));
        }
        facts.users.insert(user(8), known(true));
        facts.users.insert(user(9), known(false));
        let requests = |state: RequestState| {
            known(
                self.requests
                    .iter()
                    .filter(|(_, _, one)| *one == state)
                    .map(|(one, principal, _)| AssignmentRequest {
                        assignment: Assignment {
                            permission_set: set(*one),
                            principal: self.principal(*principal),
                        },
                        state,
                        failure_reason: None,
                        created_at: None,
                    })
                    .collect::<Vec<_>>(),
            )
        };
        facts.requests_failed = requests(RequestState::Failed);
        facts.requests_in_progress = requests(RequestState::InProgress);
        facts.requests_ended = requests(RequestState::Ended);
        facts
    }
}

fn spoken(diagnosis: &Diagnosis) -> String {
    use crate::words::{json_v1, terminal};
    let telling = terminal::Telling {
        zone: jiff::tz::TimeZone::UTC,
        calls: 0,
        took: std::time::Duration::ZERO,
        colour: false,
    };
    terminal::report(diagnosis, &telling) + &json_v1::report(diagnosis).to_string()
}

proptest! {
    #[test]
    fn losing_facts_never_makes_it_surer(company in companies(), asked in asked(), lost in losses()) {
        let facts = asked.of(company.facts());
        let is_found = facts.identity() != Identity::Nobody;
        let (full, less) = (diagnose(&facts), diagnose(&without(facts, &lost)));
        prop_assert!(full.verdict != Verdict::Undetermined || !is_found, "everything was read: {full:#?}");
        prop_assert!(less.verdict == full.verdict || less.verdict == Verdict::Undetermined, "{full:#?}\n{less:#?}");
        spoken(&less);
    }

    #[test]
    fn losing_facts_of_the_idp_makes_it_show_nothing_else(company in companies(), mess in mess::messes(), asked in asked(), lost in losses()) {
        // Of two things that are wrong the IdP's is told first.
        let facts = asked.of(mess.made_in(Company { enabled: true, ..company }.facts()));
        let less = Facts { idp: without(facts.clone(), &lost).idp, ..facts.clone() };
        let (full, less) = (diagnose(&facts), diagnose(&less));
        let shown = less.cause().filter(|cause| Step::OF_THE_IDP.contains(&cause.step()));
        let shows = |cause| full.cause() == Some(cause) || full.routes.iter().any(|route| route.finding().is_some_and(|found| found.cause() == cause));
        // What may be activated is an optional question: unread, it excludes nothing, and that is said.
        let was_shown = |cause| shows(cause) || (cause == Cause::NotInGroup && shows(Cause::NotActivated));
        prop_assert!(shown.is_none_or(was_shown), "{:?}\n{:?}", full.outcome, less.outcome);
    }

    #[test]
    fn losing_one_fact_more_never_makes_it_surer(company in companies(), asked in asked(), lost in losses(), more in 0..less::AT_MOST) {
        let facts = asked.of(company.facts());
        let before = diagnose(&without(facts.clone(), &lost));
        let mut lost = lost;
        lost[more] = true;
        let after = diagnose(&without(facts, &lost));
        prop_assert!(after.verdict == before.verdict || after.verdict == Verdict::Undetermined, "{before:#?}\n{after:#?}");
    }

    #[test]
    fn the_order_of_what_was_learnt_does_not_matter(company in companies(), lost in losses()) {
        let facts = without(company.facts(), &lost);
        let mut turned = facts.clone();
        for fact in [&mut turned.provisioned_latest, &mut turned.provisioned_outdated] {
            if let Fact::Known(known) = fact { known.value.reverse(); }
        }
        if let Fact::Known(known) = &mut turned.memberships { known.value.reverse(); }
        if let Fact::Known(known) = &mut turned.persons_assignments { known.value.reverse(); }
        for fact in
            [&mut turned.requests_failed, &mut turned.requests_in_progress, &mut turned.requests_ended] {
            if let Fact::Known(known) = fact { known.value.reverse(); }
        }
        for fact in turned.assignments.values_mut() {
            if let Fact::Known(known) = fact { known.value.reverse(); }
        }
        if let Some(idp) = &mut turned.idp {
            for fact in [&mut idp.direct, &mut idp.transitive] {
                if let Fact::Known(known) = fact { known.value.reverse(); }
            }
            idp.troubles.reverse();
        }
        prop_assert_eq!(diagnose(&facts), diagnose(&turned));
    }

    #[test]
    fn what_a_route_shows_has_a_rank_and_words_of_its_own(company in companies(), lost in losses()) {
        use crate::words::routes::{DOES_NOT_WORK, route_in_words};
        let diagnosis = diagnose(&without(company.facts(), &lost));
        let findings: Vec<_> = diagnosis.routes.iter().filter_map(super::Route::finding).collect();
        for finding in &findings {
            prop_assert!(finding.rank() > Rank::another_set(false), "{finding:?}");
            prop_assert!(findings.iter().all(|other| other.rank() != finding.rank() || other.cause() == finding.cause()));
        }
        prop_assert!(diagnosis.routes.iter().all(|route| route_in_words(route) != DOES_NOT_WORK));
    }

    #[test]
    fn the_failing_step_is_the_first_that_fails(company in companies()) {
        use super::steps::Status;
        let diagnosis = diagnose(&company.facts());
        let first = diagnosis.steps.iter().find(|report| report.status == Status::Fail).map(|report| report.step);
        if diagnosis.verdict == Verdict::Blocked {
            prop_assert_eq!(first, Some(diagnosis.failing_step()), "{:#?}", diagnosis);
        } else {
            prop_assert_eq!(first, None);
        }
    }
}
