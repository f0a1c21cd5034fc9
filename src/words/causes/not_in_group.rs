//! `not_in_group` in words.

use crate::diagnosis::causes::{Kept, NotInGroup, Opening};
use crate::diagnosis::facts::Unsent;
use crate::diagnosis::facts::idp::{Filled, Idp, IdpGroup, MembershipRule, Owner as GroupOwner};
use crate::diagnosis::names::likeness;
use crate::words::action::{Next, Owner};
use crate::words::context::Context;
use crate::words::explanation::{Explain, NAMES, Texts};
use crate::words::gaps::{failed_call_for_assignments, unseen_assignments};
use crate::words::meant::{
    is_for_the_privileged, is_not_sent, what_else_is_meant, whether_it_is_meant, which_is_meant,
};
use crate::words::proof::{Proof, proof};
use crate::words::rule::attributes;
use crate::words::say::{Sentence, Whom, answer, list_of_names, name, person, say};

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
        let is_paused = matches!(self.filled, Filled::ByRule(MembershipRule { is_paused: true, .. }));
        let has_not = say![whom.subject(), " ", whom.verb("don't", "doesn't"), " have "].then(has);
        if let (true, Some(opening)) = (is_paused, self.openings.first()) {
            let paused = say![cx.account(), ": the rule that fills ", name(opening.name()), " is paused"];
            return has_not.then(paused);
        }
        has_not.then(say![
            cx.account(),
            what_is_broken(self, cx),
            match whom {
                Whom::Reader => "you are not in a group that opens it",
                Whom::Other(_) => "no group that opens it has them",
            }
        ])
    }

    fn evidence(&self, cx: &Context) -> Vec<Sentence> {
        let mut lines = Vec::new();
        if let Some((first, others)) = self.openings.split_first() {
            let owners = owned_by(&self.owners).filter(|_| which_is_meant(cx).is_none());
            lines.push(first_opening(&self.openings, first).then(owners.unwrap_or_default()));
            lines.extend(called_otherwise(first, cx));
            lines.extend(how_it_is_filled(&self.filled, first, cx));
            lines.extend(other_openings(others));
        }
        if let Some(near) = &self.near {
            lines.push(say![
                cx.whom.subject(),
                " ",
                cx.whom.are(),
                " in ",
                cx.group_of_theirs(&near.name),
                how_it_is_near(self, near)
            ]);
        }
        if let Some(lost) = &self.lost {
            let group = cx.group_of_theirs(&lost.name);
            let is_in = say![cx.whom.subject(), " ", cx.whom.are(), " in ", group, ", which ", cx.idp()];
            lines.push(is_in.then(say![
                " sends to AWS, and AWS does not have that group. Nothing says which account it is for."
            ]));
        }
        if let Some((unsent, why)) = &self.unsent {
            lines.push(is_not_sent(unsent, *why, cx));
        }
        if failed_call_for_assignments(cx.diagnosis).is_some() {
            let unseen = unseen_assignments(cx.diagnosis).unwrap_or_default();
            lines.push(say!["I did not see everything: "].then(unseen).then(say!["."]));
        } else if self.own_groups_are_unread {
            let whether =
                say!["I could not see whether AWS has every group of ", cx.whom.verb("yours", "theirs")];
            lines.push(whether.then(say![" that ", cx.idp(), " sends."]));
        }
        if let (true, Some(opening)) = (self.is_activated, self.openings.first()) {
            let group = name(opening.name());
            let whom = cx.whom;
            lines.push(
                say![
                    "Its members activate ",
                    group,
                    " in ",
                    cx.idp(),
                    " for a while, when they need it (PIM); "
                ]
                .then(say![whom.object(), " ", whom.are(), " not among those who may."]),
            );
        }
        if self.may_be_eligible {
            lines.push(say![
                cx.idp(),
                " did not show me who may activate it: if your company uses PIM for this group, activate it first."
            ]);
        }
        lines
    }

    fn next(&self, cx: &Context) -> Next {
        who_can_add(self, cx).with_idp_console(cx.diagnosis)
    }

    fn step_line(&self, _cx: &Context) -> Sentence {
        match self.openings.first() {
            Some(opening) => say!["not in ", name(opening.name())],
            None => say!["in no group that opens it"],
        }
    }

    fn proof(&self) -> Vec<Proof> {
        let groups = self.openings.iter().map(|opening| proof("group", opening.name()));
        let ids = self.openings.iter().filter_map(|opening| opening.at_the_idp.as_ref());
        groups
            .chain(ids.map(|group| proof("group id", &group.id.0)))
            .chain(self.owners.iter().map(|owner| proof("owner", &owner.name)))
            .collect()
    }
}

