//! Which group of the IdP stands behind a group of the identity store: ids say it, then Okta's push mappings with their
//! targets, and a name only where neither says anything. A name is never held against an id or a mapping.

use super::aws::{Group, names_id};
use super::fact::Fact;
use super::idp::{Idp, IdpFacts, IdpGroup, IdpGroupId, Pushed};

/// The IdP's group behind a group of the identity store, of groups that Okta's push mappings say nothing of: by external
/// id, else by exact name where no IdP's id stands on the group. One that is merely near is never taken for the same.
pub fn twin_among<'g>(groups: &'g [IdpGroup], of: &Group) -> Option<&'g IdpGroup> {
    let by_id = of_the_id(groups, of);
    by_id.or_else(|| of_the_name(groups, &of.name, &[]).filter(|_| !has_an_idps_id(of)))
}

/// The group behind this one that the person is in at the IdP, if they are in one; outer `None` if that could not be
/// told: Okta's push mappings were not read, or the person is in a group of the same name, and nobody knows whether the
/// one that is meant still exists. If it does not, the group was created again.
pub fn own_twin<'i>(idp: &'i IdpFacts, of: &Group) -> Option<Option<&'i IdpGroup>> {
    let direct = idp.direct.value()?;
    if let Some(by_id) = of_the_id(direct, of) {
        return Some(Some(by_id));
    }
    let pushed = pushed(idp, of)?;
    if let Some(source) = &pushed.source
        && let Some(by_mapping) = direct.iter().find(|group| group.id == *source)
    {
        return Some(Some(by_mapping));
    }
    let Some(of_the_name) = of_the_name(direct, &of.name, &pushed.elsewhere) else {
        return Some(None);
    };
    if pushed.source.is_none() && !has_an_idps_id(of) {
        return Some(Some(of_the_name));
    }
    match idp.twins.get(&of.id)?.value()? {
        None => Some(Some(of_the_name)),
        Some(_) => Some(None),
    }
}

/// A group that the person is in and that has the very name of one of the identity store's, or of the IdP's group behind
/// it, though ids or push mappings say that it is another.
pub fn namesake<'i>(idp: &'i IdpFacts, of: &Group) -> Option<&'i IdpGroup> {
    let direct = idp.direct.value()?;
    let pushed = pushed(idp, of)?;
    let is_settled = pushed.source.is_some() || has_an_idps_id(of) || !pushed.elsewhere.is_empty();
    let is_behind = |group: &IdpGroup| {
        names_id(&of.external_ids, &group.id.0) || pushed.source.as_ref() == Some(&group.id)
    };
    if !is_settled || direct.iter().any(is_behind) {
        return None;
    }
    let meant = idp.twins.get(&of.id).and_then(|twin| twin.value()?.as_ref());
    let of_the_twin = || of_the_name(direct, &meant?.name, &[]);
    of_the_name(direct, &of.name, &[]).or_else(of_the_twin)
}

/// Returns true if the identity store has this group of the IdP's by its id: it was sent there, whether the application
/// has an assignment for it or not (Entra's scope "sync all users and groups" asks for none).
pub fn was_sent(idp: &IdpFacts, group: &IdpGroup, in_aws: &Group) -> bool {
    idp.idp == Idp::Entra && names_id(&in_aws.external_ids, &group.id.0)
}

/// The group that the person would be in by its name, for as long as nobody has asked Okta's push mappings.
pub fn presumed_twin<'i>(idp: &'i IdpFacts, of: &Group) -> Option<&'i IdpGroup> {
    let was_not_asked = matches!(idp.pushed.get(&of.id), None | Some(Fact::NotAsked));
    twin_among(idp.direct.value()?, of).filter(|_| was_not_asked)
}

/// What the push mappings say of the group; nothing at Entra, which has none. `None` if they were not read.
fn pushed<'i>(idp: &'i IdpFacts, of: &Group) -> Option<&'i Pushed> {
    const NONE: &Pushed = &Pushed { source: None, elsewhere: Vec::new() };
    match idp.idp {
        Idp::Entra => Some(NONE),
        Idp::Okta => idp.pushed.get(&of.id)?.value(),
    }
}

