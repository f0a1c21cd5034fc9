//! The users and the channels of the workspace, and who may be where.

use super::Workspace;
use crate::sandbox::scenario::Scenario;

/// The bot's handle: what a person types after `@` to mention it.
pub const BOT_HANDLE: &str = "sso-why";

/// The user that speaks for Slack itself, with Slack's own id for it.
pub const SLACKBOT_USER_ID: &str = "USLACKBOT";

/// Somebody who has, or had, an account in the workspace.
#[derive(Clone, Debug)]
pub struct User {
    /// As `U0DANA`.
    pub id: String,
    /// The handle, which is the scenario's key of the person.
    pub name: String,
    pub real_name: String,
    /// What the directory profile shows; none where the person never gave one.
    pub email: Option<String>,
    /// IANA name.
    pub time_zone: String,
    /// Left the workspace.
    pub deleted: bool,
    pub guest: bool,
    pub is_bot: bool,
}

/// A place where messages are.
#[derive(Clone, Debug)]
pub struct Channel {
    /// `C…`, or `D…` for a direct message.
    pub id: String,
    /// Without the `#`; empty for a direct message.
    pub name: String,
    pub kind: ChannelKind,
    /// User ids, in the order of joining.
    pub members: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChannelKind {
    Public,
    Private,
    /// Between one person and the bot.
    Direct,
}

impl Workspace {
    pub fn users(&self) -> &[User] {
        &self.users
    }

    pub fn channels(&self) -> &[Channel] {
        &self.channels
    }

    /// The user of this id or handle (`U0DANA` or `dana`).
    pub fn user(&self, id_or_handle: &str) -> Option<&User> {
        self.users.iter().find(|user| user.id == id_or_handle || user.name == id_or_handle)
    }

    /// The channel of this id or name (`C0GENERAL`, `general` or `#general`).
    pub fn channel(&self, id_or_name: &str) -> Option<&Channel> {
        let name = id_or_name.strip_prefix('#').unwrap_or(id_or_name);
        let named = |channel: &Channel| !name.is_empty() && channel.name == name;
        self.channels.iter().find(|channel| channel.id == id_or_name || named(channel))
    }

    /// The direct message between this user and the bot; none for those who left and for bots.
    pub fn direct_message_with(&self, user_id: &str) -> Option<&Channel> {
        let with_user = |channel: &&Channel| {
            channel.kind == ChannelKind::Direct
                && channel.members.first().is_some_and(|first| first == user_id)
        };
        self.channels.iter().find(with_user)
    }
}

impl Channel {
    pub fn has(&self, user_id: &str) -> bool {
        self.members.iter().any(|member| member == user_id)
    }

    /// The name that Slack puts in payloads, where only public channels keep theirs.
    pub fn payload_name(&self) -> &str {
        match self.kind {
            ChannelKind::Public => &self.name,
            ChannelKind::Private => "privategroup",
            ChannelKind::Direct => "directmessage",
        }
    }
}

pub(super) fn users_of(scenario: &Scenario) -> Vec<User> {
    let mut users: Vec<User> = scenario
        .people
        .iter()
        .filter_map(|person| {
            Some(User {
                id: person.slack.clone()?,
                name: person.key.clone(),
                real_name: person.name.clone(),
                email: person.email.clone(),
                time_zone: person.time_zone.clone(),
                deleted: person.deleted,
                guest: person.guest,
                is_bot: false,
            })
        })
        .collect();
    users.push(machine_user(&scenario.workspace.bot_user_id, BOT_HANDLE));
    users.push(machine_user(SLACKBOT_USER_ID, "slackbot"));
    users
}

fn machine_user(id: &str, name: &str) -> User {
    User {
        id: id.to_owned(),
        name: name.to_owned(),
        real_name: name.to_owned(),
        email: None,
        time_zone: "UTC".to_owned(),
        deleted: false,
        guest: false,
        is_bot: true,
    }
}

pub(super) fn channels_of(scenario: &Scenario, users: &[User]) -> Vec<Channel> {
    let bot = &scenario.workspace.bot_user_id;
    let id_of = |key: &String| {
        users.iter().find(|user| &user.name == key && !user.deleted).map(|user| user.id.clone())
    };
    let shared = scenario.workspace.channels.iter().map(|spec| Channel {
        id: spec.id.clone(),
        name: spec.name.clone(),
        kind: if spec.private { ChannelKind::Private } else { ChannelKind::Public },
        members: spec.members.iter().filter_map(id_of).chain([bot.clone()]).collect(),
    });
    let direct = users.iter().filter(|user| !user.is_bot && !user.deleted).map(|user| Channel {
        id: format!("D{}", user.id.get(1..).unwrap_or_default()),
        name: String::new(),
        kind: ChannelKind::Direct,
        members: vec![user.id.clone(), bot.clone()],
    });
    shared.chain(direct).collect()
}
