//! Microsoft Graph v1.0 on loopback, under `/v1.0`: the directory, the application for AWS, its
//! synchronization, the logs and who may activate a group, as far as a diagnosis can need them.
//!
//! Reading order: a [`call`] is what arrived and names a [`resource`]; [`directory`], [`application`],
//! [`synchronization`], [`on_demand`] and [`logs`] answer for their resources; [`list`] does to all lists
//! what OData lets a caller ask, with [`filter`] for `$filter`; [`refusal`] is every answer that is an error.
//!
//! It is served while the company is on Entra ID. Shapes, limits and errors are those of the Microsoft Graph
//! v1.0 reference; what is not known here is refused, never passed over.

mod call;
mod resource;
mod directory;
mod eligibility;
mod application;
mod synchronization;
mod on_demand;
mod logs;
mod list;
mod filter;
mod refusal;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use jiff::Timestamp;
use serde_json::Value;

use super::Sandbox;
use super::company::{Company, ids};
use super::faults::Fault;
use super::idp::Idp;
use super::scenario::IdpKind;
use call::Call;
use refusal::Refusal;
use resource::Resource;

/// The access token that the simulated tenant takes. It protects nothing.
pub const GRAPH_TOKEN: &str = "graph-token-of-the-simulated-company";

/// The operations, as [`faults`](super::faults) and [`calls`](super::calls) name them.
pub const OPERATIONS: [&str; 20] = [
    "graph:users",
    "graph:users/memberOf",
    "graph:users/transitiveMemberOf",
    "graph:users/appRoleAssignments",
    "graph:users/checkMemberGroups",
    "graph:directory/deletedItems/users",
    "graph:groups",
    "graph:groups/members",
    "graph:groups/owners",
    "graph:groups/appRoleAssignments",
    "graph:privilegedAccess/group/eligibilityScheduleInstances",
    "graph:servicePrincipals",
    "graph:servicePrincipals/appRoleAssignedTo",
    "graph:synchronization/jobs",
    "graph:synchronization/schema",
    "graph:synchronization/provisionOnDemand",
    "graph:synchronization/start",
    "graph:synchronization/restart",
    "graph:auditLogs/provisioning",
    "graph:auditLogs/directoryAudits",
];

/// How Graph declares its JSON.
const GRAPH_JSON: &str =
    "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";

/// A request body of this many bytes is far above the longest that Graph's limits allow here.
const LONGEST_BODY: usize = 64 * 1024;

/// `/v1.0/*`
pub fn router(sandbox: Arc<Sandbox>) -> axum::Router {
    let graph = Arc::new(Graph { sandbox, answered: AtomicU64::new(0) });
    axum::Router::new().route("/v1.0/{*path}", any(answer)).with_state(graph)
}

struct Graph {
    sandbox: Arc<Sandbox>,
    answered: AtomicU64,
}

async fn answer(State(graph): State<Arc<Graph>>, request: Request) -> Response {
    let request_id = ids::uuid("graph request", &graph.answered.fetch_add(1, Ordering::Relaxed).to_string());
    let (parts, body) = request.into_parts();
    let mut response = match axum::body::to_bytes(body, LONGEST_BODY).await {
        Ok(body) => graph.sandbox.graph_answer(&parts, &body, &request_id).await,
        Err(_) => graph.sandbox.graph_refuses(&Refusal::unreadable_body(), &request_id),
    };
    if let Ok(request_id) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert("request-id", request_id);
    }
    response
}

impl Sandbox {
    async fn graph_answer(&self, parts: &Parts, body: &Bytes, request_id: &str) -> Response {
        match self.carry_out_graph(parts, body).await {
            Ok(Answer::Json(body)) => {
                (StatusCode::OK, [(header::CONTENT_TYPE, GRAPH_JSON)], body.to_string()).into_response()
            }
            Ok(Answer::NoContent) => StatusCode::NO_CONTENT.into_response(),
            Ok(Answer::Broken(response)) => response,
            Err(refusal) => self.graph_refuses(&refusal, request_id),
        }
    }

    async fn carry_out_graph(&self, parts: &Parts, body: &Bytes) -> Result<Answer, Refusal> {
        if self.scenario.idp != Some(IdpKind::Entra) {
            return Err(Refusal::no_tenant());
        }
        if !is_signed_in(&parts.headers) {
            return Err(Refusal::invalid_token());
        }
        let resource = Resource::named(&parts.method, parts.uri.path())?;
        let operation = resource.operation();
        self.calls.arrive(operation).await;
        if let Some(fault) = self.faults.strike(operation).await {
            return suffered(&fault);
        }
        let allowing = resource.permissions();
        if !allowing.iter().any(|permission| self.rights.has(permission)) {
            return Err(Refusal::no_permission(allowing[0]));
        }
        let call = Call::read(parts, body, (self.clock)())?;
        carry_out(&mut self.company(), &resource, &call)
    }

