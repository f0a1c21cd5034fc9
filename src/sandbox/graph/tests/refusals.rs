//! Everything that is refused, and in which words; and the faults.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Graph, code};
use crate::sandbox::faults::Fault;
use crate::sandbox::graph::{GRAPH_TOKEN, OPERATIONS};

#[tokio::test]
async fn without_an_entra_tenant_nothing_is_there() {
    for scenario in ["okta", "no-idp"] {
        let graph = Graph::start(scenario).await;
        for path in ["/users", "/auditLogs/provisioning", "/no/such/thing"] {
            assert_eq!(code(&graph.get(path).await), (404, "Request_ResourceNotFound"), "{scenario} {path}");
        }
        assert!(graph.sandbox.calls.counts().is_empty());
    }
}

#[tokio::test]
async fn only_the_token_of_the_tenant_is_taken() {
    let graph = Graph::start("company").await;
    let basic = format!("Basic {GRAPH_TOKEN}");
    for authorization in [None, Some("Bearer another"), Some("Bearer "), Some(basic.as_str())] {
        let request = graph.http.get(format!("{}/users", graph.url));
        let request =
            authorization.into_iter().fold(request, |request, value| request.header("authorization", value));
        let answer = super::read(request).await;
        assert_eq!(code(&answer), (401, "InvalidAuthenticationToken"), "{authorization:?}");
    }
    assert!(graph.sandbox.calls.counts().is_empty());
}

#[tokio::test]
async fn an_error_has_the_shape_of_graph() {
    let graph = Graph::start("company").await;
    let (status, body) = graph.get("/users/nobody@example.com").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let error = &body["error"];
    assert_eq!(error["code"], "Request_ResourceNotFound");
    assert!(error["message"].as_str().unwrap().contains("nobody@example.com"));
    assert_eq!(error["innerError"]["date"], "2026-11-23T14:12:00");
    assert!(error["innerError"]["request-id"].is_string());
}

#[tokio::test]
async fn what_is_not_there_or_not_asked_in_the_right_way_is_refused() {
    let graph = Graph::start("company").await;
    let nobody = "00000000-0000-4000-8000-000000000000";
    for (path, expected) in [
        (format!("/groups/{nobody}"), (404, "Request_ResourceNotFound")),
        (format!("/groups/{nobody}/members"), (404, "Request_ResourceNotFound")),
        ("/groups/AWS-Everyone".to_owned(), (400, "Request_BadRequest")),
        (format!("/servicePrincipals/{nobody}"), (404, "Request_ResourceNotFound")),
        ("/servicePrincipals/aws".to_owned(), (400, "Request_BadRequest")),
        (format!("/servicePrincipals(appId='{nobody}')"), (404, "Request_ResourceNotFound")),
        (format!("/users/{nobody}/memberOf"), (404, "Request_ResourceNotFound")),
        ("/devices".to_owned(), (400, "BadRequest")),
        ("/users/dana@example.com/memberOf/microsoft.graph.device".to_owned(), (400, "BadRequest")),
        ("/users/dana@example.com/checkMemberGroups".to_owned(), (405, "Request_BadRequest")),
        ("/users?$select=id,favouriteColour".to_owned(), (400, "BadRequest")),
        ("/groups?$select=givenName".to_owned(), (400, "BadRequest")),
        ("/users?$search=dana".to_owned(), (400, "BadRequest")),
        ("/users?$expand=manager".to_owned(), (400, "BadRequest")),
        ("/users?filter=id".to_owned(), (400, "BadRequest")),
        ("/users?$top=0".to_owned(), (400, "BadRequest")),
        ("/users?$top=1000".to_owned(), (400, "BadRequest")),
        ("/users?$top=2&$top=3".to_owned(), (400, "BadRequest")),
        ("/users?$count=yes".to_owned(), (400, "BadRequest")),
        ("/users?$skiptoken=made-up".to_owned(), (400, "BadRequest")),
    ] {
        let answer = graph.get(&path).await;
        assert_eq!(code(&answer), expected, "{path}: {}", answer.1);
    }
    let many: Vec<String> = (0..21).map(|_| nobody.to_owned()).collect();
    for body in [json!({"groupIds": many}), json!({}), json!([])] {
        let answer = graph.post("/users/dana@example.com/checkMemberGroups", body).await;
        assert_eq!(code(&answer), (400, "BadRequest"));
    }
}

