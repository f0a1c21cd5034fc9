"""A program that a judge started: its output is kept, its lines can be waited for, and it alone is ended."""

import re
import subprocess
import threading
import time

# A debug build on two shared cores can take seconds to start; a program that says nothing for a minute is stuck.
DEADLINE_SECONDS = 60.0


class Child:
    """One running program. Use it as a context manager, so that it ends whatever the test does."""

    def __init__(self, command, *, env, cwd):
        self.command = [str(word) for word in command]
        self._lines = []
        self._open_streams = 2
        self._changed = threading.Condition()
        self._process = subprocess.Popen(
            self.command,
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        self._readers = [
            threading.Thread(target=self._read, args=(stream,), daemon=True)
            for stream in (self._process.stdout, self._process.stderr)
        ]
        for reader in self._readers:
            reader.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def wait_for_line(self, pattern):
        """The first match of `pattern` on a line of either stream. Fails when the program ends or says nothing."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        read = 0
        with self._changed:
            while True:
                while read < len(self._lines):
                    match = re.search(pattern, self._lines[read])
                    if match:
                        return match
                    read += 1
                if self._open_streams == 0:
                    raise AssertionError(f"{self.command} ended without a line like {pattern!r}:\n{self._joined()}")
                left = deadline - time.monotonic()
                if left <= 0 or not self._changed.wait(left):
                    raise AssertionError(f"{self.command} printed no line like {pattern!r}:\n{self._joined()}")

    def output(self):
        """All that it has printed on both streams so far."""
        with self._changed:
            return self._joined()

    def is_running(self):
        return self._process.poll() is None

    def stop(self):
        """Ends this one process: first asks, then insists. Returns its exit status."""
        if self.is_running():
            self._process.terminate()
            try:
                self._process.wait(timeout=DEADLINE_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
        status = self._process.wait()
        for reader in self._readers:
            reader.join(timeout=DEADLINE_SECONDS)
        return status

    def _read(self, stream):
        for line in stream:
            with self._changed:
                self._lines.append(line.rstrip("\n"))
                self._changed.notify_all()
        with self._changed:
            self._open_streams -= 1
            self._changed.notify_all()

    def _joined(self):
        return "\n".join(self._lines)
