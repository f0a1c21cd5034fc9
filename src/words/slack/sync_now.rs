//! "Sync now": what is confirmed beforehand, what the IdP did step by step, and what came of it.

use jiff::Timestamp;

use super::blocks::{self, Confirmation, Line, cut};
use super::message::Message;
use crate::diagnosis::facts::Gap;
use crate::diagnosis::facts::idp::{ForcedStep, Idp, IdpGroup};
use crate::diagnosis::{Diagnosis, Verdict};
use crate::words::account::account_name;
use crate::words::gaps::kind_in_words;
use crate::words::idp::idp_name;
use crate::words::say::{Sentence, Whom, name, one_line, say};

/// Characters of a name within the confirmation, which has 300 in all.
const NAME: usize = 60;

/// Exactly what will happen, before it does.
pub(super) fn confirmation(diagnosis: &Diagnosis, group: &IdpGroup) -> Confirmation {
    let group = cut(&one_line(&group.name), NAME);
    let person = match Whom::other(diagnosis) {
        Whom::Other(name) => cut(&one_line(&name), NAME),
        Whom::Reader => "this person".to_owned(),
    };
    let text = match diagnosis.idp {
        Some(Idp::Okta) => format!(
            "Okta switches the push of the group {group} off and on again. That sends the group with all its members to AWS anew. No other group is touched."
        ),
        _ => format!(
            "Entra ID provisions {person}, then the group {group} with this one member, on demand. Nobody else is sent, and the synchronization is not restarted."
        ),
    };
    Confirmation {
        title: "Send this to AWS now?".to_owned(),
        text,
        confirm: "Sync now".to_owned(),
        deny: "Leave it".to_owned(),
    }
}

/// While the IdP is at work.
pub fn begun(diagnosis: &Diagnosis) -> Message {
    let idp = diagnosis.idp.map_or("the company directory", idp_name);
    Message::of(
        None,
        &[say![
            "I have asked ",
            idp,
            " to send it now. That can take half a minute; I tell you what it did."
        ]],
    )
}

/// What the IdP did, and that the bot goes on looking.
pub fn done(diagnosis: &Diagnosis, steps: &[ForcedStep], minutes: i64) -> Message {
    let idp = diagnosis.idp.map_or("the company directory", idp_name);
    let failed = steps.iter().any(|step| step.succeeded == Some(false));
    let unknown = steps.iter().all(|step| step.succeeded.is_none());
    let outcome = match (failed, unknown) {
        (true, _) => say![idp, " could not do all of it."],
        (false, true) => say![idp, " did not say whether it has sent it."],
        (false, false) => say![idp, " has sent it."],
    };
    let then = say![format!(
        "I look at AWS again by myself until the access is there, for {} at most.",
        in_words(minutes)
    )];
    let mut message = Message::of(Some(&outcome), &[then]);
    if !steps.is_empty() {
        message.blocks.push(blocks::list(&steps.iter().map(step_line).collect::<Vec<_>>()));
    }
    message
}

fn step_line(step: &ForcedStep) -> Line {
    let says = match (step.succeeded, &step.detail) {
        (Some(true), Some(detail)) => say![": done. ", name(detail)],
        (Some(true), None) => say![": done"],
        (Some(false), Some(detail)) => say![": failed. ", name(detail)],
        (Some(false), None) => say![": failed"],
        (None, Some(detail)) => say![": ", name(detail)],
        (None, None) => Sentence::default(),
    };
    Line::plain(&say![name(&step.name)].then(says))
}

/// The IdP refused, or could not be reached.
pub fn refused(gap: &Gap) -> Message {
    Message::of(
        Some(&say!["Nothing was sent: ", kind_in_words(gap.kind), "."]),
        &[say!["The answer to ", gap.operation.as_str(), " was: ", name(&gap.detail)]],
    )
}

/// Before the re-checked report: what came of it.
pub fn outcome(now: &Diagnosis, asked_at: Timestamp, minutes: i64) -> Message {
    let account = || name(account_name(now));
    let line = match now.verdict {
        Verdict::Access => say![account(), " is there, after the sync that was asked for ", asked_at, "."],
        Verdict::Blocked | Verdict::Undetermined => say![
            account(),
            format!(" is still not there, {} after the sync that was asked for ", in_words(minutes)),
            asked_at,
            ". The report says how it stands now."
        ],
    };
    Message::of(Some(&line), &[])
}

fn in_words(minutes: i64) -> String {
    match minutes {
        0 => "less than a minute".to_owned(),
        1 => "a minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    }
}

/// Synchronization may not be forced, or not by this person.
pub fn not_allowed() -> Message {
    Message::of(None, &[say!["Only the help desk can start a sync, and only where an admin has allowed it."]])
}

/// What was to be sent is no longer known, or no longer needs to be.
pub fn nothing_to_send() -> Message {
    Message::of(
        None,
        &[say!["There is nothing to send any more. Press \"Check again\" to see how it stands."]],
    )
}

/// The report that the button is on may no longer hold.
pub fn too_old() -> Message {
    Message::of(None, &[say!["This report is too old to act on. Press \"Check again\", then send it."]])
}

/// The same is being sent already.
pub fn under_way() -> Message {
    Message::of(None, &[say!["That sync is under way already; I tell whoever started it what comes of it."]])
}
