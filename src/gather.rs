//! Gathering: asks the sources on the call plan and returns facts. It never fails as a whole; what could
//! not be read is a gap, and nothing takes longer than the deadline.
//!
//! The plan, where A is the number of permission sets provisioned on the account and m the person's
//! memberships:
//! 1. at once: GetUserId by user name and by e-mail, DescribeAccount, and
//!    ListPermissionSetsProvisionedToAccount for either version (one call more than a list without
//!    versions, to tell an outdated one);
//! 2. at once: DescribeUser, ListGroupMembershipsForMember, ListAccountAssignmentsForPrincipal and
//!    A × ListAccountAssignments, with the permission sets' names where they are not remembered; if the question's
//!    strings led to nobody, before that GetUserId and DescribeUser by what the IdP knows of the person;
//! 3. the name of the group that gives the access; or, where access is missing, the groups involved, the creation
//!    requests and the deletions, at once.
//!
//! Two round trips where access is there and names are remembered, three where not; requests under way and deletions
//! cost one more, as their lists name no account. A cold start adds ListInstances and ListAccounts before.
//!
//! Reading order: [`gatherer`] is what gathering works with, and [`memory`] what it remembers; an [`inquiry`] asks
//! each single thing of AWS ([`requests`] those for assignments), [`holdings`] what the person has, [`identity`] who they
//! are on both sides, [`at_the_idp`] of the IdP ([`idp_source`], whichever it is, by [`operation`]s and on one [`way`];
//! [`applications`] settle which of several is meant), [`former`] what deleted groups were called, [`lost`] which groups of
//! the person's own AWS does not have; the
//! [`plan`] says what is asked when. [`portal`] and [`duplicates`] are plans of their own.

mod memory;
mod operation;
mod idp_source;
mod gatherer;
mod former;
mod lost;
mod way;
mod pushes;
mod at_the_idp;
mod applications;
mod inquiry;
mod requests;
mod holdings;
mod identity;
mod plan;
mod portal;
mod duplicates;

pub use gatherer::{DEADLINE, FormerNames, Gather};
pub use idp_source::{ConnectedIdp, IdpSource};
pub use memory::Freshness;

pub use crate::sources::Clock;
pub use crate::sources::identity_center::ConfiguredInstance;
