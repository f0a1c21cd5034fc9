//! `user_disabled_in_idp` in words.

use crate::diagnosis::causes::UserDisabledInIdp;
use crate::words::action::{Next, Owner};
use crate::words::context::Context;
use crate::words::explanation::{Explain, Texts};
use crate::words::proof::{Proof, proof};
use crate::words::say::{Sentence, name, say};

pub(super) const TEXTS: Texts = Texts {
    in_short: "you are disabled in your company directory",
    on_a_route: Some("the person is disabled in the company directory"),
    outage: None,
    page: PAGE,
};

impl Explain for UserDisabledInIdp {
    fn headline(&self, cx: &Context) -> Sentence {
        let whom = cx.whom;
        cx.missing().then(say![whom.object(), " ", whom.are(), " disabled in your company directory"])
    }

    fn evidence(&self, cx: &Context) -> Vec<Sentence> {
        let status = match &self.status {
            Some(status) => say![" (", name(status), ")"],
            None => Sentence::default(),
        };
        vec![
            say![cx.idp(), " has ", cx.whom.object(), " disabled"]
                .then(status)
                .then(say![", so that signing in is refused, whatever AWS still has."]),
        ]
    }

    fn next(&self, cx: &Context) -> Next {
        Next::new(
            Owner::IdentityAdmin,
            say![
                "find out why ",
                cx.whom.object(),
                " ",
                cx.whom.are(),
                " disabled in ",
                cx.idp(),
                ", and enable there what should be enabled."
            ],
        )
        .with_idp_console(cx.diagnosis)
    }

    fn step_line(&self, cx: &Context) -> Sentence {
        say!["disabled in ", cx.idp()]
    }

    fn proof(&self) -> Vec<Proof> {
        self.status.iter().map(|status| proof("status", status)).collect()
    }
}

const PAGE: &str = r"# user_disabled_in_idp: the person is disabled in the identity provider

## What it means
Signing in to the access portal goes through Entra ID or Okta. Somebody who is
switched off there cannot sign in, whatever Identity Center still holds.

## How it is detected
Entra ID: accountEnabled is false. Okta: the status is one in which nobody
signs in, such as SUSPENDED or DEPROVISIONED.

## How it is fixed
An identity admin finds out why, and enables the person again if they should
be. Nothing has to be done in AWS: the next synchronization enables the record
in Identity Center as well.
";
