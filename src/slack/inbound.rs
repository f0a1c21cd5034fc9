//! What comes in from Slack, in our own tolerant types: whatever a newer Slack or an Enterprise Grid adds,
//! leaves out or sends as null, what we need is still read, and reading never fails.
//!
//! Reading order: the kinds, here; [`interaction`] reads presses, shortcuts, forms and type-aheads.

mod interaction;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

/// Characters of a type's name that may be told in a log; Slack's own are shorter.
const LONGEST_KIND: usize = 64;

/// One request of Slack's, of any kind, over whichever route or connection.
#[derive(Clone, Debug, PartialEq)]
pub enum Inbound {
    /// A slash command.
    Command(Command),
    /// A button or menu was used.
    BlockActions {
        user: String,
        channel: Option<String>,
        /// The message that it stands in.
        message_ts: Option<String>,
        /// The view that it stands in, where it is not a message.
        view: Option<ViewRef>,
        actions: Vec<Action>,
        response_url: Option<ResponseUrl>,
        trigger_id: Option<String>,
    },
    /// A form was sent.
    ViewSubmission {
        user: String,
        view: ViewRef,
        /// What was filled in, by block id and action id; what was left empty is absent.
        values: BTreeMap<(String, String), String>,
    },
    /// A form was closed unsent.
    ViewClosed { user: String, view: ViewRef },
    /// A shortcut was used on a message.
    MessageAction(MessageAction),
    /// A type-ahead asks for options.
    BlockSuggestion { user: String, action_id: String, block_id: String, typed: String },
    /// Slack checks the request URL and wants the challenge back.
    UrlVerification { challenge: String },
    /// Something happened that the app has subscribed to.
    Event {
        /// Unique; a delivery that is repeated has the same.
        event_id: String,
        /// `app_mention`, `app_home_opened`, …
        kind: String,
        user: Option<String>,
        /// Whether it happened in a channel that is shared with another organization, where Slack says so.
        is_shared_outside: Option<bool>,
        /// The event itself, without its envelope.
        event: Value,
    },
    /// Slack checks the certificate; there is nothing to do.
    SslCheck,
    /// Anything else.
    NotUnderstood {
        /// Safe to log: it holds nothing of the body but a type's name.
        why: String,
    },
}

/// A slash command.
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    pub user: String,
    pub channel: String,
    /// Absent in an installation for a whole organization.
    pub team: Option<String>,
    /// What was typed after the command, as Slack escapes it.
    pub text: String,
    pub response_url: ResponseUrl,
    /// Good for one form within 3 s; empty where Slack sent none.
    pub trigger_id: String,
}

/// A shortcut used on a message.
#[derive(Clone, Debug, PartialEq)]
pub struct MessageAction {
    pub callback_id: String,
    pub user: String,
    pub channel: String,
    pub message: ActedOn,
    pub response_url: Option<ResponseUrl>,
    pub trigger_id: String,
}

/// The message that a shortcut was used on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActedOn {
    pub ts: String,
    /// Its thread's first message; absent where it is no reply.
    pub thread_ts: Option<String>,
    /// Who wrote it; nothing where an app did.
    pub author: Option<String>,
    /// What it says in Slack's markup, with what is attached or forwarded in it.
    pub text: String,
}

/// One use of a button or menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    pub action_id: String,
    pub block_id: String,
    /// What a button carries.
    pub value: Option<String>,
    /// What was picked in a menu: an option's value, or the id of a person or channel.
    pub selected: Option<String>,
}

/// An open view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewRef {
    pub id: String,
    /// Which state of it this is, so that an update does not undo another.
    pub hash: Option<String>,
    pub callback_id: String,
    pub private_metadata: String,
}

/// Where the asker can be answered, without a token: whoever knows it can write there, so it is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct ResponseUrl(String);

impl ResponseUrl {
    /// As Slack sent it. It is looked at when it is used.
    pub fn new(url: String) -> Self {
        Self(url)
    }

    /// The URL itself, to call it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ResponseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ResponseUrl(…)")
    }
}

impl Inbound {
    /// Reads a verified body: a form (commands as they are, interactions as JSON in `payload`) or JSON.
    pub fn parse(content_type: Option<&str>, body: &str) -> Self {
        if is_json(content_type, body) { Self::from_json(body) } else { Self::from_form(body) }
    }

