//! Which of several groups is meant, where nothing that was read says it: the account's owner knows.

use std::collections::BTreeSet;

use super::context::Context;
use super::explanation::NAMES;
use super::say::{Sentence, name, say};

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
