//! What Slack answers, with only the fields that somebody reads.

use serde::Deserialize;
use serde_json::Value;

/// Who the token belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Identity {
    /// The bot's user id.
    pub user_id: String,
    /// Absent for a token of a whole organization.
    pub team_id: Option<String>,
    /// Of an Enterprise Grid; absent elsewhere.
    pub enterprise_id: Option<String>,
    /// Absent for a token that is not a bot's.
    pub bot_id: Option<String>,
}

/// Somebody in the workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlackUser {
    pub id: String,
    /// The full name, else the display name, else the handle.
    pub name: String,
    /// Absent without the scope `users:read.email`, and for bots.
    pub email: Option<String>,
    /// IANA name.
    pub time_zone: Option<String>,
    /// Has left.
    pub deleted: bool,
    pub is_bot: bool,
    /// Here as a guest (`is_restricted` or `is_ultra_restricted`).
    pub is_guest: bool,
    /// From another organization, and in no channel that the bot sees (`is_stranger`). One who is in such a
    /// channel tells themselves by the team alone.
    pub is_stranger: bool,
    /// The workspace that they are of.
    pub team_id: Option<String>,
    /// The Enterprise Grid that they are of; absent elsewhere.
    pub enterprise_id: Option<String>,
}

/// A channel as far as it matters who reads there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct SlackChannel {
    /// Shared with another organization (`is_ext_shared`).
    #[serde(rename = "is_ext_shared", default)]
    pub is_shared_outside: bool,
}

/// A channel as far as it matters whether the bot can work there.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct OwnChannel {
    /// Without its `#`.
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub is_member: bool,
    #[serde(default)]
    pub is_archived: bool,
}

#[derive(Deserialize)]
pub(super) struct ChannelStanding {
    pub(super) channel: OwnChannel,
}

#[derive(Deserialize)]
pub(super) struct ChannelInfo {
    pub(super) channel: SlackChannel,
}

/// A message that was posted.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Posted {
    /// Where it came to stand: for a user id, the direct message.
    pub channel: String,
    pub ts: String,
}

#[derive(Deserialize)]
pub(super) struct UserInfo {
    pub(super) user: User,
}

#[derive(Deserialize)]
pub(super) struct User {
    id: String,
    name: Option<String>,
    real_name: Option<String>,
    tz: Option<String>,
    profile: Option<Profile>,
    deleted: Option<bool>,
    is_bot: Option<bool>,
    is_restricted: Option<bool>,
    is_ultra_restricted: Option<bool>,
    is_stranger: Option<bool>,
    team_id: Option<String>,
    enterprise_user: Option<EnterpriseUser>,
}

#[derive(Deserialize)]
struct EnterpriseUser {
    enterprise_id: Option<String>,
}

#[derive(Default, Deserialize)]
struct Profile {
    real_name: Option<String>,
    display_name: Option<String>,
    email: Option<String>,
}

/// The fields that an administrator added to the profiles, of one person's.
#[derive(Deserialize)]
pub(super) struct ProfileFields {
    profile: Value,
}

impl ProfileFields {
    /// What the field of this id says. Where nobody has filled in any, Slack sends an empty list or null in the place of
    /// the fields (docs.slack.dev, "users.profile.get").
    pub(super) fn value_of(&self, field: &str) -> Option<String> {
        let value = self.profile["fields"].get(field)?["value"].as_str()?.trim();
        (!value.is_empty()).then(|| value.to_owned())
    }
}

impl From<User> for SlackUser {
    fn from(user: User) -> Self {
        let profile = user.profile.unwrap_or_default();
        // Slack sends the empty string for a name that nobody has filled in.
        let names = [user.real_name, profile.real_name, profile.display_name, user.name];
        let name = names.into_iter().flatten().find(|name| !name.trim().is_empty());
        let is_guest = [user.is_restricted, user.is_ultra_restricted].contains(&Some(true));
        Self {
            name: name.unwrap_or_else(|| user.id.clone()),
            id: user.id,
            email: profile.email.filter(|email| !email.is_empty()),
            time_zone: user.tz.filter(|zone| !zone.is_empty()),
            deleted: user.deleted == Some(true),
            is_bot: user.is_bot == Some(true),
            is_guest,
            is_stranger: user.is_stranger == Some(true),
            team_id: user.team_id,
            enterprise_id: user.enterprise_user.and_then(|user| user.enterprise_id),
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Members {
    pub(super) members: Vec<String>,
    response_metadata: Option<ResponseMetadata>,
}

#[derive(Deserialize)]
struct ResponseMetadata {
    next_cursor: Option<String>,
}

impl Members {
    /// Where the next page begins; the last page has an empty cursor or none.
    pub(super) fn next_cursor(&self) -> Option<String> {
        self.response_metadata.as_ref()?.next_cursor.clone().filter(|cursor| !cursor.is_empty())
    }
}

#[derive(Deserialize)]
pub(super) struct GroupMembers {
    pub(super) users: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct Permalink {
    pub(super) permalink: String,
}

#[derive(Deserialize)]
pub(super) struct Opened {
    pub(super) view: OpenedView,
}

#[derive(Deserialize)]
pub(super) struct OpenedView {
    pub(super) id: String,
}

/// An address for one connection of Socket Mode. It holds a ticket, so it is not shown.
#[derive(Deserialize)]
pub struct OpenedConnection {
    pub url: String,
    response_metadata: Option<Warnings>,
}

#[derive(Deserialize)]
struct Warnings {
    #[serde(default)]
    messages: Vec<String>,
}

impl OpenedConnection {
    /// Whether Slack warns that nothing will come through it, since the app has Socket Mode off. Slack hands out an
    /// address all the same, and greets whoever connects there. Its reference is silent on it; Slack's own libraries
    /// log the answer's messages, and among them is then `[WARN] Socket Mode is not turned on.`
    pub fn leads_nowhere(&self) -> bool {
        let messages = self.response_metadata.iter().flat_map(|metadata| &metadata.messages);
        messages.into_iter().any(|message| message.to_lowercase().contains("socket mode is not turned on"))
    }
}

#[derive(Deserialize)]
pub(super) struct OpenedChannel {
    pub(super) channel: ChannelId,
}

#[derive(Deserialize)]
pub(super) struct ChannelId {
    pub(super) id: String,
}

/// A page of a channel's or a thread's messages.
#[derive(Deserialize)]
pub(super) struct History {
    messages: Vec<PastMessage>,
    response_metadata: Option<ResponseMetadata>,
}

#[derive(Deserialize)]
struct PastMessage {
    ts: String,
    metadata: Option<Value>,
}

impl History {
    /// The message with this mark in metadata of this type.
    pub(super) fn ts_of(&self, kind: &str, mark: &str) -> Option<String> {
        let marked = |message: &&PastMessage| {
            message.metadata.as_ref().is_some_and(|metadata| {
                metadata["event_type"] == kind && metadata["event_payload"]["mark"] == mark
            })
        };
        self.messages.iter().find(marked).map(|message| message.ts.clone())
    }

    pub(super) fn next_cursor(&self) -> Option<String> {
        self.response_metadata.as_ref()?.next_cursor.clone().filter(|cursor| !cursor.is_empty())
    }
}
