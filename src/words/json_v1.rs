//! JSON, version 1: frozen outside formats. Fields may be added; none changes its meaning.
//! [`mod@report`] is the report of one diagnosis, [`digest`] the digest, [`doctor`] a check-up.

mod values;
mod report;
pub mod digest;
pub mod doctor;

pub use report::{report, report_of};
pub use values::verdict;
