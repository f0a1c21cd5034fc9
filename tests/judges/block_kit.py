"""What Slack would refuse or misread in a message, a view or an acknowledgement.

Slack's own SDK judges first (`slack_sdk`: shapes, most lengths, and fields that it does not know, which it
drops). It does not know every limit; the rest of this file checks those, on the figures of Slack's Block
Kit reference and of the doc comments in `@slack/types` 3.2.0.
"""

import copy
import json
import logging

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block, Option, OptionGroup
from slack_sdk.models.views import View

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
# Slack takes up to 40,000 from chat.postMessage, but chat.update refuses more than 4,000, and any message may be updated.
MESSAGE_TEXT = 4000
SECTION_FIELD_TEXT = 2000
OPTION_VALUE = 150
OPTIONS = 100
CONFIRM_TITLE = 100
CONFIRM_TEXT = 300
CONFIRM_BUTTON = 30
INPUT_LABEL = 2000
TABLES = 1

# Where Slack takes plain text only, by the type of the object that holds the text.
PLAIN_TEXT_ONLY = {
    "header": ("text",),
    "button": ("text",),
    "input": ("label", "hint"),
    "image": ("title",),
    "modal": ("title", "submit", "close"),
}
# Wherever they stand.
PLAIN_TEXT_EVERYWHERE = ("placeholder",)

MESSAGE_METHODS = ("chat.postMessage", "chat.update", "chat.postEphemeral", "response_url")
VIEW_METHODS = ("views.open", "views.update", "views.push", "views.publish")

# The SDK logs what it does not know; here that is a problem to return, told by the comparison below.
logging.getLogger("slack_sdk").setLevel(logging.CRITICAL)


def problems(method, body):
    """Every reason why Slack would refuse this request of `method`, as sentences; none when it is fine."""
    if method in MESSAGE_METHODS:
        return message_problems(body)
    if method in VIEW_METHODS:
        return view_problems(body.get("view"))
    if method == "acknowledgement":
        return acknowledgement_problems(body)
    return [f"nothing is known about the method {method!r}"]


def message_problems(message):
    if not isinstance(message, dict):
        return [f"a message must be an object, not {message!r}"]
    if message.get("delete_original"):
        others = sorted(set(message) - {"delete_original"})
        return [f"delete_original must stand alone, not beside {others}"] if others else []
    found = []
    text = message.get("text")
    if not isinstance(text, str) or not text.strip():
        found.append("the top-level text is missing or empty: screen readers read nothing else")
    elif len(text) > MESSAGE_TEXT:
        found.append(f"the top-level text has {len(text)} characters, more than {MESSAGE_TEXT}")
    if message.get("response_type") not in (None, "ephemeral", "in_channel"):
        found.append(f"unknown response_type {message['response_type']!r}")
    if "blocks" in message:
        found += _blocks_problems(message["blocks"], MESSAGE_BLOCKS)
        if isinstance(message["blocks"], list):
            found += [
                "a message holds no input block"
                for block in message["blocks"]
                if isinstance(block, dict) and block.get("type") == "input"
            ]
    return found


def view_problems(view):
    if not isinstance(view, dict):
        return [f"a view must be an object, not {view!r}"]
    found = _sdk_problems("view", view, lambda given: View(**given))
    if view.get("type") == "modal" and "title" not in view:
        found.append("a modal needs a title")
    blocks = view.get("blocks")
    found += _blocks_problems(blocks, VIEW_BLOCKS)
    has_input = isinstance(blocks, list) and any(isinstance(b, dict) and b.get("type") == "input" for b in blocks)
    if has_input and view.get("type") == "modal" and "submit" not in view:
        found.append("a modal with an input needs submit")
    found += _object_problems({key: value for key, value in view.items() if key != "blocks"}, "view")
    return found


def acknowledgement_problems(body):
    """The answer to a request of Slack's: nothing, a message, an action on a view, or options."""
    if body in (None, "", {}):
        return []
    if isinstance(body, str):
        return [] if len(body) <= MESSAGE_TEXT else ["the text is too long"]
    if "challenge" in body:
        return []
    if "options" in body or "option_groups" in body:
        return _options_problems(body)
    if "response_action" in body:
        return _view_answer_problems(body)
    return message_problems(body)


def _view_answer_problems(body):
    action = body["response_action"]
    if action in ("update", "push"):
        return view_problems(body.get("view"))
    if action == "clear":
        return []
    if action == "errors":
        errors = body.get("errors")
        if not isinstance(errors, dict) or not errors:
            return ["errors must name at least one block"]
        return [f"the error at {block} is empty" for block, text in errors.items() if not text]
    return [f"unknown response_action {action!r}"]


def _options_problems(body):
    if "options" in body:
        options, kind = body["options"], Option
    else:
        options, kind = body["option_groups"], OptionGroup
    found = [] if len(options) <= OPTIONS else [f"{len(options)} options, more than {OPTIONS}"]
    for option in options:
        found += _sdk_problems("option", option, lambda given: kind.parse_all([given])[0])
        found += _object_problems(option, "option")
    return found


