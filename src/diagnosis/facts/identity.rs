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
        [&self.user_by_id, &self.user_by_other_name]
            .into_iter()
            .find_map(|fact| fact.value().cloned().flatten())
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
