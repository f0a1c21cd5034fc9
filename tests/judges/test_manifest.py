"""The app manifests under the rules that Slack has beside its schema. Each rule is first shown to refuse something."""

import json

import pytest

from manifest_rules import EVENTS, SCOPES, problems
from program import ROOT

FOLDER = ROOT / "manifest"
HTTP, SOCKET = "slack-app-http.json", "slack-app-socket.json"


def read(name):
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def without(place, value):
    def change(manifest):
        at(manifest, place).remove(value)

    return change


def with_(place, value):
    def change(manifest):
        *way, last = place
        at(manifest, way)[last] = value

    return change


def at(manifest, place):
    for part in place:
        manifest = manifest[part]
    return manifest


BOT_SCOPES = ("oauth_config", "scopes", "bot")
BOT_EVENTS = ("settings", "event_subscriptions", "bot_events")
COMMAND = ("features", "slash_commands", 0)
HOME = ("features", "app_home")

# What is changed in a manifest, and a word of what is then said.
WRONG = [
    (HTTP, with_((*COMMAND, "url"), None), "the request URL of /sso-why is missing"),
    (HTTP, with_((*COMMAND, "url"), "http://sso-why.example.com/"), "is not https"),
    (HTTP, with_((*BOT_EVENTS[:2], "request_url"), None), "the request URL of events is missing"),
    (HTTP, with_(("settings", "interactivity", "request_url"), None), "the request URL of interactivity is missing"),
    (HTTP, with_(("settings", "interactivity", "message_menu_options_url"), None), "the options URL"),
    (SOCKET, with_((*COMMAND, "url"), "https://sso-why.example.com/"), "is of no use in Socket Mode"),
    (SOCKET, with_(("settings", "socket_mode_enabled"), False), "Socket Mode is off"),
    (SOCKET, lambda manifest: at(manifest, BOT_SCOPES).append("chat:write"), "chat:write stands there twice"),
    (SOCKET, lambda manifest: at(manifest, BOT_SCOPES).append("chat:wirte"), "chat:wirte is no scope"),
    (SOCKET, lambda manifest: at(manifest, BOT_EVENTS).append("message.channel"), "message.channel is no event"),
    (SOCKET, without(BOT_SCOPES, "app_mentions:read"), "app_mention takes app_mentions:read"),
    (SOCKET, without(BOT_SCOPES, "channels:history"), "message.channels takes channels:history"),
    (SOCKET, without(BOT_SCOPES, "groups:history"), "message.groups takes groups:history"),
    (SOCKET, without(BOT_SCOPES, "im:history"), "message.im takes im:history"),
    (SOCKET, without(BOT_SCOPES, "commands"), "a command or shortcut takes commands"),
    (SOCKET, without(BOT_SCOPES, "users:read"), "users:read.email takes users:read"),
    (SOCKET, with_(("features", "bot_user"), None), "take a bot user"),
    (SOCKET, with_(("features", "bot_user", "display_name"), "SSO Why"), "the bot's name"),
    (SOCKET, with_(("display_information", "background_color"), "red1"), "the colour is none"),
    (SOCKET, with_((*COMMAND, "command"), "/SSO why"), "is no name for a command"),
    (SOCKET, with_((*COMMAND, "should_escape"), False), "should_escape is off"),
    (SOCKET, with_(("settings", "interactivity", "is_enabled"), False), "a shortcut takes interactivity"),
    (SOCKET, with_((*HOME, "home_tab_enabled"), False), "without a Home tab"),
    (SOCKET, without(BOT_EVENTS, "app_home_opened"), "nobody fills the Home tab"),
    (SOCKET, with_((*HOME, "messages_tab_enabled"), False), "nobody can write to the bot"),
    (SOCKET, with_((*HOME, "messages_tab_read_only_enabled"), True), "nobody can write to the bot"),
    (SOCKET, with_(("settings", "token_rotation_enabled"), True), "tokens that rotate"),
]


@pytest.mark.parametrize(("name", "change", "said"), WRONG, ids=[said for _, _, said in WRONG])
def test_a_rule_refuses_what_breaks_it(name, change, said):
    manifest = read(name)
    change(manifest)

    assert any(said in problem for problem in problems(manifest)), problems(manifest)


def test_the_rules_know_the_scopes_that_the_events_take():
    assert {scope for scope in EVENTS.values() if scope} <= SCOPES


def test_there_is_one_manifest_for_each_way():
    assert sorted(file.name for file in FOLDER.iterdir()) == [HTTP, SOCKET]
    assert [read(name)["settings"]["socket_mode_enabled"] for name in (HTTP, SOCKET)] == [False, True]


@pytest.mark.parametrize("name", [HTTP, SOCKET])
def test_slack_would_take_it(name):
    assert problems(read(name)) == []
