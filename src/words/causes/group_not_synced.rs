//! `group_not_synced` in words.

use std::collections::BTreeSet;

use crate::diagnosis::causes::{Cause, GroupNotSynced, LeftOf, NotThere, WhyAbsent};
use crate::diagnosis::facts::Group;
use crate::diagnosis::facts::idp::{Idp, IdpGroup, Trouble, TroubleKind};
use crate::diagnosis::harm::TargetDeleted;
use crate::words::action::{Console, Next, Owner};
use crate::words::context::Context;
use crate::words::explanation::{Explain, NAMES, Texts};
use crate::words::idp::state_in_words;
use crate::words::proof::{Proof, proof};
use crate::words::say::{Sentence, answer, list_of_names, name, say};
use crate::words::taking::{if_it_is_gone_restart, make_room, remove_what_points_nowhere, restart, unlink};

pub(super) const TEXTS: Texts = Texts {
    in_short: "AWS does not have your group",
    on_a_route: Some("the synced group is not in AWS"),
    outage: None,
    page: PAGE,
};

const HELD: &str = "created manually; the synced group of that name was rejected";

impl Explain for GroupNotSynced {
    fn headline(&self, cx: &Context) -> Sentence {
        let absent = match &self.why {
            WhyAbsent::NameHeld { .. } => {
                return say![
                    cx.account(),
                    " is missing because the group that opens it was created manually in AWS, and AWS rejected the one from your company directory"
                ];
            }
            WhyAbsent::NotThere(absent) => absent,
        };
        let theirs = say![cx.whom.object(), " ", cx.whom.are(), " in"];
        match absent.left {
            LeftOf::TheGroup(_) => cx.missing().then(say!["AWS no longer has the group that opened it"]),
            LeftOf::Some(..) => {
                say![cx.account(), " is missing, and AWS does not have a group that "].then(theirs)
            }
            LeftOf::Nothing => {
                say![cx.account(), " may be missing because AWS does not have a group that "].then(theirs)
            }
        }
    }

    fn evidence(&self, cx: &Context) -> Vec<Sentence> {
        match &self.why {
            WhyAbsent::NameHeld { manual, refused, .. } => {
                vec![held(manual, &self.at_the_idp, cx), recorded(refused, cx)]
            }
            WhyAbsent::NotThere(absent) => not_there(&self.at_the_idp, absent, cx),
        }
    }

    fn next(&self, cx: &Context) -> Next {
        let absent = match &self.why {
            WhyAbsent::NameHeld { manual, is_held, .. } => {
                return Next::new(Owner::IdentityAdmin, make_room(is_held, &manual.name))
                    .with_console(Console::Groups);
            }
            WhyAbsent::NotThere(absent) => absent,
        };
        let step = send_it(&self.at_the_idp, absent, cx).then(then_assign(absent, cx));
        let next = Next::new(Owner::IdentityAdmin, step);
        let next = if absent.assigned_since.is_some() { next.again_at(absent.next_due) } else { next };
        next.with_idp_console(cx.diagnosis).with_console(Console::Accounts)
    }

    fn step_line(&self, cx: &Context) -> Sentence {
        match self.why {
            WhyAbsent::NameHeld { .. } => say![HELD],
            WhyAbsent::NotThere(_) => say![cx.group_of_theirs(&self.at_the_idp.name), " is not in AWS"],
        }
    }

    fn proof(&self) -> Vec<Proof> {
        vec![proof("group", &self.at_the_idp.name), proof("group id", &self.at_the_idp.id.0)]
    }
}

fn not_there(group: &IdpGroup, absent: &NotThere, cx: &Context) -> Vec<Sentence> {
    let (whom, theirs) = (cx.whom, || cx.group_of_theirs(&group.name));
    let sent =
        say![whom.subject(), " ", whom.are(), " in ", theirs(), " in ", cx.idp(), ", which sends it to "]
            .then(match cx.diagnosis.idp {
                // Okta's push names no id, and its target may have another name.
                Some(Idp::Okta) => say!["AWS. AWS has no group of the name that it is pushed under."],
                _ => say!["AWS. AWS has no group with its id or its name."],
            });
    let on_it = || say!["An assignment on ", cx.account(), " is left of a deleted group"];
    let left = match &absent.left {
        LeftOf::TheGroup(_) => on_it().then(say![", which was called ", theirs(), " when I last saw it."]),
        LeftOf::Some(_, Some(former)) => on_it().then(say![
            ", which was called ",
            name(former),
            " when I last saw it. It may have been this one, renamed since, or another."
        ]),
        LeftOf::Some(_, None) => on_it().then(say![
            ". AWS does not say any more what that was called, so that it may have been another."
        ]),
        LeftOf::Nothing => say![
            "That it is meant for ",
            cx.account(),
            " I conclude from its name alone: nothing there is assigned to it."
        ],
    };
    let since = absent.assigned_since.map(|since| {
        say!["It was assigned to "]
            .then(cx.application())
            .then(cx.when(Some(since)))
            .then(say![", after the last sync began."])
    });
    let why = match (&absent.logged, &absent.stopped) {
        (_, Some(state)) => Some(say!["The provisioning of "].then(cx.application()).then(say![
            " ",
            state_in_words(state),
            "."
        ])),
        (Some(logged), None) => Some(what_is_logged(logged, cx)),
        (None, None) if absent.log_was_read && since.is_none() => {
            Some(say![cx.idp(), "'s log has no error of it."])
        }
        (None, None) => None,
    };
    [Some(sent), since, why, Some(left)].into_iter().flatten().collect()
}

