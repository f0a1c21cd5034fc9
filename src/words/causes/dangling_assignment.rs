//! `dangling_assignment` in words.

use crate::diagnosis::causes::DanglingAssignment;
use crate::words::action::{Console, Next, Owner};
use crate::words::context::Context;
use crate::words::explanation::{Explain, Texts};
use crate::words::say::{Sentence, say};
use crate::words::taking::remove_what_points_nowhere;

pub(super) const TEXTS: Texts = Texts {
    in_short: "the access is on a group or user that no longer exists",
    on_a_route: Some("names a group or person that no longer exists"),
    outage: None,
    page: PAGE,
};

impl Explain for DanglingAssignment {
    fn headline(&self, cx: &Context) -> Sentence {
        let gone = match (self.to_a_user, self.replaceable) {
            (true, _) => " is missing, and its access was given to a person's record that no longer exists",
            (false, true) => " is missing because its access was given to a group that no longer exists",
            (false, false) => " is missing, and an access to it was given to a group that no longer exists",
        };
        say![cx.account(), gone]
    }

    fn evidence(&self, cx: &Context) -> Vec<Sentence> {
        let what = if self.to_a_user { "user" } else { "group" };
        let mut lines = vec![say![
            "An assignment on ",
            cx.account(),
            format!(
                " names a {what} that is not in Identity Center any more. One deleted and made again under the same name counts as a new one, and the access stays with the old."
            )
        ]];
        if self.to_a_user || !self.replaceable {
            lines.push(say![
                format!("AWS does not say any more which {what} that was, so that it may not have been "),
                cx.whom.verb("yours", "theirs"),
                "."
            ]);
        }
        lines
    }

    fn next(&self, cx: &Context) -> Next {
        let access = || say!["assign the access on ", cx.account()];
        let step = match (self.to_a_user, self.replaceable) {
            (false, true) => access().then(say![
                " to the group as it is now, then ",
                remove_what_points_nowhere(&self.is_gone),
                "."
            ]),
            (false, false) => say![
                "find out which group that was (CloudTrail keeps CreateGroup for 90 days); if ",
                cx.whom.object(),
                " had the access by it, "
            ]
            .then(access())
            .then(say![" to the group as it is now."]),
            (true, _) => say!["find out whether that was an older record of ", cx.whom.object(), "; if so, "]
                .then(access())
                .then(say![" to ", cx.whom.object(), " anew."]),
        };
        Next::new(Owner::IdentityAdmin, step).with_console(Console::Accounts)
    }

    fn step_line(&self, _cx: &Context) -> Sentence {
        if self.to_a_user {
            say!["for a user that no longer exists"]
        } else {
            say!["for a group that no longer exists"]
        }
    }
}

const PAGE: &str = r"# dangling_assignment: the access is on a group or user that no longer exists

## What it means
The account assignment points to an id that is gone. This happens when a
group or user is deleted and created again: the name is the same, the id is
new. The console can still show the old name, and access fails.

## How it is detected
`ListAccountAssignments` names a principal id for which `DescribeGroup` or
`DescribeUser` answers ResourceNotFoundException. Being refused or slowed
down is not taken for an absence.

## How it is fixed
An identity admin assigns the live group, then deletes the old assignment:

    aws sso-admin create-account-assignment --instance-arn INSTANCE_ARN \
      --permission-set-arn PERMISSION_SET_ARN --principal-type GROUP \
      --principal-id GROUP_ID --target-type AWS_ACCOUNT --target-id ACCOUNT_ID

`delete-account-assignment` takes the same options, with the old id. Nobody
is in the old group any more, so nobody loses access by this. Everyone in
the live group gains it.
Other accounts often point to the same old id. From the management account,
`aws sso-admin list-account-assignments-for-principal` may list them.
";
