//! `membership_not_synced` in words.

use crate::diagnosis::Diagnosis;
use crate::diagnosis::causes::MembershipNotSynced;
use crate::diagnosis::facts::idp::IdpGroup;
use crate::diagnosis::facts::{Group, IdentitySource};
use crate::diagnosis::steps::{Note, StepReport};
use crate::words::action::{Console, Next, Owner};
use crate::words::context::Context;
use crate::words::explanation::{Explain, NAMES, Texts};
use crate::words::meant::{is_for_the_privileged, what_else_is_meant, which_is_meant};
use crate::words::say::{Sentence, list_of_names, name, say};

pub(super) const TEXTS: Texts = Texts {
    in_short: "AWS does not have you in the group that opens it",
    on_a_route: Some("not in it, as AWS sees it"),
    outage: None,
    page: PAGE,
};

const IF_IT_IS_NOT_THERE: &str =
    " If there is no such group there, it is kept in Identity Center or by another tool.";

impl Explain for MembershipNotSynced {
    fn headline(&self, cx: &Context) -> Sentence {
        say![
            "As AWS sees it, ",
            cx.whom.object(),
            " ",
            cx.whom.are(),
            " in no group that opens ",
            cx.account()
        ]
    }

    fn evidence(&self, cx: &Context) -> Vec<Sentence> {
        let opens = match self.groups.as_slice() {
            [] => say!["A group opens ", cx.account(), ", and I could not read its name"],
            groups => list_of_names(groups.iter().map(|group| group.name.as_str()), NAMES)
                .then(say![if groups.len() == 1 { " opens it" } else { " open it" }]),
        };
        let without = say![
            ", and AWS does not have ",
            cx.whom.object(),
            if self.groups.len() > 1 { " in any of them." } else { " in it." }
        ];
        let near = self.near.as_ref().map(|near| {
            let (whom, group) = (cx.whom, cx.group_of_theirs(&near.name));
            let is_in = say![whom.subject(), " ", whom.are(), " in ", group];
            is_in.then(say![", whose name is almost the same; they are different groups."])
        });
        vec![Some(opens.then(without)), near, Some(what_the_idp_shows(cx))].into_iter().flatten().collect()
    }

    fn next(&self, cx: &Context) -> Next {
        if let Some(ask) = which_is_meant(cx).filter(|_| group_at_the_idp(cx.diagnosis).is_none()) {
            let then = match cx.source() {
                Some(IdentitySource::IdentityCenter) if cx.diagnosis.idp.is_none() => {
                    say![". An identity admin adds ", cx.whom.object(), " to that one in Identity Center."]
                }
                Some(IdentitySource::ActiveDirectory) if cx.diagnosis.idp.is_none() => {
                    say![". Then "].then(in_active_directory(say!["that one"], cx))
                }
                _ => say![". Then look whether ", cx.whom.object(), " ", cx.whom.are()]
                    .then(say![" in that one in the company directory: if so, force a sync."]),
            };
            return Next::new(Owner::HelpDesk, ask.then(then)).with_console(Console::Groups);
        }
        if let Some(next) = where_no_idp_is(self.groups.first(), cx) {
            return Next::new(Owner::IdentityAdmin, next).with_console(Console::Groups);
        }
        let look = match (group_at_the_idp(cx.diagnosis), self.groups.first()) {
            (Some(_), _) => say![
                "look in ",
                cx.idp(),
                " at the application for AWS, its provisioning and its logs, which I could not read."
            ],
            (None, Some(group)) => {
                let look = whether_they_are_in(say!["the group ", name(&group.name)], cx);
                // Okta's group push and other tools leave no external id, so that its absence proves neither.
                if group.synced { look } else { look.then(say![IF_IT_IS_NOT_THERE]) }
            }
            (None, None) => whether_they_are_in(say!["the group"], cx),
        };
        Next::new(Owner::IdentityAdmin, look).with_console(Console::Groups)
    }

    fn step_line(&self, _cx: &Context) -> Sentence {
        match self.groups.first() {
            Some(group) => say!["not in ", name(&group.name)],
            None => say!["not in the group"],
        }
    }
}

