//! `user_not_in_idp` in words.

use crate::diagnosis::Verdict;
use crate::diagnosis::causes::UserNotInIdp;
use crate::diagnosis::facts::idp::{DeletedPerson, RESTORABLE};
use crate::words::action::{Next, Owner};
use crate::words::context::Context;
use crate::words::explanation::{Explain, Texts};
use crate::words::say::{Sentence, Whom, name, say};

pub(super) const TEXTS: Texts = Texts {
    in_short: "I can't find you in your company directory",
    on_a_route: Some("the person is not in the company directory"),
    outage: None,
    page: PAGE,
};

impl Explain for UserNotInIdp {
    fn headline(&self, cx: &Context) -> Sentence {
        match cx.diagnosis.verdict {
            Verdict::Undetermined if self.deleted.is_some() => {
                say![
                    "I find ",
                    cx.whom.object(),
                    " only among the deleted users of ",
                    cx.idp(),
                    ", and not in AWS"
                ]
            }
            _ if self.deleted.is_some() => {
                cx.missing().then(say![cx.idp(), " has deleted ", cx.whom.possessive(), " account"])
            }
            Verdict::Undetermined => cannot_find(cx),
            _ => cx.missing().then(say!["I can't find ", cx.whom.object(), " in ", cx.idp()]),
        }
    }

    fn evidence(&self, cx: &Context) -> Vec<Sentence> {
        if let Some(deleted) = &self.deleted {
            return vec![
                say![
                    "The account ",
                    name(&deleted.user_name),
                    " was deleted ",
                    deleted.at,
                    ", ",
                    cx.ago(deleted.at),
                    "."
                ],
                restorable(deleted),
            ];
        }
        vec![
            cx.looked_by(),
            match cx.diagnosis.person {
                Some(_) => say![cx.idp(), " has nobody with ", cx.that_name_or_address(), "."],
                None => {
                    say!["Neither AWS nor ", cx.idp(), " has anybody with ", cx.that_name_or_address(), "."]
                }
            },
        ]
    }

    fn next(&self, cx: &Context) -> Next {
        if let Some(deleted) = &self.deleted {
            let step = say![
                "restore ",
                name(&deleted.user_name),
                " under Users, Deleted users in ",
                cx.idp(),
                ", if ",
                cx.whom.object(),
                " should still have access. Without that, look for the account that has taken its place."
            ];
            return Next::new(Owner::IdentityAdmin, step).with_idp_console(cx.diagnosis);
        }
        let step = ask_by_another_name(cx, cx.idp());
        Next::new(Owner::HelpDesk, step).with_idp_console(cx.diagnosis)
    }

    fn step_line(&self, cx: &Context) -> Sentence {
        match &self.deleted {
            Some(deleted) => say!["deleted ", deleted.at],
            None => say!["nobody in ", cx.idp(), " has that name or address"],
        }
    }
}

/// States until when the IdP can bring the person back.
fn restorable(deleted: &DeletedPerson) -> Sentence {
    match deleted.at.checked_add(RESTORABLE) {
        Ok(until) => say!["It can be restored for 30 days, until ", until, "."],
        Err(_) => say!["It can be restored for 30 days."],
    }
}

/// Nobody was found by the strings at hand, which does not say that there is nobody.
pub(super) fn cannot_find(cx: &Context) -> Sentence {
    say!["I can't find ", cx.whom.object(), " in AWS, so I can't tell why ", cx.account(), " is missing"]
}

/// To look for the person by what they are called elsewhere, and to ask once more.
pub(super) fn ask_by_another_name(cx: &Context, place: &'static str) -> Sentence {
    let who = match cx.whom {
        Whom::Reader => "the help desk can look for ",
        Whom::Other(_) => "look for ",
    };
    let and_then = " by name, and ask me again with the user name that stands there.";
    say![who, cx.whom.object(), " in ", place, and_then]
}

const PAGE: &str = r"# user_not_in_idp: the identity provider does not know the person by this name

## What it means
Identity Center gets its people from Entra ID or Okta. I know the person by one
address, and nobody there has it: as user name, as e-mail address or, in
Entra ID, as a further address. They may be there under another one. If AWS
does not know the address either, the verdict is undetermined.

## How it is detected
The identity provider answered, and found nobody: by user principal name,
mail, other mails and proxy addresses in Entra ID, by login and e-mail address
in Okta; and, where AWS has a record of the person, by the user name and the
external id of that record; then, in Entra ID, among the users who were deleted
in the last 30 days (`directory/deletedItems`, the same permission). Access
that AWS has in place all the same is reported as access. A person of whom I
know only a user name of AWS's, and no address, is never called absent by it.

## How it is fixed
The help desk looks for the person by their own name, and asks again with the
user name that stands there:

    sso-why check USER_NAME ACCOUNT

If the two addresses should be one, the profile in Slack or the record in the
identity provider is corrected. If the person is not there at all, the owner of
the company directory decides whether they belong there.
";
