//! The JSON report, version 1: a frozen outside format. Fields may be added; none changes its meaning.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::evidence::evidence;
use super::headline::headline;
use super::next::next;
use super::say::Whom;
use super::step_lines::{route_in_words, summary};
use crate::diagnosis::facts::{Gap, GapKind, Source};
use crate::diagnosis::routes::{Route, RouteState, Via};
use crate::diagnosis::steps::{Note, Status, Step, StepReport};
use crate::diagnosis::{Diagnosis, StepGap, Verdict};

/// The report of one diagnosis. Times are UTC, in RFC 3339.
pub fn report(diagnosis: &Diagnosis) -> Value {
    let whom = Whom::other(diagnosis);
    let next = next(diagnosis, &whom);
    let question = &diagnosis.question;
    json!({
        "version": 1,
        "checked_at": utc(diagnosis.checked_at),
        "subject": {
            "email": question.names_an_email().then_some(&question.subject),
            "user_name": diagnosis.person.as_ref().map(|person| &person.user_name),
            "display_name": diagnosis.person.as_ref().and_then(|person| person.display_name.as_ref()),
            "directory_user_id": diagnosis.person.as_ref().map(|person| &person.id.0),
            "idp_user_id": null,
        },
        "account": {
            "id": diagnosis.account.as_ref().map(|account| account.id.clone()).or_else(|| question.account_id()),
            "name": diagnosis.account.as_ref().map(|account| account.name.as_str())
                .or_else(|| question.account_id().is_none().then_some(question.account.as_str())),
        },
        "permission_set": question.permission_set,
        "verdict": verdict(diagnosis.verdict),
        "cause": diagnosis.cause().map(|cause| cause.name()),
        "failing_step": diagnosis.failing_step().name(),
        "headline": headline(diagnosis, &whom).plain(&TimeZone::UTC),
        "steps": diagnosis.steps.iter().map(|report| step(diagnosis, report, &whom)).collect::<Vec<_>>(),
        "fix": {
            "owner": next.owner.key(),
            "summary": next.step.plain(&TimeZone::UTC),
            "actions": next.actions.iter().map(|action| json!({
                "label": action.label, "url": action.url, "command": action.command,
            })).collect::<Vec<_>>(),
            "retry_at": next.retry_at.map(utc),
        },
        "routes": diagnosis.routes.iter().map(route).collect::<Vec<_>>(),
        "gaps": diagnosis.gaps.iter().map(gap).collect::<Vec<_>>(),
    })
}

/// RFC 3339 to the second, which is all that AWS's own times have.
fn utc(time: Timestamp) -> String {
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

fn step(diagnosis: &Diagnosis, report: &StepReport, whom: &Whom) -> Value {
    let mut proof = proof(report);
    if report.note == Note::TheFinding {
        let sentences = evidence(diagnosis, whom).into_iter();
        proof.extend(
            sentences.map(|sentence| json!({"label": "seen", "value": sentence.plain(&TimeZone::UTC)})),
        );
    }
    json!({
        "id": report.step.name(),
        "status": status(report.status),
        "summary": summary(diagnosis, report).plain(&TimeZone::UTC),
        "evidence": proof,
        "as_of": report.as_of.map(utc),
        "source": report.source.map(source),
    })
}

fn proof(report: &StepReport) -> Vec<Value> {
    let fact = |label: &str, value: String| json!({"label": label, "value": value});
    match &report.note {
        Note::GroupThere(group) | Note::NotIn(group) => {
            vec![fact("group", group.name.clone()), fact("group id", group.id.0.clone())]
        }
        Note::MemberOf { group, since } => {
            let group = group.iter().map(|group| fact("group", group.name.clone()));
            group.chain(since.iter().map(|since| fact("member since", utc(*since)))).collect()
        }
        Note::InGroups { count } => vec![fact("groups", count.to_string())],
        Note::Assigned { permission_set: Some(permission_set), .. } => {
            vec![fact("permission set", permission_set.clone())]
        }
        Note::Unseen(Some(gap)) => {
            vec![fact("operation", gap.operation.clone()), fact("answer", gap.detail.clone())]
        }
        _ => Vec::new(),
    }
}

fn route(route: &Route) -> Value {
    let (state, broken_at) = match &route.state {
        RouteState::Works { .. } => ("works", None),
        RouteState::Broken(broken) => ("broken", Some(broken.step())),
        RouteState::Unknown(step) => ("unknown", Some(*step)),
    };
    let group = match &route.via {
        Via::Group(id, group) => json!({"id": id.0, "name": group.as_ref().map(|group| &group.name)}),
        Via::Direct | Via::GoneUser => Value::Null,
    };
    json!({
        "group": group,
        "permission_set": route.permission_set_name,
        "permission_set_arn": route.permission_set.0,
        "wanted": route.wanted,
        "state": state,
        "broken_at": broken_at.map(Step::name),
        "reason": route_in_words(route),
        "opens_accounts": null,
    })
}

fn gap(StepGap { step, gap: Gap { kind, operation, detail } }: &StepGap) -> Value {
    let kind = match kind {
        GapKind::NotConfigured => "not_configured",
        GapKind::Forbidden => "forbidden",
        GapKind::Throttled => "throttled",
        GapKind::Timeout => "timeout",
        GapKind::Error => "error",
    };
    json!({"step": step.name(), "kind": kind, "operation": operation, "detail": detail})
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Pass => "pass",
        Status::Fail => "fail",
        Status::Warn => "warn",
        Status::Unknown => "unknown",
        Status::NotReached => "not_reached",
    }
}

fn source(source: Source) -> &'static str {
    match source {
        Source::Live => "live",
        Source::Cache => "cache",
    }
}
