//! `group_not_synced` in words.

use crate::diagnosis::causes::GroupNotSynced;
use crate::diagnosis::facts::Group;
use crate::diagnosis::facts::idp::{IdpGroup, Trouble};
use crate::words::action::{Console, Next, Owner};
use crate::words::context::Context;
use crate::words::explanation::{Explain, Texts};
use crate::words::say::{Sentence, answer, in_parentheses, name, say};

pub(super) const TEXTS: Texts = Texts {
    in_short: "a group made by hand in AWS stands where yours should",
    on_a_route: Some(HELD),
    outage: None,
    page: PAGE,
};

const HELD: &str = "made by hand; the synced group of that name is missing";

impl Explain for GroupNotSynced {
    fn headline(&self, cx: &Context) -> Sentence {
        say![
            cx.account(),
            " is missing because the group that opens it was made by hand in AWS, and the one from your company directory cannot arrive beside it"
        ]
    }

    fn evidence(&self, cx: &Context) -> Vec<Sentence> {
        let Some(group) = &self.at_the_idp else {
            return vec![supposed(&self.manual, cx)];
        };
        let refused = self.refused.as_deref().map(|refused| recorded(refused, cx));
        std::iter::once(held(&self.manual, group, cx)).chain(refused).collect()
    }

    fn next(&self, _cx: &Context) -> Next {
        Next::new(
            Owner::IdentityAdmin,
            say![
                "rename ",
                name(&self.manual.name),
                " in AWS, let the synced group arrive, assign the access to that, then delete the hand-made one."
            ],
        )
        .with_console(Console::Groups)
    }

    fn step_line(&self, _cx: &Context) -> Sentence {
        say![HELD]
    }
}

fn supposed(manual: &Group, cx: &Context) -> Sentence {
    say![
        "The access is on ",
        name(&manual.name),
        origin(manual, cx),
        ", while ",
        cx.whom.object(),
        " ",
        cx.whom.verb("come", "comes"),
        " from the company directory. AWS keeps one group of a name: the hand-made one holds it, and the synced one was refused."
    ]
}

fn held(manual: &Group, at_the_idp: &IdpGroup, cx: &Context) -> Sentence {
    say![
        "The access is on ",
        name(&manual.name),
        origin(manual, cx),
        ". ",
        cx.whom.subject(),
        " ",
        cx.whom.are(),
        " in ",
        cx.idp(),
        "'s group ",
        cx.group_of_theirs(&at_the_idp.name),
        ". AWS keeps one group of a name: the hand-made one holds it, and the other cannot arrive."
    ]
}

fn recorded(refused: &Trouble, cx: &Context) -> Sentence {
    let says = match &refused.reason {
        Some(reason) => answer(": ", format!("{}: {reason}", refused.code), ". The help desk can read why."),
        None => answer(": ", format!("{}.", refused.code), "."),
    };
    say![cx.idp(), " recorded that AWS refused it"].then(in_parentheses(refused.at)).then(say![says])
}

/// The origin of a group, in parentheses after its name.
pub(super) fn origin(group: &Group, cx: &Context) -> String {
    match group.created_at {
        _ if group.synced => " (comes from the company directory)".to_owned(),
        Some(created) => format!(" (made in AWS itself, {})", cx.ago(created)),
        None => " (made in AWS itself)".to_owned(),
    }
}

const PAGE: &str = r"# group_not_synced: a group made by hand stands where the synced one should

## What it means
The person comes from the identity provider, and the only group that would
open the account was made by hand in Identity Center. Group names are
unique there: most likely the manual group holds the name, and the one from
the identity provider could not be created.

## How it is detected
`DescribeUser` returns external ids for the person, `DescribeGroup` none for
the groups assigned. The groups that Control Tower makes are left aside. This
is an inference: another tool can make groups without external ids as well.

## How it is fixed
An identity admin
1. looks for a conflict (409) on that name in the provisioning log (Entra)
   or the group's push status (Okta);
2. renames the manual group, which keeps its id and so its assignments:
   `aws identitystore update-group` with the attribute displayName;
3. lets the identity provider send its own group, and assigns that one;
4. deletes the manual group once nobody needs it. Everyone who is only in
   the manual group loses access at that moment: list them first.
Without step 2, Entra may take the manual group over, as it matches groups
by name. Okta refuses to push a name that exists, unless it is linked.
";
