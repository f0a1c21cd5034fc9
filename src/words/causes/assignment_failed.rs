//! `assignment_failed` in words.

use jiff::Timestamp;

use crate::diagnosis::causes::AssignmentFailed;
use crate::words::action::{Console, Next, Owner};
use crate::words::context::Context;
use crate::words::explanation::{Explain, Texts};
use crate::words::say::{Sentence, answer, say};

pub(super) const TEXTS: Texts =
    Texts { in_short: "AWS could not set the access up", on_a_route: Some(FAILED), outage: None, page: PAGE };

const FAILED: &str = "AWS could not make the assignment";

impl Explain for AssignmentFailed {
    fn headline(&self, cx: &Context) -> Sentence {
        say![cx.account(), " is missing because AWS tried to set up the access and could not"]
    }

    fn evidence(&self, cx: &Context) -> Vec<Sentence> {
        let failed = match self.at {
            Some(at) => say!["The request of ", at, ", ", cx.ago(at), ", failed"],
            None => say!["The request failed"],
        };
        let why = match &self.reason {
            Some(reason) => say![answer(". AWS says: ", reason, ". The help desk can read why.")],
            None => say!["; AWS gives no reason."],
        };
        vec![failed.then(why)]
    }

    fn next(&self, cx: &Context) -> Next {
        Next::new(
            Owner::IdentityAdmin,
            say![
                if self.given_up { "if it is still wanted, mend" } else { "mend" },
                " what AWS complains about and make the assignment on ",
                cx.account(),
                " again."
            ],
        )
        .with_console(Console::Accounts)
    }

    fn step_line(&self, _cx: &Context) -> Sentence {
        say![FAILED]
    }

    fn since(&self) -> Option<Timestamp> {
        self.at
    }
}

const PAGE: &str = r"# assignment_failed: AWS could not create the access

## What it means
Somebody has asked for the access, and AWS gave up on the request. Waiting
does not help: AWS has to be asked again once the reason is gone.

## How it is detected
The account has no assignment that reaches the person.
`ListAccountAssignmentCreationStatus` lists requests that are FAILED, and
`DescribeAccountAssignmentCreationStatus` shows one whose account,
permission set and principal are those looked for, with a `FailureReason`.
A request that failed more than a day ago explains only if nothing else does:
who sees it fail asks again the same day.

## How it is fixed
An identity admin reads the failure reason in the report. Likely ones: the
account is suspended; a delegated administrator asked for a permission set
that is provisioned in the management account; a quota is reached (100
groups for one permission set on one account, which AWS does not raise; 500
permission sets on one account). Then ask again:

    aws sso-admin create-account-assignment --instance-arn INSTANCE_ARN \
      --permission-set-arn PERMISSION_SET_ARN --principal-type GROUP \
      --principal-id GROUP_ID --target-type AWS_ACCOUNT --target-id ACCOUNT_ID

Side effect: everyone in the group gains the access.
";
