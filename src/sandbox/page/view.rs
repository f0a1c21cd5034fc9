//! The JSON that the chat page draws: everything that one person sees, and what lies behind it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::people::{self, ADMINS, HELP_DESK, person_json};
use super::standing::{self, Standing};
use super::{breaking, clock};
use crate::sandbox::Sandbox;
use crate::sandbox::graph;
use crate::sandbox::idp::Idp;
use crate::sandbox::okta;
use crate::sandbox::scenario::{IdpKind, Scenario};
use crate::sandbox::workspace::Workspace;
use crate::sandbox::workspace::people::{BOT_HANDLE, Channel, ChannelKind, User};

/// The operations that the page offers to make fail: those that a diagnosis needs, beside the IdP's own.
const CALLS_THAT_CAN_FAIL: [&str; 9] = [
    "identitystore:GetUserId",
    "identitystore:DescribeUser",
    "identitystore:ListGroupMembershipsForMember",
    "sso:ListPermissionSetsProvisionedToAccount",
    "sso:ListAccountAssignments",
    "sso:ListAccountAssignmentsForPrincipal",
    "organizations:ListAccounts",
    "organizations:DescribeAccount",
    "slack:response_url",
];

/// The state for the person of this key. For a key that nobody has, or somebody who cannot sign in to
/// Slack, all but the conversations is there.
pub(super) fn seen_by(sandbox: &Sandbox, key: &str) -> Value {
    let calls = sandbox.calls.counts();
    let scenario = &sandbox.scenario;
    let idp = idp_line(sandbox.company().idp.as_ref());
    let you = scenario.person(key);
    let breakable = you.map(|person| breaking::offered(sandbox, person)).unwrap_or_default();
    let failing = standing::failing(sandbox);
    let clock = clock::shown(sandbox);
    let trace = standing::trace(sandbox, key);
    let workspace = sandbox.workspace();
    let standing = sandbox.standing();
    let user_id =
        workspace.user(key).filter(|user| !user.deleted).map(|user| user.id.clone()).unwrap_or_default();
    let channels: Vec<Value> = workspace
        .channels()
        .iter()
        .filter(|channel| channel.has(&user_id))
        .map(|channel| channel_json(&workspace, &standing, channel, (key, &user_id)))
        .collect();
    let modals: Vec<Value> = workspace.modals_of(&user_id).map(|view| workspace.view_json(view)).collect();
    json!({
        "team": workspace.team_name,
        "idp": idp,
        "bot": {"user_id": workspace.bot_user_id, "name": BOT_HANDLE},
        "you": key,
        "people": people_json(scenario, &workspace, &standing),
        "run": standing.run,
        "version": workspace.version(),
        "clock": clock,
        "failing": failing,
        "breakable": breakable,
        "trace": trace,
        "team_domain": workspace.team_domain,
        "help_desk": HELP_DESK,
        "admins": ADMINS,
        "users": users_json(&workspace),
        "channel_names": channel_names(&workspace),
        "channels": channels,
        "modals": modals,
        "home": workspace.home_of(&user_id).map(|home| workspace.view_json(home)),
        "calls": {
            "aws": total(&calls, Called::Aws),
            "idp": total(&calls, Called::Idp),
            "slack": total(&calls, Called::Slack),
            "by_operation": calls,
        },
        "operations": calls_that_can_fail(scenario.idp),
    })
}

fn calls_that_can_fail(idp: Option<IdpKind>) -> Vec<&'static str> {
    let of_the_idp: &[&str] = match idp {
        Some(IdpKind::Entra) => &graph::OPERATIONS,
        Some(IdpKind::Okta) => &okta::OPERATIONS,
        None => &[],
    };
    CALLS_THAT_CAN_FAIL.iter().chain(of_the_idp).copied().collect()
}

/// Which IdP is connected, and whether it is well.
fn idp_line(idp: Option<&Idp>) -> &'static str {
    let Some(idp) = idp else {
        return "No IdP is connected: the bot sees AWS alone";
    };
    let quarantined = idp.job.as_ref().is_some_and(|job| job.quarantine().is_some());
    match idp.kind {
        IdpKind::Entra if quarantined => "Entra ID is connected, and its synchronization is in quarantine",
        IdpKind::Entra => "Entra ID is connected",
        IdpKind::Okta => "Okta is connected",
    }
}

fn people_json(scenario: &Scenario, workspace: &Workspace, standing: &Standing) -> Vec<Value> {
    let groups = people::groups(scenario, workspace);
    let with_group = scenario.people.iter().zip(groups);
    with_group.map(|member| person_json(workspace, standing, scenario.idp, member)).collect()
}

