//! `user_ambiguous`: the user name leads to one record, the e-mail address to another, nothing ties either to the person,
//! and the one that signs in does not have the access; or the record that was asked about does not, and its e-mail address
//! is the user name of another that an IdP sent.

use crate::diagnosis::evidence::{About, Evidence, Meaning};
use crate::diagnosis::facts::{DirectoryUser, Identity, UserId};
use crate::diagnosis::overview::Overview;
use crate::diagnosis::step::Step;

/// User name and e-mail lead to different records, of one string or of one record's two.
#[derive(Clone, Debug, PartialEq)]
pub struct UserAmbiguous {
    pub by_user_name: UserId,
    pub by_email: UserId,
    /// The record by e-mail, if it was read.
    pub other: Option<DirectoryUser>,
    /// The e-mail address of the record that was asked about, if that is what leads to the other.
    pub by_its_address: Option<String>,
}

impl Evidence for UserAmbiguous {
    const ABOUT: About =
        About { name: "user_ambiguous", step: Step::DirectoryUser, meaning: Meaning::Broken };
}

pub(in crate::diagnosis) fn of(overview: &Overview) -> Option<UserAmbiguous> {
    let facts = overview.case.facts;
    match facts.identity() {
        Identity::Two { by_user_name, by_email } if !overview.gives_what_was_asked => {
            let other = facts.other_record.value().cloned();
            Some(UserAmbiguous { by_user_name, by_email, other, by_its_address: None })
        }
        Identity::One(user) if !overview.gives_what_was_asked => {
            let (record, other) = (facts.person.value()?, facts.other_record.value()?);
            let address =
                record.email.clone().filter(|email| email.eq_ignore_ascii_case(&other.user_name))?;
            let is_left_over = !record.has_an_idps_id() && other.has_an_idps_id();
            is_left_over.then(|| UserAmbiguous {
                by_user_name: user,
                by_email: other.id.clone(),
                other: Some(other.clone()),
                by_its_address: Some(address),
            })
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
        let expected =
            UserAmbiguous { by_user_name: dana(), by_email: other(), other: second, by_its_address: None };
        assert_eq!(finding(&facts), expected.into());
    }

    #[test]
    fn a_record_whose_address_is_the_user_name_of_one_that_an_idp_sent_is_probably_left_over() {
        let mut facts = without_membership();
        let record = facts.person.value().cloned().expect("a record");
        let address = Some("dana@new.example".to_owned());
        facts.person =
            known(DirectoryUser { email: address.clone(), external_ids: Box::default(), ..record.clone() });
        let second = DirectoryUser {
            id: other(),
            user_name: "dana@new.example".to_owned(),
            external_ids: Box::new([external("dana")]),
            ..record
        };
        facts.other_record = known(second.clone());
        let expected = UserAmbiguous {
            by_user_name: dana(),
            by_email: other(),
            other: Some(second.clone()),
            by_its_address: address,
        };
        assert_eq!(finding(&facts), expected.into());
        let has_access = Facts { memberships: in_place().memberships, ..facts.clone() };
        assert_eq!(cause(&has_access), Some(Cause::PortalStale), "it opens the account all the same");
        facts.other_record = known(DirectoryUser { external_ids: Box::default(), ..second });
        assert_ne!(cause(&facts), Some(Cause::UserAmbiguous), "nothing says which of the two is used");
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
