//! `permission_set_not_provisioned` in words.

use crate::diagnosis::causes::PermissionSetNotProvisioned;
use crate::words::action::{Console, Next, Owner};
use crate::words::context::Context;
use crate::words::explanation::{Explain, Texts};
use crate::words::say::{Sentence, say};

pub(super) const TEXTS: Texts = Texts {
    in_short: "it is assigned to you, but not set up on the account",
    on_a_route: Some(NOT_ON_THE_ACCOUNT),
    outage: None,
    page: PAGE,
};

const NOT_ON_THE_ACCOUNT: &str = "assigned, but not on the account";

impl Explain for PermissionSetNotProvisioned {
    fn headline(&self, cx: &Context) -> Sentence {
        say![cx.account(), " is missing because the access was given but has not been put on the account"]
    }

    fn evidence(&self, cx: &Context) -> Vec<Sentence> {
        vec![say![
            "The assignment of ",
            cx.permission_set(),
            " is there, but ",
            cx.account(),
            " does not have that permission set."
        ]]
    }

    fn next(&self, cx: &Context) -> Next {
        Next::new(Owner::IdentityAdmin, say!["provision the permission set to ", cx.account(), " once more."])
            .with_console(Console::Accounts)
            .with_provision_command(cx.diagnosis)
    }

    fn step_line(&self, _cx: &Context) -> Sentence {
        say![NOT_ON_THE_ACCOUNT]
    }
}

const PAGE: &str = r"# permission_set_not_provisioned: assigned, but not set up in the account

## What it means
The person is assigned the permission set on this account, but the account
does not have it. Without the IAM role that provisioning makes there, there
is nothing to sign in to. Creating an assignment normally provisions as
well, so something interrupted or undid it.

## How it is detected
`ListAccountAssignmentsForPrincipal`, for the person or a group of theirs,
has the permission set and `ListPermissionSetsProvisionedToAccount` has not.
The first works in the management account only; without it this cause
cannot be found.

## How it is fixed
An identity admin provisions it:

    aws sso-admin provision-permission-set --instance-arn INSTANCE_ARN \
      --permission-set-arn PERMISSION_SET_ARN \
      --target-type AWS_ACCOUNT --target-id ACCOUNT_ID

It answers with a request id. If the request fails,
`aws sso-admin describe-permission-set-provisioning-status` has the reason.
Side effect: everyone who is assigned the permission set on this account
gets its newest version.
";
