//! What the bot's app has to have in Slack: the Web API methods that it calls, the events, the command and the
//! shortcut that it answers, and the scopes that all of it takes. The client calls nothing that is not here, the
//! desk answers nothing that is not here, and both manifests hold exactly this.
//!
//! The scopes are those that Slack's reference lists for a bot's token: docs.slack.dev, the page of each method
//! ("Scopes") and of each event ("Required scopes").

use std::collections::BTreeMap;

/// The slash command.
pub const COMMAND: &str = "/sso-why";

/// What an app needs to have a command or a shortcut at all (docs.slack.dev, "commands scope").
const COMMANDS: &str = "commands";

/// What reading a further address takes (docs.slack.dev, "users.profile.get"): only where a field is configured, so that
/// the manifests do without it.
pub const PROFILES: &str = "users.profile:read";

/// The kinds of conversation that Slack has scopes of their own for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conversation {
    PublicChannel,
    PrivateChannel,
    /// Between one person and the bot.
    Direct,
    /// Among several people. The bot is in none.
    GroupDirect,
}

/// What Slack wants of a token for a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// That it is valid.
    Nothing,
    /// This scope.
    Scope(&'static str),
    /// One of these: the one for the kind of conversation that the call is about.
    OneOf(&'static [(Conversation, &'static str)]),
}

/// A method of the Web API that the bot calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    AuthTest,
    UsersInfo,
    UsersLookupByEmail,
    /// Only where `[slack] email_field` names a field of the profiles.
    UsersProfileGet,
    ConversationsInfo,
    ConversationsMembers,
    ConversationsHistory,
    ConversationsReplies,
    ConversationsOpen,
    UsergroupsUsersList,
    ChatPostMessage,
    ChatUpdate,
    ChatGetPermalink,
    ViewsOpen,
    ViewsUpdate,
    ViewsPublish,
    /// With the app-level token, not the bot's.
    AppsConnectionsOpen,
}

const READ: Takes = Takes::OneOf(&[
    (Conversation::PublicChannel, "channels:read"),
    (Conversation::PrivateChannel, "groups:read"),
    (Conversation::Direct, "im:read"),
    (Conversation::GroupDirect, "mpim:read"),
]);
const HISTORY: Takes = Takes::OneOf(&[
    (Conversation::PublicChannel, "channels:history"),
    (Conversation::PrivateChannel, "groups:history"),
    (Conversation::Direct, "im:history"),
    (Conversation::GroupDirect, "mpim:history"),
]);
const OPEN: Takes = Takes::OneOf(&[
    (Conversation::PublicChannel, "channels:manage"),
    (Conversation::PrivateChannel, "groups:write"),
    (Conversation::Direct, "im:write"),
    (Conversation::GroupDirect, "mpim:write"),
]);

impl Method {
    pub const ALL: [Self; 17] = [
        Self::AuthTest,
        Self::UsersInfo,
        Self::UsersLookupByEmail,
        Self::UsersProfileGet,
        Self::ConversationsInfo,
        Self::ConversationsMembers,
        Self::ConversationsHistory,
        Self::ConversationsReplies,
        Self::ConversationsOpen,
        Self::UsergroupsUsersList,
        Self::ChatPostMessage,
        Self::ChatUpdate,
        Self::ChatGetPermalink,
        Self::ViewsOpen,
        Self::ViewsUpdate,
        Self::ViewsPublish,
        Self::AppsConnectionsOpen,
    ];

