//! The provisioning log: what went wrong when a person or a group was sent to AWS.

use std::collections::BTreeMap;

use jiff::Timestamp;
use reqwest::StatusCode;
use serde::Deserialize;

use super::Entra;
use super::graph::{List, literal};
use super::moments::{filter_moment, moment};
use crate::diagnosis::facts::Gap;
use crate::diagnosis::facts::idp::{Application, SkipReason, Trouble, TroubleAbout, TroubleKind};
use crate::sources::http::{Call, Failure};

/// Entries on a page, as Microsoft's own example for this log asks for.
const ENTRIES: &str = "500";

/// What is repeated of a reason: enough for its sentence, and not for the SCIM answer that follows it.
const LONGEST_REASON: usize = 200;

/// Skipped because both sides agree already, which is as good as a success.
const ALREADY_THE_SAME: &str = "RedundantExport";

/// Microsoft Graph, `provisioningObjectSummary`, with the fields that somebody reads.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    activity_date_time: Option<String>,
    service_principal: Option<Identity>,
    source_identity: Option<Identity>,
    provisioning_status_info: Option<StatusInfo>,
    provisioning_steps: Option<Vec<Step>>,
}

#[derive(Deserialize)]
struct Identity {
    id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StatusInfo {
    status: Option<String>,
    error_information: Option<ErrorInformation>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ErrorInformation {
    error_code: Option<String>,
    reason: Option<String>,
    recommended_action: Option<String>,
}

#[derive(Deserialize)]
struct Step {
    details: Option<serde_json::Value>,
}

impl Entra {
    /// The failures and skips of this object (a person's or a group's object id) since then, newest first, if nothing
    /// that came after succeeded.
    ///
    /// # Errors
    /// As every call.
    pub async fn troubles(
        &self,
        application: &Application,
        object_id: &str,
        about: &TroubleAbout,
        since: Timestamp,
    ) -> Result<Vec<Trouble>, Gap> {
        let since = filter_moment(since);
        let of_the_app =
            format!("servicePrincipal/id eq {} and activityDateTime gt {since}", literal(&application.id));
        let of_the_object = format!("{of_the_app} and sourceIdentity/id eq {}", literal(object_id));
        let entries = match self.entries(&of_the_object).await {
            Err(failure) if failure.status == Some(StatusCode::BAD_REQUEST) => {
                self.entries(&of_the_app).await?
            }
            answered => answered?,
        };
        Ok(unmended(entries, &application.id, object_id, about))
    }

    async fn entries(&self, filter: &str) -> Result<Vec<Entry>, Failure> {
        const CALL: Call = Call::reading_once(
            "graph:auditLogs/provisioning",
            "AuditLog.Read.All and a Premium licence (P1)",
        );
        let url = self.graph.url(&["auditLogs", "provisioning"], &[("$filter", filter), ("$top", ENTRIES)]);
        self.graph.pages(List::report(CALL, url, &self.reports)).all().await
    }
}

fn unmended(
    entries: Vec<Entry>,
    application_id: &str,
    object_id: &str,
    about: &TroubleAbout,
) -> Vec<Trouble> {
    let of_the_object = entries.into_iter().filter(|entry| entry.is_of(application_id, object_id));
    let mut dated: Vec<(Timestamp, Entry)> = of_the_object
        .filter_map(|entry| Some((moment(entry.activity_date_time.as_deref())?, entry)))
        .collect();
    dated.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let since_it_went_well = dated.into_iter().take_while(|(_, entry)| !entry.went_well());
    since_it_went_well.filter_map(|(at, entry)| entry.trouble(at, about)).collect()
}

impl Entry {
    /// The same person may be provisioned to other applications as well.
    fn is_of(&self, application_id: &str, object_id: &str) -> bool {
        let application = self.service_principal.as_ref().and_then(|principal| principal.id.as_deref());
        let object = self.source_identity.as_ref().and_then(|identity| identity.id.as_deref());
        application.is_none_or(|id| id.eq_ignore_ascii_case(application_id))
            && object.is_some_and(|id| id.eq_ignore_ascii_case(object_id))
    }

    /// Microsoft's own examples disagree on the case of these words.
    fn has_status(&self, status: &str) -> bool {
        let info = self.provisioning_status_info.as_ref();
        info.and_then(|info| info.status.as_deref()).is_some_and(|actual| actual.eq_ignore_ascii_case(status))
    }

    fn went_well(&self) -> bool {
        self.has_status("success") || (self.has_status("skipped") && self.is_already_the_same())
    }

    fn is_already_the_same(&self) -> bool {
        let code = self.error().and_then(|error| error.error_code.as_deref());
        code.into_iter().chain(self.skip_reason()).any(|reason| reason.eq_ignore_ascii_case(ALREADY_THE_SAME))
    }

    fn skip_reason(&self) -> Option<&str> {
        let mut details = self.provisioning_steps.iter().flatten().filter_map(|step| step.details.as_ref());
        details.find_map(|details| details.get("SkipReason")?.as_str())
    }

    /// The scoping filters that were evaluated and did not hold: JSON in a string, each filter with its outcome.
    fn filters_that_exclude(&self) -> Vec<String> {
        let mut details = self.provisioning_steps.iter().flatten().filter_map(|step| step.details.as_ref());
        let evaluated = details.find_map(|details| details.get("ScopeEvaluationResult")?.as_str());
        let evaluated: Option<BTreeMap<String, serde_json::Value>> =
            evaluated.and_then(|evaluated| serde_json::from_str(evaluated).ok());
        let excludes = |held: &serde_json::Value| match held {
            serde_json::Value::Bool(holds) => !holds,
            other => other.as_str().is_some_and(|word| word.eq_ignore_ascii_case("false")),
        };
        evaluated.into_iter().flatten().filter(|(_, held)| excludes(held)).map(|(filter, _)| filter).collect()
    }

    fn skipped(&self, at: Timestamp, about: &TroubleAbout) -> Trouble {
        let excluding = self.filters_that_exclude();
        let code = self.skip_reason().or_else(|| self.error()?.error_code.as_deref()).unwrap_or("Skipped");
        let is = |known: &str| code.eq_ignore_ascii_case(known);
        let why = match excluding.is_empty() {
            false => SkipReason::OutOfScope,
            true if is("NotEffectivelyEntitled") => SkipReason::NotEntitled,
            true if is("UnableToResolveReferenceAttributeValue") => SkipReason::UnresolvedReference,
            true => SkipReason::Other,
        };
        let said = || in_short(self.error()?.reason.as_deref()?);
        let reason = if excluding.is_empty() { said() } else { in_short(&excluding.join("; ")) };
        let kind = TroubleKind::Skipped(why);
        Trouble {
            about: about.clone(),
            at: Some(at),
            kind,
            code: code.to_owned(),
            reason,
            advice: self.advice(),
        }
    }

    fn advice(&self) -> Option<String> {
        in_short(self.error()?.recommended_action.as_deref()?)
    }

    fn error(&self) -> Option<&ErrorInformation> {
        self.provisioning_status_info.as_ref()?.error_information.as_ref()
    }

    fn trouble(&self, at: Timestamp, about: &TroubleAbout) -> Option<Trouble> {
        if self.has_status("skipped") {
            return Some(self.skipped(at, about));
        }
        if !self.has_status("failure") {
            return None;
        }
        let error = self.error();
        let code = error.and_then(|error| error.error_code.clone()).unwrap_or_else(|| "Unknown".to_owned());
        let reason = error.and_then(|error| error.reason.as_deref()).unwrap_or_default();
        Some(Trouble {
            about: about.clone(),
            at: Some(at),
            kind: kind(&code, reason),
            reason: in_short(reason),
            advice: self.advice(),
            code,
        })
    }
}

/// By the error codes that Entra documents ("Analyze the provisioning logs"). Its SCIM connector reports
/// whatever the other side refused under one code, so that there the HTTP status within the reason decides.
fn kind(code: &str, reason: &str) -> TroubleKind {
    let is = |codes: &[&str]| codes.iter().any(|known| known.eq_ignore_ascii_case(code));
    let has_status = |status: &str| {
        reason.split(|character: char| !character.is_ascii_alphanumeric()).any(|word| word == status)
    };
    if is(&["EntryConflict", "Conflict", "DuplicateTargetEntries"]) || has_status("409") {
        return TroubleKind::NameTaken;
    }
    let credential = [
        "Unauthorized",
        "InsufficientRights",
        "SystemForCrossDomainIdentityManagementCredentialValidationUnavailable",
    ];
    if is(&credential) || has_status("401") {
        return TroubleKind::CredentialRefused;
    }
    let attribute = [
        "MandatoryFieldsMissing",
        "MissingValues",
        "SchemaAttributeNotFound",
        "SchemaPropertyCanOnlyAcceptValue",
    ];
    match () {
        () if is(&attribute) => TroubleKind::Attribute,
        () if is(&["InvalidAnchor"]) => TroubleKind::TargetDeleted,
        () => TroubleKind::Other,
    }
}

/// A reason without the SCIM answer that may be in it, on one line.
pub(super) fn in_short(reason: &str) -> Option<String> {
    let sentence = reason.split('{').next().unwrap_or_default();
    let line = sentence.split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = line.chars().take(LONGEST_REASON).collect();
    (!short.is_empty()).then_some(short)
}
