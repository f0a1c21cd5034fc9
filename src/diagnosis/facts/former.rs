//! What a group was called that AWS does not have any more.

use jiff::Timestamp;

/// The name of a group that was deleted, as a digest saw it last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormerName {
    pub name: String,
    pub last_seen: Timestamp,
}
