//! What mends a check that failed: the exact line to add, and where.

use serde_json::{Value, json};

use super::service::service;
use crate::checkup::needs::{About, about};
use crate::checkup::{Check, DenialKind, Fault, Id, Known, ListedInstances, Outcome};
use crate::diagnosis::facts::GapKind;

/// One remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// Where the line belongs; empty where it is something to do.
    pub place: String,
    /// The exact line; where there is none to add, what to do.
    pub line: String,
}

/// What mends it; nothing where nothing failed.
pub fn remedy(check: &Check, known: &Known) -> Option<Remedy> {
    let Outcome::Failed(fault) = &check.outcome else { return None };
    let file = known.config_file.as_deref().unwrap_or("sso-why.toml");
    Some(match (fault, &check.id) {
        (Fault::Denied(denial), id) => denied(denial.kind, id, known),
        (Fault::Said(sentences), _) => to_do(&mends(sentences)),
        (Fault::LaterSchema(_), _) => {
            to_do("run the version of sso-why that the store was made by, or a later one")
        }
        (Fault::NotTaken(_), id) => not_taken(id),
        (Fault::NoSignatureFits { .. }, _) => to_do(
            "set SLACK_SIGNING_SECRET to the \"Signing Secret\" under Basic Information in the app's settings, start the \
             bot again, and say /sso-why help in Slack",
        ),
        (Fault::SocketModeOff, _) => Remedy {
            place: "Set in the app's manifest (in its settings at Slack, under App Manifest)".to_owned(),
            line: "settings.socket_mode_enabled: true".to_owned(),
        },
        (Fault::SocketModeOn, _) => Remedy {
            place: format!(
                "Set in [server] of {file}, or SSO_WHY_MODE=socket; to stay with HTTP, take SLACK_APP_TOKEN out and \
                 install the app from the manifest for HTTP"
            ),
            line: "mode = \"socket\"".to_owned(),
        },
        (Fault::Unread(gap), id) => to_do(&again(gap.kind, service(id))),
        (Fault::NotGranted, Id::SlackScope(scope)) => Remedy {
            place: "Add to oauth_config.scopes.bot of the app's manifest, then install the app again"
                .to_owned(),
            line: format!("\"{scope}\""),
        },
        (Fault::NotInChannel { name }, _) => invited(known, &format!("#{name}")),
        (Fault::NoSuchChannel, Id::SlackChannel(id)) => Remedy {
            place: format!(
                "Say in the channel {id}, if it is a private one; else put the channel's own id into [slack] of {file}"
            ),
            line: invitation(known),
        },
        (Fault::ChannelArchived { .. }, Id::SlackChannel(id)) => {
            to_do(&format!("unarchive the channel {id}, or put another one into [slack] of {file}"))
        }
        (Fault::NoSuchUserGroup(_), _) => Remedy {
            place: format!(
                "Set in [slack] of {file}: the id of a user group that is enabled, or \"channel\""
            ),
            line: "helpdesk_members = \"S…\"".to_owned(),
        },
        (Fault::EmptyUserGroup(id), _) => to_do(&format!(
            "enable the user group {id} in Slack and put the help desk's people into it, or name others with [slack] \
             helpdesk_members in {file}"
        )),
        (Fault::NoRegion, _) => region("…", file, ": the Region where IAM Identity Center was enabled"),
        (Fault::OtherRegion { primary: Some(primary) }, _) => region(primary, file, ""),
        (Fault::OtherRegion { primary: None }, _) => region(
            "…",
            file,
            ": the Region where IAM Identity Center was enabled; if it is that already, run the bot in the \
             management account or a delegated administrator's",
        ),
        (Fault::NoSuchInstance(listed) | Fault::AccountInstance(listed), _) => instance(listed, file),
        (Fault::NoApplication, Id::OktaApp) => Remedy {
            place: format!("Add to [okta] of {file}: the id of the app integration for AWS"),
            line: "app_id = \"0oa…\"".to_owned(),
        },
        (Fault::NoApplication, _) => Remedy {
            place: format!("Add to [entra] of {file}: the object id of the enterprise application for AWS"),
            line: "service_principal_id = \"…\"".to_owned(),
        },
        (Fault::NoSyncJob { .. }, _) => Remedy {
            place: format!(
                "Add to [entra] of {file}: the object id of the application that provisions to AWS; or set provisioning up there"
            ),
            line: "service_principal_id = \"…\"".to_owned(),
        },
        (Fault::ClockOff { .. }, _) => to_do("timedatectl set-ntp true"),
        (Fault::NotGranted | Fault::NoSuchChannel | Fault::ChannelArchived { .. }, _) => {
            to_do("look at the app's settings in Slack")
        }
    })
}

