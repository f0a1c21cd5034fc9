//! The enterprise application and its app-role assignments.

use super::*;
use crate::diagnosis::facts::idp::AppAssignment;

fn principal(id: &str, name: &str) -> Value {
    json!({
        "id": id, "appId": "11d0-app", "displayName": name, "appRoleAssignmentRequired": true,
        "accountEnabled": true, "servicePrincipalType": "Application", "tags": [],
    })
}

fn jobs(state: &str, ended: &str) -> Answer {
    list(&json!([{
        "id": JOB, "schedule": {"interval": "PT40M", "state": state},
        "status": {"code": "Active", "lastExecution": {"state": "Succeeded", "timeBegan": ended, "timeEnded": ended}},
    }]))
}

#[tokio::test]
async fn the_configured_application_is_asked_by_its_id() {
    let (server, entra) = graph_with(
        Some(APPLICATION),
        vec![Answer::json(200, &principal(APPLICATION, "Our AWS")), refused(404, "Request_ResourceNotFound")],
    )
    .await;
    let found = entra.application().await.expect("an answer").expect("is there");
    assert_eq!((found.id.as_str(), found.name.as_str()), (APPLICATION, "Our AWS"));
    assert_eq!(server.arrived()[0].path, format!("/v1.0/servicePrincipals/{APPLICATION}"));

    // A wrong id tells nothing about provisioning.
    let gap = entra.application().await.expect_err("is not there");
    assert_eq!(gap.operation, "graph:servicePrincipals");
    assert!(gap.detail.contains("service_principal_id"), "{}", gap.detail);
}

#[tokio::test]
async fn without_an_id_it_is_found_by_the_gallerys_names() {
    let (server, entra) =
        graph(vec![list(&json!([principal(APPLICATION, "AWS IAM Identity Center")])), list(&json!([]))])
            .await;
    assert_eq!(entra.application().await, Ok(Some(application())));
    assert_eq!(entra.application().await, Ok(None));
    let arrived = server.arrived();
    assert_eq!(arrived.len(), 2, "one that is alone needs no look at its jobs");
    assert_eq!(
        arrived[0].option("$filter"),
        Some(
            "startswith(displayName,'AWS IAM Identity Center') or startswith(displayName,'AWS Single Sign-on')"
        )
    );
}

#[tokio::test]
async fn of_several_it_is_the_one_that_provisions() {
    let several = json!([
        principal("b", "AWS IAM Identity Center (test)"),
        principal("c", "AWS Single Sign-on"),
        principal("a", "AWS IAM Identity Center"),
    ]);
    // Their jobs are asked by length of name: c, a, b.
    for (answers, expected) in [
        (vec![list(&json!([])), list(&json!([])), jobs("Active", "2026-03-03T10:00:00Z")], "b"),
        (
            vec![
                jobs("Disabled", "2026-03-03T10:00:00Z"),
                jobs("Active", "2026-03-01T10:00:00Z"),
                list(&json!([])),
            ],
            "a",
        ),
        (
            vec![
                jobs("Active", "2026-03-01T10:00:00Z"),
                jobs("Active", "2026-03-02T10:00:00Z"),
                list(&json!([])),
            ],
            "a",
        ),
        (vec![list(&json!([])), list(&json!([])), list(&json!([]))], "c"),
    ] {
        let mut script = vec![list(&several)];
        script.extend(answers);
        let (_server, entra) = graph(script).await;
        let found = entra.application().await.expect("an answer").expect("is there");
        assert_eq!(found.id, expected);
    }
    let (_server, entra) = graph(vec![list(&several), refused(403, "Authorization_RequestDenied")]).await;
    let gap = entra.application().await.expect_err("cannot be told");
    forbidden(&gap, "graph:synchronization/jobs", "Synchronization.Read.All");
}

fn assignment(principal: &str, created: &str) -> Value {
    json!({
        "id": "x1", "deletedDateTime": null, "appRoleId": "00000000-0000-0000-0000-000000000000",
        "createdDateTime": created, "principalDisplayName": "AWS-Payments-ReadOnly", "principalId": principal,
        "principalType": "Group", "resourceDisplayName": "AWS IAM Identity Center", "resourceId": APPLICATION,
    })
}