/// An error is never a no: nothing is called sound of which something was not read.
fn what_is_broken(found: &NotInGroup, cx: &Context) -> &'static str {
    if found.lost.is_some() || found.unsent.is_some() {
        ": "
    } else if failed_call_for_assignments(cx.diagnosis).is_some() {
        ", and I could not read everything: "
    } else if unseen_assignments(cx.diagnosis).is_some() || found.own_groups_are_unread {
        ", and I found nothing broken: "
    } else {
        ", and nothing is broken: "
    }
}

fn how_it_is_near(found: &NotInGroup, near: &IdpGroup) -> &'static str {
    let looks_like = |opening: &Opening| likeness(&opening.group.name, &near.name).is_some();
    match found.openings.iter().any(looks_like) {
        true if found.openings.iter().any(|opening| opening.group.name == near.name) => {
            ", which has the same name and is sent to another group; they are different groups."
        }
        true => ", whose name only looks like it; they are different groups.",
        false => ", whose name is almost the same; they are different groups.",
    }
}

fn first_opening(openings: &[Opening], first: &Opening) -> Sentence {
    let opens = match openings.len() {
        1 => say!["Only ", name(&first.group.name), " opens it"],
        _ if openings.iter().all(|opening| opens_no_less(opening, first)) => {
            say!["The smallest that does is ", name(&first.group.name)]
        }
        _ => say!["One that does is ", name(&first.group.name)],
    };
    opens.then(with_what(first)).then(say!["."])
}

fn opens_no_less(opening: &Opening, first: &Opening) -> bool {
    matches!((opening.opens_accounts, first.opens_accounts), (Some(other), Some(first)) if other >= first)
}