/// Every operation, with a call of it.
fn calls(graph: &Graph) -> Vec<(&'static str, String)> {
    let (application, job, group) = (graph.application(), graph.job(), graph.group("AWS-Everyone"));
    vec![
        ("GET", "/users".to_owned()),
        ("GET", "/users/dana@example.com".to_owned()),
        ("GET", "/users/dana@example.com/memberOf".to_owned()),
        ("GET", "/users/dana@example.com/transitiveMemberOf".to_owned()),
        ("GET", "/users/dana@example.com/appRoleAssignments".to_owned()),
        ("POST", "/users/dana@example.com/checkMemberGroups".to_owned()),
        ("GET", "/directory/deletedItems/microsoft.graph.user".to_owned()),
        ("GET", "/groups".to_owned()),
        ("GET", format!("/groups/{group}/members")),
        ("GET", format!("/groups/{group}/transitiveMembers")),
        ("GET", format!("/groups/{group}/owners")),
        ("GET", format!("/groups/{group}/appRoleAssignments")),
        ("GET", "/servicePrincipals".to_owned()),
        ("GET", format!("{application}/appRoleAssignedTo")),
        ("GET", format!("{application}/synchronization/jobs")),
        ("GET", format!("{job}/schema")),
        ("POST", format!("{job}/provisionOnDemand")),
        ("POST", format!("{job}/start")),
        ("POST", format!("{job}/restart")),
        ("GET", "/auditLogs/provisioning".to_owned()),
        ("GET", "/auditLogs/directoryAudits".to_owned()),
        ("GET", "/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances".to_owned()),
    ]
}

/// Status, `Retry-After` and body of the answer.
async fn struck(graph: &Graph, method: &str, path: &str) -> (u16, Option<String>, String) {
    let url = format!("{}{path}", graph.url);
    let request = match method {
        "POST" => graph.http.post(url).json(&json!({})),
        _ => graph.http.get(url),
    };
    let response = request.bearer_auth(GRAPH_TOKEN).send().await.unwrap();
    let retry_after = response.headers().get("retry-after").map(|value| value.to_str().unwrap().to_owned());
    (response.status().as_u16(), retry_after, response.text().await.unwrap())
}

#[tokio::test]
async fn every_operation_is_counted_under_its_name() {
    let graph = Graph::start("company").await;
    for (method, path) in calls(&graph) {
        struck(&graph, method, &path).await;
    }
    let counted: BTreeSet<String> = graph.sandbox.calls.counts().into_keys().collect();
    assert_eq!(counted, OPERATIONS.iter().map(|name| (*name).to_owned()).collect());
}

#[tokio::test]
async fn faults_strike_every_operation_in_the_shape_of_graph() {
    let graph = Graph::start("company").await;
    let set = |fault: Fault| OPERATIONS.iter().for_each(|name| graph.sandbox.faults.set(name, fault.clone()));
    let error_code = |body: &str| {
        let body: Value = serde_json::from_str(body).unwrap();
        body["error"]["code"].as_str().unwrap().to_owned()
    };
    for (method, path) in calls(&graph) {
        set(Fault::Throttled { retry_after: 7 });
        let (status, retry_after, body) = struck(&graph, method, &path).await;
        assert_eq!(
            (status, retry_after.as_deref(), error_code(&body).as_str()),
            (429, Some("7"), "TooManyRequests"),
            "{path}"
        );

        set(Fault::Forbidden);
        let (status, _, body) = struck(&graph, method, &path).await;
        assert_eq!((status, error_code(&body).as_str()), (403, "Authorization_RequestDenied"), "{path}");

        set(Fault::Html500);
        let (status, _, body) = struck(&graph, method, &path).await;
        assert!(status == 500 && body.starts_with("<html>"), "{path}");

        set(Fault::MalformedJson);
        let (status, _, body) = struck(&graph, method, &path).await;
        assert!(status == 200 && serde_json::from_str::<Value>(&body).is_err(), "{path}");
    }
}
