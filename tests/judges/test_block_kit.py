"""The validator itself: good messages pass, and each thing that Slack refuses is caught."""

import copy

import pytest

from block_kit import problems


def plain(text="x"):
    return {"type": "plain_text", "text": text}


def mrkdwn(text="x"):
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def button(action_id="recheck", **more):
    return {"type": "button", "action_id": action_id, "text": plain("Check again"), "value": "v1:7K2Q", **more}


def section(**more):
    return {"type": "section", "text": mrkdwn(), **more}


def option(value="v", text=None):
    return {"text": text or plain(), "value": value}


def confirm(**more):
    return {"title": plain(), "text": mrkdwn(), "confirm": plain(), "deny": plain(), **more}


def rich_text(*elements):
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


def account_input(**more):
    element = {"type": "external_select", "action_id": "account", "placeholder": plain(), "min_query_length": 1}
    return {"type": "input", "block_id": "account", "label": plain("Account"), "element": element, **more}


def modal(*blocks, **more):
    view = {"type": "modal", "callback_id": "diagnose", "title": plain(), "submit": plain(), "close": plain()}
    return {**view, "blocks": list(blocks), **more}


def message(*blocks, text="Payments-Prod is on its way."):
    return {"channel": "C0HELPDESK", "text": text, "blocks": list(blocks)}


def found_in_message(*blocks, **more):
    return problems("chat.postMessage", message(*blocks, **more))


def found_in_modal(view):
    return problems("views.open", {"trigger_id": "1.2", "view": view})


def without(thing, key):
    thing = copy.deepcopy(thing)
    del thing[key]
    return thing


GOOD_BLOCKS = [
    {"type": "header", "text": plain("Payments-Prod is on its way")},
    section(fields=[mrkdwn("a"), plain("b")], accessory=button("show_steps", confirm=confirm(style="danger"))),
    {"type": "context", "elements": [mrkdwn("Checked live at 14:12")]},
    {"type": "divider"},
    {"type": "actions", "elements": [button("recheck", style="primary"), button("escalate")]},
    {
        "type": "actions",
        "elements": [
            {"type": "overflow", "action_id": "more", "options": [option("1"), option("2")]},
            {"type": "static_select", "action_id": "pick", "placeholder": plain(), "options": [option()]},
        ],
    },
    rich_text(
        {"type": "text", "text": "AWS-Payments-ReadOnly", "style": {"code": True}},
        {"type": "link", "url": "https://example.com/", "text": "console"},
        {"type": "user", "user_id": "U0DANA"},
        {"type": "date", "timestamp": 1795470000, "format": "{time}", "fallback": "14:12"},
    ),
]


def test_a_good_message_passes_on_every_method():
    for method in ("chat.postMessage", "chat.update", "chat.postEphemeral", "response_url", "acknowledgement"):
        assert problems(method, message(*GOOD_BLOCKS)) == []


def test_a_good_view_passes():
    assert found_in_modal(modal(section(), account_input())) == []


@pytest.mark.parametrize(
    "body",
    [
        None,
        "",
        {},
        {"challenge": "abc"},
        {"response_action": "clear"},
        {"response_action": "errors", "errors": {"account": "No such account."}},
        {"response_action": "update", "view": modal(section())},
        {"options": [option(), option("w")]},
        {"options": []},
        {"response_type": "ephemeral", "text": "Looking."},
    ],
)
def test_good_acknowledgements_pass(body):
    assert problems("acknowledgement", body) == []


@pytest.mark.parametrize(
    "block, complaint",
    [
        # What slack_sdk catches.
        ({"type": "header", "text": plain("x" * 151)}, "150"),
        (section(text=mrkdwn("x" * 3001)), "3000"),
        ({"type": "section"}, "text or fields"),
        (section(fields=[mrkdwn()] * 11), "10"),
        ({"type": "actions", "elements": [button(text=plain("x" * 76))]}, "75"),
        ({"type": "actions", "elements": [button(value="x" * 2001)]}, "2000"),
        ({"type": "actions", "elements": [button("x" * 256)]}, "255"),
        ({"type": "actions", "elements": [button(f"a{n}") for n in range(26)]}, "25"),
        ({"type": "actions", "elements": [button(style="loud")]}, "style"),
        ({"type": "context", "elements": [mrkdwn()] * 11}, "10"),
        ({"type": "divider", "block_id": "x" * 256}, "255"),
        # What it drops in silence: caught by comparing.
        ({"type": "sections", "text": mrkdwn()}, "knows no type"),
        (section(txet="x"), "slack_sdk keeps"),
        ({"type": "actions", "elements": [{"type": "buton", "action_id": "a"}]}, "slack_sdk keeps"),
        ({"type": "actions", "elements": []}, "slack_sdk"),
        (rich_text({"type": "text", "text": "x", "colour": "red"}), "slack_sdk keeps"),
        (rich_text({"type": "no_such_element"}), "slack_sdk keeps"),
        # What it misses.
        ({"type": "header", "text": mrkdwn()}, "must be plain_text"),
        ({"type": "actions", "elements": [button(text=mrkdwn())]}, "must be plain_text"),
        (section(accessory=button(text=mrkdwn())), "must be plain_text"),
        (section(fields=[mrkdwn("x" * 2001)]), "2000"),
        (section(text=mrkdwn("")), "empty text"),
        ({"type": "context", "elements": [plain("")]}, "empty text"),
        (rich_text({"type": "text", "text": ""}), "empty text"),
        ({"type": "actions", "elements": [button("same"), button("same")]}, "used twice"),
        ({"type": "actions", "elements": [button("a", style="primary"), button("b", style="primary")]}, "primary"),
        (
            {"type": "actions", "elements": [{"type": "overflow", "action_id": "o", "options": [option("x" * 151)]}]},
            "option value",
        ),
        (
            {"type": "actions", "elements": [{"type": "overflow", "action_id": "o", "options": [option(text=mrkdwn())]}]},
            "must be plain_text",
        ),
        ({"type": "actions", "elements": [button(confirm=confirm(text=mrkdwn("x" * 301)))]}, "300"),
        ({"type": "actions", "elements": [button(confirm=confirm(title=plain("x" * 101)))]}, "100"),
        ({"type": "actions", "elements": [button(confirm=confirm(deny=plain("x" * 31)))]}, "30"),
        ({"type": "actions", "elements": [button(confirm=confirm(confirm=mrkdwn()))]}, "must be plain_text"),
        (account_input(), "no input block"),
    ],
)
def test_a_block_that_slack_refuses_is_caught(block, complaint):
    assert complaint in "\n".join(found_in_message(block))