def _blocks_problems(blocks, most):
    if not isinstance(blocks, list) or not blocks:
        return [f"blocks must be a list that is not empty, not {blocks!r}"]
    found = []
    if len(blocks) > most:
        found.append(f"{len(blocks)} blocks, more than {most}")
    for index, block in enumerate(blocks):
        where = f"block {index}"
        if not isinstance(block, dict):
            found.append(f"{where} is no object")
            continue
        where = f"{where} ({block.get('type')})"
        found += _sdk_problems(where, block, lambda given: Block.parse_all([given])[0])
        found += _object_problems(block, where)
        found += _duplicates(_own_action_ids(block), f"{where}: action_id")
    blocks = [block for block in blocks if isinstance(block, dict)]
    found += _duplicates([block["block_id"] for block in blocks if "block_id" in block], "block_id")
    tables = sum(block.get("type") == "table" for block in blocks)
    if tables > TABLES:
        found.append(f"{tables} tables, more than {TABLES}")
    return found


def _sdk_problems(where, given, parse):
    try:
        parsed = parse(copy.deepcopy(given))
        if parsed is None:
            return [f"{where}: slack_sdk knows no type {given.get('type')!r}"]
        parsed.validate_json()
        kept = json.loads(json.dumps(parsed.to_dict()))
    except (SlackObjectFormationError, TypeError, ValueError, AttributeError, KeyError) as error:
        return [f"{where}: slack_sdk refuses it: {error}"]
    if kept == given:
        return []
    return [f"{where}: slack_sdk keeps {json.dumps(kept)} of {json.dumps(given)}"]


def _own_action_ids(block):
    elements = list(block.get("elements") or [])
    elements += [block[key] for key in ("accessory", "element") if key in block]
    return [element["action_id"] for element in elements if isinstance(element, dict) and "action_id" in element]


def _duplicates(ids, name):
    return [f"{name} {one!r} is used twice" for one in sorted({one for one in ids if ids.count(one) > 1})]


def _object_problems(thing, where):
    """The limits that slack_sdk does not check, for this object and for all that it holds."""
    found = []
    if isinstance(thing, list):
        for inner in thing:
            found += _object_problems(inner, where)
        return found
    if not isinstance(thing, dict):
        return found
    kind = thing.get("type")
    if kind in ("mrkdwn", "plain_text", "text") and not thing.get("text"):
        found.append(f"{where}: empty text")
    for key in (*PLAIN_TEXT_ONLY.get(kind, ()), *PLAIN_TEXT_EVERYWHERE):
        found += _plain_text_problems(thing.get(key), f"{where}: {key}")
    if kind == "section":
        for field in thing.get("fields") or []:
            found += _length_problems(field.get("text"), SECTION_FIELD_TEXT, f"{where}: field")
    if kind == "input":
        for key in ("label", "hint"):
            found += _length_problems(thing.get(key, {}).get("text"), INPUT_LABEL, f"{where}: {key}")
    if kind == "actions":
        primaries = sum(isinstance(e, dict) and e.get("style") == "primary" for e in thing.get("elements") or [])
        if primaries > 1:
            found.append(f"{where}: {primaries} primary buttons in one row")
    for option in thing.get("options") or []:
        found += _option_problems(option, f"{where}: option")
    if isinstance(thing.get("options"), list) and len(thing["options"]) > OPTIONS:
        found.append(f"{where}: {len(thing['options'])} options, more than {OPTIONS}")
    for key in ("initial_option", "option"):
        if isinstance(thing.get(key), dict):
            found += _option_problems(thing[key], f"{where}: {key}")
    if "text" in thing and "value" in thing and kind is None:
        found += _option_problems(thing, where)
    if isinstance(thing.get("confirm"), dict):
        found += _confirm_problems(thing["confirm"], f"{where}: confirm")
    for inner in thing.values():
        found += _object_problems(inner, where)
    return list(dict.fromkeys(found))


def _option_problems(option, where):
    found = _plain_text_problems(option.get("text"), f"{where} text")
    return found + _length_problems(option.get("value"), OPTION_VALUE, f"{where} value")


def _confirm_problems(confirm, where):
    if "type" in confirm:
        return []
    found = []
    for key, most in (
        ("title", CONFIRM_TITLE),
        ("text", CONFIRM_TEXT),
        ("confirm", CONFIRM_BUTTON),
        ("deny", CONFIRM_BUTTON),
    ):
        text = confirm.get(key)
        if not isinstance(text, dict):
            found.append(f"{where}: {key} is missing")
            continue
        found += _length_problems(text.get("text"), most, f"{where}: {key}")
        if key != "text":
            found += _plain_text_problems(text, f"{where}: {key}")
    return found


def _plain_text_problems(text, where):
    if text is None or (isinstance(text, dict) and text.get("type") == "plain_text"):
        return []
    return [f"{where} must be plain_text"]


def _length_problems(text, most, where):
    if not isinstance(text, str) or len(text) <= most:
        return []
    return [f"{where} has {len(text)} characters, more than {most}"]