    fn graph_refuses(&self, refusal: &Refusal, request_id: &str) -> Response {
        let body = refusal.body((self.clock)(), request_id).to_string();
        let mut response =
            (refusal.status, [(header::CONTENT_TYPE, "application/json")], body).into_response();
        if let Some(seconds) = refusal.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// What is answered to a call that is not refused.
enum Answer {
    Json(Value),
    NoContent,
    /// What no Graph would answer: a fault.
    Broken(Response),
}

/// The tenant as it is now: its directory, and the AWS behind it.
struct Tenant<'a> {
    company: &'a Company,
    idp: &'a Idp,
}

fn carry_out(company: &mut Company, resource: &Resource, call: &Call) -> Result<Answer, Refusal> {
    match resource {
        // Nobody has a reason to call these two on a running job. That they were called is noted, and is
        // all that comes of it.
        Resource::Start { application, job } | Resource::Restart { application, job } => {
            synchronization::job(&tenant(company)?, application, job)?;
            Ok(Answer::NoContent)
        }
        Resource::ProvisionOnDemand { application, job } => {
            synchronization::job(&tenant(company)?, application, job)?;
            on_demand::provision(company, call).map(Answer::Json)
        }
        read => read_from(&tenant(company)?, read, call).map(Answer::Json),
    }
}

fn read_from(tenant: &Tenant, resource: &Resource, call: &Call) -> Result<Value, Refusal> {
    match resource {
        Resource::Users
        | Resource::User(_)
        | Resource::DeletedUsers
        | Resource::MemberOf { .. }
        | Resource::CheckMemberGroups(_)
        | Resource::Groups
        | Resource::Group(_)
        | Resource::Members { .. }
        | Resource::Owners(_) => directory::answer(tenant, resource, call),
        Resource::ServicePrincipals
        | Resource::ServicePrincipal(_)
        | Resource::AssignmentsOfUser(_)
        | Resource::AssignmentsOfGroup(_)
        | Resource::AssignedTo(_) => application::answer(tenant, resource, call),
        Resource::Eligibilities => eligibility::answer(tenant, call),
        Resource::ProvisioningLog | Resource::DirectoryAudits => logs::answer(tenant, resource, call),
        Resource::Jobs(_)
        | Resource::Job { .. }
        | Resource::Schema { .. }
        | Resource::Start { .. }
        | Resource::Restart { .. }
        | Resource::ProvisionOnDemand { .. } => synchronization::answer(tenant, resource, call),
    }
}

fn tenant(company: &Company) -> Result<Tenant<'_>, Refusal> {
    let idp = company.idp.as_ref().ok_or_else(Refusal::no_tenant)?;
    Ok(Tenant { company, idp })
}

fn is_signed_in(headers: &HeaderMap) -> bool {
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    authorization.and_then(|value| value.strip_prefix("Bearer ")) == Some(GRAPH_TOKEN)
}

fn suffered(fault: &Fault) -> Result<Answer, Refusal> {
    match fault {
        Fault::Throttled { retry_after } => Err(Refusal::throttled(*retry_after)),
        Fault::Forbidden => Err(Refusal::forbidden()),
        Fault::Html500 => {
            let page = "<html><head><title>500 Internal Server Error</title></head><body></body></html>";
            let broken = (StatusCode::INTERNAL_SERVER_ERROR, [(header::CONTENT_TYPE, "text/html")], page);
            Ok(Answer::Broken(broken.into_response()))
        }
        Fault::MalformedJson => {
            let broken =
                (StatusCode::OK, [(header::CONTENT_TYPE, GRAPH_JSON)], "{\"value\": [{\"id\": \"cut off");
            Ok(Answer::Broken(broken.into_response()))
        }
        // `Faults::strike` serves these two itself and never hands them out.
        Fault::Slow { .. } | Fault::Hanging => Err(Refusal::internal()),
    }
}

/// How Graph writes a moment: no fraction where there is none, else to the tenth of a microsecond.
fn written(moment: Timestamp) -> String {
    if moment.subsec_nanosecond() == 0 { moment.to_string() } else { format!("{moment:.7}") }
}

/// Whether it has the form of a UUID, as object ids have.
fn is_uuid(id: &str) -> bool {
    let lengths: Vec<usize> = id.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && id.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}
