//! The synchronization job of the application for AWS: how it stands, and what it maps.
//!
//! Source: Microsoft Graph, "synchronizationJob", "synchronizationStatus" and "synchronizationSchema".

mod schema;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::application::job_of;
use super::call::Call;
use super::filter::LetterCase;
use super::list::{Entity, Kind, Rules, context, list, one};
use super::refusal::Refusal;
use super::resource::{ApplicationKey, Resource};
use super::{Tenant, written};
use crate::sandbox::company::ids;
use crate::sandbox::idp::Idp;
use crate::sandbox::idp::log::About;
use crate::sandbox::idp::sync::{Cycle, INTERVAL, JobState, Quarantine, SyncJob};

const SYNCHRONIZATION_JOB: Kind =
    Kind { name: "synchronizationJob", properties: PROPERTIES, by_default: PROPERTIES };

const PROPERTIES: &[&str] = &["id", "schedule", "status", "synchronizationJobSettings", "templateId"];

const JOBS: Rules = Rules {
    set: "synchronization/jobs",
    kinds: &[&SYNCHRONIZATION_JOB],
    options: &["$select", "$top", "$skiptoken"],
    filters: &[],
    letter_case: LetterCase::Matters,
    is_filter_advanced: false,
    order_by: &[],
};

/// How Graph writes that something never was.
const NEVER: &str = "0001-01-01T00:00:00Z";

/// The interval of a job that is switched off: the longest that .NET can write.
const NO_INTERVAL: &str = "P10675199DT2H48M5.4775807S";

pub(super) fn answer(tenant: &Tenant, resource: &Resource, call: &Call) -> Result<Value, Refusal> {
    match resource {
        Resource::Schema { application, job: id } => {
            let job = job(tenant, application, id)?;
            call.options.only(&[])?;
            let mut schema = schema::of(job, &tenant.idp.application.name);
            schema["@odata.context"] = json!(context(call, "synchronization/jobs/schema/$entity"));
            Ok(schema)
        }
        Resource::Job { application, job: id } => {
            one(call, JOBS.set, entity(tenant.idp, job(tenant, application, id)?, call.now))
        }
        Resource::Jobs(application) => {
            let job = job_of(tenant, application)?;
            list(call, &JOBS, job.into_iter().map(|job| entity(tenant.idp, job, call.now)).collect())
        }
        _ => Err(Refusal::method_not_allowed()),
    }
}

/// The job of that id of that application.
pub(super) fn job<'a>(
    tenant: &Tenant<'a>,
    application: &ApplicationKey,
    id: &str,
) -> Result<&'a SyncJob, Refusal> {
    job_of(tenant, application)?.filter(|job| job.id == id).ok_or_else(|| Refusal::not_found(id))
}

fn entity(idp: &Idp, job: &SyncJob, now: Timestamp) -> Entity {
    let record = json!({
        "id": job.id,
        "schedule": schedule(job),
        "status": status(idp, job, now),
        "synchronizationJobSettings": [{"name": "QuarantineTooManyDeletesThreshold", "value": "500"}],
        "templateId": job.template_id,
    });
    Entity { kind: &SYNCHRONIZATION_JOB, record }
}

fn schedule(job: &SyncJob) -> Value {
    let (state, interval) = match job.state {
        JobState::Active | JobState::Quarantine(_) => ("Active", format!("PT{}M", INTERVAL.as_mins())),
        JobState::Paused => ("Disabled", NO_INTERVAL.to_owned()),
    };
    json!({"expiration": null, "interval": interval, "state": state})
}

