//! Lists: complete in pages, their limits, and what may be searched.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use serde_json::Value;

use super::{Okta, quoted};

#[tokio::test]
async fn every_list_that_okta_pages_gives_all_entries_once_in_small_pages() {
    let okta = Okta::start().await;
    let (active, groups, copies, assigned, mapped, everyone) = {
        let company = okta.sandbox.company();
        let idp = company.idp.as_ref().unwrap();
        let mapped = idp.groups.iter().filter(|group| group.push_mapping.is_some());
        (
            idp.people.iter().filter(|person| person.enabled).count(),
            idp.groups.len(),
            mapped.clone().filter(|group| group.push_mapping.as_ref().unwrap().last_push.is_some()).count(),
            idp.people.iter().filter(|person| person.enabled && person.app_user.is_some()).count(),
            mapped.count(),
            idp.members_of("AWS-Everyone").len(),
        )
    };
    let everyone_id = okta.group("AWS-Everyone").okta_id;
    for (path, total) in [
        ("/api/v1/users".to_owned(), active),
        ("/api/v1/groups".to_owned(), groups + copies),
        (format!("/api/v1/groups/{everyone_id}/users"), everyone),
        ("/api/v1/apps".to_owned(), 4),
        (okta.app("/users"), assigned),
        (okta.app("/group-push/mappings"), mapped),
        (format!("/api/v1/logs?until={}", quoted("2026-11-23T14:12:00Z")), 0),
    ] {
        let (entries, sizes) = okta.list(&path).await;
        let distinct: BTreeSet<_> = entries.iter().map(Value::to_string).collect();
        assert_eq!(entries.len(), distinct.len(), "{path}");
        assert!(total == 0 || entries.len() == total, "{path}: {}", entries.len());
        let most = if path.ends_with("/mappings") { 5 } else { 3 };
        assert!(sizes.len() > 1 && sizes.iter().all(|size| *size <= most), "{path}: {sizes:?}");
        let mark = if path.contains('?') { '&' } else { '?' };
        let (again, sizes) = okta.list(&format!("{path}{mark}limit=2")).await;
        assert_eq!(again, entries, "{path}");
        assert_eq!(sizes[0], 2, "{path}");
    }
}

#[tokio::test]
async fn the_groups_of_a_person_come_without_pages() {
    let okta = Okta::start().await;
    let nadia = okta.person("nadia");
    let answered = okta.get(&format!("/api/v1/users/{}/groups", nadia.okta_id)).await;
    let total = okta.sandbox.company().idp.as_ref().unwrap().direct_groups_of("nadia").len();
    assert!(total > 3);
    assert_eq!(answered.json().as_array().unwrap().len(), total);
    assert_eq!(answered.next(), None);
}

#[tokio::test]
async fn a_next_link_leads_where_the_client_came_from_and_keeps_what_was_asked() {
    let okta = Okta::start().await;
    let path = format!("/api/v1/groups?search={}", quoted("profile.name sw \"AWS-\""));
    let next = okta.get(&path).await.next().unwrap();
    assert!(next.starts_with(&format!("{}/api/v1/groups?search=", okta.url)), "{next}");
    let request = okta.http.get(format!("{}{path}", okta.url));
    let request = request.header("authorization", &okta.authorization).header("host", "okta.example");
    let links = request.send().await.unwrap().headers().get_all("link").iter().count();
    assert_eq!(links, 2);
    let (entries, _) = okta.list(&path).await;
    let names = entries.iter().map(|group| group["profile"]["name"].as_str().unwrap());
    assert!(names.clone().count() > 3 && names.clone().all(|name| name.to_lowercase().starts_with("aws-")));
}

#[tokio::test]
async fn a_cursor_is_good_for_its_own_list_only() {
    let okta = Okta::start().await;
    let next = okta.get("/api/v1/users").await.next().unwrap();
    let elsewhere = okta.get(&next.replace("/users?", "/groups?")).await;
    assert_eq!((elsewhere.status, elsewhere.code()), (StatusCode::BAD_REQUEST, "E0000001".into()));
}

