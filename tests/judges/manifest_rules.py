"""What Slack refuses or misreads in an app manifest though its published schema takes it.

The rules are from Slack's app manifest reference and the page of `apps.manifest.validate`, which shows what it says
to each ("Event Subscription requires either Request URL or Socket Mode Enabled", "Interactivity requires a Request
URL"), from the pages of the events ("Required scopes") and of the scopes, all on docs.slack.dev; the names of scopes
and the letters of a bot's name from the doc comments of `@slack/web-api` 7.19.0 (`ManifestBotUser`, `BotScope`).
"""

import re

# Each event of a bot with the scope that it takes; None where it takes none.
EVENTS = {
    "app_home_opened": None,
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
}

# The scopes that a bot that reads and writes messages can have any use for. A misspelt one is none of them.
SCOPES = {
    "app_mentions:read",
    "channels:history",
    "channels:join",
    "channels:manage",
    "channels:read",
    "chat:write",
    "chat:write.customize",
    "chat:write.public",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "groups:write",
    "im:history",
    "im:read",
    "im:write",
    "links:read",
    "links:write",
    "metadata.message:read",
    "mpim:history",
    "mpim:read",
    "mpim:write",
    "pins:read",
    "pins:write",
    "reactions:read",
    "reactions:write",
    "team:read",
    "usergroups:read",
    "usergroups:write",
    "users.profile:read",
    "users:read",
    "users:read.email",
    "users:write",
}

# "Allowed characters: a-z, 0-9, -, _, and ."
BOT_NAME = re.compile(r"[a-z0-9._-]{1,80}")
# Slack's form for commands takes no capitals and no spaces.
COMMAND = re.compile(r"/[a-z0-9_-]{1,31}")
# The schema says so in `regex`, which is no keyword of JSON Schema.
COLOUR = re.compile(r"#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?")


def problems(manifest):
    """Every rule that the manifest breaks, as sentences; none when it is fine."""
    return [*url_problems(manifest), *scope_problems(manifest), *feature_problems(manifest)]


def url_problems(manifest):
    settings = manifest.get("settings", {})
    events, interactivity = settings.get("event_subscriptions", {}), settings.get("interactivity", {})
    commands = manifest.get("features", {}).get("slash_commands", [])
    urls = {f"the request URL of {command['command']}": command.get("url") for command in commands}
    if events:
        urls["the request URL of events"] = events.get("request_url")
    if interactivity.get("is_enabled"):
        urls["the request URL of interactivity"] = interactivity.get("request_url")
        urls["the options URL of interactivity"] = interactivity.get("message_menu_options_url")
    if settings.get("socket_mode_enabled"):
        yield from (f"{what} is of no use in Socket Mode" for what, url in urls.items() if url)
        return
    for what, url in urls.items():
        if not url:
            yield f"{what} is missing, and Socket Mode is off"
        elif not url.startswith("https://"):
            yield f"{what} is not https"


def scope_problems(manifest):
    scopes = manifest.get("oauth_config", {}).get("scopes", {}).get("bot", [])
    for scope in sorted(set(scopes)):
        if scopes.count(scope) > 1:
            yield f"{scope} stands there twice"
        if scope not in SCOPES:
            yield f"{scope} is no scope of a bot's"
    events = manifest.get("settings", {}).get("event_subscriptions", {}).get("bot_events", [])
    for event in events:
        if event not in EVENTS:
            yield f"{event} is no event that is known here"
        elif EVENTS[event] and EVENTS[event] not in scopes:
            yield f"{event} takes {EVENTS[event]}"
    features = manifest.get("features", {})
    if (features.get("slash_commands") or features.get("shortcuts")) and "commands" not in scopes:
        yield "a command or shortcut takes commands"
    if "users:read.email" in scopes and "users:read" not in scopes:
        yield "users:read.email takes users:read"


def feature_problems(manifest):
    features, settings = manifest.get("features", {}), manifest.get("settings", {})
    events = settings.get("event_subscriptions", {}).get("bot_events", [])
    home, bot = features.get("app_home", {}), features.get("bot_user")
    if not bot:
        yield "a bot's scopes and events take a bot user"
    elif not BOT_NAME.fullmatch(bot["display_name"]):
        yield "the bot's name has letters that Slack does not take"
    if not COLOUR.fullmatch(manifest["display_information"].get("background_color", "#000")):
        yield "the colour is none"
    for command in features.get("slash_commands", []):
        if not COMMAND.fullmatch(command["command"]):
            yield f"{command['command']} is no name for a command"
        if not command.get("should_escape"):
            yield f"{command['command']} gets mentions as plain names: should_escape is off"
    interactive = settings.get("interactivity", {}).get("is_enabled")
    if features.get("shortcuts") and not interactive:
        yield "a shortcut takes interactivity"
    if "app_home_opened" in events and not home.get("home_tab_enabled"):
        yield "app_home_opened without a Home tab"
    if home.get("home_tab_enabled") and "app_home_opened" not in events:
        yield "nobody fills the Home tab: app_home_opened is not subscribed to"
    can_write = home.get("messages_tab_enabled") and not home.get("messages_tab_read_only_enabled")
    if "message.im" in events and not can_write:
        yield "nobody can write to the bot: its Messages tab is off or read-only"
    if settings.get("token_rotation_enabled"):
        yield "tokens that rotate cannot be given to the bot in its environment"
