//! The events of the System Log: what was pushed to AWS or failed there, and what administrators changed in groups,
//! assignments and mappings. Types are those of Okta's event catalogue ("Event types").

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::sandbox::company::ids;
use crate::sandbox::idp::log::{About, Action, LogEntry};
use crate::sandbox::idp::{Group, Idp, MappingState, Person, Problem};
use crate::sandbox::okta::users::milliseconds;

/// The longest `outcome.reason`.
const LONGEST_REASON: usize = 255;

/// Everything that the log has, oldest first.
pub(super) fn events(idp: &Idp, now: Timestamp) -> Vec<(Timestamp, Value)> {
    let mut told: Vec<Event> = pushes(idp, now);
    told.extend(additions(idp, now));
    told.extend(assignments(idp));
    told.extend(mappings(idp));
    told.retain(|event| event.at <= now);
    told.sort_by(|one, other| (one.at, &one.id).cmp(&(other.at, &other.id)));
    told.into_iter().map(|event| (event.at, event.json())).collect()
}

struct Event {
    /// A UUID.
    id: String,
    at: Timestamp,
    kind: &'static str,
    message: &'static str,
    targets: Vec<Value>,
    /// Why it failed; nothing where it went well.
    reason: Option<String>,
}

/// What the IdP remembers of its traffic with AWS.
fn pushes(idp: &Idp, now: Timestamp) -> Vec<Event> {
    let mut told = BTreeSet::new();
    let entries = idp.recent_log(now).into_iter();
    entries
        .filter(|entry| match &entry.about {
            // A push of memberships is one event, however many members it brings.
            About::Membership { group, .. } => told.insert((group.clone(), entry.at)),
            About::Person(_) | About::Group(_) => true,
        })
        .filter_map(|entry| push(idp, entry))
        .collect()
}

fn push(idp: &Idp, entry: &LogEntry) -> Option<Event> {
    let problem = entry.problem.as_ref();
    let (kind, message, about) = match (&entry.about, entry.action, problem) {
        (About::Person(key), Action::Create, _) => {
            let kind = "application.provision.user.push";
            (kind, "Push new user to external application", user(idp.person(key)?))
        }
        (About::Person(key), Action::Update, _) => {
            let kind = "application.provision.user.push_profile";
            (kind, "Push user's profile to external application", user(idp.person(key)?))
        }
        (About::Group(key), Action::Create, None) => {
            ("application.provision.group_push.pushed", "Group pushed to app", group(idp.group(key)?))
        }
        (About::Group(key), Action::Update, None) => (
            "application.provision.group_push.updated",
            "Pushed group updated in app",
            group(idp.group(key)?),
        ),
        (About::Group(key), Action::Create, Some(_)) => {
            let kind = "application.provision.group.add";
            (kind, "Adding a group in app failed", group(idp.group(key)?))
        }
        (About::Group(key), Action::Update, Some(_)) => {
            let kind = "application.provision.group_push.mapping.update.or.delete.failed.with.error";
            (kind, "Group push mapping update failed with an error", group(idp.group(key)?))
        }
        (About::Membership { group: key, .. }, _, None) => {
            let kind = "application.provision.group_push.push_memberships";
            (kind, "Group memberships pushed to app", group(idp.group(key)?))
        }
        (About::Membership { group: key, .. }, _, Some(_)) => {
            let kind = "application.provision.group_membership.add";
            (kind, "Adding a group membership in app failed", group(idp.group(key)?))
        }
    };
    Some(Event {
        id: entry.id.clone(),
        at: entry.at,
        kind,
        message,
        targets: vec![app_instance(idp), about],
        reason: problem.map(reason),
    })
}

fn additions(idp: &Idp, now: Timestamp) -> Vec<Event> {
    let added = idp.recent_additions(now).into_iter().filter_map(|held| {
        Some(Event {
            id: ids::uuid("okta group.user_membership.add", &format!("{} {}", held.group, held.person)),
            at: held.since,
            kind: "group.user_membership.add",
            message: "Add user to group membership",
            targets: vec![user(idp.person(&held.person)?), group(idp.group(&held.group)?)],
            reason: None,
        })
    });
    added.collect()
}

