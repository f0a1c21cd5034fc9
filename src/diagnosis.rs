//! The diagnosis: facts in, an explanation out.
//!
//! Pure: no clock, no I/O, nothing asynchronous, no `Result`, no knowledge of Slack, AWS's wire or JSON.
//! It cannot fail; it can be unsure. It reads like the runbook that it replaces.
//!
//! Reading order: the [`question`], the [`step`]s of the chain and the [`facts`]; what makes two [`names`] look
//! alike, and which of the [`accounts`] a name means. Then how a cause is found: a [`case`] is the facts resolved, a
//! [`link`] one group without the person, of which [`recency`] says what is on its way, an [`overview`] all routes together; [`evidence`] is what a cause's file
//! says, and [`causes`] are those files, in one list. Then the [`routes`] by which the account could open (a
//! [`route`] each); [`certainty`]; the [`steps`] as they are told; the [`report`], which [`decide`] makes of all that.
//! [`wants`] is what else is worth asking. Beside it, the [`changes`] since an earlier report, and the [`portal`]:
//! everything that a person has.

pub mod question;
mod step;
pub mod facts;
pub mod names;
pub mod accounts;
mod permission_sets;
mod case;
mod link;
mod recency;
mod overview;
mod evidence;
pub mod harm;
pub mod causes;
mod route;
mod routes;
mod certainty;
pub mod steps;
mod report;
mod decide;
pub mod wants;
pub mod changes;
pub mod portal;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod laws;

pub use decide::diagnose;
pub use report::{Diagnosis, Outcome, StepGap, Verdict};
pub use route::{Route, RouteState, Via};
