//! A check-up as JSON, version 1: a frozen outside format. Fields may be added; none changes its meaning.

use serde_json::{Value, json};

use crate::checkup::{Check, Checkup, Known, Outcome};
use crate::words::checkup::remedy::remedy;
use crate::words::checkup::without::without;
use crate::words::checkup::{limit, place, seen, status, unproven};

/// The whole check-up; `unproven` is what no check can show.
pub fn checkup(checkup: &Checkup) -> Value {
    let mut told = json!({
        "version": 1,
        "ok": checkup.is_well(),
        "checks": checkup.checks.iter().map(|one| check(one, &checkup.known)).collect::<Vec<_>>(),
    });
    if let Some(unproven) = unproven(checkup) {
        told["unproven"] = unproven.into();
    }
    told
}

/// `remedy` is the exact line; `remedy_place` where it belongs, and `without` what does not work until then.
fn check(check: &Check, known: &Known) -> Value {
    let seen = seen(check, known);
    let mut told = json!({
        "id": check.id.name(),
        "status": status(&check.outcome),
        "detail": match (limit(check), place(check, known)) {
            (Some(limit), _) => format!("{seen}. {limit}"),
            (None, Some(place)) if !seen.contains(place) => format!("{place}: {seen}"),
            _ => seen,
        },
        "remedy": null,
    });
    if let Some(remedy) = remedy(check, known) {
        told["remedy"] = remedy.line.into();
        if !remedy.place.is_empty() {
            told["remedy_place"] = remedy.place.into();
        }
    }
    if matches!(check.outcome, Outcome::Failed(_)) {
        told["without"] = without(check).into();
    }
    told
}
