//! Which groups of the person's own the IdP sends to AWS and AWS may not have.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::diagnosis::decide::diagnose;
use crate::diagnosis::facts::Facts;
use crate::diagnosis::facts::idp::IdpGroup;
use crate::diagnosis::facts::twins::{own_twin, twin_among};
use crate::diagnosis::names::words_shared;

/// Those of the person's own groups that no group read in AWS is: first what a deleted group was called, then what is
/// named after the account.
pub fn groups_unseen_in_aws(facts: &Facts) -> Vec<IdpGroup> {
    let Some(idp) = facts.idp.as_ref() else { return Vec::new() };
    let account = facts.account_found().map_or("", |account| account.name.as_str());
    let former: BTreeSet<&str> = facts.former_groups.values().map(|former| former.name.as_str()).collect();
    let is_seen = |group: &IdpGroup| {
        let in_aws = facts.groups.values().filter_map(|group| group.value()?.as_ref());
        in_aws.into_iter().any(|in_aws| match own_twin(idp, in_aws) {
            Some(own) => own == Some(group),
            // Okta's push mappings were not asked of this one.
            None => twin_among(std::slice::from_ref(group), in_aws).is_some(),
        })
    };
    let own = idp.direct.value().into_iter().flatten();
    let mut groups: Vec<IdpGroup> = own.filter(|group| !is_seen(group)).cloned().collect();
    groups.sort_by_cached_key(|group| {
        let was_there = former.contains(group.name.as_str());
        let shared = words_shared(&group.name, account);
        (Reverse(was_there), Reverse(shared), group.name.clone(), group.id.clone())
    });
    groups
}

/// The group of the person's own that AWS does not have and that explains what is missing.
pub fn lost_group(facts: &Facts) -> Option<IdpGroup> {
    diagnose(facts).finding()?.idp_group_lost().cloned()
}