fn status(idp: &Idp, job: &SyncJob, now: Timestamp) -> Value {
    let code = match &job.state {
        JobState::Active if job.last.is_none() => "NotRun",
        JobState::Active => "Active",
        JobState::Paused => "Paused",
        JobState::Quarantine(_) => "Quarantine",
    };
    let counts = Counts::of(idp);
    let completed = job.last_completed.map(|cycle| execution(job, cycle, &counts));
    let progress = job.running_since.map(|_| {
        json!({
            "completedUnits": 0,
            "progressObservationDateTime": written(now),
            "totalUnits": counts.people + counts.groups,
            "units": "Objects",
        })
    });
    let last_steady = job.last_completed.map_or(NEVER.to_owned(), |cycle| written(cycle.ended));
    json!({
        "code": code,
        "countSuccessiveCompleteFailures": job.failures_in_a_row,
        "escrowsPruned": false,
        "lastExecution": job.last.map_or_else(never_ran, |cycle| execution(job, cycle, &counts)),
        "lastSuccessfulExecution": completed,
        "lastSuccessfulExecutionWithExports": completed,
        "progress": Vec::from_iter(progress),
        "quarantine": job.quarantine().map(quarantine),
        "steadyStateFirstAchievedTime": first_steady(idp, job),
        "steadyStateLastAchievedTime": last_steady,
        "synchronizedEntryCountByType": [
            {"key": format!("User to {}", schema::USER), "value": counts.people},
            {"key": format!("Group to {}", schema::GROUP), "value": counts.groups},
        ],
        "troubleshootingUrl": null,
    })
}

/// A job that never ran looks as if it had failed in the year 1, for a reason called "None".
fn never_ran() -> Value {
    json!({
        "activityIdentifier": null,
        "countEntitled": 0,
        "countEntitledForProvisioning": 0,
        "countEscrowed": 0,
        "countEscrowedRaw": 0,
        "countExported": 0,
        "countExports": 0,
        "countImported": 0,
        "countImportedDeltas": 0,
        "countImportedReferenceDeltas": 0,
        "error": {"code": "None", "message": "", "tenantActionable": false},
        "state": "Failed",
        "timeBegan": NEVER,
        "timeEnded": NEVER,
    })
}

fn execution(job: &SyncJob, cycle: Cycle, counts: &Counts) -> Value {
    json!({
        "activityIdentifier": ids::uuid("entra cycle", &cycle.began.to_string()),
        "countEntitled": counts.people,
        "countEntitledForProvisioning": counts.people,
        "countEscrowed": counts.failing,
        "countEscrowedRaw": counts.failing,
        "countExported": 0,
        "countExports": 0,
        "countImported": 0,
        "countImportedDeltas": 0,
        "countImportedReferenceDeltas": 0,
        "error": cycle.failed.then(|| refused_token(job)),
        "state": if cycle.failed { "Failed" } else { "Succeeded" },
        "timeBegan": written(cycle.began),
        "timeEnded": written(cycle.ended),
    })
}

fn quarantine(quarantine: &Quarantine) -> Value {
    json!({
        "currentBegan": written(quarantine.since),
        "error": credentials_error(),
        "nextAttempt": written(quarantine.next_attempt),
        "reason": quarantine.reason,
        "seriesBegan": written(quarantine.since),
        "seriesCount": quarantine.attempts,
    })
}

/// What a whole cycle of this company fails of: AWS refuses the token.
fn refused_token(job: &SyncJob) -> Value {
    let mut error = credentials_error();
    error["tenantActionable"] = json!(job.quarantine().is_some());
    error
}

fn credentials_error() -> Value {
    json!({
        "code": "SystemForCrossDomainIdentityManagementCredentialValidationUnavailable",
        "message": "The application answered 401 Unauthorized: the access token has expired or was revoked.",
        "tenantActionable": true,
    })
}

fn first_steady(idp: &Idp, job: &SyncJob) -> String {
    job.last_completed.map_or(NEVER.to_owned(), |_| written(idp.application.created_at))
}

/// What the job has to do with.
struct Counts {
    people: usize,
    groups: usize,
    /// Objects whose newest log entry is a failure: those that are tried again.
    failing: usize,
}

impl Counts {
    fn of(idp: &Idp) -> Self {
        let is_entitled = |key: &str| idp.direct_groups_of(key).iter().any(|group| group.is_assigned());
        let mut newest: BTreeMap<&About, (Timestamp, bool)> = BTreeMap::new();
        for entry in &idp.log {
            let known = newest.entry(&entry.about).or_insert((entry.at, false));
            if entry.at >= known.0 {
                *known = (entry.at, entry.problem.is_some());
            }
        }
        Self {
            people: idp.people.iter().filter(|person| is_entitled(&person.key)).count(),
            groups: idp.groups.iter().filter(|group| group.is_assigned()).count(),
            failing: newest.values().filter(|(_, failed)| *failed).count(),
        }
    }
}
