//! `user_not_provisioned` in words.

use super::membership_missed::{LEFT_OUT, left_out, send_it_again};
use super::user_not_in_idp::{ask_by_another_name, cannot_find};
use crate::diagnosis::causes::{AtOkta, UserNotProvisioned};
use crate::diagnosis::facts::IdentitySource;
use crate::diagnosis::facts::idp::{Idp, IdpPerson};
use crate::words::action::{Console, Next, Owner};
use crate::words::context::Context;
use crate::words::explanation::{Explain, Texts};
use crate::words::idp::attribute_in_words;
use crate::words::say::{Sentence, name, say};
use crate::words::taking::take_off_and_assign_again;

pub(super) const TEXTS: Texts =
    Texts { in_short: "AWS does not know you yet", on_a_route: Some(LEFT_OUT), outage: None, page: PAGE };

impl Explain for UserNotProvisioned {
    fn headline(&self, cx: &Context) -> Sentence {
        if !self.proven {
            return cannot_find(cx);
        }
        say![cx.account(), " is missing because AWS does not know ", cx.whom.object(), " yet"]
    }

    fn evidence(&self, cx: &Context) -> Vec<Sentence> {
        let Some(person) = &cx.diagnosis.idp_person else {
            return vec![
                cx.looked_by(),
                say![
                    "Identity Center has nobody with ",
                    cx.that_name_or_address(),
                    ", but may know ",
                    cx.whom.object(),
                    " by another name."
                ],
            ];
        };
        let subject = name(&cx.diagnosis.question.subject);
        let mut lines =
            vec![say!["Identity Center has nobody with the user name or e-mail address ", subject, "."]];
        let nor_by_id = say![", and nobody in AWS has ", cx.whom.possessive(), " id."];
        let there = say![cx.idp(), " has ", cx.whom.object(), ", enabled"];
        lines.push(there.then(if self.proven {
            nor_by_id
        } else {
            say!["; AWS may know ", cx.whom.object(), " by another name."]
        }));
        lines.extend(what_is_missing(person));
        lines.extend(self.missed.as_ref().map(|missed| left_out(missed, cx)));
        lines
    }

    fn next(&self, cx: &Context) -> Next {
        match &self.missed {
            None if cx.diagnosis.idp.is_none() && cx.source() != Some(IdentitySource::External) => {
                where_no_idp_is(cx)
            }
            _ if !self.proven => Next::new(Owner::HelpDesk, ask_by_another_name(cx, "Identity Center")),
            _ if cx.diagnosis.idp == Some(Idp::Okta) => at_okta(self, cx),
            Some(missed) => send_it_again(missed, cx),
            None => Next::new(
                Owner::IdentityAdmin,
                say![
                    "assign ",
                    cx.whom.object(),
                    " to the AWS application in the company directory and let it synchronize."
                ],
            ),
        }
        .with_console(Console::Users)
    }

    fn step_line(&self, _cx: &Context) -> Sentence {
        if self.proven {
            say!["not in Identity Center"]
        } else {
            say!["nobody in Identity Center has that name"]
        }
    }
}

/// What to do if no IdP is connected and none is known to send people to AWS. Not found by these names is not yet
/// absent, so that the first thing is to look.
fn where_no_idp_is(cx: &Context) -> Next {
    let whom = || cx.whom.object();
    let step = match cx.source() {
        Some(IdentitySource::ActiveDirectory) => say![
            "look in Active Directory by which name ",
            whom(),
            " ",
            cx.whom.are(),
            " there, and whether ",
            whom(),
            " ",
            cx.whom.are(),
            " in the sync scope (Identity Center, Settings, Manage sync)."
        ],
        Some(IdentitySource::IdentityCenter) => say![
            "look under Users in Identity Center whether ",
            whom(),
            " ",
            cx.whom.are(),
            " there by another name, and add ",
            whom(),
            " there if not."
        ],
        Some(IdentitySource::External) | None => say![
            "look whether ",
            whom(),
            " ",
            cx.whom.are(),
            " in Identity Center by another name. If not, add ",
            whom(),
            " where your people are kept: in the company directory if one sends them to AWS, else in Identity Center."
        ],
    };
    Next::new(Owner::IdentityAdmin, step)
}

/// Taking somebody off the application turns their user off, so that it is advised only if Okta itself says that it
/// created one who is gone. Source: Okta help, "Provision users to an app that they are assigned to already".
fn at_okta(absent: &UserNotProvisioned, cx: &Context) -> Next {
    let person = || cx.whom.object();
    let what = match &absent.at_okta {
        Some(AtOkta::CreatedBefore(is_gone)) => take_off_and_assign_again(is_gone, cx.whom),
        Some(AtOkta::NeverCreated) => say!["press Provision User for ", person(), " under Assignments of "]
            .then(cx.application())
            .then(say![" in Okta."]),
        None => say!["look under Assignments of "].then(cx.application()).then(say![
            " in Okta whether ",
            person(),
            " is assigned there and provisioned."
        ]),
    };
    Next::new(Owner::IdentityAdmin, what)
}

/// What AWS requires of everybody and the IdP does not have of this person.
pub(super) fn what_is_missing(person: &IdpPerson) -> Option<Sentence> {
    let lacks: Vec<&str> = person.lacks.iter().map(|one| attribute_in_words(*one)).collect();
    (!lacks.is_empty())
        .then(|| say![format!("What AWS requires and is missing there: {}.", lacks.join(", "))])
}

const PAGE: &str = r#"# user_not_provisioned: the person is not in Identity Center

## What it means
Identity Center has nobody of this user name or e-mail address. It does not
create people when they sign in: the identity provider must send them first.
The person may also be there under another user name and address: only an id
proves that they are not, and without that proof the verdict is undetermined.

## How it is detected
Identity Store `GetUserId` is asked by user name and, where an address was
given, by e-mail; then by the names that the identity provider has. Each
answers ResourceNotFoundException. The proof: Entra ID's object id, asked as
an external id, belongs to nobody; or Okta never created a user for the
person, or the one whose id it keeps is gone. If a call fails in another way,
the verdict is undetermined.

## How it is fixed
An identity admin checks in the identity provider that the person is
enabled and assigned to the AWS application, and reads the error there.
Entra: Provisioning logs of the enterprise application, then "Provision on
demand". Okta: Assignments of the application. First name, last name,
display name and user name are required; a second e-mail or phone number in
one attribute is refused.
If people come from Active Directory, it sends whoever is in its sync scope
(Identity Center, Settings, Manage sync). If they are kept in Identity Center
itself, an identity admin adds them there.

If an identity provider sends people, do not create the person by hand: user
name and primary e-mail are unique in Identity Center, so the identity
provider's own record is then refused.
If the person has another user name there, check again with that one:

    sso-why check OTHER_USER_NAME ACCOUNT
"#;
