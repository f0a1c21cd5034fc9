//! `permission_set_outdated` in words.

use super::portal_stale::{WORKS, has_access};
use crate::diagnosis::causes::PermissionSetOutdated;
use crate::words::action::{Next, Owner};
use crate::words::context::Context;
use crate::words::explanation::{Explain, Texts};
use crate::words::say::{Sentence, say};

pub(super) const TEXTS: Texts = Texts {
    in_short: "the account has an older version of the permission set",
    on_a_route: Some(WORKS),
    outage: None,
    page: PAGE,
};

impl Explain for PermissionSetOutdated {
    fn headline(&self, cx: &Context) -> Sentence {
        has_access(cx)
    }

    fn evidence(&self, cx: &Context) -> Vec<Sentence> {
        vec![say![
            cx.permission_set(),
            " was changed, and ",
            cx.account(),
            " still has the version before. That hides nothing; some actions may be missing or left over."
        ]]
    }

    fn next(&self, cx: &Context) -> Next {
        Next::new(
            Owner::IdentityAdmin,
            say![
                "update the permission set on ",
                cx.account(),
                ". If the portal does not show the account, sign out of the access portal, wait about 3 minutes and sign in again."
            ],
        )
        .with_provision_command(cx.diagnosis)
    }

    fn step_line(&self, _cx: &Context) -> Sentence {
        say!["there, in an older version"]
    }
}

const PAGE: &str = r"# permission_set_outdated: the account has an older version

## What it means
The permission set was edited and the account still has the version before.
The person has access; what they may do there is decided by the older
version. This is a warning, never the cause of a missing account.

## How it is detected
`ListPermissionSetsProvisionedToAccount`, asked for those that are
LATEST_PERMISSION_SET_NOT_PROVISIONED, has the permission set through which
the person has access.

## How it is fixed
An identity admin provisions the newest version:

    aws sso-admin provision-permission-set --instance-arn INSTANCE_ARN \
      --permission-set-arn PERMISSION_SET_ARN \
      --target-type AWS_ACCOUNT --target-id ACCOUNT_ID

`--target-type ALL_PROVISIONED_ACCOUNTS` without a target id does it for
every account that has the permission set.
Side effect: the permissions of everyone who uses the permission set there
change, and may shrink. Read the edit first.
";
