"""Every message and view that the bot sent while the code's own tests ran, judged by Slack's SDK and limits.

Those tests leave each as a file in `target/outbox`: `{"method": "chat.postMessage", "body": {…}}`.
"""

import collections
import json

from block_kit import problems
from program import TARGET

OUTBOX = TARGET / "outbox"
# One for each person of the company is about 25; with their buttons and forms it is well above this.
FEWEST = 40


def sent():
    return {file.name: json.loads(file.read_text(encoding="utf-8")) for file in sorted(OUTBOX.glob("*.json"))}


def test_enough_was_sent_to_judge():
    assert len(sent()) >= FEWEST, f"`cargo test` left {len(sent())} files in {OUTBOX}"


def test_each_kind_of_answer_was_sent():
    methods = collections.Counter(one["method"] for one in sent().values())

    assert {"response_url", "views.open", "chat.postMessage", "acknowledgement"} <= set(methods), methods


def test_slack_would_take_all_of_it():
    refused = {name: problems(one["method"], one["body"]) for name, one in sent().items()}

    assert {name: reasons for name, reasons in refused.items() if reasons} == {}
