//! Entra ID: the token, each permission, and the synchronization job.

use futures::future::join_all;

use super::all_skipped;
use crate::checkup::needs::{GRAPH_PERMISSIONS, GRAPH_PERMISSIONS_OPTIONAL, GRAPH_PERMISSIONS_TO_FORCE};
use crate::checkup::{
    Because, Check, Denial, DenialKind, Fault, Id, Outcome, Seen, Tried, beside_each_other, credential,
};
use crate::diagnosis::facts::idp::Application;
use crate::diagnosis::facts::{Gap, GapKind};
use crate::sources::entra::synchronization::JOBS;
use crate::sources::entra::{Entra, NOT_THE_CONFIGURED};

const APPLICATIONS: &str = "Application.Read.All";
const SYNCHRONIZATION: &str = "Synchronization.Read.All";

/// Everything that is checked, in the order of telling.
pub(super) fn ids(forces: bool) -> Vec<Id> {
    let mut ids = vec![Id::EntraToken];
    ids.extend(GRAPH_PERMISSIONS.map(Id::EntraPermission));
    ids.extend(GRAPH_PERMISSIONS_OPTIONAL.map(Id::EntraPermission));
    ids.extend(GRAPH_PERMISSIONS_TO_FORCE.into_iter().filter(|_| forces).map(Id::EntraPermission));
    ids.push(Id::EntraSyncJob);
    ids
}

/// Where there is not even a client.
pub(super) fn unlooked(wrong: Fault, forces: bool) -> Vec<Check> {
    let mut checks = all_skipped(ids(forces), Id::EntraToken);
    if let Some(token) = checks.first_mut() {
        token.outcome = Outcome::Failed(wrong);
    }
    checks
}

