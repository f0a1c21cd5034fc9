//! `dangling_assignment` in words.

use crate::diagnosis::causes::{DanglingAssignment, OfThatName};
use crate::diagnosis::facts::{FormerName, Group};
use crate::words::action::{Console, Next, Owner};
use crate::words::context::Context;
use crate::words::explanation::{Explain, NAMES, Texts};
use crate::words::proof::{Proof, proof};
use crate::words::say::{Sentence, name, say};
use crate::words::taking::remove_what_points_nowhere;

pub(super) const TEXTS: Texts = Texts {
    in_short: "the access is on a group or user that no longer exists",
    on_a_route: Some("names a group or person that no longer exists"),
    outage: None,
    page: PAGE,
};

impl Explain for DanglingAssignment {
    fn headline(&self, cx: &Context) -> Sentence {
        if self.again.is_some() {
            return cx.missing().then(say!["its access is on a deleted group, which was created again"]);
        }
        let gone = match (self.to_a_user, self.replaceable) {
            (true, _) => " is missing, and its access was given to a person's record that no longer exists",
            (false, true) => " is missing because its access was given to a group that no longer exists",
            (false, false) => " is missing, and an access to it was given to a group that no longer exists",
        };
        say![cx.account(), gone]
    }

    fn evidence(&self, cx: &Context) -> Vec<Sentence> {
        let what = if self.to_a_user { "user" } else { "group" };
        let mut lines = vec![say![
            "An assignment on ",
            cx.account(),
            format!(
                " names a {what} that is not in Identity Center any more. One deleted and made again under the same name counts as a new one, and the access stays with the old."
            )
        ]];
        match &self.former {
            Some(former) => lines.push(what_it_was_called(self, former, cx)),
            None if self.to_a_user || !self.replaceable => lines.push(say![
                format!("AWS does not say any more which {what} that was, so that it may not have been "),
                cx.whom.verb("yours", "theirs"),
                "."
            ]),
            None => lines.push(say!["AWS does not say any more which group that was."]),
        }
        let (whom, are) = (|| cx.whom.object(), cx.whom.are());
        let listed = || listed(&self.candidates, cx);
        lines.extend(match self.candidates.as_slice() {
            [] => None,
            [_] => Some(say!["It may be "].then(listed()).then(say![
                ", which came later and which ",
                whom(),
                " ",
                are,
                " in."
            ])),
            _ => Some(
                say!["It may be one of these, which came later and which ", whom(), " ", are, " in: "]
                    .then(listed())
                    .then(say!["."]),
            ),
        });
        lines
    }

    fn next(&self, cx: &Context) -> Next {
        let access = || say!["assign the access on ", cx.account()];
        let owner_says = || say!["the owner of ", cx.account(), " says which group is meant."];
        let next = |step: Sentence| Next::new(Owner::IdentityAdmin, step).with_console(Console::Accounts);
        if self.to_a_user {
            let find = say!["find out whether that was an older record of ", cx.whom.object(), "; if so, "];
            let again = find.then(access()).then(say![" to ", cx.whom.object(), " again. If not, "]);
            return next(again.then(owner_says()));
        }
        if let Some(again) = &self.again {
            let step = access().then(say![
                " to ",
                cx.that_group_of_theirs(&again.name),
                ", then ",
                remove_what_points_nowhere(&self.is_gone),
                "."
            ]);
            return next(step).with_assign_command(cx.diagnosis, &again.id.0);
        }
        if let Some(former) = &self.former {
            return match &self.elsewhere {
                OfThatName::InAwsWithoutThem(group) => {
                    let to = access().then(say![" to ", cx.group_of_theirs(&former.name)]);
                    let arrives =
                        say![", which AWS has again; the sync has to bring ", cx.whom.object(), " into it."];
                    next(to.then(arrives)).with_assign_command(cx.diagnosis, &group.0)
                }
                OfThatName::AtTheIdp => next(
                    say!["look in ", cx.idp(), " why ", cx.group_of_theirs(&former.name)]
                        .then(say![" is not sent to AWS, then "])
                        .then(access())
                        .then(say![" to it."]),
                ),
                OfThatName::Nowhere | OfThatName::Unread => {
                    next(say!["if ", cx.whom.object(), " should have access, "].then(owner_says()))
                }
            };
        }
        if let ([only], true) = (self.candidates.as_slice(), self.replaceable) {
            let to = access().then(say![" to ", cx.that_group_of_theirs(&only.name)]);
            return next(
                to.then(say![
                    ", if that is the group created again, and ",
                    remove_what_points_nowhere(&self.is_gone),
                    ". If not, "
                ])
                .then(owner_says()),
            );
        }
        let it = match self.candidates.as_slice() {
            [] => say!["the group that took its place"],
            [only] => say![cx.that_group_of_theirs(&only.name)],
            _ => say!["the one that it is now"],
        };
        next(
            say![
                "find out which group that was (CloudTrail keeps CreateGroup for 90 days); if ",
                cx.whom.object(),
                " had the access by it, "
            ]
            .then(access())
            .then(say![" to "])
            .then(it)
            .then(say![" and ", remove_what_points_nowhere(&self.is_gone), ". If not, "])
            .then(owner_says()),
        )
    }

