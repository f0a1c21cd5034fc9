"""Prism, a validating proxy that others wrote: it holds every request and answer against a published OpenAPI file."""

import dataclasses
import json
import os
import pathlib
import socket

from child import Child
from program import ROOT

BINARY = ROOT / ".cache" / "prism" / "node_modules" / ".bin" / "prism"

# The published descriptions are not part of the repository: whoever has them says where they are.
SPECS = pathlib.Path(os.environ.get("SSO_WHY_SPECS") or ROOT.parent / "shared" / "specs")

# The type of the body with which Prism answers, in place of the answer, when a request or an answer breaks the
# description.
VIOLATION = "application/problem+json"


@dataclasses.dataclass(frozen=True)
class Answer:
    """What came back through the proxy."""

    status: int
    headers: dict
    text: str

    @property
    def body(self):
        return json.loads(self.text)

    @property
    def is_violation(self):
        return self.headers.get("content-type", "").startswith(VIOLATION)


class Prism:
    """Prism between a client and `upstream`; to be used as a context manager. `address` is where clients go.

    `spec` is the name of a file in SPECS. Prism takes the Host header away from what it forwards, and a service
    that builds links from it would lead the client past the proxy. So Prism is told that its upstream has its own
    address, and that it reaches it through a proxy: `upstream`. The Host header is then Prism's own.
    """

    def __init__(self, spec, upstream, folder):
        if not BINARY.exists():
            raise FileNotFoundError(f"{BINARY} is missing: tests/run installs it")
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        command = [BINARY, "proxy", "-h", "127.0.0.1", "-p", port, "--errors"]
        command += ["--upstream-proxy", upstream, SPECS / spec, self.address]
        self._command = command
        self._folder = folder
        self._child = None

    def __enter__(self):
        environment = {"PATH": os.environ["PATH"], "HOME": str(self._folder)}
        self._child = Child(self._command, env=environment, cwd=self._folder)
        try:
            self._child.wait_for_line(r"Prism is listening on http")
        except BaseException:
            self._child.stop()
            raise
        return self

    def __exit__(self, *_):
        self._child.stop()

    def output(self):
        """All that it has printed so far."""
        return self._child.output()


def free_port():
    """A port that was free a moment ago. Prism must be told its own address before it listens there."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
