//! Provisioning one person, or one group with one member, now, without waiting for a cycle.

use reqwest::Method;
use serde_json::{Value, json};

use super::Entra;
use super::provisioning_log::in_short;
use crate::diagnosis::facts::Gap;
use crate::diagnosis::facts::idp::{Application, ForcedStep, IdpGroup, IdpPerson};
use crate::sources::http::Call;

const CALL: Call = Call::changing("graph:synchronization/provisionOnDemand", "Synchronization.ReadWrite.All");

impl Entra {
    /// Provisions this person, and says what was done step by step, the outcome last. An answer that says
    /// nothing about steps gives none: Entra took the order all the same.
    ///
    /// It waits longer than other calls, since Graph answers when it is done, and is sent only once.
    ///
    /// # Errors
    /// As every call. After a timeout it may still happen.
    pub async fn provision_person_on_demand(
        &self,
        application: &Application,
        job: &str,
        rule: &str,
        person: &IdpPerson,
    ) -> Result<Vec<ForcedStep>, Gap> {
        let subject = json!({"objectId": person.id.0, "objectTypeName": "User"});
        self.order(application, job, rule, subject, "the person").await
    }

    /// Provisions the group with this person as its one member, as
    /// [`Self::provision_person_on_demand`] does. Entra leaves out a member who is not provisioned, so the
    /// person comes first.
    ///
    /// # Errors
    /// As every call. After a timeout it may still happen.
    pub async fn provision_on_demand(
        &self,
        application: &Application,
        job: &str,
        rule: &str,
        group: &IdpGroup,
        person: &IdpPerson,
    ) -> Result<Vec<ForcedStep>, Gap> {
        let subject = json!({
            "objectId": group.id.0,
            "objectTypeName": "Group",
            "links": {"members": [{"objectId": person.id.0, "objectTypeName": "User"}]},
        });
        self.order(application, job, rule, subject, "the group with this member").await
    }

    async fn order(
        &self,
        application: &Application,
        job: &str,
        rule: &str,
        subject: Value,
        what: &str,
    ) -> Result<Vec<ForcedStep>, Gap> {
        let path =
            ["servicePrincipals", &application.id, "synchronization", "jobs", job, "provisionOnDemand"];
        let order = json!({"parameters": [{"ruleId": rule, "subjects": [subject]}]});
        self.forced.turn(CALL.operation).await?;
        let request = self.graph.request(&self.on_demand, Method::POST, self.graph.url(&path, &[])).await?;
        let answer = self.on_demand.json::<Value>(CALL, request.json(&order)).await?;
        Ok(steps(&answer.body, what))
    }
}

/// Graph answers with a pair of texts that hold JSON: the outcome as the key and the details as the value;
/// or the name of a type as the key and a list of details as the value.
fn steps(answer: &Value, what: &str) -> Vec<ForcedStep> {
    let (key, value) = (unwrapped(answer.get("key")), unwrapped(answer.get("value")));
    let details = match &value {
        Value::Array(details) => details.iter().collect(),
        details => vec![details],
    };
    let each = details.iter().filter_map(|details| details.get("provisioningSteps")?.as_array()).flatten();
    let mut steps: Vec<_> = each.filter_map(step).collect();
    steps.extend(outcome(&key, what).or_else(|| details.iter().find_map(|details| outcome(details, what))));
    steps
}

/// JSON that may be within a text.
fn unwrapped(value: Option<&Value>) -> Value {
    match value {
        Some(Value::String(text)) => serde_json::from_str(text).unwrap_or(Value::Null),
        Some(value) => value.clone(),
        None => Value::Null,
    }
}

fn step(step: &Value) -> Option<ForcedStep> {
    let details = step.get("details");
    let detail = text(step, "description")
        .or_else(|| ["SkipReason", "ErrorCode", "errorCode"].iter().find_map(|name| text(details?, name)));
    Some(ForcedStep {
        name: text(step, "name")?.to_owned(),
        succeeded: text(step, "status").and_then(succeeded),
        detail: detail.and_then(in_short),
    })
}

/// The outcome of it all: the key's `result` with `details`, else the value's `statusInfo`.
fn outcome(told: &Value, what: &str) -> Option<ForcedStep> {
    let info = told.get("statusInfo").unwrap_or(told);
    let result = text(info, "result").or_else(|| text(info, "status"))?;
    let details = info.get("details").or_else(|| info.get("errorInformation"));
    let said = |name: &str| details.and_then(|details| text(details, name));
    let parts: Vec<_> =
        [said("errorCode"), said("errorMessage").or_else(|| said("reason"))].into_iter().flatten().collect();
    Some(ForcedStep {
        name: format!("Outcome for {what}, {result}"),
        succeeded: succeeded(result),
        detail: in_short(&parts.join(": ")),
    })
}

fn succeeded(status: &str) -> Option<bool> {
    match status.to_ascii_lowercase().as_str() {
        "success" => Some(true),
        "failure" => Some(false),
        _ => None,
    }
}

fn text<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    value.get(name)?.as_str().filter(|text| !text.trim().is_empty())
}
