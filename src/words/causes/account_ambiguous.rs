//! `account_ambiguous` in words.

use crate::diagnosis::causes::AccountAmbiguous;
use crate::words::action::{Next, Owner};
use crate::words::context::Context;
use crate::words::explanation::{Explain, NAMES, Texts};
use crate::words::say::{Sentence, list_of_names, say};

pub(super) const TEXTS: Texts =
    Texts { in_short: "several accounts have this name", on_a_route: None, outage: None, page: PAGE };

impl Explain for AccountAmbiguous {
    fn headline(&self, cx: &Context) -> Sentence {
        say![format!("There are {} accounts called ", self.candidates.len()), cx.account()]
    }

    fn evidence(&self, _cx: &Context) -> Vec<Sentence> {
        let ids = list_of_names(self.candidates.iter().map(|account| account.id.as_str()), NAMES);
        vec![say!["Their numbers are "].then(ids).then(say!["."])]
    }

    fn next(&self, _cx: &Context) -> Next {
        Next::new(Owner::You, say!["ask again with the account number."])
    }

    fn step_line(&self, cx: &Context) -> Sentence {
        say![format!("{} are called ", self.candidates.len()), cx.account()]
    }

    fn other_accounts(&self) -> Vec<(String, String)> {
        let candidates = self.candidates.iter();
        candidates.map(|account| (format!("{} ({})", account.name, account.id), account.id.clone())).collect()
    }
}

const PAGE: &str = r"# account_ambiguous: several accounts have this name

## What it means
AWS does not promise that account names are unique, and this organization
has more than one account of the name that was asked for. Checking either
one might answer a question that nobody asked, so none was checked.

## How it is detected
Organizations `ListAccounts` is read to its last page and two or more names
are equal to the one asked for. Their ids are offered.

## How it is fixed
You ask again with the 12-digit id. If you do not know which one you need,
ask whoever told you to use the account, or an identity admin, who sees
each account's e-mail address in the AWS Organizations console.

An identity admin can end the confusion by having one of the accounts
renamed. Scripts and dashboards that find an account by its name are then
affected; access does not depend on the name.
";
