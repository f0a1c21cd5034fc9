//! A proof: one fact of the evidence with its label, as the JSON report has it.

use jiff::Timestamp;

/// One fact and what it is.
pub(super) struct Proof {
    pub(super) label: &'static str,
    pub(super) value: Value,
}

/// A fact, not yet in any format.
pub(super) enum Value {
    Text(String),
    Time(Timestamp),
}

/// Builds a [`Proof`].
pub(super) fn proof(label: &'static str, value: impl Into<Value>) -> Proof {
    Proof { label, value: value.into() }
}

/// The end of the last cycle and the start of the next.
pub(super) fn cycles(last: Option<Timestamp>, next: Option<Timestamp>) -> impl Iterator<Item = Proof> {
    let last = last.map(|at| proof("last cycle", at));
    let next = next.map(|at| proof("next cycle", at));
    last.into_iter().chain(next)
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<Timestamp> for Value {
    fn from(time: Timestamp) -> Self {
        Self::Time(time)
    }
}
