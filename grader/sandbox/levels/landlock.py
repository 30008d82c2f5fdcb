"""Landlock: the worker gives up files, processes, network and signals itself, and the kernel holds it to that.

For Linux machines on which bubblewrap cannot run, such as most containers. Landlock leaves it only the standard
library to read; the system call filter takes the rest. https://docs.kernel.org/userspace-api/landlock.html
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Mapping
from typing import Any

from grader.base import messages
from grader.sandbox import interpreter, seccomp
from grader.sandbox.levels import FORK_SERVER, INSIDE, Settings, Start, command


class Landlock:
    """Landlock, the system call filter, and limits; applied by the worker to itself, through inside/lock.py."""

    name = "landlock"
    is_sandbox = True
    fix = messages.FIX_LANDLOCK

    def why_not(self) -> str:
        if sys.platform != "linux":
            return messages.NOT_LINUX
        return "" if seccomp.is_known(platform.machine()) else messages.UNKNOWN_MACHINE.format(name=platform.machine())

    def settings(self, canaries: Mapping[str, Any]) -> Settings:
        calls = seccomp.program(platform.machine(), read_only=True)
        return Settings(canaries, {"filter": calls, "landlocked": True})

    def start(self, begins: str) -> Start:
        needed = interpreter.needed()
        paths = {
            "readable": [*needed.library_entries(), *needed.shared_libraries],
            "listable": list(needed.library),
        }
        server = {"begins": begins, "paths": paths, "namespaces": False}
        return Start(command(needed.executable, str(INSIDE.parent), FORK_SERVER), server)
