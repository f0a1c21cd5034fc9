//! What is said of a finding at the IdP: the first sentence, the evidence, the next step, and the step's
//! line. The IdP is called by its own name, as its console is.
//!
//! Reading order: this file has the first sentence and the step's line; [`evidence`] what was seen;
//! [`next`] what to do.

pub(super) mod evidence;
pub(super) mod next;

use super::headline::account_name;
use super::say::{Sentence, Whom, answer, group_of_theirs, name, say};
use crate::diagnosis::Diagnosis;
use crate::diagnosis::causes::IdpFinding;
use crate::diagnosis::facts::idp::{Idp, RequiredAttribute, SyncState, TroubleAbout};
use crate::diagnosis::routes::WhyStopped;

/// The IdP by the name that people know it by.
pub fn idp_name(idp: Idp) -> &'static str {
    match idp {
        Idp::Entra => "Entra ID",
        Idp::Okta => "Okta",
    }
}

/// The connected IdP by name; the words before it is known which.
pub(super) fn the_idp(diagnosis: &Diagnosis) -> &'static str {
    diagnosis.idp.map_or("the company directory", idp_name)
}

/// The IdP's application for AWS by its name there.
pub(super) fn the_application(diagnosis: &Diagnosis) -> Sentence {
    match &diagnosis.application {
        Some(application) => say![name(&application.name)],
        None => say!["the application for AWS"],
    }
}

/// The answer in one sentence, without its full stop.
pub(super) fn headline(diagnosis: &Diagnosis, finding: &IdpFinding, whom: &Whom) -> Sentence {
    let account = || name(account_name(diagnosis));
    let missing = || say![account(), " is missing because "];
    match finding {
        IdpFinding::UserNotInIdp => {
            missing().then(say!["your company directory does not know ", whom.object()])
        }
        IdpFinding::UserDisabledInIdp { .. } => missing().then(say![
            whom.object(),
            " ",
            whom.verb("are", "is"),
            " disabled in your company directory"
        ]),
        IdpFinding::NotInGroup { .. } => never_had_it(diagnosis, whom),
        IdpFinding::NestedMembership { .. } => missing().then(say![
            whom.object(),
            " ",
            whom.verb("are", "is"),
            " in a group inside the one that opens it, and only its direct members are sent to AWS"
        ]),
        IdpFinding::GroupNotAssignedToApp { .. } => {
            missing().then(say!["the group that should open it is not sent to AWS"])
        }
        IdpFinding::UserNotAssignedToApp { .. } => missing().then(say![
            "the group that opens it is sent to AWS, and ",
            whom.object(),
            " ",
            whom.verb("are", "is"),
            " not"
        ]),
        IdpFinding::SyncStopped(stopped) => missing().then(say![match stopped.why {
            WhyStopped::PushOff => "your company directory does not send this group's changes to AWS",
            WhyStopped::GroupsNotSent => "your company directory sends people to AWS and no groups",
            WhyStopped::State(_) | WhyStopped::CredentialRefused(_) => {
                "your company directory has stopped sending changes to AWS"
            }
        }]),
        IdpFinding::SyncPending(pending) if pending.queued_since.is_some() => {
            say![account(), " is on its way: AWS does not know ", whom.object(), " yet"]
        }
        IdpFinding::SyncPending(_) => {
            say![account(), " is on its way: ", whose(whom), " group change has not reached AWS yet"]
        }
        IdpFinding::SyncError(failed) => match failed.trouble.about {
            TroubleAbout::Person => missing().then(say!["sending ", whom.object(), " to AWS failed"]),
            TroubleAbout::Group(_) => missing().then(say!["sending the group that opens it to AWS failed"]),
        },
        IdpFinding::MembershipMissed(missed) if !missed.was_sent_since() => {
            missing().then(say![whose(whom), " group change was never sent to AWS"])
        }
        IdpFinding::MembershipMissed(_) => {
            missing().then(say![whose(whom), " group change was left out when changes were sent to AWS"])
        }
    }
}

