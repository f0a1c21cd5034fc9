//! What was learnt, when, from where; and what could not be learnt, which is a fact too.
//!
//! Reading order: [`fact`] is one fact or its gap; [`aws`] and [`idp`] what either side keeps, [`former`] what it kept once; [`gathered`] all of it
//! for one question; [`identity`] whom it is about; [`gaps`] what of it could not be read, by the step that it belongs to;
//! [`left_out`] what was not looked at; [`identity_source`] where people and groups come from, and [`whence`] how that
//! shows; [`twins`] which group of the IdP stands behind one of AWS's, [`sent`] which of the person's are sent there, and [`applications`] which application has it.

mod fact;
mod former;
mod aws;
pub mod applications;
pub mod idp;
mod gathered;
mod identity;
mod gaps;
mod identity_source;
mod left_out;
mod sent;
pub mod twins;
mod whence;

pub use aws::{
    Account, AccountSearch, AccountState, Assignment, AssignmentRequest, DirectoryUser, ExternalId, Group,
    GroupId, Membership, PermissionSetArn, Principal, RequestState, UserId, names_id,
};
pub use fact::{Fact, Gap, GapKind, Known, Source};
pub use former::FormerName;
pub use gathered::Facts;
pub use identity::Identity;
pub use identity_source::IdentitySource;
pub use left_out::{LeftOut, Limit};
pub use sent::Unsent;
