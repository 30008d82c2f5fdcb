"""Bubblewrap: the worker lives in namespaces of its own, in which nothing exists but an interpreter.

https://github.com/containers/bubblewrap. A system call filter comes on top: see seccomp.py.
"""

from __future__ import annotations

import functools
import os
import platform
import shutil
import sys
from collections.abc import Mapping
from typing import Any

from grader.base import messages
from grader.sandbox import interpreter, seccomp
from grader.sandbox.levels import FORK_SERVER, INSIDE, SEED, Settings, Start, command

FOLDER = "/worker"  # where inside/ is in there
NOBODY = "65534"


class Bubblewrap:
    """An empty read-only root with the interpreter, its standard library and inside/: no /proc, no /tmp, no network.

    A worker is process 1 of its own process namespace: what it might have started ends with it.
    """

    name = "bubblewrap"
    is_sandbox = True

    @property
    def fix(self) -> str:
        return messages.FIX_NAMESPACES if shutil.which("bwrap") else messages.FIX_BUBBLEWRAP

    def why_not(self) -> str:
        if sys.platform != "linux":
            return messages.NOT_LINUX
        if not seccomp.is_known(platform.machine()):
            return messages.UNKNOWN_MACHINE.format(name=platform.machine())
        return "" if shutil.which("bwrap") else messages.NO_BUBBLEWRAP

    def settings(self, canaries: Mapping[str, Any]) -> Settings:
        calls = seccomp.program(platform.machine(), read_only=False)  # there is no file that could be written
        return Settings(canaries, {"filter": calls, "landlocked": False})

    def start(self, begins: str) -> Start:
        server = command(interpreter.needed().executable, FOLDER, FORK_SERVER)
        return Start([*_namespaces(), *server], {"begins": begins, "paths": {}, "namespaces": True})


@functools.cache
def _namespaces() -> tuple[str, ...]:
    """bwrap and its options, apart from those of one start. --disable-userns is not among them, as older ones do not
    know it: the filter lets nobody make namespaces."""
    needed = interpreter.needed()
    options = [shutil.which("bwrap") or "bwrap", "--unshare-user", "--unshare-pid", "--as-pid-1", "--unshare-net"]
    options += ["--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--hostname", "worker"]
    # Not --die-with-parent: that is the thread, not the process. The fork server ends when nobody can order any more.
    options += ["--new-session", "--clearenv", "--setenv", *SEED, "--uid", NOBODY, "--gid", NOBODY]
    options += ["--cap-drop", "ALL", "--cap-add", "CAP_SYS_ADMIN"]  # for more namespaces; its workers give it up
    for path in (needed.executable, *needed.library, *needed.shared_libraries):
        options += ["--ro-bind", path, path]
    for path in needed.not_library:
        options += ["--tmpfs", path, "--remount-ro", path]
    options += ["--ro-bind", str(INSIDE), f"{FOLDER}/{INSIDE.name}", "--dev-bind", os.devnull, os.devnull]
    return (*options, "--remount-ro", "/", "--chdir", "/")
