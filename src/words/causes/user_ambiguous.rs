//! `user_ambiguous` in words.

use crate::diagnosis::causes::UserAmbiguous;
use crate::words::action::{Console, Next, Owner};
use crate::words::context::Context;
use crate::words::explanation::{Explain, Texts};
use crate::words::proof::{Proof, proof};
use crate::words::say::{Sentence, name, say};

pub(super) const TEXTS: Texts =
    Texts { in_short: "AWS has two users for you", on_a_route: None, outage: None, page: PAGE };

impl Explain for UserAmbiguous {
    fn headline(&self, cx: &Context) -> Sentence {
        cx.missing().then(say![
            "AWS has two records for ",
            cx.whom.object(),
            match self.by_its_address {
                Some(_) => ", and the one that you asked about lacks the access",
                None => ", and the one that signs in lacks the access",
            }
        ])
    }

    fn evidence(&self, cx: &Context) -> Vec<Sentence> {
        let subject = || name(&cx.diagnosis.question.subject);
        if let Some(address) = &self.by_its_address {
            let capitals = self.other.as_ref().is_some_and(|other| other.user_name != *address);
            return vec![
                say![
                    subject(),
                    " has the e-mail address ",
                    name(address),
                    if capitals { ", which is, but for capitals," } else { ", which is" },
                    " the user name of another record."
                ],
                say![
                    "Your company directory sent that other one and not this one, so it is probably the one that signs in."
                ],
            ];
        }
        let second = match &self.other {
            Some(other) => say!["the e-mail address of ", name(&other.user_name)],
            None => say!["the e-mail address of another"],
        };
        vec![
            say![subject(), " is the user name of one record and "]
                .then(second)
                .then(say![". Access given to one does not show for the other."]),
        ]
    }

    fn next(&self, _cx: &Context) -> Next {
        if let Some(address) = &self.by_its_address {
            // AWS may tell capitals apart.
            let user_name = self.other.as_ref().map_or(address, |other| &other.user_name);
            return Next::new(Owner::HelpDesk, say!["ask me again with ", name(user_name), "."])
                .with_console(Console::Users);
        }
        Next::new(
            Owner::IdentityAdmin,
            say![
                "look which of the two the company directory signs in with, and give that one the group or the access that the other has."
            ],
        )
        .with_console(Console::Users)
    }

    fn step_line(&self, _cx: &Context) -> Sentence {
        match self.by_its_address {
            Some(_) => say!["two records: the address of this one is the user name of another"],
            None => say!["two records: one by user name, one by e-mail"],
        }
    }

    fn proof(&self) -> Vec<Proof> {
        let other = self.other.iter().map(|other| proof("other user name", &other.user_name));
        other.collect()
    }
}

const PAGE: &str = r"# user_ambiguous: user name and e-mail lead to two different records

## What it means
One record in Identity Center has the address as its user name, another has
it as its e-mail. This is left behind by a changed address, an alias, or a
move to another identity provider. The record with the user name is the one
that signs in; it does not have the access. Where it has, the verdict is
access, and the second record is a warning.

## How it is detected
Identity Store `GetUserId` is asked by user name and by e-mail. Both answer,
with different user ids; or the record that was found has none of the identity
provider's ids and an e-mail address that is the user name of another record,
which has. Where the identity provider's id of the person stands
on one of the two, that one is the person's, and this cause does not hold.

## How it is fixed
An identity admin compares the two records:

    aws identitystore describe-user --identity-store-id STORE_ID \
      --user-id USER_ID

The record to keep is the one whose user name equals the name that the
identity provider sends at sign-in (the SAML NameID). It is given the groups
and assignments that the other has. What becomes of the other is decided
once nobody signs in with it any more: a removed record loses its memberships
and direct assignments, and comes back with another id.
";