pub(super) async fn look(entra: &Entra, configured: Option<String>, forces: bool) -> Vec<Check> {
    let simple = GRAPH_PERMISSIONS.into_iter().chain(GRAPH_PERMISSIONS_OPTIONAL);
    let simple = simple.filter(|permission| *permission != SYNCHRONIZATION);
    let tries = simple.map(async |permission| (permission, entra.try_reading(permission).await));
    let mut tried: Vec<(&'static str, Tried)> = join_all(tries).await;

    let may_see_it =
        tried.iter().any(|(permission, tried)| *permission == APPLICATIONS && tried.is_allowed());
    let application = match may_see_it {
        true => Some(entra.applications().await),
        false => None,
    };
    let others = match &application {
        Some(Ok(found)) => found.iter().skip(1).map(|other| other.name.clone()).collect(),
        Some(Err(_)) | None => Vec::new(),
    };
    let application = application.map(|found| found.map(|found| found.into_iter().next()));
    let asked_by = match &application {
        Some(Ok(found)) => found.clone(),
        Some(Err(_)) => None,
        // It is known by its id even where it may not be seen.
        None => configured.map(|id| Application { id, name: String::new() }),
    };
    let no_synchronization = match &asked_by {
        Some(application) => {
            tried.push((SYNCHRONIZATION, entra.try_synchronization(application).await));
            None
        }
        None => {
            // Of several applications of the name, the one with the job is meant: its jobs were asked for already.
            let tried_by_name =
                application.as_ref().and_then(|found| found.as_ref().err()).and_then(of_the_jobs);
            tried.extend(tried_by_name.map(|tried| (SYNCHRONIZATION, tried)));
            Some(if may_see_it { Id::EntraSyncJob } else { Id::EntraPermission(APPLICATIONS) })
        }
    };
    let may_read_it = tried.iter().any(|(name, tried)| *name == SYNCHRONIZATION && tried.is_allowed());
    let (job, job_id) = job(entra, application, others, may_read_it).await;
    if let (true, Some(application), Some(job)) = (forces, &asked_by, &job_id) {
        tried.push((GRAPH_PERMISSIONS_TO_FORCE[0], entra.try_provisioning(application, job).await));
    }

    let tried = beside_each_other(tried);
    let token = credential(tried.iter().map(|(_, tried)| tried), Entra::TOKEN);
    let outcome = |id: &Id| match id {
        Id::EntraToken => token.clone(),
        Id::EntraPermission(permission) => match tried.iter().find(|(name, _)| name == permission) {
            Some((_, Tried::Denied(_))) if GRAPH_PERMISSIONS_OPTIONAL.contains(permission) => {
                Outcome::Skipped(Because::Optional)
            }
            Some((_, tried)) => tried.clone().outcome(Id::EntraToken, Entra::TOKEN),
            None if *permission == SYNCHRONIZATION => {
                Outcome::Skipped(Because::Of(no_synchronization.clone().unwrap_or(Id::EntraSyncJob)))
            }
            None => Outcome::Skipped(Because::Of(Id::EntraSyncJob)),
        },
        _ => match token.is_ok() {
            true => job.clone(),
            false => Outcome::Skipped(Because::Of(Id::EntraToken)),
        },
    };
    ids(forces).into_iter().map(|id| Check { outcome: outcome(&id), id }).collect()
}

/// What a gap says of the permission to read jobs, where it is one of them.
fn of_the_jobs(gap: &Gap) -> Option<Tried> {
    if gap.operation != JOBS.operation {
        return None;
    }
    Some(match gap.kind {
        GapKind::Forbidden => {
            let code = gap.detail.split(';').next().unwrap_or_default().to_owned();
            Tried::Denied(Denial { code, kind: DenialKind::Right })
        }
        _ => Tried::Unread(gap.clone()),
    })
}

/// How the check of the job stands, and the job's id.
async fn job(
    entra: &Entra,
    application: Option<Result<Option<Application>, Gap>>,
    others: Vec<String>,
    may_read_it: bool,
) -> (Outcome, Option<String>) {
    let application = match application {
        None => return (Outcome::Skipped(Because::Of(Id::EntraPermission(APPLICATIONS))), None),
        Some(Ok(None)) => return (Outcome::Failed(Fault::NoApplication), None),
        Some(Err(gap)) if gap.detail == NOT_THE_CONFIGURED => {
            return (Outcome::Failed(Fault::NoApplication), None);
        }
        Some(Err(gap)) if of_the_jobs(&gap).is_some() => {
            return (Outcome::Skipped(Because::Of(Id::EntraPermission(SYNCHRONIZATION))), None);
        }
        Some(Err(gap)) => return (Outcome::Failed(Fault::Unread(gap)), None),
        Some(Ok(Some(application))) => application,
    };
    if !may_read_it {
        return (Outcome::Skipped(Because::Of(Id::EntraPermission(SYNCHRONIZATION))), None);
    }
    let name = application.name.clone();
    match entra.synchronization(&application).await {
        Ok(found) => match found.job {
            Some(id) => {
                let (state, other_jobs) = (found.state, found.other_jobs);
                let seen = Seen::SyncJob { application: name, state, other_jobs, others };
                (Outcome::Ok(seen), Some(id))
            }
            None => (Outcome::Failed(Fault::NoSyncJob { application: name }), None),
        },
        Err(gap) => (Outcome::Failed(Fault::Unread(gap)), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_that_may_not_be_listed_are_the_permissions_matter() {
        let gap = |operation: &str, kind| Gap {
            kind,
            operation: operation.to_owned(),
            detail: "Authorization_RequestDenied; it needs Synchronization.Read.All".to_owned(),
        };
        let code = "Authorization_RequestDenied".to_owned();
        let denied = Tried::Denied(Denial { code, kind: DenialKind::Right });
        assert_eq!(of_the_jobs(&gap(JOBS.operation, GapKind::Forbidden)), Some(denied));
        assert!(matches!(of_the_jobs(&gap(JOBS.operation, GapKind::Timeout)), Some(Tried::Unread(_))));
        assert_eq!(of_the_jobs(&gap("graph:servicePrincipals", GapKind::Forbidden)), None);
    }
}
