//! What was seen at the IdP: the evidence behind the headline.

use jiff::{SignedDuration, Timestamp};

use super::{attribute_in_words, the_application, the_idp};
use crate::diagnosis::Diagnosis;
use crate::diagnosis::causes::{IdpFinding, Opening};
use crate::diagnosis::facts::idp::{
    Idp, IdpGroup, IdpPerson, Owner, Quarantine, SyncState, TroubleAbout, TroubleKind,
};
use crate::diagnosis::routes::{Failed, Missed, Pending, Stopped, WhyStopped};
use crate::words::say::{Sentence, Whom, ago, answer, group_of_theirs, list_of_names, name, person, say};

/// Groups named in one sentence at most; all are in the JSON report.
const NAMES: usize = 5;
/// Owners named at most: one is enough to ask.
const OWNERS: usize = 3;

/// The sentences of evidence, each complete.
pub(in crate::words) fn evidence(diagnosis: &Diagnosis, finding: &IdpFinding, whom: &Whom) -> Vec<Sentence> {
    let idp = the_idp(diagnosis);
    match finding {
        IdpFinding::UserNotInIdp => vec![say![
            idp,
            " has nobody with the user name or e-mail address ",
            name(&diagnosis.question.subject),
            "."
        ]],
        IdpFinding::UserDisabledInIdp { status } => {
            let state = match status {
                Some(status) => say![" (", name(status), ")"],
                None => Sentence::default(),
            };
            vec![
                say![idp, " has ", whom.object(), " disabled"]
                    .then(state)
                    .then(say![", so that signing in is refused, whatever AWS still has."]),
            ]
        }
        IdpFinding::NotInGroup { openings, owners, near } => {
            who_opens_it(diagnosis, openings, owners, near.as_ref(), whom)
        }
        IdpFinding::NestedMembership { outer, inner } => {
            let inner = match inner {
                Some(inner) => say![group_of_theirs(diagnosis, &inner.name)],
                None => say!["a group"],
            };
            vec![
                say![name(&outer.name), " opens it. ", whom.subject(), " ", whom.verb("are", "is"), " in "]
                    .then(inner)
                    .then(say![", which is inside it. ", idp, " sends only the direct members of a group."]),
            ]
        }
        IdpFinding::GroupNotAssignedToApp { group } => vec![
            whose_group(diagnosis, group, None, whom),
            match diagnosis.idp {
                Some(Idp::Okta) => say![name(&group.name), " has no group push mapping in "]
                    .then(the_application(diagnosis))
                    .then(say![", so its members are not sent to AWS."]),
                _ => say![name(&group.name), " is not assigned to "]
                    .then(the_application(diagnosis))
                    .then(say![", so it is not sent to AWS."]),
            },
        ],
        IdpFinding::UserNotAssignedToApp { group } => vec![
            say![
                idp,
                " pushes ",
                name(&group.name),
                " to AWS, and leaves out members who are not assigned to "
            ]
            .then(the_application(diagnosis))
            .then(say![
                " themselves. ",
                whom.subject(),
                " ",
                whom.verb("are", "is"),
                " in the group and not assigned."
            ]),
        ],
        IdpFinding::SyncStopped(stopped) => why_stopped(diagnosis, stopped, whom),
        IdpFinding::SyncPending(pending) => on_its_way(diagnosis, pending, whom),
        IdpFinding::SyncError(failed) => {
            let lacks = diagnosis.idp_person.as_ref().and_then(what_is_missing);
            let lacks = lacks.filter(|_| failed.trouble.about == TroubleAbout::Person);
            std::iter::once(logged(diagnosis, failed, whom)).chain(lacks).collect()
        }
        IdpFinding::MembershipMissed(missed) => vec![left_out(diagnosis, missed, whom)],
    }
}

fn who_opens_it(
    diagnosis: &Diagnosis,
    openings: &[Opening],
    owners: &[Owner],
    near: Option<&IdpGroup>,
    whom: &Whom,
) -> Vec<Sentence> {
    let mut lines = Vec::new();
    if let Some((first, others)) = openings.split_first() {
        let opens = match openings.len() {
            1 => say!["Only ", name(&first.group.name), " opens it"],
            _ if openings.iter().all(|opening| opening.opens_accounts.is_some()) => {
                say!["The smallest that does is ", name(&first.group.name)]
            }
            _ => say!["One that does is ", name(&first.group.name)],
        };
        lines.push(opens.then(with_what(first)).then(say!["."]).then(owned_by(owners)));
        if !others.is_empty() {
            let names = list_of_names(others.iter().map(|opening| opening.group.name.as_str()), NAMES);
            let also =
                if others.len() == 1 { "One other group also opens it: " } else { "Others also open it: " };
            lines.push(say![also].then(names).then(say!["."]));
        }
    }
    if let Some(near) = near {
        lines.push(say![
            whom.subject(),
            " ",
            whom.verb("are", "is"),
            " in ",
            group_of_theirs(diagnosis, &near.name),
            ", whose name only looks like it; they are different groups."
        ]);
    }
    lines
}

