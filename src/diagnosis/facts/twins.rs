//! Which group of the IdP stands behind a group of the identity store: ids say it, and a name only where no id does.

use super::aws::{Group, names_id};
use super::idp::{IdpFacts, IdpGroup};

/// The IdP's group behind a group of the identity store: by external id, else by exact name where no IdP's id stands on
/// the group. A name is never held against an id, and one that is merely near is never taken for the same group.
pub fn twin_among<'g>(groups: &'g [IdpGroup], of: &Group) -> Option<&'g IdpGroup> {
    let by_id = groups.iter().find(|group| names_id(&of.external_ids, &group.id.0));
    by_id.or_else(|| of_the_name(groups, of).filter(|_| !has_an_idps_id(of)))
}

/// A group of the IdP with the very name of one of the identity store's, which an IdP's id says is another.
pub fn namesake_among<'g>(groups: &'g [IdpGroup], of: &Group) -> Option<&'g IdpGroup> {
    let namesake = of_the_name(groups, of).filter(|_| has_an_idps_id(of));
    namesake.filter(|_| twin_among(groups, of).is_none())
}

/// The group behind this one that the person is in at the IdP, if they are in one; outer `None` if that could not be
/// told: they are in a group of the same name, and whether the one with the id still exists was not read. Where it does
/// not, the group was created again.
pub fn own_twin<'i>(idp: &'i IdpFacts, of: &Group) -> Option<Option<&'i IdpGroup>> {
    let direct = idp.direct.value()?;
    match (twin_among(direct, of), namesake_among(direct, of)) {
        (Some(twin), _) => Some(Some(twin)),
        (None, None) => Some(None),
        (None, Some(namesake)) => match idp.twins.get(&of.id)?.value()? {
            None => Some(Some(namesake)),
            Some(_) => Some(None),
        },
    }
}

fn of_the_name<'g>(groups: &'g [IdpGroup], of: &Group) -> Option<&'g IdpGroup> {
    groups.iter().filter(|group| group.name == of.name).min()
}

fn has_an_idps_id(group: &Group) -> bool {
    group.external_ids.iter().any(super::aws::ExternalId::is_from_an_idp)
}
