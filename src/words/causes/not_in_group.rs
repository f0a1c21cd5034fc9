//! `not_in_group` in words.

use crate::diagnosis::causes::{Kept, NotInGroup, Opening};
use crate::diagnosis::facts::idp::Owner as GroupOwner;
use crate::words::action::{Next, Owner};
use crate::words::context::Context;
use crate::words::explanation::{Explain, NAMES, Texts};
use crate::words::gaps::unseen_assignments;
use crate::words::proof::{Proof, proof};
use crate::words::say::{Sentence, Whom, list_of_names, name, person, say};

/// Owners named at most: one is enough to ask.
const OWNERS: usize = 3;

pub(super) const TEXTS: Texts = Texts {
    in_short: "you are in no group that opens it",
    on_a_route: Some("not in it"),
    outage: None,
    page: PAGE,
};

impl Explain for NotInGroup {
    fn headline(&self, cx: &Context) -> Sentence {
        let whom = cx.whom;
        let has = match &cx.diagnosis.question.permission_set {
            Some(permission_set) => say![name(permission_set), " on "],
            None => say!["access to "],
        };
        say![whom.subject(), " ", whom.verb("don't", "doesn't"), " have "].then(has).then(say![
            cx.account(),
            match unseen_assignments(cx.diagnosis) {
                None => ", and nothing is broken: ",
                Some(_) => ", and I found nothing broken: ",
            },
            match whom {
                Whom::Reader => "you are not in a group that opens it",
                Whom::Other(_) => "no group that opens it has them",
            }
        ])
    }

    fn evidence(&self, cx: &Context) -> Vec<Sentence> {
        let mut lines = Vec::new();
        if let Some((first, others)) = self.openings.split_first() {
            lines.push(first_opening(&self.openings, &self.owners, first));
            lines.extend(other_openings(others));
        }
        if let Some(near) = &self.near {
            lines.push(say![
                cx.whom.subject(),
                " ",
                cx.whom.are(),
                " in ",
                cx.group_of_theirs(&near.name),
                ", whose name only looks like it; they are different groups."
            ]);
        }
        lines
    }

    fn next(&self, cx: &Context) -> Next {
        who_can_add(self, cx).with_idp_console(cx.diagnosis)
    }

    fn step_line(&self, _cx: &Context) -> Sentence {
        match self.openings.first() {
            Some(opening) => say!["not in ", name(&opening.group.name)],
            None => say!["in no group that opens it"],
        }
    }

    fn proof(&self) -> Vec<Proof> {
        let groups = self.openings.iter().map(|opening| proof("group", &opening.group.name));
        groups.chain(self.owners.iter().map(|owner| proof("owner", &owner.name))).collect()
    }
}

fn first_opening(openings: &[Opening], owners: &[GroupOwner], first: &Opening) -> Sentence {
    let opens = match openings.len() {
        1 => say!["Only ", name(&first.group.name), " opens it"],
        _ if openings.iter().all(|opening| opening.opens_accounts.is_some()) => {
            say!["The smallest that does is ", name(&first.group.name)]
        }
        _ => say!["One that does is ", name(&first.group.name)],
    };
    opens.then(with_what(first)).then(say!["."]).then(owned_by(owners))
}

fn other_openings(others: &[Opening]) -> Option<Sentence> {
    let also = match others.len() {
        0 => return None,
        1 => "One other group also opens it: ",
        _ => "Others also open it: ",
    };
    let names = list_of_names(others.iter().map(|opening| opening.group.name.as_str()), NAMES);
    Some(say![also].then(names).then(say!["."]))
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

fn owned_by(owners: &[GroupOwner]) -> Sentence {
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

fn who_can_add(NotInGroup { openings, kept, owners, .. }: &NotInGroup, cx: &Context) -> Next {
    let (kept, whom) = (*kept, cx.whom);
    let Some(first) = openings.first() else {
        return Next::new(Owner::HelpDesk, say!["ask the help desk which group is meant for this."]);
    };
    let group = || name(&first.group.name);
    if kept == Kept::ElsewhereThanTheIdp {
        return Next::new(
            Owner::HelpDesk,
            say![
                "ask the help desk who decides about ",
                group(),
                ": ",
                cx.idp(),
                " has no group of that name, so it may be kept in Identity Center."
            ],
        );
    }
    match owners.first() {
        Some(owner) => Next::new(
            Owner::You,
            say![
                "ask ",
                person(&owner.name, owner.email.as_deref()),
                " to add ",
                whom.object(),
                " to ",
                group(),
                "."
            ],
        ),
        None => Next::new(
            Owner::HelpDesk,
            say!["the help desk finds out who may add ", whom.object(), " to ", group(), "."],
        ),
    }
}

const PAGE: &str = r"# not_in_group: the person is in no group that opens the account

## What it means
Nothing is broken. Groups open this account, and the identity provider has the
person in none of them, not even through a group inside one. They never had
the access, or it was taken away.

## How it is detected
The groups that are assigned on the account in Identity Center are compared
with the person's groups at the identity provider: by external id first, by
exact name second. A group whose name only looks alike is mentioned, and never
taken for the same.

The groups are listed with the one that opens the fewest accounts first, as
ListAccountAssignmentsForPrincipal counts them (the management account only).

## How it is fixed
The group's owner adds the person, where they always do. The bot grants
nothing; it can ask the owner.
";
