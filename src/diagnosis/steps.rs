//! The twelve steps, in the order of telling, and how each of them stands.
//!
//! Reading order: [`note`] is how a step can stand; [`view`] the route and the finding from which they are seen;
//! [`at_the_idp`] how the four stand that only the IdP can show; [`mod@report`] all twelve.

mod note;
mod view;
mod at_the_idp;
mod report;

pub use super::step::Step;
pub use note::{KnownAs, Note, Status, StepReport};
pub(super) use report::report;
#[cfg(test)]
mod tests;
