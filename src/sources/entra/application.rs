//! The enterprise application for AWS, and which groups are assigned to it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use reqwest::StatusCode;
use serde::Deserialize;

use super::Entra;
use super::graph::{List, PAGE};
use super::moments::moment;
use crate::diagnosis::facts::idp::{AppAssignment, Application, IdpGroup, IdpGroupId};
use crate::diagnosis::facts::{Gap, GapKind};
use crate::sources::http::{Call, Failure};
use crate::sources::incomplete;

const SERVICE_PRINCIPALS: Call = Call::reading("graph:servicePrincipals", "Application.Read.All");
const APP_ROLE_ASSIGNMENTS: Call =
    Call::reading("graph:servicePrincipals/appRoleAssignedTo", "Application.Read.All");

/// `principalType` of an assignment to a group.
const GROUP: &str = "Group";

/// Where nothing has the configured id.
pub const NOT_THE_CONFIGURED: &str =
    "no enterprise application has the object id of [entra] service_principal_id";

/// What Microsoft's gallery calls the application, and called it before AWS renamed the service.
const GALLERY_NAMES: [&str; 2] = ["AWS IAM Identity Center", "AWS Single Sign-on"];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ServicePrincipal {
    id: Option<String>,
    display_name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AppRoleAssignment {
    created_date_time: Option<String>,
    deleted_date_time: Option<String>,
    principal_id: Option<String>,
    principal_type: Option<String>,
    principal_display_name: Option<String>,
}

impl Entra {
    /// The likeliest of [`Self::applications`]; `None` if there is none.
    ///
    /// # Errors
    /// As [`Self::applications`].
    pub async fn application(&self) -> Result<Option<Application>, Gap> {
        Ok(self.applications().await?.into_iter().next())
    }

    /// What may be the application for AWS: the configured one alone, else all that bear the gallery's name.
    ///
    /// # Errors
    /// As every call, and where nothing has the configured id: that is a mistake in the configuration and
    /// tells nothing about provisioning.
    pub async fn applications(&self) -> Result<Vec<Application>, Gap> {
        match &self.service_principal_id {
            Some(id) => self.configured_application(id).await.map(|found| vec![found]),
            None => self.applications_by_name().await,
        }
    }

    async fn configured_application(&self, id: &str) -> Result<Application, Gap> {
        let url = self.graph.url(&["servicePrincipals", id], &[("$select", "id,displayName")]);
        let found = self.graph.object(SERVICE_PRINCIPALS, url).await;
        found.map_err(not_the_configured_one).and_then(application)
    }

    /// Where several bear the name (one for another organization, or one that somebody tried), those that provision
    /// come first, in the order in which [`Entra::synchronization`] would choose among all their jobs; then the
    /// shortest name, then the lowest id.
    async fn applications_by_name(&self) -> Result<Vec<Application>, Gap> {
        let named = GALLERY_NAMES.map(|name| format!("startswith(displayName,'{name}')")).join(" or ");
        let options = [("$filter", named.as_str()), ("$select", "id,displayName")];
        let url = self.graph.url(&["servicePrincipals"], &options);
        let list = List::plain(SERVICE_PRINCIPALS, url);
        let found: Vec<ServicePrincipal> = self.graph.pages(list).all().await?;

        let mut applications = found.into_iter().map(application).collect::<Result<Vec<_>, _>>()?;
        applications.sort_by(|one, other| (one.name.len(), &one.id).cmp(&(other.name.len(), &other.id)));
        if applications.len() < 2 {
            return Ok(applications);
        }
        let mut with_jobs = Vec::new();
        for application in applications {
            let job = self.best_job(&application).await?;
            with_jobs.push((job.map(|job| job.precedence()), application));
        }
        with_jobs.sort_by_key(|(precedence, _)| std::cmp::Reverse(*precedence));
        Ok(with_jobs.into_iter().map(|(_, application)| application).collect())
    }

    /// Whether the group is assigned to the application, and since when.
    ///
    /// # Errors
    /// As every call.
    pub async fn app_assignment(
        &self,
        application: &Application,
        group: &IdpGroup,
    ) -> Result<AppAssignment, Gap> {
        let path = ["servicePrincipals", &application.id, "appRoleAssignedTo"];
        // Not documented to be filterable by principal: refused, it is filtered here.
        let filter = format!("principalId eq {}", group.id.0);
        let filtered = [("$filter", filter.as_str()), ("$count", "true"), ("$top", PAGE)];
        let filtered = List::advanced(APP_ROLE_ASSIGNMENTS, self.graph.url(&path, &filtered));
        let assignments: Vec<AppRoleAssignment> = match self.graph.pages(filtered).all().await {
            Err(failure) if failure.status == Some(StatusCode::BAD_REQUEST) => {
                let all = self.graph.url(&path, &[("$top", PAGE)]);
                self.graph.pages(List::plain(APP_ROLE_ASSIGNMENTS, all)).all().await?
            }
            answered => answered?,
        };
        let of_the_group = assignments.iter().filter(|assignment| {
            assignment.deleted_date_time.is_none()
                && assignment.principal_id.as_deref().is_some_and(|id| id.eq_ignore_ascii_case(&group.id.0))
        });
        // A group may have several app roles; with the first it was in scope.
        let since = of_the_group.map(|assignment| moment(assignment.created_date_time.as_deref()));
        Ok(match since.collect::<Vec<_>>() {
            none if none.is_empty() => AppAssignment::None,
            since => AppAssignment::Assigned { since: since.into_iter().flatten().min() },
        })
    }

    /// Every group that is assigned to the application, once. The names are those of the assignments.
    ///
    /// # Errors
    /// As every call.
    pub async fn assigned_groups(&self, application: &Application) -> Result<Vec<IdpGroup>, Gap> {
        let of_groups = self.assignments_of_groups(application).await?;
        // A group may have several app roles.
        let mut names = BTreeMap::new();
        for assignment in of_groups {
            let id = assignment.principal_id.ok_or_else(|| incomplete(APP_ROLE_ASSIGNMENTS.operation))?;
            names.insert(IdpGroupId(id), assignment.principal_display_name);
        }
        let mut groups = Vec::new();
        for (id, name) in names {
            match name {
                Some(name) => groups.push(IdpGroup::new(id.0, name)),
                // The assignment outlives a group that is deleted for a while.
                None => groups.extend(self.group_by_id(&id).await?),
            }
        }
        Ok(groups)
    }

    /// Every group that is assigned to the application, with since when.
    ///
    /// # Errors
    /// As every call.
    pub async fn sent_groups(
        &self,
        application: &Application,
    ) -> Result<BTreeMap<IdpGroupId, AppAssignment>, Gap> {
        let mut sent: BTreeMap<IdpGroupId, Option<Timestamp>> = BTreeMap::new();
        for assignment in self.assignments_of_groups(application).await? {
            let id = assignment.principal_id.ok_or_else(|| incomplete(APP_ROLE_ASSIGNMENTS.operation))?;
            let since = moment(assignment.created_date_time.as_deref());
            // A group may have several app roles; with the first it was in scope.
            let first = sent.entry(IdpGroupId(id)).or_insert(since);
            *first = [*first, since].into_iter().flatten().min();
        }
        Ok(sent.into_iter().map(|(id, since)| (id, AppAssignment::Assigned { since })).collect())
    }

    async fn assignments_of_groups(&self, application: &Application) -> Result<Vec<AppRoleAssignment>, Gap> {
        let path = ["servicePrincipals", &application.id, "appRoleAssignedTo"];
        let list = List::long(APP_ROLE_ASSIGNMENTS, self.graph.url(&path, &[("$top", PAGE)]));
        let mut assignments: Vec<AppRoleAssignment> = self.graph.pages(list).all().await?;
        assignments.retain(|assignment| {
            assignment.deleted_date_time.is_none() && assignment.principal_type.as_deref() == Some(GROUP)
        });
        Ok(assignments)
    }
}

fn application(found: ServicePrincipal) -> Result<Application, Gap> {
    let id = found.id.ok_or_else(|| incomplete(SERVICE_PRINCIPALS.operation))?;
    Ok(Application { id, name: found.display_name.unwrap_or_default() })
}

fn not_the_configured_one(failure: Failure) -> Gap {
    if failure.status != Some(StatusCode::NOT_FOUND) {
        return failure.into();
    }
    Gap {
        kind: GapKind::Error,
        operation: SERVICE_PRINCIPALS.operation.to_owned(),
        detail: NOT_THE_CONFIGURED.to_owned(),
    }
}
