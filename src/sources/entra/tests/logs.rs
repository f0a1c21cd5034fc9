//! The provisioning log and the audit log.

use super::*;
use crate::diagnosis::facts::idp::{SkipReason, Trouble, TroubleAbout, TroubleKind};

const SINCE: &str = "2026-02-24T10:00:00.5Z";

fn entry(at: &str, status: &str, error: &Value) -> Value {
    json!({
        "id": "e1", "activityDateTime": at, "tenantId": "t", "jobId": JOB, "cycleId": "c", "changeId": "ch",
        "provisioningAction": "create", "durationInMilliseconds": 400,
        "initiatedBy": {"id": "", "displayName": "Provisioning", "initiatorType": "system"},
        "servicePrincipal": {"id": APPLICATION, "displayName": "AWS IAM Identity Center"},
        "sourceSystem": {"id": "s", "displayName": "Microsoft Entra ID", "details": {}},
        "targetSystem": {"id": "t", "displayName": "AWS IAM Identity Center", "details": {}},
        "sourceIdentity": {"id": PERSON, "displayName": "Dana Reyes", "identityType": "User", "details": {}},
        "targetIdentity": {"id": "", "displayName": "", "identityType": "User", "details": {}},
        "provisioningStatusInfo": {"status": status, "errorInformation": error},
        "provisioningSteps": [], "modifiedProperties": [],
    })
}

fn error(code: &str, reason: &str) -> Value {
    json!({"errorCode": code, "reason": reason, "additionalDetails": null, "errorCategory": "nonServiceFailure", "recommendedAction": null})
}

async fn troubles(answers: Vec<Answer>) -> (Scripted, Result<Vec<Trouble>, Gap>) {
    let (server, entra) = graph(answers).await;
    let troubles = entra.troubles(&application(), PERSON, &TroubleAbout::Person, at(SINCE)).await;
    (server, troubles)
}

async fn times_of(entries: &Value) -> Vec<String> {
    let (_server, troubles) = troubles(vec![list(entries)]).await;
    troubles.expect("a list").iter().map(|trouble| trouble.at.expect("a moment").to_string()).collect()
}

#[tokio::test]
async fn a_failure_is_told_with_its_code_and_the_sentence_of_its_reason() {
    let reason = "Message: Processing of the request failed\nwith HTTP 409 (Conflict). {\"status\":\"409\",\"detail\":\"dana\"}";
    let code = "SystemForCrossDomainIdentityManagementServiceIncompatible";
    let failed = entry("2026-03-03T09:45:00Z", "failure", &error(code, reason));
    let (server, troubles) = troubles(vec![list(&json!([failed]))]).await;
    assert_eq!(
        troubles,
        Ok(vec![Trouble {
            about: TroubleAbout::Person,
            at: Some(at("2026-03-03T09:45:00Z")),
            kind: TroubleKind::NameTaken,
            code: code.to_owned(),
            reason: Some("Message: Processing of the request failed with HTTP 409 (Conflict).".to_owned()),
            advice: None,
        }])
    );
    let request = only(&server);
    assert_eq!(request.path, "/v1.0/auditLogs/provisioning");
    assert_eq!(
        request.option("$filter").expect("is there"),
        format!(
            "servicePrincipal/id eq '{APPLICATION}' and activityDateTime gt 2026-02-24T10:00:00Z and sourceIdentity/id eq '{PERSON}'"
        )
    );
}

#[tokio::test]
async fn only_failures_after_the_last_success_are_told_and_the_newest_first() {
    let none = Value::Null;
    let failed = |at: &str| entry(at, "Failure", &error("Timeout", ""));
    let success = |at: &str| entry(at, "Success", &none);
    let entries = json!([
        failed("2026-03-01T00:00:00Z"),
        failed("2026-03-04T00:00:00Z"),
        success("2026-03-02T00:00:00Z"),
        failed("2026-03-03T00:00:00Z"),
        entry("2026-03-05T00:00:00Z", "warning", &none),
        entry("2026-03-05T00:00:00Z", "postponed", &none),
    ]);
    assert_eq!(times_of(&entries).await, ["2026-03-04T00:00:00Z", "2026-03-03T00:00:00Z"]);
    let mended = json!([failed("2026-03-01T00:00:00Z"), success("2026-03-02T00:00:00Z")]);
    assert!(times_of(&mended).await.is_empty());
    assert!(times_of(&json!([])).await.is_empty());
}

