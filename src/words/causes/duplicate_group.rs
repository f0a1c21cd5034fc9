//! `duplicate_group` in words.

use crate::diagnosis::causes::DuplicateGroup;
use crate::diagnosis::names::Likeness;
use crate::words::action::{Console, Next, Owner};
use crate::words::context::Context;
use crate::words::explanation::{Explain, Texts};
use crate::words::origin::origin;
use crate::words::say::{Sentence, name, say};

pub(super) const TEXTS: Texts = Texts {
    in_short: "the access is on a look-alike of your group",
    on_a_route: Some("only in a group that looks like it"),
    outage: None,
    page: PAGE,
};

impl Explain for DuplicateGroup {
    fn headline(&self, cx: &Context) -> Sentence {
        cx.missing().then(say![
            cx.whom.object(),
            " ",
            cx.whom.are(),
            " in one of two look-alike groups, and the access is on the other"
        ])
    }

    fn evidence(&self, cx: &Context) -> Vec<Sentence> {
        vec![say![
            cx.whom.subject(),
            " ",
            cx.whom.are(),
            " in ",
            cx.group_of_theirs(&self.own.name),
            origin(&self.own, cx),
            ". The access is on ",
            name(&self.assigned.name),
            origin(&self.assigned, cx),
            ", which ",
            cx.whom.object(),
            " ",
            cx.whom.are(),
            " not in. ",
            how_alike(self)
        ]]
    }

    fn next(&self, cx: &Context) -> Next {
        Next::new(
            Owner::IdentityAdmin,
            say![
                "give the access to ",
                cx.that_group_of_theirs(&self.own.name),
                " as well. Leave ",
                name(&self.assigned.name),
                " as it is: the digest of duplicate groups says which of the two can go, and when."
            ],
        )
        .with_console(Console::Groups)
        .with_assign_command(cx.diagnosis, &self.own.id.0)
    }

    fn step_line(&self, cx: &Context) -> Sentence {
        let own = cx.group_of_theirs(&self.own.name);
        match self.likeness {
            Likeness::Same => say!["in the other of two groups called ", own],
            _ => say!["in ", own, ", which only looks like the assigned one"],
        }
    }
}

fn how_alike(DuplicateGroup { own, assigned, likeness }: &DuplicateGroup) -> String {
    let unusual = |name: &str, other: &str| {
        let only_here = name.chars().find(|character| !character.is_ascii() && !other.contains(*character));
        only_here.map(|character| format!("U+{:04X}", u32::from(character)))
    };
    if *likeness == Likeness::Same {
        return "The two have exactly the same name.".to_owned();
    }
    match (unusual(&assigned.name, &own.name), unusual(&own.name, &assigned.name)) {
        (Some(code), _) => {
            format!("The second holds the character {code}, which only looks like the first's.")
        }
        (None, Some(code)) => {
            format!("The first holds the character {code}, which only looks like the second's.")
        }
        (None, None) => "The names differ only in case, spaces or dashes.".to_owned(),
    }
}

const PAGE: &str = r"# duplicate_group: the access is on a look-alike of the person's group

## What it means
Two groups have the same name, or names that a reader takes for the same.
The person is in one, the account assignment is on the other.

## How it is detected
`DescribeGroup` gives the names of the person's groups and of the groups in
`ListAccountAssignments`. Two names count as the same if they are equal but
for look-alike characters (Unicode TR39 skeleton), upper and lower case,
spaces, `-` and `_`. Identity Center refuses exactly equal names; should it
hold two, they count as well.

## How it is fixed
An identity admin assigns the group that the person is in, as a rule the one
from the identity provider; everyone in it gains the access:

    aws sso-admin create-account-assignment --instance-arn INSTANCE_ARN \
      --permission-set-arn PERMISSION_SET_ARN --principal-type GROUP \
      --principal-id GROUP_ID --target-type AWS_ACCOUNT --target-id ACCOUNT_ID

The other group stays as it is. People who are only in it, or an application
that uses it, would lose by its end; the digest of duplicate groups
(`sso-why digest`) looks who that is and says in which order it can go.
";