/// The IAM action that the bot's own policy alone keeps from being allowed: such are mended together.
pub fn lacks_in_policy(check: &Check) -> Option<&'static str> {
    match (&check.outcome, &check.id) {
        (Outcome::Failed(Fault::Denied(denial)), Id::AwsAction(action))
            if denial.kind == DenialKind::Right =>
        {
            Some(action)
        }
        _ => None,
    }
}

/// What mends several of them: a statement for all that are about the same.
pub fn in_one_policy(actions: &[&'static str], known: &Known) -> Remedy {
    let mut by_resource: Vec<(About, Vec<&str>)> = Vec::new();
    for action in actions {
        let about = about(action);
        match by_resource.iter_mut().find(|(known, _)| *known == about) {
            Some((_, together)) => together.push(action),
            None => by_resource.push((about, vec![action])),
        }
    }
    let statements = by_resource.iter().filter_map(|(_, together)| {
        let mut statement = statement(together.first()?, known);
        if together.len() > 1 {
            statement["Action"] = json!(together);
        }
        Some(written(&statement))
    });
    let line = statements.collect::<Vec<_>>().join(",\n");
    Remedy { place: place_of_policy(&format!(" for these {} actions", actions.len()), known), line }
}

fn place_of_policy(what_for: &str, known: &Known) -> String {
    match known.delegated_account() {
        Some(account) => format!(
            "Add to the bot's IAM policy{what_for}; and account {account} must be delegated administrator for IAM Identity Center"
        ),
        None => format!("Add to the bot's IAM policy{what_for}"),
    }
}

/// What is wrong, by the sentences of errors: each says how to mend it after a semicolon.
pub(super) fn wrongs(sentences: &[String]) -> String {
    let wrongs = sentences.iter().map(|sentence| sentence.split("; ").next().unwrap_or_default());
    wrongs.collect::<Vec<_>>().join("; ")
}

/// The fault is told already: what does not say how to mend it is not told a second time.
fn mends(sentences: &[String]) -> String {
    const UNSAID: &str = "look for it in README.md";
    let mends = sentences.iter().map(|sentence| sentence.split_once("; ").map_or(UNSAID, |(_, mend)| mend));
    mends.collect::<Vec<_>>().join("; ")
}

fn to_do(what: &str) -> Remedy {
    Remedy { place: String::new(), line: what.to_owned() }
}

fn again(kind: GapKind, service: &str) -> String {
    match kind {
        GapKind::Throttled => {
            format!("try again in a minute; {service} throttles, which says nothing about what is allowed")
        }
        _ => format!(
            "try again, and look at the network between this machine and {service}; this says nothing about what is \
             allowed"
        ),
    }
}

fn region(region: &str, file: &str, what: &str) -> Remedy {
    Remedy { place: format!("Add to [aws] of {file}{what}"), line: format!("region = \"{region}\"") }
}

/// Each line that is configured is set anew; where none is, the ARN alone tells the instances apart.
fn instance(listed: &ListedInstances, file: &str) -> Remedy {
    let (arn, store) =
        listed.meant.as_ref().map_or(("arn:aws:sso:::instance/…", "d-…"), |(arn, store)| (arn, store));
    let arn = format!("instance_arn = \"{arn}\"");
    let store = format!("identity_store_id = \"{store}\"");
    let verb = match (listed.arn_is_configured, listed.identity_store_is_configured) {
        (false, false) => "Add to",
        _ => "Set in",
    };
    let line = match (listed.arn_is_configured, listed.identity_store_is_configured) {
        (_, false) => arn,
        (false, true) => store,
        (true, true) => format!("{arn}\n{store}"),
    };
    let whose = match listed.meant {
        Some(_) => "",
        None => ": what IAM Identity Center shows under Settings",
    };
    Remedy { place: format!("{verb} [aws] of {file}{whose}"), line }
}

fn invited(known: &Known, channel: &str) -> Remedy {
    Remedy { place: format!("Say in {channel}"), line: invitation(known) }
}

fn invitation(known: &Known) -> String {
    format!("/invite @{}", known.bot_name.as_deref().unwrap_or("SSO Why"))
}

fn not_taken(id: &Id) -> Remedy {
    to_do(match id {
        Id::SlackToken => "set SLACK_BOT_TOKEN to the app's \"Bot User OAuth Token\"",
        Id::SlackAppToken => {
            "set SLACK_APP_TOKEN to an app-level token with the scope connections:write, and switch Socket Mode on in the app's settings"
        }
        Id::EntraToken => {
            "with a client secret, set AZURE_CLIENT_SECRET to one of the app [entra] client_id that has not expired; with workload_identity, add a federated credential for this workload to the app; with managed_identity, give this machine the identity"
        }
        Id::OktaToken => {
            "set OKTA_CLIENT_PRIVATEKEY to the key of the app [okta] client_id, or OKTA_CLIENT_TOKEN to a token that is good"
        }
        _ => "sign in anew (aws sso login), or give this machine a role; look at the clock as well",
    })
}

fn denied(kind: DenialKind, id: &Id, known: &Known) -> Remedy {
    match (kind, id) {
        (DenialKind::Key, _) => Remedy {
            place: "Add to the bot's IAM policy, and the bot's role to the key's own policy".to_owned(),
            line: json!({"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "KEY_ARN"}).to_string(),
        },
        (DenialKind::ExplicitDeny, Id::AwsAction(action)) => to_do(&format!(
            "take {action} out of the service control policy or permissions boundary that denies it"
        )),
        (DenialKind::Licence, _) => {
            to_do("the logs need Entra ID P1 or P2; without it the bot works without them")
        }
        (DenialKind::AdminRole, _) => {
            to_do("give the API service app an administrator role that may read it (Read-Only Administrator)")
        }
        (_, Id::AwsAction(action)) => {
            Remedy { place: place_of_policy("", known), line: written(&statement(action, known)) }
        }
        (_, Id::EntraPermission(permission)) => Remedy {
            place:
                "Add to the app's API permissions: Microsoft Graph, application permission, with admin consent"
                    .to_owned(),
            line: (*permission).to_owned(),
        },
        (_, Id::OktaScope(scope)) => Remedy {
            place: "Add to the app's Okta API Scopes; with an API token, give its administrator the right"
                .to_owned(),
            line: (*scope).to_owned(),
        },
        (_, id) => to_do(&format!("allow {}", id.name())),
    }
}

/// The statement of an IAM policy that allows this action and no other.
pub fn statement(action: &str, known: &Known) -> Value {
    let named = |known: &Option<String>, place: &str| known.clone().unwrap_or_else(|| place.to_owned());
    let instance = known.instance_arn.as_deref().and_then(|arn| arn.rsplit('/').next());
    let instance = instance.unwrap_or("INSTANCE_ID");
    let owner = named(&known.owner_account, "MANAGEMENT_ACCOUNT_ID");
    let store = named(&known.identity_store_id, "IDENTITY_STORE_ID");
    let resource = match about(action) {
        About::Everything => json!("*"),
        About::Accounts => json!(format!("arn:aws:organizations::{owner}:account/o-*/*")),
        About::Assignments => json!([
            format!("arn:aws:sso:::instance/{instance}"),
            format!("arn:aws:sso:::permissionSet/{instance}/*"),
            "arn:aws:sso:::account/*",
        ]),
        About::Groups => json!([
            format!("arn:aws:identitystore::{owner}:identitystore/{store}"),
            "arn:aws:identitystore:::group/*",
            "arn:aws:identitystore:::membership/*",
        ]),
        About::IdentityStore => json!([
            format!("arn:aws:identitystore::{owner}:identitystore/{store}"),
            "arn:aws:identitystore:::user/*",
            "arn:aws:identitystore:::group/*",
            "arn:aws:identitystore:::membership/*",
        ]),
    };
    json!({"Effect": "Allow", "Action": action, "Resource": resource})
}

/// The statement in the order in which policies are written, with spaces where it may be broken.
fn written(statement: &Value) -> String {
    let part = |name: &str| match &statement[name] {
        Value::Array(all) => {
            format!("[{}]", all.iter().map(Value::to_string).collect::<Vec<_>>().join(", "))
        }
        one => one.to_string(),
    };
    format!("{{\"Effect\": \"Allow\", \"Action\": {}, \"Resource\": {}}}", part("Action"), part("Resource"))
}
