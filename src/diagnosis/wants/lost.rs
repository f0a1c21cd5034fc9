//! Which groups of the person's own the IdP sends to AWS and AWS may not have.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::diagnosis::causes::Finding;
use crate::diagnosis::decide::diagnose;
use crate::diagnosis::facts::idp::IdpGroup;
use crate::diagnosis::facts::twins::{own_twin, twin_among};
use crate::diagnosis::facts::{Facts, GroupId};
use crate::diagnosis::names::words_shared;

/// Those of the person's own groups that no group read in AWS is: first what a deleted group was called, then what is
/// named after the account.
pub fn groups_unseen_in_aws(facts: &Facts) -> Vec<IdpGroup> {
    let Some(idp) = facts.idp.as_ref() else { return Vec::new() };
    let account = facts.account_found().map_or("", |account| account.name.as_str());
    let former: BTreeSet<&str> = facts.former_groups.values().map(|former| former.name.as_str()).collect();
    let is_seen = |group: &IdpGroup| {
        facts.groups_in_aws().any(|in_aws| match own_twin(idp, in_aws) {
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

/// The groups of the person's that may be a deleted one, created again, and of which it matters how many accounts they open.
/// Only the management account may ask.
pub fn replacements_to_weigh(facts: &Facts) -> Vec<GroupId> {
    let may_ask = facts.persons_assignments.value().is_some();
    match diagnose(facts).finding() {
        Some(Finding::DanglingAssignment(found)) if may_ask => {
            found.candidates.iter().map(|group| group.id.clone()).collect()
        }
        _ => Vec::new(),
    }
}

/// The group of the person's own that AWS does not have and that explains what is missing.
pub fn lost_group(facts: &Facts) -> Option<IdpGroup> {
    diagnose(facts).finding()?.idp_group_lost().cloned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::facts::idp::Idp;
    use crate::diagnosis::facts::{FormerName, Group, GroupId};
    use crate::diagnosis::fixture::{at, group, group_id, idp_group, known, of_the_idp, sent_by, unread};

    #[test]
    fn groups_that_no_group_in_aws_is_come_by_what_a_deleted_one_was_called_then_by_the_account() {
        let mut facts = sent_by(Idp::Entra);
        let named = |name: &str| IdpGroup::new(name, name);
        of_the_idp(&mut facts).direct =
            known(vec![named("Crew"), named("Payments readers"), idp_group(), named("Data")]);
        let former = FormerName { name: "Data".to_owned(), last_seen: at("01:00") };
        facts.former_groups.insert(GroupId("gone".to_owned()), former);
        let names: Vec<String> = groups_unseen_in_aws(&facts).into_iter().map(|group| group.name).collect();
        assert_eq!(names, ["Data", "Payments readers", "Crew"], "the one of the id is there");
        facts.idp = None;
        assert_eq!(groups_unseen_in_aws(&facts), Vec::new());
    }

    #[test]
    fn where_nobody_asked_oktas_push_mappings_the_name_says_that_a_group_is_there() {
        let mut facts = sent_by(Idp::Okta);
        facts.groups.insert(group_id(), known(Some(Group { external_ids: Box::default(), ..group() })));
        of_the_idp(&mut facts).pushed.insert(group_id(), unread());
        of_the_idp(&mut facts).direct = known(vec![idp_group(), IdpGroup::new("crew", "Crew")]);
        assert_eq!(groups_unseen_in_aws(&facts), [IdpGroup::new("crew", "Crew")]);
    }

    #[test]
    fn a_lost_group_is_the_one_that_explains() {
        let mut facts = sent_by(Idp::Entra);
        assert_eq!(lost_group(&facts), None);
        facts.groups.insert(group_id(), known(None));
        of_the_idp(&mut facts).in_aws.insert(idp_group().id, known(None));
        assert_eq!(lost_group(&facts), Some(idp_group()));
    }
}
