//! Provision on demand: what it brings over, and how it tells of that.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Graph, code};

fn body(graph: &Graph, subject: Value) -> Value {
    let rule_id = graph.sandbox.company().idp.as_ref().unwrap().job.as_ref().unwrap().rule_id.clone();
    json!({"parameters": [{"ruleId": rule_id, "subjects": [subject]}]})
}

fn group_with(graph: &Graph, group: &str, people: &[&str]) -> Value {
    let member = |person: &&str| json!({"objectId": graph.user(person), "objectTypeName": "User"});
    let members: Vec<Value> = people.iter().map(member).collect();
    json!({"objectId": graph.group(group), "objectTypeName": "Group", "links": {"members": members}})
}

async fn provision(graph: &Graph, subject: Value) -> (StatusCode, Value) {
    graph.post(&format!("{}/provisionOnDemand", graph.job()), body(graph, subject)).await
}

fn inside(answer: &Value, member: &str) -> Value {
    serde_json::from_str(answer[member].as_str().unwrap()).unwrap()
}

fn is_in_aws(graph: &Graph, group: &str, person: &str) -> bool {
    let company = graph.sandbox.company();
    let idp = company.idp.as_ref().unwrap();
    let group = company.group_of_external_id(idp.external_id_of(idp.group(group).unwrap()));
    let (Some(group), Some(user)) = (group, company.user_id(person)) else { return false };
    company.group_ids_of(user).contains(&group.id.as_str())
}

#[tokio::test]
async fn a_group_with_a_member_is_brought_over_and_then_is_redundant() {
    let graph = Graph::start("company").await;
    assert!(!is_in_aws(&graph, "AWS-Robotics-Engineers", "milo"));
    let subject = group_with(&graph, "AWS-Robotics-Engineers", &["milo"]);
    let (status, answer) = provision(&graph, subject.clone()).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(inside(&answer, "key"), json!({"result": "Success", "details": {}}));
    let value = inside(&answer, "value");
    assert_eq!(value["statusInfo"]["status"], "Success");
    let kinds: Vec<&str> = value["provisioningSteps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["type"].as_str().unwrap())
        .collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == "Export").count(), 3);
    assert_eq!(kinds[0], "Import");
    assert!(is_in_aws(&graph, "AWS-Robotics-Engineers", "milo"));

    let (_, again) = provision(&graph, subject).await;
    assert_eq!(inside(&again, "key")["details"]["errorCode"], "RedundantExport");
    assert_eq!(inside(&again, "key")["result"], "Skipped");
}

#[tokio::test]
async fn a_person_is_told_of_in_the_other_shape() {
    let graph = Graph::start("company").await;
    let subject = json!({"objectId": graph.user("yuki"), "objectTypeName": "User"});
    let (status, answer) = provision(&graph, subject).await;
    assert_eq!(status, StatusCode::OK);
    assert!(answer["key"].as_str().unwrap().ends_with(".StatusInfo"));
    assert_eq!(inside(&answer, "value")[0]["statusInfo"]["status"], "Success");
    assert!(graph.sandbox.company().user_id("yuki").is_some());
}

#[tokio::test]
async fn what_prevents_it_is_told() {
    let graph = Graph::start("company").await;
    for (group, person, result, code) in [
        ("AWS-Website-Developers", "ivan", "Failure", "MandatoryFieldsMissing"),
        (
            "AWS-Genome-Researchers",
            "rosalind",
            "Failure",
            "SystemForCrossDomainIdentityManagementServiceIncompatible",
        ),
        ("AWS-Fleet-Managers", "olga", "Skipped", "NotEffectivelyEntitled"),
        ("AWS-Tools-Users", "nils", "Skipped", "NotEffectivelyEntitled"),
    ] {
        let (status, answer) = provision(&graph, group_with(&graph, group, &[person])).await;
        let key = inside(&answer, "key");
        assert_eq!(status, StatusCode::OK, "{person}");
        assert_eq!(
            (&key["result"], &key["details"]["errorCode"]),
            (&json!(result), &json!(code)),
            "{person}"
        );
        assert!(!is_in_aws(&graph, group, person), "{person}");
    }
    let graph = Graph::start("quarantine").await;
    let (_, answer) = provision(&graph, group_with(&graph, "AWS-Payments-ReadOnly", &["dana"])).await;
    assert_eq!(inside(&answer, "key")["details"]["errorCode"], "Unauthorized");
}

#[tokio::test]
async fn what_is_not_asked_for_as_documented_is_refused() {
    let graph = Graph::start("company").await;
    let good = group_with(&graph, "AWS-Robotics-Engineers", &["milo"]);
    let path = format!("{}/provisionOnDemand", graph.job());
    let mut wrong_rule = body(&graph, good.clone());
    wrong_rule["parameters"][0]["ruleId"] = json!("another");
    let mut two = body(&graph, good.clone());
    two["parameters"][0]["subjects"] = json!([good, good]);
    let six =
        body(&graph, group_with(&graph, "AWS-Everyone", &["dana", "theo", "bo", "sam", "femi", "milo"]));
    let none = body(&graph, group_with(&graph, "AWS-Everyone", &[]));
    let device = body(&graph, json!({"objectId": graph.user("dana"), "objectTypeName": "Device"}));
    for wrong in [json!({}), json!({"parameters": []}), wrong_rule, two, six, none, device] {
        assert_eq!(code(&graph.post(&path, wrong.clone()).await), (400, "BadRequest"), "{wrong}");
    }
    let nobody = json!({"objectId": graph.group("AWS-Everyone"), "objectTypeName": "User"});
    assert_eq!(code(&provision(&graph, nobody).await), (404, "Request_ResourceNotFound"));
    assert!(!is_in_aws(&graph, "AWS-Robotics-Engineers", "milo"));
}
