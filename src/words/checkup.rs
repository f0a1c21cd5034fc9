//! A check-up in words: [`mod@seen`] is what was seen, in few words; [`mod@without`] what does not work otherwise;
//! [`mod@remedy`] the exact line to add, and [`mod@service`] whom a check asks.

mod service;
pub mod remedy;
pub mod without;
mod seen;

pub use seen::{in_sum, limit, place, seen, status, unproven};
