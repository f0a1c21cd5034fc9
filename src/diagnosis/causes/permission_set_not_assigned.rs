//! `permission_set_not_assigned`: the account opens, but not with the permission set asked for.

use crate::diagnosis::evidence::{About, Evidence, Meaning};
use crate::diagnosis::overview::Overview;
use crate::diagnosis::step::Step;

/// Access exists, but not with the permission set asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct PermissionSetNotAssigned {
    /// The permission sets that the person has on the account.
    pub has: Vec<String>,
}

impl Evidence for PermissionSetNotAssigned {
    const ABOUT: About =
        About { name: "permission_set_not_assigned", step: Step::Assignment, meaning: Meaning::Broken };
}

pub(in crate::diagnosis) fn of(overview: &Overview) -> Option<PermissionSetNotAssigned> {
    if !overview.only_another_set_works {
        return None;
    }
    let mut has = overview.sets_that_work.clone();
    has.sort();
    has.dedup();
    Some(PermissionSetNotAssigned { has })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::fixture::{finding, in_place};

    #[test]
    fn what_works_instead_is_named() {
        let mut facts = in_place();
        facts.question.permission_set = Some("Admin".to_owned());
        assert_eq!(finding(&facts), PermissionSetNotAssigned { has: vec!["ReadOnly".to_owned()] }.into());
    }
}