fn with_what(opening: &Opening) -> Sentence {
    let accounts = match opening.opens_accounts {
        Some(0 | 1) => Some(say!["on this account only"]),
        Some(count) => Some(say![format!("on {count} accounts")]),
        None => None,
    };
    match (&opening.permission_set, accounts) {
        (Some(permission_set), Some(accounts)) => {
            say![" (", name(permission_set), ", "].then(accounts).then(say![")"])
        }
        (Some(permission_set), None) => say![" (", name(permission_set), ")"],
        (None, Some(accounts)) => say![" ("].then(accounts).then(say![")"]),
        (None, None) => Sentence::default(),
    }
}

fn owned_by(owners: &[Owner]) -> Sentence {
    match owners {
        [] => Sentence::default(),
        [owner] => say![" Its owner is ", person(&owner.name, owner.email.as_deref()), "."],
        several => {
            let mut sentence = say![" Its owners are "];
            for (position, owner) in several.iter().take(OWNERS).enumerate() {
                let joint = match position {
                    0 => "",
                    _ if position + 1 == several.len() => " and ",
                    _ => ", ",
                };
                sentence = sentence.then(say![joint, person(&owner.name, owner.email.as_deref())]);
            }
            sentence.then(say!["."])
        }
    }
}

fn whose_group(diagnosis: &Diagnosis, group: &IdpGroup, since: Option<Timestamp>, whom: &Whom) -> Sentence {
    match since {
        Some(since) => say![
            whom.subject(),
            " ",
            whom.verb("were", "was"),
            " added to ",
            name(&group.name),
            " ",
            since,
            ", ",
            ago(since, diagnosis.checked_at),
            "."
        ],
        None => say![
            whom.subject(),
            " ",
            whom.verb("are", "is"),
            " in ",
            name(&group.name),
            " at ",
            the_idp(diagnosis),
            "."
        ],
    }
}

fn why_stopped(diagnosis: &Diagnosis, stopped: &Stopped, whom: &Whom) -> Vec<Sentence> {
    let idp = the_idp(diagnosis);
    let application = || the_application(diagnosis);
    let member = whose_group(diagnosis, &stopped.group, None, whom);
    let why = match &stopped.why {
        WhyStopped::State(SyncState::Quarantine(quarantine)) => quarantined(idp, quarantine),
        WhyStopped::State(SyncState::Paused) => {
            say!["Somebody paused the provisioning of "].then(application()).then(say!["."])
        }
        WhyStopped::State(SyncState::NeverRan) => {
            say!["The provisioning of "].then(application()).then(say![" was set up and never ran."])
        }
        WhyStopped::State(SyncState::Failing { times, code }) => say![
            format!("The last {times} runs failed"),
            answer(", with ", code, ""),
            ": AWS refuses the credential that ",
            idp,
            " uses."
        ],
        WhyStopped::State(SyncState::Off | SyncState::Running | SyncState::Other(_)) => {
            say!["The provisioning of "].then(application()).then(say![" is switched off."])
        }
        WhyStopped::GroupsNotSent => {
            say!["The provisioning of "].then(application()).then(say![" sends people and no groups."])
        }
        WhyStopped::PushOff => {
            say![
                "The push of ",
                name(&stopped.group.name),
                " is switched off, so its changes stay in ",
                idp,
                "."
            ]
        }
        WhyStopped::CredentialRefused(at) => say!["AWS refused the credential that ", idp, " uses"]
            .then(when(*at))
            .then(say![". It is most likely out of date: such a token lives one year."]),
    };
    vec![member, why]
}

fn quarantined(idp: &str, quarantine: &Quarantine) -> Sentence {
    let since = match quarantine.since {
        Some(since) => say![" since ", since],
        None => Sentence::default(),
    };
    let next = match quarantine.next_attempt {
        Some(next) => say![" and tries again ", next],
        None => Sentence::default(),
    };
    let opening = say![format!("{idp} has had the provisioning in quarantine")];
    opening.then(since).then(next).then(say![answer(" ", format!("({})", quarantine.reason), ""), "."])
}

