//! What the operations answer.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Okta, quoted};
use crate::sandbox::okta::OPERATIONS;

#[tokio::test]
async fn a_person_is_found_by_id_and_by_login() {
    let okta = Okta::start().await;
    let dana = okta.person("dana");
    let by_id = okta.read(&format!("/api/v1/users/{}", dana.okta_id)).await;
    let by_login = okta.read("/api/v1/users/DANA%40example.com").await;
    assert_eq!(by_id, by_login);
    assert_eq!(by_id["profile"]["email"], "dana@example.com");
    assert_eq!(by_id["lastLogin"], Value::Null);
    let ivan = okta.read(&format!("/api/v1/users/{}", okta.person("ivan").okta_id)).await;
    assert_eq!(ivan["profile"].get("lastName"), Some(&Value::Null));
}

#[tokio::test]
async fn a_pushed_group_has_a_copy_of_the_same_name_without_members() {
    let okta = Okta::start().await;
    let group = okta.group("AWS-Payments-ReadOnly");
    let search = quoted("profile.name eq \"AWS-Payments-ReadOnly\"");
    let (found, _) = okta.list(&format!("/api/v1/groups?search={search}")).await;
    let kinds: Vec<_> = found.iter().map(|group| (&group["id"], &group["type"])).collect();
    assert_eq!(
        kinds,
        [
            (&json!(group.okta_id), &json!("OKTA_GROUP")),
            (&json!(group.okta_app_group_id), &json!("APP_GROUP")),
        ]
    );
    let copy = okta.read(&format!("/api/v1/groups/{}", group.okta_app_group_id)).await;
    assert!(copy["_links"]["source"]["href"].as_str().unwrap().ends_with(&okta.app("")));
    let members = okta.list(&format!("/api/v1/groups/{}/users", group.okta_app_group_id)).await.0;
    assert!(members.is_empty());
    let unpushed = okta
        .sandbox
        .company()
        .idp
        .as_ref()
        .unwrap()
        .groups
        .iter()
        .find_map(|group| group.push_mapping.is_none().then(|| group.okta_app_group_id.clone()));
    let unpushed = okta.get(&format!("/api/v1/groups/{}", unpushed.unwrap())).await;
    assert_eq!(unpushed.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn owners_of_a_group_are_named() {
    let okta = Okta::start().await;
    let owned = {
        let company = okta.sandbox.company();
        let groups = &company.idp.as_ref().unwrap().groups;
        groups.iter().find(|group| !group.owners.is_empty()).unwrap().clone()
    };
    let (owners, _) = okta.list(&format!("/api/v1/groups/{}/owners", owned.okta_id)).await;
    let owner = okta.person(&owned.owners[0]);
    assert_eq!(owners[0]["id"], json!(owner.okta_id));
    assert_eq!((&owners[0]["type"], &owners[0]["resolved"]), (&json!("USER"), &json!(true)));
    let nobody = okta.group("AWS-Payments-ReadOnly");
    let expected: Vec<String> = nobody.owners;
    let (owners, _) = okta.list(&format!("/api/v1/groups/{}/owners", nobody.okta_id)).await;
    assert_eq!(owners.len(), expected.len());
}

#[tokio::test]
async fn the_application_is_found_by_its_name_and_sends_people_and_groups() {
    let okta = Okta::start().await;
    let path = format!("/api/v1/apps?filter={}", quoted("name eq \"amazon_aws_sso\""));
    let (found, _) = okta.list(&path).await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0], okta.read(&okta.app("")).await);
    let features = found[0]["features"].as_array().unwrap();
    assert!(["GROUP_PUSH", "PUSH_NEW_USERS"].iter().all(|feature| features.contains(&json!(feature))));
    assert_eq!(found[0]["accessibility"]["errorRedirectUrl"], Value::Null);
    let features = okta.read(&okta.app("/features")).await;
    assert_eq!(features[0]["capabilities"]["create"]["lifecycleCreate"]["status"], "ENABLED");
    assert_eq!(okta.read(&okta.app("/connections/default")).await["status"], "ENABLED");
    assert_eq!(okta.list("/api/v1/apps?q=okta").await.0.len(), 3);
}

#[tokio::test]
async fn an_assignment_says_how_far_provisioning_came() {
    let okta = Okta::start().await;
    let of = async |key: &str| okta.get(&okta.app(&format!("/users/{}", okta.person(key).okta_id))).await;
    let dana = of("dana").await.json();
    let users_id = okta.sandbox.company().user_id("dana").unwrap().to_owned();
    assert_eq!((&dana["status"], &dana["externalId"]), (&json!("PROVISIONED"), &json!(users_id)));
    assert_eq!(dana["syncState"], "SYNCHRONIZED");
    let yuki = of("yuki").await.json();
    assert_eq!((&yuki["status"], &yuki["externalId"]), (&json!("STAGED"), &Value::Null));
    assert_ne!(yuki["syncState"], "ERROR");
    let ivan = of("ivan").await.json();
    assert_eq!((&ivan["status"], &ivan["syncState"]), (&json!("STAGED"), &json!("ERROR")));
    let ayo = of("ayo").await;
    assert_eq!((ayo.status, ayo.code()), (StatusCode::NOT_FOUND, "E0000007".into()));
}

#[tokio::test]
async fn every_operation_is_counted_under_its_name() {
    let okta = Okta::start().await;
    let dana = okta.person("dana").okta_id;
    let group = okta.group("AWS-Payments-ReadOnly").okta_id;
    for path in [
        "/api/v1/users".to_owned(),
        format!("/api/v1/users/{dana}/groups"),
        "/api/v1/groups".to_owned(),
        format!("/api/v1/groups/{group}/users"),
        format!("/api/v1/groups/{group}/apps"),
        format!("/api/v1/groups/{group}/owners"),
        "/api/v1/groups/rules".to_owned(),
        "/api/v1/apps".to_owned(),
        okta.app("/groups"),
        okta.app(&format!("/users/{dana}")),
        okta.app("/group-push/mappings"),
        okta.app("/features"),
        okta.app("/connections/default"),
        "/api/v1/logs".to_owned(),
    ] {
        okta.read(&path).await;
    }
    okta.send(axum::http::Method::POST, "/oauth2/v1/token", None).await;
    let counted = okta.sandbox.calls.counts();
    let mut expected = OPERATIONS.map(str::to_owned);
    expected.sort();
    assert_eq!(counted.keys().cloned().collect::<Vec<_>>(), expected);
    assert!(counted.values().all(|count| *count == 1));
}
