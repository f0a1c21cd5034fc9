//! Group push mappings: what is changed there happens in the company.

use axum::http::{Method, StatusCode};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::Okta;

impl Okta {
    fn mapping(&self, group: &str) -> String {
        let id = self.group(group).push_mapping.unwrap().id;
        self.app(&format!("/group-push/mappings/{id}"))
    }

    async fn set_status(&self, group: &str, status: &str) -> Value {
        let answered = self.send(Method::PATCH, &self.mapping(group), Some(json!({"status": status}))).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.text);
        answered.json()
    }

    fn is_in_aws(&self, person: &str, group: &str) -> bool {
        let company = self.sandbox.company();
        let external_id = self.external_id(&company, group);
        let group_id = company.group_of_external_id(&external_id).map(|group| group.id.as_str());
        let user_id = company.user_id(person);
        user_id.is_some_and(|user_id| {
            group_id.is_some_and(|group_id| company.group_ids_of(user_id).contains(&group_id))
        })
    }

    fn external_id(&self, company: &crate::sandbox::company::Company, group: &str) -> String {
        company.idp.as_ref().unwrap().group(group).unwrap().okta_app_group_id.clone()
    }
}

#[tokio::test]
async fn mappings_are_found_by_source_group_and_by_status() {
    let okta = Okta::start().await;
    let group = okta.group("AWS-Payments-ReadOnly");
    let path = okta.app(&format!("/group-push/mappings?sourceGroupId={}", group.okta_id));
    let (found, _) = okta.list(&path).await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["targetGroupId"], json!(group.okta_app_group_id));
    assert_eq!((&found[0]["status"], &found[0]["errorSummary"]), (&json!("ACTIVE"), &json!("")));
    let mut seen = 0;
    for status in ["ACTIVE", "INACTIVE", "ERROR"] {
        let (found, _) = okta.list(&okta.app(&format!("/group-push/mappings?status={status}"))).await;
        assert!(!found.is_empty() && found.iter().all(|mapping| mapping["status"] == status), "{status}");
        seen += found.len();
    }
    assert_eq!(okta.list(&okta.app("/group-push/mappings")).await.0.len(), seen);
    let recent = okta.app("/group-push/mappings?lastUpdated=2026-11-01T00:00:00Z");
    assert!(okta.list(&recent).await.0.len() < seen);
    let unknown = okta.get(&okta.app("/group-push/mappings?status=PUSHING")).await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn inactive_then_active_pushes_whom_the_push_had_missed() {
    let okta = Okta::start().await;
    let group = "AWS-Robotics-Engineers";
    assert!(!okta.is_in_aws("milo", group));
    let unchanged = okta.set_status(group, "ACTIVE").await;
    assert!(!okta.is_in_aws("milo", group), "an active mapping pushes nothing when it is made active");
    assert_ne!(unchanged["lastPush"], "2026-11-23T14:12:00Z");
    assert_eq!(okta.set_status(group, "INACTIVE").await["status"], "INACTIVE");
    let pushed = okta.set_status(group, "ACTIVE").await;
    assert_eq!((&pushed["status"], &pushed["lastPush"]), (&json!("ACTIVE"), &json!("2026-11-23T14:12:00Z")));
    assert!(okta.is_in_aws("milo", group));
}

#[tokio::test]
async fn a_push_that_aws_refuses_leaves_the_mapping_in_error() {
    let okta = Okta::start().await;
    okta.set_status("AWS-Genome-Researchers", "INACTIVE").await;
    let mapping = okta.set_status("AWS-Genome-Researchers", "ACTIVE").await;
    assert_eq!(mapping["status"], "ERROR");
    assert!(!mapping["errorSummary"].as_str().unwrap().is_empty());
}

#[tokio::test]
async fn only_active_and_inactive_can_be_set() {
    let okta = Okta::start().await;
    for body in [json!({"status": "ERROR"}), json!({"status": "active"}), json!({}), json!([])] {
        let refused = okta.send(Method::PATCH, &okta.mapping("AWS-Payments-ReadOnly"), Some(body)).await;
        assert_eq!((refused.status, refused.code()), (StatusCode::BAD_REQUEST, "E0000001".into()));
    }
}

#[tokio::test]
async fn a_group_without_a_mapping_gets_one_and_is_pushed() {
    let okta = Okta::start().await;
    let group = {
        let company = okta.sandbox.company();
        let groups = &company.idp.as_ref().unwrap().groups;
        groups.iter().find(|group| group.push_mapping.is_none()).unwrap().clone()
    };
    let path = okta.app("/group-push/mappings");
    let create = async |body: Value| okta.send(Method::POST, &path, Some(body)).await;
    for body in [
        json!({"sourceGroupId": group.okta_id}),
        json!({"sourceGroupId": group.okta_id, "targetGroupName": "Another name"}),
        json!({"targetGroupName": group.name}),
    ] {
        assert_eq!(create(body.clone()).await.status, StatusCode::BAD_REQUEST, "{body}");
    }
    let body = json!({"sourceGroupId": group.okta_id, "targetGroupName": group.name});
    let created = create(body.clone()).await;
    assert_eq!(created.status, StatusCode::CREATED, "{}", created.text);
    assert_eq!(created.json()["lastPush"], Value::Null);
    assert_eq!(create(body).await.code(), "E0000001");
    okta.wait(SignedDuration::from_mins(31));
    let company = okta.sandbox.company();
    assert!(company.group_of_external_id(&group.okta_app_group_id).is_some());
}

#[tokio::test]
async fn only_an_inactive_mapping_can_be_deleted() {
    let okta = Okta::start().await;
    let group = okta.group("AWS-Payments-ReadOnly");
    let mapping = okta.mapping("AWS-Payments-ReadOnly");
    let delete = async |target: &str| {
        okta.send(Method::DELETE, &format!("{mapping}?deleteTargetGroup={target}"), None).await.status
    };
    assert_eq!(delete("false").await, StatusCode::BAD_REQUEST);
    okta.set_status("AWS-Payments-ReadOnly", "INACTIVE").await;
    assert_eq!(delete("maybe").await, StatusCode::BAD_REQUEST);
    assert_eq!(delete("true").await, StatusCode::NO_CONTENT);
    assert_eq!(okta.get(&mapping).await.status, StatusCode::NOT_FOUND);
    let company = okta.sandbox.company();
    assert!(company.group_of_external_id(&group.okta_app_group_id).is_none());
}
