//! `no_assignment` in words.

use std::collections::BTreeSet;

use crate::diagnosis::Route;
use crate::diagnosis::causes::{Finding, NoAssignment};
use crate::words::action::{Console, Next, Owner};
use crate::words::context::Context;
use crate::words::explanation::{Explain, NAMES, Texts};
use crate::words::gaps::unseen_assignments;
use crate::words::say::{Sentence, list_of_names, name, say};

pub(super) const TEXTS: Texts =
    Texts { in_short: "no group of yours opens it", on_a_route: None, outage: None, page: PAGE };

impl Explain for NoAssignment {
    fn headline(&self, cx: &Context) -> Sentence {
        let (whom, account) = (cx.whom.object(), cx.account());
        let is_all_seen = unseen_assignments(cx.diagnosis).is_none();
        let group =
            say![if is_all_seen { "No group that " } else { "As far as I could see, no group that " }, whom];
        match &cx.diagnosis.question.permission_set {
            Some(permission_set) => {
                group.then(say![" could be in has ", name(permission_set), " on ", account])
            }
            None => group.then(say![" could be in opens ", account]),
        }
    }

    fn evidence(&self, cx: &Context) -> Vec<Sentence> {
        if let Some(unseen) = unseen_assignments(cx.diagnosis) {
            let read = say!["Of what I could read on ", cx.account(), ", nothing is for ", cx.whom.object()];
            return vec![
                read.then(say![" or for a group."]),
                say!["I did not see everything: "].then(unseen).then(say!["."]),
            ];
        }
        let sets = assigned_sets(cx);
        if sets.is_empty() && self.others_have_it {
            let read = say![
                "I read everything that is assigned on ",
                cx.account(),
                ": all of it is for other people "
            ];
            return vec![read.then(say![
                "directly, and nothing is for a group, nor for ",
                cx.whom.object(),
                "."
            ])];
        }
        if sets.is_empty() {
            return vec![say![
                "I read everything that is assigned on ",
                cx.account(),
                ": nothing at all is."
            ]];
        }
        let assigned = say!["What is assigned on ", cx.account(), " is "];
        vec![assigned.then(list_of_names(sets, NAMES)).then(say!["."])]
    }

    fn next(&self, cx: &Context) -> Next {
        if let Some(wanted) = another_name_wanted(cx) {
            return Next::new(
                Owner::You,
                say![
                    "ask again without a permission set, or with one that is there. If ",
                    name(wanted),
                    " is right, an identity admin has to assign it to a group on ",
                    cx.account(),
                    "."
                ],
            )
            .with_console(Console::Accounts);
        }
        let first = match unseen_assignments(cx.diagnosis) {
            None => say![],
            Some(_) => say![
                "look from the management account what is assigned on ",
                cx.account(),
                " or failed to be; then "
            ],
        };
        Next::new(
            Owner::IdentityAdmin,
            first.then(say![
                "assign a group and a permission set to ",
                cx.account(),
                ", if ",
                cx.whom.object(),
                " should have it."
            ]),
        )
        .with_console(Console::Accounts)
    }

    fn step_line(&self, _cx: &Context) -> Sentence {
        say!["nothing that applies"]
    }
}

/// The permission sets that are assigned to somebody on the account.
fn assigned_sets<'d>(cx: &Context<'d>) -> BTreeSet<&'d str> {
    let has_ended = |route: &&Route| matches!(route.finding(), Some(Finding::AccessEnded(_)));
    let routes = cx.diagnosis.routes.iter().filter(|route| !has_ended(route));
    routes.filter_map(|route| route.permission_set_name.as_deref()).collect()
}

/// The permission set that was asked for, where others are assigned and everything was read: its name may be wrong.
fn another_name_wanted<'d>(cx: &Context<'d>) -> Option<&'d str> {
    let everything_was_read = unseen_assignments(cx.diagnosis).is_none();
    let wanted = cx.diagnosis.question.permission_set.as_deref();
    wanted.filter(|_| everything_was_read && !assigned_sets(cx).is_empty())
}

const PAGE: &str = r#"# no_assignment: nothing that could be the person's opens this account

## What it means
No group or user that the person is, or could be in, is assigned on this
account. There is nothing to join and nothing that broke. A permission set
can be provisioned on an account although nobody is assigned to it.

## How it is detected
`ListPermissionSetsProvisionedToAccount` gives the permission sets,
`ListAccountAssignments` is read for each, and
`ListAccountAssignmentsForPrincipal` for the person. No row is left. From a
delegated administrator account the last one is refused, so that an assignment
which is not provisioned stays unseen; that, and a list of requests that was
too long to look at as a whole, is said.

## How it is fixed
The owner of the account decides who should have which permission set. An
identity admin then assigns a group: Identity Center console, AWS accounts,
the account, "Assign users or groups", or

    aws sso-admin create-account-assignment --instance-arn INSTANCE_ARN \
      --permission-set-arn PERMISSION_SET_ARN --principal-type GROUP \
      --principal-id GROUP_ID --target-type AWS_ACCOUNT --target-id ACCOUNT_ID

Side effects: the permission set is provisioned to the account by the same
call, and everyone in the group gains the access.
"#;
