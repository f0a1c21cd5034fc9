//! `name_twin_at_the_idp` in words.

use super::not_in_group::who_changes_it;
use crate::diagnosis::causes::NameTwinAtTheIdp;
use crate::diagnosis::facts::idp::Idp;
use crate::words::action::{Next, Owner};
use crate::words::context::Context;
use crate::words::explanation::{Explain, Texts};
use crate::words::proof::{Proof, proof};
use crate::words::say::{Sentence, name, person, say};

pub(super) const TEXTS: Texts = Texts {
    in_short: "you are in another group of the same name",
    on_a_route: Some("in another group of the same name"),
    outage: None,
    page: PAGE,
};

impl Explain for NameTwinAtTheIdp {
    fn headline(&self, cx: &Context) -> Sentence {
        let whom = cx.whom;
        cx.missing().then(say![
            whom.object(),
            " ",
            whom.are(),
            " in another group of the same name as ",
            name(&self.assigned.name)
        ])
    }

    fn evidence(&self, cx: &Context) -> Vec<Sentence> {
        vec![
            which_is_meant(self, cx),
            say![
                "Their ids there: ",
                name(&self.meant.id.0),
                " is the one that opens the account, ",
                name(&self.own.id.0),
                " the other."
            ],
        ]
    }

    fn next(&self, cx: &Context) -> Next {
        let group = || say![name(&self.meant.name), " whose id is ", name(&self.meant.id.0)];
        if let Some(next) = who_changes_it(&self.meant.traits.filled, &group(), cx) {
            return next.with_idp_console(cx.diagnosis);
        }
        let step = match self.owners.first() {
            Some(owner) => say![
                "ask ",
                person(&owner.name, owner.email.as_deref()),
                " to add ",
                cx.whom.object(),
                " to the group "
            ],
            None => say!["the help desk can have ", cx.whom.object(), " added to the group "],
        };
        Next::new(Owner::HelpDesk, step.then(group()).then(say!["."])).with_idp_console(cx.diagnosis)
    }

    fn step_line(&self, _cx: &Context) -> Sentence {
        say!["in another group called ", name(&self.own.name)]
    }

    fn proof(&self) -> Vec<Proof> {
        vec![proof("group that opens it", &self.meant.id.0), proof("group of the person", &self.own.id.0)]
    }
}

/// States by what AWS gets the one group and not the other: an id that AWS has, or Okta's push.
fn which_is_meant(found: &NameTwinAtTheIdp, cx: &Context) -> Sentence {
    let (own, meant, assigned) = (&found.own.name, &found.meant.name, &found.assigned.name);
    let two = || say![cx.idp(), " has two groups called ", name(own)];
    let in_the_other = say![", and ", cx.whom.object(), " ", cx.whom.are(), " in the other."];
    match (cx.diagnosis.idp, own == meant) {
        (Some(Idp::Okta), true) => {
            let one = two().then(say![". It pushes the one to AWS"]);
            let pushed = if meant == assigned { one } else { one.then(say![", as ", name(assigned)]) };
            pushed.then(in_the_other)
        }
        (Some(Idp::Okta), false) => say![
            cx.idp(),
            " pushes its group ",
            name(meant),
            " to ",
            name(assigned),
            " in AWS. ",
            cx.whom.subject(),
            " ",
            cx.whom.are(),
            " in its group ",
            name(own),
            ", which is another."
        ],
        (_, true) => two().then(say![". AWS has the id of the one"]).then(in_the_other),
        (_, false) => say![
            name(assigned),
            " in AWS has the id of ",
            name(meant),
            " in ",
            cx.idp(),
            ". ",
            cx.whom.subject(),
            " ",
            cx.whom.are(),
            " in ",
            name(own),
            " there, which is another."
        ],
    }
}

const PAGE: &str = r"# name_twin_at_the_idp: the person is in another group of the same name

## What it means
The identity provider has two groups of one name. Identity Center got one of
them, and keeps its id. The person is in the other, which AWS knows nothing of
or has under another record. Both look the same in a list of names.

## How it is detected
Entra ID: the group in Identity Center has an external id, which is the object
id of the identity provider's group. The person is in a group of exactly that
name with another id. Okta: a group push mapping has the group in Identity
Center as its target, and its source is another group than the one of that name
that the person is in. Either way the group that is meant still exists: if it
does not, the group was created again, and the name counts.

## How it is fixed
The owner of the group whose id the report names adds the person to it. If the
two groups are meant to be one, an identity admin decides which stays: nothing
is renamed or removed before everybody is in that one.
";
