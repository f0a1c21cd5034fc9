//! Whom the look-ups lead to. Somebody is known by several strings and ids: what ids tie together goes before what a
//! string finds, and what no string finds may still be there.

use jiff::SignedDuration;

use super::aws::{DirectoryUser, UserId, names_id};
use super::fact::{Fact, Known};
use super::gathered::Facts;
use super::idp::{Idp, IdpPerson};

/// Longer than an IdP takes to send somebody new: Entra's cycle is 40 minutes (Microsoft Entra, "How provisioning
/// works"); a day is our own limit, with room for somebody who is put into a group later that day.
const SENT_WITHIN: SignedDuration = SignedDuration::from_hours(24);

/// Whoever lost access with an older record asks within weeks; our own limit.
const YOUNG: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Whom the look-ups in AWS lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    One(UserId),
    Nobody,
    /// Two records, and nothing ties one of them to the person. The one with the user name is who signs in.
    Two {
        by_user_name: UserId,
        by_email: UserId,
    },
    /// A look-up failed, and the others found nobody.
    Unseen,
}

impl Facts {
    /// Whom the look-ups lead to.
    pub fn identity(&self) -> Identity {
        let found = |fact: &Fact<Option<UserId>>| fact.value().cloned().flatten();
        match (found(&self.user_by_name), found(&self.user_by_email)) {
            (Some(by_user_name), Some(by_email)) if by_user_name != by_email => match self.tied() {
                Some(user) => Identity::One(user.id.clone()),
                None => Identity::Two { by_user_name, by_email },
            },
            (Some(user), _) | (None, Some(user)) => Identity::One(self.who_signs_in().unwrap_or(user)),
            (None, None) => self.by_the_idp(),
        }
    }

    /// Whom the IdP's ids and names lead to, where the strings of the question led to nobody.
    fn by_the_idp(&self) -> Identity {
        for fact in [&self.user_by_id, &self.user_by_other_name] {
            match fact {
                // What failed might have led to somebody else, so that what comes after it settles nothing.
                Fact::Gap(_) => return Identity::Unseen,
                Fact::Known(Known { value: Some(user), .. }) => return Identity::One(user.clone()),
                Fact::Known(Known { value: None, .. }) | Fact::NotAsked => {}
            }
        }
        if self.both_look_ups_answered() { Identity::Nobody } else { Identity::Unseen }
    }

    /// The record that the IdP's person signs in with, by their id or their name there; looked for if a string of the
    /// question led to a record that nothing ties to them.
    fn who_signs_in(&self) -> Option<UserId> {
        match (&self.user_by_id, &self.user_by_other_name) {
            // What failed might have led to somebody else than the name.
            (Fact::Gap(_), _) => None,
            (by_id, by_name) => {
                by_id.value().cloned().flatten().or_else(|| by_name.value().cloned().flatten())
            }
        }
    }

    /// Returns true if something could not be read that might have led to another record, with which the person signs in.
    pub fn another_may_sign_in(&self) -> bool {
        match self.identity() {
            // What is needed to tell which of the two is tied to the IdP's person.
            Identity::Two { .. } => self.idp.as_ref().is_some_and(|idp| {
                let is_unread = idp.person.gap().is_some() || idp.app_user.gap().is_some();
                is_unread || [&self.person, &self.other_record].iter().any(|record| record.gap().is_some())
            }),
            Identity::One(_) | Identity::Nobody | Identity::Unseen => {
                [&self.user_by_name, &self.user_by_email, &self.user_by_id, &self.user_by_other_name]
                    .iter()
                    .any(|look_up| look_up.gap().is_some())
            }
        }
    }

    /// Returns true if the ids on this record, which a name or an address led to, are those of somebody else at the IdP:
    /// people share addresses.
    pub fn is_somebody_elses(&self, record: &DirectoryUser) -> bool {
        let mut meant = self.whom_the_idp_means().peekable();
        record.has_an_idps_id() && meant.peek().is_some() && !meant.any(|person| self.is_tied(record, person))
    }

