//! The app as it is installed in the workspace: what the bundled manifest asks for, an administrator has granted.
//! What it does not ask for, Slack neither offers to people nor tells the bot.

use std::collections::BTreeSet;

use serde_json::Value;

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

fn texts<'a>(values: impl Iterator<Item = &'a Value>) -> BTreeSet<String> {
    values.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn fields<'a>(name: &str, objects: impl Iterator<Item = &'a Value>) -> BTreeSet<String> {
    texts(objects.map(|object| &object[name]))
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
