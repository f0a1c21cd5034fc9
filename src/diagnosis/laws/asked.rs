//! What was asked beside a generated company's own facts: which of the person's groups AWS has, what stands behind a
//! group, what may be activated, who was deleted, what deleted groups were called.

use jiff::Timestamp;
use proptest::prelude::*;

use super::{GROUP_NAMES, group, known};
use crate::diagnosis::facts::idp::{DeletedPerson, Eligibility, IdpFacts, IdpGroup, IdpUserId};
use crate::diagnosis::facts::{Facts, FormerName};

/// By the number of each group: 0 was not asked.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// 1: AWS has none, 2: it has one.
    in_aws: [u8; 5],
    /// 1: the IdP has none, 2: it has one, in which the person is not.
    twins: [u8; 5],
    /// 1: the person may not activate it, 2: they may.
    eligible: [u8; 5],
    /// 1: no group inside holds the person, 2: one does.
    inner: [u8; 5],
    /// What a digest knew a group by.
    former: [Option<usize>; 5],
    /// How many accounts a group opens.
    opens: [Option<usize>; 5],
    is_deleted: bool,
}

pub(super) fn asked() -> impl Strategy<Value = Asked> {
    let each = || prop::array::uniform5(prop_oneof![2 => Just(0_u8), 1 => 1..3_u8]);
    let former = prop::array::uniform5(prop::option::weighted(0.3, 0..GROUP_NAMES.len()));
    let opens = prop::array::uniform5(prop::option::of(1..4_usize));
    (each(), each(), each(), each(), former, opens, any::<bool>()).prop_map(
        |(in_aws, twins, eligible, inner, former, opens, is_deleted)| Asked {
            in_aws,
            twins,
            eligible,
            inner,
            former,
            opens,
            is_deleted,
        },
    )
}

impl Asked {
    pub(super) fn of(&self, mut facts: Facts) -> Facts {
        for number in 0..5 {
            if let Some(name) = self.former[number] {
                let former =
                    FormerName { name: GROUP_NAMES[name].to_owned(), last_seen: Timestamp::UNIX_EPOCH };
                facts.former_groups.insert(group(number), former);
            }
            if let Some(opens) = self.opens[number] {
                facts.opens_accounts.insert(group(number), known(opens));
            }
        }
        facts.idp.iter_mut().for_each(|idp| self.at_the_idp(idp));
        facts
    }

    fn at_the_idp(&self, idp: &mut IdpFacts) {
        let own: Vec<IdpGroup> = idp.direct.value().into_iter().flatten().cloned().collect();
        let around: Vec<IdpGroup> = idp.transitive.value().into_iter().flatten().cloned().collect();
        let numbered = |group: &IdpGroup| (0..5).find(|number| group.id.0 == format!("idp-{number}"));
        for (number, one) in own.iter().filter_map(|one| Some((numbered(one)?, one))) {
            match self.in_aws[number] {
                0 => {}
                answer => {
                    idp.in_aws.insert(one.id.clone(), known((answer > 1).then(|| group(number))));
                }
            }
        }
        for (number, one) in around.iter().filter_map(|one| Some((numbered(one)?, one))) {
            if self.inner[number] > 0 {
                let inner = (self.inner[number] > 1).then(|| IdpGroup::new("inner", "Inner"));
                idp.inner_groups.insert(one.id.clone(), known(inner));
            }
        }
        for (number, name) in GROUP_NAMES.iter().enumerate() {
            let twin = IdpGroup::new(format!("idp-{number}"), *name);
            if self.twins[number] > 0 && !own.iter().any(|one| one.id == twin.id) {
                idp.twins.insert(group(number), known((self.twins[number] > 1).then_some(twin)));
            }
        }
        let may = |number: &usize| self.eligible[*number] > 1;
        let eligible = (0..5)
            .filter(may)
            .map(|number| Eligibility { group: IdpGroup::new(format!("idp-{number}"), "").id, until: None });
        if self.eligible.iter().any(|one| *one > 0) {
            idp.eligible = known(eligible.collect());
        }
        if idp.person.value() == Some(&None) {
            let deleted = DeletedPerson {
                id: IdpUserId("deleted".to_owned()),
                user_name: "dana@example.com".to_owned(),
                at: Timestamp::UNIX_EPOCH,
            };
            idp.deleted = known(self.is_deleted.then_some(deleted));
        }
    }
}
