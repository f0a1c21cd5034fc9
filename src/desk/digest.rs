//! The digest of duplicate groups, once a day.
//!
//! Reading order: [`survey`] looks, beside what was told before; [`daily`] is the day's work, from when it is due
//! until it stands in the channel; [`snooze`] lays a duplicate aside.

pub mod survey;
pub mod names;
mod daily;
mod snooze;

pub use daily::NotPosted;
pub(super) use daily::{Due, Prepared};
pub(super) use snooze::Aside;