/// The IdP's own name of a group, if AWS has another.
fn called_otherwise(opening: &Opening, cx: &Context) -> Option<Sentence> {
    if opening.name() == opening.group.name {
        return None;
    }
    let calls = say![cx.idp(), " calls that group ", name(opening.name())];
    Some(calls.then(match cx.diagnosis.idp {
        Some(Idp::Okta) => say![" and pushes it to AWS as ", name(&opening.group.name), "."],
        _ => say!["; the ids are the same."],
    }))
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

fn owned_by(owners: &[GroupOwner]) -> Option<Sentence> {
    Some(match owners {
        [] => return None,
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
    })
}

/// How people get into the group, if it is not somebody who adds them.
fn how_it_is_filled(filled: &Filled, opening: &Opening, cx: &Context) -> Option<Sentence> {
    let group = name(opening.name());
    let rule_in_full = |rule: &MembershipRule| match &rule.text {
        Some(text) => say![answer(" The rule is ", text, "")],
        None => Sentence::default(),
    };
    Some(match filled {
        Filled::ByHand => return None,
        Filled::ByRule(rule) => {
            let changes = match rule.is_paused {
                true => "The rule is paused: nobody joins or leaves until an admin turns it on.",
                false => "After a change there it can take hours.",
            };
            say!["Nobody is added to ", group, " by hand: a rule in ", cx.idp(), " fills it, by "]
                .then(attributes(rule))
                .then(say![". ", changes])
                .then(rule_in_full(rule))
        }
        Filled::ByHandAndRule(rule) => {
            let named = rule.name.as_ref().map(|rule| say![" ", name(rule)]).unwrap_or_default();
            let paused = if rule.is_paused { " It is off now." } else { "" };
            say!["A rule of ", cx.idp()]
                .then(named)
                .then(say![" also puts people into ", group, ", by "])
                .then(attributes(rule))
                .then(say![".", paused])
                .then(rule_in_full(rule))
        }
        Filled::FromActiveDirectory => say![
            group,
            " is kept in your on-premises Active Directory: a change there reaches ",
            cx.idp(),
            " with the sync of the directory, and AWS with the one after it."
        ],
        Filled::FromAnApplication => {
            say![group, " is kept in another application or directory, from which ", cx.idp(), " imports it."]
        }
    })
}

/// Who changes what the group's members follow from, if nobody adds people to it.
pub(super) fn who_changes_it(filled: &Filled, group: &Sentence, cx: &Context) -> Option<Next> {
    let whom = cx.whom;
    let may_add_there = |place: Sentence| {
        let ask = say!["ask the help desk who may add ", whom.object(), " to "].then(group.clone());
        Next::new(Owner::HelpDesk, ask.then(place))
    };
    Some(match filled {
        Filled::ByHand | Filled::ByHandAndRule(_) => return None,
        Filled::ByRule(MembershipRule { is_paused: true, .. }) => {
            let ask = say!["ask who keeps the rule of "].then(group.clone());
            let why = " why it is paused. Turning it on also takes out members who no longer match.";
            Next::new(Owner::IdentityAdmin, ask.then(say![" in ", cx.idp(), why]))
        }
        Filled::ByRule(rule) => {
            let ask = say!["ask the help desk who keeps "].then(attributes(rule));
            let of = ask.then(say![" of ", whom.object(), ": by that the rule decides who is in "]);
            Next::new(Owner::HelpDesk, of.then(group.clone()).then(say!["."]))
        }
        Filled::FromActiveDirectory => may_add_there(say![" in Active Directory, where it is kept."]),
        Filled::FromAnApplication => may_add_there(say![" where ", cx.idp(), " imports it from."]),
    })
}

fn who_can_add(found: &NotInGroup, cx: &Context) -> Next {
    let NotInGroup { openings, kept, filled, owners, lost, unsent, .. } = found;
    let whom = cx.whom;
    let none = say!["ask the help desk which group is meant for this."];
    let Some(first) = openings.first() else { return Next::new(Owner::HelpDesk, none) };
    if failed_call_for_assignments(cx.diagnosis).is_some() {
        let again =
            say!["ask me again in a few minutes: AWS did not show me everything on ", cx.account(), "."];
        return Next::new(Owner::You, again).again_in_a_few_minutes(cx.diagnosis);
    }
    let is_for_the_privileged = is_for_the_privileged(cx) && !found.is_activated;
    // A push that was set up says that it is meant for AWS, its name alone does not.
    let unsent = unsent.as_ref().filter(|(_, why)| *why == Unsent::PushOff || is_for_the_privileged);
    let own = lost.as_ref().or(unsent.map(|(group, _)| group));
    if is_for_the_privileged && own.is_none() {
        return Next::new(Owner::HelpDesk, what_else_is_meant(cx));
    }
    if let Some(ask) = which_is_meant(cx) {
        return Next::new(Owner::HelpDesk, ask.then(say![". Nothing that I read says it."]));
    }
    let group = || name(first.name());
    if let Some(own) = own {
        return Next::new(Owner::HelpDesk, whether_it_is_meant(own, cx));
    }
    if *kept == Kept::ElsewhereThanTheIdp {
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
    if let Some(next) = who_changes_it(filled, &say![group()], cx) {
        return next;
    }
    let themselves =
        cx.diagnosis.idp_person.as_ref().map(|person| (&person.user_name, person.email.as_ref()));
    let is_other = |owner: &&GroupOwner| match (&owner.email, themselves) {
        (Some(email), Some((user_name, own))) => email != user_name && Some(email) != own,
        _ => true,
    };
    let owner = owners.iter().find(is_other);
    if found.is_activated {
        let eligible = || {
            say![" make ", whom.object(), " eligible for ", group(), " in Privileged Identity Management."]
        };
        return match owner {
            Some(owner) => Next::new(
                Owner::You,
                say!["ask ", person(&owner.name, owner.email.as_deref()), " to"].then(eligible()),
            ),
            None => Next::new(Owner::HelpDesk, say!["the help desk finds out who may"].then(eligible())),
        };
    }
    match owner {
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
Okta's push mapping and its target second, by exact name where neither says
anything. A group whose name only looks alike is mentioned, and never
taken for the same.

The groups are listed with the one that opens the fewest accounts first, as
ListAccountAssignmentsForPrincipal counts them (the management account only).

How people get into the group is read from its record: a rule (Entra ID's
dynamic groups, Okta's group rules), an on-premises Active Directory, another
application. Whether the person may activate it is read from Privileged
Identity Management, if the bot may (`not_activated`).

## How it is fixed
The group's owner adds the person, where they always do. If members activate
the group for a while (Privileged Identity Management), the owner makes the
person eligible for it, which is no standing membership. Nobody can add
somebody to a group that a rule alone fills: whoever keeps the attribute that
the rule looks at changes that. A group from Active Directory is changed
there. The bot grants nothing; it can ask the owner.
";
