//! Who somebody is does not depend on how their name is spelled.

use proptest::prelude::*;

use super::less::{lose, losses, without};
use super::{Company, companies, known, user};
use crate::diagnosis::facts::{Fact, Facts, Identity};
use crate::diagnosis::{Verdict, diagnose};

/// The same facts, learnt by another of the strings by which the same record can be found.
fn found_by_another_string(mut facts: Facts, spelling: u8) -> Facts {
    let (by_name, by_email, by_idp) = match spelling {
        0 => (Some(user(0)), None, Fact::NotAsked),
        1 => (None, Some(user(0)), Fact::NotAsked),
        2 => (None, None, known(Some(user(0)))),
        _ => (Some(user(0)), Some(user(0)), Fact::NotAsked),
    };
    facts.question.subject =
        ["Dana@Example.com", "dana@alias.example", "dreyes"][usize::from(spelling) % 3].to_owned();
    (facts.user_by_name, facts.user_by_email) = (known(by_name), known(by_email));
    facts.user_by_other_name = by_idp;
    facts
}

proptest! {
    #[test]
    fn another_spelling_changes_nothing(company in companies(), lost in losses(), spelling in 0..4_u8) {
        let company = Company { led_to: [0, 0], ..company };
        let mut facts = without(company.facts(), &lost);
        if !matches!(company.facts().identity(), Identity::One(_)) {
            return Ok(());
        }
        (facts.user_by_name, facts.user_by_email) = (known(Some(user(0))), known(Some(user(0))));
        let plain = diagnose(&facts);
        let respelled = diagnose(&found_by_another_string(facts, spelling));
        prop_assert_eq!(plain.verdict, respelled.verdict);
        prop_assert_eq!(plain.cause(), respelled.cause());
    }

    #[test]
    fn a_look_up_that_failed_is_not_nobody(company in companies(), spelling in 0..3_u8) {
        let mut facts = Company { led_to: [0, 0], ..company }.facts();
        if !matches!(facts.identity(), Identity::One(_)) || diagnose(&facts).verdict != Verdict::Access {
            return Ok(());
        }
        facts = found_by_another_string(facts, spelling);
        // Whoever would have been found is not, since that call failed.
        match spelling {
            0 => lose(&mut facts.user_by_name),
            1 => lose(&mut facts.user_by_email),
            _ => lose(&mut facts.user_by_other_name),
        }
        prop_assert!(diagnose(&facts).verdict != Verdict::Blocked);
    }

    #[test]
    fn what_failed_of_the_look_ups_never_makes_it_surer(
        company in companies(),
        found in prop::array::uniform2(prop::option::weighted(0.7, 0..2_u8)),
        led_to in prop::array::uniform2(0..4_u8),
        tied in prop::option::of(0..2_u8),
        lost in prop::array::uniform7(prop::bool::weighted(0.3)),
    ) {
        let facts = Company { found, led_to, tied, ..company }.facts();
        let mut less = without(facts.clone(), &[&[false], &lost[1..]].concat());
        if let Some(idp) = &mut less.idp
            && lost[0]
            && idp.person.value().is_some_and(|person| person.as_ref().is_none_or(|person| person.enabled))
        {
            lose(&mut idp.person);
        }
        let (full, less) = (diagnose(&facts), diagnose(&less));
        prop_assert!(less.verdict == full.verdict || less.verdict == Verdict::Undetermined, "{:?}\n{:?}", full.outcome, less.outcome);
    }
}
