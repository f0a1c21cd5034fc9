//! By what else to look for the person, where the strings of the question led to nobody or to two: what one side has
//! learnt is asked of the other.

use crate::diagnosis::decide::is_settled;
use crate::diagnosis::facts::idp::{Idp, IdpPerson};
use crate::diagnosis::facts::{DirectoryUser, ExternalId, Fact, Facts, Identity, UserId, names_id};
use crate::diagnosis::question::Question;

/// How many calls to AWS the look-ups beyond the question's own string may take.
const LOOK_UPS: usize = 3;

/// By what else to look for the person in AWS, all at once: [`LOOK_UPS`] calls at most.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InAws {
    /// The user's id in AWS, as Okta keeps it.
    pub user_id: Option<UserId>,
    /// The IdP's id of the person, where the issuer is known under which AWS keeps such ids.
    pub external_id: Option<ExternalId>,
    /// Other names and addresses, the likeliest first.
    pub strings: Vec<Attribute>,
}

/// What AWS finds a user by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attribute {
    UserName(String),
    Email(String),
}

/// By what else to look for the person in AWS, if the strings of the question led to nobody: the ids that tie both
/// sides together; what the IdP calls the person, and another whom it means by the same string; the further address of
/// the question; the question's string in small letters.
pub fn in_aws_by_the_idp(facts: &Facts, issuer: Option<&str>) -> Option<InAws> {
    if facts.identity() != Identity::Nobody || facts.user_by_other_name != Fact::NotAsked {
        return None;
    }
    let subject = &facts.question.subject;
    let idp = facts.idp.as_ref();
    let app_user = idp.and_then(|idp| idp.app_user.value()?.as_ref());
    let person = idp.and_then(|idp| idp.person.value()?.as_ref());
    let user_id = app_user.and_then(|app_user| app_user.external_id.clone()).map(UserId);
    let external_id = by_the_idps_id(facts, issuer).filter(|_| user_id.is_none());

    let known = person.into_iter().flat_map(|person| std::iter::once(&person.user_name).chain(&person.email));
    let known = known.into_iter().find(|name| *name != subject).cloned();
    let others = idp.and_then(|idp| idp.others.first()).map(|other| other.user_name.clone());
    let further = facts.question.further_address.clone();
    let small = Some(subject.to_lowercase()).filter(|small| small != subject);
    let by_name = |string: &Option<String>| string.clone().map(Attribute::UserName);
    let by_email =
        |string: &Option<String>| string.clone().filter(|string| string.contains('@')).map(Attribute::Email);
    let in_order = [
        by_name(&known),
        by_name(&others),
        by_name(&further),
        by_email(&further),
        by_email(&known),
        by_name(&small),
        by_email(&small),
    ];
    let mut strings: Vec<Attribute> = in_order.into_iter().flatten().collect();
    strings.truncate(LOOK_UPS - usize::from(user_id.is_some() || external_id.is_some()));
    let wanted = InAws { user_id, external_id, strings };
    (wanted != InAws::default()).then_some(wanted)
}

/// By what to look among those whom the IdP deleted, if access is missing and it has nobody: AWS's ids of the person, and
/// the addresses that are known of them.
pub fn among_the_deleted(facts: &Facts) -> Option<Deleted> {
    let idp = facts.idp.as_ref().filter(|idp| idp.idp == Idp::Entra && idp.deleted == Fact::NotAsked)?;
    if idp.person.value() != Some(&None) || facts.account_found().is_none() || is_settled(facts) {
        return None;
    }
    let record = facts.person.value();
    let ids = record.into_iter().flat_map(|record| ids_at(Idp::Entra, record)).map(str::to_owned).collect();
    let of_record =
        record.into_iter().flat_map(|record| std::iter::once(&record.user_name).chain(&record.email));
    let known =
        std::iter::once(&facts.question.subject).chain(&facts.question.further_address).chain(of_record);
    let mut addresses: Vec<String> = known.filter(|name| name.contains('@')).cloned().collect();
    addresses.sort();
    addresses.dedup();
    let wanted = Deleted { ids, addresses };
    (wanted != Deleted::default()).then_some(wanted)
}

/// By what to look among those whom the IdP deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deleted {
    pub ids: Vec<String>,
    pub addresses: Vec<String>,
}

/// Those whom the IdP found by the question's string, the likeliest first: of several it is the one who has the further
/// address as well.
pub fn of_the_further_address_first(mut people: Vec<IdpPerson>, question: &Question) -> Vec<IdpPerson> {
    if let Some(further) = &question.further_address {
        let has_it = |person: &IdpPerson| {
            let mut names = std::iter::once(&person.user_name).chain(&person.email);
            names.any(|name| name.eq_ignore_ascii_case(further))
        };
        people.sort_by_key(|person| !has_it(person));
    }
    people
}

