//! The digest as JSON, version 1: a frozen outside format. Fields may be added; none changes its meaning.

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::values::{gap_kind, utc};
use crate::digest::Digest;
use crate::digest::finding::{Copy, Finding, Opens, Origin, Place};
use crate::digest::standing::{RESOLVED, Standing, State, Told};
use crate::words::duplicates::{headline, hurt, person, steps};

/// The digest beside what was told before. Times are UTC, in RFC 3339.
pub fn digest(standing: &Standing) -> Value {
    let digest = standing.digest;
    let findings = standing.findings.iter().map(|(finding, state)| with_state(digest, finding, state));
    let resolved = standing.resolved.iter().map(resolved);
    json!({
        "version": 1,
        "checked_at": utc(digest.checked_at),
        "groups_checked": digest.groups_checked,
        "complete": digest.is_complete(),
        "findings": findings.chain(resolved).collect::<Vec<_>>(),
        "gaps": digest.gaps.iter().map(|gap| json!({
            "kind": gap_kind(gap.kind), "operation": gap.operation, "detail": gap.detail,
        })).collect::<Vec<_>>(),
    })
}

/// One finding, to be kept until it is told as resolved.
pub fn kept(digest: &Digest, finding: &Finding) -> String {
    told(digest, finding).to_string()
}

fn with_state(digest: &Digest, finding: &Finding, state: &State) -> Value {
    let mut told = told(digest, finding);
    told["state"] = state.name().into();
    match state {
        State::New => {}
        State::Known { since, is_worse } => {
            told["since"] = utc(*since).into();
            told["worse"] = (*is_worse).into();
        }
        State::Snoozed(snooze) => {
            told["snooze"] = json!({"by": snooze.by, "reason": snooze.reason, "until": utc(snooze.until)});
        }
    }
    told
}

fn resolved(told: &Told) -> Value {
    // Whatever another version kept still has an id, a kind and a severity.
    let kept = serde_json::from_str::<Value>(&told.as_told).ok().filter(Value::is_object);
    let mut was = kept.unwrap_or_else(|| json!({"groups": [], "people_hurt": 0}));
    was["id"] = told.id.clone().into();
    was["kind"] = told.kind.clone().into();
    was["severity"] = told.severity.name().into();
    was["state"] = RESOLVED.into();
    was["since"] = utc(told.first_told).into();
    was["remedy"] = json!([]);
    was
}

fn told(digest: &Digest, finding: &Finding) -> Value {
    let remedy = finding.steps.iter().map(|step| {
        let told = steps::told(step, finding, digest);
        let mut step =
            json!({"summary": told.says.plain(&TimeZone::UTC), "command": told.command, "url": told.url});
        if !told.people.is_empty() {
            step["people"] = told.people.into();
        }
        step
    });
    json!({
        "id": finding.id,
        "kind": finding.kind.name(),
        "severity": finding.severity.name(),
        "headline": headline(finding, digest).plain(&TimeZone::UTC),
        "groups": finding.copies.iter().map(|copy| group(digest, copy)).collect::<Vec<_>>(),
        "people_hurt": finding.hurt.len(),
        "people_hurt_is_complete": finding.all_seen,
        "people": finding.hurt.iter().map(|one| person(one, &digest.names)).collect::<Vec<_>>(),
        "hurt": hurt(finding, digest).plain(&TimeZone::UTC),
        "remedy": remedy.collect::<Vec<_>>(),
    })
}

fn group(digest: &Digest, copy: &Copy) -> Value {
    let opens = copy.opens.as_ref();
    json!({
        "id": copy.id,
        "name": copy.name,
        "origin": match copy.origin {
            Origin::Synced => "synced",
            Origin::Manual => "manual",
            Origin::Unknown => "unknown",
        },
        "place": match copy.place {
            Place::Aws => "aws",
            Place::Gone => "deleted",
            Place::AtTheIdp => "idp",
        },
        "created_at": copy.created_at.map(utc),
        "created_by": copy.created_by,
        "members": copy.members,
        "assignments": opens.map(std::collections::BTreeSet::len),
        "opens": opens.map(|opens| opens.iter().map(|one| assignment(digest, one)).collect::<Vec<_>>()),
    })
}

fn assignment(digest: &Digest, opens: &Opens) -> Value {
    json!({
        "account": {"id": opens.account, "name": digest.names.accounts.get(&opens.account)},
        "permission_set": digest.names.permission_sets.get(&opens.permission_set),
        "permission_set_arn": opens.permission_set.0,
    })
}
