//! What was learnt at the IdP that feeds Identity Center: Entra ID or Okta, told in one language where they
//! do the same thing and apart where they do not.

mod group;
mod push;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::aws::GroupId;
use super::fact::Fact;
use super::left_out::LeftOut;
pub use group::{Eligibility, Filled, GroupTraits, IdpGroup, IdpGroupId, MembershipRule};
pub use push::{PushMapping, PushState, Pushed};

/// How far back the IdP's logs are read. Entra keeps 7 days without a premium licence and 30 with one (Microsoft
/// Learn, "Microsoft Entra data retention"), Okta 90; what is older was missed by many cycles anyway.
pub const LOGS_REACH_BACK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Which IdP is connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Idp {
    Entra,
    Okta,
}

/// A person of the IdP: Entra's object id, Okta's user id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdpUserId(pub String);

/// A person as the IdP knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdpPerson {
    pub id: IdpUserId,
    /// Entra's user principal name, Okta's login.
    pub user_name: String,
    pub display_name: Option<String>,
    pub email: Option<String>,
    /// Entra's `accountEnabled`; an Okta status in which somebody can sign in.
    pub enabled: bool,
    /// Okta's status by its own name; Entra has none beside `accountEnabled`.
    pub status: Option<String>,
    pub created_at: Option<Timestamp>,
    /// What AWS requires of everybody who is provisioned and this person lacks.
    pub lacks: Vec<RequiredAttribute>,
}

/// What AWS requires of everybody who is provisioned, beside the user name.
/// Source: IAM Identity Center user guide, "SCIM profile and SAML 2.0 implementation".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RequiredAttribute {
    FirstName,
    LastName,
    DisplayName,
}

/// How long Entra keeps who was deleted. Source: Microsoft Entra, "Restore or remove a recently deleted user".
pub const RESTORABLE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A person whom Entra deleted, and can restore for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeletedPerson {
    pub id: IdpUserId,
    /// As it was before.
    pub user_name: String,
    pub at: Timestamp,
}

/// The IdP's application for AWS: Entra's enterprise application, Okta's app integration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    pub id: String,
    pub name: String,
}

/// How the application for AWS has a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AppAssignment {
    /// Entra: no app-role assignment; Okta: no group push mapping.
    None,
    /// Entra: an app-role assignment, made at this moment.
    Assigned { since: Option<Timestamp> },
    /// Okta: a group push mapping.
    Pushed(PushMapping),
}

/// A person's assignment to the application at Okta. Source: Okta Management API, `AppUser`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppUser {
    pub state: AppUserState,
    /// The user's id in AWS, once Okta has created them there (`externalId`).
    pub external_id: Option<String>,
    /// `syncState` is ERROR.
    pub in_error: bool,
    pub status_changed: Option<Timestamp>,
}

/// `status` of Okta's `AppUser`, as far as it matters here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AppUserState {
    /// Provisioning is queued.
    Staged,
    /// Provisioned, or assigned to an app without provisioning.
    Active,
    /// Taken off the application again, by Okta's name: suspended, deprovisioned, revoked and the like.
    Withdrawn(String),
    /// Any other, by Okta's name.
    Other(String),
}

/// How synchronization to AWS stands as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Synchronization {
    /// Entra's synchronization job; Okta has none.
    pub job: Option<String>,
    pub state: SyncState,
    /// How often Entra begins a cycle; Okta sends on events and has no schedule.
    pub interval: Option<SignedDuration>,
    /// The newest cycle, whatever came of it (Entra).
    pub last: Option<Cycle>,
    /// The newest cycle that was completed (Entra): succeeded, entries with errors included.
    pub last_completed: Option<Cycle>,
    /// Other jobs of the application that are scheduled as well, so that nothing settles which one is meant (Entra).
    pub other_jobs: usize,
}