fn on_its_way(diagnosis: &Diagnosis, pending: &Pending, whom: &Whom) -> Vec<Sentence> {
    let idp = the_idp(diagnosis);
    let mut lines = vec![whose_group(diagnosis, &pending.group, pending.added_at, whom)];
    let Some(interval) = pending.interval else {
        lines.push(match pending.queued_since {
            Some(since) => {
                say![
                    idp,
                    " has ",
                    whom.object(),
                    " queued for AWS since ",
                    since,
                    ", ",
                    ago(since, diagnosis.checked_at),
                    "."
                ]
            }
            None => say![idp, " sends changes to AWS as they happen, and this one has not arrived yet."],
        });
        return lines;
    };
    let every = say![format!("{idp} sends changes to AWS about every {}", in_minutes(interval))];
    lines.push(match pending.next_due {
        Some(next) if next > diagnosis.checked_at => {
            every.then(say!["; the next run is due about ", next, "."])
        }
        _ => every.then(say!["; the next run is due now."]),
    });
    if pending.failed_cycles > 0 {
        let runs = if pending.failed_cycles == 1 { "run" } else { "runs" };
        lines.push(say![format!("Its last {} {runs} failed, and it goes on trying.", pending.failed_cycles)]);
    }
    lines
}

fn in_minutes(interval: SignedDuration) -> String {
    match interval.as_mins() {
        1 => "minute".to_owned(),
        minutes if minutes >= 120 => format!("{} hours", minutes / 60),
        minutes => format!("{minutes} minutes"),
    }
}

fn logged(diagnosis: &Diagnosis, Failed { group, trouble }: &Failed, whom: &Whom) -> Sentence {
    let about = match trouble.about {
        TroubleAbout::Person => say![whom.object()],
        TroubleAbout::Group(_) => say!["the group ", name(&group.name)],
    };
    let log =
        say![the_idp(diagnosis), "'s record for "].then(about).then(say![" says"]).then(when(trouble.at));
    let instead = match trouble.kind {
        TroubleKind::NameTaken => " that AWS has that name already. The help desk can read the rest.",
        TroubleKind::Attribute => {
            " that AWS did not accept what is filled in there. The help desk can read the rest."
        }
        TroubleKind::CredentialRefused => {
            " that AWS refused its credential. The help desk can read the rest."
        }
        TroubleKind::Other => " that it failed. The help desk can read why.",
    };
    match &trouble.reason {
        Some(reason) => log.then(say![answer(": ", format!("{}: {reason}", trouble.code), instead)]),
        None => log.then(say![answer(": ", format!("{}.", trouble.code), instead)]),
    }
}

fn left_out(diagnosis: &Diagnosis, missed: &Missed, whom: &Whom) -> Sentence {
    let added = match missed.added_at {
        Some(added_at) => whose_group(diagnosis, &missed.group, Some(added_at), whom),
        None => whose_group(diagnosis, &missed.group, None, whom).then(say![
            " ",
            the_idp(diagnosis),
            "'s records do not say since when: that was only minutes ago, or longer ago than they reach back."
        ]),
    };
    let sent = match (missed.last_sent, missed.was_sent_since()) {
        (Some(last), true) => say![" Changes were last sent to AWS ", last, ", without an error,"],
        (Some(last), false) => say![" The group was last sent to AWS ", last, ", before that,"],
        (None, _) => say![" No error is recorded,"],
    };
    added.then(sent).then(say![" and AWS still does not have ", whom.object(), " in it."])
}

/// When something was recorded, where that is known.
fn when(at: Option<Timestamp>) -> Sentence {
    at.map_or_else(Sentence::default, |at| say![" (", at, ")"])
}

/// What the IdP shows of somebody whom Identity Center does not know.
pub(in crate::words) fn of_somebody_absent(
    diagnosis: &Diagnosis,
    at_the_idp: &IdpPerson,
    missed: Option<&Missed>,
    whom: &Whom,
) -> Vec<Sentence> {
    let mut lines = vec![say![the_idp(diagnosis), " has ", whom.object(), ", enabled."]];
    lines.extend(what_is_missing(at_the_idp));
    if let Some(missed) = missed {
        lines.push(left_out(diagnosis, missed, whom));
    }
    lines
}

/// What AWS requires of everybody and the IdP does not have of this person.
fn what_is_missing(person: &IdpPerson) -> Option<Sentence> {
    let lacks: Vec<&str> = person.lacks.iter().map(|one| attribute_in_words(*one)).collect();
    (!lacks.is_empty())
        .then(|| say![format!("What AWS requires and is missing there: {}.", lacks.join(", "))])
}
