//! The IdP of the simulated company: the people and groups that synchronization brings to AWS.
//!
//! Plain tables, one model for both kinds: the scenario says whether it is spoken as Entra ID or as Okta.
//! [`sync`] is how the clock alone brings things over, [`transfer`] one thing and what can prevent it,
//! [`force`] what somebody asks for at once, [`change`] what administrators do, [`log`] what is remembered.
//! The tables live in [`Company`](super::company::Company), so that one lock guards both sides.

#[cfg(test)]
mod causes_hold;
pub mod change;
pub mod force;
mod founding;
pub mod log;
pub mod sync;
pub mod transfer;
#[cfg(test)]
mod tests;

use jiff::{SignedDuration, Timestamp};

use super::scenario::IdpKind;
use super::scenario::idp::FilledSpec;
use log::LogEntry;
use sync::SyncJob;

/// The state of the IdP.
pub struct Idp {
    pub kind: IdpKind,
    /// Entra's tenant.
    pub tenant_id: String,
    /// The application (client) id that the bot itself has at Entra.
    pub client_id: String,
    pub application: Application,
    /// Applications of the same kind that do not feed this organization.
    pub other_applications: Vec<OtherApplication>,
    pub people: Vec<Person>,
    /// Entra: those who were deleted and can be restored, and when that was.
    pub deleted_people: Vec<(Person, Timestamp)>,
    pub groups: Vec<Group>,
    pub memberships: Vec<Membership>,
    /// Entra's synchronization job; Okta sends on events and has none.
    pub job: Option<SyncJob>,
    /// Everything since the founding and what the scenario tells from before; the wire shows
    /// [`recent_log`](Self::recent_log).
    pub log: Vec<LogEntry>,
    /// How far the logs on the wire lag behind what happens (Entra; Okta's System Log hardly does).
    pub logs_lag: SignedDuration,
    /// Okta: the moment up to which pushes were carried out.
    pushed_until: Timestamp,
}

/// The application for AWS.
#[derive(Clone, Debug)]
pub struct Application {
    pub name: String,
    /// Entra: the enterprise application's (service principal's) object id.
    pub object_id: String,
    /// Entra: its application id.
    pub app_id: String,
    /// Okta: `0oa…`
    pub okta_id: String,
    pub created_at: Timestamp,
}

/// An application for another AWS organization, or one that somebody tried.
#[derive(Clone, Debug)]
pub struct OtherApplication {
    pub application: Application,
    /// Keys of the groups that it has: assigned at Entra, pushed at Okta.
    pub groups: Vec<String>,
    /// Entra's synchronization job.
    pub job: Option<SyncJob>,
}

/// A person of the IdP.
#[derive(Clone, Debug)]
pub struct Person {
    /// The scenario's key; a second record of one person has a number after it.
    pub key: String,
    /// Entra's object id.
    pub object_id: String,
    /// `00u…`
    pub okta_id: String,
    pub given_name: Option<String>,
    pub family_name: Option<String>,
    pub display_name: String,
    pub email: Option<String>,
    /// Entra: further addresses (`otherMails`, and with the address itself `proxyAddresses`).
    pub aliases: Vec<String>,
    /// Entra's user principal name, Okta's login; the user name in AWS.
    pub user_name: String,
    pub enabled: bool,
    /// A guest of the Entra tenant.
    pub guest: bool,
    pub created_at: Timestamp,
    /// When they were last changed in a way that synchronization takes up.
    pub changed_at: Timestamp,
    /// Okta: their assignment to the application.
    pub app_user: Option<AppUser>,
}

/// Okta's assignment of a person to the application.
#[derive(Clone, Debug)]
pub struct AppUser {
    pub state: AppUserState,
    /// Since when it is in that state.
    pub since: Timestamp,
    /// The user's id at AWS, from the moment Okta has created it.
    pub external_id: Option<String>,
}

/// How far Okta is with an assigned person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppUserState {
    /// Status STAGED: provisioning is queued.
    Staged,
    /// Status STAGED and `syncState` ERROR: provisioning was tried and failed.
    Failed,
    /// Status PROVISIONED.
    Provisioned,
}

/// A group of the IdP.
#[derive(Clone, Debug)]
pub struct Group {
    /// The scenario's key.
    pub key: String,
    /// Entra's object id.
    pub object_id: String,
    /// `00g…`, of the group itself.
    pub okta_id: String,
    /// `00g…`, of the copy that Okta keeps for the application: the mapping's target group.
    pub okta_app_group_id: String,
    pub name: String,
    /// Keys of people.
    pub owners: Vec<String>,
    pub created_at: Timestamp,
    /// When it was last changed in a way that synchronization takes up.
    pub changed_at: Timestamp,
    /// Entra: since when it has an app-role assignment to the application.
    pub assigned_since: Option<Timestamp>,
    /// Okta: its group push mapping.
    pub push_mapping: Option<PushMapping>,
    /// Okta: it also assigns people to the application.
    pub assigns_people: bool,
    /// How people get into it, if nobody adds them.
    pub filled: Option<FilledSpec>,
    /// Entra: keys of people who may activate their membership for a while.
    pub eligible: Vec<String>,
    /// Entra: keys of the groups that are members of this one.
    pub groups_inside: Vec<String>,
    /// AWS refuses it until an administrator mends that.
    pub stuck: Option<Problem>,
}

