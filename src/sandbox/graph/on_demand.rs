//! `provisionOnDemand`: one person, or one group with up to five of its members, brought over at once.
//!
//! The answer is a pair of strings that hold JSON. Two shapes of it are known: the reference shows an object
//! with the result in `key`; callers also report the name of a type in `key` and an array in `value`. A group
//! is answered in the first shape here, a person in the second, so that a client meets both.
//!
//! Source: Microsoft Graph, "synchronizationJob: provisionOnDemand".

use serde::Deserialize;
use serde_json::{Value, json};

use super::call::Call;
use super::refusal::Refusal;
use super::{directory, tenant};
use crate::sandbox::company::Company;
use crate::sandbox::idp::force::{Step, StepKind, StepOutcome};
use crate::sandbox::idp::log::About;
use crate::sandbox::idp::{Idp, Problem};

/// The members that one call takes at most.
const MOST_MEMBERS: usize = 5;

const CONTEXT: &str = "https://graph.microsoft.com/v1.0/$metadata#microsoft.graph.stringKeyStringValuePair";
const STATUS_INFO: &str = "Microsoft.Identity.Health.CPP.Common.DataContracts.SyncFabric.StatusInfo";

#[derive(Deserialize)]
struct Body {
    parameters: Vec<Parameters>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    rule_id: String,
    subjects: Vec<Subject>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Subject {
    object_id: String,
    object_type_name: String,
    links: Option<Links>,
}

#[derive(Deserialize)]
struct Links {
    #[serde(default)]
    members: Vec<Member>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Member {
    object_id: String,
    object_type_name: String,
}

/// What is asked for, by the keys of the scenario.
enum Asked {
    Person(String),
    Group { group: String, members: Vec<String> },
}

/// Brings over what the call names, and tells step by step how that went.
pub(super) fn provision(company: &mut Company, call: &Call) -> Result<Value, Refusal> {
    call.options.only(&[])?;
    let asked = asked(company, call.body()?)?;
    let steps = match &asked {
        Asked::Person(person) => company.provision_person_on_demand(person, call.now).map(|done| done.steps),
        Asked::Group { group, members } => members
            .iter()
            .map(|member| company.provision_on_demand(group, member, call.now))
            .collect::<Result<Vec<_>, _>>()
            .map(|all| all.into_iter().flat_map(|done| done.steps).collect()),
    };
    // The model refuses only what `asked` has looked up before.
    let steps: Vec<Step> = steps.map_err(|_| Refusal::internal())?;
    let result = Outcome::of(&steps);
    let idp = tenant(company)?.idp;
    let told: Vec<Value> = steps.iter().map(|step| step_json(idp, step)).collect();
    let (key, value) = match &asked {
        Asked::Group { group, .. } => {
            let about = About::Group(group.clone());
            (result.json().to_string(), summary(&result, &told, idp, &about))
        }
        Asked::Person(person) => {
            let about = About::Person(person.clone());
            (STATUS_INFO.to_owned(), json!([summary(&result, &told, idp, &about)]))
        }
    };
    Ok(json!({"@odata.context": CONTEXT, "key": key, "value": value.to_string()}))
}

fn asked(company: &Company, body: Body) -> Result<Asked, Refusal> {
    let tenant = tenant(company)?;
    let [parameters] = body.parameters.as_slice() else {
        return Err(Refusal::bad("parameters must hold exactly one set of parameters."));
    };
    if tenant.idp.job.as_ref().is_none_or(|job| job.rule_id != parameters.rule_id) {
        return Err(Refusal::bad("The schema of this job has no rule of that ruleId."));
    }
    let [subject] = parameters.subjects.as_slice() else {
        return Err(Refusal::bad("subjects must hold exactly one object."));
    };
    if subject.object_type_name.eq_ignore_ascii_case("User") {
        return Ok(Asked::Person(directory::person(&tenant, &subject.object_id)?.key.clone()));
    }
    if !subject.object_type_name.eq_ignore_ascii_case("Group") {
        return Err(Refusal::bad("objectTypeName must be User or Group."));
    }
    let group = directory::known_group(&tenant, &subject.object_id)?.key.clone();
    let members = subject.links.as_ref().map(|links| links.members.as_slice()).unwrap_or_default();
    if !(1..=MOST_MEMBERS).contains(&members.len()) {
        return Err(Refusal::bad(&format!(
            "links.members must hold one to {MOST_MEMBERS} members of the group."
        )));
    }
    let member_key = |member: &Member| {
        if !member.object_type_name.eq_ignore_ascii_case("User") {
            return Err(Refusal::bad("Only users can be provisioned as members of a group."));
        }
        Ok(directory::person(&tenant, &member.object_id)?.key.clone())
    };
    Ok(Asked::Group { group, members: members.iter().map(member_key).collect::<Result<_, _>>()? })
}

/// What came of all steps together.
struct Outcome {
    result: &'static str,
    code: String,
    message: String,
}

impl Outcome {
    /// The first obstacle, if there is one.
    fn of(steps: &[Step]) -> Self {
        for step in steps {
            match &step.outcome {
                StepOutcome::Failed(problem) => return Self::prevented("Failure", problem),
                StepOutcome::Skipped(problem) => return Self::prevented("Skipped", problem),
                StepOutcome::Done | StepOutcome::AlreadyThere => {}
            }
        }
        let mut exports = steps.iter().filter(|step| step.kind == StepKind::Export);
        if exports.all(|step| step.outcome == StepOutcome::AlreadyThere) {
            let message = "The state of the object in both the source and the target system already match.";
            return Self {
                result: "Skipped",
                code: "RedundantExport".to_owned(),
                message: message.to_owned(),
            };
        }
        Self { result: "Success", code: String::new(), message: String::new() }
    }

