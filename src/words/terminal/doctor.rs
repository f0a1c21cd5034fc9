//! A check-up in a terminal: a table of everything, then each failure with what does not work and the line to add.

use super::lines::Lines;
use super::{Status, painted};
use crate::checkup::{Check, Checkup, Id, Known, Outcome};
use crate::words::checkup::remedy::remedy;
use crate::words::checkup::without::without;
use crate::words::checkup::{in_sum, limit, place, seen, status, unproven};
use crate::words::say::one_line;

/// The whole check-up.
pub fn checkup(checkup: &Checkup, colour: bool) -> String {
    let mut lines = Lines::default();
    lines.blank();
    table(&mut lines, checkup);
    lines.blank();
    for check in &checkup.checks {
        match &check.outcome {
            Outcome::Failed(_) => failure(&mut lines, check, &checkup.known, colour),
            _ => told_limit(&mut lines, check),
        }
    }
    for place in checkup.checks.iter().filter_map(|check| place(check, &checkup.known)) {
        lines.unbroken("Store", &one_line(place));
        lines.blank();
    }
    if let Some(unproven) = unproven(checkup) {
        lines.hanging("Note", unproven);
        lines.blank();
    }
    lines.wrapped(2, &in_sum(checkup));
    lines.text()
}

/// A line for each check, and one for all of a kind that could not be tried for the same reason.
fn table(lines: &mut Lines, checkup: &Checkup) {
    let alike = |one: &Check, next: &Check| {
        let untried = matches!(one.outcome, Outcome::Skipped(_)) && one.outcome == next.outcome;
        untried && kind(&one.id).is_some() && kind(&one.id) == kind(&next.id)
    };
    let rows: Vec<[String; 3]> = checkup
        .checks
        .chunk_by(alike)
        .filter_map(|alike| {
            let check = alike.first()?;
            let name = match (alike.len(), kind(&check.id)) {
                (2.., Some((beginning, what))) => format!("{beginning}* ({} {what})", alike.len()),
                _ => check.id.name(),
            };
            let detail = one_line(&seen(check, &checkup.known));
            Some(match &check.outcome {
                Outcome::Failed(_) => ["FAILED".to_owned(), name, in_brief(&detail).to_owned()],
                outcome => [status(outcome).to_owned(), name, detail],
            })
        })
        .collect();
    lines.table(&rows);
}

/// How the names of checks begin of which there are many alike, and what those are.
fn kind(id: &Id) -> Option<(&'static str, &'static str)> {
    match id {
        Id::SlackScope(_) => Some(("slack.scope:", "scopes")),
        Id::SlackChannel(_) => Some(("slack.channel:", "channels")),
        Id::AwsAction(_) => Some(("aws.", "actions")),
        Id::EntraPermission(_) => Some(("entra.", "permissions")),
        Id::OktaScope(_) => Some(("okta.", "scopes")),
        _ => None,
    }
}

/// A failure as far as it fits a table: what the service called it stands below.
fn in_brief(detail: &str) -> &str {
    detail.split(" (").next().unwrap_or(detail)
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
