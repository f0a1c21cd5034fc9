//! The System Log: windows, order, filters, and what the events say.

use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{Okta, quoted};
use crate::sandbox::company::Change;

const MONTH: &str = "since=2026-10-20T00:00:00Z&until=2026-11-23T14:12:00Z";

impl Okta {
    async fn events(&self, filter: &str) -> Vec<Value> {
        self.list(&format!("/api/v1/logs?{MONTH}&filter={}", quoted(filter))).await.0
    }
}

fn published(event: &Value) -> Timestamp {
    event["published"].as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_bounded_request_ends_and_is_in_the_order_that_was_asked_for() {
    let okta = Okta::start().await;
    let (up, _) = okta.list(&format!("/api/v1/logs?{MONTH}")).await;
    assert!(up.len() > 3 && up.is_sorted_by_key(published));
    let (mut down, _) = okta.list(&format!("/api/v1/logs?{MONTH}&sortOrder=DESCENDING")).await;
    down.reverse();
    assert_eq!(up, down);
    let (week, _) = okta.list("/api/v1/logs?until=2026-11-23T14:12:00Z").await;
    let since: Timestamp = "2026-11-16T14:12:00Z".parse().unwrap();
    let expected: Vec<_> = up.iter().filter(|event| published(event) >= since).cloned().collect();
    assert_eq!(week, expected);
    assert_eq!(okta.list("/api/v1/logs?sortOrder=DESCENDING").await.0.len(), week.len());
}

#[tokio::test]
async fn a_request_without_an_end_always_has_a_next_page_that_shows_what_is_new() {
    let okta = Okta::start().await;
    let mut next = Some("/api/v1/logs".to_owned());
    for _ in 0..100 {
        let answered = okta.get(&next.unwrap()).await;
        next = answered.next();
        assert!(next.is_some());
        if answered.json().as_array().unwrap().is_empty() {
            break;
        }
    }
    let next = next.unwrap();
    assert!(okta.read(&next).await.as_array().unwrap().is_empty());
    okta.wait(SignedDuration::from_mins(1));
    let change = Change::AddMemberAtIdp { group: "AWS-Ledger-ReadOnly".into(), person: "noah".into() };
    let now = (okta.sandbox.clock)();
    okta.sandbox.company().apply(&change, now).unwrap();
    let new = okta.read(&next).await;
    assert_eq!(new[0]["eventType"], "group.user_membership.add");
    assert_eq!(new.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_addition_names_the_person_and_the_group() {
    let okta = Okta::start().await;
    let (dana, group) = (okta.person("dana"), okta.group("AWS-Payments-ReadOnly"));
    let by_name = okta
        .events("eventType sw \"group.\" and (target.displayName eq \"AWS-Payments-ReadOnly\") and target.alternateId eq \"dana@example.com\"")
        .await;
    let found = okta
        .events(&format!(
            "eventType eq \"group.user_membership.add\" and target.id eq \"{}\" and target.id eq \"{}\"",
            dana.okta_id, group.okta_id
        ))
        .await;
    assert_eq!(found.len(), 1);
    assert_eq!(found, by_name);
    let kinds: Vec<_> = found[0]["target"].as_array().unwrap().iter().map(|target| &target["type"]).collect();
    assert_eq!(kinds, [&json!("User"), &json!("UserGroup")]);
    let since = {
        let company = okta.sandbox.company();
        let held = &company.idp.as_ref().unwrap().memberships;
        held.iter().find(|held| held.person == "dana" && held.group == group.key).unwrap().since
    };
    assert_eq!(published(&found[0]), since);
    assert_eq!(found[0]["outcome"], json!({"result": "SUCCESS", "reason": null}));
}

#[tokio::test]
async fn failures_are_told_with_their_reason() {
    let okta = Okta::start().await;
    let app = okta.app("").rsplit('/').next().unwrap().to_owned();
    let of = async |id: &str| {
        okta.events(&format!(
            "eventType sw \"application.provision\" and outcome.result eq \"FAILURE\" and target.id eq \"{id}\""
        ))
        .await
    };
    let all = of(&app).await;
    assert!(all.len() >= 2 && all.iter().all(|event| event["outcome"]["reason"].is_string()));
    let ivan = of(&okta.person("ivan").okta_id).await;
    assert_eq!(ivan[0]["eventType"], "application.provision.user.push");
    let genome = of(&okta.group("AWS-Genome-Researchers").okta_id).await;
    let kind = genome[0]["eventType"].as_str().unwrap();
    assert!(kind.ends_with("failed.with.error"), "{kind}");
    assert!(of(&okta.group("AWS-Payments-ReadOnly").okta_id).await.is_empty());
}

#[tokio::test]
async fn a_push_of_memberships_is_one_event_however_many_it_brings() {
    let okta = Okta::start().await;
    let group = okta.group("AWS-Ledger-ReadOnly");
    let now = (okta.sandbox.clock)();
    for person in ["noah", "theo"] {
        let change = Change::AddMemberAtIdp { group: group.key.clone(), person: person.into() };
        okta.sandbox.company().apply(&change, now).unwrap();
    }
    okta.wait(SignedDuration::from_mins(30));
    let filter = quoted(&format!("eventType co \"push_memberships\" and target.id eq \"{}\"", group.okta_id));
    let path = format!("/api/v1/logs?since=2026-11-23T14:12:00Z&until=2026-11-23T15:00:00Z&filter={filter}");
    assert_eq!(okta.list(&path).await.0.len(), 1);
}

#[tokio::test]
async fn a_mapping_that_was_switched_off_is_told() {
    let okta = Okta::start().await;
    let found = okta.events("eventType eq \"application.provision.group_push.deactivate_mapping\"").await;
    let inactive = okta.list(&okta.app("/group-push/mappings?status=INACTIVE")).await.0;
    let source = &inactive[0]["sourceGroupId"];
    let names =
        |event: &Value| event["target"].as_array().unwrap().iter().any(|target| target["id"] == *source);
    assert!(found.iter().any(names));
}

#[tokio::test]
async fn bad_times_and_orders_are_refused() {
    let okta = Okta::start().await;
    for query in ["since=yesterday", "until=2026-11-23", "sortOrder=NEWEST"] {
        let refused = okta.get(&format!("/api/v1/logs?{query}")).await;
        assert_eq!((refused.status, refused.code()), (StatusCode::BAD_REQUEST, "E0000001".into()), "{query}");
    }
    assert!(okta.list("/api/v1/logs?q=dana%20payments&until=2026-11-23T14:12:00Z").await.0.len() == 1);
}
