//! Names in the digest: of groups, of people, and of what a group opens.

use crate::diagnosis::facts::Group;
use crate::diagnosis::facts::idp::Idp;
use crate::digest::evidence::Names;
use crate::digest::finding::{Finding, Opens, Origin, Person, Place};
use crate::words::idp::idp_name;
use crate::words::say::{Sentence, name, say};

/// What a group opens, as many as are told.
const OPENS_TOLD: usize = 3;

pub(super) fn list_of_opens<'o>(opens: impl ExactSizeIterator<Item = &'o Opens>, names: &Names) -> Sentence {
    let more = opens.len().saturating_sub(OPENS_TOLD);
    let mut told = say![];
    for (position, one) in opens.take(OPENS_TOLD).enumerate() {
        let comma = if position > 0 { say![", "] } else { say![] };
        told = told.then(comma).then(opened(one, names));
    }
    if more > 0 { told.then(say![format!(" and {more} more")]) } else { told }
}

/// `ReadOnly on Payments-Prod`.
pub(super) fn opened(opens: &Opens, names: &Names) -> Sentence {
    let set = names.permission_sets.get(&opens.permission_set).unwrap_or(&opens.permission_set.0);
    let account = names.accounts.get(&opens.account).unwrap_or(&opens.account);
    say![name(set.clone()), " on ", name(account.clone())]
}

/// The best name there is for somebody.
pub fn person(person: &Person, names: &Names) -> String {
    match person {
        Person::InAws(user) => match names.people.get(user) {
            Some(known) => known.display_name.as_ref().unwrap_or(&known.user_name).clone(),
            None => user.0.clone(),
        },
        Person::AtTheIdp(user_name) => user_name.clone(),
    }
}

/// So that whoever is to add them finds them: `Dana Reyes (dana@example.com)`.
pub(super) fn person_to_find(person: &Person, names: &Names) -> String {
    let known = match person {
        Person::InAws(user) => names.people.get(user),
        Person::AtTheIdp(_) => None,
    };
    match known.map(|known| (&known.display_name, &known.user_name)) {
        Some((Some(display_name), user_name)) if display_name != user_name => {
            format!("{display_name} ({user_name})")
        }
        _ => self::person(person, names),
    }
}

/// A group as the IdP knows it: by its own id, where AWS has kept that and another group looks like it.
pub(super) fn the_one_at_the_idp(group: &Group, finding: &Finding) -> Sentence {
    let synced =
        finding.copies.iter().filter(|copy| (copy.place, copy.origin) == (Place::Aws, Origin::Synced));
    let which = match (synced.count() > 1, group.external_ids.first()) {
        (true, Some(external)) => format!(" (its id there: {})", external.id),
        (true, None) => format!(" (in AWS its id is {})", group.id.0),
        (false, _) => String::new(),
    };
    say![name(group.name.clone()), which]
}

/// The name of one of a finding's groups, and which one it is where others are called or look like that.
pub(super) fn the_one(id: &str, called: &str, finding: &Finding, idp: Option<Idp>) -> Sentence {
    let in_aws = || finding.copies.iter().filter(|copy| copy.place == Place::Aws);
    let its = in_aws().find(|copy| copy.id == id);
    let others = || in_aws().filter(|copy| copy.id != id);
    let which = match its {
        Some(its) if others().all(|other| other.origin != its.origin) => {
            match (others().next(), its.origin) {
                (None, _) => String::new(),
                (Some(_), Origin::Synced) => format!(" (from {})", the_idp(idp)),
                (Some(_), Origin::Manual) => " (created manually in AWS)".to_owned(),
                (Some(_), Origin::Unknown) => format!(" (not marked as from {})", the_idp(idp)),
            }
        }
        _ => format!(" (id {id})"),
    };
    say![name(called.to_owned()), which]
}

pub(super) fn the_idp(idp: Option<Idp>) -> &'static str {
    idp.map_or("your company directory", idp_name)
}
