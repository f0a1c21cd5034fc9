//! What we saw: the evidence behind the headline, with names exactly as the consoles show them.

use std::collections::BTreeSet;

use super::at_the_idp;
use super::at_the_idp::evidence::of_somebody_absent;
use super::at_the_idp::the_idp;
use super::headline::account_name;
use super::next::in_the_group_at_the_idp;
use super::say::{Sentence, Whom, ago, answer, group_of_theirs, list_of_names, name, say};
use crate::diagnosis::causes::Finding;
use crate::diagnosis::facts::idp::{IdpGroup, Trouble};
use crate::diagnosis::facts::{GapKind, Group};
use crate::diagnosis::names::Likeness;
use crate::diagnosis::steps::{Note, Step};
use crate::diagnosis::{Diagnosis, Outcome};

/// Names listed in one sentence of evidence at most; all are in the JSON report.
const NAMES: usize = 5;

/// The sentences of evidence, each complete.
pub fn evidence(diagnosis: &Diagnosis, whom: &Whom) -> Vec<Sentence> {
    match &diagnosis.outcome {
        Outcome::Explained(finding) => explained(diagnosis, finding, whom),
        Outcome::CannotTell(_) => what_is_in_order(diagnosis, whom),
    }
}

fn explained(diagnosis: &Diagnosis, finding: &Finding, whom: &Whom) -> Vec<Sentence> {
    let account = || name(account_name(diagnosis));
    let now = diagnosis.checked_at;
    match finding {
        Finding::AccountNotFound { nearest } if nearest.is_empty() => {
            vec![say!["No account of the organization has a name like that."]]
        }
        Finding::AccountNotFound { nearest } => {
            let names = list_of_names(nearest.iter().map(String::as_str), NAMES);
            vec![say!["The nearest names are "].then(names).then(say!["."])]
        }
        Finding::AccountAmbiguous { candidates } => {
            let ids = list_of_names(candidates.iter().map(|account| account.id.as_str()), NAMES);
            vec![say!["Their numbers are "].then(ids).then(say!["."])]
        }
        Finding::AccountNotActive { .. } => {
            vec![say!["Nobody sees it until it is active again, whatever access they have."]]
        }
        Finding::AtTheIdp(finding) => at_the_idp::evidence::evidence(diagnosis, finding, whom),
        Finding::UserNotProvisioned { missed } => {
            let mut lines = vec![say![
                "Identity Center has nobody with the user name or e-mail address ",
                name(&diagnosis.question.subject),
                "."
            ]];
            if let Some(person) = &diagnosis.idp_person {
                lines.extend(of_somebody_absent(diagnosis, person, missed.as_ref(), whom));
            }
            lines
        }
        Finding::UserDisabled { enabled_at_the_idp } => vec![say![
            whom.subject(),
            " ",
            whom.verb("have", "has"),
            " a record in Identity Center, and it is disabled, so that nothing opens.",
            if *enabled_at_the_idp { still_enabled(diagnosis) } else { String::new() }
        ]],
        Finding::UserAmbiguous { .. } => vec![say![
            "The user name ",
            name(&diagnosis.question.subject),
            " belongs to one record and the e-mail address to another. Access given to one does not show for the other."
        ]],
        Finding::GroupNotSynced { by_hand, at_the_idp: Some(group), refused } => {
            held(diagnosis, by_hand, group, refused.as_deref(), whom)
        }
        Finding::GroupNotSynced { by_hand, at_the_idp: None, .. } => vec![say![
            "The access is on ",
            name(&by_hand.name),
            made(by_hand, diagnosis),
            ", while ",
            whom.object(),
            " ",
            whom.verb("come", "comes"),
            " from the company directory. AWS keeps one group of a name: the hand-made one holds it, and the synced one was refused."
        ]],
        Finding::MembershipNotSynced { groups } => without_the_person(diagnosis, groups, whom),
        Finding::DuplicateGroup { own, assigned, likeness } => vec![say![
            whom.subject(),
            " ",
            whom.verb("are", "is"),
            " in ",
            group_of_theirs(diagnosis, &own.name),
            made(own, diagnosis),
            ". The access is on ",
            name(&assigned.name),
            made(assigned, diagnosis),
            ", which ",
            whom.object(),
            " ",
            whom.verb("are", "is"),
            " not in. ",
            how_alike(*likeness, own, assigned)
        ]],
        Finding::DanglingAssignment { to_a_user } => vec![say![
            "The assignment on ",
            account(),
            " names a ",
            if *to_a_user { "user" } else { "group" },
            " that is not in Identity Center any more. One deleted and made again under the same name counts as a new one, and the access stays with the old."
        ]],
        Finding::NoAssignment => vec![nothing_assigned(diagnosis, whom)],
        Finding::PermissionSetNotAssigned { .. } => through_what(diagnosis, whom),
        Finding::AssignmentInProgress { since } => vec![match since {
            Some(since) => {
                say!["The request began ", *since, " (", ago(*since, now), ") and is not finished."]
            }
            None => say!["The request is not finished."],
        }],
        Finding::AssignmentFailed { reason, at } => {
            let when =
                at.map(|at| say!["The request of ", at, " failed"]).unwrap_or(say!["The request failed"]);
            vec![match reason {
                Some(reason) => {
                    when.then(say![answer(". AWS says: ", reason, ". The help desk can read why.")])
                }
                None => when.then(say!["; AWS gives no reason."]),
            }]
        }
        Finding::PermissionSetNotProvisioned => vec![say![
            "The assignment of ",
            name(wanted_permission_set(diagnosis)),
            " is there, but ",
            account(),
            " does not have that permission set."
        ]],
        Finding::PermissionSetOutdated => vec![say![
            name(wanted_permission_set(diagnosis)),
            " was changed, and ",
            account(),
            " still has the version before. That hides nothing; some actions may be missing or left over."
        ]],
        Finding::PortalStale { member_since } => vec![match member_since {
            Some(since) => say!["It arrived in AWS ", ago(*since, now), " (", *since, ")."],
            None => say!["Everything that AWS needs is in place."],
        }],
    }
}

