//! `user_ambiguous` in words.

use crate::diagnosis::causes::UserAmbiguous;
use crate::words::action::{Console, Next, Owner};
use crate::words::context::Context;
use crate::words::explanation::{Explain, Texts};
use crate::words::say::{Sentence, name, say};

pub(super) const TEXTS: Texts =
    Texts { in_short: "AWS has two users for you", on_a_route: None, outage: None, page: PAGE };

impl Explain for UserAmbiguous {
    fn headline(&self, cx: &Context) -> Sentence {
        say![cx.account(), " is missing because AWS has two records for ", cx.whom.object()]
    }

    fn evidence(&self, cx: &Context) -> Vec<Sentence> {
        vec![say![
            "The user name ",
            name(&cx.diagnosis.question.subject),
            " belongs to one record and the e-mail address to another. Access given to one does not show for the other."
        ]]
    }

    fn next(&self, _cx: &Context) -> Next {
        Next::new(
            Owner::IdentityAdmin,
            say![
                "keep the record that the company directory synchronizes, move the access to it and delete the other."
            ],
        )
        .with_console(Console::Users)
    }

    fn step_line(&self, _cx: &Context) -> Sentence {
        say!["two records: one by user name, one by e-mail"]
    }
}

const PAGE: &str = r"# user_ambiguous: user name and e-mail lead to two different people

## What it means
One record in Identity Center has the address as its user name, another has
it as its e-mail. This is left behind by a changed address, an alias, or a
move to another identity provider. Access may sit on one record while the
person signs in as the other, so neither was checked.

## How it is detected
Identity Store `GetUserId` is asked by user name and by e-mail. Both answer,
with different user ids.

## How it is fixed
An identity admin compares the two records:

    aws identitystore describe-user --identity-store-id STORE_ID \
      --user-id USER_ID

The record to keep is the one whose user name equals the name that the
identity provider sends at sign-in (the SAML NameID). Correct the person in
the identity provider, then have the other record removed there, or in the
Identity Center console if it was made by hand.
Side effect: a removed record loses its memberships and direct assignments.
If it is created again it has a new id, and assignments to the old id stay
behind (see dangling_assignment).
";
