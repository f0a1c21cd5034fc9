//! The tests that need a company: one binary, one harness.

#![allow(clippy::expect_used, clippy::panic, reason = "a test says what it expects by failing")]

mod harness;
mod house;
mod everybody;
mod idp;
mod actions;
mod at_entra;
mod at_okta;
mod chat;
mod faults;
mod call_plan;
