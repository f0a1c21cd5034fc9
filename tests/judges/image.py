"""The container image, built by buildah without a daemon and run by runc without a network of its own.

What the image is made of is not compiled here as the container file's first stage does it, in release and from a
registry's image of Rust: `tests/run` links the program of the debug build in the same way, and this takes the place
of that stage.
"""

import json
import pathlib
import shutil
import subprocess

from child import DEADLINE_SECONDS, Child
from program import ROOT, TARGET
from tools import as_root, judged_by, path_of

CONTAINERFILE = ROOT / "deploy" / "Containerfile"
UNIT = ROOT / "deploy" / "systemd" / "sso-why.service"
STATIC = TARGET / "static" / "sso-why"
CERTIFICATES = pathlib.Path("/etc/ssl/certs/ca-certificates.crt")

# By what the judges' machine is known in the container: a name, so that it has to be looked up, and the only one at
# which the program asks AWS without TLS.
HOST = "localhost"


class Image:
    """Built in `folder`, which holds all of it; `remove` takes away what root made there."""

    def __init__(self, folder):
        if not STATIC.exists():
            raise FileNotFoundError(f"{STATIC} is missing: tests/run links it")
        self._folder = folder
        stage = folder / "stage"
        for directory in ("image/usr/bin", "image/etc/ssl/certs", "image/var/lib", "data"):
            (stage / directory).mkdir(parents=True)
        # Symbols are left out in release too.
        run("strip", "-o", stage / "image/usr/bin/sso-why", STATIC)
        shutil.copy(CERTIFICATES, stage / "image/etc/ssl/certs")
        context = folder / "context"
        context.mkdir()
        self._buildah(
            "build", "--isolation=chroot", "--format=docker", f"--build-context=build={stage}",
            f"--file={CONTAINERFILE}", "--tag=sso-why", context,
        )  # fmt: skip
        self.settings = json.loads(self._buildah("inspect", "--type=image", "sso-why"))["Docker"]["config"]
        self._container = self._buildah("from", "--pull-never", "sso-why").strip()
        self.root = pathlib.Path(self._buildah("mount", self._container).strip())

    def files(self):
        """Kind, mode, owner and path of each."""
        listed = run(*as_root("find", self.root, "-mindepth", "1", "-printf", r"%y %m %U:%G /%P\n"))
        return [line.split(" ") for line in listed.splitlines()]

    def remove(self):
        self._buildah("rm", "--all")
        run(*as_root("rm", "-rf", self._folder / "storage", self._folder / "run"))

    def _buildah(self, *arguments):
        storage = ("--storage-driver=vfs", f"--root={self._folder / 'storage'}", f"--runroot={self._folder / 'run'}")
        return run(*as_root("buildah", *storage, *arguments))


class Container:
    """The image as orchestrators run it: its root cannot be written, no capability, no system call beyond those that
    the systemd unit allows, and a volume where the image says so. To be used as a context manager."""

    def __init__(self, image, folder, *, files=(), **settings):
        self.health_check = image.settings["Healthcheck"]["Test"]
        self._name = f"sso-why-{folder.name}"
        self._folder = folder
        self._state = folder / "state"
        self.volume = folder / "volume"
        self.volume.mkdir()
        run(*as_root("chown", image.settings["User"], self.volume))
        (folder / "hosts").write_text(f"127.0.0.1 {HOST}\n", encoding="utf-8")
        (folder / "config.json").write_text(json.dumps(self._bundle(image, files, settings)), encoding="utf-8")

    def _bundle(self, image, files, settings):
        user, group = (int(number) for number in image.settings["User"].split(":"))
        (volume,) = image.settings["Volumes"]
        mounts = [
            {"destination": "/proc", "type": "proc", "source": "proc"},
            {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "mode=755", "size=64k"]},
            bound(self._folder / "hosts", "/etc/hosts"),
            bound(self.volume, volume, "rw"),
            *(bound(file, f"/etc/sso-why/{file.name}") for file in files),
        ]
        environment = [*image.settings["Env"], *(f"{name}={value}" for name, value in settings.items())]
        return {
            "ociVersion": "1.0.2",
            "root": {"path": str(image.root), "readonly": True},
            "mounts": mounts,
            "process": {
                "user": {"uid": user, "gid": group},
                "args": [*image.settings["Entrypoint"], *image.settings["Cmd"]],
                "env": environment,
                "cwd": image.settings["WorkingDir"],
                "capabilities": {},
                "noNewPrivileges": True,
            },
            "linux": {
                "namespaces": [{"type": kind} for kind in ("pid", "ipc", "uts", "mount")],
                "seccomp": {
                    "defaultAction": "SCMP_ACT_ERRNO",
                    "syscalls": [{"names": allowed_by_the_unit(), "action": "SCMP_ACT_ALLOW"}],
                },
            },
        }

    def __enter__(self):
        command = as_root(*self._runc("run", "--bundle", self._folder, self._name))
        self.process = Child(command, env={"PATH": "/usr/bin:/bin:/usr/sbin:/sbin"}, cwd=self._folder)
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        """Asks the program to stop, as orchestrators do; its exit status."""
        if self.process.is_running():
            judged_by(*as_root(*self._runc("kill", self._name, "TERM")))
        return self.process.stop()

    def run(self, *arguments, **settings):
        """Another program beside the first, with its settings and these: its exit status, and what it says."""
        more = [f"--env={name}={value}" for name, value in settings.items()]
        return judged_by(*as_root(*self._runc("exec", *more, self._name, *arguments)))

    def _runc(self, *arguments):
        return ("runc", f"--root={self._state}", *arguments)


def bound(source, destination, access="ro"):
    options = ["bind", access, "nosuid", "nodev"]
    return {"destination": destination, "type": "bind", "source": str(source), "options": options}


def allowed_by_the_unit():
    """The names of the system calls that the unit's SystemCallFilter leaves."""
    allowed = set()
    for line in UNIT.read_text(encoding="utf-8").splitlines():
        if line.startswith("SystemCallFilter="):
            listed = line.removeprefix("SystemCallFilter=")
            calls = {call for group in listed.removeprefix("~").split() for call in calls_of(group)}
            allowed = allowed - calls if listed.startswith("~") else allowed | calls
    return sorted(allowed)


def calls_of(group):
    """The system calls of a group of systemd's, those of the groups in it included."""
    listed = run(path_of("systemd-analyze"), "syscall-filter", "--no-pager", group).splitlines()[1:]
    for name in (line.strip() for line in listed):
        if name.startswith("@"):
            yield from calls_of(name)
        elif name and not name.startswith("#"):
            yield name


def run(*command):
    command = [str(word) for word in command]
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=5 * DEADLINE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
    return done.stdout
