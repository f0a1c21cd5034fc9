//! In a terminal: at most 80 columns, readable without color.
//!
//! Reading order: [`lines`] breaks lines and [`paint`] colors words; [`mod@report`] is the report; [`digest`] the
//! digest of duplicate groups; [`doctor`] a check-up.

mod lines;
mod paint;
mod report;
pub mod digest;
pub mod doctor;

pub use report::{Telling, reference, report};
