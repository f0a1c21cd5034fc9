//! `user_disabled`: Identity Center has the person disabled.

use super::{Case, Finding};

pub(super) fn holds(case: &Case) -> Option<Finding> {
    let enabled = case.person?.enabled;
    let enabled_at_the_idp = case.facts.idp.as_ref().and_then(|idp| idp.person.value()?.as_ref()).is_some();
    (!enabled).then_some(Finding::UserDisabled { enabled_at_the_idp })
}