#[tokio::test]
async fn limits_are_those_of_the_operation() {
    let okta = Okta::start().await;
    for (path, least, most) in [
        ("/api/v1/users".to_owned(), 1, 200),
        ("/api/v1/groups".to_owned(), 1, 10_000),
        ("/api/v1/apps".to_owned(), 1, 200),
        (okta.app("/groups"), 20, 200),
        (okta.app("/users"), 1, 500),
        (okta.app("/group-push/mappings"), 1, 1000),
        ("/api/v1/logs".to_owned(), 0, 1000),
    ] {
        let status = async |limit: i64| okta.get(&format!("{path}?limit={limit}")).await.status;
        assert_eq!(status(least - 1).await, StatusCode::BAD_REQUEST, "{path}");
        assert_eq!(status(most + 1).await, StatusCode::BAD_REQUEST, "{path}");
        assert_eq!(status(least).await, StatusCode::OK, "{path}");
        assert_eq!(status(most).await, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn people_are_searched_without_regard_to_case_and_filtered_to_the_letter() {
    let okta = Okta::start().await;
    let count = async |parameter: &str, expression: &str| {
        okta.list(&format!("/api/v1/users?{parameter}={}", quoted(expression))).await.0.len()
    };
    assert_eq!(count("search", "profile.email eq \"DANA@example.com\"").await, 1);
    assert_eq!(count("search", "profile.login EQ \"dana@example.com\"").await, 1);
    assert_eq!(count("filter", "profile.email eq \"dana@example.com\"").await, 1);
    assert_eq!(count("filter", "profile.email eq \"DANA@example.com\"").await, 0);
    let either = "profile.login eq \"dana@example.com\" or (profile.login eq \"theo@example.com\" and status eq \"ACTIVE\")";
    assert_eq!(count("search", either).await, 2);
    assert_eq!(count("search", "profile.login eq \"nobody \\\"at\\\" all\"").await, 0);
    assert_eq!(okta.read("/api/v1/users?q=dana").await.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn only_the_plain_list_leaves_out_whom_okta_deactivated() {
    let okta = Okta::start().await;
    let gone = {
        let company = okta.sandbox.company();
        let idp = company.idp.as_ref().unwrap();
        idp.people.iter().find(|person| !person.enabled).unwrap().clone()
    };
    let has = |users: &[Value]| users.iter().any(|user| user["id"] == gone.okta_id);
    assert!(!has(&okta.list("/api/v1/users").await.0));
    assert!(!has(okta
        .read(&format!("/api/v1/users?q={}", gone.given_name.unwrap()))
        .await
        .as_array()
        .unwrap()));
    for parameter in ["search", "filter"] {
        let expression = quoted(&format!("profile.login eq \"{}\"", gone.user_name));
        let (found, _) = okta.list(&format!("/api/v1/users?{parameter}={expression}")).await;
        assert!(has(&found));
        assert_eq!(found[0]["status"], "DEPROVISIONED");
    }
    let assignment = okta.get(&okta.app(&format!("/users/{}", gone.okta_id))).await;
    assert_eq!(assignment.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_cannot_be_searched_is_refused_and_never_passed_over() {
    let okta = Okta::start().await;
    for (path, parameter, expression) in [
        ("/api/v1/users", "search", "profile.email"),
        ("/api/v1/users", "search", "profile.email eq dana@example.com"),
        ("/api/v1/users", "search", "profile.email eq \"dana@example.com"),
        ("/api/v1/users", "search", "profile.email ne \"dana@example.com\""),
        ("/api/v1/users", "search", "profile.mail eq \"dana@example.com\""),
        ("/api/v1/users", "search", "Profile.email eq \"dana@example.com\""),
        ("/api/v1/users", "search", "profile.displayName co \"dana\""),
        ("/api/v1/users", "filter", "profile.email sw \"dana\""),
        ("/api/v1/users", "filter", "profile.email eq \"a\" and"),
        ("/api/v1/users", "filter", "(profile.email eq \"a\""),
        ("/api/v1/users", "filter", "profile.email eq \"a\")"),
        ("/api/v1/groups", "search", "name eq \"AWS-Everyone\""),
        ("/api/v1/groups", "filter", "profile.name eq \"AWS-Everyone\""),
        ("/api/v1/apps", "filter", "label eq \"AWS IAM Identity Center\""),
        ("/api/v1/apps", "filter", "name sw \"amazon\""),
        ("/api/v1/logs", "filter", "eventType pr"),
        ("/api/v1/logs", "filter", "not (eventType eq \"a\")"),
        ("/api/v1/logs", "filter", "published gt \"2026-11-22T00:00:00Z\""),
    ] {
        let answered = okta.get(&format!("{path}?{parameter}={}", quoted(expression))).await;
        assert_eq!(answered.status, StatusCode::BAD_REQUEST, "{path} {expression}");
        assert_eq!(answered.code(), "E0000031", "{path} {expression}");
    }
}