/// Whether synchronization runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyncState {
    Running,
    /// Provisioning is switched off, or was never set up.
    Off,
    /// An admin paused it.
    Paused,
    /// It was set up and never ran.
    NeverRan,
    /// Entra: repeated failures slowed it down to a try a day.
    Quarantine(Quarantine),
    /// It tries and fails as a whole, so many times in a row.
    Failing {
        times: u64,
        code: String,
    },
    /// A state that the IdP added after this was written, by its own name.
    Other(String),
}

/// Entra's quarantine. Source: Microsoft Graph, `synchronizationQuarantine`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantine {
    /// `reason` by Microsoft's name, as in `EncounteredQuarantineException`.
    pub reason: String,
    pub since: Option<Timestamp>,
    pub next_attempt: Option<Timestamp>,
}

/// One cycle of Entra's synchronization job. Source: Microsoft Graph, `synchronizationTaskExecution`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cycle {
    pub began: Option<Timestamp>,
    pub ended: Option<Timestamp>,
}

/// What the IdP's log says went wrong with a person or a group, if nothing newer went well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    pub about: TroubleAbout,
    /// When it was recorded, where the IdP says.
    pub at: Option<Timestamp>,
    pub kind: TroubleKind,
    /// The error code or event by the IdP's own name.
    pub code: String,
    /// What the IdP says of it, in short.
    pub reason: Option<String>,
    /// What the IdP itself advises, in short (Entra's `recommendedAction`).
    pub advice: Option<String>,
}

/// Whom an entry of the log is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TroubleAbout {
    Person,
    Group(IdpGroupId),
}

/// What kind of trouble it is, as far as the remedy differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TroubleKind {
    /// AWS has something of that name already (status 409).
    NameTaken,
    /// An attribute is missing or not of the form that AWS wants.
    Attribute,
    /// AWS refused the IdP's credential, the SCIM token.
    CredentialRefused,
    /// What the IdP provisioned was deleted in AWS, and the IdP still holds its old id (Entra's `InvalidAnchor`).
    TargetDeleted,
    /// The IdP left it out itself, without an error (Entra's status "skipped").
    Skipped(SkipReason),
    Other,
}

/// Why the IdP left something out, as far as the remedy differs.
/// Source: Microsoft Entra, "Analyze the provisioning logs" and "On-demand provisioning".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SkipReason {
    /// A scoping filter of the mapping excludes it.
    OutOfScope,
    /// It is not assigned to the application, or by no role that counts (`NotEffectivelyEntitled`).
    NotEntitled,
    /// Something that it refers to, such as a member, is not in AWS (`UnableToResolveReferenceAttributeValue`).
    UnresolvedReference,
    /// Any other, by the vendor's own words alone.
    Other,
}

/// Who may add people to a group, as the IdP knows it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Owner {
    pub name: String,
    pub email: Option<String>,
}

/// One step of sending something to AWS on demand, as the IdP told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForcedStep {
    pub name: String,
    /// Nothing where the IdP does not say.
    pub succeeded: Option<bool>,
    /// What is to be known beside that, in short.
    pub detail: Option<String>,
}

