//! The tests that need a company: one binary, one harness.

mod harness;
mod house;
mod everybody;
mod chat;
mod faults;
mod call_plan;
