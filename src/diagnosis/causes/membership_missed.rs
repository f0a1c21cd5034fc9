//! `membership_missed`: the IdP should have sent the membership by now, logged no error, and AWS does not
//! have it. Waiting will not help: Entra does not look again at a member who came back into scope, and Okta
//! at one whom an earlier push left out.

use super::{Case, IdpFinding};
use crate::diagnosis::routes::Break;

pub(super) fn holds(case: &Case) -> Option<IdpFinding> {
    match case.best_break()? {
        Break::Missed(missed) => Some(IdpFinding::MembershipMissed(missed.clone())),
        _ => None,
    }
}
