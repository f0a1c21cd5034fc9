//! The provisioning log and the directory audit.

use serde_json::{Value, json};

use super::{Graph, code, filtered, is_null, texts};

#[tokio::test]
async fn the_log_tells_what_went_wrong_with_a_person() {
    let graph = Graph::start("company").await;
    let job = graph.job();
    let job = job.rsplit('/').next().unwrap();
    let filter = format!(
        "jobId eq '{job}' and sourceIdentity/id eq '{}' and activityDateTime gt 2026-11-16",
        graph.user("ivan")
    );
    let path = filtered("/auditLogs/provisioning", &filter, "&$top=500&$orderby=activityDateTime%20desc");
    let (entries, _) = graph.list(&path, false).await;
    let [entry] = entries.as_slice() else { panic!("{entries:?}") };
    let error = &entry["provisioningStatusInfo"]["errorInformation"];
    assert_eq!(entry["provisioningStatusInfo"]["status"], "failure");
    assert_eq!(error["errorCode"], "MandatoryFieldsMissing");
    assert!(is_null(&error["additionalDetails"]));
    assert_eq!(
        (&entry["sourceIdentity"]["identityType"], &entry["targetIdentity"]["id"]),
        (&json!("User"), &json!(""))
    );
    assert_eq!(entry["activityDateTime"], "2026-11-23T12:12:00Z");
    let elsewhere = filter.replace(job, "another-job");
    assert_eq!(graph.good(&filtered("/auditLogs/provisioning", &elsewhere, "")).await["value"], json!([]));
}

#[tokio::test]
async fn a_failing_group_and_a_membership_that_went_well_are_entries_about_the_group() {
    let graph = Graph::start("company").await;
    let of = |group: &str| {
        let filter = format!("sourceIdentity/id eq '{}'", graph.group(group));
        filtered("/auditLogs/provisioning", &filter, "")
    };
    let (failing, _) = graph.list(&of("AWS-Genome-Researchers"), false).await;
    assert_eq!(failing[0]["provisioningStatusInfo"]["status"], "failure");
    assert_eq!(failing[0]["sourceIdentity"]["identityType"], "Group");

    graph.pass(60);
    let (entries, _) = graph.list(&of("AWS-Payments-ReadOnly"), false).await;
    let newest = &entries[0];
    assert_eq!(
        (&newest["provisioningAction"], &newest["provisioningStatusInfo"]),
        (&json!("update"), &json!({"status": "success", "errorInformation": null}))
    );
    assert_eq!(
        newest["modifiedProperties"][0],
        json!({
            "displayName": "members", "oldValue": null, "newValue": graph.user("dana")
        })
    );
    assert_ne!(newest["targetIdentity"]["id"], "");
}

#[tokio::test]
async fn entries_come_newest_first_and_can_be_turned_round() {
    let graph = Graph::start("company").await;
    let (newest_first, pages) = graph.list("/auditLogs/directoryAudits", false).await;
    assert!(pages.len() > 1);
    let moments = texts(&newest_first, "activityDateTime");
    assert!(moments.is_sorted_by(|one, next| one >= next), "{moments:?}");
    let (oldest_first, _) =
        graph.list("/auditLogs/directoryAudits?$orderby=activityDateTime%20asc", false).await;
    let moments = texts(&oldest_first, "activityDateTime");
    assert!(moments.is_sorted(), "{moments:?}");
}

#[tokio::test]
async fn moments_are_compared_as_moments() {
    let graph = Graph::start("company").await;
    // Dana was added at 14:00.
    for (comparison, expected) in [
        ("ge 2026-11-23T14:00:00Z", true),
        ("gt 2026-11-23T14:00:00Z", false),
        ("gt 2026-11-23T15:59:59.9999999+02:00", true),
        ("lt 2026-11-23T14:00:00.1Z", true),
        ("le 2026-11-23T14:00:00Z", true),
        ("lt 2026-11-23T14:00:00Z", false),
        ("eq 2026-11-23T14:00:00Z", true),
        ("ge 2026-11-23", true),
        ("ge 2026-11-24", false),
    ] {
        let filter = format!(
            "targetResources/any(r:r/id eq '{}') and activityDateTime {comparison}",
            graph.user("dana")
        );
        let found = graph.list(&filtered("/auditLogs/directoryAudits", &filter, ""), false).await.0;
        let is_found = found.iter().any(|entry| entry["activityDateTime"] == "2026-11-23T14:00:00Z");
        assert_eq!(is_found, expected, "{comparison}");
    }
}

#[tokio::test]
async fn the_audit_tells_when_somebody_was_added_to_a_group() {
    let graph = Graph::start("company").await;
    let group = graph.group("AWS-Payments-ReadOnly");
    let filter = format!(
        "activityDisplayName eq 'Add member to group' and targetResources/any(t: t/id eq '{group}') \
         and activityDateTime ge 2026-11-01T00:00:00Z"
    );
    let (entries, _) = graph.list(&filtered("/auditLogs/directoryAudits", &filter, ""), false).await;
    let [entry] = entries.as_slice() else { panic!("{entries:?}") };
    let targets = entry["targetResources"].as_array().unwrap();
    let of_type = |kind: &str| targets.iter().find(|target| target["type"] == kind).unwrap();
    assert_eq!(
        (&of_type("User")["id"], &of_type("Group")["id"]),
        (&json!(graph.user("dana")), &json!(group))
    );
    let changed = of_type("User")["modifiedProperties"].as_array().unwrap();
    let written = changed.iter().find(|property| property["displayName"] == "Group.ObjectID").unwrap();
    let read: Value = serde_json::from_str(written["newValue"].as_str().unwrap()).unwrap();
    assert_eq!(read, json!(group));

    let wrong_capitals = filter.replace("Add member", "add member");
    assert_eq!(
        graph.good(&filtered("/auditLogs/directoryAudits", &wrong_capitals, "")).await["value"],
        json!([])
    );
}

#[tokio::test]
async fn logs_take_no_select_and_no_count() {
    let graph = Graph::start("company").await;
    for path in ["/auditLogs/provisioning?$select=id", "/auditLogs/directoryAudits?$count=true"] {
        assert_eq!(code(&graph.get(path).await), (400, "BadRequest"), "{path}");
    }
}
