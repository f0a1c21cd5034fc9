//! `sync_pending` in words.

use jiff::SignedDuration;

use crate::diagnosis::causes::SyncPending;
use crate::words::action::{Next, Owner};
use crate::words::context::Context;
use crate::words::explanation::{Explain, Outage, Texts};
use crate::words::proof::{Proof, cycles, proof};
use crate::words::say::{Sentence, say};

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
        match self.queued_since {
            Some(_) => {
                say![cx.account(), " is on its way: AWS does not know ", cx.whom.object(), " yet"]
            }
            None => say![
                cx.account(),
                " is on its way: ",
                cx.whom.possessive(),
                " group change has not reached AWS yet"
            ],
        }
    }

    fn evidence(&self, cx: &Context) -> Vec<Sentence> {
        let mut lines = vec![cx.membership(&self.group, self.added_at), when_it_is_sent(self, cx)];
        if self.interval.is_some() && self.failed_cycles > 0 {
            let runs = if self.failed_cycles == 1 { "run" } else { "runs" };
            lines
                .push(say![format!("Its last {} {runs} failed, and it goes on trying.", self.failed_cycles)]);
        }
        lines
    }

    fn next(&self, cx: &Context) -> Next {
        match self.next_due {
            Some(due) if due > cx.diagnosis.checked_at => {
                Next::new(Owner::Nobody, say!["nothing to do; wait until about ", due, ", then check again."])
                    .again_at(Some(due))
            }
            _ if self.queued_since.is_some() => Next::new(
                Owner::Nobody,
                say!["nothing to do; Okta sends what it has queued by itself. Check again later."],
            ),
            _ => Next::new(Owner::Nobody, say!["nothing to do; check again in a few minutes."])
                .again_in_a_few_minutes(cx.diagnosis),
        }
        .with_idp_console(cx.diagnosis)
    }

    fn step_line(&self, _cx: &Context) -> Sentence {
        if self.queued_since.is_some() {
            return say!["queued for AWS, and not sent yet"];
        }
        if self.added_at < self.last_sent {
            return match self.next_due {
                Some(next) => say!["the change came while the last cycle ran; next about ", next],
                None => say!["the change came while the last was sent"],
            };
        }
        match (self.last_sent, self.next_due) {
            (Some(last), Some(next)) => {
                say!["last cycle ended ", last, ", before the change; next about ", next]
            }
            (Some(last), None) => say!["sent last ", last, ", before the change"],
            (None, _) => say!["the change has not been sent yet"],
        }
    }

    fn proof(&self) -> Vec<Proof> {
        let group = std::iter::once(proof("group", &self.group.name));
        let added = self.added_at.map(|at| proof("added", at));
        group.chain(added).chain(cycles(self.last_sent, self.next_due)).collect()
    }
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

const PAGE: &str = r"# sync_pending: the change is on its way

## What it means
The person was added to the group, and nothing is wrong: the identity provider
has not sent the change yet.

## How it is detected
The time at which the person was added, from the directory audit (Entra ID) or
the System Log (Okta), is later than the last completed cycle began or the
group was last pushed. Entra ID has a schedule, so the next run is named. Okta
sends changes as they happen and has none: half an hour is the limit, after
which the change counts as missed.

## How it is fixed
By itself. Check again after the time that the report names. Where the help
desk may force a synchronization, they can send this one change at once.
";