fn channel_json(
    workspace: &Workspace,
    standing: &Standing,
    channel: &Channel,
    (person, user_id): (&str, &str),
) -> Value {
    let seen = || workspace.messages_seen_by(user_id, &channel.id);
    let messages: Vec<Value> = seen()
        .map(|message| {
            let mut object = workspace.message_json(message);
            object["is_ephemeral"] = json!(message.is_ephemeral());
            if let Some(typed) = workspace.command_answered_by(&message.ts) {
                object["asked"] = json!(typed);
            }
            object
        })
        .collect();
    let from_others = seen().filter(|message| message.author != user_id);
    json!({
        "id": channel.id,
        "name": if channel.kind == ChannelKind::Direct { BOT_HANDLE } else { &channel.name },
        "kind": match channel.kind {
            ChannelKind::Public => "public",
            ChannelKind::Private => "private",
            ChannelKind::Direct => "direct",
        },
        "messages": messages,
        "unread": standing.unread(person, from_others.map(|message| message.ts.as_str())),
    })
}

fn users_json(workspace: &Workspace) -> BTreeMap<&str, Value> {
    let user = |user: &User| json!({"handle": user.name, "name": user.real_name, "is_bot": user.is_bot, "deleted": user.deleted});
    workspace.users().iter().map(|known| (known.id.as_str(), user(known))).collect()
}

fn channel_names(workspace: &Workspace) -> BTreeMap<&str, &str> {
    let named = workspace.channels().iter().filter(|channel| channel.kind != ChannelKind::Direct);
    named.map(|channel| (channel.id.as_str(), channel.name.as_str())).collect()
}

/// Who was called.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Called {
    Aws,
    Idp,
    Slack,
}

impl Called {
    fn of(operation: &str) -> Self {
        match operation.split(':').next() {
            Some("slack") => Self::Slack,
            Some("graph" | "okta") => Self::Idp,
            _ => Self::Aws,
        }
    }
}

fn total(calls: &BTreeMap<String, usize>, called: Called) -> usize {
    calls.iter().filter(|(operation, _)| Called::of(operation) == called).map(|(_, count)| count).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::scenario::Scenario;
    use crate::sandbox::slack::samples;
    use crate::sandbox::workspace::messages::Draft;

    #[test]
    fn the_page_says_which_idp_is_connected() {
        let line = |name: &str| {
            let clock = std::sync::Arc::new(|| "2026-11-23T14:12:00Z".parse().unwrap());
            let sandbox = Sandbox::new(Scenario::named(name).unwrap().unwrap(), clock);
            seen_by(&sandbox, "dana")["idp"].as_str().unwrap().to_owned()
        };
        assert_eq!(line("company"), "Entra ID is connected");
        assert_eq!(line("quarantine"), "Entra ID is connected, and its synchronization is in quarantine");
        assert_eq!(line("okta"), "Okta is connected");
        assert_eq!(line("no-idp"), "No IdP is connected: the bot sees AWS alone");
    }

    #[test]
    fn only_calls_of_the_connected_idp_can_be_made_to_fail() {
        let of_graph = |idp: IdpKind| {
            let operations = calls_that_can_fail(Some(idp));
            operations.into_iter().filter(|operation| operation.starts_with("graph:")).count()
        };
        assert_eq!((of_graph(IdpKind::Entra), of_graph(IdpKind::Okta)), (graph::OPERATIONS.len(), 0));
        assert_eq!(calls_that_can_fail(None), CALLS_THAT_CAN_FAIL);
    }

    #[test]
    fn a_person_sees_their_channels_and_their_own_ephemeral_messages() {
        let sandbox = samples::sandbox();
        let draft =
            Draft { text: "for you".to_owned(), visible_to: Some("U0DANA".to_owned()), ..Draft::default() };
        let ts = sandbox.workspace().post("U0SSOWHY", "C0GENERAL", draft, (sandbox.clock)());

        let danas = seen_by(&sandbox, "dana");
        assert_eq!(danas["channels"][0]["messages"][0]["is_ephemeral"], true);
        let bos = seen_by(&sandbox, "bo");
        assert_eq!(bos["channels"][0]["messages"], json!([]));
        let ids = |state: &Value| -> Vec<String> {
            let channels = state["channels"].as_array().unwrap().iter();
            channels.map(|channel| channel["id"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(ids(&danas), ["C0GENERAL", "C0PARTNER", "D0DANA"]);
        assert!(ids(&bos).contains(&"C0ADMINS".to_owned()));
        let dana = bos["people"].as_array().unwrap().iter().find(|person| person["key"] == "dana").unwrap();
        assert_eq!(dana["news"], json!([ts]));
    }
}
