//! Okta's application for AWS: which it is, whether it provisions, and how it has a person.

use std::sync::Arc;

use futures::future::join;
use serde::Deserialize;

use super::{Okta, quoted, time};
use crate::diagnosis::facts::Gap;
use crate::diagnosis::facts::idp::{
    AppUser, AppUserState, Application, IdpGroup, IdpPerson, SyncState, Synchronization,
};
use crate::sources::http::Call;
use crate::sources::incomplete;

const APPS: Call = Call::reading("okta:apps", "okta.apps.read");
const APPS_GROUPS: Call = Call::reading("okta:apps/groups", "okta.apps.read");
const APPS_USERS: Call = Call::reading("okta:apps/users", "okta.apps.read");
const CONNECTIONS: Call = Call::reading("okta:apps/connections", "okta.apps.read");

/// The name that the Okta Integration Network has for AWS IAM Identity Center.
const INTEGRATION: &str = "amazon_aws_sso";

/// The most applications that a page holds (Management API, `listApplications`).
const PAGE: &str = "200";

/// The feature of an application that pushes groups (Management API, `Application.features`).
const GROUP_PUSH: &str = "GROUP_PUSH";

const ACTIVE: &str = "ACTIVE";

impl Okta {
    /// The likeliest of [`Self::applications`]; `None` if there is none.
    pub async fn application(&self) -> Result<Option<Application>, Gap> {
        Ok(self.applications().await?.into_iter().next())
    }

    /// What may be the application for AWS: the configured one alone, else all that are integrated as AWS IAM Identity
    /// Center, those that are active first, of those the ones that push groups.
    pub async fn applications(&self) -> Result<Vec<Application>, Gap> {
        let found = match &self.app_id {
            Some(id) => Vec::from_iter(self.find(APPS, self.resource(&["apps", id])).await?),
            None => self.integrated_applications().await?,
        };
        let found = found.into_iter().map(WireApp::application);
        found.map(|app| app.ok_or_else(|| incomplete(APPS.operation))).collect()
    }

    /// Whether the application can push groups: its `features` hold `GROUP_PUSH`.
    pub async fn sends_groups(&self, application: &Application) -> Result<bool, Gap> {
        let app = self.app(application).await?;
        let features = app.features.as_ref().ok_or_else(|| incomplete(APPS.operation))?;
        Ok(features.iter().flatten().any(|feature| feature == GROUP_PUSH))
    }

    /// `GET /api/v1/apps/{id}/connections/default` and the application's own status: whether it provisions
    /// at all. Okta sends on events, so there is neither a schedule nor a cycle.
    pub async fn synchronization(&self, application: &Application) -> Result<Synchronization, Gap> {
        let connection = self.resource(&["apps", &application.id, "connections", "default"]);
        let (app, connection) =
            join(self.app(application), self.get::<WireConnection>(CONNECTIONS, connection)).await;
        let is_active = app?.is_active().ok_or_else(|| incomplete(APPS.operation))?;
        let status = connection?.body.status.ok_or_else(|| incomplete(CONNECTIONS.operation))?;
        let state = match status.as_str() {
            _ if !is_active => SyncState::Off,
            "ENABLED" => SyncState::Running,
            "DISABLED" => SyncState::Off,
            _ => SyncState::Other(status),
        };
        Ok(Synchronization {
            job: None,
            state,
            interval: None,
            last: None,
            last_completed: None,
            other_jobs: 0,
        })
    }

    /// `GET /api/v1/apps/{id}/users/{id}`: the person's assignment, nothing where there is none.
    pub async fn app_user(
        &self,
        application: &Application,
        person: &IdpPerson,
    ) -> Result<Option<AppUser>, Gap> {
        let url = self.resource(&["apps", &application.id, "users", &person.id.0]);
        let found: Option<WireAppUser> = self.find(APPS_USERS, url).await?;
        found.map(|user| user.app_user().ok_or_else(|| incomplete(APPS_USERS.operation))).transpose()
    }

    /// `GET /api/v1/apps/{id}/groups/{groupId}`: whether people are assigned to the application through this group.
    pub async fn assigns_people(&self, application: &Application, group: &IdpGroup) -> Result<bool, Gap> {
        let url = self.resource(&["apps", &application.id, "groups", &group.id.0]);
        let found: Option<serde_json::Value> = self.find(APPS_GROUPS, url).await?;
        Ok(found.is_some())
    }

    /// The applications' ids, remembered where they had to be found.
    pub(super) async fn application_ids(&self) -> Result<Vec<String>, Gap> {
        if let Some(id) = &self.app_id {
            return Ok(vec![id.clone()]);
        }
        let ids = |found: Vec<Application>| found.into_iter().map(|application| application.id).collect();
        let found = async { self.applications().await.map(ids) };
        self.found_app_ids.try_get_with((), found).await.map_err(|gap: Arc<Gap>| Gap::clone(&gap))
    }

    async fn integrated_applications(&self) -> Result<Vec<WireApp>, Gap> {
        let mut url = self.resource(&["apps"]);
        url.query_pairs_mut()
            .append_pair("filter", &format!("name eq {}", quoted(INTEGRATION)))
            // Without it Okta leaves out what an admin deactivated, and that is what we may have to tell.
            .append_pair("includeNonDeleted", "true")
            .append_pair("limit", PAGE);
        let mut apps: Vec<WireApp> = self.list(APPS, url).await?;
        apps.retain(|app| {
            app.name.as_deref() == Some(INTEGRATION) && app.status.as_deref() != Some("DELETED")
        });
        apps.sort_by_key(|app| (app.is_active() != Some(true), !app.pushes_groups()));
        Ok(apps)
    }

    async fn app(&self, application: &Application) -> Result<WireApp, Gap> {
        Ok(self.get(APPS, self.resource(&["apps", &application.id])).await?.body)
    }
}

/// Okta's `Application`.
#[derive(Debug, Deserialize)]
struct WireApp {
    id: Option<String>,
    name: Option<String>,
    label: Option<String>,
    status: Option<String>,
    features: Option<Vec<Option<String>>>,
}

impl WireApp {
    fn application(self) -> Option<Application> {
        Some(Application { name: self.label.or(self.name).unwrap_or_default(), id: self.id? })
    }

    fn is_active(&self) -> Option<bool> {
        self.status.as_deref().map(|status| status == ACTIVE)
    }

    fn pushes_groups(&self) -> bool {
        self.features.iter().flatten().flatten().any(|feature| feature == GROUP_PUSH)
    }
}

/// Okta's `ProvisioningConnectionResponse`.
#[derive(Debug, Deserialize)]
struct WireConnection {
    status: Option<String>,
}

/// Okta's `AppUser`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireAppUser {
    external_id: Option<String>,
    status: Option<String>,
    sync_state: Option<String>,
    status_changed: Option<String>,
}

impl WireAppUser {
    fn app_user(self) -> Option<AppUser> {
        Some(AppUser {
            external_id: self.external_id.clone().filter(|id| !id.is_empty()),
            state: match self.status?.as_str() {
                "STAGED" => AppUserState::Staged,
                ACTIVE | "PROVISIONED" => AppUserState::Active,
                other @ ("DEPROVISIONED" | "INACTIVE" | "REVOKED" | "SUSPENDED" | "UNASSIGNED") => {
                    AppUserState::Withdrawn(other.to_owned())
                }
                other => AppUserState::Other(other.to_owned()),
            },
            in_error: self.sync_state.as_deref() == Some("ERROR"),
            status_changed: time(self.status_changed.as_deref()),
        })
    }
}
