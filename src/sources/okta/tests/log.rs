//! The System Log: what failed and was not made good, and when somebody was added.

use super::*;
use crate::diagnosis::facts::idp::{Trouble, TroubleAbout, TroubleKind};

const LOGS: &str = "GET /api/v1/logs";

fn event(published: &str, kind: &str, outcome: Value, target: Value) -> Value {
    json!({
        "published": published, "eventType": kind, "outcome": outcome, "target": target,
        "displayMessage": "What Okta shows", "severity": "WARN", "uuid": "0000", "version": "0",
        "actor": {"id": "0prsystem", "type": "SystemPrincipal", "alternateId": "system@okta.com", "detailEntry": null},
        "client": {"zone": null, "id": null, "geographicalContext": {"postalCode": 10013}},
        "transaction": {"type": "JOB", "detail": null}
    })
}

fn failure(reason: &str) -> Value {
    json!({"result": "FAILURE", "reason": reason})
}

fn success() -> Value {
    json!({"result": "SUCCESS", "reason": null})
}

fn target(kind: &str, id: &str, name: &str) -> Value {
    json!({"id": id, "type": kind, "alternateId": name, "displayName": name, "detailEntry": null})
}

fn on_dana() -> Value {
    json!([target("AppUser", "0ua5", "Dana@example.com"), target("AppInstance", "0oa1aws", "AWS"), null])
}

fn on_payments() -> Value {
    json!([target("AppInstance", "0oa1aws", "AWS"), target("UserGroup", "00g1payments", "unknown")])
}

async fn troubles(events: Value, subject: LogSubject<'_>) -> Vec<Trouble> {
    let org = Org::answering(&[(LOGS, &[ok(events)])]).await;
    let (since, now) = (at("2026-11-10T00:00:00Z"), at("2026-11-24T12:00:00.123456789Z"));
    let found = org.client().troubles(&aws(), subject, since, now).await.unwrap();
    let query = &org.arrived()[0].query;
    assert_eq!(query["since"], "2026-11-10T00:00:00.000Z");
    assert_eq!(query["until"], "2026-11-24T12:00:00.123Z");
    assert_eq!(query["sortOrder"], "DESCENDING");
    found
}

async fn troubles_of_dana(events: Value) -> Vec<Trouble> {
    troubles(events, LogSubject::Person(&dana())).await
}

async fn troubles_of_payments(events: Value) -> Vec<Trouble> {
    troubles(events, LogSubject::Membership { group: &payments(), member: &dana() }).await
}

const PUSH: &str = "application.provision.user.push";

#[tokio::test]
async fn failures_after_the_last_success_are_told_the_newest_first() {
    let reason = "Automatic provisioning failed: Unauthorized";
    let found = troubles_of_dana(json!([
        event("2026-11-20T10:00:00.000Z", PUSH, failure("older"), on_dana()),
        event("2026-11-22T10:00:00.000Z", PUSH, failure(reason), on_dana()),
        event("2026-11-19T10:00:00.000Z", PUSH, success(), on_dana()),
        event("2026-11-18T10:00:00.000Z", PUSH, failure("made good"), on_dana()),
    ]))
    .await;
    let newest = Trouble {
        about: TroubleAbout::Person,
        at: Some(at("2026-11-22T10:00:00Z")),
        kind: TroubleKind::CredentialRefused,
        code: PUSH.to_owned(),
        reason: Some(reason.to_owned()),
        advice: None,
    };
    assert_eq!(found.first(), Some(&newest));
    assert_eq!(
        found.iter().filter_map(|trouble| trouble.reason.as_deref()).collect::<Vec<_>>(),
        [reason, "older"]
    );
}

