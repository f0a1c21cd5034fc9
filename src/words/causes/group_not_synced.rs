//! `group_not_synced` in words.

use crate::diagnosis::causes::GroupNotSynced;
use crate::diagnosis::facts::idp::Trouble;
use crate::words::action::{Console, Next, Owner};
use crate::words::context::Context;
use crate::words::explanation::{Explain, Texts};
use crate::words::say::{Sentence, answer, name, say};
use crate::words::taking::make_room;

pub(super) const TEXTS: Texts = Texts {
    in_short: "a group created manually in AWS holds the name of yours",
    on_a_route: Some(HELD),
    outage: None,
    page: PAGE,
};

const HELD: &str = "created manually; the synced group of that name was rejected";

impl Explain for GroupNotSynced {
    fn headline(&self, cx: &Context) -> Sentence {
        say![
            cx.account(),
            " is missing because the group that opens it was created manually in AWS, and AWS rejected the one from your company directory"
        ]
    }

    fn evidence(&self, cx: &Context) -> Vec<Sentence> {
        vec![held(self, cx), recorded(&self.refused, cx)]
    }

    fn next(&self, _cx: &Context) -> Next {
        Next::new(Owner::IdentityAdmin, make_room(&self.is_held, &self.manual.name))
            .with_console(Console::Groups)
    }

    fn step_line(&self, _cx: &Context) -> Sentence {
        say![HELD]
    }
}

fn held(GroupNotSynced { manual, at_the_idp, .. }: &GroupNotSynced, cx: &Context) -> Sentence {
    let created = manual.created_at.map(|created| format!(", {}", cx.ago(created))).unwrap_or_default();
    say![
        "The access is on ",
        name(&manual.name),
        format!(" (created manually in AWS{created}). "),
        cx.whom.subject(),
        " ",
        cx.whom.are(),
        " in ",
        cx.idp(),
        "'s group ",
        cx.group_of_theirs(&at_the_idp.name),
        ". AWS keeps one group of a name: the manual one holds it, and the other cannot arrive."
    ]
}

fn recorded(refused: &Trouble, cx: &Context) -> Sentence {
    let says = match &refused.reason {
        Some(reason) => answer(": ", format!("{}: {reason}", refused.code), ". The help desk can read why."),
        None => answer(": ", format!("{}.", refused.code), "."),
    };
    say![cx.idp(), " recorded that AWS refused it"].then(cx.when(refused.at)).then(say![says])
}

const PAGE: &str = r"# group_not_synced: AWS rejected the group, as a manual one holds its name

## What it means
The only group that would open the account was created manually in Identity
Center. Group names are unique there, so AWS rejected the group of that name
from the identity provider, which the person is in.

## How it is detected
The newest entry of the identity provider's log for its group is a conflict
(409, the name is taken), and the group in AWS has no external id. A missing
external id alone proves nothing: Okta's group push sends none, and Entra and
Okta adopt an existing group of the same name.

## How it is fixed
An identity admin
1. renames the manual group, which keeps its id and so its assignments:
   `aws identitystore update-group` with the attribute displayName;
2. lets the identity provider provision its own group, and assigns that one;
3. deletes the manual group once nobody needs it. Everyone who is only in
   the manual group loses access at that moment: list them first.
";