    fn prevented(result: &'static str, problem: &Problem) -> Self {
        Self { result, code: problem.code.clone(), message: problem.reason.clone() }
    }

    fn json(&self) -> Value {
        let details = if self.code.is_empty() {
            json!({})
        } else {
            json!({"errorCode": self.code, "errorMessage": self.message})
        };
        json!({"result": self.result, "details": details})
    }
}

fn summary(outcome: &Outcome, steps: &[Value], idp: &Idp, about: &About) -> Value {
    json!({
        "action": "Other",
        "modifiedProperties": null,
        "provisioningSteps": steps,
        "sourceIdentity": identity(idp, about),
        "statusInfo": {
            "errorCode": outcome.code,
            "errorMessage": outcome.message,
            "status": outcome.result,
        },
        "targetIdentity": null,
    })
}

fn identity(idp: &Idp, about: &About) -> Value {
    let (id, name, kind) = match about {
        About::Person(person) | About::Membership { person, .. } => {
            let person = idp.person(person);
            (person.map(|person| &person.object_id), person.map(|person| &person.display_name), "User")
        }
        About::Group(group) => {
            let group = idp.group(group);
            (group.map(|group| &group.object_id), group.map(|group| &group.name), "Group")
        }
    };
    json!({"details": {}, "displayName": name, "id": id, "identityType": kind})
}

fn step_json(idp: &Idp, step: &Step) -> Value {
    let (name, kind) = match step.kind {
        StepKind::Import => ("EntryImport", "Import"),
        StepKind::Scoping => ("EntrySynchronizationScoping", "Scoping"),
        StepKind::Export => (if is_added(step) { "EntryExportAdd" } else { "EntryExportUpdate" }, "Export"),
    };
    let identity = identity(idp, &step.about);
    let what = identity["displayName"].as_str().unwrap_or_default();
    let (status, description, mut details) = match &step.outcome {
        StepOutcome::Done => ("Success", format!("{kind} of '{what}' succeeded."), json!({})),
        StepOutcome::AlreadyThere => {
            ("Skipped", format!("'{what}' is there already."), json!({"SkipReason": "RedundantExport"}))
        }
        StepOutcome::Skipped(problem) => {
            ("Skipped", problem.reason.clone(), json!({"SkipReason": problem.code}))
        }
        StepOutcome::Failed(problem) => {
            ("Failure", problem.reason.clone(), json!({"ErrorCode": problem.code}))
        }
    };
    if step.kind == StepKind::Scoping {
        let in_scope = if step.outcome == StepOutcome::Done { "True" } else { "False" };
        details["Assigned to the application"] = json!(in_scope);
        let excluding = match &step.outcome {
            StepOutcome::Skipped(problem) => problem.excluded_by.as_deref(),
            _ => None,
        };
        let evaluated = excluding.map_or_else(|| json!({}), |filter| json!({(filter): false}));
        details["ScopeEvaluationResult"] = json!(evaluated.to_string());
    }
    json!({"description": description, "details": details, "name": name, "status": status, "type": kind})
}

/// A membership is added by an update of the group.
fn is_added(step: &Step) -> bool {
    step.outcome == StepOutcome::Done && !matches!(step.about, About::Membership { .. })
}