def test_too_many_blocks_are_caught():
    assert found_in_message(*[section()] * 50) == []
    assert "51 blocks, more than 50" in found_in_message(*[section()] * 51)
    assert found_in_modal(modal(*[section()] * 100)) == []
    assert "101 blocks, more than 100" in found_in_modal(modal(*[section()] * 101))


def test_a_block_id_used_twice_is_caught():
    assert found_in_message(section(block_id="a"), section(block_id="b")) == []
    assert "block_id 'a' is used twice" in found_in_message(section(block_id="a"), section(block_id="a"))


def test_the_same_action_in_two_blocks_is_no_duplicate():
    row = {"type": "actions", "elements": [button()]}
    assert found_in_message(row, row) == []


def test_a_second_table_is_caught():
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}
    assert not any("tables" in problem for problem in found_in_message(table))
    assert "2 tables, more than 1" in found_in_message(table, table)


@pytest.mark.parametrize("text", [None, "", "  ", "x" * 4001])
def test_a_message_without_a_readable_text_is_caught(text):
    assert any("top-level text" in problem for problem in found_in_message(section(), text=text))


@pytest.mark.parametrize(
    "view, complaint",
    [
        (modal(account_input(element={**account_input()["element"], "placeholder": mrkdwn()})), "must be plain_text"),
        (modal(account_input(label=mrkdwn())), "must be plain_text"),
        (modal(account_input(label=plain("x" * 2001))), "2000"),
        (modal(section(), title=plain("x" * 25)), "24"),
        (modal(section(), title=mrkdwn()), "must be plain_text"),
        (modal(section(), submit=plain("x" * 25)), "24"),
        (modal(section(), close=plain("")), "empty text"),
        (modal(section(), private_metadata="x" * 3001), "3000"),
        (modal(section(), callback_id="x" * 256), "255"),
        (modal(section(), no_such_field=True), "slack_sdk keeps"),
        (modal(), "blocks must be a list"),
        (without(modal(section()), "title"), "needs a title"),
        (without(modal(account_input()), "submit"), "needs submit"),
        (modal(account_input(), account_input()), "used twice"),
    ],
)
def test_a_view_that_slack_refuses_is_caught(view, complaint):
    assert complaint in "\n".join(found_in_modal(view))


@pytest.mark.parametrize(
    "method, body, complaint",
    [
        ("acknowledgement", {"response_action": "errors", "errors": {}}, "at least one block"),
        ("acknowledgement", {"response_action": "errors", "errors": {"account": ""}}, "is empty"),
        ("acknowledgement", {"response_action": "explode"}, "unknown response_action"),
        ("acknowledgement", {"response_action": "update", "view": modal()}, "blocks must be a list"),
        ("acknowledgement", {"options": [option(str(n)) for n in range(101)]}, "101 options"),
        ("acknowledgement", {"options": [option("x" * 151)]}, "150"),
        ("acknowledgement", {"options": [option(text=mrkdwn())]}, "must be plain_text"),
        ("response_url", {"delete_original": True, "text": "x"}, "must stand alone"),
        ("response_url", {"text": "x", "response_type": "loud"}, "unknown response_type"),
        ("views.open", {"trigger_id": "1.2"}, "a view must be an object"),
        ("chat.typo", {"text": "x"}, "nothing is known about the method"),
    ],
)
def test_a_request_that_slack_refuses_is_caught(method, body, complaint):
    assert complaint in "\n".join(problems(method, body))


def test_a_deletion_alone_passes():
    assert problems("response_url", {"delete_original": True}) == []
