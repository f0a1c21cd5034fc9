//! `nested_membership` in words.

use super::not_in_group::who_changes_it;
use crate::diagnosis::causes::NestedMembership;
use crate::words::action::{Next, Owner};
use crate::words::context::Context;
use crate::words::explanation::{Explain, Texts};
use crate::words::proof::{Proof, proof};
use crate::words::say::{Sentence, name, say};

pub(super) const TEXTS: Texts = Texts {
    in_short: "you are only in a group inside the one that opens it",
    on_a_route: Some("only in a group inside it"),
    outage: None,
    page: PAGE,
};

impl Explain for NestedMembership {
    fn headline(&self, cx: &Context) -> Sentence {
        cx.missing().then(say![
            cx.whom.object(),
            " ",
            cx.whom.are(),
            " in a group inside the one that opens it, and only its direct members are sent to AWS"
        ])
    }

    fn evidence(&self, cx: &Context) -> Vec<Sentence> {
        let inner = match &self.inner {
            Some(inner) => say![cx.group_of_theirs(&inner.name)],
            None => say!["a group"],
        };
        let called = match self.at_the_idp.name == self.outer.name {
            true => Sentence::default(),
            false => say![" (", cx.idp(), " calls it ", name(&self.at_the_idp.name), ")"],
        };
        let opens = say![name(&self.outer.name)].then(called);
        vec![
            opens
                .then(say![" opens it. ", cx.whom.subject(), " ", cx.whom.are(), " in "])
                .then(inner)
                .then(say![", which is inside it. ", cx.idp(), " sends only the direct members of a group."]),
        ]
    }

    fn next(&self, cx: &Context) -> Next {
        let at_the_idp = &self.at_the_idp;
        if let Some(next) = who_changes_it(&at_the_idp.traits.filled, &say![name(&at_the_idp.name)], cx) {
            return next.with_idp_console(cx.diagnosis);
        }
        let or = match &self.inner {
            Some(inner) => {
                say![", or assign ", cx.that_group_of_theirs(&inner.name), " to "].then(cx.application())
            }
            None => Sentence::default(),
        };
        Next::new(
            Owner::IdentityAdmin,
            say!["add ", cx.whom.object(), " to ", name(&self.at_the_idp.name), " itself"]
                .then(or)
                .then(say!["."]),
        )
        .with_idp_console(cx.diagnosis)
    }

    fn step_line(&self, cx: &Context) -> Sentence {
        match &self.inner {
            Some(inner) => say![
                "only in ",
                cx.group_of_theirs(&inner.name),
                ", which is inside ",
                name(&self.at_the_idp.name)
            ],
            None => say!["only in a group inside ", name(&self.at_the_idp.name)],
        }
    }

    fn proof(&self) -> Vec<Proof> {
        let inner = self.inner.as_ref().map(|inner| proof("inner group", &inner.name));
        let outer = [proof("group", &self.at_the_idp.name), proof("group id", &self.at_the_idp.id.0)];
        outer.into_iter().chain(inner).collect()
    }
}

const PAGE: &str = r"# nested_membership: only in a group inside the assigned one

## What it means
The person is in a group that is itself a member of the group that opens the
account. Entra ID sends direct members only, so AWS never hears of them.

## How it is detected
The assigned group is among the person's transitive groups in Entra ID and not
among the direct ones. The group in between is named where it can be found.

## How it is fixed
An identity admin adds the person to the assigned group itself, or assigns the
inner group to the application and gives that group the access in Identity
Center. Waiting does not help.
";
