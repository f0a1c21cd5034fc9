//! Okta's group push mappings: which group of Okta's fills which group in AWS.

use jiff::Timestamp;

use super::group::IdpGroupId;

/// Okta's group push mapping. Source: Okta Management API, `GroupPushMapping`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushMapping {
    pub id: String,
    pub state: PushState,
    /// The group that stands at Okta for the one in AWS, whose name it has.
    pub target: Option<IdpGroupId>,
    pub created: Option<Timestamp>,
    pub last_push: Option<Timestamp>,
    /// `errorSummary`, where there is one.
    pub error: Option<String>,
}

/// `status` of Okta's `GroupPushMapping`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PushState {
    Active,
    /// Okta does not push changes.
    Inactive,
    Error,
    /// One that Okta added after this was written.
    Other(String),
}

/// What Okta's push mappings say of a group of the identity store, whose name is that of their target group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pushed {
    /// The group that is pushed to it; `None` if no mapping has it as its target.
    pub source: Option<IdpGroupId>,
    /// Groups of the same name that are pushed to another group.
    pub elsewhere: Vec<IdpGroupId>,
}
