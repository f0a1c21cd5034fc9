//! The directory's audit log: when somebody was added to a group. Entra keeps 30 days of it, 7 without a
//! Premium licence.

use jiff::Timestamp;
use reqwest::StatusCode;
use serde::Deserialize;

use super::Entra;
use super::graph::{List, PAGE, literal};
use super::moments::{filter_moment, moment};
use crate::diagnosis::facts::Gap;
use crate::diagnosis::facts::idp::{IdpGroup, IdpPerson};
use crate::sources::http::{Call, Failure};

/// What Entra calls it, for people who are added by an admin, an owner, a rule or an app alike. Filters are
/// case-sensitive, and "Add owner to group" is another activity.
const ACTIVITY: &str = "Add member to group";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Audit {
    activity_display_name: Option<String>,
    activity_date_time: Option<String>,
    result: Option<String>,
    target_resources: Option<Vec<Target>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Target {
    id: Option<String>,
    modified_properties: Option<Vec<ModifiedProperty>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ModifiedProperty {
    display_name: Option<String>,
    new_value: Option<String>,
}

impl Entra {
    /// When the person was last added to the group, as far back as `since`; nothing where the log does not
    /// say. Whether they were removed since is for [`Entra::direct_groups`] to say.
    ///
    /// # Errors
    /// As every call.
    pub async fn added_at(
        &self,
        group: &IdpGroup,
        person: &IdpPerson,
        since: Timestamp,
    ) -> Result<Option<Timestamp>, Gap> {
        let in_time = format!(
            "activityDisplayName eq {} and activityDateTime ge {}",
            literal(ACTIVITY),
            filter_moment(since)
        );
        let about_the_group =
            format!("{in_time} and targetResources/any(t: t/id eq {})", literal(&group.id.0));
        let entries = match self.audits(&about_the_group).await {
            Err(failure) if failure.status == Some(StatusCode::BAD_REQUEST) => self.audits(&in_time).await?,
            answered => answered?,
        };
        let additions = entries.iter().filter(|audit| audit.adds(person, group));
        Ok(additions.filter_map(|audit| moment(audit.activity_date_time.as_deref())).max())
    }

    async fn audits(&self, filter: &str) -> Result<Vec<Audit>, Failure> {
        const CALL: Call = Call::reading_once("graph:auditLogs/directoryAudits", "AuditLog.Read.All");
        let url = self.graph.url(&["auditLogs", "directoryAudits"], &[("$filter", filter), ("$top", PAGE)]);
        self.graph.pages(List::report(CALL, url, &self.reports)).all().await
    }
}

impl Audit {
    fn adds(&self, person: &IdpPerson, group: &IdpGroup) -> bool {
        let failed = self.result.as_deref().is_some_and(|result| !result.eq_ignore_ascii_case("success"));
        let targets = || self.target_resources.iter().flatten();
        self.activity_display_name.as_deref() == Some(ACTIVITY)
            && !failed
            && targets().any(|target| target.is(&person.id.0))
            && targets().any(|target| target.is(&group.id.0) || target.names_group(&group.id.0))
    }
}

impl Target {
    fn is(&self, id: &str) -> bool {
        self.id.as_deref().is_some_and(|actual| actual.eq_ignore_ascii_case(id))
    }

    /// The person's own entry names the group in a property, as JSON within the text.
    fn names_group(&self, id: &str) -> bool {
        let names = |value: &String| value.trim_matches('"').eq_ignore_ascii_case(id);
        self.modified_properties.iter().flatten().any(|property| {
            property.display_name.as_deref() == Some("Group.ObjectID")
                && property.new_value.as_ref().is_some_and(names)
        })
    }
}
