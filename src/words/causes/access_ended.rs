//! `access_ended` in words.

use jiff::Timestamp;

use crate::diagnosis::causes::AccessEnded;
use crate::words::action::{Next, Owner};
use crate::words::context::Context;
use crate::words::explanation::{Explain, Texts};
use crate::words::proof::{Proof, proof};
use crate::words::say::{Sentence, name, say};

pub(super) const TEXTS: Texts =
    Texts { in_short: "you had it, and it has ended", on_a_route: Some("ended"), outage: None, page: PAGE };

impl Explain for AccessEnded {
    fn headline(&self, cx: &Context) -> Sentence {
        let what = what(self).then(say![cx.account()]);
        let until = match self.at {
            Some(at) => say![" until ", at, ", and that access has ended"],
            None => say![", and that access has ended"],
        };
        let had = match &self.through {
            // Nobody can tell that they had it.
            Some(group) if self.may_have_joined_later => say![cx.group_of_theirs(&group.name)],
            _ => say![cx.whom.subject()],
        };
        had.then(say![" had "]).then(what).then(until)
    }

    fn evidence(&self, cx: &Context) -> Vec<Sentence> {
        let what = match &self.permission_set {
            Some(permission_set) => say![name(permission_set)],
            None => say!["The access"],
        };
        let to = match &self.through {
            Some(group) => say![
                " was assigned to ",
                cx.group_of_theirs(&group.name),
                ", which ",
                cx.whom.object(),
                " ",
                cx.whom.are(),
                " in"
            ],
            None => say![" was assigned to ", cx.whom.object(), " directly"],
        };
        let ended = match self.at {
            Some(at) => say!["; that assignment was taken away ", cx.ago(at), "."],
            None => say!["; that assignment was taken away."],
        };
        vec![
            what.then(to).then(ended),
            say!["AWS does not show me who did that. A tool for temporary access ends it in this way."],
        ]
    }

    fn next(&self, cx: &Context) -> Next {
        let ask = "ask for it again in the way that it was given, such as your company's tool for temporary access, if ";
        let otherwise = " still need it. If it was meant to last, the help desk can find out who ended it.";
        Next::new(Owner::You, say![ask, cx.whom.pronoun(), otherwise])
    }

    fn step_line(&self, cx: &Context) -> Sentence {
        say!["was there, and ended"].then(cx.when(self.at))
    }

    fn proof(&self) -> Vec<Proof> {
        let set = self.permission_set.as_ref().map(|set| proof("permission set", set));
        let group = self
            .through
            .iter()
            .flat_map(|group| [proof("group", &group.name), proof("group id", &group.id.0)]);
        let ended = self.at.map(|at| proof("ended", at));
        set.into_iter().chain(group).chain(ended).collect()
    }

    fn since(&self) -> Option<Timestamp> {
        self.at
    }
}

/// `Admin on `, or what stands for it.
fn what(found: &AccessEnded) -> Sentence {
    match &found.permission_set {
        Some(permission_set) => say![name(permission_set), " on "],
        None => say!["access to "],
    }
}

const PAGE: &str = r"# access_ended: the person had the access until it was ended

## What it means
An assignment to the person, or to a group that they are in, was deleted. Tools
that give access for a while work like this: they make an assignment and delete
it when the time is over. An admin may have done it as well; AWS does not say
who it was. Nothing is broken.

## How it is detected
`ListAccountAssignmentDeletionStatus` lists deletions that have succeeded, and
`DescribeAccountAssignmentDeletionStatus` shows, for the newest three that I
have not seen yet, the account, the permission set and the principal. The
assignment is not there now, and no younger request for it is in progress or
failed. The date is that of the request. A person who joined the group after it
never had the access by it. How long AWS keeps these requests is not
documented. Both actions are optional; without them the report does not know
what ended.
An end more than 30 days ago explains only if nothing else does.

## How it is fixed
The person asks for the access again in the way in which it was given: in the
tool for temporary access, or with the owner of the account. Joining a standing
group would make it permanent, so that it is not the first remedy. If it was
meant to last, CloudTrail's event `DeleteAccountAssignment` names who ended it.
";
