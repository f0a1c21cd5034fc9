//! The job's schema: by which rule people are provisioned, by which groups, and whether groups are at all.

use serde::Deserialize;

use super::Entra;
use crate::diagnosis::facts::Gap;
use crate::diagnosis::facts::idp::Application;
use crate::sources::http::Call;
use crate::sources::incomplete;

/// The ids of the synchronization rules, as [`Entra::provision_on_demand`] needs them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// Nothing where no enabled mapping sends groups.
    pub group: Option<String>,
    /// Nothing where no enabled mapping sends people.
    pub user: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Schema {
    synchronization_rules: Option<Vec<Rule>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: Option<String>,
    object_mappings: Option<Vec<ObjectMapping>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ObjectMapping {
    enabled: Option<bool>,
    source_object_name: Option<String>,
}

impl Entra {
    /// The rules of this synchronization job.
    ///
    /// # Errors
    /// As every call.
    pub async fn rules(&self, application: &Application, job: &str) -> Result<Rules, Gap> {
        const CALL: Call = Call::reading("graph:synchronization/schema", "Synchronization.Read.All");
        let path = ["servicePrincipals", &application.id, "synchronization", "jobs", job, "schema"];
        let schema: Schema = self.graph.object(CALL, self.graph.url(&path, &[])).await?;
        let rules = schema.synchronization_rules.ok_or_else(|| incomplete(CALL.operation))?;
        let rule_for = |object: &str| rules.iter().find(|rule| rule.sends(object))?.id.clone();
        Ok(Rules { group: rule_for("Group"), user: rule_for("User") })
    }
}

impl Rule {
    fn sends(&self, object: &str) -> bool {
        self.object_mappings.iter().flatten().any(|mapping| {
            // What is not said is no "no".
            mapping.enabled != Some(false)
                && mapping.source_object_name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(object))
        })
    }
}
