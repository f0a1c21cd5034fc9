//! A question that was handed to the help desk: what they see of it, what whoever asked sees, and what is said
//! between them.
//!
//! Reading order: [`frozen`] is the report as it was; [`standing`] says how a ticket stands and what became of it;
//! [`card`] is its message in the help-desk channel, [`direct`] what a requester sees of it; [`thread`] what the
//! bot says in its thread; [`relayed`] what people write to each other through it; [`refusals`] answer a press
//! that does nothing.

pub mod frozen;
pub mod standing;
pub mod card;
pub mod direct;
pub mod thread;
pub mod relayed;
pub mod refusals;
