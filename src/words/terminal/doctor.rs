//! A check-up in a terminal: a table of everything, then each failure with what does not work and the line to add.

use comfy_table::presets::NOTHING;
use comfy_table::{ColumnConstraint, ContentArrangement, Table};

use super::lines::{COLUMNS, Lines};
use super::{Status, painted};
use crate::checkup::{Check, Checkup, Known, Outcome};
use crate::words::checkup::remedy::remedy;
use crate::words::checkup::without::without;
use crate::words::checkup::{in_sum, limit, seen, status, unproven};
use crate::words::say::one_line;

/// What is left of a line for the table after its margin.
const TABLE_WIDTH: u16 = COLUMNS as u16 - 2;

/// The whole check-up.
pub fn checkup(checkup: &Checkup, colour: bool) -> String {
    let mut lines = Lines::default();
    lines.blank();
    lines.verbatim(&table(checkup));
    lines.blank();
    for check in &checkup.checks {
        match &check.outcome {
            Outcome::Failed(_) => failure(&mut lines, check, &checkup.known, colour),
            _ => told_limit(&mut lines, check),
        }
    }
    lines.wrapped(2, &in_sum(checkup));
    if let Some(unproven) = unproven(checkup) {
        lines.blank();
        lines.hanging("Note", unproven);
    }
    lines.text()
}

fn table(checkup: &Checkup) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_width(TABLE_WIDTH);
    for check in &checkup.checks {
        let word = status(&check.outcome);
        let word = if matches!(check.outcome, Outcome::Failed(_)) { "FAILED" } else { word };
        table.add_row([word.to_owned(), check.id.name(), one_line(&seen(check, &checkup.known))]);
    }
    for (position, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, 2));
        // A name is of use only in one piece.
        if position < 2 {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    table.to_string()
}

fn failure(lines: &mut Lines, check: &Check, known: &Known, colour: bool) {
    const WORD: &str = "FAILED";
    let about = format!("{}: {}", check.id.name(), one_line(&seen(check, known)));
    lines.first(&painted(WORD, Status::Fail, colour), WORD.len(), &about);
    let indent = 2 + WORD.len() + 3;
    lines.wrapped(indent, without(check));
    if let Some(remedy) = remedy(check, known) {
        if remedy.place.is_empty() {
            lines.wrapped(indent, &format!("Mend: {}", one_line(&remedy.line)));
        } else {
            lines.wrapped(indent, &format!("{}:", remedy.place));
            lines.wrapped(indent, &remedy.line);
        }
    }
    lines.blank();
}

fn told_limit(lines: &mut Lines, check: &Check) {
    if let Some(limit) = limit(check) {
        lines.hanging("Note", &format!("{}: {limit}", check.id.name()));
        lines.blank();
    }
}
