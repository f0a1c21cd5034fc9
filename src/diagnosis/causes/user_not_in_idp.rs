//! `user_not_in_idp`: the IdP has nobody of that name or e-mail address, so that it can send nobody.

use super::{Case, IdpFinding};
use crate::diagnosis::facts::Identity;
use crate::diagnosis::routes::Break;

pub(super) fn holds(case: &Case) -> Option<IdpFinding> {
    let idp = case.facts.idp.as_ref()?;
    let nobody_there = idp.person.value()?.is_none();
    let nothing_else_breaks_later =
        case.facts.identity() == Identity::Nobody || case.best_break() == Some(&Break::NotAtTheIdp);
    (nobody_there && nothing_else_breaks_later).then_some(IdpFinding::UserNotInIdp)
}
