//! `user_disabled` in words.

use crate::diagnosis::causes::UserDisabled;
use crate::diagnosis::facts::IdentitySource;
use crate::words::action::{Console, Next, Owner};
use crate::words::context::Context;
use crate::words::explanation::{Explain, Texts};
use crate::words::say::{Sentence, Whom, say};

pub(super) const TEXTS: Texts =
    Texts { in_short: "your user in AWS is disabled", on_a_route: None, outage: None, page: PAGE };

impl Explain for UserDisabled {
    fn headline(&self, cx: &Context) -> Sentence {
        cx.missing().then(say![cx.whom.object(), " ", cx.whom.are(), " disabled in AWS"])
    }

    fn evidence(&self, cx: &Context) -> Vec<Sentence> {
        vec![say![
            cx.whom.subject(),
            " ",
            cx.whom.verb("have", "has"),
            " a record in Identity Center, and it is disabled, so that nothing opens.",
            if self.enabled_at_the_idp { format!(" {} has it enabled.", cx.idp()) } else { String::new() }
        ]]
    }

    fn next(&self, cx: &Context) -> Next {
        let whom = cx.whom;
        Next::new(
            Owner::IdentityAdmin,
            if let Some(next) = where_no_idp_is(cx) {
                next
            } else if self.enabled_at_the_idp {
                say![
                    "have ",
                    cx.idp(),
                    ", where ",
                    whom.object(),
                    " ",
                    whom.are(),
                    " enabled, send ",
                    match whom {
                        Whom::Reader => "you",
                        Whom::Other(_) => "them",
                    },
                    " to AWS again; that enables the record."
                ]
            } else {
                say![
                    "find out in the company directory why ",
                    whom.object(),
                    " ",
                    whom.are(),
                    " disabled, and enable there what should be enabled."
                ]
            },
        )
        .with_console(Console::Users)
    }

    fn step_line(&self, _cx: &Context) -> Sentence {
        say!["disabled in Identity Center"]
    }
}

/// What to do if no IdP is connected and none is known to send people to AWS.
fn where_no_idp_is(cx: &Context) -> Option<Sentence> {
    let (whom, are) = (cx.whom.object(), cx.whom.are());
    if cx.diagnosis.idp.is_some() {
        return None;
    }
    match cx.source() {
        Some(IdentitySource::External) => None,
        // Source: IAM Identity Center user guide, "How configurable AD sync works": whoever was not synchronized for 28
        // days is disabled.
        Some(IdentitySource::ActiveDirectory) => Some(say![
            "find out in Active Directory why ",
            whom,
            " ",
            are,
            " disabled, and enable there what should be enabled. If the account is enabled there, look whether it is in \
             the sync scope (Identity Center, Settings, Manage sync): after 28 days outside it, AWS disables the user."
        ]),
        Some(IdentitySource::IdentityCenter) => Some(say![
            "find out why ",
            whom,
            " ",
            are,
            " disabled, and enable the user in Identity Center if that was not on purpose."
        ]),
        None => Some(say![
            "find out why ",
            whom,
            " ",
            are,
            " disabled, and enable the user where it is kept: in the company directory if one sends it to AWS, else in \
             Identity Center."
        ]),
    }
}

const PAGE: &str = r#"# user_disabled: the person is disabled in Identity Center

## What it means
The person is in Identity Center and may be in all the right groups, but
the record is disabled. A disabled person cannot sign in to the access
portal, whatever is assigned.

## How it is detected
Identity Store `DescribeUser` returns `UserStatus` DISABLED. A record
without a `UserStatus` is not taken to be disabled.

## How it is fixed
An identity admin looks in the identity provider first. It may have disabled
the record: Okta does so when a person is no longer assigned to the AWS
application. Enable or assign the person there, then check again.

If people come from Active Directory, it is the same there. A user who was
not synchronized for 28 days is disabled as well: look whether the sync is on
and they are in its scope (Identity Center, Settings, Manage sync). If people
are kept in Identity Center itself, no identity provider knows them.

Only for a person who was disabled by hand, or who is kept in Identity Center:
Identity Center console, Users, the person, "Enable user access" under General
information. If the identity provider still holds the person as disabled, a
later sync may undo this.

Side effect: all of the person's assignments work again at once, on every
account. Make sure first that the record was not disabled on purpose.
"#;
