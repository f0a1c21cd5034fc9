"""What the judges start: the program, the sandbox, a browser on its page, and moto. Each ends by its own handle."""

import json
import os
import sys
import urllib.request

import pytest
from playwright.sync_api import sync_playwright

from chat_page import ChatPage
from child import DEADLINE_SECONDS, Child
from prism import SPECS
from program import Program, address_of_sandbox, start_sandbox

# These hold the sandbox and the manifests against the descriptions that Okta, Microsoft and Slack publish, and those
# are not ours to keep.
OF_PUBLISHED = ["test_documented_examples.py", "test_graph.py", "test_manifest_schema.py", "test_okta.py"]
collect_ignore = [] if SPECS.is_dir() else OF_PUBLISHED


def pytest_report_header():
    if collect_ignore:
        return f"not judged: {', '.join(collect_ignore)}, as there are no published descriptions in {SPECS}"
    return f"published descriptions: {SPECS}"


@pytest.fixture(scope="session")
def program(tmp_path_factory):
    return Program(tmp_path_factory.mktemp("judge"))


@pytest.fixture(scope="module")
def sandbox(program):
    """The address of a sandbox that the tests of one file share."""
    with start_sandbox(program) as started:
        yield address_of_sandbox(started)
        assert started.is_running(), f"the sandbox ended by itself:\n{started.output()}"
        assert "panicked" not in started.output(), started.output()


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium, kept from calling home."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield started
        started.close()


@pytest.fixture
def chat(browser, sandbox):
    """The page, freshly opened on a company as it was at the start."""
    with urllib.request.urlopen(f"{sandbox}/sandbox/reset", data=b"", timeout=DEADLINE_SECONDS) as answer:
        assert json.load(answer)["ok"]
    context = browser.new_context(viewport={"width": 1280, "height": 800}, timezone_id="Europe/London")
    chat = ChatPage(context.new_page(), sandbox)
    chat.open()
    yield chat
    context.close()
    assert chat.failures == []


@pytest.fixture(scope="session")
def moto(tmp_path_factory):
    """The address of a moto server, which plays AWS and was written by others."""
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"]
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path_factory.mktemp("moto"))}
    with Child(command, env=environment, cwd=environment["HOME"]) as server:
        # Port 0 has the kernel choose a free one; werkzeug says which once the socket listens.
        address = server.wait_for_line(r"Running on (http://127\.0\.0\.1:\d+)").group(1)
        with urllib.request.urlopen(f"{address}/moto-api/", timeout=60) as answer:
            assert answer.status == 200
        yield address
