//! What a scenario says of the IdP that feeds Identity Center: only what differs from "it has every synced
//! user, group and membership, its groups are connected to the application for AWS, all of it has arrived".

use serde::Deserialize;

use super::Age;

/// The IdP that a company is connected to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdpKind {
    Entra,
    Okta,
}

/// Somebody at the IdP. Its mere presence puts a person there who has no user in the identity store.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PersonAtIdp {
    /// Left out: as their user in the identity store.
    pub disabled: Option<bool>,
    /// Left out: the e-mail address of their user in the identity store.
    pub email: Option<String>,
    /// The IdP keeps no e-mail address of them.
    pub no_email: bool,
    /// Left out: the user name of their user in the identity store.
    pub user_name: Option<String>,
    /// Further addresses at Entra.
    pub aliases: Vec<String>,
    /// Other accounts at the IdP that people may take for this one. AWS does not have them.
    pub others: Vec<OtherAccount>,
    /// Deleted at Entra so long ago, which keeps them for 30 days.
    pub deleted: Option<Age>,
    /// A guest of the Entra tenant.
    pub guest: bool,
    /// The IdP knows no last name, which AWS requires.
    pub no_last_name: bool,
    /// Left out: the age of their user in the identity store.
    pub age: Option<Age>,
    /// The groups that they are in beside those in which AWS has them.
    pub groups: Vec<MembershipAtIdp>,
    /// Okta's assignment to the application, for somebody who has no user in the identity store.
    pub app_user: Option<AppUserSpec>,
    pub trouble: Option<TroubleSpec>,
}

/// Another account at the IdP, which shares an address with a person or had their name before.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OtherAccount {
    /// Follows the person's key in its own.
    pub key: String,
    pub user_name: String,
    pub email: Option<String>,
    #[serde(default)]
    pub disabled: bool,
    #[serde(default)]
    pub groups: Vec<MembershipAtIdp>,
}

/// Being in a group at the IdP.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MembershipAtIdp {
    pub group: String,
    pub since: Age,
    /// Where it began at another time in the company on Okta.
    pub okta_since: Option<Age>,
}

/// Okta's assignment of a person who is not in the identity store.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppUserSpec {
    pub state: UnfinishedAppUser,
    pub age: Age,
}

/// How far Okta came with a person who is not in the identity store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnfinishedAppUser {
    /// Provisioning is queued.
    Staged,
    /// It was tried and failed.
    Failed,
    /// Okta created them, and an administrator deleted their user in AWS by hand.
    DeletedInAws,
    /// Okta assigned them before provisioning was switched on, and created nobody.
    NeverCreated,
}

/// A group at the IdP.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GroupAtIdp {
    /// Its name at the IdP, if AWS calls it otherwise: renamed there, or linked by Okta's push mapping to a group of
    /// another name.
    pub named: Option<String>,
    /// Entra: assigned to the application; Okta: it has a push mapping.
    pub assigned: bool,
    /// When that was. Left out, when the group was made.
    pub assigned_age: Option<Age>,
    /// Okta: it also assigns people to the application.
    pub assigns_people: bool,
    /// How people get into it, if nobody adds them.
    pub filled: Option<FilledSpec>,
    /// Entra: keys of people who may activate their membership for a while.
    pub eligible: Vec<String>,
    /// Keys of people.
    pub owners: Vec<String>,
    /// Keys of the groups that are members of this one. Entra nests groups, Okta cannot.
    pub groups_inside: Vec<String>,
    /// Okta's push mapping where it is not active.
    pub push_mapping: Option<PushMappingSpec>,
    pub trouble: Option<TroubleSpec>,
    /// The trouble lasts until an administrator mends it.
    pub stuck: bool,
}

impl Default for GroupAtIdp {
    fn default() -> Self {
        Self {
            named: None,
            assigned: true,
            assigned_age: None,
            assigns_people: false,
            filled: None,
            eligible: Vec::new(),
            owners: Vec::new(),
            groups_inside: Vec::new(),
            push_mapping: None,
            trouble: None,
            stuck: false,
        }
    }
}

/// How people get into a group that nobody adds them to.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum FilledSpec {
    /// Entra's dynamic membership group, Okta's group rule.
    Rule {
        text: String,
        #[serde(default)]
        paused: bool,
    },
    /// It comes from an on-premises Active Directory.
    ActiveDirectory,
}

/// An Okta group push mapping that does not push.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PushMappingSpec {
    pub state: BrokenMapping,
    /// `errorSummary`
    #[serde(default)]
    pub error: String,
    /// When it stopped.
    pub age: Age,
    /// Okta switched it off itself, as the group was renamed.
    #[serde(default)]
    pub by_a_rename: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BrokenMapping {
    Inactive,
    Error,
}

/// A failure in the IdP's log, with Entra's error code.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TroubleSpec {
    pub code: String,
    pub reason: String,
    pub recommended_action: String,
    pub age: Age,
    /// Entra skipped it, by its own decision and without an error.
    #[serde(default)]
    pub skipped: bool,
    /// The scoping filter by which it was skipped, as Entra's log words it.
    pub excluded_by: Option<String>,
}
