//! One event of the System Log: whom it names and what it means for provisioning.

use jiff::Timestamp;
use serde::Deserialize;

use super::super::time;
use crate::diagnosis::facts::idp::{IdpGroup, IdpPerson, Trouble, TroubleAbout, TroubleKind};

/// Events that tell that a person or a group reached the application, where their outcome is success.
const DELIVERIES: [&str; 10] = [
    "application.provision.user.push",
    "application.provision.user.push_profile",
    "application.provision.user.sync",
    "application.provision.user.activate",
    "application.provision.user.reactivate",
    "application.user_membership.provision",
    "app.user_management.push_new_user_success",
    "application.provision.group_push.pushed",
    "application.provision.group_push.push_memberships",
    "application.provision.group_push.updated",
];

/// Events that tell of nothing that arrived, but of a failure where their outcome is one.
const ATTEMPTS: [&str; 6] = [
    "application.provision.user.verify_exists",
    "application.provision.group.add",
    "application.provision.group.update",
    "application.provision.group.verify_exists",
    "application.provision.group_membership.add",
    "application.provision.group_membership.update",
];

/// Events whose very name is a failure.
const FAILURES: [&str; 9] = [
    "application.provision.group_push.mapping.update.or.delete.failed",
    "application.provision.group_push.mapping.update.or.delete.failed.with.error",
    "application.provision.group_push.mapping.app.group.renamed.failed",
    "application.provision.group_push.mapping.created.from.rule.warning.duplicate.name",
    "application.provision.group_push.mapping.created.from.rule.warning.duplicate.name.tobecreated",
    "application.provision.group_push.mapping.created.from.rule.warning.upsertGroup.duplicate.name",
    "app.user_management.grouppush.mapping.created.from.rule.error.duplicate",
    "app.user_management.grouppush.mapping.created.from.rule.error.validation",
    "app.user_management.grouppush.mapping.created.from.rule.errors",
];

/// The longest reason that Okta gives (Management API, `LogOutcome.reason`).
const LONGEST_REASON: usize = 255;

/// What AWS and Okta say where the SCIM token is refused.
const REFUSED: [&str; 6] = [
    "unauthorized",
    "expired password",
    "invalid access token",
    "credentials used to connect",
    "invalid credentials",
    "expired token",
];

/// What they say where the name is taken.
const TAKEN: [&str; 3] = ["duplicate", "already exists", "conflict"];

/// What they say where an attribute is missing or not as AWS wants it; its SCIM endpoint says "violates
/// schema" of an incomplete address.
const ATTRIBUTE: [&str; 12] = [
    "attribute",
    "violates schema",
    "validation",
    "is required",
    "required field",
    "missing required",
    "givenname",
    "familyname",
    "firstname",
    "lastname",
    "displayname",
    "invalid value",
];

/// What an event means for provisioning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Delivered,
    Failed(TroubleKind),
}

/// Okta's `LogEvent`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireEvent {
    published: Option<String>,
    event_type: Option<String>,
    display_message: Option<String>,
    outcome: Option<WireOutcome>,
    target: Option<Vec<Option<WireTarget>>>,
}

#[derive(Debug, Deserialize)]
struct WireOutcome {
    result: Option<String>,
    reason: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireTarget {
    id: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    alternate_id: Option<String>,
    display_name: Option<String>,
}

impl WireEvent {
    pub(super) fn published(&self) -> Option<Timestamp> {
        time(self.published.as_deref())
    }

    pub(super) fn is(&self, event_type: &str) -> bool {
        self.event_type.as_deref() == Some(event_type)
    }

    /// Whether the outcome is success or failure; nothing where it is neither.
    pub(super) fn succeeded(&self) -> Option<bool> {
        match self.outcome.as_ref()?.result.as_deref()? {
            "SUCCESS" => Some(true),
            "FAILURE" => Some(false),
            _ => None,
        }
    }

    /// What it means; nothing where it is not about provisioning to the application.
    pub(super) fn meaning(&self) -> Option<Meaning> {
        let event_type = self.event_type.as_deref()?;
        let is_delivery = DELIVERIES.contains(&event_type);
        let failed = match self.succeeded() {
            Some(true) if is_delivery => return Some(Meaning::Delivered),
            Some(false) if is_delivery || ATTEMPTS.contains(&event_type) => true,
            _ => FAILURES.contains(&event_type),
        };
        failed.then(|| Meaning::Failed(kind(event_type, self.reason().unwrap_or_default())))
    }

    pub(super) fn trouble(&self, about: TroubleAbout, at: Timestamp, kind: TroubleKind) -> Trouble {
        Trouble {
            about,
            at: Some(at),
            kind,
            code: self.event_type.clone().unwrap_or_default(),
            reason: self.reason().map(|reason| reason.chars().take(LONGEST_REASON).collect()),
            advice: None,
        }
    }

    fn reason(&self) -> Option<&str> {
        let reason = self.outcome.as_ref().and_then(|outcome| outcome.reason.as_deref());
        reason.or(self.display_message.as_deref()).filter(|reason| !reason.trim().is_empty())
    }

    pub(super) fn has_target(&self, id: &str) -> bool {
        self.targets().any(|target| target.id.as_deref() == Some(id))
    }

    /// Whether it names applications, and this one is not among them.
    pub(super) fn is_of_another_app(&self, app_id: &str) -> bool {
        let mut apps = self.targets().filter(|target| target.is("AppInstance")).peekable();
        apps.peek().is_some() && !apps.any(|app| app.id.as_deref() == Some(app_id))
    }

    pub(super) fn names_person(&self, person: &IdpPerson) -> bool {
        self.targets().any(|target| {
            let is_login = |login: &str| login.to_lowercase() == person.user_name.to_lowercase();
            target.id.as_deref() == Some(&person.id.0)
                || target.is_a_person() && target.alternate_id.as_deref().is_some_and(is_login)
        })
    }

    pub(super) fn names_any_person(&self) -> bool {
        self.targets().any(WireTarget::is_a_person)
    }

    pub(super) fn names_group(&self, group: &IdpGroup) -> bool {
        self.targets().any(|target| {
            target.id.as_deref() == Some(&group.id.0)
                || target.is_a_group() && target.display_name.as_deref() == Some(&group.name)
        })
    }

    pub(super) fn names_any_group(&self) -> bool {
        self.targets().any(WireTarget::is_a_group)
    }

    fn targets(&self) -> impl Iterator<Item = &WireTarget> {
        self.target.iter().flatten().flatten()
    }
}

impl WireTarget {
    fn is(&self, kind: &str) -> bool {
        self.kind.as_deref() == Some(kind)
    }

    fn is_a_person(&self) -> bool {
        self.is("User") || self.is("AppUser")
    }

    /// `UserGroup`, `AppGroup` and the like.
    fn is_a_group(&self) -> bool {
        self.kind.as_deref().is_some_and(|kind| kind.ends_with("Group"))
    }
}

pub(in crate::sources::okta) fn kind(event_type: &str, reason: &str) -> TroubleKind {
    let reason = reason.to_lowercase();
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| reason.contains(phrase));
    let has_status = |status: &str| reason.split(|c: char| !c.is_alphanumeric()).any(|word| word == status);
    if says(&REFUSED) || has_status("401") {
        return TroubleKind::CredentialRefused;
    }
    if says(&TAKEN) || has_status("409") || event_type.contains("duplicate") {
        return TroubleKind::NameTaken;
    }
    if says(&ATTRIBUTE) {
        return TroubleKind::Attribute;
    }
    TroubleKind::Other
}