/// The assignments of people to the application. The company does not remember when somebody was assigned who
/// has been provisioned since: it was at the latest when they were last changed.
fn assignments(idp: &Idp) -> Vec<Event> {
    let assigned = idp.people.iter().filter_map(|person| {
        let app_user = person.app_user.as_ref()?;
        Some(Event {
            id: ids::uuid("okta application.user_membership.add", &person.key),
            at: app_user.since.min(person.changed_at),
            kind: "application.user_membership.add",
            message: "Add user to application membership",
            targets: vec![app_instance(idp), user(person)],
            reason: None,
        })
    });
    assigned.collect()
}

/// The creation of each mapping, and its last change of state.
fn mappings(idp: &Idp) -> Vec<Event> {
    let mut told = Vec::new();
    for held in &idp.groups {
        let Some(mapping) = &held.push_mapping else { continue };
        let event = |kind: &'static str, message, at| Event {
            id: ids::uuid(kind, &mapping.id),
            at,
            kind,
            message,
            targets: vec![app_instance(idp), group(held)],
            reason: None,
        };
        let created = "application.provision.group_push.mapping.created";
        told.push(event(created, "Group push mapping created", mapping.created_at));
        if mapping.updated_at <= mapping.created_at {
            continue;
        }
        match mapping.state {
            MappingState::Active => {
                let kind = "application.provision.group_push.activate_mapping";
                told.push(event(kind, "Group push mapping activated", mapping.updated_at));
            }
            MappingState::Inactive if mapping.off_by_a_rename => {
                let kind = "application.provision.group_push.mapping.deactivated.source.group.renamed";
                told.push(event(kind, "Group push mapping deactivated: group renamed", mapping.updated_at));
            }
            MappingState::Inactive => {
                let kind = "application.provision.group_push.deactivate_mapping";
                told.push(event(kind, "Group push mapping deactivated", mapping.updated_at));
            }
            // The failure itself is among the pushes.
            MappingState::Error => {}
        }
    }
    told
}

impl Event {
    /// Nulls stand where Okta's own examples have them and its description lets them be. The examples also have
    /// null for a provider, a credential type and an issuer, which the description does not allow: those are left
    /// out.
    fn json(&self) -> Value {
        let failed = self.reason.is_some();
        let transaction = ids::okta("trs", &self.id);
        json!({
            "uuid": self.id,
            "published": milliseconds(self.at),
            "eventType": self.kind,
            "legacyEventType": null,
            "version": "0",
            "severity": if failed { "ERROR" } else { "INFO" },
            "displayMessage": self.message,
            "actor": {
                "id": ids::okta("spr", "system"),
                "type": "SystemPrincipal",
                "alternateId": "system@okta.com",
                "displayName": "Okta System",
                "detailEntry": null,
            },
            "client": {"zone": null, "device": null, "id": null, "ipAddress": null},
            "authenticationContext": {
                "interface": null,
                "authenticationStep": 0,
                "externalSessionId": transaction,
            },
            "outcome": {"result": if failed { "FAILURE" } else { "SUCCESS" }, "reason": self.reason},
            "securityContext": {
                "asNumber": null,
                "asOrg": null,
                "isp": null,
                "domain": null,
                "isProxy": null,
            },
            "debugContext": {"debugData": {}},
            "transaction": {"type": "JOB", "id": transaction, "detail": {}},
            "request": {"ipChain": []},
            "target": self.targets,
        })
    }
}

fn reason(problem: &Problem) -> String {
    problem.reason.chars().take(LONGEST_REASON).collect()
}

fn user(person: &Person) -> Value {
    target("User", &person.okta_id, &person.user_name, &person.display_name)
}

fn group(group: &Group) -> Value {
    target("UserGroup", &group.okta_id, "unknown", &group.name)
}

fn app_instance(idp: &Idp) -> Value {
    let application = &idp.application;
    target("AppInstance", &application.okta_id, &application.name, &application.name)
}

fn target(kind: &str, id: &str, alternate_id: &str, name: &str) -> Value {
    json!({"id": id, "type": kind, "alternateId": alternate_id, "displayName": name, "detailEntry": null})
}
