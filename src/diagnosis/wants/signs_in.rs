//! By what to look for the record that signs in, where the string of the question led to another one that AWS has of the
//! person.

use super::identity::{Attribute, InAws, issuer_of_the_groups, under_the_issuer};
use crate::diagnosis::decide::is_settled;
use crate::diagnosis::facts::{Fact, Facts, Identity, UserId};

/// By what to look for the record that the IdP's person signs in with, if access is missing and the one that the
/// question's string led to has another user name and no id of an IdP's: by the ids that tie both sides together, and by
/// the name with which the IdP signs them in.
pub fn record_that_signs_in(facts: &Facts, issuer: Option<&str>) -> Option<InAws> {
    facts.account_found()?;
    let was_asked = facts.user_by_id != Fact::NotAsked || facts.user_by_other_name != Fact::NotAsked;
    let record = facts.person.value()?;
    let idp = facts.idp.as_ref()?;
    let person = idp.person.value()?.as_ref()?;
    let may_be_the_persons = facts.is_tied(record, person)
        || record.has_an_idps_id()
        || record.user_name.eq_ignore_ascii_case(&person.user_name);
    if was_asked || may_be_the_persons || !matches!(facts.identity(), Identity::One(_)) || is_settled(facts) {
        return None;
    }
    let user_id =
        idp.app_user.value().and_then(|app_user| app_user.as_ref()?.external_id.clone()).map(UserId);
    let external_id = under_the_issuer(facts, issuer, person).filter(|_| user_id.is_none());
    let strings = vec![Attribute::UserName(person.user_name.clone())];
    Some(InAws { user_id, external_id, strings })
}

/// The question's string in small letters, if access is missing and the string, which has capitals, led to a record by
/// its e-mail address alone: AWS may tell capitals apart, and who signs in has the user name. Where an IdP knows the
/// person, [`record_that_signs_in`] goes by their name there.
pub fn in_small_letters(facts: &Facts) -> Option<InAws> {
    facts.account_found()?;
    let record = facts.person.value()?;
    let subject = &facts.question.subject;
    let small = Some(subject.to_lowercase()).filter(|small| small != subject)?;
    let is_found_by_email_alone = facts.user_by_name.value() == Some(&None)
        && facts.user_by_other_name == Fact::NotAsked
        && matches!(facts.identity(), Identity::One(_));
    let is_known_at_the_idp = facts.whom_the_idp_means().next().is_some();
    let is_the_name = record.user_name.eq_ignore_ascii_case(subject);
    if !is_found_by_email_alone || is_known_at_the_idp || is_the_name || is_settled(facts) {
        return None;
    }
    Some(InAws { strings: vec![Attribute::UserName(small)], ..InAws::default() })
}

/// The user names by which to look for a second record, if access is missing and the record that the question's string led
/// to has no id of an IdP's where others have: its e-mail address, if that is another name, and the same in small letters,
/// as AWS may tell capitals apart.
pub fn names_of_a_second_record(facts: &Facts, issuer: Option<&str>) -> Vec<String> {
    let email = facts.account_found().and_then(|_| name_of_a_second_record(facts, issuer));
    let small =
        email.as_ref().map(|email| email.to_lowercase()).filter(|small| Some(small) != email.as_ref());
    email.into_iter().chain(small).collect()
}