    /// Everybody at the IdP who may be the person.
    pub fn whom_the_idp_means(&self) -> impl Iterator<Item = &IdpPerson> {
        let idp = self.idp.as_ref();
        let others = idp.into_iter().flat_map(|idp| &idp.others);
        idp.and_then(|idp| idp.person.value()?.as_ref()).into_iter().chain(others)
    }

    /// The user whom the question is about; of two records, the one that signs in.
    pub fn user(&self) -> Option<UserId> {
        match self.identity() {
            Identity::One(user) | Identity::Two { by_user_name: user, .. } => Some(user),
            Identity::Nobody | Identity::Unseen => None,
        }
    }

    /// Whether neither look-up failed, so that a second record of the person can be excluded.
    pub fn both_look_ups_answered(&self) -> bool {
        let email_settled = self.user_by_email.known().is_some()
            || (self.user_by_email == Fact::NotAsked && !self.question.names_an_email());
        self.user_by_name.known().is_some() && email_settled
    }

    /// Returns true if AWS has nobody with an id that the IdP keeps of the person. That no string finds them proves
    /// nothing, since AWS may know them by another.
    pub fn is_proven_absent(&self) -> bool {
        let Some(idp) = self.idp.as_ref().filter(|_| self.identity() == Identity::Nobody) else {
            return false;
        };
        // Of several whom the string means, any may be the person.
        if !matches!(idp.person.value(), Some(Some(_))) || !idp.others.is_empty() {
            return false;
        }
        let nobody_has_the_id = self.user_by_id.value() == Some(&None);
        match (idp.idp, idp.app_user.value()) {
            (Idp::Entra, _) | (Idp::Okta, None) => nobody_has_the_id,
            // Okta keeps the id of whomever it created in AWS.
            (Idp::Okta, Some(app_user)) => {
                let created = app_user.as_ref().is_some_and(|app_user| app_user.external_id.is_some());
                !created || nobody_has_the_id
            }
        }
    }

    /// Returns true if AWS's record of the person may have replaced an older one: it is younger than the IdP's, or, where
    /// that cannot be seen, young at all.
    pub fn may_be_created_again(&self) -> bool {
        let at_the_idp = self.idp.as_ref().and_then(|idp| idp.person.value()?.as_ref()?.created_at);
        match (self.person.value().and_then(|person| person.created_at), at_the_idp) {
            (Some(in_aws), Some(at_the_idp)) => in_aws.duration_since(at_the_idp) > SENT_WITHIN,
            (Some(in_aws), None) => self.checked_at.duration_since(in_aws) < YOUNG,
            (None, _) => self.person.value().is_some(),
        }
    }

    /// Of two records, the one that an id at the IdP ties to the person, else the one with the name that the IdP signs
    /// them in with.
    fn tied(&self) -> Option<&DirectoryUser> {
        let records = [self.person.value()?, self.other_record.value()?];
        let person = self.idp.as_ref()?.person.value()?.as_ref()?;
        let only = |is_it: &dyn Fn(&DirectoryUser) -> bool| match records.map(is_it) {
            [true, false] => Some(records[0]),
            [false, true] => Some(records[1]),
            _ => None,
        };
        let signs_in = |record: &DirectoryUser| record.user_name.eq_ignore_ascii_case(&person.user_name);
        only(&|record| self.is_tied(record, person)).or_else(|| only(&signs_in))
    }

