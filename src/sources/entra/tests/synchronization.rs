//! The synchronization job in all its states, and its schema.

use jiff::SignedDuration;

use super::*;
use crate::diagnosis::facts::idp::{Cycle, Quarantine, SyncState, Synchronization};

fn execution(state: &str, began: &str, ended: &str) -> Value {
    json!({
        "activityIdentifier": "c0ffee", "countEntitled": 31, "countEntitledForProvisioning": 31,
        "countEscrowed": 0, "countEscrowedRaw": 0, "countExported": 2, "countExports": 2, "countImported": 0,
        "countImportedDeltas": 3, "countImportedReferenceDeltas": 1, "error": null, "state": state,
        "timeBegan": began, "timeEnded": ended,
    })
}

fn never_executed() -> Value {
    let mut execution = execution("Failed", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z");
    execution["activityIdentifier"] = Value::Null;
    execution["error"] = json!({"code": "None", "message": "", "tenantActionable": false});
    execution
}

fn job(code: &str, schedule: &Value, last: &Value, last_successful: &Value) -> Value {
    json!({
        "id": JOB, "templateId": "AWSsso", "schedule": schedule,
        "status": {
            "code": code, "countSuccessiveCompleteFailures": 0, "escrowsPruned": false, "lastExecution": last,
            "lastSuccessfulExecution": last_successful, "lastSuccessfulExecutionWithExports": null,
            "progress": [], "quarantine": null, "steadyStateFirstAchievedTime": "0001-01-01T00:00:00Z",
            "steadyStateLastAchievedTime": "0001-01-01T00:00:00Z",
            "synchronizedEntryCountByType": [{"key": "User to User", "value": 31}], "troubleshootingUrl": null,
        },
        "synchronizationJobSettings": [{"name": "QuarantineTooManyDeletesThreshold", "value": "500"}],
    })
}

fn active() -> Value {
    json!({"expiration": null, "interval": "PT40M", "state": "Active"})
}

fn switched_off() -> Value {
    json!({"expiration": null, "interval": "P10675199DT2H48M5.4775807S", "state": "Disabled"})
}

fn cycle(began: &str, ended: &str) -> Option<Cycle> {
    Some(Cycle { began: Some(at(began)), ended: Some(at(ended)) })
}

async fn read(jobs: &Value) -> Synchronization {
    let (server, entra) = graph(vec![list(jobs)]).await;
    let synchronization = entra.synchronization(&application()).await.expect("an answer");
    assert_eq!(only(&server).path, format!("/v1.0/servicePrincipals/{APPLICATION}/synchronization/jobs"));
    synchronization
}

const BEGAN: &str = "2026-03-03T09:44:00Z";
const ENDED: &str = "2026-03-03T09:46:00Z";

#[tokio::test]
async fn a_job_that_runs() {
    let last = execution("Succeeded", BEGAN, ENDED);
    let running = read(&json!([job("Active", &active(), &last, &last)])).await;
    assert_eq!(
        running,
        Synchronization {
            job: Some(JOB.to_owned()),
            state: SyncState::Running,
            interval: Some(SignedDuration::from_mins(40)),
            last: cycle(BEGAN, ENDED),
            last_completed: cycle(BEGAN, ENDED),
            other_jobs: 0,
        }
    );
    assert_eq!(running.next_due(), Some(at("2026-03-03T10:26:00Z")));
}

#[tokio::test]
async fn a_cycle_with_errors_of_single_entries_was_completed_and_a_failed_one_was_not() {
    let (earlier_began, earlier_ended) = ("2026-03-03T09:02:00Z", "2026-03-03T09:04:00Z");
    let earlier = execution("Succeeded", earlier_began, earlier_ended);
    let with_errors = execution("EntryLevelErrors", BEGAN, ENDED);
    let synchronization = read(&json!([job("Active", &active(), &with_errors, &earlier)])).await;
    assert_eq!(synchronization.last_completed, cycle(BEGAN, ENDED));

    let failed = execution("Failed", BEGAN, ENDED);
    let synchronization = read(&json!([job("Active", &active(), &failed, &earlier)])).await;
    assert_eq!(synchronization.last, cycle(BEGAN, ENDED));
    assert_eq!(synchronization.last_completed, cycle(earlier_began, earlier_ended));
}

#[tokio::test]
async fn a_job_in_quarantine() {
    let last = execution("Succeeded", BEGAN, ENDED);
    let mut job = job("Quarantine", &active(), &last, &last);
    job["status"]["countSuccessiveCompleteFailures"] = json!(4);
    job["status"]["quarantine"] = json!({
        "currentBegan": "2026-03-02T09:00:00Z", "nextAttempt": "2026-03-03T15:00:00Z",
        "reason": "EncounteredQuarantineException", "seriesBegan": "2026-03-01T09:00:00Z", "seriesCount": 2,
        "error": {"code": "SystemForCrossDomainIdentityManagementCredentialValidationUnavailable", "message": "told to nobody", "tenantActionable": true},
    });
    let mut quarantine = Quarantine {
        reason: "EncounteredQuarantineException".to_owned(),
        since: Some(at("2026-03-02T09:00:00Z")),
        next_attempt: Some(at("2026-03-03T15:00:00Z")),
    };
    assert_eq!(read(&json!([job])).await.state, SyncState::Quarantine(quarantine.clone()));

    // After four weeks Entra switches it off.
    job["schedule"] = switched_off();
    quarantine.next_attempt = None;
    assert_eq!(read(&json!([job])).await.state, SyncState::Quarantine(quarantine));

    job["status"]["quarantine"] = Value::Null;
    let state = read(&json!([job])).await.state;
    assert!(matches!(state, SyncState::Quarantine(quarantine) if quarantine.reason == "Unknown"));
}

#[tokio::test]
async fn a_job_that_never_ran_has_not_failed() {
    let mut never = job("NotRun", &active(), &never_executed(), &Value::Null);
    let synchronization = read(&json!([never])).await;
    assert_eq!(synchronization.state, SyncState::NeverRan);
    assert_eq!((synchronization.last, synchronization.last_completed), (None, None));

    // Its first cycle is under way: the failure that it shows is none.
    never["status"]["code"] = json!("Active");
    never["status"]["countSuccessiveCompleteFailures"] = json!(1);
    assert_eq!(read(&json!([never])).await.state, SyncState::Running);
}

#[tokio::test]
async fn a_job_that_is_paused_or_switched_off() {
    let none = Value::Null;
    let paused = read(&json!([job("Paused", &switched_off(), &none, &none)])).await;
    assert_eq!((paused.state, paused.interval, paused.last), (SyncState::Paused, None, None));
    for (code, schedule, expected) in [
        ("NotConfigured", active(), SyncState::Off),
        ("Active", switched_off(), SyncState::Off),
        ("NotRun", switched_off(), SyncState::Off),
        ("active", json!({"state": "Paused"}), SyncState::Paused),
        ("Active", Value::Null, SyncState::Running),
    ] {
        assert_eq!(
            read(&json!([job(code, &schedule, &none, &none)])).await.state,
            expected,
            "{code} {schedule}"
        );
    }
    let never_set_up = read(&json!([])).await;
    assert_eq!((never_set_up.job, never_set_up.state), (None, SyncState::Off));
}

#[tokio::test]
async fn words_that_graph_may_add_are_kept() {
    let none = Value::Null;
    let hibernating = read(&json!([job("Hibernating", &active(), &none, &none)])).await;
    assert_eq!(hibernating.state, SyncState::Other("Hibernating".to_owned()));
    let by_moon = json!({"interval": "soon", "state": "ByMoon"});
    let by_moon = read(&json!([job("Active", &by_moon, &execution("Waning", BEGAN, ENDED), &none)])).await;
    assert_eq!(by_moon.state, SyncState::Other("ByMoon".to_owned()));
    assert_eq!((by_moon.interval, by_moon.last, by_moon.last_completed), (None, cycle(BEGAN, ENDED), None));
}

#[tokio::test]
async fn a_job_fails_when_it_counts_failures_and_failed_last() {
    let mut failed = execution("Failed", BEGAN, ENDED);
    failed["error"] =
        json!({"code": "HostUnreachable", "message": "told to nobody", "tenantActionable": true});
    for (times, last, expected) in [
        (3, failed.clone(), SyncState::Failing { times: 3, code: "HostUnreachable".to_owned() }),
        (0, failed.clone(), SyncState::Running),
        (3, execution("Succeeded", BEGAN, ENDED), SyncState::Running),
        (1, execution("Failed", BEGAN, ENDED), SyncState::Failing { times: 1, code: "Failed".to_owned() }),
    ] {
        let mut job = job("Active", &active(), &last, &Value::Null);
        job["status"]["countSuccessiveCompleteFailures"] = json!(times);
        assert_eq!(read(&json!([job])).await.state, expected);
    }
}

#[tokio::test]
async fn of_several_jobs_it_is_a_scheduled_one_then_the_one_that_ran_last() {
    let none = Value::Null;
    let ran = |id: &str, schedule: &Value, ended: &str| {
        let mut job = job("Active", schedule, &execution("Succeeded", ended, ended), &none);
        job["id"] = json!(id);
        job
    };
    let off = ran("off", &switched_off(), "2026-03-03T10:00:00Z");
    let older = ran("older", &active(), "2026-03-01T10:00:00Z");
    let newer = ran("newer", &active(), "2026-03-02T10:00:00Z");
    assert_eq!(read(&json!([newer, off, older])).await.job.as_deref(), Some("newer"));
    assert_eq!(read(&json!([off, older])).await.job.as_deref(), Some("older"));
}

#[tokio::test]
async fn a_job_without_a_status_is_a_gap() {
    for job in [
        json!({"id": JOB}),
        json!({"id": JOB, "status": {"code": null}}),
        json!({"status": {"code": "Active"}}),
    ] {
        let (_server, entra) = graph(vec![list(&json!([job]))]).await;
        let gap = entra.synchronization(&application()).await.expect_err("says nothing");
        assert_eq!(gap.operation, "graph:synchronization/jobs");
    }
}

#[tokio::test]
async fn the_rules_are_those_with_an_enabled_mapping() {
    let rule = |id: &str, object: &str, enabled: &Value| {
        let mapping = json!({
            "sourceObjectName": object, "targetObjectName": "x", "enabled": enabled,
            "flowTypes": "Add, Update, Delete", "scope": null, "attributeMappings": [],
        });
        json!({"id": id, "name": "r", "editable": true, "priority": 1, "metadata": [], "objectMappings": [mapping]})
    };
    let (yes, no) = (json!(true), json!(false));
    for (rules, group, user) in [
        (json!([rule("u", "User", &yes), rule("g", "Group", &yes)]), Some("g"), Some("u")),
        (json!([rule("u", "User", &yes), rule("g", "Group", &no)]), None, Some("u")),
        (json!([rule("old", "group", &no), rule("g", "group", &Value::Null)]), Some("g"), None),
        (json!([{"id": "u", "objectMappings": []}, {"id": "g", "objectMappings": null}]), None, None),
    ] {
        let schema = json!({"id": JOB, "version": "v1", "synchronizationRules": rules});
        let (server, entra) = graph(vec![Answer::json(200, &schema)]).await;
        let expected = Rules { group: group.map(str::to_owned), user: user.map(str::to_owned) };
        assert_eq!(entra.rules(&application(), JOB).await, Ok(expected));
        let path = format!("/v1.0/servicePrincipals/{APPLICATION}/synchronization/jobs/{JOB}/schema");
        assert_eq!(only(&server).path, path);
    }
    let (_server, entra) = graph(vec![Answer::json(200, &json!({"id": JOB}))]).await;
    assert_eq!(
        entra.rules(&application(), JOB).await.expect_err("lacks rules").operation,
        "graph:synchronization/schema"
    );
}
