//! `sync_stopped` in words.

use crate::diagnosis::causes::{SyncStopped, WhyStopped};
use crate::diagnosis::facts::idp::{Quarantine, SyncState};
use crate::words::action::{Next, Owner};
use crate::words::context::Context;
use crate::words::explanation::{Explain, Outage, Texts};
use crate::words::idp::state_in_words;
use crate::words::proof::{Proof, proof};
use crate::words::say::{Sentence, answer, name, say};

pub(super) const TEXTS: Texts = Texts {
    in_short: "your company directory sends nothing to AWS now",
    on_a_route: Some("in it, and nothing is sent to AWS now"),
    outage: Some(Outage {
        what: "the synchronization to AWS does not run",
        remedy: "look at the provisioning of the AWS application in your company directory, mend what it complains about and start it",
    }),
    page: PAGE,
};

impl Explain for SyncStopped {
    fn headline(&self, cx: &Context) -> Sentence {
        cx.missing().then(say![match self.why {
            WhyStopped::PushOff => "your company directory does not send this group's changes to AWS",
            WhyStopped::GroupsNotSent => "your company directory sends people to AWS and no groups",
            WhyStopped::State(_) | WhyStopped::CredentialRefused(_) => {
                "your company directory has stopped sending changes to AWS"
            }
        }])
    }

    fn evidence(&self, cx: &Context) -> Vec<Sentence> {
        vec![cx.membership(&self.group, None), why(self, cx)]
    }

    fn next(&self, cx: &Context) -> Next {
        let next = Next::new(Owner::IdentityAdmin, how_to_start(self, cx));
        match &self.why {
            WhyStopped::State(SyncState::Quarantine(quarantine)) => next.again_at(quarantine.next_attempt),
            _ => next,
        }
        .with_idp_console(cx.diagnosis)
    }

    fn step_line(&self, _cx: &Context) -> Sentence {
        say![stopped_in_words(&self.why)]
    }

    fn proof(&self) -> Vec<Proof> {
        vec![proof("group", &self.group.name), proof("state", stopped_in_words(&self.why))]
    }
}

fn why(stopped: &SyncStopped, cx: &Context) -> Sentence {
    match &stopped.why {
        WhyStopped::State(SyncState::Quarantine(quarantine)) => quarantined(quarantine, cx),
        WhyStopped::State(SyncState::Paused) => {
            say!["Somebody paused the provisioning of "].then(cx.application()).then(say!["."])
        }
        WhyStopped::State(SyncState::NeverRan) => {
            say!["The provisioning of "].then(cx.application()).then(say![" was set up and never ran."])
        }
        WhyStopped::State(SyncState::Failing { times, code }) => say![
            format!("The last {times} runs failed"),
            answer(", with ", code, ""),
            ": AWS refuses the credential that ",
            cx.idp(),
            " uses."
        ],
        WhyStopped::State(SyncState::Off | SyncState::Running | SyncState::Other(_)) => {
            say!["The provisioning of "].then(cx.application()).then(say![" is switched off."])
        }
        WhyStopped::GroupsNotSent => {
            say!["The provisioning of "].then(cx.application()).then(say![" sends people and no groups."])
        }
        WhyStopped::PushOff => {
            let off = say![
                "The push of ",
                name(&stopped.group.name),
                " is switched off, so its changes stay in ",
                cx.idp(),
                "."
            ];
            let in_aws = cx.diagnosis.best_route().and_then(|route| route.group_name());
            // Source: Okta's event catalogue, `group_push.mapping.deactivated.source.group.renamed`.
            match in_aws.filter(|in_aws| *in_aws != stopped.group.name) {
                Some(_) => off.then(say![
                    " ",
                    cx.idp(),
                    " switches it off by itself when a group is renamed, and the names differ here."
                ]),
                None => off,
            }
        }
        WhyStopped::CredentialRefused(at) => say!["AWS refused the credential that ", cx.idp(), " uses"]
            .then(cx.when(*at))
            .then(say![". It is most likely out of date: such a token lives one year."]),
    }
}

