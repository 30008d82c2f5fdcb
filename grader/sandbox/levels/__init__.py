"""Levels of confinement, one module each: how a worker is started so that learner code can do no harm in it.

A level is an object with the attributes of Level. To add one: write its module, and name it in confine.py.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

INSIDE = Path(__file__).resolve().parent.parent / "inside"
FORK_SERVER = "fork_server.main"
WORKER = "worker.serve"
READER = "reading.reader.serve"
MIB = 1024 * 1024

SEED = ("PYTHONHASHSEED", "0")  # so that sets of text have one order
ENVIRONMENT = {"PATH": "/nonexistent", "LC_ALL": "C.UTF-8", SEED[0]: SEED[1]}
RESOURCE_LIMITS = {
    "RLIMIT_AS": 512 * MIB,
    "RLIMIT_FSIZE": 0,
    "RLIMIT_NOFILE": 32,
    "RLIMIT_NPROC": 0,  # no more processes or threads, for everybody but root
    "RLIMIT_CORE": 0,
    "RLIMIT_CPU": 60,  # seconds for a whole session: a backstop for a grader that died
}
LIFETIME = 300  # seconds by the clock for a whole session, for the same reason; process 1 of a namespace ignores it


@dataclass(frozen=True)
class Settings:
    """What a worker is told first of all, and does to itself before any learner code (inside/worker.py, serve)."""

    canaries: Mapping[str, Any] = field(default_factory=dict)
    lock: Mapping[str, Any] = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=lambda: RESOURCE_LIMITS)
    seconds: int = LIFETIME

    def lasting(self, seconds: float) -> Settings:
        """The same, for a worker that may be needed for longer than is usual."""
        if not LIFETIME < seconds < math.inf:
            return self
        longer = math.ceil(seconds)
        return dataclasses.replace(self, limits={**self.limits, "RLIMIT_CPU": longer}, seconds=longer)

    def line(self) -> bytes:
        """The settings as a line of Python."""
        return repr({name: value if name == "seconds" else dict(value) for name, value in vars(self).items()}).encode()


@dataclass(frozen=True)
class Start:
    """The command line that starts a worker; in a sandbox a fork server, and what that is told
    (inside/fork_server.py)."""

    command: Sequence[str]
    server: Mapping[str, Any] = field(default_factory=dict)


class Level(Protocol):
    """One level: name is what a report records, is_sandbox whether it contains hostile code and not accidents only."""

    def __hash__(self) -> int: ...

    @property
    def name(self) -> str: ...

    @property
    def is_sandbox(self) -> bool: ...

    @property
    def fix(self) -> str:
        """What would make it available, for the person at the terminal."""

    def why_not(self) -> str:
        """Why there is no use in trying it on this machine, or nothing."""

    def settings(self, canaries: Mapping[str, Any]) -> Settings:
        """What a worker is told that tries the canaries (inside/canaries.py) before it says hello."""

    def start(self, begins: str) -> Start:
        """How to start a process that begins so (WORKER or READER), or in a sandbox the fork server of such ones."""


def command(interpreter: str, folder: str, begins: str) -> list[str]:
    """The command line of an isolated interpreter with the standard library only, that begins with a function.

    folder: where that interpreter finds the folder inside/. Learner code can read the line: it says no more than this.
    """
    module, _, function = begins.rpartition(".")
    load = f"from inside.{module} import {function}"
    load = f"import sys; sys.path.insert(0, {folder!r}); {load}; sys.path.pop(0); {function}()"
    # As -I, but for the seed of hashes, which is the one thing that ENVIRONMENT says to Python.
    return [interpreter, "-P", "-s", "-S", "-B", "-X", "utf8", "-c", load]
