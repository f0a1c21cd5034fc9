//! Speaking: a diagnosis in, words out. Pure, and the only room that holds sentences.
//!
//! Reading order: [`say`] is what a sentence is made of, [`taking`] the words for what takes something away. Then what several explanations share: the [`account`], the
//! [`idp`] and the [`gaps`] in words, the next [`action`], a [`proof`], the [`context`] of them all, the [`origin`] of a group. An
//! [`explanation`] is what a cause says, [`meant`] which of several groups to ask for, [`rule`] what fills a group, and [`causes`] are those files. [`headline`], [`evidence`], [`next`],
//! [`step_lines`] and [`routes`] say a whole diagnosis; [`by_hand`] what to look up where we cannot; [`in_short`] a
//! cause in half a sentence; [`explain`] the page behind it. [`duplicates`] is the digest's findings, [`checkup`]
//! how an installation stands; [`slack`], [`terminal`] and [`json_v1`] are the three faces of it all.

pub mod say;
mod taking;
pub mod account;
mod idp;
mod gaps;
pub mod action;
mod proof;
mod context;
mod origin;
mod explanation;
mod meant;
mod rule;
mod causes;
pub mod headline;
pub mod evidence;
pub mod next;
mod step_lines;
pub mod routes;
mod by_hand;
pub mod in_short;
pub mod explain;
pub mod duplicates;
pub mod checkup;
pub mod slack;
pub mod terminal;
pub mod json_v1;
