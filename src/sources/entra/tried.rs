//! What the app is allowed at Microsoft Graph: each permission tried by a call that reads one entry at most, or
//! asks for what nobody has.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::synchronization::JOBS;
use super::{Entra, credential, eligibility};
use crate::checkup::{Denial, DenialKind, Tried};
use crate::diagnosis::facts::GapKind;
use crate::diagnosis::facts::idp::Application;
use crate::sources::http::{Call, Failure};
use crate::sources::unsendable;

/// An object id that nothing has.
const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

impl Entra {
    /// The request for a token, as the check of everything else would fail by it.
    pub const TOKEN: &str = credential::OPERATION;

    /// One of the permissions that need no application.
    pub async fn try_reading(&self, permission: &'static str) -> Tried {
        const LOG: &str = "graph:auditLogs/provisioning";
        if permission == eligibility::PERMISSION {
            return self.try_eligibility().await;
        }
        let (operation, path, select): (_, &[&str], _) = match permission {
            "User.Read.All" => ("graph:users", &["users"], Some("id,accountEnabled")),
            "GroupMember.Read.All" => ("graph:groups", &["groups"], Some("id,displayName")),
            "Application.Read.All" => ("graph:servicePrincipals", &["servicePrincipals"], Some("id")),
            "AuditLog.Read.All" => (LOG, &["auditLogs", "provisioning"], None),
            _ => return Tried::Unread(unsendable(permission)),
        };
        if operation == LOG
            && let Err(gap) = self.reports.turn(operation).await
        {
            return Tried::Unread(gap);
        }
        let options: Vec<_> =
            select.map(|names| ("$select", names)).into_iter().chain([("$top", "1")]).collect();
        let url = self.graph.url(path, &options);
        match self.graph.object::<Value>(Call::reading_once(operation, permission), url).await {
            // The list is given without what may not be read of its entries.
            Ok(page) if hides(&page, permission) => denied("accountEnabled is not shown", DenialKind::Right),
            Ok(_) => Tried::Allowed,
            Err(failure) => came_of(failure),
        }
    }

    /// What nobody may activate: the list has to be filtered. A tenant without the licence answers with a bad request.
    async fn try_eligibility(&self) -> Tried {
        let filter = format!("principalId eq '{NOBODY}'");
        let url = self.graph.url(&eligibility::PATH, &[("$filter", &filter)]);
        match self.graph.object::<Value>(eligibility::ELIGIBLE, url).await {
            Ok(_) => Tried::Allowed,
            Err(failure) => match failure.status {
                Some(StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND) => {
                    denied("no Privileged Identity Management", DenialKind::Licence)
                }
                _ => came_of(failure),
            },
        }
    }

    /// `Synchronization.Read.All`, which only an application can be asked by.
    pub async fn try_synchronization(&self, application: &Application) -> Tried {
        let path = ["servicePrincipals", &application.id, "synchronization", "jobs"];
        match self.graph.object::<Value>(JOBS, self.graph.url(&path, &[])).await {
            Ok(_) => Tried::Allowed,
            Err(failure) => came_of(failure),
        }
    }

    /// `Synchronization.ReadWrite.All`: has nobody provisioned, by no rule. Graph refuses that as something that is
    /// not there if the app may provision, and as forbidden if it may not.
    pub async fn try_provisioning(&self, application: &Application, job: &str) -> Tried {
        const CALL: Call =
            Call::changing("graph:synchronization/provisionOnDemand", "Synchronization.ReadWrite.All");
        let path =
            ["servicePrincipals", &application.id, "synchronization", "jobs", job, "provisionOnDemand"];
        let nobody = json!({"objectId": NOBODY, "objectTypeName": "User"});
        let order = json!({"parameters": [{"ruleId": NOBODY, "subjects": [nobody]}]});
        if let Err(gap) = self.forced.turn(CALL.operation).await {
            return Tried::Unread(gap);
        }
        let url = self.graph.url(&path, &[]);
        let request = match self.graph.request(&self.on_demand, Method::POST, url).await {
            Ok(request) => request.json(&order),
            Err(gap) => return came_of(gap.into()),
        };
        match self.on_demand.json::<Value>(CALL, request).await {
            Ok(_) => Tried::Allowed,
            Err(failure) => match failure.status {
                Some(StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND) => Tried::Allowed,
                _ => came_of(failure),
            },
        }
    }
}

/// With less than `User.Read.All` the entry is there and this is null ("List users", "Permissions").
fn hides(page: &Value, permission: &str) -> bool {
    let first = &page["value"][0];
    permission == "User.Read.All" && first.is_object() && first["accountEnabled"].is_null()
}

fn came_of(failure: Failure) -> Tried {
    let Failure { gap, status, code, .. } = failure;
    // Entra ID refused the app itself.
    if gap.operation == credential::OPERATION && gap.kind == GapKind::Forbidden {
        return Tried::NotTaken(gap.detail);
    }
    let said = || code.clone().unwrap_or_else(|| gap.detail.clone());
    match status {
        Some(StatusCode::UNAUTHORIZED) => Tried::NotTaken(said()),
        // "Authentication_RequestFromNonPremiumTenantOrB2CTenant", for the logs.
        Some(StatusCode::FORBIDDEN) if said().contains("NonPremium") => denied(&said(), DenialKind::Licence),
        Some(StatusCode::FORBIDDEN) => denied(&said(), DenialKind::Right),
        _ => Tried::Unread(gap),
    }
}

fn denied(code: &str, kind: DenialKind) -> Tried {
    Tried::Denied(Denial { code: code.to_owned(), kind })
}