/// Everything that was learnt at the IdP for one question.
#[derive(Clone, Debug, PartialEq)]
pub struct IdpFacts {
    pub idp: Idp,
    pub application: Fact<Option<Application>>,
    pub synchronization: Fact<Synchronization>,
    /// Entra: whether the job's mapping sends groups at all. Okta: whether the app can push them.
    pub sends_groups: Fact<bool>,
    pub person: Fact<Option<IdpPerson>>,
    /// Others whom the string of the question also means, and who are not the person.
    pub others: Vec<IdpPerson>,
    /// Entra: the person among those who were deleted; asked only if nobody was found.
    pub deleted: Fact<Option<DeletedPerson>>,
    /// Okta: the person's assignment to the application; `None` if there is none.
    pub app_user: Fact<Option<AppUser>>,
    /// The groups that the person is in themselves.
    pub direct: Fact<Vec<IdpGroup>>,
    /// All groups that the person is in, through groups inside groups as well (Entra; Okta does not nest).
    pub transitive: Fact<Vec<IdpGroup>>,
    /// The IdP's group behind a group of the identity store that the person is not in at the IdP, by the
    /// identity store's id.
    pub twins: BTreeMap<GroupId, Fact<Option<IdpGroup>>>,
    /// Okta: what its push mappings say of a group of the identity store, by the identity store's id.
    pub pushed: BTreeMap<GroupId, Fact<Pushed>>,
    /// The groups that the person may activate for a while and is not in now (Entra's Privileged Identity Management).
    pub eligible: Fact<Vec<Eligibility>>,
    /// Whether there is anybody who may activate membership of the group (the same).
    pub is_activated: BTreeMap<IdpGroupId, Fact<bool>>,
    pub app_assignments: BTreeMap<IdpGroupId, Fact<AppAssignment>>,
    /// Which group of AWS has the id or the name of one of the person's own that the application sends; `None` if none has.
    /// Asked only if nothing else explains what is missing.
    pub in_aws: BTreeMap<IdpGroupId, Fact<Option<GroupId>>>,
    /// Okta: whether people are assigned to the application through a group that is pushed.
    pub assigns_people: BTreeMap<IdpGroupId, Fact<bool>>,
    /// When the person was added to the group; `None` if the IdP's log does not (or no longer) say.
    pub added_at: BTreeMap<IdpGroupId, Fact<Option<Timestamp>>>,
    /// The group inside the assigned one that holds the person, by the assigned one's id.
    pub inner_groups: BTreeMap<IdpGroupId, Fact<Option<IdpGroup>>>,
    pub troubles: Vec<Fact<Vec<Trouble>>>,
    pub owners: BTreeMap<IdpGroupId, Fact<Vec<Owner>>>,
    /// What was not looked at.
    pub left_out: Vec<LeftOut>,
}

impl IdpFacts {
    /// Nothing learnt yet.
    pub fn none(idp: Idp) -> Self {
        Self {
            idp,
            application: Fact::NotAsked,
            synchronization: Fact::NotAsked,
            sends_groups: Fact::NotAsked,
            person: Fact::NotAsked,
            others: Vec::new(),
            deleted: Fact::NotAsked,
            app_user: Fact::NotAsked,
            direct: Fact::NotAsked,
            transitive: Fact::NotAsked,
            twins: BTreeMap::new(),
            pushed: BTreeMap::new(),
            eligible: Fact::NotAsked,
            is_activated: BTreeMap::new(),
            app_assignments: BTreeMap::new(),
            in_aws: BTreeMap::new(),
            assigns_people: BTreeMap::new(),
            added_at: BTreeMap::new(),
            inner_groups: BTreeMap::new(),
            troubles: Vec::new(),
            owners: BTreeMap::new(),
            left_out: Vec::new(),
        }
    }
}

impl Synchronization {
    /// When the next cycle is due, where the IdP has a schedule and synchronization runs: one interval after
    /// the newest one ended (Graph names no time for it, but a fixed interval); in quarantine, when it is tried
    /// again.
    pub fn next_due(&self) -> Option<Timestamp> {
        match &self.state {
            SyncState::Running | SyncState::Failing { .. } => {
                let last = self.last.as_ref().or(self.last_completed.as_ref())?;
                last.ended.or(last.began)?.checked_add(self.interval?).ok()
            }
            SyncState::Quarantine(quarantine) => quarantine.next_attempt,
            SyncState::Off | SyncState::Paused | SyncState::NeverRan | SyncState::Other(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnosis::facts::idp::*;

    #[test]
    fn logs_are_read_for_a_week_and_the_deleted_are_kept_for_thirty_days() {
        assert_eq!(LOGS_REACH_BACK.as_hours(), 168);
        assert_eq!(RESTORABLE.as_hours(), 720);
    }
}
