"""What people do and see in the simulated Slack, without a browser: through what its page uses."""

import json
import time
import urllib.parse
import urllib.request

from child import DEADLINE_SECONDS


class People:
    """Everybody of one sandbox's company."""

    def __init__(self, sandbox):
        self._sandbox = sandbox

    def install(self, manifest):
        """An administrator creates the app from this manifest: the secrets that Slack shows then."""
        return self._do("manifest", **manifest)

    def type(self, person, channel, text):
        """A command or a message, which the bot has acknowledged."""
        self._do("command", person=person, channel=channel, text=text)

    def press(self, person, message, action_id):
        self._do("press", person=person, message_ts=message["ts"], action_id=action_id)

    def submit(self, person, form, **entries):
        self._do("submit", person=person, view_id=form["id"], entries=entries)

    def wait_for_message(self, person, channel, is_it):
        """The first message for which `is_it` holds, among those that this person sees there."""

        def look(seen):
            there = [shown for shown in seen["channels"] if shown["id"] == channel]
            return next((message for shown in there for message in shown["messages"] if is_it(message)), None)

        return self._wait_for(person, look)

    def wait_for_form(self, person):
        return self._wait_for(person, lambda seen: seen["modals"][-1] if seen["modals"] else None)

    def sees(self, person):
        query = urllib.parse.urlencode({"person": person})
        with urllib.request.urlopen(f"{self._sandbox}/sandbox/state?{query}", timeout=DEADLINE_SECONDS) as answer:
            return json.load(answer)

    def _wait_for(self, person, look):
        deadline = time.monotonic() + DEADLINE_SECONDS
        # One event at once, and one for each change.
        with urllib.request.urlopen(f"{self._sandbox}/sandbox/events", timeout=DEADLINE_SECONDS) as events:
            for line in events:
                if line.startswith(b"data:") and (found := look(self.sees(person))) is not None:
                    return found
                if time.monotonic() > deadline:
                    break
        raise AssertionError(f"{person} never saw it; this is all: {json.dumps(self.sees(person)['channels'])}")

    def _do(self, what, **body):
        request = urllib.request.Request(
            f"{self._sandbox}/sandbox/{what}",
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
            method="POST",
        )
        with urllib.request.urlopen(request, timeout=DEADLINE_SECONDS) as answer:
            told = json.load(answer)
        assert told.pop("ok"), f"{what} {body}: {told}"
        return told
