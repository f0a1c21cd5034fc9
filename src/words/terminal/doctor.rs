//! A check-up in a terminal: a table of everything, then each failure with what does not work and the line to add.

use super::lines::Lines;
use super::paint::painted;
use crate::checkup::{Check, Checkup, Id, Known, Outcome};
use crate::diagnosis::steps::Status;
use crate::words::checkup::remedy::{Remedy, in_one_policy, lacks_in_policy, remedy};
use crate::words::checkup::without::without;
use crate::words::checkup::{in_sum, limit, place, seen, status, unproven};
use crate::words::say::one_line;

/// The whole check-up.
pub fn checkup(checkup: &Checkup, colour: bool) -> String {
    let mut lines = Lines::default();
    lines.blank();
    table(&mut lines, checkup);
    lines.blank();
    let alike: Vec<(&Check, &'static str)> =
        checkup.checks.iter().filter_map(|check| Some((check, lacks_in_policy(check)?))).collect();
    let (first, are_several) = (alike.first().map(|(check, _)| &check.id), alike.len() > 1);
    for check in &checkup.checks {
        match &check.outcome {
            Outcome::Failed(_) if are_several && Some(&check.id) == first => {
                failures(&mut lines, &alike, &checkup.known, colour);
            }
            Outcome::Failed(_) if are_several && lacks_in_policy(check).is_some() => {}
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

const FAILED: &str = "FAILED";

/// How far what belongs to a failure stands in.
const BELOW: usize = 2 + FAILED.len() + 3;

fn failure(lines: &mut Lines, check: &Check, known: &Known, colour: bool) {
    what_failed(lines, check, known, colour);
    if let Some(remedy) = remedy(check, known) {
        mended(lines, &remedy);
    }
    lines.blank();
}

/// Several for one cause: each with what does not work, and one remedy for all.
fn failures(lines: &mut Lines, alike: &[(&Check, &'static str)], known: &Known, colour: bool) {
    alike.iter().for_each(|(check, _)| what_failed(lines, check, known, colour));
    let actions: Vec<&str> = alike.iter().map(|(_, action)| *action).collect();
    mended(lines, &in_one_policy(&actions, known));
    lines.blank();
}

fn what_failed(lines: &mut Lines, check: &Check, known: &Known, colour: bool) {
    let about = format!("{}: {}", check.id.name(), one_line(&seen(check, known)));
    lines.first(&painted(FAILED, Status::Fail, colour), FAILED.len(), &about);
    lines.wrapped(BELOW, without(check));
}

fn mended(lines: &mut Lines, remedy: &Remedy) {
    if remedy.place.is_empty() {
        lines.wrapped(BELOW, &format!("Mend: {}", one_line(&remedy.line)));
    } else {
        lines.wrapped(BELOW, &format!("{}:", remedy.place));
        remedy.line.lines().for_each(|line| lines.wrapped(BELOW, line));
    }
}

fn told_limit(lines: &mut Lines, check: &Check) {
    if let Some(limit) = limit(check) {
        lines.hanging("Note", &format!("{}: {limit}", check.id.name()));
        lines.blank();
    }
}
