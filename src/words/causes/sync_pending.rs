//! `sync_pending` in words.

use jiff::{SignedDuration, Timestamp};

use super::membership_missed::how_to_send_it;
use crate::diagnosis::causes::{OnItsWay, SyncPending};
use crate::diagnosis::facts::idp::{Idp, Trouble, TroubleAbout, TroubleKind};
use crate::words::action::{Next, Owner};
use crate::words::context::Context;
use crate::words::explanation::{Explain, Outage, Texts};
use crate::words::proof::{Proof, cycles, proof};
use crate::words::say::{Sentence, answer, name, say};

pub(super) const TEXTS: Texts = Texts {
    in_short: "the change is on its way to AWS",
    on_a_route: Some("in it, and on its way to AWS"),
    outage: Some(Outage {
        what: "the synchronization to AWS is late, and changes wait for it",
        remedy: Outage::CHECK_THAT_IT_RUNS,
    }),
    page: PAGE,
};

impl Explain for SyncPending {
    fn headline(&self, cx: &Context) -> Sentence {
        let whose = cx.whom.possessive();
        let on_its_way = say![cx.account(), " is on its way: "];
        match (self.queued_since, self.change) {
            (Some(_), _) => on_its_way.then(say!["AWS does not know ", cx.whom.object(), " yet"]),
            (None, OnItsWay::Joined(_)) => {
                on_its_way.then(say![whose, " group change has not reached AWS yet"])
            }
            (None, OnItsWay::GroupAssigned(at)) => {
                on_its_way.then(say!["the group that opens it was set up for AWS only ", cx.ago(at)])
            }
            (None, OnItsWay::PersonAssigned(at)) => on_its_way.then(say![
                cx.whom.object(),
                " ",
                cx.whom.verb("were", "was"),
                " set up for AWS only ",
                cx.ago(at)
            ]),
            (None, OnItsWay::Perhaps) => {
                say![cx.account(), " may be on its way: ", whose, " group change has not reached AWS yet"]
            }
        }
    }

    fn evidence(&self, cx: &Context) -> Vec<Sentence> {
        let mut lines = vec![what_changed(self, cx)];
        lines.push(match self.change {
            OnItsWay::Perhaps if self.queued_since.is_none() => both_readings(self, cx),
            _ => when_it_is_sent(self, cx),
        });
        if self.interval.is_some() && self.failed_cycles > 0 {
            let runs = if self.failed_cycles == 1 { "run" } else { "runs" };
            lines
                .push(say![format!("Its last {} {runs} failed, and it goes on trying.", self.failed_cycles)]);
        }
        if self.is_unassigned {
            lines.push(unassigned(self, cx));
        }
        lines.extend(self.older_entry.as_ref().map(|entry| older_entry(self, entry, cx)));
        lines
    }

    fn next(&self, cx: &Context) -> Next {
        let due = self.next_due.filter(|due| *due > cx.diagnosis.checked_at);
        if self.change == OnItsWay::Perhaps && self.queued_since.is_none() {
            return wait_then_send_it(self, due, cx).with_idp_console(cx.diagnosis);
        }
        match due {
            Some(due) => {
                Next::new(Owner::Nobody, say!["nothing to do; wait until about ", due, ", then check again."])
                    .again_at(Some(due))
            }
            None if self.queued_since.is_some() => Next::new(
                Owner::Nobody,
                say!["nothing to do; Okta sends what it has queued by itself. Check again later."],
            ),
            None => Next::new(Owner::Nobody, say!["nothing to do; check again in a few minutes."])
                .again_in_a_few_minutes(cx.diagnosis),
        }
        .with_idp_console(cx.diagnosis)
    }