fn quarantined(quarantine: &Quarantine, cx: &Context) -> Sentence {
    let since = match quarantine.since {
        Some(since) => say![" since ", since],
        None => Sentence::default(),
    };
    let next = match quarantine.next_attempt {
        Some(next) => say![" and tries again ", next],
        None => Sentence::default(),
    };
    let opening = say![format!("{} has had the provisioning in quarantine", cx.idp())];
    opening.then(since).then(next).then(say![answer(" ", format!("({})", quarantine.reason), ""), "."])
}

/// The remedy by Entra's reason. Source: Microsoft Graph, `quarantineReason` of `synchronizationQuarantine`; Microsoft
/// Entra, "Application provisioning in quarantine status".
fn out_of_quarantine(quarantine: &Quarantine, cx: &Context) -> Sentence {
    let application = || cx.application();
    match quarantine.reason.as_str() {
        "EncounteredQuarantineException" => say!["test the connection of "]
            .then(application())
            .then(say![" and mend what it complains about, most often an access token that is out of date; then start provisioning again."]),
        "TooManyDeletes" => say!["decide in the provisioning of "]
            .then(application())
            .then(say![" whether the deletions that it holds back are meant, and allow or reject them. The access token is fine."]),
        "EncounteredBaseEscrowThreshold"
        | "EncounteredTotalEscrowThreshold"
        | "EncounteredEscrowProportionThreshold" => say!["too many entries fail: fix the errors in the provisioning log of "]
            .then(application())
            .then(say![", then start provisioning again."]),
        _ => say!["read the reason in the provisioning of "]
            .then(application())
            .then(say![" and fix it; then start provisioning again."]),
    }
}

fn how_to_start(stopped: &SyncStopped, cx: &Context) -> Sentence {
    match &stopped.why {
        WhyStopped::State(SyncState::Quarantine(quarantine)) => out_of_quarantine(quarantine, cx),
        WhyStopped::State(SyncState::Failing { .. }) | WhyStopped::CredentialRefused(_) => {
            say!["make a new access token in Identity Center, put it into "]
                .then(cx.application())
                .then(say![" and start provisioning again."])
        }
        WhyStopped::State(SyncState::Paused) => say!["find out why the provisioning of "]
            .then(cx.application())
            .then(say![" was paused, and start it."]),
        WhyStopped::State(_) => say!["switch the provisioning of "].then(cx.application()).then(say![" on."]),
        WhyStopped::GroupsNotSent => say!["switch on the provisioning of groups in the mappings of "]
            .then(cx.application())
            .then(say!["."]),
        WhyStopped::PushOff => say!["switch the push of ", name(&stopped.group.name), " on again."],
    }
}

/// Why nothing is sent, in a few words.
fn stopped_in_words(why: &WhyStopped) -> &'static str {
    match why {
        WhyStopped::State(state) => state_in_words(state),
        WhyStopped::GroupsNotSent => "runs without groups",
        WhyStopped::PushOff => "the push of this group is switched off",
        WhyStopped::CredentialRefused(_) => "AWS refuses the credential",
    }
}

const PAGE: &str = r"# sync_stopped: the identity provider sends nothing to AWS

## What it means
Everything before is in order, and no change reaches AWS: provisioning is
switched off, paused or in quarantine, never ran, leaves out groups, or AWS
refuses the access token that the identity provider uses. Usually it hits many
people at once.

## How it is detected
Entra ID: the state of the synchronization job and its quarantine, whether its
mapping sends groups, and its last errors. Okta: the application's provisioning
connection and features, and the state of the group push mapping. Refused
credentials also show in the logs of either.

## How it is fixed
An identity admin mends what stopped it and starts it again. An access token
for automatic provisioning lives one year; a new one is made in the settings of
Identity Center. In quarantine Entra ID tries once a day at last, and gives up
after four weeks. A full restart is not needed and may lose events.
";
