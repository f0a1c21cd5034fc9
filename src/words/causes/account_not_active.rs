//! `account_not_active` in words.

use crate::diagnosis::causes::AccountNotActive;
use crate::words::account::state_in_words;
use crate::words::action::{Console, Next, Owner};
use crate::words::context::Context;
use crate::words::explanation::{Explain, Texts};
use crate::words::say::{Sentence, say};

pub(super) const TEXTS: Texts =
    Texts { in_short: "the account is not active", on_a_route: None, outage: None, page: PAGE };

impl Explain for AccountNotActive {
    fn headline(&self, cx: &Context) -> Sentence {
        say![
            cx.account(),
            " is ",
            state_in_words(&self.state),
            ", so the access portal leaves it out for everybody"
        ]
    }

    fn evidence(&self, _cx: &Context) -> Vec<Sentence> {
        vec![say!["Nobody sees it until it is active again, whatever access they have."]]
    }

    fn next(&self, cx: &Context) -> Next {
        Next::new(
            Owner::IdentityAdmin,
            say!["whoever runs the organization's accounts decides whether ", cx.account(), " comes back."],
        )
        .with_console(Console::Organization)
    }

    fn step_line(&self, _cx: &Context) -> Sentence {
        say![state_in_words(&self.state)]
    }
}

const PAGE: &str = r"# account_not_active: the account is suspended or closed

## What it means
AWS Organizations says that the account is not in the state ACTIVE. An
account in another state cannot be counted on to open, whatever access is
assigned. AWS does not document what the access portal shows for it.

## How it is detected
Organizations `DescribeAccount` returns the account's `State`, or `Status`
where `State` is absent. PENDING_ACTIVATION, SUSPENDED, PENDING_CLOSURE and
CLOSED all lead to this cause.

## How it is fixed
An administrator of the management account finds out why, in the AWS
Organizations console under AWS accounts, or with

    aws organizations describe-account --account-id ACCOUNT_ID

PENDING_ACTIVATION: the account holder completes the sign-up.
PENDING_CLOSURE: somebody has closed it. SUSPENDED, CLOSED: AWS Support can
say why; a closed account can be reopened within 90 days, through them only.
Changing groups or assignments does not help, and new account assignments
may fail meanwhile.
";
