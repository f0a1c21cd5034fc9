//! Okta's group push mappings: whether a group is pushed to AWS, and pushing it again.

use std::collections::BTreeSet;
use std::sync::Arc;

use backon::{ExponentialBuilder, Retryable as _};
use futures::stream::{self, StreamExt as _, TryStreamExt as _};
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::log::kind;
use super::{Okta, Refusal, time, unusable};
use crate::diagnosis::facts::Gap;
use crate::diagnosis::facts::idp::{
    AppAssignment, Application, ForcedStep, IdpGroup, IdpGroupId, PushMapping, PushState, Trouble,
    TroubleAbout,
};
use crate::sources::http::Call;
use crate::sources::incomplete;

const MAPPINGS: Call = Call::reading("okta:apps/group-push/mappings", "okta.apps.read and okta.groups.read");

const NEEDED_TO_PUSH: &str = "okta.apps.manage and okta.groups.manage";

/// Sent once: where Okta refuses it, nothing has changed, and that has to be certain.
const SWITCH_OFF: Call = Call::changing(MAPPINGS.operation, NEEDED_TO_PUSH);

/// Safe to send again: it says what shall be, not what shall change.
const SWITCH_ON: Call = Call { operation: MAPPINGS.operation, needs: NEEDED_TO_PUSH, repeatable: true };

/// Mappings a page at most (Management API, `listGroupPushMappings`).
const PAGE: &str = "1000";

/// Groups looked up at once: far below Okta's limit on concurrent requests, which others share.
const LOOKED_UP_AT_ONCE: usize = 4;

/// How often more it is tried to switch a mapping on again, each time with all of the call's own attempts: a
/// mapping that stays off stops the whole group.
const SWITCHED_ON_AGAIN: usize = 3;

const OFF: &str = "Switch the group push mapping off";
const ON: &str = "Switch the group push mapping on, which pushes the whole group";

impl Okta {
    /// `GET /api/v1/apps/{id}/group-push/mappings?sourceGroupId=`: how the application has the group. Of
    /// several mappings an active one counts.
    pub async fn app_assignment(
        &self,
        application: &Application,
        group: &IdpGroup,
    ) -> Result<AppAssignment, Gap> {
        let mut url = self.resource(&["apps", &application.id, "group-push", "mappings"]);
        url.query_pairs_mut().append_pair("sourceGroupId", &group.id.0);
        let mut mappings: Vec<WireMapping> = self.list(MAPPINGS, url).await?;
        // The filter is applied here as well, since not every server honours it.
        mappings.retain(|mapping| mapping.source_group_id.as_deref() == Some(&group.id.0));
        let Some(mapping) = mappings.into_iter().min_by_key(|mapping| !mapping.is("ACTIVE")) else {
            return Ok(AppAssignment::None);
        };
        mapping.mapping().map(AppAssignment::Pushed).ok_or_else(|| incomplete(MAPPINGS.operation))
    }

    /// `GET /api/v1/apps/{id}/group-push/mappings`: every mapping of the application, with both its groups.
    pub async fn pushes(&self, application: &Application) -> Result<Vec<Push>, Gap> {
        let mappings = self.mappings(application).await?;
        let pushes = mappings.into_iter().map(|mapping| {
            let source = mapping.source_group_id.clone().map(IdpGroupId);
            let push = source.zip(mapping.mapping());
            push.map(|(source, mapping)| Push { source, mapping })
        });
        pushes.map(|push| push.ok_or_else(|| incomplete(MAPPINGS.operation))).collect()
    }

    /// `GET /api/v1/apps/{id}/group-push/mappings`, then each group by its id, since a mapping names none: every
    /// group that is pushed, once. A mapping that somebody switched off pushes nothing.
    pub async fn pushed_groups(&self, application: &Application) -> Result<Vec<IdpGroup>, Gap> {
        let mappings = self.mappings(application).await?;
        let pushing = mappings.into_iter().filter(|mapping| !mapping.is("INACTIVE"));
        let ids = pushing.map(|one| one.source_group_id.ok_or_else(|| incomplete(MAPPINGS.operation)));
        let ids = ids.collect::<Result<BTreeSet<_>, _>>()?;
        let looked_up = stream::iter(ids).map(async |id| self.group(&IdpGroupId(id)).await);
        let groups: Vec<Option<IdpGroup>> = looked_up.buffered(LOOKED_UP_AT_ONCE).try_collect().await?;
        Ok(groups.into_iter().flatten().collect())
    }

    async fn mappings(&self, application: &Application) -> Result<Vec<WireMapping>, Gap> {
        let mut url = self.resource(&["apps", &application.id, "group-push", "mappings"]);
        url.query_pairs_mut().append_pair("limit", PAGE);
        Ok(self.list(MAPPINGS, url).await?)
    }

    /// What went wrong when the group was pushed last, by its mapping's `errorSummary`.
    pub async fn push_trouble(
        &self,
        application: &Application,
        group: &IdpGroup,
    ) -> Result<Option<Trouble>, Gap> {
        let AppAssignment::Pushed(mapping) = self.app_assignment(application, group).await? else {
            return Ok(None);
        };
        Ok(mapping.error.map(|error| Trouble {
            about: TroubleAbout::Group(group.id.clone()),
            at: None,
            kind: kind("", &error),
            // Okta gives it no code, only this field.
            code: "errorSummary".to_owned(),
            reason: Some(error),
            advice: None,
        }))
    }

