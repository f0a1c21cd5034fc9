//! `group_not_assigned_to_app` in words.

use crate::diagnosis::causes::GroupNotAssignedToApp;
use crate::diagnosis::facts::idp::Idp;
use crate::words::action::{Next, Owner};
use crate::words::context::Context;
use crate::words::explanation::{Explain, Texts};
use crate::words::proof::{Proof, proof};
use crate::words::say::{Sentence, name, say};

pub(super) const TEXTS: Texts = Texts {
    in_short: "your group is not sent to AWS",
    on_a_route: Some("in it, and it is not sent to AWS"),
    outage: None,
    page: PAGE,
};

impl Explain for GroupNotAssignedToApp {
    fn headline(&self, cx: &Context) -> Sentence {
        let what = if self.was_sent {
            "the group that should open it is not assigned to the AWS app"
        } else {
            "the group that should open it is not sent to AWS"
        };
        cx.missing().then(say![what])
    }

    fn evidence(&self, cx: &Context) -> Vec<Sentence> {
        vec![
            cx.membership(&self.group, None),
            match cx.diagnosis.idp {
                Some(Idp::Okta) => say![name(&self.group.name), " has no group push mapping in "]
                    .then(cx.application())
                    .then(say![", so its members are not sent to AWS."]),
                _ => say![name(&self.group.name), " is not assigned to "].then(cx.application()).then(say![
                    if self.was_sent {
                        ". AWS has it from an earlier sync."
                    } else {
                        ", so it is not sent to AWS."
                    }
                ]),
            },
        ]
    }

    fn next(&self, cx: &Context) -> Next {
        let assign = match cx.diagnosis.idp {
            Some(Idp::Okta) => say!["add ", name(&self.group.name), " to the push groups of "],
            _ => say!["assign ", name(&self.group.name), " to "],
        };
        Next::new(Owner::IdentityAdmin, assign.then(cx.application()).then(say!["."]))
            .with_idp_console(cx.diagnosis)
    }

    fn step_line(&self, cx: &Context) -> Sentence {
        match cx.diagnosis.idp {
            Some(Idp::Okta) => say![name(&self.group.name), " is not pushed"],
            _ => say![name(&self.group.name), " is not assigned"],
        }
    }

    fn proof(&self) -> Vec<Proof> {
        vec![proof("group", &self.group.name), proof("group id", &self.group.id.0)]
    }
}

const PAGE: &str = r"# group_not_assigned_to_app: the group is not sent to AWS

## What it means
The person is in the group, and the identity provider's application for AWS
does not have it. A group that AWS knew before stays there and gets no new
members.

## How it is detected
Entra ID: the application has no app-role assignment for the group. Okta: the
application has no group push mapping for it. In Entra ID, an assignment made
within the last minutes may not show yet.

## How it is fixed
An identity admin assigns the group to the application in Entra ID, or adds it
to the push groups of the application in Okta.
";
