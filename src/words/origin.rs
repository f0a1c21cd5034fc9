//! Where a group comes from, as far as AWS shows it.

use super::context::Context;
use crate::diagnosis::facts::{Group, IdentitySource};

/// The origin of a group, in parentheses after its name. Without an external id nothing says where it comes from, so
/// that only its age is told.
pub(super) fn origin(group: &Group, cx: &Context) -> String {
    match group.created_at {
        _ if group.synced => match cx.source() {
            Some(IdentitySource::ActiveDirectory) => " (comes from Active Directory)".to_owned(),
            _ => " (comes from the company directory)".to_owned(),
        },
        Some(created) => format!(" (created {})", cx.ago(created)),
        None => String::new(),
    }
}
