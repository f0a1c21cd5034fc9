//! Entra ID, by Microsoft Graph v1.0: people, groups, the enterprise application for AWS and its
//! provisioning.
//!
//! Reading order: [`credential`] gets the tokens, [`graph`] sends a request or reads a list page by page,
//! [`window`] keeps the limits that several questions share; then one file for each thing that is asked.

pub mod credential;
mod graph;
mod window;
mod people;
mod groups;
mod group_record;
mod deleted;
mod eligibility;
mod application;
pub mod synchronization;
mod rules;
mod provisioning_log;
mod audit_log;
mod on_demand;
mod moments;
mod tried;
#[cfg(test)]
mod tests;

use url::Url;

use super::http::{Http, NoClient};
use super::{Limits, Patience};
pub use application::NOT_THE_CONFIGURED;
use credential::{EntraCredential, Tokens};
use graph::Graph;
pub use rules::Rules;
use window::Window;

/// How much longer than a read [`Entra::provision_on_demand`] may take: Graph answers when the person and
/// the group have been provisioned, mostly within 30 s (Entra documentation, "On-demand provisioning").
const ON_DEMAND_PATIENCE: u32 = 10;

/// The client.
pub struct Entra {
    graph: Graph,
    /// As [`Self::graph`], with the patience of [`ON_DEMAND_PATIENCE`].
    on_demand: Http,
    service_principal_id: Option<String>,
    reports: Window,
    forced: Window,
}

/// Where Graph is and which application is meant.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `https://graph.microsoft.com/v1.0`.
    pub graph_url: String,
    /// The object id of the enterprise application for AWS; found by name where left out.
    pub service_principal_id: Option<String>,
}

impl Entra {
    /// A client of the Graph at `settings.graph_url`, that keeps these limits. Nothing is called yet.
    ///
    /// # Errors
    /// Where the address is no URL, the credential cannot be used (a federated token file that is not
    /// there, say), or there are no TLS roots.
    pub fn new(
        settings: Settings,
        credential: EntraCredential,
        patience: Patience,
        limits: Limits,
    ) -> Result<Self, NoClient> {
        let base = Url::parse(&settings.graph_url)
            .map_err(|error| NoClient::Address(settings.graph_url.clone(), error))?;
        let longer = patience.call * ON_DEMAND_PATIENCE;
        let on_demand = Http::new(
            graph::SERVICE,
            "entra",
            &base,
            Patience { attempt: longer, call: longer, ..patience },
        )?;
        let http = Http::new(graph::SERVICE, "entra", &base, patience)?;
        let tokens = Tokens::new(credential, &base, patience)?;
        Ok(Self {
            graph: Graph::new(http, base, tokens),
            on_demand,
            service_principal_id: settings.service_principal_id,
            reports: Window::new(limits.reports, limits.report_window, limits.report_window),
            forced: Window::new(limits.reports, limits.report_window, longer),
        })
    }
}
