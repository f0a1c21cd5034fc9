//! The digest in words: [`finding`] says what is wrong, [`steps`] what to do, [`summary`] how it is on the whole;
//! [`names`] is what they call things and people.

mod names;
mod finding;
pub mod steps;
mod summary;

pub use finding::{copies, headline, hurt, refused, severity};
pub use names::person;
pub use summary::{counts, known_since, not_everything, nothing_found, of_groups, snoozed};