    /// Returns true if an id says that this record of AWS's is this person of the IdP's.
    pub fn is_tied(&self, record: &DirectoryUser, person: &IdpPerson) -> bool {
        let app_user = self.idp.as_ref().and_then(|idp| idp.app_user.value()?.as_ref());
        let created = app_user.and_then(|app_user| app_user.external_id.as_ref());
        names_id(&record.external_ids, &person.id.0) || created.is_some_and(|id| *id == record.id.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::facts::idp::AppUser;
    use crate::diagnosis::fixture::{
        at, dana, external, in_place, known, of_the_idp, sent_by, unread, without_membership,
    };

    fn record(facts: &Facts) -> DirectoryUser {
        facts.person.value().cloned().expect("a record")
    }

    fn person(facts: &mut Facts) -> IdpPerson {
        of_the_idp(facts).person.value().cloned().flatten().expect("a person")
    }

    fn known_to_nobody_by_name(idp: Idp) -> Facts {
        let facts = Facts { user_by_name: known(None), user_by_email: known(None), ..sent_by(idp) };
        Facts { person: Fact::NotAsked, memberships: Fact::NotAsked, ..facts }
    }

    fn created_by_okta_as(facts: &mut Facts, id: Option<&str>) {
        let idp = of_the_idp(facts);
        let app_user = idp.app_user.value().cloned().flatten().expect("an assignment");
        idp.app_user = known(Some(AppUser { external_id: id.map(str::to_owned), ..app_user }));
    }

    #[test]
    fn an_id_ties_a_record_to_the_person_on_either_side() {
        let mut facts = sent_by(Idp::Entra);
        let (record, person) = (record(&facts), person(&mut facts));
        assert!(!facts.is_tied(&record, &person), "neither side names the other");
        let with_id = DirectoryUser { external_ids: Box::new([external(&person.id.0)]), ..record };
        assert!(facts.is_tied(&with_id, &person));
        let mut facts = sent_by(Idp::Okta);
        let plain = self::record(&facts);
        for (id, is_tied) in [(Some(plain.id.0.as_str()), true), (Some("another"), false), (None, false)] {
            created_by_okta_as(&mut facts, id);
            assert_eq!(facts.is_tied(&plain, &person), is_tied, "{id:?}");
        }
    }

    #[test]
    fn a_shared_address_leads_to_somebody_elses_record_only_if_its_ids_say_so() {
        let mut facts = sent_by(Idp::Entra);
        let person = person(&mut facts);
        let with = |id: &str| DirectoryUser { external_ids: Box::new([external(id)]), ..record(&facts) };
        assert!(facts.is_somebody_elses(&with("somebody else")));
        assert!(!facts.is_somebody_elses(&with(&person.id.0)));
        assert!(!facts.is_somebody_elses(&record(&facts)), "no id says anything");
        assert!(!without_membership().is_somebody_elses(&with("somebody else")), "nobody to compare with");
    }

    #[test]
    fn absence_is_proven_by_an_id_that_nobody_has() {
        for (by_id, is_proven) in [(known(None), true), (unread(), false), (Fact::NotAsked, false)] {
            let facts = Facts { user_by_id: by_id, ..known_to_nobody_by_name(Idp::Entra) };
            assert_eq!(facts.is_proven_absent(), is_proven, "{:?}", facts.user_by_id);
        }
        let mut facts = Facts { user_by_id: known(None), ..known_to_nobody_by_name(Idp::Entra) };
        let other = person(&mut facts);
        of_the_idp(&mut facts).others = vec![other];
        assert!(!facts.is_proven_absent(), "the string means two people");
        of_the_idp(&mut facts).others.clear();
        of_the_idp(&mut facts).person = known(None);
        assert!(!facts.is_proven_absent(), "the IdP does not know them either");
        let found = Facts { user_by_id: known(None), ..sent_by(Idp::Entra) };
        assert!(!found.is_proven_absent(), "a name leads to them");
    }

    #[test]
    fn okta_created_nobody_or_the_one_whom_it_created_is_gone() {
        let mut facts = known_to_nobody_by_name(Idp::Okta);
        created_by_okta_as(&mut facts, None);
        assert!(facts.is_proven_absent());
        created_by_okta_as(&mut facts, Some("gone"));
        assert!(!facts.is_proven_absent(), "nobody asked for the id");
        facts.user_by_id = known(None);
        assert!(facts.is_proven_absent());
        of_the_idp(&mut facts).app_user = unread();
        facts.user_by_id = Fact::NotAsked;
        assert!(!facts.is_proven_absent(), "what Okta keeps was not read");
    }

    #[test]
    fn a_second_record_is_excluded_once_both_look_ups_have_answered() {
        let answered = |facts: Facts| facts.both_look_ups_answered();
        assert!(answered(in_place()));
        assert!(!answered(Facts { user_by_email: unread(), ..in_place() }));
        assert!(!answered(Facts { user_by_name: unread(), ..in_place() }));
        assert!(!answered(Facts { user_by_email: Fact::NotAsked, ..in_place() }), "it is an address");
        let mut by_name = Facts { user_by_email: Fact::NotAsked, ..in_place() };
        by_name.question.subject = "dana".to_owned();
        assert!(answered(by_name), "no address was given");
    }

    #[test]
    fn a_record_that_is_younger_than_the_person_may_have_replaced_another() {
        let created = |in_aws: Option<jiff::Timestamp>, at_the_idp: Option<jiff::Timestamp>| {
            let mut facts = sent_by(Idp::Entra);
            let person = IdpPerson { created_at: at_the_idp, ..person(&mut facts) };
            of_the_idp(&mut facts).person = known(Some(person));
            facts.person = known(DirectoryUser { created_at: in_aws, ..record(&facts) });
            facts.may_be_created_again()
        };
        let before = |hours: i64| at("12:00").checked_sub(SignedDuration::from_hours(hours)).ok();
        assert!(created(before(0), before(25)));
        assert!(!created(before(0), before(24)), "an IdP may take a day to send somebody new");
        assert!(created(before(24 * 29), None), "it is young");
        assert!(!created(before(24 * 31), None));
        assert!(created(None, before(0)), "nobody says how old it is");
        assert!(!known_to_nobody_by_name(Idp::Entra).may_be_created_again(), "there is none");
    }

    #[test]
    fn of_two_records_the_one_that_is_tied_or_signs_in_is_the_persons() {
        let mut facts = sent_by(Idp::Entra);
        let person = person(&mut facts);
        let first = DirectoryUser { user_name: "old@example.com".to_owned(), ..record(&facts) };
        let second = DirectoryUser {
            id: UserId("second".to_owned()),
            user_name: person.user_name.to_uppercase(),
            ..first.clone()
        };
        facts.user_by_email = known(Some(second.id.clone()));
        (facts.person, facts.other_record) = (known(first.clone()), known(second.clone()));
        assert_eq!(facts.identity(), Identity::One(second.id.clone()), "the IdP signs them in by that name");
        facts.person = known(DirectoryUser { external_ids: Box::new([external(&person.id.0)]), ..first });
        assert_eq!(facts.identity(), Identity::One(dana()), "an id goes before a name");
    }

    #[test]
    fn the_record_that_the_idp_led_to_goes_before_the_one_of_the_string() {
        let other = UserId("signs in".to_owned());
        let facts = Facts { user_by_other_name: known(Some(other.clone())), ..in_place() };
        assert_eq!(facts.identity(), Identity::One(other));
        assert_eq!(in_place().identity(), Identity::One(dana()));
        let name = known(Some(UserId("by name".to_owned())));
        let facts = Facts { user_by_id: unread(), user_by_other_name: name, ..in_place() };
        assert_eq!(facts.identity(), Identity::One(dana()), "the id may name somebody else than the name");
    }

    #[test]
    fn a_record_is_young_for_less_than_a_month() {
        let mut facts = in_place();
        let created = |age| Some(facts.checked_at - age);
        let (young, old) = (created(YOUNG - SignedDuration::from_secs(1)), created(YOUNG));
        for (created_at, may_be) in [(young, true), (old, false)] {
            facts.person = known(DirectoryUser { created_at, ..record(&facts) });
            assert_eq!(facts.may_be_created_again(), may_be);
        }
    }
}