fn of_the_id<'g>(groups: &'g [IdpGroup], of: &Group) -> Option<&'g IdpGroup> {
    groups.iter().find(|group| names_id(&of.external_ids, &group.id.0))
}

fn of_the_name<'g>(groups: &'g [IdpGroup], name: &str, except: &[IdpGroupId]) -> Option<&'g IdpGroup> {
    groups.iter().filter(|group| group.name == name && !except.contains(&group.id)).min()
}

fn has_an_idps_id(group: &Group) -> bool {
    group.external_ids.iter().any(super::aws::ExternalId::is_from_an_idp)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::facts::ExternalId;
    use crate::diagnosis::fixture::{
        external, group, group_id, idp_group, known, of_the_idp, sent_by, unread,
    };

    fn with_ids(external_ids: impl Into<Box<[ExternalId]>>) -> Group {
        Group { external_ids: external_ids.into(), ..group() }
    }

    #[test]
    fn a_name_stands_for_a_group_only_where_no_id_does() {
        let groups = [IdpGroup::new("other", "AWS-Payments")];
        assert_eq!(twin_among(&groups, &with_ids([])), Some(&groups[0]));
        assert_eq!(twin_among(&groups, &with_ids([external("gone")])), None);
        let of_active_directory = ExternalId { issuer: "arn:aws:ds:x".to_owned(), id: "1".to_owned() };
        assert_eq!(twin_among(&groups, &with_ids([of_active_directory])), Some(&groups[0]));
    }

    #[test]
    fn a_group_of_the_name_is_a_namesake_where_an_id_or_a_mapping_names_another() {
        let own = IdpGroup::new("own", "AWS-Payments");
        let named = |pushed: Pushed, group: &Group, direct: Vec<IdpGroup>| {
            let mut facts = sent_by(Idp::Okta);
            let idp = of_the_idp(&mut facts);
            idp.direct = known(direct);
            idp.pushed.insert(group_id(), known(pushed));
            namesake(idp, group).map(|found| found.id.0.clone())
        };
        let nothing = Pushed::default;
        let from = |id: &str| Pushed { source: Some(IdpGroupId(id.to_owned())), elsewhere: Vec::new() };
        let elsewhere = || Pushed { source: None, elsewhere: vec![own.id.clone()] };
        let (bare, tied) = (with_ids([]), with_ids([external("another")]));
        let found = Some("own".to_owned());
        assert_eq!(named(nothing(), &bare, vec![own.clone()]), None, "the name alone says which it is");
        assert_eq!(named(nothing(), &tied, vec![own.clone()]), found);
        assert_eq!(named(from("another"), &bare, vec![own.clone()]), found);
        assert_eq!(named(elsewhere(), &bare, vec![own.clone()]), found);
        assert_eq!(named(from("own"), &bare, vec![own.clone()]), None, "it is the very group");
        let both = vec![own.clone(), IdpGroup::new("another", "AWS-Payments")];
        assert_eq!(
            named(from("another"), &bare, both.clone()),
            None,
            "they are in the one that is meant as well"
        );
        assert_eq!(named(nothing(), &tied, both), None);
    }

    #[test]
    fn until_oktas_mappings_are_asked_the_name_is_presumed() {
        let mut facts = sent_by(Idp::Okta);
        let presumed = |idp: &IdpFacts| presumed_twin(idp, &with_ids([])).cloned();
        let idp = of_the_idp(&mut facts);
        assert_eq!(presumed(idp), None, "they say which it is");
        for unasked in [None, Some(Fact::NotAsked)] {
            idp.pushed.clear();
            idp.pushed.extend(unasked.map(|unasked| (group_id(), unasked)));
            assert_eq!(presumed(idp), Some(idp_group()));
        }
        idp.pushed.insert(group_id(), unread());
        assert_eq!(presumed(idp), None);
    }
}