/// The IdP's id of the person, as AWS would keep it, if nobody was found and it was not asked for yet: under the issuer
/// that is known, or that the groups show which were read by now.
pub fn by_the_idps_id(facts: &Facts, issuer: Option<&str>) -> Option<ExternalId> {
    if facts.identity() != Identity::Nobody || facts.user_by_id != Fact::NotAsked {
        return None;
    }
    under_the_issuer(facts, issuer, facts.idp.as_ref()?.person.value()?.as_ref()?)
}

pub(super) fn under_the_issuer(
    facts: &Facts,
    issuer: Option<&str>,
    person: &IdpPerson,
) -> Option<ExternalId> {
    let issuer = issuer.or_else(|| issuer_of_the_groups(facts))?.to_owned();
    Some(ExternalId { issuer, id: person.id.0.clone() })
}

/// The issuer that the groups show which were read by now.
pub(super) fn issuer_of_the_groups(facts: &Facts) -> Option<&str> {
    let groups = facts.groups.values().filter_map(|group| group.value()?.as_ref());
    let mut ids = groups.flat_map(|group| &group.external_ids);
    ids.find(|external| external.is_from_an_idp()).map(|external| external.issuer.as_str())
}

/// By what to look for the person at the IdP once more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OtherRecord {
    /// This one of those that the question's string also means.
    Known(Box<IdpPerson>),
    /// The one with this id, which AWS keeps as the person's; else the one with this name, if there is one to ask for.
    ByIdOrName { id: Option<String>, name: Option<String> },
}

/// Whom to look for at the IdP, if access is missing and AWS's record of the person is not tied to the one that the
/// question's string led to there. Where it led to nobody on either side, the further address of the question may.
pub fn another_record_at_the_idp(facts: &Facts) -> Option<OtherRecord> {
    let idp = facts.idp.as_ref()?;
    let found = idp.person.value()?;
    let further = facts.question.further_address.clone();
    let Some(record) = facts.person.value() else {
        let is_unknown = found.is_none() && facts.identity() == Identity::Nobody;
        return further
            .filter(|_| is_unknown)
            .map(|name| OtherRecord::ByIdOrName { id: None, name: Some(name) });
    };
    if is_settled(facts) || found.as_ref().is_some_and(|person| facts.is_tied(record, person)) {
        return None;
    }
    if let Some(other) = idp.others.iter().find(|other| names_id(&record.external_ids, &other.id.0)) {
        return Some(OtherRecord::Known(Box::new(other.clone())));
    }
    let id = ids_at(idp.idp, record).next().map(str::to_owned);
    let name = match found {
        Some(_) => None,
        None => names_beside(&facts.question.subject, record).next().map(str::to_owned).or(further),
    };
    (id.is_some() || name.is_some()).then_some(OtherRecord::ByIdOrName { id, name })
}

/// Those of the record's external ids that this IdP may have given: Entra's object ids are UUIDs, Okta's user ids begin
/// with `00u`.
fn ids_at(idp: Idp, record: &DirectoryUser) -> impl Iterator<Item = &str> {
    let ids = record.external_ids.iter().filter(|external| external.is_from_an_idp());
    let may_be_its = move |external: &&ExternalId| match idp {
        Idp::Entra => external.is_a_uuid(),
        Idp::Okta => external.id.starts_with("00u"),
    };
    ids.filter(may_be_its).map(|external| external.id.as_str())
}