#[tokio::test]
async fn only_what_arrived_makes_a_failure_good() {
    let failed = event("2026-11-20T10:00:00Z", PUSH, failure("x"), on_dana());
    for (later, outcome, unresolved) in [
        ("application.provision.user.push_profile", success(), 1),
        ("application.provision.user.sync", success(), 1),
        ("app.user_management.push_new_user_success", success(), 1),
        ("application.user_membership.add", success(), 2),
        ("application.provision.user.verify_exists", success(), 2),
        (PUSH, json!({"result": "DEFERRED", "reason": null}), 2),
        (PUSH, json!({"result": "AN_OUTCOME_OF_TOMORROW"}), 2),
        (PUSH, json!(null), 2),
    ] {
        let later = event("2026-11-21T10:00:00Z", later, outcome, on_dana());
        let found = troubles_of_dana(json!([later, failed])).await;
        assert_eq!(found.len() + 1, unresolved, "{later}");
    }
}

#[tokio::test]
async fn an_event_is_told_of_whom_it_names() {
    let group_of = |person: &str| {
        json!([target("UserGroup", "00g1payments", "x"), target("User", person, "somebody@example.com")])
    };
    let add = "application.provision.group_membership.add";
    let update = "application.provision.group.update";
    let elsewhere =
        json!([target("User", "00u1dana", "dana@example.com"), target("AppInstance", "0oa7", "Other")]);
    let by_name = json!([target("AppGroup", "00g9", "AWS-Payments-ReadOnly")]);
    for (kind, targets, of_dana, of_payments) in [
        (PUSH, on_dana(), 1, 0),
        (PUSH, json!([target("User", "00u1dana", "x")]), 1, 0),
        (PUSH, json!([target("User", "00u2", "erin@example.com")]), 0, 0),
        (PUSH, elsewhere, 0, 0),
        (update, on_payments(), 0, 1),
        (update, by_name, 0, 1),
        (update, json!([target("UserGroup", "00g2", "AWS-Payments")]), 0, 0),
        (add, group_of("00u1dana"), 0, 1),
        (add, group_of("00u2"), 0, 0),
        (PUSH, json!([null, {"id": null, "type": null, "alternateId": null, "displayName": null}]), 0, 0),
        (PUSH, json!(null), 0, 0),
    ] {
        let events = json!([event("2026-11-20T10:00:00Z", kind, failure("x"), targets)]);
        assert_eq!(troubles_of_dana(events.clone()).await.len(), of_dana, "{events}");
        assert_eq!(troubles_of_payments(events.clone()).await.len(), of_payments, "{events}");
    }
}

#[tokio::test]
async fn a_groups_failures_are_told_until_it_is_pushed() {
    const FAILED: &str = "application.provision.group_push.mapping.update.or.delete.failed.with.error";
    let failed = event("2026-11-20T10:00:00Z", FAILED, json!(null), on_payments());
    let found = troubles_of_payments(json!([failed])).await;
    assert_eq!(found[0].about, TroubleAbout::Group(payments().id));
    assert_eq!(found[0].code, FAILED);
    assert_eq!(found[0].reason.as_deref(), Some("What Okta shows"));

    let pushed = "application.provision.group_push.push_memberships";
    let pushed = event("2026-11-21T10:00:00Z", pushed, success(), on_payments());
    assert!(troubles_of_payments(json!([pushed, failed])).await.is_empty());
}

#[tokio::test]
async fn other_events_mean_nothing_here() {
    let mut without_time = event("", PUSH, failure("x"), on_dana());
    without_time["published"] = json!(null);
    let found = troubles_of_dana(json!([
        event("2026-11-20T10:00:00Z", "user.session.start", failure("x"), on_dana()),
        event("2026-11-20T10:00:00Z", "application.provision.user.import", failure("x"), on_dana()),
        event("2026-11-20T10:00:00Z", "application.provision.user.deactivate", failure("x"), on_dana()),
        without_time,
        {"eventType": null, "published": "2026-11-20T10:00:00Z", "outcome": null, "target": null},
    ]))
    .await;
    assert_eq!(found, []);
}

