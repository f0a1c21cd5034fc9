//! `sync_error` in words.

use super::user_not_provisioned::what_is_missing;
use crate::diagnosis::causes::SyncError;
use crate::diagnosis::facts::idp::{Trouble, TroubleAbout, TroubleKind};
use crate::diagnosis::harm::{NameTaken, TargetDeleted};
use crate::words::action::{Next, Owner};
use crate::words::context::Context;
use crate::words::explanation::{Explain, Outage, Texts};
use crate::words::proof::{Proof, proof};
use crate::words::say::{Sentence, answer, name, say};
use crate::words::taking::{rename_or_remove_it, restart};

pub(super) const TEXTS: Texts = Texts {
    in_short: "sending the change to AWS failed",
    on_a_route: Some("in it, and sending it to AWS failed"),
    outage: Some(Outage {
        what: "the synchronization to AWS reports errors",
        remedy: "look into the provisioning log of the AWS application in your company directory for what is refused",
    }),
    page: PAGE,
};

/// Only Entra's log advises anything.
const ADVISES: &str = " Entra ID advises: ";

impl Explain for SyncError {
    fn headline(&self, cx: &Context) -> Sentence {
        cx.missing().then(match self.trouble.about {
            TroubleAbout::Person => say!["sending ", cx.whom.object(), " to AWS failed"],
            TroubleAbout::Group(_) => say!["sending the group that opens it to AWS failed"],
        })
    }

    fn evidence(&self, cx: &Context) -> Vec<Sentence> {
        let person = cx.diagnosis.idp_person.as_ref();
        let lacks = person.filter(|_| self.trouble.about == TroubleAbout::Person).and_then(what_is_missing);
        std::iter::once(logged(self, cx)).chain(lacks).collect()
    }

    fn next(&self, cx: &Context) -> Next {
        let step = proven(&self.trouble, cx).unwrap_or_else(|| {
            match self.trouble.kind {
                TroubleKind::Attribute => {
                    say!["fill in or mend in ", cx.idp(), " what AWS complains about; it is then sent again."]
                }
                TroubleKind::CredentialRefused | TroubleKind::Skipped(_) => {
                    say!["mend what the record complains about, then have it sent again."]
                }
                // Nobody has written down what helps: the vendor's own words have to do.
                TroubleKind::NameTaken | TroubleKind::TargetDeleted | TroubleKind::Other => {
                    say!["mend what the record complains about; all of it is in the log of "]
                        .then(cx.application())
                        .then(say![". Then have it sent again."])
                }
            }
        });
        Next::new(Owner::IdentityAdmin, step).with_idp_console(cx.diagnosis)
    }

    fn step_line(&self, _cx: &Context) -> Sentence {
        say!["failed", answer(": ", &self.trouble.code, "")]
    }

    fn proof(&self) -> Vec<Proof> {
        let what = [proof("group", &self.group.name), proof("code", &self.trouble.code)];
        let at = self.trouble.at.map(|at| proof("at", at));
        let reason = self.trouble.reason.as_ref().map(|reason| proof("reason", reason));
        what.into_iter().chain(at).chain(reason).collect()
    }
}

/// What takes something away and is known to help.
fn proven(trouble: &Trouble, cx: &Context) -> Option<Sentence> {
    let renamed = NameTaken::seen_in(trouble).map(|proof| {
        say![
            "find what in AWS has that name already, and ",
            rename_or_remove_it(&proof),
            "; ",
            cx.idp(),
            " then sends it again."
        ]
    });
    let restarted = TargetDeleted::seen_in(trouble).map(|proof| restart(&proof, cx.idp()));
    renamed.or(restarted)
}

fn logged(SyncError { group, trouble }: &SyncError, cx: &Context) -> Sentence {
    let about = match trouble.about {
        TroubleAbout::Person => say![cx.whom.object()],
        TroubleAbout::Group(_) => say!["the group ", name(&group.name)],
    };
    let instead = match trouble.kind {
        TroubleKind::NameTaken => " that AWS has that name already. The help desk can read the rest.",
        TroubleKind::Attribute => {
            " that AWS did not accept what is filled in there. The help desk can read the rest."
        }
        TroubleKind::CredentialRefused => {
            " that AWS refused its credential. The help desk can read the rest."
        }
        TroubleKind::TargetDeleted => " that what it had provisioned is not in AWS any more.",
        TroubleKind::Skipped(_) | TroubleKind::Other => " that it failed. The help desk can read why.",
    };
    let says = match &trouble.reason {
        Some(reason) => format!("{}: {reason}", trouble.code),
        None => format!("{}.", trouble.code),
    };
    say![cx.idp(), "'s record for "]
        .then(about)
        .then(say![" says"])
        .then(cx.when(trouble.at))
        .then(say![answer(": ", says, instead)])
        .then(advised(trouble))
}

/// The vendor's own remedy, where we know none.
fn advised(trouble: &Trouble) -> Sentence {
    match &trouble.advice {
        Some(advice) if trouble.kind == TroubleKind::Other => say![answer(ADVISES, advice, "")],
        _ => Sentence::default(),
    }
}

const PAGE: &str = r"# sync_error: sending the person or the group failed

## What it means
The identity provider tried to send this person or this group to AWS, and it
failed. It tries again with growing pauses, and fails again until the reason
is mended.

## How it is detected
Entra ID: the newest entry of the provisioning log for this person or group is
a failure. Okta: the group push mapping is in ERROR, the person's application
assignment is, or the System Log holds a failure that nothing succeeded after.

## How it is fixed
An identity admin mends what the error names. Often an attribute that AWS
requires is missing (first name, last name, display name), or has several
values where AWS allows one; or AWS has something of that name already.
";