#[tokio::test]
async fn a_skip_mends_only_where_both_sides_agree() {
    let failed = entry("2026-03-01T00:00:00Z", "failure", &error("Timeout", ""));
    let skipped = |reason: &str| {
        let mut skipped = entry("2026-03-02T00:00:00Z", "skipped", &Value::Null);
        skipped["provisioningSteps"] = json!([
            {"name": "EntrySynchronizationScoping", "provisioningStepType": "scoping", "status": "success", "description": "d", "details": {"Assigned to the application": "False"}},
            {"name": "EntrySynchronizationSkip", "provisioningStepType": "export", "status": "skipped", "description": "d", "details": {"SkipReason": reason}},
        ]);
        skipped
    };
    assert!(times_of(&json!([failed, skipped("RedundantExport")])).await.is_empty());
    assert_eq!(times_of(&json!([failed, skipped("NotEffectivelyEntitled")])).await.len(), 2);
    let by_code = entry("2026-03-02T00:00:00Z", "skipped", &error("RedundantExport", "x"));
    assert!(times_of(&json!([failed, by_code])).await.is_empty());
}

#[tokio::test]
async fn a_skip_is_told_with_its_reason() {
    let skipped = |details: Value| {
        let mut skipped = entry("2026-03-02T00:00:00Z", "skipped", &Value::Null);
        skipped["provisioningSteps"] = json!([
            {"name": "EntryScoping", "provisioningStepType": "scoping", "status": "skipped", "description": "d", "details": details},
        ]);
        skipped
    };
    // The filters stand in a string, as Microsoft's example has them.
    let filters = r#"{"Sales.department EQ 'Sales'":false,"Active.accountEnabled EQ 'True'":true}"#;
    let cases = [
        (
            json!({"SkipReason": "NotEffectivelyEntitled"}),
            SkipReason::NotEntitled,
            "NotEffectivelyEntitled",
            None,
        ),
        (
            json!({"SkipReason": "UnableToResolveReferenceAttributeValue"}),
            SkipReason::UnresolvedReference,
            "UnableToResolveReferenceAttributeValue",
            None,
        ),
        (
            json!({"ScopeEvaluationResult": filters}),
            SkipReason::OutOfScope,
            "Skipped",
            Some("Sales.department EQ 'Sales'"),
        ),
        (json!({"ScopeEvaluationResult": "not JSON"}), SkipReason::Other, "Skipped", None),
        (json!({"SkipReason": "SomethingNew"}), SkipReason::Other, "SomethingNew", None),
    ];
    for (details, why, code, reason) in cases {
        let (_server, troubles) = troubles(vec![list(&json!([skipped(details)]))]).await;
        let told = troubles.expect("a list");
        let told = told.first().expect("an entry");
        assert_eq!(told.kind, TroubleKind::Skipped(why));
        assert_eq!((told.code.as_str(), told.reason.as_deref()), (code, reason));
    }
}

#[tokio::test]
async fn nulls_and_what_is_about_others_are_passed_over() {
    let failed = || entry("2026-03-01T00:00:00Z", "failure", &error("Timeout", "x"));
    let changed = |name: &str, value: Value| {
        let mut entry = failed();
        entry[name] = value;
        entry
    };
    let entries = json!([
        changed("sourceIdentity", json!({"id": "somebody else"})),
        changed("sourceIdentity", Value::Null),
        changed("servicePrincipal", json!({"id": "another application"})),
        changed("activityDateTime", Value::Null),
        changed("provisioningStatusInfo", Value::Null),
        changed("provisioningStatusInfo", json!({"status": "failure", "errorInformation": null})),
        changed("provisioningSteps", Value::Null),
    ]);
    let (_server, troubles) = troubles(vec![list(&entries)]).await;
    let codes: Vec<_> =
        troubles.expect("a list").into_iter().map(|trouble| (trouble.code, trouble.reason)).collect();
    assert_eq!(codes, [("Unknown".to_owned(), None), ("Timeout".to_owned(), Some("x".to_owned()))]);
}

#[tokio::test]
async fn the_kind_is_told_by_code_and_by_status() {
    let scim = "SystemForCrossDomainIdentityManagementServiceIncompatible";
    for (code, reason, kind) in [
        ("EntryConflict", "", TroubleKind::NameTaken),
        ("conflict", "", TroubleKind::NameTaken),
        ("DuplicateTargetEntries", "", TroubleKind::NameTaken),
        (scim, "HTTP 409", TroubleKind::NameTaken),
        (scim, "request 14095 failed", TroubleKind::Other),
        (scim, "401 Unauthorized", TroubleKind::CredentialRefused),
        ("InsufficientRights", "", TroubleKind::CredentialRefused),
        ("MandatoryFieldsMissing", "", TroubleKind::Attribute),
        ("MissingValues", "", TroubleKind::Attribute),
        ("SchemaPropertyCanOnlyAcceptValue", "", TroubleKind::Attribute),
        ("InvalidAnchor", "", TroubleKind::TargetDeleted),
        ("SomethingNew", "", TroubleKind::Other),
    ] {
        let failed = entry("2026-03-01T00:00:00Z", "failure", &error(code, reason));
        let (_server, troubles) = troubles(vec![list(&json!([failed]))]).await;
        assert_eq!(troubles.expect("a list")[0].kind, kind, "{code} {reason}");
    }
}