fn names_beside<'r>(subject: &'r str, record: &'r DirectoryUser) -> impl Iterator<Item = &'r str> {
    let names = std::iter::once(&record.user_name).chain(&record.email);
    names.map(String::as_str).filter(|name| !name.is_empty() && !name.eq_ignore_ascii_case(subject))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::facts::idp::{AppUser, IdpPerson, IdpUserId};
    use crate::diagnosis::fixture::{dana, external, known, of_the_idp, sent_by, unread, without_membership};

    fn unknown_to_aws(facts: Facts) -> Facts {
        Facts { user_by_name: known(None), user_by_email: known(None), person: Fact::NotAsked, ..facts }
    }

    fn person_at(facts: &mut Facts) -> IdpPerson {
        of_the_idp(facts).person.value().cloned().flatten().expect("a person")
    }

    #[test]
    fn a_person_whom_the_question_does_not_name_in_aws_is_looked_for_by_what_okta_knows() {
        let mut facts = sent_by(Idp::Okta);
        assert_eq!(in_aws_by_the_idp(&facts, None), None, "AWS knows the person");
        facts = unknown_to_aws(facts);
        let user_name = "dreyes@corp.example".to_owned();
        let person = IdpPerson { user_name: user_name.clone(), ..person_at(&mut facts) };
        let idp = of_the_idp(&mut facts);
        idp.person = known(Some(person));
        let app_user = idp.app_user.value().cloned().flatten().expect("an assignment");
        let external_id = Some("dana".to_owned());
        idp.app_user = known(Some(AppUser { external_id, ..app_user }));
        let strings = vec![Attribute::UserName(user_name.clone()), Attribute::Email(user_name)];
        let wanted = InAws { user_id: Some(dana()), strings, ..InAws::default() };
        assert_eq!(in_aws_by_the_idp(&facts, None), Some(wanted));
        facts.user_by_email = unread();
        assert_eq!(in_aws_by_the_idp(&facts, None), None, "a look-up that failed excludes nobody");
    }

    #[test]
    fn entras_id_is_asked_for_once_its_issuer_has_been_seen() {
        let mut facts = unknown_to_aws(sent_by(Idp::Entra));
        facts.groups.clear();
        assert_eq!(by_the_idps_id(&facts, None), None);
        let id = person_at(&mut facts).id.0;
        let wanted = ExternalId { issuer: "https://scim".to_owned(), id: id.clone() };
        assert_eq!(by_the_idps_id(&facts, Some("https://scim")), Some(wanted));
        let with_group = unknown_to_aws(sent_by(Idp::Entra));
        assert_eq!(by_the_idps_id(&with_group, None).map(|asked| asked.issuer), Some(external("x").issuer));
    }

    #[test]
    fn capitals_alone_are_another_spelling() {
        let mut facts = unknown_to_aws(without_membership());
        facts.question.subject = "Dana@example.com".to_owned();
        let small = "dana@example.com".to_owned();
        let strings = vec![Attribute::UserName(small.clone()), Attribute::Email(small)];
        assert_eq!(in_aws_by_the_idp(&facts, None), Some(InAws { strings, ..InAws::default() }));
    }

    #[test]
    fn a_further_address_is_looked_by_on_both_sides_if_the_first_led_to_nobody() {
        let mut facts = sent_by(Idp::Entra);
        facts.question.further_address = Some("dana@brand.example".to_owned());
        assert_eq!(in_aws_by_the_idp(&facts, None), None, "AWS knows the person");
        assert_eq!(another_record_at_the_idp(&facts), None);
        facts = unknown_to_aws(facts);
        of_the_idp(&mut facts).person = known(None);
        let further = "dana@brand.example".to_owned();
        let strings = vec![Attribute::UserName(further.clone()), Attribute::Email(further.clone())];
        assert_eq!(in_aws_by_the_idp(&facts, None), Some(InAws { strings, ..InAws::default() }));
        let by_name = OtherRecord::ByIdOrName { id: None, name: Some(further) };
        assert_eq!(another_record_at_the_idp(&facts), Some(by_name));
        facts.user_by_email = unread();
        assert_eq!(another_record_at_the_idp(&facts), None, "a look-up that failed excludes nobody");
    }

    #[test]
    fn of_two_whom_the_idp_finds_it_is_the_one_with_the_further_address() {
        let mut facts = sent_by(Idp::Entra);
        let first = person_at(&mut facts);
        let second = IdpPerson { user_name: "D.Reyes@corp.example".to_owned(), ..first.clone() };
        let both = vec![first.clone(), second.clone()];
        assert_eq!(of_the_further_address_first(both.clone(), &facts.question), both);
        facts.question.further_address = Some("d.reyes@corp.example".to_owned());
        assert_eq!(of_the_further_address_first(both, &facts.question), [second, first]);
    }

    #[test]
    fn no_more_than_three_look_ups_are_made_by_what_else_is_known() {
        let mut facts = unknown_to_aws(sent_by(Idp::Entra));
        facts.question.subject = "Dana@Example.com".to_owned();
        facts.question.further_address = Some("dana@brand.example".to_owned());
        let other = IdpPerson { user_name: "reception@example.com".to_owned(), ..person_at(&mut facts) };
        of_the_idp(&mut facts).others = vec![other];
        let by_id = in_aws_by_the_idp(&facts, Some("https://scim")).expect("something to look by");
        assert_eq!((by_id.external_id.is_some(), by_id.strings.len()), (true, 2));
        let by_names = in_aws_by_the_idp(&Facts { groups: std::collections::BTreeMap::new(), ..facts }, None);
        assert_eq!(by_names.map(|wanted| wanted.strings.len()), Some(3));
    }

    #[test]
    fn of_two_accounts_at_the_idp_it_is_the_one_whose_id_aws_keeps() {
        let mut facts = sent_by(Idp::Entra);
        assert_eq!(another_record_at_the_idp(&facts), None, "nothing else is known");
        let other = IdpPerson { id: IdpUserId("other".to_owned()), ..person_at(&mut facts) };
        of_the_idp(&mut facts).others = vec![other.clone()];
        let record = facts.person.value().cloned().expect("a record");
        facts.person = known(DirectoryUser { external_ids: Box::new([external("other")]), ..record });
        assert_eq!(another_record_at_the_idp(&facts), Some(OtherRecord::Known(Box::new(other))));
    }

    #[test]
    fn whom_the_idp_does_not_know_by_the_question_is_asked_for_by_what_aws_keeps() {
        let mut facts = sent_by(Idp::Entra);
        of_the_idp(&mut facts).person = known(None);
        let record = facts.person.value().cloned().expect("a record");
        let id = "5f0c2b1e-0000-4000-8000-000000000001".to_owned();
        facts.person = known(DirectoryUser {
            user_name: "dana.old@example.com".to_owned(),
            external_ids: Box::new([external(&id)]),
            ..record
        });
        let name = Some("dana.old@example.com".to_owned());
        assert_eq!(another_record_at_the_idp(&facts), Some(OtherRecord::ByIdOrName { id: Some(id), name }));
    }

    #[test]
    fn among_the_deleted_somebody_is_looked_for_whom_entra_does_not_have_and_whose_access_is_missing() {
        let wanted = |change: fn(&mut Facts)| {
            let mut facts = sent_by(Idp::Entra);
            of_the_idp(&mut facts).person = known(None);
            change(&mut facts);
            among_the_deleted(&facts)
        };
        let addresses = vec!["dana@example.com".to_owned()];
        assert_eq!(wanted(|_| ()), Some(Deleted { ids: Vec::new(), addresses: addresses.clone() }));
        let id = "5f0c2b1e-0000-4000-8000-000000000001";
        let tied = wanted(|facts| {
            let record = facts.person.value().cloned().expect("a record");
            let external_ids = Box::new([external("5f0c2b1e-0000-4000-8000-000000000001")]);
            facts.person = known(DirectoryUser { external_ids, ..record });
        });
        assert_eq!(tied, Some(Deleted { ids: vec![id.to_owned()], addresses }));
        let pointless: [fn(&mut Facts); 7] = [
            |facts| of_the_idp(facts).deleted = known(None),
            |facts| of_the_idp(facts).idp = Idp::Okta,
            |facts| of_the_idp(facts).person = unread(),
            |facts| of_the_idp(facts).person = sent_by(Idp::Entra).idp.expect("an IdP").person,
            |facts| facts.account = unread(),
            |facts| facts.memberships = crate::diagnosis::fixture::in_place().memberships,
            |facts| {
                facts.question.subject = "dana".to_owned();
                facts.person = Fact::NotAsked;
            },
        ];
        for (number, change) in pointless.into_iter().enumerate() {
            assert_eq!(wanted(change), None, "{number}");
        }
    }

    #[test]
    fn the_idps_id_is_asked_for_once_and_of_nobody_who_was_found() {
        let issuer = Some("https://scim");
        assert_eq!(by_the_idps_id(&sent_by(Idp::Entra), issuer), None);
        let mut facts = unknown_to_aws(sent_by(Idp::Entra));
        assert!(by_the_idps_id(&facts, issuer).is_some());
        facts.user_by_id = known(None);
        assert_eq!(by_the_idps_id(&facts, issuer), None);
    }

    #[test]
    fn another_record_at_the_idp_is_looked_for_by_an_id_or_a_name_while_access_is_missing() {
        let with = |user_name: &str, id: Option<&str>, person: fn(&mut Facts)| {
            let mut facts = sent_by(Idp::Entra);
            let record = facts.person.value().cloned().expect("a record");
            let external_ids = id.map(external).into_iter().collect();
            facts.person = known(DirectoryUser { user_name: user_name.to_owned(), external_ids, ..record });
            person(&mut facts);
            another_record_at_the_idp(&facts)
        };
        let nobody: fn(&mut Facts) = |facts| of_the_idp(facts).person = known(None);
        let name = Some("dana.old@example.com".to_owned());
        let by_name = OtherRecord::ByIdOrName { id: None, name: name.clone() };
        assert_eq!(with("dana.old@example.com", None, nobody), Some(by_name));
        let id = "5f0c2b1e-0000-4000-8000-000000000001";
        let by_id = OtherRecord::ByIdOrName { id: Some(id.to_owned()), name: None };
        assert_eq!(with("dana.old@example.com", Some(id), |_| ()), Some(by_id), "the IdP found somebody");
        assert_eq!(with("dana@example.com", None, nobody), None, "there is nothing else to look by");
        let in_place: fn(&mut Facts) =
            |facts| facts.memberships = crate::diagnosis::fixture::in_place().memberships;
        assert_eq!(with("dana.old@example.com", Some(id), in_place), None);
    }
}