/// Okta's group push mapping.
#[derive(Clone, Debug)]
pub struct PushMapping {
    /// `gPm…`
    pub id: String,
    /// The name of the target group, which is the group's name in AWS.
    pub target_name: String,
    pub state: MappingState,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub last_push: Option<Timestamp>,
    /// `errorSummary`; empty where there is no error.
    pub error: String,
    /// Okta switched it off itself, as the group was renamed.
    pub off_by_a_rename: bool,
}

/// The values of the mapping's `status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MappingState {
    Active,
    Inactive,
    Error,
}

/// That a person is in a group at the IdP.
#[derive(Clone, Debug)]
pub struct Membership {
    /// Keys.
    pub group: String,
    pub person: String,
    pub since: Timestamp,
}

/// What went wrong with a person or a group, in Entra's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub code: String,
    pub reason: String,
    pub recommended_action: String,
    /// The IdP left it out itself; else it tried and failed.
    pub is_skip: bool,
    /// The scoping filter that left it out.
    pub excluded_by: Option<String>,
}

impl Idp {
    /// The person of that key.
    pub fn person(&self, key: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.key == key)
    }

    /// The group of that key.
    pub fn group(&self, key: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.key == key)
    }

    /// The group that has the push mapping of this id (`gPm…`).
    pub fn group_of_mapping(&self, mapping_id: &str) -> Option<&Group> {
        let is_it = |group: &&Group| group.push_mapping.as_ref().is_some_and(|held| held.id == mapping_id);
        self.groups.iter().find(is_it)
    }

    /// The groups that the person is in themselves.
    pub fn direct_groups_of(&self, person: &str) -> Vec<&Group> {
        let held = self.memberships.iter().filter(|membership| membership.person == person);
        held.filter_map(|membership| self.group(&membership.group)).collect()
    }

    /// The groups that the person is in themselves, then those that these are in, and so on.
    pub fn transitive_groups_of(&self, person: &str) -> Vec<&Group> {
        let mut found = self.direct_groups_of(person);
        let mut looked_at = 0;
        while let Some(inner) = found.get(looked_at).copied() {
            for outer in self.groups.iter().filter(|group| group.groups_inside.contains(&inner.key)) {
                if !found.iter().any(|group| group.key == outer.key) {
                    found.push(outer);
                }
            }
            looked_at += 1;
        }
        found
    }

    /// The people who are in the group themselves.
    pub fn members_of(&self, group: &str) -> Vec<&Person> {
        let held = self.memberships.iter().filter(|membership| membership.group == group);
        held.filter_map(|membership| self.person(&membership.person)).collect()
    }

    /// What the IdP tells AWS as the group's external id: Entra its object id, which is what the gallery
    /// application maps; Okta the id of the copy that belongs to the application.
    pub fn external_id_of<'a>(&self, group: &'a Group) -> &'a str {
        match self.kind {
            IdpKind::Entra => &group.object_id,
            IdpKind::Okta => &group.okta_app_group_id,
        }
    }

    fn person_mut(&mut self, key: &str) -> Option<&mut Person> {
        self.people.iter_mut().find(|person| person.key == key)
    }

    fn group_mut(&mut self, key: &str) -> Option<&mut Group> {
        self.groups.iter_mut().find(|group| group.key == key)
    }

    /// What a person has here, in words.
    pub(in crate::sandbox) fn account_of_a_person(&self) -> &'static str {
        match self.kind {
            IdpKind::Entra => "Entra ID account",
            IdpKind::Okta => "Okta account",
        }
    }

    pub(in crate::sandbox) fn has_member(&self, group: &str, person: &str) -> bool {
        self.memberships.iter().any(|held| held.group == group && held.person == person)
    }
}

impl Person {
    /// What this IdP tells AWS as the user's external id: its own id of the person.
    pub fn id_at(&self, kind: IdpKind) -> &str {
        match kind {
            IdpKind::Entra => &self.object_id,
            IdpKind::Okta => &self.okta_id,
        }
    }
}

impl Group {
    /// Whether the application has it: an app-role assignment or a push mapping, whatever its state.
    pub fn is_assigned(&self) -> bool {
        self.assigned_since.is_some() || self.push_mapping.is_some()
    }

    /// The name that AWS gets: Okta's push mapping may be linked to a target group of another name.
    pub fn name_in_aws(&self) -> &str {
        self.push_mapping.as_ref().map_or(&self.name, |mapping| &mapping.target_name)
    }
}
