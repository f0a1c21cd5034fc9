//! Values that the frozen formats share: times, and names.

use jiff::Timestamp;

use crate::diagnosis::Verdict;
use crate::diagnosis::facts::{GapKind, Source};

/// RFC 3339 to the second, which is all that AWS's own times have.
pub(super) fn utc(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The verdict's name.
pub fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Access => "access",
        Verdict::Blocked => "blocked",
        Verdict::Undetermined => "undetermined",
    }
}

/// The name of a kind of gap.
pub(super) fn gap_kind(kind: GapKind) -> &'static str {
    match kind {
        GapKind::NotConfigured => "not_configured",
        GapKind::Forbidden => "forbidden",
        GapKind::Throttled => "throttled",
        GapKind::Timeout => "timeout",
        // The frozen format has no word for what was not looked at; the detail says it.
        GapKind::Error | GapKind::LeftOut => "error",
    }
}

/// The name of a source.
pub(super) fn source(source: Source) -> &'static str {
    match source {
        Source::Live => "live",
        Source::Cache => "cache",
    }
}
