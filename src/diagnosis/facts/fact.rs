//! One fact: a value with the time and source of its reading, or the reason why it could not be read.

use jiff::Timestamp;

/// Whether something was read just now or remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    Live,
    Cache,
}

/// Why something could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GapKind {
    NotConfigured,
    Forbidden,
    Throttled,
    Timeout,
    Error,
    /// Nobody asked for all of it: a list that was cut short, or one of several.
    LeftOut,
}

/// Something that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    pub kind: GapKind,
    /// AWS's operation by its IAM action, as in `sso:ListAccountAssignments`; an IdP's by its path, as in
    /// `graph:users/memberOf`.
    pub operation: String,
    /// What the other side answered, in short; never a body.
    pub detail: String,
}

/// One thing that we asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact<T> {
    /// Nobody asked: an earlier answer made it pointless.
    NotAsked,
    Known(Known<T>),
    Gap(Gap),
}

/// A value with the moment at which it was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Known<T> {
    pub value: T,
    pub as_of: Timestamp,
    pub source: Source,
}

impl<T> Fact<T> {
    /// The value, if it was read.
    pub fn value(&self) -> Option<&T> {
        self.known().map(|known| &known.value)
    }

    /// The value with its time and source, if it was read.
    pub fn known(&self) -> Option<&Known<T>> {
        match self {
            Self::Known(known) => Some(known),
            Self::NotAsked | Self::Gap(_) => None,
        }
    }

    /// The gap, if it was asked for and could not be read.
    pub fn gap(&self) -> Option<&Gap> {
        match self {
            Self::Gap(gap) => Some(gap),
            Self::NotAsked | Self::Known(_) => None,
        }
    }

    /// The same fact with another value, if it was read.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Fact<U> {
        match self {
            Self::NotAsked => Fact::NotAsked,
            Self::Known(Known { value, as_of, source }) => {
                Fact::Known(Known { value: change(value), as_of, source })
            }
            Self::Gap(gap) => Fact::Gap(gap),
        }
    }
}
