//! Which of several groups is meant, where nothing that was read says it: the account's owner knows.

use std::collections::BTreeSet;

use super::context::Context;
use super::explanation::NAMES;
use super::say::{Sentence, name, say};
use crate::diagnosis::Route;
use crate::diagnosis::facts::Unsent;
use crate::diagnosis::facts::idp::{Idp, IdpGroup};

/// `ask the owner of Payments-Prod which of these is meant for you: A (ReadOnly) or B (Billing)`; `None` if it is clear.
pub(super) fn which_is_meant(cx: &Context) -> Option<Sentence> {
    let routes = cx.diagnosis.equally_meant().into_iter();
    let named: BTreeSet<(&str, Option<&str>)> = routes
        .filter_map(|route| Some((route.group_name()?, route.permission_set_name.as_deref())))
        .collect();
    if named.is_empty() {
        return None;
    }
    let ask =
        say!["ask the owner of ", cx.account(), " which of these is meant for ", cx.whom.object(), ": "];
    let shown = named.len().min(NAMES);
    let groups = named.iter().take(NAMES).enumerate().map(|(position, (group, set))| {
        let joint = match position {
            0 => "",
            _ if position + 1 == shown => " or ",
            _ => ", ",
        };
        let with = set.map_or_else(Sentence::default, |set| say![" (", name(set), ")"]);
        say![joint, name(*group)].then(with)
    });
    let more = named.len() - shown;
    let rest = if more > 0 { say![format!(" or one of {more} more")] } else { Sentence::default() };
    Some(groups.fold(ask, Sentence::then).then(rest))
}

/// Asks the account's owner about a group of the person's own that AWS does not have.
pub(super) fn whether_it_is_meant(group: &IdpGroup, cx: &Context) -> Sentence {
    say!["ask the owner of ", cx.account(), " whether ", cx.that_group_of_theirs(&group.name)].then(say![
        " is meant for it: if so, an identity admin has it sent to AWS and gives it the access; if not, they say who adds ",
        cx.whom.object(),
        " to which group."
    ])
}

/// Returns true if only groups for administrators or emergencies open the account, and what they give was not asked for.
/// Nobody is offered one of those.
pub(super) fn is_for_the_privileged(cx: &Context) -> bool {
    let first = cx.diagnosis.best_route();
    cx.diagnosis.question.permission_set.is_none() && first.is_some_and(Route::sounds_privileged)
}

/// Asks the account's owner where that is so.
pub(super) fn what_else_is_meant(cx: &Context) -> Sentence {
    say!["ask the owner of ", cx.account(), " which group is meant for ", cx.whom.object()]
        .then(say![": what opens it now is for administrators or emergencies."])
}

/// A group of the person's own that the IdP does not send to AWS.
pub(super) fn is_not_sent(group: &IdpGroup, why: Unsent, cx: &Context) -> Sentence {
    let is_in = say![cx.whom.subject(), " ", cx.whom.are(), " in ", cx.group_of_theirs(&group.name)];
    let why = match (why, cx.diagnosis.idp) {
        (Unsent::PushOff, _) => say![" in ", cx.idp(), ", whose push to AWS is switched off."],
        (Unsent::NotOnTheApplication, Some(Idp::Okta)) => {
            say![" in ", cx.idp(), ", which is not pushed to AWS."]
        }
        (Unsent::NotOnTheApplication, _) => {
            say![" in ", cx.idp(), ", which is not assigned to "].then(cx.application()).then(say!["."])
        }
    };
    is_in.then(why).then(say![" Nothing says which account it is for."])
}
