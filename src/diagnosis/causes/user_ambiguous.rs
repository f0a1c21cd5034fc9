//! `user_ambiguous`: the user name leads to one person, the e-mail address to another.

use crate::diagnosis::evidence::{About, Evidence, Meaning};
use crate::diagnosis::facts::{Identity, UserId};
use crate::diagnosis::overview::Overview;
use crate::diagnosis::step::Step;

/// User name and e-mail lead to different people.
#[derive(Clone, Debug, PartialEq)]
pub struct UserAmbiguous {
    pub by_user_name: UserId,
    pub by_email: UserId,
}

impl Evidence for UserAmbiguous {
    const ABOUT: About =
        About { name: "user_ambiguous", step: Step::DirectoryUser, meaning: Meaning::Broken };
}

pub(in crate::diagnosis) fn of(overview: &Overview) -> Option<UserAmbiguous> {
    match overview.case.facts.identity() {
        Identity::Two { by_user_name, by_email } => Some(UserAmbiguous { by_user_name, by_email }),
        Identity::One(_) | Identity::Nobody | Identity::Unseen => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::fixture::{dana, finding, in_place, known};

    #[test]
    fn two_records_are_told_before_any_route() {
        let other = UserId("other".to_owned());
        let mut facts = in_place();
        facts.user_by_email = known(Some(other.clone()));
        assert_eq!(finding(&facts), UserAmbiguous { by_user_name: dana(), by_email: other }.into());
    }
}
