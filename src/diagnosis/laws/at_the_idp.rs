//! A generated IdP: whatever one could show of the person.

use jiff::Timestamp;

use super::{GROUP_NAMES, group, known};
use crate::diagnosis::facts::idp::*;

/// What an IdP could show of the person: whether they are there (0 absent, 1 disabled, 2 enabled), how each of
/// the groups stands, and how synchronization does.
#[derive(Clone, Debug)]
pub(super) struct AtTheIdp {
    pub(super) okta: bool,
    pub(super) person: u8,
    pub(super) groups: [u8; 5],
    pub(super) sync: u8,
    pub(super) app_user: u8,
}

impl AtTheIdp {
    pub(super) fn facts(&self, groups: &[(usize, bool, bool)]) -> IdpFacts {
        let mut facts = IdpFacts::none(if self.okta { Idp::Okta } else { Idp::Entra });
        let at = |minute: i64| Timestamp::from_second(minute * 60).ok();
        facts.person = known((self.person > 0).then(|| IdpPerson {
            id: IdpUserId("person".to_owned()),
            user_name: "dana@example.com".to_owned(),
            display_name: None,
            email: None,
            enabled: self.person == 2,
            status: None,
            created_at: None,
            lacks: Vec::new(),
        }));
        facts.application = known(Some(Application { id: "app".to_owned(), name: "AWS".to_owned() }));
        let cycle = Cycle { began: at(-30), ended: at(-28) };
        facts.synchronization = known(Synchronization {
            job: None,
            state: match self.sync {
                0 => SyncState::Running,
                1 => SyncState::Off,
                2 => SyncState::NeverRan,
                3 => SyncState::Failing { times: 2, code: "InternalServerError".to_owned() },
                _ => SyncState::Quarantine(Quarantine {
                    reason: "Unknown".to_owned(),
                    since: None,
                    next_attempt: at(60),
                }),
            },
            interval: Some(jiff::SignedDuration::from_mins(40)),
            last: Some(cycle.clone()),
            last_completed: Some(cycle),
            other_jobs: 0,
        });
        facts.sends_groups = known(self.sync != 4);
        facts.app_user = known((self.app_user < 3).then(|| AppUser {
            external_id: None,
            state: if self.app_user == 1 { AppUserState::Staged } else { AppUserState::Active },
            in_error: self.app_user == 2,
            status_changed: at(-10),
        }));
        let (mut direct, mut transitive) = (Vec::new(), Vec::new());
        for (number, (name, ..)) in groups.iter().enumerate() {
            let group = IdpGroup::new(format!("idp-{number}"), GROUP_NAMES[*name]);
            let stands = self.groups[number];
            if stands > 0 {
                transitive.push(group.clone());
            }
            if stands > 1 {
                direct.push(group.clone());
                facts.app_assignments.insert(group.id.clone(), known(self.assignment(stands, at(-20))));
                facts.added_at.insert(group.id.clone(), known(at(if stands == 3 { -5 } else { -90 })));
            }
            if stands == 6 {
                facts.troubles.push(known(vec![Trouble {
                    about: TroubleAbout::Group(group.id),
                    at: Some(Timestamp::UNIX_EPOCH),
                    kind: TroubleKind::NameTaken,
                    code: "EntryConflict".to_owned(),
                    reason: None,
                    advice: None,
                }]));
            }
        }
        if self.okta {
            facts.pushed =
                (0..groups.len()).map(|number| (group(number), known(Pushed::default()))).collect();
        }
        facts.direct = known(direct);
        facts.transitive = known(transitive);
        facts
    }

    fn assignment(&self, stands: u8, last_push: Option<Timestamp>) -> AppAssignment {
        match (stands, self.okta) {
            (2, _) => AppAssignment::None,
            (_, false) => AppAssignment::Assigned { since: None },
            (_, true) => AppAssignment::Pushed(PushMapping {
                id: "mapping".to_owned(),
                target: None,
                created: None,
                state: if stands == 5 { PushState::Inactive } else { PushState::Active },
                last_push,
                error: None,
            }),
        }
    }
}
