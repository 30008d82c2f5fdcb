"""How the worker process is confined. A level of confinement is one Confinement; today there is one.

The worker is started by `command()` with the environment `ENVIRONMENT`; it applies `RESOURCE_LIMITS` to itself
before any learner code and then says hello.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
MIB = 1024 * 1024

ENVIRONMENT = {"PATH": "/nonexistent", "LC_ALL": "C.UTF-8"}
RESOURCE_LIMITS = {
    "RLIMIT_AS": 512 * MIB,
    "RLIMIT_FSIZE": 0,
    "RLIMIT_NOFILE": 32,
    "RLIMIT_CORE": 0,
    "RLIMIT_CPU": 60,  # seconds for a whole session: a backstop for a grader that died
}
LIFETIME = 300  # seconds by the clock for a whole session, for the same reason


@dataclass(frozen=True)
class Confinement:
    """One level; name is what a report records."""

    name: str

    def command(self) -> list[str]:
        """The command line of a worker: an isolated interpreter with the standard library only."""
        interpreter: str = getattr(sys, "_base_executable", "") or sys.executable
        load = f"import sys; sys.path.insert(0, {str(HERE)!r}); from inside.worker import serve; sys.path.pop(0)"
        start = f"{load}; serve({RESOURCE_LIMITS}, {LIFETIME})"
        return [interpreter, "-I", "-S", "-B", "-X", "utf8", "-c", start]


LIMITS = Confinement("limits")


def choose() -> Confinement:
    """The best level that this machine has."""
    return LIMITS
