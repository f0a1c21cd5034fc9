//! What deserves a look: groups that may be duplicates by their names and ids alone, before anybody has asked
//! who is in them and what they open.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};

use super::alike::Sieve;
use crate::diagnosis::facts::idp::IdpGroup;
use crate::diagnosis::facts::{Group, GroupId};

/// How long a group that is gone is remembered: somebody who missed its access has asked by then.
const GONE_FOR: SignedDuration = SignedDuration::from_hours(90 * 24);

/// All groups there are, as far as they could be read.
#[derive(Default)]
pub struct Census {
    /// The identity store's.
    pub groups: Sieve,
    /// Whether the identity store's were read to the end. Where they were not, nothing is said to be missing.
    pub is_whole: bool,
    /// The IdP's that are assigned or pushed to the application for AWS.
    pub headed_for_aws: Vec<IdpGroup>,
    /// The identity store's at the last digests.
    pub former: Vec<FormerGroup>,
}

/// A group as an earlier digest saw it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FormerGroup {
    pub id: GroupId,
    /// Empty where no digest saw it while it was there.
    pub name: String,
    /// While it still has access, as if it were there.
    pub last_seen: Timestamp,
}

/// What one digest leaves for the next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remembered {
    /// Every group there is, and those that are gone for a while yet.
    pub groups: Vec<FormerGroup>,
    /// Accounts whose assignments have all been looked through for groups that are gone.
    pub looked_through: BTreeSet<String>,
}

/// Groups that may be duplicates.
#[derive(Clone, Debug, PartialEq)]
pub enum Suspect {
    /// Groups of the identity store whose names look alike.
    Alike(Vec<Group>),
    /// The IdP's group cannot arrive, since a group made in AWS has its name.
    Blocked { at_the_idp: IdpGroup, manual: Group },
    /// A group is gone, and another has its name; or nobody knows what it was called.
    Recreated { gone: FormerGroup, now: Option<Group> },
    /// Groups of the IdP with one name, and the one in AWS that they share, if it is there.
    IdpTwins { at_the_idp: Vec<IdpGroup>, in_aws: Option<Group> },
}

/// Every suspect, by kind and name.
pub fn suspects(census: &Census) -> Vec<Suspect> {
    let alike = census.groups.sets().into_iter();
    let mut found: Vec<Suspect> =
        alike.map(|set| Suspect::Alike(set.into_iter().cloned().collect())).collect();
    let vanished = vanished(census);
    let by_name = by_wanted_name(census, &vanished);
    let named = |name: &str| by_name.get(name).map(Vec::as_slice).unwrap_or_default();

    let arrived: HashSet<&str> = census
        .groups
        .groups()
        .iter()
        .flat_map(|group| group.external_ids.iter().map(|external| external.id.as_str()))
        .collect();
    // Only what is headed for AWS: of the IdP's other groups nothing arrives there, whatever they are called. Who is in
    // one of those by mistake hears it when they ask (`name_twin_at_the_idp`).
    let mut at_the_idp: BTreeMap<&str, Vec<&IdpGroup>> = BTreeMap::new();
    for group in &census.headed_for_aws {
        at_the_idp.entry(&group.name).or_default().push(group);
    }
    for (name, twins) in &at_the_idp {
        let in_aws = named(name);
        if let [_, _, ..] = twins.as_slice() {
            found.push(Suspect::IdpTwins {
                at_the_idp: twins.iter().map(|group| (*group).clone()).collect(),
                in_aws: in_aws.first().map(|group| (*group).clone()),
            });
        }
        // Of several that share the name nobody knows which one would arrive.
        if let ([first], [manual]) = (twins.as_slice(), in_aws)
            && !manual.synced
            && census.is_whole
            // Some group of the identity store comes from this one, under whatever name.
            && !arrived.contains(first.id.0.as_str())
        {
            found.push(Suspect::Blocked { at_the_idp: (*first).clone(), manual: (*manual).clone() });
        }
    }
    for gone in vanished {
        let now = named(&gone.name).first().map(|now| (*now).clone());
        // Without a successor nobody misses what it opened; and AWS may refuse to tell of a group that is gone, which
        // would make every digest incomplete for as long as it is remembered.
        if now.is_some() || gone.name.is_empty() {
            found.push(Suspect::Recreated { gone: gone.clone(), now });
        }
    }
    found
}

/// What the next digest is to know of: every group there is, and those that are gone for a while yet.
pub fn to_remember(census: &Census, now: Timestamp) -> Vec<FormerGroup> {
    if !census.is_whole {
        return census.former.clone();
    }
    let gone = vanished(census).into_iter().filter(|gone| gone.last_seen + GONE_FOR > now).cloned();
    let there = census.groups.groups().iter();
    let there =
        there.map(|group| FormerGroup { id: group.id.clone(), name: group.name.clone(), last_seen: now });
    there.chain(gone).collect()
}

/// The groups of the identity store by name, of those names that somebody asks for.
fn by_wanted_name<'c>(census: &'c Census, vanished: &[&'c FormerGroup]) -> HashMap<&'c str, Vec<&'c Group>> {
    let at_the_idp = census.headed_for_aws.iter().map(|group| group.name.as_str());
    let gone = vanished.iter().map(|gone| gone.name.as_str()).filter(|name| !name.is_empty());
    let wanted: HashSet<&str> = at_the_idp.chain(gone).collect();
    let mut by_name: HashMap<&str, Vec<&Group>> = HashMap::new();
    for group in census.groups.groups() {
        if wanted.contains(group.name.as_str()) {
            by_name.entry(&group.name).or_default().push(group);
        }
    }
    by_name
}

/// The groups that an earlier digest saw and that are not there any more.
fn vanished(census: &Census) -> Vec<&FormerGroup> {
    if !census.is_whole || census.former.is_empty() {
        return Vec::new();
    }
    let there: HashSet<&GroupId> = census.groups.groups().iter().map(|group| &group.id).collect();
    census.former.iter().filter(|former| !there.contains(&former.id)).collect()
}
