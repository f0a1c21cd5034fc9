"""The public tools that judge what `deploy/` holds: those of the judges' Python environment, and Debian's."""

import os
import pathlib
import shutil
import subprocess
import sys

from child import DEADLINE_SECONDS
from program import ROOT

# What pip installs beside Python, what tests/run takes out of Debian's packages, and where Debian keeps root's tools.
FOLDERS = [pathlib.Path(sys.executable).parent, os.environ["PATH"], ROOT / ".cache/promtool/usr/bin", "/usr/sbin", "/sbin"]


def path_of(name):
    found = shutil.which(name, path=os.pathsep.join(str(folder) for folder in FOLDERS))
    if found is None:
        raise FileNotFoundError(f"{name} is missing: tests/run installs it")
    return found


def as_root(*command):
    """The command as root runs it, which containers need here."""
    command = [str(word) for word in (path_of(command[0]), *command[1:])]
    return command if os.geteuid() == 0 else ["sudo", "-n", *command]


def judged_by(name, *arguments, **settings):
    """Runs the tool to its end: its exit status, and all that it says."""
    done = subprocess.run(
        [path_of(name), *(str(argument) for argument in arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=2 * DEADLINE_SECONDS,
        check=False,
        **settings,
    )
    return done.returncode, done.stdout + done.stderr