fn still_enabled(diagnosis: &Diagnosis) -> String {
    format!(" {} has it enabled.", the_idp(diagnosis))
}

/// A hand-made group that holds the name of the IdP's, where the IdP's was seen.
fn held(
    diagnosis: &Diagnosis,
    by_hand: &Group,
    group: &IdpGroup,
    refused: Option<&Trouble>,
    whom: &Whom,
) -> Vec<Sentence> {
    let mut lines = vec![say![
        "The access is on ",
        name(&by_hand.name),
        made(by_hand, diagnosis),
        ". ",
        whom.subject(),
        " ",
        whom.verb("are", "is"),
        " in ",
        the_idp(diagnosis),
        "'s group ",
        group_of_theirs(diagnosis, &group.name),
        ". AWS keeps one group of a name: the hand-made one holds it, and the other cannot arrive."
    ]];
    if let Some(refused) = refused {
        let at = refused.at.map_or_else(Sentence::default, |at| say![" (", at, ")"]);
        let recorded = say![the_idp(diagnosis), " recorded that AWS refused it"].then(at);
        lines.push(match &refused.reason {
            Some(reason) => {
                let says = format!("{}: {reason}", refused.code);
                recorded.then(say![answer(": ", says, ". The help desk can read why.")])
            }
            None => recorded.then(say![answer(": ", format!("{}.", refused.code), ".")]),
        });
    }
    lines
}

fn without_the_person(diagnosis: &Diagnosis, groups: &[Group], whom: &Whom) -> Vec<Sentence> {
    let opens =
        match groups {
            [] => say!["A group opens ", name(account_name(diagnosis)), ", and I could not read its name"],
            groups => list_of_names(groups.iter().map(|group| group.name.as_str()), NAMES)
                .then(say![if groups.len() == 1 { " opens it" } else { " open it" }]),
        };
    vec![
        opens.then(say![
            ", and AWS does not have ",
            whom.object(),
            if groups.len() > 1 { " in any of them." } else { " in it." }
        ]),
        what_the_idp_shows(diagnosis, whom),
    ]
}

