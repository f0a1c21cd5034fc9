//! sso-why explains why somebody does not see an AWS account in the IAM Identity Center access portal.
//!
//! # The map
//! Three rooms carry it: [`gather`] asks the [`sources`] and returns plain facts; [`diagnosis`] decides;
//! [`words`] speak. [`digest`] decides about all groups at once, as the diagnosis does about one person;
//! [`checkup`] about an installation, at which [`doctor`] looks. Around them stand [`slack`] (Slack's wire), [`desk`] (one file for each thing a person
//! can do there), [`web`] (the routes), [`config`], [`telemetry`], [`serve`] (the bot's life) and [`cli`].
//! [`sandbox`] is the simulated company for newcomers and tests.
//!
//! # What is never to change
//! - `diagnosis`, `digest`, `checkup` and `words` do no I/O, read no clock, await nothing and cannot fail.
//! - Only `sources` and `slack` know wire shapes; only `words` hold sentences; only `config` reads the
//!   environment.
//! - Every Slack request is verified before it is parsed, and acknowledged before work starts.
//! - Nothing in production knows that the sandbox exists; only `cli` and the tests start it.
//!
//! `tests/it/house.rs` holds these as tests.
//!
//! # How to add a cause
//! See [`diagnosis::causes`], and the worked example in `CONTRIBUTING.md`.

pub mod diagnosis;
pub mod digest;
pub mod checkup;
pub mod sources;
pub mod gather;
pub mod words;
pub mod slack;
pub mod store;
pub mod jobs;
pub mod desk;
pub mod doctor;
pub mod web;
pub mod config;
pub mod telemetry;
pub mod serve;
pub mod cli;
pub mod sandbox;