fn never_had_it(diagnosis: &Diagnosis, whom: &Whom) -> Sentence {
    let has = match &diagnosis.question.permission_set {
        Some(permission_set) => say![name(permission_set), " on "],
        None => say!["access to "],
    };
    say![whom.subject(), " ", whom.verb("don't", "doesn't"), " have "].then(has).then(say![
        name(account_name(diagnosis)),
        ", and nothing is broken: ",
        match whom {
            Whom::Reader => "you are not in a group that opens it",
            Whom::Other(_) => "no group that opens it has them",
        }
    ])
}

fn whose(whom: &Whom) -> &'static str {
    match whom {
        Whom::Reader => "your",
        Whom::Other(_) => "the",
    }
}

/// The step's own line, without a full stop.
pub(super) fn step_line(diagnosis: &Diagnosis, finding: &IdpFinding) -> Sentence {
    match finding {
        IdpFinding::UserNotInIdp => say!["not in ", the_idp(diagnosis)],
        IdpFinding::UserDisabledInIdp { .. } => say!["disabled in ", the_idp(diagnosis)],
        IdpFinding::NotInGroup { openings, .. } => match openings.first() {
            Some(opening) => say!["not in ", name(&opening.group.name)],
            None => say!["in no group that opens it"],
        },
        IdpFinding::NestedMembership { outer, inner } => match inner {
            Some(inner) => {
                say![
                    "only in ",
                    group_of_theirs(diagnosis, &inner.name),
                    ", which is inside ",
                    name(&outer.name)
                ]
            }
            None => say!["only in a group inside ", name(&outer.name)],
        },
        IdpFinding::GroupNotAssignedToApp { group } => match diagnosis.idp {
            Some(Idp::Okta) => say![name(&group.name), " is not pushed"],
            _ => say![name(&group.name), " is not assigned"],
        },
        IdpFinding::UserNotAssignedToApp { .. } => say!["the person is not assigned"],
        IdpFinding::SyncStopped(stopped) => say![stopped_in_words(&stopped.why)],
        IdpFinding::SyncPending(pending) if pending.queued_since.is_some() => {
            say!["queued for AWS, and not sent yet"]
        }
        IdpFinding::SyncPending(pending) if pending.added_at < pending.last_sent => match pending.next_due {
            Some(next) => say!["the change came while the last cycle ran; next about ", next],
            None => say!["the change came while the last was sent"],
        },
        IdpFinding::SyncPending(pending) => match (pending.last_sent, pending.next_due) {
            (Some(last), Some(next)) => {
                say!["last cycle ended ", last, ", before the change; next about ", next]
            }
            (Some(last), None) => say!["sent last ", last, ", before the change"],
            (None, _) => say!["the change has not been sent yet"],
        },
        IdpFinding::SyncError(failed) => say!["failed", answer(": ", &failed.trouble.code, "")],
        IdpFinding::MembershipMissed(missed) => match missed.last_sent {
            Some(last) if missed.was_sent_since() => {
                say!["sent last ", last, ", after the change, and without it"]
            }
            Some(last) => say!["sent last ", last, ", and not since the change"],
            None => say!["the change is old, and was never sent"],
        },
    }
}

/// Why nothing is sent, in a few words.
pub fn stopped_in_words(why: &WhyStopped) -> &'static str {
    match why {
        WhyStopped::State(state) => state_in_words(state),
        WhyStopped::GroupsNotSent => "runs without groups",
        WhyStopped::PushOff => "the push of this group is switched off",
        WhyStopped::CredentialRefused(_) => "AWS refuses the credential",
    }
}

/// How synchronization stands, in a few words.
pub fn state_in_words(state: &SyncState) -> &'static str {
    match state {
        SyncState::Running => "runs",
        SyncState::Off => "switched off",
        SyncState::Paused => "paused",
        SyncState::NeverRan => "never ran",
        SyncState::Quarantine(_) => "in quarantine",
        SyncState::Failing { .. } => "fails",
        SyncState::Other(_) => "in an unknown state",
    }
}

/// An attribute as the consoles call it.
pub(super) fn attribute_in_words(attribute: RequiredAttribute) -> &'static str {
    match attribute {
        RequiredAttribute::FirstName => "first name",
        RequiredAttribute::LastName => "last name",
        RequiredAttribute::DisplayName => "display name",
    }
}