    /// As Slack calls it; its reference is docs.slack.dev/reference/methods/ and this.
    pub fn name(self) -> &'static str {
        match self {
            Self::AuthTest => "auth.test",
            Self::UsersInfo => "users.info",
            Self::UsersLookupByEmail => "users.lookupByEmail",
            Self::UsersProfileGet => "users.profile.get",
            Self::ConversationsInfo => "conversations.info",
            Self::ConversationsMembers => "conversations.members",
            Self::ConversationsHistory => "conversations.history",
            Self::ConversationsReplies => "conversations.replies",
            Self::ConversationsOpen => "conversations.open",
            Self::UsergroupsUsersList => "usergroups.users.list",
            Self::ChatPostMessage => "chat.postMessage",
            Self::ChatUpdate => "chat.update",
            Self::ChatGetPermalink => "chat.getPermalink",
            Self::ViewsOpen => "views.open",
            Self::ViewsUpdate => "views.update",
            Self::ViewsPublish => "views.publish",
            Self::AppsConnectionsOpen => "apps.connections.open",
        }
    }

    /// What Slack wants for it, by its reference.
    pub fn takes(self) -> Takes {
        match self {
            Self::AuthTest
            | Self::ChatGetPermalink
            | Self::ViewsOpen
            | Self::ViewsUpdate
            | Self::ViewsPublish
            // `connections:write` is of the app-level token, and no manifest can grant it.
            | Self::AppsConnectionsOpen => Takes::Nothing,
            Self::UsersInfo => Takes::Scope("users:read"),
            Self::UsersLookupByEmail => Takes::Scope("users:read.email"),
            Self::UsersProfileGet => Takes::Scope(PROFILES),
            Self::UsergroupsUsersList => Takes::Scope("usergroups:read"),
            Self::ChatPostMessage | Self::ChatUpdate => Takes::Scope("chat:write"),
            Self::ConversationsInfo | Self::ConversationsMembers => READ,
            Self::ConversationsHistory | Self::ConversationsReplies => HISTORY,
            Self::ConversationsOpen => OPEN,
        }
    }

    /// The kinds of conversation that the bot calls it about. Channels are read to know who is in them and whether
    /// they are shared; what was posted is looked for in direct messages too.
    fn asked_about(self) -> &'static [Conversation] {
        use Conversation::{Direct, PrivateChannel, PublicChannel};
        match self {
            Self::ConversationsInfo | Self::ConversationsMembers => &[PublicChannel, PrivateChannel],
            Self::ConversationsHistory | Self::ConversationsReplies => {
                &[PublicChannel, PrivateChannel, Direct]
            }
            Self::ConversationsOpen => &[Direct],
            _ => &[],
        }
    }

    /// Scopes without which its answer lacks what the bot reads there: a person's address is in it only with
    /// `users:read.email` (docs.slack.dev, "users.info", "Email addresses").
    fn shows_with(self) -> Option<&'static str> {
        (self == Self::UsersInfo).then_some("users:read.email")
    }

    /// Returns true if the bot calls it only where its configuration says so.
    fn is_optional(self) -> bool {
        self == Self::UsersProfileGet
    }

    /// The scopes that the bot needs to call it as it does.
    pub fn scopes(self) -> Vec<&'static str> {
        let mut scopes = match self.takes() {
            Takes::Nothing => Vec::new(),
            Takes::Scope(scope) => vec![scope],
            Takes::OneOf(by_kind) => {
                let asked = by_kind.iter().filter(|(kind, _)| self.asked_about().contains(kind));
                asked.map(|(_, scope)| *scope).collect()
            }
        };
        scopes.extend(self.shows_with());
        scopes
    }
}

/// An event that the bot answers, as the payload's `event.type` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Somebody mentions the bot.
    AppMention,
    /// Somebody opens the bot's Home tab.
    AppHomeOpened,
    /// Somebody writes where the bot is: in a ticket's thread, or to the bot directly.
    Message,
}

/// What an app subscribes to, and what that takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// As a manifest's `bot_events` names it.
    pub name: &'static str,
    pub scope: Option<&'static str>,
}

impl Event {
    pub const ALL: [Self; 3] = [Self::AppMention, Self::AppHomeOpened, Self::Message];

    /// The event of this type.
    pub fn named(kind: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.name() == kind)
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::AppMention => "app_mention",
            Self::AppHomeOpened => "app_home_opened",
            Self::Message => "message",
        }
    }

    /// What has to be subscribed to for it: messages come by the kind of conversation.
    pub fn subscriptions(self) -> &'static [Subscription] {
        match self {
            Self::AppMention => &[Subscription { name: "app_mention", scope: Some("app_mentions:read") }],
            Self::AppHomeOpened => &[Subscription { name: "app_home_opened", scope: None }],
            Self::Message => &[
                Subscription { name: "message.channels", scope: Some("channels:history") },
                Subscription { name: "message.groups", scope: Some("groups:history") },
                Subscription { name: "message.im", scope: Some("im:history") },
            ],
        }
    }
}

/// A shortcut that the bot answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortcut {
    /// On a message: why does this person not see the account?
    DiagnoseMessage,
}

impl Shortcut {
    pub const ALL: [Self; 1] = [Self::DiagnoseMessage];

    /// The shortcut of this callback id.
    pub fn named(callback_id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|shortcut| shortcut.callback_id() == callback_id)
    }

    pub fn callback_id(self) -> &'static str {
        match self {
            Self::DiagnoseMessage => "diagnose_message",
        }
    }
}

/// Every scope that the bot needs in any case, each with what takes it: methods, subscriptions, the command and shortcuts.
pub fn scopes() -> BTreeMap<&'static str, Vec<&'static str>> {
    let methods = Method::ALL
        .into_iter()
        .filter(|method| !method.is_optional())
        .flat_map(|method| method.scopes().into_iter().map(move |scope| (scope, method.name())));
    let subscriptions = Event::ALL
        .into_iter()
        .flat_map(Event::subscriptions)
        .filter_map(|subscription| Some((subscription.scope?, subscription.name)));
    let shortcuts = Shortcut::ALL.into_iter().map(|shortcut| (COMMANDS, shortcut.callback_id()));
    let mut scopes: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (scope, taken_by) in methods.chain(subscriptions).chain([(COMMANDS, COMMAND)]).chain(shortcuts) {
        scopes.entry(scope).or_default().push(taken_by);
    }
    scopes
}
