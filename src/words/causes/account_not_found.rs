//! `account_not_found` in words.

use crate::diagnosis::causes::{AccountNotFound, NamedApplication};
use crate::words::action::{Next, Owner};
use crate::words::context::Context;
use crate::words::explanation::{Explain, NAMES, Texts};
use crate::words::say::{Sentence, list_of_names, name, say};

pub(super) const TEXTS: Texts =
    Texts { in_short: "no account has this name or number", on_a_route: None, outage: None, page: PAGE };

impl Explain for AccountNotFound {
    fn headline(&self, cx: &Context) -> Sentence {
        match &self.application {
            NamedApplication::Named(application) => {
                say![name(application), " is an application, not one of your AWS accounts"]
            }
            _ if cx.diagnosis.question.account_id().is_some() => {
                say!["No account of this organization has the number ", cx.account()]
            }
            _ => say!["I know no account called ", cx.account()],
        }
    }

    fn evidence(&self, cx: &Context) -> Vec<Sentence> {
        if cx.diagnosis.question.account_id().is_some() {
            return vec![say!["It may belong to another organization, or a digit may be wrong."]];
        }
        if cx.diagnosis.question.account_is_an_email() {
            return vec![say!["That is an e-mail address: the person comes first, then the account."]];
        }
        match (&self.application, self.nearest.is_empty()) {
            (NamedApplication::Named(_), _) => {
                return vec![say![
                    "Applications are assigned apart from accounts, and the access portal shows them on a tab of their own."
                ]];
            }
            (NamedApplication::NoneOrSeveral, true) => {
                return vec![say!["No account of the organization has a name like that."]];
            }
            (NamedApplication::Unknown, true) => {
                return vec![
                    say!["No account of the organization has a name like that."],
                    say![
                        "If it is an application, such as Amazon Managed Grafana, it is assigned apart and shown on the \
                         Applications tab of the access portal."
                    ],
                ];
            }
            (_, false) => {}
        }
        let names = list_of_names(self.nearest.iter().map(String::as_str), NAMES);
        vec![say!["The nearest names are "].then(names).then(say!["."])]
    }

    fn next(&self, cx: &Context) -> Next {
        Next::new(
            Owner::You,
            if let NamedApplication::Named(_) = self.application {
                say!["look on the Applications tab of the access portal; the help desk can have it assigned."]
            } else if cx.diagnosis.question.account_id().is_some() {
                say![
                    "compare the number with the one in the access portal of whoever has the account, or ask with the account's name."
                ]
            } else if cx.diagnosis.question.account_is_an_email() {
                say!["ask again with the person first and the account second."]
            } else if self.nearest.is_empty() {
                say![
                    "look the name up in the list that the form offers, or ask with the 12-digit account number."
                ]
            } else {
                say!["ask again with the right name."]
            },
        )
    }

    fn step_line(&self, cx: &Context) -> Sentence {
        if let NamedApplication::Named(application) = &self.application {
            return say![name(application), " is an application"];
        }
        say!["none is called ", cx.account()]
    }

    fn other_accounts(&self) -> Vec<(String, String)> {
        self.nearest.iter().map(|name| (name.clone(), name.clone())).collect()
    }
}

const PAGE: &str = r#"# account_not_found: no account has this name or id

## What it means
No account of the AWS organization has the name or id that was asked for.
It may be misspelt, it may have been renamed, or it may belong to another
organization. Nothing is said about access, since there is no account to
check it on.

## How it is detected
Organizations `ListAccounts` is read to its last page and no name is equal.
A 12-digit id is looked up with `DescribeAccount`, which answers
AccountNotFoundException. If the list could not be read to its end, the
verdict is "undetermined" and never this cause. If the bot may call
`ListApplications` (optional), an application of that name is told as one.

## How it is fixed
An application, such as Amazon Managed Grafana, is assigned apart from accounts:
Identity Center console, Applications, the application, "Assign users and
groups". The access portal shows it on the Applications tab.

You choose one of the nearest names offered, or ask with the 12-digit id.
For an account created a moment ago, check again live: the list of accounts
is kept for a while. An identity admin can print all names and ids from the
management account or a delegated administrator account:

    aws organizations list-accounts --query "Accounts[].[Id,Name]"
"#;
