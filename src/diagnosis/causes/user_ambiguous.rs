//! `user_ambiguous`: the user name leads to one record, the e-mail address to another, nothing ties either to the person,
//! and the one that signs in does not have the access.

use crate::diagnosis::evidence::{About, Evidence, Meaning};
use crate::diagnosis::facts::{DirectoryUser, Identity, UserId};
use crate::diagnosis::overview::Overview;
use crate::diagnosis::step::Step;

/// User name and e-mail lead to different records.
#[derive(Clone, Debug, PartialEq)]
pub struct UserAmbiguous {
    pub by_user_name: UserId,
    pub by_email: UserId,
    /// The record by e-mail, if it was read.
    pub other: Option<DirectoryUser>,
}

impl Evidence for UserAmbiguous {
    const ABOUT: About =
        About { name: "user_ambiguous", step: Step::DirectoryUser, meaning: Meaning::Broken };
}

pub(in crate::diagnosis) fn of(overview: &Overview) -> Option<UserAmbiguous> {
    let facts = overview.case.facts;
    match facts.identity() {
        Identity::Two { by_user_name, by_email } if !overview.gives_what_was_asked => {
            Some(UserAmbiguous { by_user_name, by_email, other: facts.other_record.value().cloned() })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::causes::Cause;
    use crate::diagnosis::facts::Facts;
    use crate::diagnosis::facts::idp::Idp;
    use crate::diagnosis::fixture::{
        cause, dana, external, finding, in_place, known, of_the_idp, sent_by, without_membership,
    };
    use crate::diagnosis::{Verdict, diagnose};

    fn other() -> UserId {
        UserId("other".to_owned())
    }

    fn with_a_second_record(facts: Facts) -> Facts {
        let record = facts.person.value().cloned().expect("a record");
        let second = DirectoryUser { id: other(), user_name: "dana.old@example.com".to_owned(), ..record };
        Facts { user_by_email: known(Some(other())), other_record: known(second), ..facts }
    }

    #[test]
    fn two_records_are_the_cause_if_the_one_that_signs_in_lacks_the_access() {
        let facts = with_a_second_record(without_membership());
        let second = facts.other_record.value().cloned();
        let expected = UserAmbiguous { by_user_name: dana(), by_email: other(), other: second };
        assert_eq!(finding(&facts), expected.into());
    }

    #[test]
    fn two_records_hinder_nobody_if_the_one_that_signs_in_has_the_access() {
        let diagnosis = diagnose(&with_a_second_record(in_place()));
        assert_eq!((diagnosis.verdict, diagnosis.cause()), (Verdict::Access, Some(Cause::PortalStale)));
    }

    #[test]
    fn the_record_that_an_id_ties_to_the_person_is_the_persons() {
        let mut facts = with_a_second_record(sent_by(Idp::Entra));
        let person = of_the_idp(&mut facts).person.value().cloned().flatten().expect("a person");
        let record = facts.person.value().cloned().expect("a record");
        facts.person = known(DirectoryUser { external_ids: Box::new([external(&person.id.0)]), ..record });
        assert_eq!(facts.identity(), Identity::One(dana()));
        assert_ne!(cause(&facts), Some(Cause::UserAmbiguous));
    }
}
