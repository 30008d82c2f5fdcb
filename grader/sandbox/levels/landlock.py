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
from grader.sandbox.levels import INSIDE, Settings, Start, worker_command


class Landlock:
    """Landlock, the system call filter, and limits; applied by the worker to itself, through inside/lock.py."""

    name = "landlock"
    is_sandbox = True
    fix = messages.FIX_LANDLOCK

    def why_not(self) -> str:
        if sys.platform != "linux":
            return messages.NOT_LINUX
        return "" if seccomp.is_known(platform.machine()) else messages.UNKNOWN_MACHINE.format(name=platform.machine())

    def start(self, canaries: Mapping[str, Any]) -> Start:
        needed = interpreter.needed()
        lock = {
            "readable": [*needed.library_entries(), *needed.shared_libraries],
            "listable": list(needed.library),
            "filter": seccomp.program(platform.machine(), before_start=False),
        }
        return Start(worker_command(needed.executable, str(INSIDE.parent)), Settings(canaries, lock))
