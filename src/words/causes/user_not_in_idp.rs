//! `user_not_in_idp` in words.

use crate::diagnosis::causes::UserNotInIdp;
use crate::words::action::{Next, Owner};
use crate::words::context::Context;
use crate::words::explanation::{Explain, Texts};
use crate::words::say::{Sentence, name, say};

pub(super) const TEXTS: Texts = Texts {
    in_short: "your company directory does not know you",
    on_a_route: Some("the person is not in the company directory"),
    outage: None,
    page: PAGE,
};

impl Explain for UserNotInIdp {
    fn headline(&self, cx: &Context) -> Sentence {
        cx.missing().then(say!["your company directory does not know ", cx.whom.object()])
    }

    fn evidence(&self, cx: &Context) -> Vec<Sentence> {
        vec![say![
            cx.idp(),
            " has nobody with the user name or e-mail address ",
            name(&cx.diagnosis.question.subject),
            "."
        ]]
    }

    fn next(&self, cx: &Context) -> Next {
        Next::new(
            Owner::IdentityAdmin,
            say![
                "create ",
                cx.whom.object(),
                " in ",
                cx.idp(),
                ", or mend the e-mail address there, by which I looked."
            ],
        )
        .with_idp_console(cx.diagnosis)
    }

    fn step_line(&self, cx: &Context) -> Sentence {
        say!["not in ", cx.idp()]
    }
}

const PAGE: &str = r"# user_not_in_idp: the identity provider does not know the person

## What it means
Identity Center gets its people from Entra ID or Okta. The identity provider
has nobody with this user name or e-mail address, so there is nobody to send
to AWS.

## How it is detected
The identity provider answered, and found nobody: by user principal name and
mail in Entra ID, by login and then by e-mail address in Okta. Access that AWS
has in place all the same is reported as access.

## How it is fixed
An identity admin creates the person there. If the person is there under
another address, the address in the Slack profile or in the identity provider
is mended so that the two agree.
";
