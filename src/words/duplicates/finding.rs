//! A finding of the digest: which groups, who is hurt, how bad it is.

use super::names::{list_of_opens, person, the_idp, the_one};
use crate::diagnosis::facts::idp::Idp;
use crate::diagnosis::names::{differs_in, unseen_difference};
use crate::digest::Digest;
use crate::digest::evidence::Names;
use crate::digest::finding::{Copy, Finding, Kind, Origin, Place, Severity};
use crate::words::say::{Sentence, list_of_names, name, say};

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
    let by = || copy.created_by.as_ref().map_or(say![], |by| say![" by ", name(by.clone())]);
    match (copy.place, copy.origin) {
        (Place::AtTheIdp, _) => say![format!("in {}", the_idp(idp))],
        (Place::Gone, _) => say!["deleted"],
        (Place::Aws, Origin::Synced) => {
            say![format!("comes from {}", the_idp(idp))].then(since(", in AWS since "))
        }
        (Place::Aws, Origin::Manual) => say!["created manually in AWS"].then(since(" on ")).then(by()),
        (Place::Aws, Origin::Unknown) => {
            let created = if copy.created_by.is_some() { ", created" } else { "" };
            say!["in AWS"].then(since(" since ")).then(say![created]).then(by())
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

/// What the IdP's log says of it, where it says something.
pub fn refused(finding: &Finding, digest: &Digest) -> Option<Sentence> {
    let trouble = finding.refused.as_ref()?;
    let says = " says that AWS refused the group, since its name is taken";
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