#[tokio::test]
async fn the_kind_of_trouble_is_read_from_oktas_reason() {
    use TroubleKind::{Attribute, CredentialRefused, NameTaken, Other};
    for (reason, kind) in [
        ("Error while verifying if user exists: Unauthorized", CredentialRefused),
        ("Errors reported by remote server: expired password or invalid access token", CredentialRefused),
        ("The credentials used to connect to the API were invalid", CredentialRefused),
        ("Conflict. Errors reported by remote server: ", NameTaken),
        ("HTTP status 409", NameTaken),
        ("Refused to create a new, duplicate resource", NameTaken),
        ("Request is unparsable, syntactically incorrect, or violates schema", Attribute),
        ("No value for familyName", Attribute),
        ("attribute lastName is missing", Attribute),
        ("Linked group is missing in AWS IAM Identity Center", Other),
        ("request 4090 failed", Other),
        ("Bad Gateway", Other),
    ] {
        let found =
            troubles_of_dana(json!([event("2026-11-20T10:00:00Z", PUSH, failure(reason), on_dana())])).await;
        assert_eq!(found[0].kind, kind, "{reason}");
    }
    let duplicate = "application.provision.group_push.mapping.created.from.rule.warning.duplicate.name";
    let found =
        troubles_of_payments(json!([event("2026-11-20T10:00:00Z", duplicate, success(), on_payments())]))
            .await;
    assert_eq!(found[0].kind, NameTaken);
}

#[tokio::test]
async fn quotes_in_names_end_no_filter() {
    let org = Org::answering(&[(LOGS, &[ok(json!([]))])]).await;
    let group = IdpGroup { name: r#"x" or eventType sw ""#.to_owned(), ..payments() };
    let subject = LogSubject::Membership { group: &group, member: &dana() };
    let now = at("2026-11-24T12:00:00Z");
    org.client().troubles(&aws(), subject, at("2026-11-10T00:00:00Z"), now).await.unwrap();
    assert_eq!(
        org.arrived()[0].query["filter"],
        r#"eventType sw "app" and (target.id eq "00g1payments" or target.displayName eq "x\" or eventType sw \"")"#
    );
}

#[tokio::test]
async fn the_newest_addition_of_the_pair_counts() {
    const ADD: &str = "group.user_membership.add";
    let pair = |group: &str| {
        json!([target("User", "00u1dana", "dana@example.com"), target("UserGroup", group, "x")])
    };
    let events = json!([
        event("2026-11-23T10:00:00Z", ADD, success(), pair("00g2other")),
        event("2026-11-22T10:00:00Z", "group.user_membership.remove", success(), pair("00g1payments")),
        event("2026-11-21T10:00:00Z", ADD, failure("x"), pair("00g1payments")),
        event("2026-11-19T10:00:00Z", ADD, success(), pair("00g1payments")),
        event("2026-11-20T10:00:00.500Z", ADD, success(), pair("00g1payments")),
        event("2026-11-20T10:00:00Z", ADD, success(), json!(null)),
    ]);
    let org = Org::answering(&[(LOGS, &[ok(events), ok(json!([])), error(403, "E0000006")])]).await;
    let okta = org.client();
    let (since, now) = (at("2026-11-10T00:00:00Z"), at("2026-11-24T12:00:00Z"));
    let added = okta.added_at(&payments(), &dana(), since, now).await;
    assert_eq!(added, Ok(Some(at("2026-11-20T10:00:00.5Z"))));
    assert_eq!(
        org.arrived()[0].query["filter"],
        r#"eventType eq "group.user_membership.add" and target.id eq "00u1dana""#
    );
    assert_eq!(okta.added_at(&payments(), &dana(), since, now).await, Ok(None));
    let gap = okta.added_at(&payments(), &dana(), since, now).await.unwrap_err();
    assert_eq!((gap.kind, gap.operation.as_str()), (GapKind::Forbidden, "okta:logs"));
}
