//! The Active Directory behind a generated company, and the sync that brings it to Identity Center.
//!
//! Source: IAM Identity Center user guide, "How configurable AD sync works": the sync runs every hour and a change may
//! take two; who is taken out of the sync scope is not updated any more, and disabled after 28 days; "Pause and resume
//! your sync".

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use sso_why::sandbox::company::Company;

use super::asker::group_id;
use super::dice::Dice;
use super::fault::Fault;
use super::plan::ASKER;
use super::tables::join_in_aws;

/// What a change takes at most to arrive.
pub const ARRIVES: SignedDuration = SignedDuration::from_hours(2);

/// What the company's administrators see, and the bot does not.
#[derive(Clone, Debug, Default)]
pub struct ActiveDirectory {
    /// A group by its id in AWS, and a member's key.
    pub members: BTreeSet<(String, String)>,
    /// Keys of people.
    pub disabled: BTreeSet<String>,
    /// People by their keys, groups by their ids in AWS.
    pub out_of_scope: BTreeSet<String>,
    pub is_paused: bool,
}

impl ActiveDirectory {
    /// The directory that left AWS as this fault has it.
    pub fn behind(company: &Company, fault: Fault, dice: &mut Dice) -> Self {
        let person_of = |id: &str| company.users.iter().find(|user| user.id == id).map(|user| &user.person);
        let members = company.memberships.iter().filter_map(|held| {
            person_of(&held.user_id).map(|person| (held.group_id.clone(), person.clone()))
        });
        let mut directory = Self { members: members.collect(), ..Self::default() };
        let asker = || ASKER.to_owned();
        match fault {
            Fault::JustAdded | Fault::OutOfScope | Fault::Paused => {
                directory.members.insert((group_id(company), asker()));
                directory.is_paused = fault == Fault::Paused;
            }
            // The other half was disabled by the sync, which no longer sees them.
            Fault::DisabledInAws if dice.percent(50) => drop(directory.disabled.insert(asker())),
            Fault::DisabledInAws => drop(directory.out_of_scope.insert(asker())),
            _ => {}
        }
        if fault == Fault::OutOfScope {
            let out = if dice.percent(50) { asker() } else { group_id(company) };
            directory.out_of_scope.insert(out);
        }
        directory
    }

    /// Brings to AWS what is in the sync scope.
    pub fn sync(&self, company: &mut Company, now: Timestamp) {
        if self.is_paused {
            return;
        }
        for user in company.users.iter_mut().filter(|user| !self.out_of_scope.contains(&user.person)) {
            user.enabled = !self.disabled.contains(&user.person);
        }
        for (group, person) in &self.members {
            let is_out = self.out_of_scope.contains(group) || self.out_of_scope.contains(person);
            let user = company.user_id(person).map(str::to_owned).filter(|_| !is_out);
            let has_it = company.groups.iter().any(|held| held.id == *group);
            if let Some(user) = user.filter(|user| has_it && !is_in(company, group, user)) {
                join_in_aws(company, group, &user, now);
            }
        }
    }
}

fn is_in(company: &Company, group: &str, user: &str) -> bool {
    company.memberships.iter().any(|held| held.group_id == group && held.user_id == user)
}
