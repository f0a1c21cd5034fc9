//! Finding groups whose names look alike among a hundred thousand, without comparing each with each: a name is
//! folded once, and only groups that share a fold are looked at together.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};

use crate::diagnosis::facts::{Group, GroupId};
use crate::diagnosis::names::{likeness, looks};

/// Takes groups one after the other and gives those back that look alike. Beside each group it holds some 30
/// bytes: of a fold only its hash.
#[derive(Default)]
pub struct Sieve {
    groups: Vec<Group>,
    /// By way of folding and fold, the first group that had it.
    first_with: HashMap<u64, u32>,
    /// For each group another one that it looks like, or itself.
    leads_to: Vec<u32>,
    /// Without a seed: this room has no randomness. Names that were made to share a hash cost time and no more.
    hasher: BuildHasherDefault<DefaultHasher>,
}

impl Sieve {
    /// Takes one more group. A list that changes while it is paged may bring one twice; [`Sieve::sets`] tells
    /// it once.
    pub fn add(&mut self, group: Group) {
        let Ok(position) = u32::try_from(self.groups.len()) else {
            return;
        };
        let folds = looks(&group.name);
        self.groups.push(group);
        self.leads_to.push(position);
        for (way, fold) in folds.iter().enumerate().filter(|(_, fold)| !fold.is_empty()) {
            match self.first_with.entry(self.hasher.hash_one((way, fold))) {
                Entry::Vacant(vacant) => {
                    vacant.insert(position);
                }
                Entry::Occupied(occupied) => {
                    let first = *occupied.get();
                    // Two folds may share a hash, and then nothing is alike.
                    if self.are_alike(first, position) {
                        self.unite(first, position);
                    }
                }
            }
        }
    }

    /// How many groups it has taken.
    pub fn len(&self) -> usize {
        self.groups.len()
    }

    /// Whether it has taken none.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// All groups that were taken.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The sets of two and more groups that look alike, by name within a set and between sets.
    pub fn sets(&self) -> Vec<Vec<&Group>> {
        let mut by_root: BTreeMap<u32, Vec<&Group>> = BTreeMap::new();
        for (position, group) in (0..).zip(&self.groups) {
            let root = self.root(position);
            if root != position {
                let set = by_root.entry(root).or_insert_with(|| self.at(root).into_iter().collect());
                set.push(group);
            }
        }
        let mut sets: Vec<Vec<&Group>> = by_root
            .into_values()
            .map(|mut set| {
                set.sort_by(|one, other| (&one.name, &one.id).cmp(&(&other.name, &other.id)));
                set.dedup_by(|one, other| one.id == other.id);
                set
            })
            .filter(|set| set.len() > 1)
            .collect();
        sets.sort_by(|one, other| key(one).cmp(&key(other)));
        sets
    }

    fn at(&self, position: u32) -> Option<&Group> {
        self.groups.get(position as usize)
    }

    fn are_alike(&self, one: u32, other: u32) -> bool {
        let both = self.at(one).zip(self.at(other));
        both.is_some_and(|(one, other)| likeness(&one.name, &other.name).is_some())
    }

    fn root(&self, mut position: u32) -> u32 {
        while let Some(next) = self.leads_to.get(position as usize).copied().filter(|next| *next != position)
        {
            position = next;
        }
        position
    }

    fn unite(&mut self, one: u32, other: u32) {
        let (one, other) = (self.root(one), self.root(other));
        // Towards the older one, so that a chain is no longer than what joins it.
        let (older, younger) = (one.min(other), one.max(other));
        if let Some(leads_to) = self.leads_to.get_mut(younger as usize) {
            *leads_to = older;
        }
    }
}

fn key<'g>(set: &[&'g Group]) -> Option<(&'g str, &'g GroupId)> {
    set.first().map(|group| (group.name.as_str(), &group.id))
}

#[cfg(test)]
mod tests;
