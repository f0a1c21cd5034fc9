//! Privileged Identity Management for Groups: which groups somebody may activate. An optional right, which companies
//! without that licence have no use for.

use reqwest::StatusCode;
use serde::Deserialize;

use super::Entra;
use super::graph::{List, literal};
use super::moments::moment;
use crate::diagnosis::facts::idp::{Eligibility, IdpGroup, IdpGroupId, IdpPerson};
use crate::diagnosis::facts::{Gap, GapKind};
use crate::sources::http::{Call, Failure};

/// The optional permission (Microsoft Graph, "List eligibilityScheduleInstances").
pub(super) const PERMISSION: &str = "PrivilegedEligibilitySchedule.Read.AzureADGroup";

pub(super) const ELIGIBLE: Call =
    Call::reading("graph:privilegedAccess/group/eligibilityScheduleInstances", PERMISSION);

pub(super) const PATH: [&str; 4] =
    ["identityGovernance", "privilegedAccess", "group", "eligibilityScheduleInstances"];

/// Microsoft Graph, `privilegedAccessGroupEligibilityScheduleInstance`, with the fields that somebody reads.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Instance {
    group_id: Option<String>,
    principal_id: Option<String>,
    /// `member` or `owner`.
    access_id: Option<String>,
    end_date_time: Option<String>,
}

impl Entra {
    /// The groups that the person may activate their membership of.
    ///
    /// # Errors
    /// As every call; not configured if the app may not ask, or the tenant has no such licence.
    pub async fn eligible(&self, person: &IdpPerson) -> Result<Vec<Eligibility>, Gap> {
        let filter = format!("principalId eq {}", literal(&person.id.0));
        let list = List::plain(ELIGIBLE, self.graph.url(&PATH, &[("$filter", &filter)]));
        let instances: Vec<Instance> = self.graph.pages(list).all().await.map_err(optional)?;
        let of_the_person = instances.into_iter().filter(|instance| {
            let is_theirs = instance.principal_id.as_deref();
            is_theirs.is_none_or(|id| id.eq_ignore_ascii_case(&person.id.0))
                && !instance.access_id.as_deref().is_some_and(|access| access.eq_ignore_ascii_case("owner"))
        });
        let eligible = of_the_person.filter_map(|instance| {
            let until = moment(instance.end_date_time.as_deref());
            Some(Eligibility { group: IdpGroupId(instance.group_id?), until })
        });
        Ok(eligible.collect())
    }
}

impl Entra {
    /// Whether there is anybody who may activate membership of this group.
    ///
    /// # Errors
    /// As [`Self::eligible`].
    pub async fn is_activated(&self, group: &IdpGroup) -> Result<bool, Gap> {
        let filter = format!("groupId eq {}", literal(&group.id.0));
        let list = List::plain(ELIGIBLE, self.graph.url(&PATH, &[("$filter", &filter)]));
        let instances: Vec<Instance> = self.graph.pages(list).all().await.map_err(optional)?;
        let is_its = |instance: &Instance| {
            let group_id = instance.group_id.as_deref();
            group_id.is_some_and(|id| id.eq_ignore_ascii_case(&group.id.0))
                && !instance.access_id.as_deref().is_some_and(|access| access.eq_ignore_ascii_case("owner"))
        };
        Ok(instances.iter().any(is_its))
    }
}

/// A refusal is no fault of an installation that does without.
fn optional(failure: Failure) -> Gap {
    match failure.status {
        Some(StatusCode::BAD_REQUEST | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND) => {
            Gap { kind: GapKind::NotConfigured, ..failure.gap }
        }
        _ => failure.gap,
    }
}
