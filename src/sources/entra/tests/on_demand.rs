//! provisionOnDemand: the order, and the answer in its two shapes.

use super::*;
use crate::diagnosis::facts::idp::ForcedStep;

async fn forced(answer: Answer) -> (Scripted, Result<Vec<ForcedStep>, Gap>) {
    let (server, entra) = graph(vec![answer, Answer::json(200, &json!({}))]).await;
    let steps = entra.provision_on_demand(&application(), JOB, "rule-g", &payments(), &person()).await;
    (server, steps)
}

fn pair(key: &str, value: &str) -> Answer {
    Answer::json(
        200,
        &json!({"@odata.context": "{base}/$metadata#microsoft.graph.stringKeyStringValuePair", "key": key, "value": value}),
    )
}

fn step(name: &str, succeeded: Option<bool>, detail: Option<&str>) -> ForcedStep {
    ForcedStep { name: name.to_owned(), succeeded, detail: detail.map(str::to_owned) }
}

#[tokio::test]
async fn the_group_is_ordered_with_this_one_member() {
    let (server, _steps) = forced(pair("{}", "{}")).await;
    let request = only(&server);
    assert_eq!(request.method.as_str(), "POST");
    assert_eq!(
        request.path,
        format!("/v1.0/servicePrincipals/{APPLICATION}/synchronization/jobs/{JOB}/provisionOnDemand")
    );
    assert_eq!(
        request.body,
        json!({"parameters": [{"ruleId": "rule-g", "subjects": [{
            "objectId": GROUP, "objectTypeName": "Group",
            "links": {"members": [{"objectId": PERSON, "objectTypeName": "User"}]},
        }]}]})
    );
}

#[tokio::test]
async fn a_person_is_ordered_alone() {
    let (server, entra) = graph(vec![pair("{}", "{}")]).await;
    entra.provision_person_on_demand(&application(), JOB, "rule-u", &person()).await.expect("taken");
    let subject = json!({"objectId": PERSON, "objectTypeName": "User"});
    assert_eq!(only(&server).body, json!({"parameters": [{"ruleId": "rule-u", "subjects": [subject]}]}));
}

#[tokio::test]
async fn the_outcome_in_the_key_and_the_steps_in_the_value() {
    let value = json!({
        "action": "Update",
        "provisioningSteps": [
            {"name": "EntryImport", "type": "Import", "status": "Success", "description": "Retrieved the group", "timestamp": "x", "details": {}},
            {"name": "EntryExportUpdate", "type": "Export", "status": "Failure", "description": null, "details": {"ErrorCode": "EntryConflict"}},
            {"name": "EntrySynchronizationSkip", "type": "Export", "status": "Skipped", "details": {"SkipReason": "NotEffectivelyEntitled"}},
            {"name": "Later", "status": "Postponed", "details": null},
            {"status": "Success"},
        ],
        "statusInfo": {"status": "Failure"}, "sourceIdentity": {"id": GROUP},
    });
    let key = json!({"result": "Failure", "details": {"errorCode": "EntryConflict", "errorMessage": "HTTP 409 {\"detail\":\"x\"}"}});
    let (_server, steps) = forced(pair(&key.to_string(), &value.to_string())).await;
    assert_eq!(
        steps.expect("steps"),
        [
            step("EntryImport", Some(true), Some("Retrieved the group")),
            step("EntryExportUpdate", Some(false), Some("EntryConflict")),
            step("EntrySynchronizationSkip", None, Some("NotEffectivelyEntitled")),
            step("Later", None, None),
            step(
                "Outcome for the group with this member, Failure",
                Some(false),
                Some("EntryConflict: HTTP 409")
            ),
        ]
    );
}

#[tokio::test]
async fn a_types_name_as_the_key_and_a_list_as_the_value() {
    let value = json!([
        {"provisioningSteps": [{"name": "EntryImport", "type": "Import", "status": "success"}]},
        {"provisioningSteps": [{"name": "EntryExportAdd", "type": "Export", "status": "Success"}], "statusInfo": {"status": "Success"}},
    ]);
    let (_server, steps) = forced(pair("Microsoft.Identity.Example.StatusInfo", &value.to_string())).await;
    assert_eq!(
        steps.expect("steps"),
        [
            step("EntryImport", Some(true), None),
            step("EntryExportAdd", Some(true), None),
            step("Outcome for the group with this member, Success", Some(true), None),
        ]
    );
}

#[tokio::test]
async fn both_sides_agreed_already() {
    let key = json!({"result": "Skipped", "details": {"errorCode": "RedundantExport", "errorMessage": "Both already match."}});
    let value = json!({"action": "Other", "provisioningSteps": [], "statusInfo": {"status": "Skipped"}});
    let (_server, steps) = forced(pair(&key.to_string(), &value.to_string())).await;
    assert_eq!(
        steps.expect("steps"),
        [step(
            "Outcome for the group with this member, Skipped",
            None,
            Some("RedundantExport: Both already match.")
        )]
    );
}

#[tokio::test]
async fn an_answer_that_cannot_be_made_out_has_no_steps() {
    for answer in [
        pair("not JSON", "{not JSON either"),
        Answer::json(200, &json!({"key": null, "value": null})),
        Answer::json(200, &json!([])),
        Answer::text(204, ""),
    ] {
        let (_server, steps) = forced(answer).await;
        assert_eq!(steps, Ok(Vec::new()));
    }
    let unwrapped = json!({"key": {"result": "Success"}, "value": {"provisioningSteps": [{"name": "EntryImport", "status": "Success"}]}});
    let (_server, steps) = forced(Answer::json(200, &unwrapped)).await;
    assert_eq!(steps.expect("steps").len(), 2);
}

#[tokio::test]
async fn it_is_ordered_once_whatever_comes_of_it() {
    for (answer, kind) in [
        (refused(503, "ServiceUnavailable"), GapKind::Error),
        (refused(429, "TooManyRequests").with("retry-after", 0), GapKind::Throttled),
        (refused(403, "Authorization_RequestDenied"), GapKind::Forbidden),
    ] {
        let (server, steps) = forced(answer).await;
        let gap = steps.expect_err("fails");
        assert_eq!((gap.kind, gap.operation.as_str()), (kind, "graph:synchronization/provisionOnDemand"));
        assert_eq!(server.arrived().len(), 1);
    }
}