#[tokio::test]
async fn an_assignment_is_asked_for_as_an_advanced_query() {
    let (server, entra) = graph(vec![
        list(&json!([
            assignment(GROUP, "2026-02-02T08:00:00.1234567Z"),
            assignment(&GROUP.to_uppercase(), "2026-01-01T08:00:00Z"),
        ])),
        list(&json!([])),
        list(&json!([assignment("another", "2026-02-02T08:00:00Z")])),
    ])
    .await;
    let assigned = AppAssignment::Assigned { since: Some(at("2026-01-01T08:00:00Z")) };
    assert_eq!(entra.app_assignment(&application(), &payments()).await, Ok(assigned));
    assert_eq!(entra.app_assignment(&application(), &payments()).await, Ok(AppAssignment::None));
    assert_eq!(entra.app_assignment(&application(), &payments()).await, Ok(AppAssignment::None));

    let request = server.arrived()[0].clone();
    assert_eq!(request.path, format!("/v1.0/servicePrincipals/{APPLICATION}/appRoleAssignedTo"));
    assert_eq!(request.option("$filter"), Some(format!("principalId eq {GROUP}").as_str()));
    assert_eq!(request.option("$count"), Some("true"));
    assert_eq!(request.header("consistencylevel"), Some("eventual"));
}

#[tokio::test]
async fn where_the_filter_is_refused_all_are_read_and_filtered_here() {
    let page =
        json!({"value": [assignment("another", "2026-02-02T08:00:00Z")], "@odata.nextLink": "{base}/next"});
    let (server, entra) = graph(vec![
        refused(400, "Request_UnsupportedQuery"),
        Answer::json(200, &page),
        list(&json!([assignment(GROUP, "0001-01-01T00:00:00Z")])),
    ])
    .await;
    let assigned = AppAssignment::Assigned { since: None };
    assert_eq!(entra.app_assignment(&application(), &payments()).await, Ok(assigned));
    let arrived = server.arrived();
    assert_eq!((arrived.len(), arrived[1].option("$filter")), (3, None));
}

fn assigned(kind: &str, id: &str, name: Value) -> Value {
    json!({
        "principalType": kind, "principalId": id, "principalDisplayName": name, "deletedDateTime": null,
        "createdDateTime": "2026-06-01T09:00:00Z", "resourceId": APPLICATION,
    })
}

#[tokio::test]
async fn every_assigned_group_is_told_once_and_no_person() {
    let deleted = json!({
        "principalType": "Group", "principalId": "g9", "principalDisplayName": "AWS-Gone",
        "deletedDateTime": "2026-06-02T09:00:00Z",
    });
    let (server, entra) = graph(vec![
        Answer::json(
            200,
            &json!({
                "value": [
                    assigned("Group", GROUP, "AWS-Payments-ReadOnly".into()),
                    assigned("User", PERSON, "Dana Reyes".into()),
                    assigned("Group", "g2", Value::Null),
                ],
                "@odata.nextLink": format!("{{base}}/servicePrincipals/{APPLICATION}/appRoleAssignedTo?$skiptoken=2"),
            }),
        ),
        list(&json!([assigned("Group", GROUP, "AWS-Payments-ReadOnly".into()), deleted])),
        Answer::json(200, &json!({"id": "g2", "displayName": "AWS-Tools"})),
    ])
    .await;
    let found = entra.assigned_groups(&application()).await.expect("an answer");
    assert_eq!(found, [payments(), group("g2", "AWS-Tools")]);
    assert_eq!(server.arrived()[2].path, "/v1.0/groups/g2", "a name that is missing is asked for");
}

#[tokio::test]
async fn assignments_that_may_not_be_read_are_a_gap() {
    let (_server, entra) = graph(vec![refused(403, "Authorization_RequestDenied")]).await;
    let gap = entra.assigned_groups(&application()).await.expect_err("is refused");
    forbidden(&gap, "graph:servicePrincipals/appRoleAssignedTo", "Application.Read.All");
}
