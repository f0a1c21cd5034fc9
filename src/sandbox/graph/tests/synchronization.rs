//! The job in each of its states, and its schema.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Graph, code, is_null};
use crate::sandbox::graph::GRAPH_TOKEN;
use crate::sandbox::idp::sync::{JobState, SyncJob};

fn change_job(graph: &Graph, change: impl FnOnce(&mut SyncJob)) {
    change(graph.sandbox.company().idp.as_mut().unwrap().job.as_mut().unwrap());
}

async fn job(graph: &Graph) -> Value {
    let listed = graph.good(&format!("{}/synchronization/jobs", graph.application())).await;
    let mut alone = graph.good(&graph.job()).await;
    alone.as_object_mut().unwrap().remove("@odata.context");
    assert_eq!(listed["value"], json!([alone]));
    alone
}

#[tokio::test]
async fn a_healthy_job_says_when_it_last_ran() {
    let graph = Graph::start("company").await;
    let before = job(&graph).await;
    assert_eq!(before["schedule"], json!({"state": "Active", "interval": "PT40M", "expiration": null}));
    let status = &before["status"];
    assert_eq!((&status["code"], &status["progress"]), (&json!("Active"), &json!([])));
    assert!(is_null(&status["quarantine"]) && is_null(&status["lastExecution"]["error"]));
    assert_eq!(status["lastExecution"]["timeBegan"], "2026-11-23T13:56:00Z");
    assert_eq!(status["lastSuccessfulExecution"]["timeEnded"], "2026-11-23T13:58:00Z");

    // The next cycle begins at 14:38.
    graph.pass(27);
    assert_eq!(job(&graph).await["status"]["progress"].as_array().unwrap().len(), 1);
    graph.pass(2);
    let after = job(&graph).await;
    assert_eq!(after["status"]["lastExecution"]["timeBegan"], "2026-11-23T14:38:00Z");
}

#[tokio::test]
async fn a_job_in_quarantine_says_why_and_when_it_is_tried_again() {
    let graph = Graph::start("quarantine").await;
    let status = job(&graph).await["status"].clone();
    assert_eq!(
        (&status["code"], &status["lastExecution"]["state"]),
        (&json!("Quarantine"), &json!("Failed"))
    );
    let quarantine = &status["quarantine"];
    assert_eq!(quarantine["reason"], "EncounteredQuarantineException");
    assert_eq!(quarantine["currentBegan"], "2026-11-22T19:12:00Z");
    assert_eq!(quarantine["nextAttempt"], "2026-11-23T19:12:00Z");
    assert_eq!(quarantine["error"]["tenantActionable"], true);
    assert_eq!(status["countSuccessiveCompleteFailures"], 3);
}

#[tokio::test]
async fn a_job_that_never_ran_looks_as_if_it_had_failed_in_the_year_1() {
    let graph = Graph::start("company").await;
    change_job(&graph, |job| {
        job.last = None;
        job.last_completed = None;
    });
    let status = job(&graph).await["status"].clone();
    assert_eq!(status["code"], "NotRun");
    let last = &status["lastExecution"];
    assert_eq!((&last["state"], &last["timeBegan"]), (&json!("Failed"), &json!("0001-01-01T00:00:00Z")));
    assert_eq!(last["error"]["code"], "None");
    assert!(is_null(&status["lastSuccessfulExecution"]));
    assert_eq!(status["steadyStateLastAchievedTime"], "0001-01-01T00:00:00Z");
}

#[tokio::test]
async fn a_job_that_is_switched_off_has_the_longest_interval_there_is() {
    let graph = Graph::start("company").await;
    change_job(&graph, |job| job.state = JobState::Paused);
    let job = job(&graph).await;
    assert_eq!(job["status"]["code"], "Paused");
    assert_eq!(job["schedule"]["state"], "Disabled");
    assert_eq!(job["schedule"]["interval"], "P10675199DT2H48M5.4775807S");
}

#[tokio::test]
async fn the_schema_has_the_rule_and_says_whether_groups_are_sent() {
    let graph = Graph::start("company").await;
    let path = format!("{}/schema", graph.job());
    let rule_id = graph.sandbox.company().idp.as_ref().unwrap().job.as_ref().unwrap().rule_id.clone();
    for sends_groups in [true, false] {
        change_job(&graph, |job| job.sends_groups = sends_groups);
        let schema = graph.good(&path).await;
        let rule = &schema["synchronizationRules"][0];
        assert_eq!(rule["id"], json!(rule_id));
        let mappings = rule["objectMappings"].as_array().unwrap();
        let enabled = |source: &str| {
            mappings.iter().find(|mapping| mapping["sourceObjectName"] == source).unwrap()["enabled"].clone()
        };
        assert_eq!((enabled("User"), enabled("Group")), (json!(true), json!(sends_groups)));
    }
}

#[tokio::test]
async fn start_and_restart_are_noted_and_change_nothing() {
    let graph = Graph::start("quarantine").await;
    let before = job(&graph).await;
    for action in ["start", "restart"] {
        let url = format!("{}{}/{action}", graph.url, graph.job());
        let response = graph.http.post(url).bearer_auth(GRAPH_TOKEN).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::NO_CONTENT);
        assert_eq!(graph.sandbox.calls.counts()[&format!("graph:synchronization/{action}")], 1);
    }
    assert_eq!(job(&graph).await, before);
}

#[tokio::test]
async fn only_the_application_for_aws_is_synchronized() {
    let graph = Graph::start("company").await;
    let client_id = graph.sandbox.company().idp.as_ref().unwrap().client_id.clone();
    let own = format!("/servicePrincipals(appId='{client_id}')");
    assert_eq!(graph.good(&own).await["displayName"], "sso-why");
    assert_eq!(graph.good(&format!("{own}/appRoleAssignedTo")).await["value"], json!([]));
    let jobs = graph.get(&format!("{own}/synchronization/jobs")).await;
    assert_eq!(code(&jobs), (404, "Request_ResourceNotFound"));
    let elsewhere = graph.get(&format!("{}/synchronization/jobs/another", graph.application())).await;
    assert_eq!(code(&elsewhere), (404, "Request_ResourceNotFound"));
}
