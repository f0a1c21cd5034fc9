//! Speaking: a diagnosis in, words out. Pure, and the only room that holds sentences.
//!
//! Reading order: [`say`] is what a sentence is made of; [`headline`], [`evidence`], [`next`] and
//! [`step_lines`] say a diagnosis; [`by_hand`] what to look up where we cannot; [`in_short`] a cause in
//! half a sentence; [`checkup`] how an installation stands; [`slack`], [`terminal`] and
//! [`json_v1`] are its three faces; [`explain`] the pages behind the causes.

pub mod say;
pub mod at_the_idp;
pub mod headline;
pub mod evidence;
pub mod next;
pub mod step_lines;
pub mod by_hand;
pub mod in_short;
pub mod duplicates;
pub mod checkup;
pub mod slack;
pub mod terminal;
pub mod json_v1;
pub mod explain;