fn name_of_a_second_record(facts: &Facts, issuer: Option<&str>) -> Option<String> {
    let record = facts.person.value()?;
    let is_known_at_the_idp = facts.whom_the_idp_means().next().is_some();
    let comes_from_an_idp = issuer.is_some() || issuer_of_the_groups(facts).is_some();
    if facts.other_record != Fact::NotAsked
        || record.has_an_idps_id()
        || is_known_at_the_idp
        || !comes_from_an_idp
        || !matches!(facts.identity(), Identity::One(_))
        || is_settled(facts)
    {
        return None;
    }
    record.email.clone().filter(|email| !email.eq_ignore_ascii_case(&record.user_name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::facts::DirectoryUser;
    use crate::diagnosis::facts::idp::{Idp, IdpPerson};
    use crate::diagnosis::fixture::{external, known, of_the_idp, sent_by, unread, without_membership};

    #[test]
    fn a_record_that_capitals_led_to_by_its_address_may_not_be_the_one_that_signs_in() {
        let mut facts = without_membership();
        facts.question.subject = "Dana@Example.com".to_owned();
        assert_eq!(in_small_letters(&facts), None, "the user name led to it");
        facts.user_by_name = known(None);
        assert_eq!(in_small_letters(&facts), None, "it has the name but for capitals");
        let record = facts.person.value().cloned().expect("a record");
        facts.person = known(DirectoryUser { user_name: "dana-old".to_owned(), ..record });
        let small = Attribute::UserName("dana@example.com".to_owned());
        assert_eq!(in_small_letters(&facts).map(|wanted| wanted.strings), Some(vec![small]));
        let no_account = Facts { account: Fact::NotAsked, ..facts.clone() };
        assert_eq!(in_small_letters(&no_account), None, "no account was found");
        facts.question.subject = "dana@example.com".to_owned();
        assert_eq!(in_small_letters(&facts), None, "there are no capitals");
    }

    /// AWS's record that the question's string led to is an old one, and the IdP's person has another name.
    fn by_an_old_name() -> Facts {
        let mut facts = sent_by(Idp::Entra);
        let person =
            IdpPerson { user_name: "d.reyes@corp.example".to_owned(), ..person_at_the_idp(&mut facts) };
        of_the_idp(&mut facts).person = known(Some(person));
        facts
    }

    #[test]
    fn the_record_that_signs_in_is_looked_for_if_nothing_ties_the_one_that_was_found_to_the_idps_person() {
        let facts = by_an_old_name();
        let wanted = record_that_signs_in(&facts, Some("https://scim")).expect("something to look by");
        assert_eq!(wanted.strings, [Attribute::UserName("d.reyes@corp.example".to_owned())]);
        let id = facts.whom_the_idp_means().next().map(|person| person.id.0.clone());
        assert_eq!(wanted.external_id.map(|external| external.id), id);
        let no_account = Facts { account: Fact::NotAsked, ..facts.clone() };
        assert_eq!(record_that_signs_in(&no_account, Some("https://scim")), None);
        let record = facts.person.value().cloned().expect("a record");
        let with_ids = DirectoryUser { external_ids: Box::new([external("other")]), ..record };
        assert_eq!(record_that_signs_in(&Facts { person: known(with_ids), ..facts }, None), None);
        assert_eq!(record_that_signs_in(&sent_by(Idp::Entra), None), None, "it has the very name");
    }

    #[test]
    fn a_second_record_is_looked_for_by_the_address_of_one_that_no_idp_sent_where_others_are_sent() {
        let mut facts = without_membership();
        let record = facts.person.value().cloned().expect("a record");
        let none: [&str; 0] = [];
        let email = Some("dana@new.example".to_owned());
        facts.person = known(DirectoryUser { email, external_ids: Box::default(), ..record });
        assert_eq!(names_of_a_second_record(&facts, Some("https://scim")), ["dana@new.example"]);
        let no_account = Facts { account: Fact::NotAsked, ..facts.clone() };
        assert_eq!(names_of_a_second_record(&no_account, Some("https://scim")), none);
        let by_an_idp = Facts { idp: by_an_old_name().idp, ..facts.clone() };
        assert_eq!(names_of_a_second_record(&by_an_idp, Some("https://scim")), none, "the IdP knows them");
        let record = facts.person.value().cloned().expect("a record");
        let email = Some("Dana@New.Example".to_owned());
        facts.person = known(DirectoryUser { email, ..record });
        let both = ["Dana@New.Example", "dana@new.example"];
        assert_eq!(names_of_a_second_record(&facts, Some("https://scim")), both);
        facts.groups.clear();
        assert_eq!(names_of_a_second_record(&facts, None), none, "nothing shows an IdP");
    }

    fn person_at_the_idp(facts: &mut Facts) -> IdpPerson {
        of_the_idp(facts).person.value().cloned().flatten().expect("a person")
    }

    #[test]
    fn the_record_that_signs_in_is_looked_for_once_and_while_access_is_missing() {
        let issuer = Some("https://scim");
        let asked: [fn(&mut Facts); 3] = [
            |facts| facts.user_by_id = known(None),
            |facts| facts.user_by_other_name = known(None),
            |facts| facts.memberships = crate::diagnosis::fixture::in_place().memberships,
        ];
        for change in asked {
            let mut facts = by_an_old_name();
            change(&mut facts);
            assert_eq!(record_that_signs_in(&facts, issuer), None);
        }
    }

    #[test]
    fn small_letters_are_tried_once_where_access_is_missing_and_no_idp_knows_the_person() {
        let tried = |change: fn(&mut Facts)| {
            let mut facts = without_membership();
            facts.question.subject = "Dana@Example.com".to_owned();
            facts.user_by_name = known(None);
            let record = facts.person.value().cloned().expect("a record");
            facts.person = known(DirectoryUser { user_name: "dana-old".to_owned(), ..record });
            change(&mut facts);
            in_small_letters(&facts).is_some()
        };
        assert!(tried(|_| ()));
        assert!(!tried(|facts| facts.user_by_name = unread()));
        assert!(!tried(|facts| facts.user_by_other_name = known(None)), "that was tried");
        assert!(!tried(|facts| facts.user_by_name = facts.user_by_email.clone()));
        assert!(!tried(|facts| facts.idp = sent_by(Idp::Entra).idp));
        assert!(!tried(|facts| facts.memberships = crate::diagnosis::fixture::in_place().memberships));
    }

    #[test]
    fn a_second_record_is_looked_for_once_by_an_address_that_is_another_name() {
        let name = |change: fn(&mut Facts)| {
            let mut facts = without_membership();
            let record = facts.person.value().cloned().expect("a record");
            let email = Some("dana@new.example".to_owned());
            facts.person = known(DirectoryUser { email, external_ids: Box::default(), ..record });
            change(&mut facts);
            name_of_a_second_record(&facts, Some("https://scim"))
        };
        assert!(name(|_| ()).is_some());
        let with = |change: fn(&mut DirectoryUser), facts: &mut Facts| {
            let mut record = facts.person.value().cloned().expect("a record");
            change(&mut record);
            facts.person = known(record);
        };
        let mut facts = without_membership();
        with(|record| record.email = Some("DANA@example.com".to_owned()), &mut facts);
        assert_eq!(name_of_a_second_record(&facts, Some("https://scim")), None, "it is the same name");
        with(|record| record.email = Some("dana@new.example".to_owned()), &mut facts);
        with(|record| record.external_ids = Box::new([external("dana")]), &mut facts);
        assert_eq!(name_of_a_second_record(&facts, Some("https://scim")), None, "an IdP sent it");
        assert_eq!(name(|facts| facts.other_record = unread()), None, "that was asked");
        assert_eq!(name(|facts| facts.memberships = crate::diagnosis::fixture::in_place().memberships), None);
        let two = |facts: &mut Facts| facts.user_by_email = known(Some(UserId("other".to_owned())));
        assert_eq!(name(two), None, "there are two already");
    }

    #[test]
    fn that_others_are_sent_is_known_by_the_issuer_or_shown_by_a_group() {
        let mut facts = without_membership();
        let record = facts.person.value().cloned().expect("a record");
        let email = Some("dana@new.example".to_owned());
        facts.person = known(DirectoryUser { email: email.clone(), external_ids: Box::default(), ..record });
        assert_eq!(name_of_a_second_record(&facts, None), email, "a group has an IdP's id");
        facts.groups.clear();
        assert_eq!(name_of_a_second_record(&facts, Some("https://scim")), email);
    }
}
