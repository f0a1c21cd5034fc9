//! The app as it is installed in the workspace: what the bundled manifest asks for, an administrator has granted.
//! What it does not ask for, Slack neither offers to people nor tells the bot.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Workspace;
use super::people::ChannelKind;
use crate::sandbox::slack::outgoing::delivery::{COMMANDS, EVENTS, INTERACTIONS};

/// The manifest that an administrator creates the app from. The one for Socket Mode asks for the same.
const MANIFEST: &str = include_str!("../../../manifest/slack-app-http.json");

/// What an installed app may do and is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Installation {
    /// What the bot's token may do.
    pub scopes: BTreeSet<String>,
    /// The events that it is told, as `message.im`.
    pub events: BTreeSet<String>,
    /// As `/sso-why`.
    pub commands: BTreeSet<String>,
    /// Callback ids of the shortcuts on messages.
    pub message_shortcuts: BTreeSet<String>,
    pub has_home_tab: bool,
    /// Whether it is told of buttons, menus, forms and shortcuts.
    pub is_interactive: bool,
}

impl Installation {
    /// The app as the bundled manifest describes it.
    pub fn bundled() -> Self {
        // A manifest that is no JSON would install nothing; a test of this file reads it.
        Self::of(&serde_json::from_str(MANIFEST).unwrap_or_default())
    }

    /// The same in a company whose administrator lets the bot read a field of the profiles as well.
    pub(super) fn of_the_company(reads_profiles: bool) -> Self {
        let mut app = Self::bundled();
        app.scopes.extend(reads_profiles.then(|| "users.profile:read".to_owned()));
        app
    }

    fn of(manifest: &Value) -> Self {
        let (features, settings) = (&manifest["features"], &manifest["settings"]);
        let on_messages = features["shortcuts"].as_array().into_iter().flatten();
        let on_messages = on_messages.filter(|shortcut| shortcut["type"] == "message");
        Self {
            scopes: texts(manifest["oauth_config"]["scopes"]["bot"].as_array().into_iter().flatten()),
            events: texts(settings["event_subscriptions"]["bot_events"].as_array().into_iter().flatten()),
            commands: fields("command", features["slash_commands"].as_array().into_iter().flatten()),
            message_shortcuts: fields("callback_id", on_messages),
            has_home_tab: features["app_home"]["home_tab_enabled"] == true,
            is_interactive: settings["interactivity"]["is_enabled"] == true,
        }
    }
}

impl Workspace {
    /// There is no such app yet: no command, no scope, and the bot is in no channel.
    pub fn uninstall(&mut self) {
        self.app = Installation::default();
        let bot = self.bot_user_id.clone();
        let named = self.channels.iter().filter(|channel| channel.kind != ChannelKind::Direct);
        let ids: Vec<String> = named.map(|channel| channel.id.clone()).collect();
        ids.iter().for_each(|id| self.leave(&bot, id));
        self.note_change();
    }

    /// An administrator creates the app from this manifest and installs it. Slack takes a host that is not there; then
    /// nothing will ever arrive, which is told in a sentence.
    ///
    /// # Errors
    /// In a sentence, where Slack would not take it: without Socket Mode, each kind of request needs its URL.
    pub fn install(&mut self, manifest: &Value) -> Result<Option<String>, String> {
        let app = Installation::of(manifest);
        if app.scopes.is_empty() {
            return Err("an app without a scope cannot be installed".to_owned());
        }
        self.socket_mode = manifest["settings"]["socket_mode_enabled"] == true;
        if !self.socket_mode {
            self.bot_url = bot_url(manifest)?;
        }
        self.app = app;
        self.note_change();
        let is_nowhere = !self.socket_mode && self.bot_url.contains(PLACEHOLDER);
        Ok(is_nowhere.then(|| {
            let places = URLS.map(|(place, _)| place.trim_start_matches('/').replace('/', "."));
            format!(
                "{} are at {PLACEHOLDER}, which stands for a host of your own, so that no request will reach the bot; put \
                 the address that the bot has for Slack into all four and install the app again",
                places.join(", ")
            )
        }))
    }
}

/// The host that the bundled manifest has in the place of an administrator's own.
const PLACEHOLDER: &str = "sso-why.example.com";

/// Where a manifest says which address Slack sends to, and the path there.
const URLS: [(&str, &str); 4] = [
    ("/features/slash_commands/0/url", COMMANDS),
    ("/settings/event_subscriptions/request_url", EVENTS),
    ("/settings/interactivity/request_url", INTERACTIONS),
    ("/settings/interactivity/message_menu_options_url", INTERACTIONS),
];

/// What comes before `/slack/…` in every one of the manifest's URLs; the sandbox's Slack knows one address.
fn bot_url(manifest: &Value) -> Result<String, String> {
    let bases = URLS.map(|(place, path)| {
        let url = manifest.pointer(place).and_then(Value::as_str).unwrap_or_default();
        let base = url.strip_suffix(path).filter(|base| !base.is_empty());
        base.ok_or_else(|| format!("{place} has to be a URL that ends with {path}"))
    });
    let mut bot_url = None;
    for (base, (place, _)) in bases.into_iter().zip(URLS) {
        let base = base?;
        if *bot_url.get_or_insert(base) != base {
            return Err(format!("{place} is at another host than the others"));
        }
    }
    Ok(bot_url.unwrap_or_default().to_owned())
}

fn texts<'a>(values: impl Iterator<Item = &'a Value>) -> BTreeSet<String> {
    values.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn fields<'a>(name: &str, objects: impl Iterator<Item = &'a Value>) -> BTreeSet<String> {
    texts(objects.map(|object| &object[name]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::scenario::Scenario;

    #[test]
    fn the_bundled_manifest_installs_the_bot() {
        let app = Installation::bundled();
        assert!(app.scopes.contains("chat:write") && app.events.contains("app_mention"), "{app:?}");
        assert_eq!(app.commands.iter().collect::<Vec<_>>(), ["/sso-why"]);
        assert_eq!(app.message_shortcuts.iter().collect::<Vec<_>>(), ["diagnose_message"]);
        assert!(app.has_home_tab && app.is_interactive);
    }

    #[test]
    fn an_empty_manifest_installs_nothing() {
        assert_eq!(Installation::of(&Value::Null), Installation::default());
    }

    #[test]
    fn an_installed_app_is_told_where_its_manifest_says() {
        let scenario = Scenario::named("no-idp").unwrap().unwrap();
        let mut workspace = Workspace::found(&scenario);
        workspace.uninstall();
        assert!(workspace.app.scopes.is_empty());
        assert!(!workspace.channel("C0HELPDESK").unwrap().has(&workspace.bot_user_id));
        let mut manifest: Value = serde_json::from_str(MANIFEST).unwrap();
        workspace.install(&manifest).unwrap();
        assert_eq!(workspace.app, Installation::bundled());
        assert_eq!(
            (workspace.bot_url.as_str(), workspace.socket_mode),
            ("https://sso-why.example.com", false)
        );
        manifest["settings"]["interactivity"]["request_url"] = "https://elsewhere/slack/interactions".into();
        assert!(workspace.install(&manifest).unwrap_err().contains("interactivity"));
        manifest["settings"]["socket_mode_enabled"] = true.into();
        workspace.install(&manifest).unwrap();
        assert!(workspace.socket_mode);
        assert!(workspace.install(&Value::Null).is_err());
    }
}