fn what_the_idp_shows(cx: &Context) -> Sentence {
    let whom = cx.whom;
    if cx.diagnosis.idp.is_none() && cx.source() == Some(IdentitySource::IdentityCenter) {
        return say!["People and groups are kept in Identity Center itself, so that nothing is on its way."];
    }
    if cx.diagnosis.idp.is_none() && cx.source() == Some(IdentitySource::ActiveDirectory) {
        return say![
            "They come from Active Directory, which I cannot see, so I cannot tell whether ",
            whom.object(),
            " ",
            whom.verb("were", "was"),
            " never added there, or the change has not arrived."
        ];
    }
    if let Some(group) = group_at_the_idp(cx.diagnosis) {
        return say![
            cx.idp(),
            " has ",
            whom.object(),
            " in ",
            cx.group_of_theirs(&group.name),
            ". Why that has not arrived in AWS I could not read."
        ];
    }
    let is_at_the_idp = |report: &StepReport| matches!(report.note, Note::NobodyAtTheIdp(_));
    if cx.diagnosis.steps.iter().any(is_at_the_idp) {
        let name = name(&cx.diagnosis.question.subject);
        return say![cx.idp(), " has nobody of the user name ", name, ", and I know no other name of "]
            .then(say![whom.object(), ": under another name they may be there, and in the group."]);
    }
    say![
        if cx.diagnosis.idp.is_some() {
            "I could not see enough of your company directory to tell whether "
        } else {
            "I cannot see your company directory, so I cannot tell whether "
        },
        whom.object(),
        " ",
        whom.verb("were", "was"),
        " never added there, or ",
        whom.verb("were", "was"),
        " and the change has not arrived."
    ]
}

/// What to do if people and groups come from no IdP.
fn where_no_idp_is(group: Option<&Group>, cx: &Context) -> Option<Sentence> {
    let whom = || cx.whom.object();
    let group = || group.map_or_else(|| say!["the group"], |group| say![name(&group.name)]);
    match cx.source().filter(|_| cx.diagnosis.idp.is_none())? {
        IdentitySource::External => None,
        IdentitySource::IdentityCenter if is_for_the_privileged(cx) => Some(what_else_is_meant(cx)),
        IdentitySource::IdentityCenter => {
            let add = say!["add ", whom(), " to "].then(group());
            Some(add.then(say![" in Identity Center, if ", whom(), " should have it."]))
        }
        IdentitySource::ActiveDirectory => Some(in_active_directory(group(), cx)),
    }
}

/// Source: IAM Identity Center user guide, "How configurable AD sync works": what is outside the sync scope does not come,
/// a change may take two hours, and an administrator may have paused the sync.
fn in_active_directory(group: Sentence, cx: &Context) -> Sentence {
    let whom = || cx.whom.object();
    let look = say!["look in Active Directory whether ", whom(), " ", cx.whom.are(), " in "].then(group);
    look.then(say![
        ": if so, look whether the sync is on and both are in the sync scope (Identity Center, Settings, Manage sync); a \
         change takes up to two hours. If not, ",
        ])
    .then(who_adds_them(cx))
}

/// Nobody is offered a group for administrators or emergencies.
fn who_adds_them(cx: &Context) -> Sentence {
    match is_for_the_privileged(cx) {
        true => say!["the owner of ", cx.account(), " says which group is meant."],
        false => say!["its owner can add ", cx.whom.object(), "."],
    }
}

fn whether_they_are_in(group: Sentence, cx: &Context) -> Sentence {
    say!["look in the company directory whether ", cx.whom.object(), " ", cx.whom.are(), " in "]
        .then(group)
        .then(say![": if so, force a sync; if not, "])
        .then(who_adds_them(cx))
}

/// The group at the IdP that the person is seen to be in.
fn group_at_the_idp(diagnosis: &Diagnosis) -> Option<&IdpGroup> {
    diagnosis.steps.iter().find_map(|report| match &report.note {
        Note::IdpMember { group, .. } => Some(group),
        _ => None,
    })
}

const PAGE: &str = r#"# membership_not_synced: Identity Center does not have the person in the group

## What it means
The group that opens the account is in Identity Center, and the person is
not in it. Either they are not in the group at the identity provider, or
they are and it has not arrived. The identity provider could not be seen,
so the bot cannot tell which.

## How it is detected
`ListAccountAssignments` names the group, `DescribeGroup` finds it, and
`ListGroupMembershipsForMember` of the person does not contain its id.

## How it is fixed
1. The help desk looks at the group in the identity provider. If the person
   is not in it, its owner decides. Entra sends direct members only. Okta
   sends members who are also assigned to the application, and needs one
   group for the assignment and another for the push.
2. If the person is in it, an identity admin forces it. Entra: "Provision
   on demand" with the group and up to five members. A cycle runs about
   every 40 minutes, but a member who came back into scope may not be looked
   at again. Okta: deactivate, then activate the group's push.
Do not use "Restart provisioning" in Entra: it runs a full initial cycle.
A membership added by hand in AWS is unknown to the identity provider.

If people come from Active Directory, its groups count. It is synchronized
every hour, and a change takes up to two; nothing comes while the sync is
paused, and what is outside the sync scope does not come (Identity Center,
Settings, Manage sync); nested
groups, primary groups such as Domain Users and foreign security principals
do not come either. If they are kept in Identity Center itself, an identity
admin adds the person there.
"#;
