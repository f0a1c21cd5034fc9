//! What a finding of the digest says: which groups, who is hurt, what to do. [`steps`] says the steps.

pub mod steps;

use jiff::Timestamp;

use super::at_the_idp::idp_name;
use super::say::{Sentence, Span, list_of_names, name, say};
use crate::diagnosis::facts::Group;
use crate::diagnosis::facts::idp::{Idp, TroubleKind};
use crate::diagnosis::names::{differs_in, unseen_difference};
use crate::digest::Digest;
use crate::digest::evidence::Names;
use crate::digest::finding::{Copy, Finding, Kind, Opens, Origin, Person, Place, Severity};
use crate::digest::standing::{Snooze, Standing};

/// What a group opens, as many as are told.
const OPENS_TOLD: usize = 3;
/// People told by name.
const PEOPLE_TOLD: usize = 5;

/// The fault in one sentence.
pub fn headline(finding: &Finding, digest: &Digest) -> Sentence {
    let named = |copy: Option<&Copy>| name(copy.map(|copy| copy.name.clone()).unwrap_or_default());
    let (first, second) = (finding.copies.first(), finding.copies.get(1));
    match finding.kind {
        Kind::NearName => {
            let more = match finding.copies.len().saturating_sub(2) {
                0 => "",
                _ => " (and others)",
            };
            let pair = first.zip(second).map(|(one, other)| (one.name.as_str(), other.name.as_str()));
            let differ = pair.map_or(say![], |(one, other)| how_they_differ(one, other));
            say![named(first), " and ", named(second), more, " look alike"].then(differ)
        }
        Kind::SameName => {
            say![format!("{} groups are called ", finding.copies.len()), named(first)]
        }
        Kind::ManualBlocksSynced => say![
            named(first),
            format!(" from {} cannot arrive: a group made in AWS has its name", the_idp(digest.idp))
        ],
        Kind::Recreated if first.is_some_and(|copy| copy.place == Place::Gone) => {
            let left = first.and_then(|copy| copy.opens.as_ref());
            let left = left.map_or(say![], |left| list_of_opens(left.iter(), &digest.names));
            say!["An assignment is left over from a deleted group: "].then(left)
        }
        Kind::Recreated => {
            say![named(first), " was deleted and made again, and access is still assigned to the deleted one"]
        }
        Kind::IdpSameName => {
            let groups = finding.copies.iter().filter(|copy| copy.place == Place::AtTheIdp).count();
            say![
                format!("{groups} groups of {} are called ", the_idp(digest.idp)),
                named(first),
                " and headed for AWS, where only one can have the name"
            ]
        }
    }
}

fn how_they_differ(one: &str, other: &str) -> Sentence {
    let Some(differ) = differs_in(one, other) else {
        return say![];
    };
    let unseen = unseen_difference(one, other).map_or(String::new(), |(one, other)| {
        format!(", here U+{:04X} and U+{:04X}", u32::from(one), u32::from(other))
    });
    say![format!(" (they differ in {differ}{unseen})")]
}

/// Each of the groups in a line: where it comes from, who is in it, what it opens.
pub fn copies<'f>(finding: &'f Finding, digest: &'f Digest) -> impl Iterator<Item = Sentence> + 'f {
    finding.copies.iter().map(|copy| {
        let alike = finding.copies.iter().filter(|one| (one.place, one.origin) == (copy.place, copy.origin));
        let id = if alike.count() > 1 { format!(" ({})", copy.id) } else { String::new() };
        say![name(copy.name.clone()), id, ": "]
            .then(origin(copy, digest.idp))
            .then(what_it_has(copy, &digest.names))
    })
}

fn origin(copy: &Copy, idp: Option<Idp>) -> Sentence {
    let since = |words: &str| copy.created_at.map_or(say![], |at| say![words.to_owned(), at]);
    match (copy.place, copy.origin) {
        (Place::AtTheIdp, _) => say![format!("in {}", the_idp(idp))],
        (Place::Gone, _) => say!["deleted"],
        (Place::Aws, Origin::Synced) => {
            say![format!("comes from {}", the_idp(idp))].then(since(", in AWS since "))
        }
        (Place::Aws, Origin::Manual | Origin::Unknown) => {
            let by = copy.created_by.as_ref().map_or(say![], |by| say![" by ", name(by.clone())]);
            say!["made in AWS"].then(since(" on ")).then(by)
        }
    }
}