fn what_the_idp_shows(diagnosis: &Diagnosis, whom: &Whom) -> Sentence {
    if let Some(group) = in_the_group_at_the_idp(diagnosis) {
        return say![
            the_idp(diagnosis),
            " has ",
            whom.object(),
            " in ",
            group_of_theirs(diagnosis, &group.name),
            ". Why that has not arrived in AWS I could not read."
        ];
    }
    say![
        if diagnosis.idp.is_some() {
            "I could not see enough of your company directory to tell whether "
        } else {
            "I cannot see your company directory, so I cannot tell whether "
        },
        whom.object(),
        " ",
        whom.verb("were", "was"),
        " never added there, or ",
        whom.verb("were", "was"),
        " and the change has not arrived."
    ]
}

fn nothing_assigned(diagnosis: &Diagnosis, whom: &Whom) -> Sentence {
    let account = || name(account_name(diagnosis));
    if diagnosis.question.permission_set.is_none() {
        let read = say!["I read everything that is assigned on ", account()];
        return read.then(say![", and none of it is for a group that exists, nor for ", whom.object(), "."]);
    }
    let sets: BTreeSet<&str> =
        diagnosis.routes.iter().filter_map(|route| route.permission_set_name.as_deref()).collect();
    if sets.is_empty() {
        return say!["Nothing at all is assigned on ", account(), " to a group that exists."];
    }
    say!["What is assigned on ", account(), " is "].then(list_of_names(sets, NAMES)).then(say!["."])
}

fn through_what(diagnosis: &Diagnosis, whom: &Whom) -> Vec<Sentence> {
    let through: Vec<&str> = diagnosis
        .routes
        .iter()
        .filter(|route| route.works())
        .filter_map(|route| route.group_name())
        .collect();
    if through.is_empty() {
        return vec![say!["That access was given to ", whom.object(), " directly."]];
    }
    vec![say!["That access comes through "].then(list_of_names(through, NAMES)).then(say!["."])]
}

fn what_is_in_order(diagnosis: &Diagnosis, whom: &Whom) -> Vec<Sentence> {
    let mut lines = Vec::new();
    let member = diagnosis.steps.iter().find_map(|report| match &report.note {
        Note::MemberOf { group: Some(group), .. } => Some(group),
        _ => None,
    });
    if let Some(group) = member {
        lines.push(say![
            "What I could read is in order: ",
            whom.object(),
            " ",
            whom.verb("are", "is"),
            " in ",
            group_of_theirs(diagnosis, &group.name),
            "."
        ]);
    } else if diagnosis
        .steps
        .iter()
        .any(|report| report.step == Step::DirectoryUser && report.note == Note::PersonEnabled)
    {
        lines.push(say!["AWS knows ", whom.object(), ", and nothing that I could read is wrong."]);
    }
    let unread: Vec<&str> = diagnosis
        .gaps
        .iter()
        .filter(|gap| gap.gap.kind != GapKind::NotConfigured)
        .map(|gap| gap.gap.operation.as_str())
        .collect();
    if let Some(first) = unread.first() {
        lines.push(say!["What I could not read: ", *first, "."]);
    }
    lines
}

fn made(group: &Group, diagnosis: &Diagnosis) -> String {
    let origin = if group.synced { " (comes from the company directory)" } else { " (made in AWS itself)" };
    match group.created_at {
        Some(created) if !group.synced => {
            format!(" (made in AWS itself, {})", ago(created, diagnosis.checked_at))
        }
        _ => origin.to_owned(),
    }
}

fn how_alike(likeness: Likeness, own: &Group, assigned: &Group) -> String {
    let unusual = |name: &str, other: &str| {
        let only_here = name.chars().find(|character| !character.is_ascii() && !other.contains(*character));
        only_here.map(|character| format!("U+{:04X}", u32::from(character)))
    };
    if likeness == Likeness::Same {
        return "The two have exactly the same name.".to_owned();
    }
    match (unusual(&assigned.name, &own.name), unusual(&own.name, &assigned.name)) {
        (Some(code), _) => {
            format!("The second holds the character {code}, which only looks like the first's.")
        }
        (None, Some(code)) => {
            format!("The first holds the character {code}, which only looks like the second's.")
        }
        (None, None) => "The names differ only in case, spaces or dashes.".to_owned(),
    }
}

fn wanted_permission_set(diagnosis: &Diagnosis) -> &str {
    diagnosis
        .best_route()
        .and_then(|route| route.permission_set_name.as_deref())
        .or(diagnosis.question.permission_set.as_deref())
        .unwrap_or("the permission set")
}