    fn step_line(&self, _cx: &Context) -> Sentence {
        if self.queued_since.is_some() {
            return say!["queued for AWS, and not sent yet"];
        }
        let changed_at = self.change.since();
        if changed_at.is_some() && changed_at < self.last_sent {
            return match self.next_due {
                Some(next) => say!["the change came while the last cycle ran; next about ", next],
                None => say!["the change came while the last was sent"],
            };
        }
        let before = if self.change == OnItsWay::Perhaps {
            ", perhaps before the change"
        } else {
            ", before the change"
        };
        match (self.last_sent, self.next_due) {
            (Some(last), Some(next)) => say!["last cycle ended ", last, before, "; next about ", next],
            (Some(last), None) => say!["sent last ", last, before],
            (None, _) => say!["the change has not been sent yet"],
        }
    }

    fn proof(&self) -> Vec<Proof> {
        let group = std::iter::once(proof("group", &self.group.name));
        let added = self.added_at.map(|at| proof("added", at));
        let assigned = match self.change {
            OnItsWay::GroupAssigned(at) | OnItsWay::PersonAssigned(at) => Some(proof("assigned", at)),
            OnItsWay::Joined(_) | OnItsWay::Perhaps => None,
        };
        let older = self.older_entry.iter().flat_map(|entry| {
            let at = entry.at.map(|at| proof("older entry at", at));
            std::iter::once(proof("older entry", &entry.code)).chain(at)
        });
        let changed = group.chain(added).chain(assigned);
        changed.chain(cycles(self.last_sent, self.next_due)).chain(older).collect()
    }
}

/// States which of the changes is on its way.
fn what_changed(pending: &SyncPending, cx: &Context) -> Sentence {
    let (group, whom) = (name(&pending.group.name), cx.whom);
    let is_in_it = || match pending.added_at {
        Some(added_at) => {
            say![" ", whom.subject(), " ", whom.verb("have been", "has been"), " in it since ", added_at, "."]
        }
        None => say![" ", whom.subject(), " ", whom.are(), " in it already."],
    };
    match pending.change {
        OnItsWay::GroupAssigned(at) => {
            let assigned = match cx.diagnosis.idp {
                Some(Idp::Okta) => say![group, " is pushed to AWS"],
                _ => say![group, " was assigned to "].then(cx.application()),
            };
            let since = if cx.diagnosis.idp == Some(Idp::Okta) { " since " } else { " " };
            assigned.then(say![since, at, ", ", cx.ago(at), "."]).then(is_in_it())
        }
        OnItsWay::PersonAssigned(at) => say![whom.subject(), " ", whom.verb("were", "was"), " assigned to "]
            .then(cx.application())
            .then(say![" ", at, ", ", cx.ago(at), "."]),
        OnItsWay::Joined(_) | OnItsWay::Perhaps => cx.membership(&pending.group, pending.added_at),
    }
}

/// What is younger than the log's own delay looks like what is older than its reach.
fn both_readings(pending: &SyncPending, cx: &Context) -> Sentence {
    let brings = match (cx.diagnosis.idp, pending.next_due) {
        (Some(Idp::Okta), _) => say!["Okta sends it within half an hour"],
        (_, Some(next)) if next > cx.diagnosis.checked_at => {
            say!["the next cycle brings it (about ", next, ")"]
        }
        _ => say!["the next cycle brings it (due now)"],
    };
    say![cx.idp(), "'s log does not say since when: if that was just now, "]
        .then(brings)
        .then(say!["; if it was longer ago, it was missed."])
}

/// AWS has a group that is not assigned: Entra's scope is "sync all users and groups", or somebody has unassigned it.
fn unassigned(pending: &SyncPending, cx: &Context) -> Sentence {
    say![name(&pending.group.name), " is not assigned to "].then(cx.application()).then(say![
        ", and AWS has it from ",
        cx.idp(),
        ": it is sent only if the scope there is all users and groups."
    ])
}

