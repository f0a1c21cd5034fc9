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
    /// The workspace that they belong to: another one's, for somebody met in a shared channel.
    pub team_id: String,
    /// The handle, which is the scenario's key of the person.
    pub name: String,
    pub real_name: String,
    /// What the directory profile shows; none where the person never gave one.
    pub email: Option<String>,
    /// What they filled into the profile field for it.
    pub further_address: Option<String>,
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
    /// Team id of the other organisation whose people are in it too (Slack Connect).
    pub shared_with: Option<String>,
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

    /// Somebody is invited to a channel.
    pub fn join(&mut self, user_id: &str, channel_id: &str) {
        for channel in self.channels.iter_mut().filter(|channel| channel.id == channel_id) {
            if !channel.has(user_id) {
                channel.members.push(user_id.to_owned());
            }
        }
        self.note_change();
    }

    /// Somebody leaves a channel.
    pub fn leave(&mut self, user_id: &str, channel_id: &str) {
        for channel in self.channels.iter_mut().filter(|channel| channel.id == channel_id) {
            channel.members.retain(|member| member != user_id);
        }
    }

    /// Whether this user belongs to another organisation.
    pub fn is_external(&self, user: &User) -> bool {
        user.team_id != self.team_id
    }

    /// The direct message between this user and the bot; none for those who left, for bots and for people of
    /// another organisation.
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

    /// Whether people of another organisation are in it.
    pub fn is_ext_shared(&self) -> bool {
        self.shared_with.is_some()
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
    let own_team = &scenario.workspace.team_id;
    let mut users: Vec<User> = scenario
        .people
        .iter()
        .filter_map(|person| {
            Some(User {
                id: person.slack.clone()?,
                team_id: person.other_team.clone().unwrap_or_else(|| own_team.clone()),
                name: person.key.clone(),
                real_name: person.name.clone(),
                email: person.email.clone(),
                further_address: person.further_address.clone(),
                time_zone: person.time_zone.clone(),
                deleted: person.deleted,
                guest: person.guest,
                is_bot: false,
            })
        })
        .collect();
    users.push(machine_user(&scenario.workspace.bot_user_id, BOT_HANDLE, own_team));
    users.push(machine_user(SLACKBOT_USER_ID, "slackbot", own_team));
    users
}

fn machine_user(id: &str, name: &str, team_id: &str) -> User {
    User {
        id: id.to_owned(),
        team_id: team_id.to_owned(),
        name: name.to_owned(),
        real_name: name.to_owned(),
        email: None,
        further_address: None,
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
    let named = scenario.workspace.channels.iter().map(|spec| Channel {
        id: spec.id.clone(),
        name: spec.name.clone(),
        kind: if spec.private { ChannelKind::Private } else { ChannelKind::Public },
        shared_with: spec.shared_with.clone(),
        members: spec.members.iter().filter_map(id_of).chain([bot.clone()]).collect(),
    });
    let own = |user: &&User| !user.is_bot && !user.deleted && user.team_id == scenario.workspace.team_id;
    let direct = users.iter().filter(own).map(|user| Channel {
        id: format!("D{}", user.id.get(1..).unwrap_or_default()),
        name: String::new(),
        kind: ChannelKind::Direct,
        shared_with: None,
        members: vec![user.id.clone(), bot.clone()],
    });
    named.chain(direct).collect()
}
