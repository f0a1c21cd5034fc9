//! The report of one diagnosis as JSON.

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::values::{gap_kind, source, utc, verdict};
use crate::diagnosis::facts::Gap;
use crate::diagnosis::steps::{Note, Step, StepReport};
use crate::diagnosis::{Diagnosis, Route, RouteState, StepGap, Via};
use crate::words::causes::explain;
use crate::words::evidence::evidence;
use crate::words::headline::headline;
use crate::words::idp::state_in_words;
use crate::words::next::next;
use crate::words::proof::{self, Proof, cycles, proof};
use crate::words::routes::route_in_words;
use crate::words::say::Whom;
use crate::words::step_lines::summary;

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

fn step(diagnosis: &Diagnosis, report: &StepReport, whom: &Whom) -> Value {
    let mut proofs = of_the_note(&report.note);
    let mut seen = Vec::new();
    if report.note == Note::TheFinding {
        proofs.extend(diagnosis.finding().into_iter().flat_map(|finding| explain(finding).proof()));
        let sentences = evidence(diagnosis, whom).into_iter();
        seen.extend(sentences.map(
            |sentence| json!({"label": "seen", "value": sentence.for_an_agent().plain(&TimeZone::UTC)}),
        ));
    }
    json!({
        "id": report.step.name(),
        "status": report.status.name(),
        "summary": summary(diagnosis, report, whom).for_an_agent().plain(&TimeZone::UTC),
        "evidence": proofs.into_iter().map(fact).chain(seen).collect::<Vec<_>>(),
        "as_of": report.as_of.map(utc),
        "source": report.source.map(source),
    })
}

fn fact(Proof { label, value }: Proof) -> Value {
    let value = match value {
        proof::Value::Text(text) => text,
        proof::Value::Time(time) => utc(time),
    };
    json!({"label": label, "value": value})
}

fn of_the_note(note: &Note) -> Vec<Proof> {
    match note {
        Note::GroupThere(group) | Note::NotIn(group) => {
            vec![proof("group", &group.name), proof("group id", &group.id.0)]
        }
        Note::MemberOf { group, since } => {
            let group = group.iter().map(|group| proof("group", &group.name));
            group.chain(since.map(|since| proof("member since", since))).collect()
        }
        Note::IdpMember { group, since } => {
            let since = since.map(|since| proof("member since", since));
            [proof("group", &group.name), proof("group id", &group.id.0)].into_iter().chain(since).collect()
        }
        Note::OnTheApplication { group, application } => {
            let application = application.iter().map(|name| proof("application", name));
            std::iter::once(proof("group", &group.name)).chain(application).collect()
        }
        Note::NotOnTheApplication(group) => {
            vec![proof("group", &group.name), proof("group id", &group.id.0)]
        }
        Note::Synchronization { state, last, next, .. } => {
            let state = proof("state", state_in_words(state));
            std::iter::once(state).chain(cycles(*last, *next)).collect()
        }
        Note::InGroups { count } | Note::InGroupsAtTheIdp { count } => {
            vec![proof("groups", &count.to_string())]
        }
        Note::Assigned { permission_set: Some(permission_set), .. } => {
            vec![proof("permission set", permission_set)]
        }
        Note::Unseen(Some(gap)) => {
            vec![proof("operation", &gap.operation), proof("answer", &gap.detail)]
        }
        _ => Vec::new(),
    }
}

fn route(route: &Route) -> Value {
    let (state, broken_at) = match &route.state {
        RouteState::Explained(_) if route.works() => ("works", None),
        RouteState::Explained(finding) => {
            let state = if route.is_not_entitled() { "not_entitled" } else { "broken" };
            (state, Some(finding.cause().step()))
        }
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
