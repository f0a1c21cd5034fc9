//! `group_not_synced`: the group that opens the account was made by hand and holds the name of the IdP's
//! group, which cannot arrive beside it. Where no IdP is connected this is an inference: a hand-made group,
//! and people who come from an IdP.

use super::{Case, Finding};
use crate::diagnosis::facts::idp::{IdpGroup, Trouble, TroubleAbout, TroubleKind};
use crate::diagnosis::routes::{Break, Via};

pub(super) fn holds(case: &Case) -> Option<Finding> {
    match (case.best_break()?, &case.best()?.via) {
        (Break::HeldByManualGroup { at_the_idp }, Via::Group(_, Some(group))) => {
            Some(Finding::GroupNotSynced {
                by_hand: group.clone(),
                at_the_idp: at_the_idp.clone(),
                refused: at_the_idp.as_ref().and_then(|held| refused(case, held)).cloned().map(Box::new),
            })
        }
        _ => None,
    }
}

/// The IdP's own record that AWS refused the group.
fn refused<'c>(case: &'c Case, group: &IdpGroup) -> Option<&'c Trouble> {
    let logged = case.facts.idp.as_ref()?.troubles.iter().filter_map(|fact| fact.value()).flatten();
    logged
        .filter(|trouble| trouble.about == TroubleAbout::Group(group.id.clone()))
        .find(|trouble| trouble.kind == TroubleKind::NameTaken)
}