#[tokio::test]
async fn where_the_logs_filter_is_refused_it_is_filtered_here() {
    let mut other = entry("2026-03-02T00:00:00Z", "success", &Value::Null);
    other["sourceIdentity"]["id"] = json!("somebody else");
    let failed = entry("2026-03-01T00:00:00Z", "failure", &error("Timeout", ""));
    let (server, troubles) = troubles(vec![refused(400, "BadRequest"), list(&json!([other, failed]))]).await;
    assert_eq!(troubles.expect("a list").len(), 1);
    let filter = server.arrived()[1].option("$filter").expect("is there").to_owned();
    assert!(filter.contains(APPLICATION) && !filter.contains("sourceIdentity"), "{filter}");
}

#[tokio::test]
async fn a_tenant_without_the_licence_is_told_what_is_needed() {
    let code = "Authentication_RequestFromNonPremiumTenantOrB2CTenant";
    let (_server, troubles) = troubles(vec![refused(403, code)]).await;
    let gap = troubles.expect_err("is refused");
    forbidden(&gap, "graph:auditLogs/provisioning", "AuditLog.Read.All and a Premium licence (P1)");
}

fn audit(activity: &str, at: &str, person: &str, group: &str) -> Value {
    json!({
        "id": "d1", "category": "GroupManagement", "correlationId": "c", "result": "success", "resultReason": "",
        "activityDisplayName": activity, "activityDateTime": at, "loggedByService": "Core Directory",
        "operationType": "Assign", "additionalDetails": [],
        "initiatedBy": {"app": null, "user": {"id": "x", "displayName": null, "userPrincipalName": "it@corp.example"}},
        "targetResources": [
            {"id": person, "displayName": null, "type": "User", "userPrincipalName": "dana@corp.example", "modifiedProperties": [
                {"displayName": "Group.ObjectID", "oldValue": null, "newValue": format!("\"{group}\"")},
                {"displayName": "Group.DisplayName", "oldValue": null, "newValue": "\"x\""},
            ]},
            {"id": group, "displayName": null, "type": "Group", "groupType": "azureAD", "modifiedProperties": []},
        ],
    })
}

async fn added_at(answers: Vec<Answer>) -> (Scripted, Result<Option<Timestamp>, Gap>) {
    let (server, entra) = graph(answers).await;
    let added_at = entra.added_at(&payments(), &person(), at(SINCE)).await;
    (server, added_at)
}

#[tokio::test]
async fn the_newest_addition_of_this_pair_counts() {
    const ADDED: &str = "Add member to group";
    let mut failed = audit(ADDED, "2026-03-09T00:00:00Z", PERSON, GROUP);
    failed["result"] = json!("failure");
    let mut one_target = audit(ADDED, "2026-03-04T00:00:00Z", PERSON, GROUP);
    one_target["targetResources"].as_array_mut().expect("a list").pop();
    let mut no_target = audit(ADDED, "2026-03-09T00:00:00Z", PERSON, GROUP);
    no_target["targetResources"] = Value::Null;
    let (server, found) = added_at(vec![list(&json!([
        audit(ADDED, "2026-03-01T00:00:00Z", PERSON, GROUP),
        one_target,
        audit("Remove member from group", "2026-03-05T00:00:00Z", PERSON, GROUP),
        audit("Add owner to group", "2026-03-09T00:00:00Z", PERSON, GROUP),
        audit(ADDED, "2026-03-09T00:00:00Z", "somebody else", GROUP),
        audit(ADDED, "2026-03-09T00:00:00Z", PERSON, "another"),
        failed,
        no_target,
    ]))])
    .await;
    assert_eq!(found, Ok(Some(at("2026-03-04T00:00:00Z"))));
    let request = only(&server);
    assert_eq!(request.path, "/v1.0/auditLogs/directoryAudits");
    assert_eq!(
        request.option("$filter").expect("is there"),
        format!(
            "activityDisplayName eq 'Add member to group' and activityDateTime ge 2026-02-24T10:00:00Z and targetResources/any(t: t/id eq '{GROUP}')"
        )
    );
}

#[tokio::test]
async fn an_addition_that_the_log_does_not_hold_is_nothing() {
    let (_server, found) = added_at(vec![list(&json!([]))]).await;
    assert_eq!(found, Ok(None));
    let addition = audit("Add member to group", "2026-03-01T00:00:00Z", PERSON, GROUP);
    let (server, found) = added_at(vec![refused(400, "BadRequest"), list(&json!([addition]))]).await;
    assert_eq!(found, Ok(Some(at("2026-03-01T00:00:00Z"))));
    assert!(!server.arrived()[1].raw_query.contains("targetResources"));
}

#[tokio::test]
async fn a_report_is_read_over_a_few_pages_only() {
    let page = || Answer::json(200, &json!({"value": [], "@odata.nextLink": "{base}/next"}));
    let (server, found) = added_at((0..9).map(|_| page()).collect()).await;
    assert_eq!(found.expect_err("has no end").operation, "graph:auditLogs/directoryAudits");
    assert_eq!(server.arrived().len(), 4);
}
