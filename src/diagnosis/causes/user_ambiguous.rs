//! `user_ambiguous`: the user name leads to one person, the e-mail address to another.

use super::{Case, Finding};
use crate::diagnosis::facts::Identity;

pub(super) fn holds(case: &Case) -> Option<Finding> {
    match case.facts.identity() {
        Identity::Two { by_user_name, by_email } => Some(Finding::UserAmbiguous { by_user_name, by_email }),
        Identity::One(_) | Identity::Nobody | Identity::Unseen => None,
    }
}
