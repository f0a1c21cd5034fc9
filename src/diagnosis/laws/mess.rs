//! Mess in generated facts: external ids that tie groups together or lead elsewhere, twins of one name, renamed groups,
//! errors about the person.

use jiff::Timestamp;
use proptest::prelude::*;

use super::{GROUP_NAMES, group, known};
use crate::diagnosis::facts::idp::{IdpGroup, SkipReason, Trouble, TroubleAbout, TroubleKind};
use crate::diagnosis::facts::{ExternalId, Fact, Facts, Group, GroupId};

/// The kinds of trouble with an entry of the log, all of them.
pub(super) const TROUBLES: [TroubleKind; 9] = [
    TroubleKind::NameTaken,
    TroubleKind::Attribute,
    TroubleKind::CredentialRefused,
    TroubleKind::TargetDeleted,
    TroubleKind::Other,
    TroubleKind::Skipped(SkipReason::OutOfScope),
    TroubleKind::Skipped(SkipReason::NotEntitled),
    TroubleKind::Skipped(SkipReason::UnresolvedReference),
    TroubleKind::Skipped(SkipReason::Other),
];

/// What is messy beside the facts of a tidy company.
#[derive(Clone, Debug)]
pub(super) struct Mess {
    /// For each group in AWS: no external id, the id of the IdP's group behind it, or that of a group that nobody has.
    ids: [u8; 5],
    /// The names that the IdP's groups have by now; `None` if as ever.
    renamed: [Option<usize>; 5],
    /// The person is in a second group of the IdP that has this name.
    twin: Option<usize>,
    /// An entry about the person, of this kind and this many minutes old.
    about_the_person: Option<(usize, i64)>,
    /// An entry about each group of the person's, of this kind.
    about_groups: Option<usize>,
}

pub(super) fn messes() -> impl Strategy<Value = Mess> {
    let ids = prop::array::uniform5(0..3_u8);
    let renamed = prop::array::uniform5(prop::option::weighted(0.2, 0..GROUP_NAMES.len()));
    let twin = prop::option::weighted(0.3, 0..GROUP_NAMES.len());
    let entry = (0..TROUBLES.len(), 1..9_000_i64);
    let about = (prop::option::weighted(0.3, entry), prop::option::weighted(0.3, 0..TROUBLES.len()));
    (ids, renamed, twin, about).prop_map(|(ids, renamed, twin, (about_the_person, about_groups))| Mess {
        ids,
        renamed,
        twin,
        about_the_person,
        about_groups,
    })
}

impl Mess {
    pub(super) fn made_in(&self, mut facts: Facts) -> Facts {
        for (number, id) in self.ids.iter().enumerate() {
            let id = match id {
                0 => continue,
                1 => format!("idp-{number}"),
                _ => format!("nobody-{number}"),
            };
            tie(&mut facts, &group(number), &id);
        }
        let Some(idp) = &mut facts.idp else { return facts };
        for fact in [&mut idp.direct, &mut idp.transitive] {
            let Fact::Known(known) = fact else { continue };
            for one in &mut known.value {
                let number = (0..5).find(|number| one.id.0 == format!("idp-{number}"));
                if let Some(name) = number.and_then(|number| self.renamed[number]) {
                    GROUP_NAMES[name].clone_into(&mut one.name);
                }
            }
            known.value.extend(self.twin.map(|name| IdpGroup::new("twin", GROUP_NAMES[name])));
        }
        let own: Vec<IdpGroup> = idp.direct.value().into_iter().flatten().cloned().collect();
        if let Some((kind, minutes)) = self.about_the_person {
            idp.troubles.push(known(vec![entry(TroubleAbout::Person, kind, minutes)]));
        }
        if let Some(kind) = self.about_groups {
            let about = own.iter().map(|one| entry(TroubleAbout::Group(one.id.clone()), kind, 20));
            idp.troubles.push(known(about.collect()));
        }
        facts
    }
}

/// Has AWS name the group by this id of the IdP's.
pub(super) fn tie(facts: &mut Facts, group: &GroupId, id: &str) {
    if let Some(Fact::Known(known)) = facts.groups.get_mut(group)
        && let Some(held) = &mut known.value
    {
        let external = ExternalId { issuer: "https://scim.aws.com/x".to_owned(), id: id.to_owned() };
        *held = Group { synced: true, external_ids: Box::new([external]), ..held.clone() };
    }
}

fn entry(about: TroubleAbout, kind: usize, minutes: i64) -> Trouble {
    Trouble {
        about,
        at: Timestamp::from_second(-60 * minutes).ok(),
        kind: TROUBLES[kind],
        code: "Code".to_owned(),
        advice: None,
        reason: None,
    }
}
