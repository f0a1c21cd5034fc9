//! `permission_set_not_assigned` in words.

use crate::diagnosis::causes::PermissionSetNotAssigned;
use crate::words::action::{Console, Next, Owner};
use crate::words::context::Context;
use crate::words::explanation::{Explain, NAMES, Texts};
use crate::words::say::{Sentence, Span, list_of_names, name, say};

/// Permission sets named in the headline and in the step's line at most.
const FEW_NAMES: usize = 3;

pub(super) const TEXTS: Texts = Texts {
    in_short: "you have it, but not with the permission set that you asked for",
    on_a_route: None,
    outage: None,
    page: PAGE,
};

impl Explain for PermissionSetNotAssigned {
    fn headline(&self, cx: &Context) -> Sentence {
        say![
            cx.whom.subject(),
            " ",
            cx.whom.verb("have", "has"),
            " ",
            cx.account(),
            ", but not with ",
            wanted(cx),
            ": only with "
        ]
        .then(list_of_names(self.has.iter().map(String::as_str), FEW_NAMES))
    }

    fn evidence(&self, cx: &Context) -> Vec<Sentence> {
        let routes = cx.diagnosis.routes.iter().filter(|route| route.works());
        let groups: Vec<&str> = routes.filter_map(|route| route.group_name()).collect();
        if groups.is_empty() {
            return vec![say!["That access was given to ", cx.whom.object(), " directly."]];
        }
        vec![say!["That access comes through "].then(list_of_names(groups, NAMES)).then(say!["."])]
    }

    fn next(&self, cx: &Context) -> Next {
        Next::new(Owner::HelpDesk, say!["ask who may grant ", wanted(cx), " on ", cx.account(), "."])
            .with_console(Console::Accounts)
    }

    fn step_line(&self, _cx: &Context) -> Sentence {
        list_of_names(self.has.iter().map(String::as_str), FEW_NAMES).then(say![" only"])
    }
}

fn wanted(cx: &Context) -> Span {
    name(cx.diagnosis.question.permission_set.as_deref().unwrap_or_default())
}

const PAGE: &str = r"# permission_set_not_assigned: access exists, but not with this permission set

## What it means
The person can open the account, only not with the permission set that was
asked for. The portal shows the account with the permission sets that the
person does have.

## How it is detected
`ListAccountAssignments` gives the permission sets that reach the person,
directly or through a group. `DescribePermissionSet` gives their names. The
one asked for is not among them.

## How it is fixed
You check the name first: the report lists the permission sets you have.
If one of them is enough, nothing has to change.
Otherwise the owner of a group that has the permission set on this account
adds you. If no group has it, an identity admin assigns it:

    aws sso-admin create-account-assignment --instance-arn INSTANCE_ARN \
      --permission-set-arn PERMISSION_SET_ARN --principal-type GROUP \
      --principal-id GROUP_ID --target-type AWS_ACCOUNT --target-id ACCOUNT_ID

Side effect: everyone in the group gains the permission set.
";