    fn step_line(&self, _cx: &Context) -> Sentence {
        if self.to_a_user {
            say!["for a user that no longer exists"]
        } else {
            say!["for a group that no longer exists"]
        }
    }

    fn proof(&self) -> Vec<Proof> {
        let again = self.again.iter().map(|group| proof("group", &group.name));
        let former = self.former.iter().map(|former| proof("deleted group", &former.name));
        let candidates = self.candidates.iter().map(|group| proof("may be", &group.name));
        again.chain(former).chain(candidates).collect()
    }
}

fn what_it_was_called(found: &DanglingAssignment, former: &FormerName, cx: &Context) -> Sentence {
    let (whom, idp) = (cx.whom, cx.idp());
    let called = say!["The deleted group was called ", name(&former.name), " when I last saw it"];
    let called =
        called.then(cx.when(Some(former.last_seen))).then(say![". ", whom.subject(), " ", whom.are()]);
    match (&found.again, &found.elsewhere) {
        (Some(again), _) => {
            let created = again.created_at.map(|at| format!(", created {}", cx.ago(at))).unwrap_or_default();
            called.then(say![format!(" in the one that has this name now{created}.")])
        }
        (None, OfThatName::AtTheIdp | OfThatName::InAwsWithoutThem(_)) => {
            called.then(say![" in one of this name in ", idp, ", and not in AWS."])
        }
        (None, OfThatName::Nowhere) => called.then(say![" in none of this name now."]),
        (None, OfThatName::Unread) => {
            called.then(say![" perhaps in one of this name now: I could not read all groups."])
        }
    }
}

fn listed(candidates: &[Group], cx: &Context) -> Sentence {
    let shown = candidates.iter().take(NAMES).enumerate().map(|(position, group)| {
        let created = group.created_at.map(|at| format!(" (created {})", cx.ago(at))).unwrap_or_default();
        say![if position > 0 { ", " } else { "" }, cx.group_of_theirs(&group.name), created]
    });
    let more = candidates.len().saturating_sub(NAMES);
    let rest = if more > 0 { say![format!(" and {more} more")] } else { Sentence::default() };
    shown.fold(Sentence::default(), Sentence::then).then(rest)
}

const PAGE: &str = r"# dangling_assignment: the access is on a group or user that no longer exists

## What it means
The account assignment points to an id that is gone. This happens when a
group or user is deleted and created again: the name is the same, the id is
new. The console can still show the old name, and access fails.

## How it is detected
`ListAccountAssignments` names a principal id for which `DescribeGroup` or
`DescribeUser` answers ResourceNotFoundException. Being refused or slowed
down is not taken for an absence.

What a deleted group was called, AWS does not say. If a digest saw the group
before, the bot remembers its name and says whether the person is in a group
of that name now. If not, the person's groups that were created after their
record are named as what may be the deleted one.

## How it is fixed
An identity admin assigns the live group, then deletes the old assignment:

    aws sso-admin create-account-assignment --instance-arn INSTANCE_ARN \
      --permission-set-arn PERMISSION_SET_ARN --principal-type GROUP \
      --principal-id GROUP_ID --target-type AWS_ACCOUNT --target-id ACCOUNT_ID

`delete-account-assignment` takes the same options, with the old id. Nobody
is in the old group any more, so nobody loses access by this. Everyone in
the live group gains it.
Other accounts often point to the same old id. From the management account,
`aws sso-admin list-account-assignments-for-principal` may list them.
";
