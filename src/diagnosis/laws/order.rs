//! The order in which rows come does not matter, and neither does a row that comes twice.

use proptest::prelude::*;

use super::companies;
use super::less::{losses, without};
use super::mess::messes;
use crate::diagnosis::diagnose;
use crate::diagnosis::facts::{AccountSearch, Fact, Facts};

fn turn<T>(fact: &mut Fact<Vec<T>>) {
    if let Fact::Known(known) = fact {
        known.value.reverse();
    }
}

fn double<T: Clone>(fact: &mut Fact<Vec<T>>) {
    if let Fact::Known(known) = fact {
        known.value = known.value.iter().flat_map(|row| [row.clone(), row.clone()]).collect();
    }
}

macro_rules! each_list {
    ($change:ident, $facts:expr) => {{
        let facts: &mut Facts = $facts;
        $change(&mut facts.provisioned_latest);
        $change(&mut facts.provisioned_outdated);
        $change(&mut facts.memberships);
        $change(&mut facts.persons_assignments);
        $change(&mut facts.requests_failed);
        $change(&mut facts.requests_in_progress);
        $change(&mut facts.requests_ended);
        facts.assignments.values_mut().for_each($change);
        facts.groups_assignments.values_mut().for_each($change);
        if let Some(idp) = &mut facts.idp {
            $change(&mut idp.direct);
            $change(&mut idp.transitive);
            idp.troubles.iter_mut().for_each($change);
            idp.troubles.reverse();
        }
    }};
}

proptest! {
    #[test]
    fn the_order_of_rows_does_not_matter(company in companies(), mess in messes(), lost in losses()) {
        let facts = mess.made_in(without(company.facts(), &lost));
        let mut turned = facts.clone();
        each_list!(turn, &mut turned);
        if let Fact::Known(known) = &mut turned.account
            && let AccountSearch::Several(accounts) = &mut known.value
        {
            accounts.reverse();
        }
        for group in turned.groups.values_mut() {
            if let Fact::Known(known) = group
                && let Some(group) = &mut known.value
            {
                group.external_ids.reverse();
            }
        }
        let (one, other) = (diagnose(&facts), diagnose(&turned));
        prop_assert_eq!(one.verdict, other.verdict);
        prop_assert_eq!(one.outcome, other.outcome);
    }

    #[test]
    fn a_row_that_comes_twice_counts_once(company in companies(), mess in messes(), lost in losses()) {
        let facts = mess.made_in(without(company.facts(), &lost));
        let mut doubled = facts.clone();
        each_list!(double, &mut doubled);
        prop_assert_eq!(diagnose(&facts).verdict, diagnose(&doubled).verdict);
        prop_assert_eq!(diagnose(&facts).cause(), diagnose(&doubled).cause());
    }

    #[test]
    fn mess_alone_never_makes_it_less_sure(company in companies(), mess in messes()) {
        let facts = company.facts();
        // Ids, twins and a second log entry say why access is missing, not whether it is there.
        prop_assert_eq!(diagnose(&facts).verdict, diagnose(&mess.made_in(facts)).verdict);
    }
}
