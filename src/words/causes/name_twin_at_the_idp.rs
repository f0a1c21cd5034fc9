//! `name_twin_at_the_idp` in words.

use crate::diagnosis::causes::NameTwinAtTheIdp;
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
            say![
                cx.idp(),
                " has two groups called ",
                name(&self.own.name),
                ". AWS has the id of the one, and ",
                cx.whom.object(),
                " ",
                cx.whom.are(),
                " in the other."
            ],
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

const PAGE: &str = r"# name_twin_at_the_idp: the person is in another group of the same name

## What it means
The identity provider has two groups of one name. Identity Center got one of
them, and keeps its id. The person is in the other, which AWS knows nothing of
or has under another record. Both look the same in a list of names.

## How it is detected
The group in Identity Center has an external id, which is the object id of the
identity provider's group. The person is in a group of exactly that name with
another id, and the group with the id still exists. Where it does not, the
group was created again, and the name counts.

## How it is fixed
The owner of the group whose id the report names adds the person to it. If the
two groups are meant to be one, an identity admin decides which stays: nothing
is renamed or removed before everybody is in that one.
";
