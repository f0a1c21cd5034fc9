//! `membership_missed` in words.

use crate::diagnosis::causes::{MembershipMissed, Missed};
use crate::diagnosis::facts::idp::{Idp, IdpGroup};
use crate::words::action::{Next, Owner};
use crate::words::context::Context;
use crate::words::explanation::{Explain, Texts};
use crate::words::proof::{Proof, cycles, proof};
use crate::words::say::{Sentence, name, say};

pub(super) const TEXTS: Texts = Texts {
    in_short: "the change was not sent to AWS",
    on_a_route: Some(LEFT_OUT),
    outage: None,
    page: PAGE,
};

/// How a route stands on which the IdP left the person out.
pub(super) const LEFT_OUT: &str = "in it, and missing from what was sent to AWS";

impl Explain for MembershipMissed {
    fn headline(&self, cx: &Context) -> Sentence {
        let whose = cx.whom.possessive();
        cx.missing().then(match self.0.was_sent_since() {
            Some(true) => say![whose, " group change was left out when changes were sent to AWS"],
            Some(false) => say![whose, " group change was never sent to AWS"],
            None => say![whose, " group change has not arrived in AWS, and no error says why"],
        })
    }

    fn evidence(&self, cx: &Context) -> Vec<Sentence> {
        let twice = self.0.group_assigns_too.then(|| {
            say![name(&self.0.group.name), " both assigns people to "]
            .then(cx.application())
            .then(say![" and is pushed. Okta does not support one group for both: a member can be pushed before AWS knows them, and is left out."])
        });
        std::iter::once(left_out(&self.0, cx)).chain(twice).collect()
    }

    fn next(&self, cx: &Context) -> Next {
        match self.0.group_assigns_too {
            true => push_and_part(&self.0.group, cx),
            false => send_it_again(&self.0, cx),
        }
        .with_idp_console(cx.diagnosis)
    }

    fn step_line(&self, _cx: &Context) -> Sentence {
        match self.0.last_sent {
            Some(last) => match self.0.was_sent_since() {
                Some(true) => say!["sent last ", last, ", after the change, and without it"],
                Some(false) => say!["sent last ", last, ", and not since the change"],
                None => say!["sent last ", last, "; the log does not say since when the change is there"],
            },
            None => say!["the change is old, and was never sent"],
        }
    }

    fn proof(&self) -> Vec<Proof> {
        let group = std::iter::once(proof("group", &self.0.group.name));
        let added = self.0.added_at.map(|at| proof("added", at));
        group.chain(added).chain(cycles(self.0.last_sent, None)).collect()
    }
}

/// States what the IdP should have sent and AWS does not have.
pub(super) fn left_out(missed: &Missed, cx: &Context) -> Sentence {
    let added = cx.membership(&missed.group, missed.added_at);
    let added = match missed.added_at {
        Some(_) => added,
        None => added.then(say![
            " ",
            cx.whom.subject(),
            " joined it longer ago than ",
            cx.idp(),
            "'s log reaches."
        ]),
    };
    let sent = match (missed.last_sent, missed.was_sent_since()) {
        (Some(last), Some(true) | None) => {
            say![" Changes were last sent to AWS ", last, ", ", cx.ago(last), ", without an error,"]
        }
        (Some(last), Some(false)) => {
            say![" The group was last sent to AWS ", last, ", ", cx.ago(last), ", before that,"]
        }
        (None, _) => say![" No error is recorded,"],
    };
    added.then(sent).then(say![" and AWS still does not have ", cx.whom.object(), " in it."])
}

/// The remedy, since waiting does not help.
pub(super) fn send_it_again(missed: &Missed, cx: &Context) -> Next {
    Next::new(Owner::IdentityAdmin, how_to_send_it(&missed.group, cx).then(say![". Waiting will not help."]))
}

/// Pushing again helps this person, and the next one is left out again.
fn push_and_part(group: &IdpGroup, cx: &Context) -> Next {
    let then =
        say!["; that helps this once, and the next member may be left out again. For good, use two groups: one that assigns people to "]
            .then(cx.application())
            .then(say![", one that is pushed."]);
    Next::new(Owner::IdentityAdmin, how_to_send_it(group, cx).then(then))
}

/// How this membership is sent on purpose: Entra provisions on demand, Okta's console pushes a
/// group with all its members at once. Source: Okta help, "Manage Group Push".
pub(super) fn how_to_send_it(group: &IdpGroup, cx: &Context) -> Sentence {
    let group = name(&group.name);
    match cx.diagnosis.idp {
        Some(Idp::Okta) => say!["press Push now for ", group, " under Push Groups of "]
            .then(cx.application())
            .then(say![" in Okta"]),
        _ => say!["provision ", group, " with ", cx.whom.object(), " on demand in Entra ID"],
    }
}

const PAGE: &str = r#"# membership_missed: the change was left out

## What it means
The person was added long enough ago, everything ran since, no error is
logged, and AWS still does not have them in the group. Waiting will not help:
Entra ID does not look again at a member who came back into scope, and Okta
does not at one whom an earlier push left out.

## How it is detected
The time at which the person was added is earlier than the last completed
cycle began (Entra ID) or the group was last pushed (Okta; without a push since,
half an hour counts as long enough). If the log does not hold the joining, it
counts as missed if nobody has joined the group lately, or if an earlier check
saw the person in it before that cycle; else it may have been minutes ago,
which the log does not show yet (`sync_pending`).

## How it is fixed
It is sent again on purpose: "Provision on demand" for the group with this
member in Entra ID; "Push now" for the group under Push Groups of the
application in Okta. Where force_sync is on, the help desk can do it from the
report.

If one Okta group both assigns people to the application and is pushed, that
helps once, and the next person may be left out again: Okta does not support
it. Use two groups, one to assign and one to push.
"#;
