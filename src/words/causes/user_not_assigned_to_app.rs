//! `user_not_assigned_to_app` in words.

use crate::diagnosis::causes::UserNotAssignedToApp;
use crate::words::action::{Next, Owner};
use crate::words::context::Context;
use crate::words::explanation::{Explain, Texts};
use crate::words::proof::{Proof, proof};
use crate::words::say::{Sentence, name, say};

pub(super) const TEXTS: Texts = Texts {
    in_short: "your group is sent to AWS without you",
    on_a_route: Some("in it, and not sent to AWS with it"),
    outage: None,
    page: PAGE,
};

impl Explain for UserNotAssignedToApp {
    fn headline(&self, cx: &Context) -> Sentence {
        cx.missing().then(say![
            "the group that opens it is sent to AWS, and ",
            cx.whom.object(),
            " ",
            cx.whom.are(),
            " not"
        ])
    }

    fn evidence(&self, cx: &Context) -> Vec<Sentence> {
        vec![
            say![cx.idp(), " pushes "]
                .then(cx.both_names(&self.group))
                .then(say![" to AWS, and leaves out members who are not assigned to "])
                .then(cx.application())
                .then(say![
                    " themselves. ",
                    cx.whom.subject(),
                    " ",
                    cx.whom.are(),
                    " in the group and not assigned."
                ]),
        ]
    }

    fn next(&self, cx: &Context) -> Next {
        Next::new(
            Owner::IdentityAdmin,
            say!["assign ", cx.whom.object(), " to "].then(cx.application()).then(say![
                ", directly or through a group other than ",
                name(&self.group.name),
                ": Okta wants one group for the assignment and another for the push."
            ]),
        )
        .with_idp_console(cx.diagnosis)
    }

    fn step_line(&self, _cx: &Context) -> Sentence {
        say!["the person is not assigned"]
    }

    fn proof(&self) -> Vec<Proof> {
        vec![proof("group", &self.group.name), proof("group id", &self.group.id.0)]
    }
}

const PAGE: &str = r"# user_not_assigned_to_app: Okta sends the group without the person

## What it means
Okta pushes the group to AWS, and of its members only those who are assigned
to the application themselves. The person is in the group and not assigned.

## How it is detected
The application has a group push mapping for the group and no assignment of
the person, or one that is suspended or deprovisioned.

## How it is fixed
An identity admin assigns the person to the application, directly or through a
group. That must be another group than the pushed one: Okta does not support
one group for both.
";
