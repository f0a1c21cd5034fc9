//! The report in Slack: the answer first, its evidence, one next step, the rest folded away.
//!
//! Reading order: [`blocks`] keeps within Slack's limits and keeps untrusted names harmless, and a [`message`] is
//! text and blocks. [`mod@report`] lays out a report; [`steps`] are its twelve steps, [`changes`] what changed since
//! an earlier one; [`for_agents`] adds what only the help desk reads; [`ticket`] a question that was handed to the
//! help desk; [`forms`] the two forms; [`sync_now`] a forced synchronization; [`owner`] the message to a group's
//! owner; [`watch`] what somebody waits for; [`outage`] what hits several people; [`digest`] the digest of duplicate
//! groups; [`understood`] what was made of free words; [`home`] the Home tab; [`replies`] everything else that the
//! bot says.

pub mod blocks;
mod message;
mod changes;
mod steps;
mod for_agents;
pub mod sync_now;
mod report;
pub mod ticket;
pub mod forms;
pub mod owner;
pub mod watch;
pub mod outage;
pub mod digest;
pub mod understood;
pub mod replies;
pub mod home;

pub use changes::Since;
pub use message::Message;
pub use report::{Telling, accounts_meant, report};