fn what_it_has(copy: &Copy, names: &Names) -> Sentence {
    let members = match (copy.place, copy.members) {
        (Place::Gone, _) => say![],
        (_, Some(1)) => say!["; 1 member"],
        (_, Some(members)) => say![format!("; {members} members")],
        (_, None) => say!["; its members could not be read"],
    };
    let opens = match (copy.place, &copy.opens) {
        (Place::AtTheIdp, _) => say![],
        (_, None) => say!["; what it opens could not be read"],
        (_, Some(opens)) if opens.is_empty() => say!["; opens nothing"],
        (_, Some(opens)) => say!["; opens "].then(list_of_opens(opens.iter(), names)),
    };
    members.then(opens)
}

fn list_of_opens<'o>(opens: impl ExactSizeIterator<Item = &'o Opens>, names: &Names) -> Sentence {
    let more = opens.len().saturating_sub(OPENS_TOLD);
    let mut told = say![];
    for (position, one) in opens.take(OPENS_TOLD).enumerate() {
        let comma = if position > 0 { say![", "] } else { say![] };
        told = told.then(comma).then(opened(one, names));
    }
    if more > 0 { told.then(say![format!(" and {more} more")]) } else { told }
}

/// `ReadOnly on Payments-Prod`.
pub fn opened(opens: &Opens, names: &Names) -> Sentence {
    let set = names.permission_sets.get(&opens.permission_set).unwrap_or(&opens.permission_set.0);
    let account = names.accounts.get(&opens.account).unwrap_or(&opens.account);
    say![name(set.clone()), " on ", name(account.clone())]
}

/// Who misses access because of it.
pub fn hurt(finding: &Finding, digest: &Digest) -> Sentence {
    let at_least = if finding.all_seen { "" } else { "at least " };
    match (finding.hurt.len(), finding.severity) {
        (0, _) if !finding.all_seen => {
            say!["Who misses access by it could not be seen"]
        }
        (0, Severity::Untidy) => say!["Nobody misses access by it, and nobody will"],
        (0, _) => say!["Nobody misses access by it today; "].then(whoever_is_next(finding, digest)),
        (1, _) => {
            let misses = match finding.kind {
                Kind::NearName | Kind::SameName => "is in one of them without what another opens: ",
                _ => "misses access by it: ",
            };
            say![at_least, "1 person ", misses].then(people(finding, digest))
        }
        (many, _) => {
            let miss = match finding.kind {
                Kind::NearName | Kind::SameName => "are in one of them without what another opens: ",
                _ => "miss access by it: ",
            };
            say![at_least, format!("{many} people {miss}")].then(people(finding, digest))
        }
    }
}

fn whoever_is_next(finding: &Finding, digest: &Digest) -> Sentence {
    match finding.kind {
        Kind::NearName | Kind::SameName => {
            let opens = |copy: &&Copy| copy.opens.as_ref().is_some_and(|opens| !opens.is_empty());
            let least = finding.copies.iter().find(|copy| !opens(copy)).or(finding.copies.first());
            let least = least.map_or(say![], |copy| the_one(&copy.id, &copy.name, finding, digest.idp));
            say!["whoever is put into "].then(least).then(say![" will"])
        }
        Kind::ManualBlocksSynced => say!["whoever gets access through the group that cannot arrive will"],
        Kind::Recreated => say!["whoever joins the new one will"],
        Kind::IdpSameName => say!["whoever joins the one that does not arrive will"],
    }
}

