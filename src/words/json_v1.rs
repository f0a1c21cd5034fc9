//! The JSON report, version 1: a frozen outside format. Fields may be added; none changes its meaning.
//! [`digest`] is the digest's.

pub mod digest;
pub mod doctor;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::at_the_idp::{state_in_words, stopped_in_words};
use super::evidence::evidence;
use super::headline::headline;
use super::next::next;
use super::say::Whom;
use super::step_lines::{route_in_words, summary};
use crate::diagnosis::causes::{Finding, IdpFinding};
use crate::diagnosis::facts::{Gap, GapKind, Source};
use crate::diagnosis::routes::{Break, Route, RouteState, Via};
use crate::diagnosis::steps::{Note, Step, StepReport};
use crate::diagnosis::{Diagnosis, Outcome, StepGap, Verdict};

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
            "idp_user_id": diagnosis.idp_person.as_ref().map(|person| &person.id.0),
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
            "summary": next.step.for_an_agent().plain(&TimeZone::UTC),
            "actions": next.actions.iter().map(|action| json!({
                "label": action.label, "url": action.url, "command": action.command,
            })).collect::<Vec<_>>(),
            "retry_at": next.retry_at.map(utc),
        },
        "routes": diagnosis.routes.iter().map(route).collect::<Vec<_>>(),
        "gaps": diagnosis.gaps.iter().map(gap).collect::<Vec<_>>(),
    })
}

/// The same with the reference that the log of its making has, too.
pub fn report_of(diagnosis: &Diagnosis, reference: &str) -> Value {
    let mut told = report(diagnosis);
    told["reference"] = json!(reference);
    told
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
        proof.extend(proof_of_the_finding(diagnosis));
        let sentences = evidence(diagnosis, whom).into_iter();
        proof.extend(sentences.map(
            |sentence| json!({"label": "seen", "value": sentence.for_an_agent().plain(&TimeZone::UTC)}),
        ));
    }
    json!({
        "id": report.step.name(),
        "status": report.status.name(),
        "summary": summary(diagnosis, report).for_an_agent().plain(&TimeZone::UTC),
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
        Note::IdpMember { group, since } => {
            let since = since.iter().map(|since| fact("member since", utc(*since)));
            [fact("group", group.name.clone()), fact("group id", group.id.0.clone())]
                .into_iter()
                .chain(since)
                .collect()
        }
        Note::OnTheApplication { group, application } => {
            let application = application.iter().map(|name| fact("application", name.clone()));
            std::iter::once(fact("group", group.name.clone())).chain(application).collect()
        }
        Note::Synchronization { state, last, next, .. } => {
            let state = fact("state", state_in_words(state).to_owned());
            std::iter::once(state).chain(cycles(*last, *next)).collect()
        }
        Note::InGroups { count } | Note::InGroupsAtTheIdp { count } => {
            vec![fact("groups", count.to_string())]
        }
        Note::Assigned { permission_set: Some(permission_set), .. } => {
            vec![fact("permission set", permission_set.clone())]
        }
        Note::Unseen(Some(gap)) => {
            vec![fact("operation", gap.operation.clone()), fact("answer", gap.detail.clone())]
        }
        _ => Vec::new(),
    }
}

fn proof_of_the_finding(diagnosis: &Diagnosis) -> Vec<Value> {
    let Outcome::Explained(Finding::AtTheIdp(finding)) = &diagnosis.outcome else {
        return Vec::new();
    };
    let fact = |label: &str, value: &str| json!({"label": label, "value": value});
    match finding.as_ref() {
        IdpFinding::SyncPending(pending) => {
            let added = pending.added_at.map(|at| fact("added", &utc(at)));
            let group = fact("group", &pending.group.name);
            std::iter::once(group).chain(added).chain(cycles(pending.last_sent, pending.next_due)).collect()
        }
        IdpFinding::MembershipMissed(missed) => {
            let added = missed.added_at.map(|at| fact("added", &utc(at)));
            let group = fact("group", &missed.group.name);
            std::iter::once(group).chain(added).chain(cycles(missed.last_sent, None)).collect()
        }
        IdpFinding::SyncError(failed) => {
            let reason = failed.trouble.reason.as_ref().map(|reason| fact("reason", reason));
            let at = failed.trouble.at.map(|at| fact("at", &utc(at)));
            let what = [fact("group", &failed.group.name), fact("code", &failed.trouble.code)];
            what.into_iter().chain(at).chain(reason).collect()
        }
        IdpFinding::SyncStopped(stopped) => {
            vec![fact("group", &stopped.group.name), fact("state", stopped_in_words(&stopped.why))]
        }
        IdpFinding::NotInGroup { openings, owners, .. } => {
            let groups = openings.iter().map(|opening| fact("group", &opening.group.name));
            groups.chain(owners.iter().map(|owner| fact("owner", &owner.name))).collect()
        }
        IdpFinding::GroupNotAssignedToApp { group } | IdpFinding::UserNotAssignedToApp { group } => {
            vec![fact("group", &group.name), fact("group id", &group.id.0)]
        }
        IdpFinding::NestedMembership { outer, inner } => {
            let inner = inner.as_ref().map(|inner| fact("inner group", &inner.name));
            std::iter::once(fact("group", &outer.name)).chain(inner).collect()
        }
        IdpFinding::UserDisabledInIdp { status } => {
            status.iter().map(|status| fact("status", status)).collect()
        }
        IdpFinding::UserNotInIdp => Vec::new(),
    }
}

/// When the last cycle was completed and when the next is due.
fn cycles(last: Option<Timestamp>, next: Option<Timestamp>) -> impl Iterator<Item = Value> {
    let last = last.map(|at| json!({"label": "last cycle", "value": utc(at)}));
    let next = next.map(|at| json!({"label": "next cycle", "value": utc(at)}));
    last.into_iter().chain(next)
}

fn route(route: &Route) -> Value {
    let (state, broken_at) = match &route.state {
        RouteState::Works { .. } => ("works", None),
        RouteState::Broken(broken @ Break::NotInIdpGroup) => ("not_entitled", Some(broken.step())),
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
        "opens_accounts": route.opens_accounts,
    })
}

fn gap(StepGap { step, gap: Gap { kind, operation, detail } }: &StepGap) -> Value {
    json!({"step": step.name(), "kind": gap_kind(*kind), "operation": operation, "detail": detail})
}

fn gap_kind(kind: GapKind) -> &'static str {
    match kind {
        GapKind::NotConfigured => "not_configured",
        GapKind::Forbidden => "forbidden",
        GapKind::Throttled => "throttled",
        GapKind::Timeout => "timeout",
        GapKind::Error => "error",
    }
}

fn source(source: Source) -> &'static str {
    match source {
        Source::Live => "live",
        Source::Cache => "cache",
    }
}
