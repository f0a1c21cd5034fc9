//! The tests that need a company: one binary, one harness.

#![allow(clippy::expect_used, clippy::panic, reason = "a test says what it expects by failing")]

mod harness;
mod leftovers;
mod processes;
mod house;
mod everybody;
mod idp;
mod provenance;
mod messy;
mod messy_identity;
mod messy_groups;
mod messy_okta_groups;
mod messy_time;
mod messy_kinds;
mod messy_leftovers;
mod generated;
mod messy_directory;
mod messy_ended;
mod messy_several;
mod actions;
mod at_entra;
mod at_okta;
mod chat;
mod tickets;
mod overtaking;
mod ending;
mod mentions;
mod manifest;
mod privacy;
mod watch;
mod outage;
mod digest;
mod doctor;
mod home;
mod retention;
mod rolling;
mod at_the_wire;
mod unread;
mod faults;
mod call_plan;
mod never_lost;
mod security;
mod socket;
mod logs;
mod metrics;
