//! The synchronization job of the application: whether it runs, how often, and how its last cycles went.

use jiff::Timestamp;
use serde::Deserialize;

use super::Entra;
use super::graph::List;
use super::moments::{interval, moment};
use crate::diagnosis::facts::Gap;
use crate::diagnosis::facts::idp::{Application, Cycle, Quarantine, SyncState, Synchronization};
use crate::sources::http::Call;
use crate::sources::incomplete;

pub const JOBS: Call = Call::reading("graph:synchronization/jobs", "Synchronization.Read.All");

/// How well a job serves as *the* job: see [`Entra::synchronization`].
pub(super) type Precedence = (bool, Option<Timestamp>);

/// Microsoft Graph, `synchronizationJob`, with the fields that somebody reads.
#[derive(Deserialize)]
pub(super) struct Job {
    id: Option<String>,
    schedule: Option<Schedule>,
    status: Option<Status>,
}

#[derive(Deserialize)]
struct Schedule {
    interval: Option<String>,
    state: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    code: Option<String>,
    count_successive_complete_failures: Option<u64>,
    last_execution: Option<Execution>,
    last_successful_execution: Option<Execution>,
    quarantine: Option<WireQuarantine>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Execution {
    state: Option<String>,
    time_began: Option<String>,
    time_ended: Option<String>,
    error: Option<ExecutionError>,
}

#[derive(Deserialize)]
struct ExecutionError {
    code: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireQuarantine {
    reason: Option<String>,
    current_began: Option<String>,
    next_attempt: Option<String>,
}

impl Entra {
    /// How the application's synchronization stands. Without a job, provisioning was never set up.
    ///
    /// An application has one job as a rule. Where there are more (an older one was left behind), it is one
    /// whose schedule is active before one whose is not, then the one that ran last; how many others are active too
    /// is told.
    ///
    /// # Errors
    /// As every call.
    pub async fn synchronization(&self, application: &Application) -> Result<Synchronization, Gap> {
        let jobs = self.jobs(application).await?;
        let scheduled = jobs.iter().filter(|job| job.is_scheduled()).count();
        match jobs.into_iter().max_by_key(Job::precedence) {
            Some(job) => Ok(Synchronization { other_jobs: scheduled.saturating_sub(1), ..job.read()? }),
            None => Ok(Synchronization {
                job: None,
                state: SyncState::Off,
                interval: None,
                last: None,
                last_completed: None,
                other_jobs: 0,
            }),
        }
    }

    pub(super) async fn best_job(&self, application: &Application) -> Result<Option<Job>, Gap> {
        Ok(self.jobs(application).await?.into_iter().max_by_key(Job::precedence))
    }

    async fn jobs(&self, application: &Application) -> Result<Vec<Job>, Gap> {
        let path = ["servicePrincipals", &application.id, "synchronization", "jobs"];
        let list = List::plain(JOBS, self.graph.url(&path, &[]));
        Ok(self.graph.pages(list).all().await?)
    }
}

impl Job {
    pub(super) fn precedence(&self) -> Precedence {
        let last = self.last_execution().and_then(Execution::cycle);
        (self.is_scheduled(), last.and_then(|cycle| cycle.ended.or(cycle.began)))
    }

    fn is_scheduled(&self) -> bool {
        self.schedule_state().eq_ignore_ascii_case("Active")
    }

    /// A job whose schedule is not told is not said to be switched off.
    fn schedule_state(&self) -> &str {
        self.schedule.as_ref().and_then(|schedule| schedule.state.as_deref()).unwrap_or("Active")
    }

    fn last_execution(&self) -> Option<&Execution> {
        self.status.as_ref()?.last_execution.as_ref()
    }

    pub(super) fn read(&self) -> Result<Synchronization, Gap> {
        let (Some(id), Some(status)) = (&self.id, &self.status) else {
            return Err(incomplete(JOBS.operation));
        };
        let code = status.code.as_deref().ok_or_else(|| incomplete(JOBS.operation))?;
        let last_execution = self.last_execution();
        let completed =
            [status.last_successful_execution.as_ref(), last_execution.filter(|last| last.is_complete())];
        let completed = completed.into_iter().flatten().filter_map(Execution::cycle);
        Ok(Synchronization {
            job: Some(id.clone()),
            state: self.state(code, status),
            interval: interval(self.schedule.as_ref().and_then(|schedule| schedule.interval.as_deref())),
            last: last_execution.and_then(Execution::cycle),
            last_completed: completed.max_by_key(|cycle| cycle.ended.or(cycle.began)),
            other_jobs: 0,
        })
    }

    /// The status first, since it says more; the schedule can only say that nothing will run.
    fn state(&self, code: &str, status: &Status) -> SyncState {
        match code.to_ascii_lowercase().as_str() {
            "quarantine" => SyncState::Quarantine(self.quarantine(status)),
            "notconfigured" => SyncState::Off,
            "paused" => SyncState::Paused,
            "active" | "notrun" => self.scheduled_state(code, status),
            _ => SyncState::Other(code.to_owned()),
        }
    }

    fn scheduled_state(&self, code: &str, status: &Status) -> SyncState {
        let schedule = self.schedule_state();
        match schedule.to_ascii_lowercase().as_str() {
            "paused" => SyncState::Paused,
            "disabled" => SyncState::Off,
            "active" if code.eq_ignore_ascii_case("NotRun") => SyncState::NeverRan,
            "active" => failing(status).unwrap_or(SyncState::Running),
            _ => SyncState::Other(schedule.to_owned()),
        }
    }

    fn quarantine(&self, status: &Status) -> Quarantine {
        let quarantine = status.quarantine.as_ref();
        let reason = quarantine.and_then(|quarantine| quarantine.reason.clone());
        // After four weeks Entra switches the job off, and what it planned before will not happen.
        let next = quarantine.filter(|_| self.is_scheduled());
        Quarantine {
            reason: reason.unwrap_or_else(|| "Unknown".to_owned()),
            since: quarantine.and_then(|quarantine| moment(quarantine.current_began.as_deref())),
            next_attempt: next.and_then(|quarantine| moment(quarantine.next_attempt.as_deref())),
        }
    }
}

/// Entra counts cycles that failed as a whole in a row. The count alone may be a remnant: the last cycle
/// must have failed as well.
fn failing(status: &Status) -> Option<SyncState> {
    let times = status.count_successive_complete_failures.filter(|times| *times > 0)?;
    let last = status.last_execution.as_ref().filter(|last| last.is("Failed") && last.cycle().is_some())?;
    let code = last.error.as_ref().and_then(|error| error.code.as_deref());
    // A job without an error bears the error "None".
    let code = code.filter(|code| !code.is_empty() && !code.eq_ignore_ascii_case("None")).unwrap_or("Failed");
    Some(SyncState::Failing { times, code: code.to_owned() })
}

impl Execution {
    fn is(&self, state: &str) -> bool {
        self.state.as_deref().is_some_and(|actual| actual.eq_ignore_ascii_case(state))
    }

    /// With errors of single entries it went through all of them nonetheless.
    fn is_complete(&self) -> bool {
        self.is("Succeeded") || self.is("EntryLevelErrors")
    }

    /// Nothing where it never took place: a job that never ran shows one of the year 1.
    fn cycle(&self) -> Option<Cycle> {
        let (began, ended) = (moment(self.time_began.as_deref()), moment(self.time_ended.as_deref()));
        (began.is_some() || ended.is_some()).then_some(Cycle { began, ended })
    }
}
