//! An explanation: what the file of a cause says. The files are in `causes`.

use jiff::Timestamp;

use super::action::Next;
use super::context::Context;
use super::proof::Proof;
use super::say::Sentence;

/// Names in one sentence of evidence at most; the JSON report has all.
pub(super) const NAMES: usize = 5;

/// The words for a cause with its evidence.
pub(super) trait Explain {
    /// The answer in one sentence, without its full stop, for somebody who reads only that: no id, no jargon.
    fn headline(&self, cx: &Context) -> Sentence;

    /// What the bot saw: complete sentences, with names exactly as the consoles show them.
    fn evidence(&self, cx: &Context) -> Vec<Sentence>;

    /// The next step and its owner: exactly one.
    fn next(&self, cx: &Context) -> Next;

    /// The line of the step at which the cause shows, without its label and without a full stop.
    fn step_line(&self, cx: &Context) -> Sentence;

    /// The same evidence as facts, for the JSON report.
    fn proof(&self) -> Vec<Proof> {
        Vec::new()
    }

    /// When a route with this finding came to stand as it does, to be said with its age.
    fn since(&self) -> Option<Timestamp> {
        None
    }

    /// The accounts that the person may have meant: label, and name or id.
    fn other_accounts(&self) -> Vec<(String, String)> {
        Vec::new()
    }
}

/// What is said of a cause whatever its evidence.
pub(super) struct Texts {
    /// Half a sentence to the person, to end "Payments-Prod: …" with.
    pub(super) in_short: &'static str,
    /// How a route with this cause stands; `None` if no route has it.
    pub(super) on_a_route: Option<&'static str>,
    /// For the admins; `None` if the cause is never the same for several people.
    pub(super) outage: Option<Outage>,
    /// The page for `sso-why explain`: what it means, how it is detected, how it is fixed.
    pub(super) page: &'static str,
}

/// What the admins read of a cause that hits several people.
pub(super) struct Outage {
    /// What has happened, as a clause.
    pub(super) what: &'static str,
    /// What to do about it, to end "Next: …" with.
    pub(super) remedy: &'static str,
}

impl Outage {
    /// The remedy if nothing points to another.
    pub(super) const CHECK_THAT_IT_RUNS: &'static str = "look whether the provisioning of the AWS application in your company directory still runs, and start it where it does not";
}