/// In either reading, waiting for the next cycle and then sending it on purpose brings it.
fn wait_then_send_it(pending: &SyncPending, due: Option<Timestamp>, cx: &Context) -> Next {
    let missed = || {
        say![" If it is still missing then, an identity admin has to "]
            .then(match pending.is_unassigned {
                true => say!["assign ", name(&pending.group.name), " to "].then(cx.application()),
                false => how_to_send_it(&pending.group, cx),
            })
            .then(say!["."])
    };
    match due {
        Some(due) => Next::new(Owner::Nobody, say!["check again after about ", due, "."].then(missed()))
            .again_at(Some(due)),
        None => Next::new(Owner::Nobody, say!["check again in a few minutes."].then(missed()))
            .again_in_a_few_minutes(cx.diagnosis),
    }
}

/// What the log holds from before the change does not explain why that is missing, until the next cycle has passed.
fn older_entry(pending: &SyncPending, entry: &Trouble, cx: &Context) -> Sentence {
    let about = match entry.about {
        TroubleAbout::Person => say![cx.whom.object()],
        TroubleAbout::Group(_) => say!["the group"],
    };
    let holds = match entry.kind {
        TroubleKind::Skipped(_) => "'s log also says that it once skipped ",
        _ => "'s log also holds an old error about ",
    };
    let reason = entry.reason.as_ref().map(|reason| format!(": {}", reason.trim_end_matches('.')));
    let says = format!("{}{}", entry.code, reason.unwrap_or_default());
    let then = match (pending.interval, pending.next_due) {
        (Some(_), Some(next)) if next > cx.diagnosis.checked_at => {
            say!["only if the change is still missing after ", next, "."]
        }
        _ => say!["only if the change stays missing."],
    };
    say![cx.idp(), holds]
        .then(about)
        .then(cx.when(entry.at))
        .then(say![answer(": ", says, ""), ". It is older than this change and matters "])
        .then(then)
}

fn when_it_is_sent(pending: &SyncPending, cx: &Context) -> Sentence {
    match (pending.interval, pending.queued_since) {
        (Some(interval), _) => {
            let every =
                say![format!("{} sends changes to AWS about every {}", cx.idp(), in_minutes(interval))];
            every.then(match pending.next_due {
                Some(next) if next > cx.diagnosis.checked_at => {
                    say!["; the next run is due about ", next, "."]
                }
                _ => say!["; the next run is due now."],
            })
        }
        (None, Some(since)) => say![
            cx.idp(),
            " has ",
            cx.whom.object(),
            " queued for AWS since ",
            since,
            ", ",
            cx.ago(since),
            "."
        ],
        (None, None) => {
            say![cx.idp(), " sends changes to AWS as they happen, and this one has not arrived yet."]
        }
    }
}

fn in_minutes(interval: SignedDuration) -> String {
    match interval.as_mins() {
        1 => "minute".to_owned(),
        minutes if minutes >= 120 => format!("{} hours", minutes / 60),
        minutes => format!("{minutes} minutes"),
    }
}

const PAGE: &str = r#"# sync_pending: the change is on its way

## What it means
The person was added to the group, or the group to the application for AWS,
and nothing is wrong: the identity provider has not sent the change yet.

## How it is detected
The time of the newest of these changes is later than the last completed cycle
began (Entra ID) or the group was last pushed (Okta). Entra ID has a schedule,
so the next run is named. Okta sends changes as they happen and has none: half
an hour is the limit, after which the change counts as missed.

The time at which the person was added comes from the directory audit (Entra
ID) or the System Log (Okta). Entra ID's logs show a change only minutes
later, and the bot reads 7 days of them. If they do not hold the joining, it
was just now or longer ago: the report says both.

An error or a skip that is older than the change is mentioned and is not the
cause until the next cycle has passed without bringing the change.

## How it is fixed
By itself. Check again after the time that the report names. If the report
says that the change may have been missed and it is still missing then, send
it on purpose: "Provision on demand" in Entra ID, or switching the group's
push off and on again in Okta. Where the help desk may force a
synchronization, they can send this one change at once.
"#;