fn people(finding: &Finding, digest: &Digest) -> Sentence {
    let names: Vec<String> = finding.hurt.iter().map(|one| person(one, &digest.names)).collect();
    list_of_names(names.iter().map(String::as_str), PEOPLE_TOLD)
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
pub fn person_to_find(person: &Person, names: &Names) -> String {
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
fn the_one_at_the_idp(group: &Group, finding: &Finding) -> Sentence {
    let synced =
        finding.copies.iter().filter(|copy| (copy.place, copy.origin) == (Place::Aws, Origin::Synced));
    let which = match (synced.count() > 1, group.external_ids.first()) {
        (true, Some(id)) => format!(" (its id there: {id})"),
        (true, None) => format!(" (in AWS its id is {})", group.id.0),
        (false, _) => String::new(),
    };
    say![name(group.name.clone()), which]
}

/// The name of one of a finding's groups, and which one it is where others are called or look like that.
fn the_one(id: &str, called: &str, finding: &Finding, idp: Option<Idp>) -> Sentence {
    let in_aws = || finding.copies.iter().filter(|copy| copy.place == Place::Aws);
    let its = in_aws().find(|copy| copy.id == id);
    let others = || in_aws().filter(|copy| copy.id != id);
    let which = match its {
        Some(its) if others().all(|other| other.origin != its.origin) => {
            match (others().next(), its.origin) {
                (None, _) => String::new(),
                (Some(_), Origin::Synced) => format!(" (from {})", the_idp(idp)),
                (Some(_), Origin::Manual | Origin::Unknown) => " (made in AWS)".to_owned(),
            }
        }
        _ => format!(" (id {id})"),
    };
    say![name(called.to_owned()), which]
}

/// What the IdP's log says of it, where it says something.
pub fn refused(finding: &Finding, digest: &Digest) -> Option<Sentence> {
    let trouble = finding.refused.as_ref()?;
    let says = match trouble.kind {
        TroubleKind::NameTaken => " says that AWS refused the group, since its name is taken",
        _ => " says that AWS refused the group",
    };
    let at = trouble.at.map_or(say![], |at| say![", last on ", at]);
    let code = say![" (", name(trouble.code.clone()), ")"];
    Some(say![format!("The log of {}", the_idp(digest.idp)), says].then(at).then(code))
}

/// How bad it is, in a word or two.
pub fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Hurting => "hurts people now",
        Severity::WillHurt => "will hurt",
        Severity::Untidy => "untidy",
    }
}

/// How many of each: `2 hurt people now, 1 will, 3 are untidy`.
pub fn counts(severities: impl Iterator<Item = Severity> + Clone) -> String {
    let count = |wanted: Severity| severities.clone().filter(|one| *one == wanted).count();
    let (hurting, will, untidy) =
        (count(Severity::Hurting), count(Severity::WillHurt), count(Severity::Untidy));
    let parts = [
        (hurting, if hurting == 1 { "hurts people now" } else { "hurt people now" }),
        (will, "will hurt"),
        (untidy, if untidy == 1 { "is untidy" } else { "are untidy" }),
    ];
    let told: Vec<String> = parts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, words)| format!("{count} {words}"))
        .collect();
    told.join(", ")
}

/// Nothing to report, so that silence is never mistaken for health; or what kept us from seeing whether there is.
pub fn nothing_found(standing: &Standing) -> Sentence {
    let digest = standing.digest;
    let among = of_groups(digest.groups_checked);
    match standing.findings.len() {
        0 if !digest.groups_are_all => say!["Whether there are duplicate groups, I can't tell."],
        0 if !digest.is_complete() => {
            say![format!("No duplicate groups among {among}, as far as I could see.")]
        }
        0 => say![format!("No duplicate groups among {among}.")],
        1 => say![format!("Nothing new to act on among {among}; 1 duplicate is laid aside.")],
        many => say![format!("Nothing new to act on among {among}; {many} duplicates are laid aside.")],
    }
}

/// `1,234 groups`.
pub fn of_groups(groups: usize) -> String {
    let digits = groups.to_string();
    let mut told = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            told.push(',');
        }
        told.push(digit);
    }
    format!("{told} {}", if groups == 1 { "group" } else { "groups" })
}

/// What could not be read, and what that means for the digest.
pub fn not_everything(digest: &Digest) -> Option<Sentence> {
    if digest.is_complete() {
        return None;
    }
    let operations: Vec<String> =
        digest.gaps.iter().map(|gap| format!("{} ({})", gap.operation, gap.detail)).collect();
    let told = list_of_names(operations.iter().map(String::as_str), OPENS_TOLD);
    Some(say!["I could not read everything, so there may be more than I tell: "].then(told).then(say!["."]))
}

/// Who does not want to be told, until when and why.
pub fn snoozed(finding: &Finding, snooze: &Snooze, by: Span) -> Sentence {
    say![name(finding.name()), " until ", snooze.until, ", by ", by, ": ", name(snooze.reason.clone())]
}

/// Since when it has been told.
pub fn known_since(since: Timestamp) -> Sentence {
    say!["told since ", since]
}

fn the_idp(idp: Option<Idp>) -> &'static str {
    idp.map_or("your company directory", idp_name)
}
