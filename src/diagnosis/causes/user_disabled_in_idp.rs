//! `user_disabled_in_idp`: switched off at the IdP, so that nobody signs in, whatever AWS still has.

use super::{Case, IdpFinding};

pub(super) fn holds(case: &Case) -> Option<IdpFinding> {
    let person = case.facts.idp.as_ref()?.person.value()?.as_ref()?;
    (!person.enabled).then(|| IdpFinding::UserDisabledInIdp { status: person.status.clone() })
}