    /// One word for a metric's label.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Command(_) => "command",
            Self::BlockActions { .. } => "block_actions",
            Self::ViewSubmission { .. } => "view_submission",
            Self::ViewClosed { .. } => "view_closed",
            Self::MessageAction(_) => "message_action",
            Self::BlockSuggestion { .. } => "block_suggestion",
            Self::UrlVerification { .. } => "url_verification",
            Self::Event { .. } => "event",
            Self::SslCheck => "ssl_check",
            Self::NotUnderstood { .. } => "not_understood",
        }
    }

    /// Reads an envelope of Socket Mode: of which type it is, and what it holds (docs.slack.dev, "Using Socket
    /// Mode"). It holds what HTTP's requests hold, a command as JSON.
    pub(super) fn in_envelope(kind: &str, payload: &Value) -> Self {
        match kind {
            "slash_commands" => command(|name| string(payload, &format!("/{name}"))),
            "events_api" | "interactive" => Self::from_payload(payload),
            kind => unknown_kind(kind),
        }
    }

    /// Counts it, and logs it where it is not understood. Everything that Slack sends comes by here, whichever way
    /// it came.
    pub fn note_received(&self) {
        metrics::counter!("sso_why_slack_requests_total", "kind" => self.kind()).increment(1);
        if let Self::NotUnderstood { why } = self {
            tracing::warn!(why, "Slack sent something that is not understood");
        }
    }

    fn from_form(body: &str) -> Self {
        let mut fields = BTreeMap::new();
        for (name, value) in url::form_urlencoded::parse(body.as_bytes()) {
            fields.entry(name.into_owned()).or_insert(value.into_owned());
        }
        if fields.get("ssl_check").is_some_and(|check| check == "1") {
            return Self::SslCheck;
        }
        if let Some(payload) = fields.get("payload") {
            return Self::from_json(payload);
        }
        if !fields.contains_key("command") {
            return not_understood("a form that is neither a command nor an interaction");
        }
        command(|name| fields.remove(name).filter(|value| !value.is_empty()))
    }

    fn from_json(json: &str) -> Self {
        match serde_json::from_str::<Value>(json) {
            Ok(payload) => Self::from_payload(&payload),
            Err(_) => not_understood("a payload that is no JSON"),
        }
    }

    fn from_payload(payload: &Value) -> Self {
        let Some(kind) = string(payload, "/type") else {
            return not_understood("a payload without a type");
        };
        match kind.as_str() {
            "url_verification" => match string(payload, "/challenge") {
                Some(challenge) => Self::UrlVerification { challenge },
                None => not_understood("a check of the request URL without a challenge"),
            },
            "event_callback" => event(payload),
            kind => interaction::read(kind, payload),
        }
    }
}

fn command(mut field: impl FnMut(&str) -> Option<String>) -> Inbound {
    let (Some(user), Some(channel), Some(response_url)) =
        (field("user_id"), field("channel_id"), field("response_url"))
    else {
        return not_understood("a command without a person, a channel or a response URL");
    };
    Inbound::Command(Command {
        user,
        channel,
        team: field("team_id"),
        text: field("text").unwrap_or_default(),
        response_url: ResponseUrl(response_url),
        trigger_id: field("trigger_id").unwrap_or_default(),
    })
}

fn is_json(content_type: Option<&str>, body: &str) -> bool {
    let kind = content_type.and_then(|value| value.split(';').next()).map(str::trim).unwrap_or_default();
    match kind.to_ascii_lowercase().as_str() {
        "application/json" => true,
        "application/x-www-form-urlencoded" => false,
        _ => body.trim_start().starts_with('{'),
    }
}

fn event(payload: &Value) -> Inbound {
    let Some(kind) = string(payload, "/event/type") else {
        return not_understood("an event without a type");
    };
    let Some(event_id) = string(payload, "/event_id") else {
        return not_understood("an event without an id");
    };
    let user = string(payload, "/event/user").or_else(|| string(payload, "/event/user/id"));
    let is_shared_outside = payload["is_ext_shared_channel"].as_bool();
    Inbound::Event { event_id, kind, user, is_shared_outside, event: payload["event"].clone() }
}

fn not_understood(why: &str) -> Inbound {
    Inbound::NotUnderstood { why: why.to_owned() }
}

fn unknown_kind(kind: &str) -> Inbound {
    let tellable = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if kind.len() <= LONGEST_KIND && kind.bytes().all(tellable) {
        return Inbound::NotUnderstood { why: format!("a payload of the type {kind}") };
    }
    not_understood("a payload of an unknown type")
}

/// The text at a JSON pointer; nothing where it is absent, null, empty or no text.
fn string(value: &Value, pointer: &str) -> Option<String> {
    value.pointer(pointer)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}
