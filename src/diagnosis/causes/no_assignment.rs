//! `no_assignment`: nothing that the person is or could be in is assigned on this account.

use crate::diagnosis::evidence::{About, Evidence, Meaning};
use crate::diagnosis::facts::Fact;
use crate::diagnosis::overview::Overview;
use crate::diagnosis::step::Step;

/// Nothing that the person is or could be in is assigned.
#[derive(Clone, Debug, PartialEq)]
pub struct NoAssignment {
    /// Something is assigned on the account, to other people directly.
    pub others_have_it: bool,
}

impl Evidence for NoAssignment {
    const ABOUT: About = About { name: "no_assignment", step: Step::Assignment, meaning: Meaning::Broken };
}

pub(in crate::diagnosis) fn of(overview: &Overview) -> Option<NoAssignment> {
    let mut assigned = overview.case.facts.assignments.values().filter_map(Fact::value);
    let others_have_it = assigned.any(|principals| !principals.is_empty());
    (overview.case.account.is_some() && !overview.any_route_matters)
        .then_some(NoAssignment { others_have_it })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::facts::{Principal, UserId};
    use crate::diagnosis::fixture::{cause, finding, in_place, known, read_only, unread};

    #[test]
    fn an_account_without_assignments_has_none() {
        let mut facts = in_place();
        facts.assignments.insert(read_only(), known(Vec::new()));
        assert_eq!(finding(&facts), NoAssignment { others_have_it: false }.into());
        let other = UserId("other".to_owned());
        facts.users.insert(other.clone(), known(true));
        facts.assignments.insert(read_only(), known(vec![Principal::User(other)]));
        assert_eq!(finding(&facts), NoAssignment { others_have_it: true }.into());
    }

    #[test]
    fn assignments_that_could_not_be_read_are_not_absent() {
        let mut facts = in_place();
        facts.assignments.insert(read_only(), unread());
        assert_eq!(cause(&facts), None);
    }
}