fn what_is_logged(logged: &Trouble, cx: &Context) -> Sentence {
    let says = match &logged.reason {
        Some(reason) => format!("{}: {reason}", logged.code),
        None => format!("{}.", logged.code),
    };
    let instead = match logged.kind {
        TroubleKind::Skipped(_) => " that it was skipped. The help desk can read why.",
        _ => " that it failed. The help desk can read why.",
    };
    say![cx.idp(), "'s record for it says"].then(cx.when(logged.at)).then(say![answer(": ", says, instead)])
}

/// How the group gets to AWS, as a beginning of a sentence that goes on with what comes after.
fn send_it(group: &IdpGroup, absent: &NotThere, cx: &Context) -> Sentence {
    let theirs = || cx.that_group_of_theirs(&group.name);
    if absent.stopped.is_some() {
        let start = say!["look why the provisioning of "].then(cx.application());
        return start.then(say![
            " does not run, and have it run again, so that ",
            theirs(),
            " is sent to AWS."
        ]);
    }
    if let Some(proof) = absent.logged.as_ref().and_then(TargetDeleted::seen_in) {
        return restart(&proof, cx.idp());
    }
    match (cx.diagnosis.idp, &absent.logged) {
        (Some(Idp::Okta), None) if absent.assigned_since.is_some() => {
            say!["wait for Okta, which pushes ", theirs(), " to AWS within half an hour."]
        }
        (_, None) if absent.assigned_since.is_some() => {
            say!["wait for the next sync, which sends ", theirs(), " to AWS."]
        }
        (Some(Idp::Okta), _) => say!["in Okta, under Push Groups of the application for AWS, "]
            .then(unlink(&absent.is_gone, cx))
            .then(say![", of which AWS has nothing any more, and push it again."]),
        (_, Some(Trouble { kind: TroubleKind::Skipped(_), .. })) => {
            say!["look in the provisioning log of "].then(cx.application()).then(say![
                " why ",
                theirs(),
                " is skipped, and change that; a forced sync would skip it again."
            ])
        }
        (_, Some(_)) => {
            say!["fix what the record complains about, then have ", theirs(), " sent to AWS again."]
        }
        (_, None) => {
            let demand = say!["provision ", theirs(), " with ", cx.whom.object(), " on demand in ", cx.idp()];
            demand.then(match absent.left {
                LeftOf::TheGroup(_) => {
                    say!["; ", if_it_is_gone_restart(&absent.is_gone)]
                }
                LeftOf::Some(..) | LeftOf::Nothing => say!["."],
            })
        }
    }
}

fn then_assign(absent: &NotThere, cx: &Context) -> Sentence {
    match &absent.left {
        LeftOf::TheGroup(is_gone) => {
            let assign =
                say![" Then assign ", cx.permission_set(), " on ", cx.account(), " to the new group"];
            assign.then(say![", and ", remove_what_points_nowhere(is_gone), "."])
        }
        LeftOf::Some(is_gone, _) => {
            // Several assignments may be left, each with a permission set of its own.
            let left =
                cx.diagnosis.routes.iter().filter(|route| {
                    route.finding().is_some_and(|found| found.cause() == Cause::GroupNotSynced)
                });
            let sets: BTreeSet<&str> =
                left.filter_map(|route| route.permission_set_name.as_deref()).collect();
            let which = match sets.len() {
                0 | 1 => say![cx.permission_set()],
                _ => say!["what it had ("].then(list_of_names(sets, NAMES)).then(say![")"]),
            };
            say![" If the access was by that group, then assign "].then(which).then(say![
                " on ",
                cx.account(),
                " to the new one, and ",
                remove_what_points_nowhere(is_gone),
                "."
            ])
        }
        LeftOf::Nothing => {
            say![" Then ask the owner of ", cx.account(), " to give it the access, if it is meant for that."]
        }
    }
}

fn held(manual: &Group, at_the_idp: &IdpGroup, cx: &Context) -> Sentence {
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

const PAGE: &str = r"# group_not_synced: AWS does not have the group that the IdP sends

## What it means
The person is in a group that the identity provider sends to AWS, and AWS does
not have it. Either a group that was created manually in Identity Center holds
its name, so that AWS rejected it; or it is not there at all, as after somebody
deleted it in Identity Center: the identity provider believes that it sent it,
and sends it only once it changes.

## How it is detected
A manual group in the way: the newest entry of the identity provider's log for
its group is a conflict (409, the name is taken), and the group in AWS has no
external id. A missing external id alone proves nothing: Okta's group push
sends none, and Entra and Okta adopt an existing group of the same name.

Not there at all: looked for only if nothing else explains what is missing. Of
the person's groups that the application sends, `GetGroupId` finds none with
the id and none with the name. It is told if an assignment on the account is
left of a deleted group, or if the group is named after the account. What a
deleted group was called, the digests remember.

## How it is fixed
A manual group in the way. An identity admin
1. renames the manual group, which keeps its id and so its assignments:
   `aws identitystore update-group` with the attribute displayName;
2. lets the identity provider provision its own group, and assigns that one;
3. deletes the manual group once nobody needs it. Everyone who is only in
   the manual group loses access at that moment: list them first.

Not there at all. An identity admin has it sent again. Entra ID: Provision on
demand, with the person; if the log says InvalidAnchor, only a restart of the
provisioning matches it again. Okta: unlink the pushed group and push it again.
The group is a new one in AWS: assign the access to it, then remove the
assignment that names the old one.
";
