//! `assignment_in_progress` in words.

use jiff::Timestamp;

use crate::diagnosis::causes::AssignmentInProgress;
use crate::words::action::{Next, Owner};
use crate::words::context::Context;
use crate::words::explanation::{Explain, Texts};
use crate::words::say::{Sentence, say};

pub(super) const TEXTS: Texts = Texts {
    in_short: "AWS is still setting the access up",
    on_a_route: Some(IN_PROGRESS),
    outage: None,
    page: PAGE,
};

const IN_PROGRESS: &str = "AWS is still making the assignment";

impl Explain for AssignmentInProgress {
    fn headline(&self, cx: &Context) -> Sentence {
        say![cx.account(), " is on its way: AWS is still setting up the access"]
    }

    fn evidence(&self, cx: &Context) -> Vec<Sentence> {
        vec![match self.since {
            Some(since) => {
                say!["The request began ", since, " (", cx.ago(since), ") and is not finished."]
            }
            None => say!["The request is not finished."],
        }]
    }

    fn next(&self, cx: &Context) -> Next {
        Next::new(Owner::Nobody, say!["nothing to do; this usually takes minutes. Check again then."])
            .again_in_a_few_minutes(cx.diagnosis)
    }

    fn step_line(&self, _cx: &Context) -> Sentence {
        say![IN_PROGRESS]
    }

    fn since(&self) -> Option<Timestamp> {
        self.since
    }
}

const PAGE: &str = r"# assignment_in_progress: AWS is still creating the access

## What it means
Somebody has asked for the access, and AWS has not finished. Until then the
account assignment is not in effect. Nothing is wrong.

## How it is detected
The account has no assignment that reaches the person yet.
`ListAccountAssignmentCreationStatus` lists requests that are IN_PROGRESS,
and `DescribeAccountAssignmentCreationStatus` shows one whose account,
permission set and principal are those looked for. AWS does not document
how long such requests stay in the list.

## How it is fixed
Nobody has to act. Wait a few minutes and check again: AWS publishes no
time for this, and it updates one permission set at a time per account. An
identity admin can watch the request:

    aws sso-admin describe-account-assignment-creation-status \
      --instance-arn INSTANCE_ARN \
      --account-assignment-creation-request-id REQUEST_ID

Asking for the same assignment a second time does not make it faster.
";
