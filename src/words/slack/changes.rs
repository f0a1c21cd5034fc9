//! The changes since an earlier report.

use super::blocks::Line;
use crate::diagnosis::Diagnosis;
use crate::diagnosis::changes::{Before, Change};
use crate::words::say::say;
use crate::words::step_lines::{label, status_word};

/// The changes since an earlier report.
pub struct Since<'t> {
    pub before: &'t Before,
    pub changes: Vec<Change>,
}

/// The lines for these changes.
pub(super) fn what_changed(now: &Diagnosis, since: &Since) -> Vec<Line> {
    let when = since.before.checked_at;
    if since.changes.is_empty() && since.before.cause == now.cause() {
        return vec![Line::labelled("Nothing has changed", &say![" since ", when, "."])];
    }
    let mut lines = vec![Line::labelled("What changed", &say![" since ", when, ":"])];
    lines.extend(since.changes.iter().map(|change| {
        let turn = format!(": {}, now {}", status_word(change.before), status_word(change.now));
        Line::plain(&say![format!("{}{turn}", label(change.step))])
    }));
    if since.changes.is_empty() {
        lines.push(Line::plain(&say!["the explanation"]));
    }
    lines
}