    /// Pushes the mapping's group again, whole: `PATCH …/group-push/mappings/{id}` to `INACTIVE`, then to
    /// `ACTIVE`, which begins with an initial push (Management API, `updateGroupPushMapping`). A mapping that
    /// somebody switched off is left alone.
    ///
    /// Once begun it goes on to its end, even where nobody waits for it any longer.
    ///
    /// # Errors
    /// Where nothing was changed. What fails after that is told in the steps, above all a mapping that is
    /// off now.
    pub async fn push_again(
        self: &Arc<Self>,
        application: &Application,
        mapping: &PushMapping,
    ) -> Result<Vec<ForcedStep>, Gap> {
        if mapping.state == PushState::Inactive {
            let detail = "it is off already: somebody switched it off, and nothing was done";
            return Ok(vec![step(OFF, Some(false), Some(detail.to_owned()))]);
        }
        let url = self.resource(&["apps", &application.id, "group-push", "mappings", &mapping.id]);
        let okta = Arc::clone(self);
        let toggled = tokio::spawn(async move { okta.toggle(url).await });
        toggled.await.unwrap_or_else(|_| {
            Err(unusable(SWITCH_OFF, "pushing again broke off; the mapping may now be off"))
        })
    }

    async fn toggle(&self, mapping: Url) -> Result<Vec<ForcedStep>, Gap> {
        let off = match self.set_status(SWITCH_OFF, &mapping, "INACTIVE").await {
            Ok(_) => step(OFF, Some(true), None),
            Err(refusal) if refusal.changed_nothing() => return Err(refusal.gap),
            // It may have happened all the same, so it has to be switched on in any case.
            Err(refusal) => step(OFF, None, Some(refusal.gap.detail)),
        };
        let pauses = ExponentialBuilder::default()
            .with_min_delay(self.patience.first_pause)
            .with_max_times(SWITCHED_ON_AGAIN)
            .with_jitter();
        let on = match (|| self.set_status(SWITCH_ON, &mapping, "ACTIVE")).retry(pauses).await {
            Ok(mapping) => switched_on(mapping),
            Err(refusal) => {
                let how = if off.succeeded == Some(true) { "is now" } else { "may now be" };
                let detail =
                    format!("the mapping {how} off and has to be switched on ({})", refusal.gap.detail);
                step(ON, Some(false), Some(detail))
            }
        };
        Ok(vec![off, on])
    }

    async fn set_status(&self, call: Call, mapping: &Url, status: &str) -> Result<WireMapping, Refusal> {
        let body = json!({"status": status});
        let request = self.http.request(Method::PATCH, mapping.clone()).json(&body);
        let answer = self.send::<Option<WireMapping>>(call, request).await?;
        Ok(answer.body.unwrap_or_default())
    }
}

/// A push mapping with the group that it pushes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Push {
    pub source: IdpGroupId,
    pub mapping: PushMapping,
}

impl Push {
    /// Returns true if it pushes changes.
    pub fn is_active(&self) -> bool {
        self.mapping.state == PushState::Active
    }
}

impl Refusal {
    /// Whether Okta answered and refused: a client error (4xx) leaves everything as it was, and without a
    /// token nothing was sent.
    fn changed_nothing(&self) -> bool {
        let no_token = self.gap.operation != MAPPINGS.operation;
        no_token || self.status.is_some_and(|status| status.is_client_error())
    }
}

fn switched_on(mapping: WireMapping) -> ForcedStep {
    match mapping.status.as_deref() {
        Some("INACTIVE") => step(ON, Some(false), Some("the mapping is still off".to_owned())),
        Some("ERROR") => step(ON, Some(false), mapping.error()),
        _ => step(ON, Some(true), None),
    }
}

fn step(name: &str, succeeded: Option<bool>, detail: Option<String>) -> ForcedStep {
    ForcedStep { name: name.to_owned(), succeeded, detail }
}

/// Okta's `GroupPushMapping`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireMapping {
    id: Option<String>,
    status: Option<String>,
    source_group_id: Option<String>,
    target_group_id: Option<String>,
    created: Option<String>,
    last_push: Option<String>,
    error_summary: Option<String>,
}

impl WireMapping {
    fn mapping(self) -> Option<PushMapping> {
        Some(PushMapping {
            state: match self.status.as_deref()? {
                "ACTIVE" => PushState::Active,
                "INACTIVE" => PushState::Inactive,
                "ERROR" => PushState::Error,
                other => PushState::Other(other.to_owned()),
            },
            target: self.target_group_id.clone().map(IdpGroupId),
            created: time(self.created.as_deref()),
            last_push: time(self.last_push.as_deref()),
            error: self.error(),
            id: self.id?,
        })
    }

    fn is(&self, status: &str) -> bool {
        self.status.as_deref() == Some(status)
    }

    /// `errorSummary` is empty where the last push went well.
    fn error(&self) -> Option<String> {
        self.error_summary.clone().filter(|error| !error.trim().is_empty())
    }
}
