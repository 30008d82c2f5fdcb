"""Chooses how workers are confined: the best level whose canaries all fail on this machine, whatever its versions."""

from __future__ import annotations

import contextlib
import functools
import math
import os
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.base import messages
from grader.base.errors import GraderError, NoSandboxError
from grader.kit import KIT_FOLDER
from grader.sandbox.levels import WORKER, Level
from grader.sandbox.levels.browser import Browser
from grader.sandbox.levels.bubblewrap import Bubblewrap
from grader.sandbox.levels.job import Job
from grader.sandbox.levels.landlock import Landlock
from grader.sandbox.levels.limits import Limits
from grader.sandbox.process import WorkerProcess

IS_WINDOWS = os.name == "nt"
IS_BROWSER = sys.platform == "emscripten"
LIMITS: Level = Browser() if IS_BROWSER else Job() if IS_WINDOWS else Limits()  # what every machine has
# The best first.
LEVELS: tuple[Level, ...] = (LIMITS,) if IS_BROWSER or IS_WINDOWS else (Bubblewrap(), Landlock(), LIMITS)


@dataclass(frozen=True)
class Examination:
    """What a worker at one level found: why it is of no use here (or nothing), and what its canaries answered."""

    level: Level
    why_not: str
    canaries: Mapping[str, str]


def warm_up() -> None:
    """Let what the workers of the best level come from start, while the caller goes on.

    Whether that level holds, and what is wrong where it does not, is for choose() to say.
    """
    for level in LEVELS:
        if level.is_sandbox and not level.why_not():
            from grader.sandbox import forking  # not on every system

            with contextlib.suppress(GraderError):
                forking.warm(level, WORKER)
            return


def start_worker(level: Level, deadline: float = math.inf) -> WorkerProcess:
    """A worker at that level. In a sandbox each tries the canaries anew, and is of no use where one of them lives."""
    return WorkerProcess(level, canaries() if level.is_sandbox else {}, deadline)


def canaries() -> dict[str, Any]:
    """What must be impossible: to read these, to write there, to signal this process."""
    if IS_WINDOWS:
        own = [str(KIT_FOLDER / "solutions" / "engine.py"), __file__]
        return {"read": own, "write": [tempfile.gettempdir(), str(Path.home())], "grader": os.getpid()}
    return {
        "read": [str(KIT_FOLDER / "solutions" / "engine.py"), __file__, "/etc/passwd", "/proc/self/environ"],
        "write": ["/tmp", "/var/tmp", "/dev/shm", str(KIT_FOLDER / "exercises"), "/"],  # noqa: S108 - it must fail
        "grader": os.getpid(),
    }


@functools.cache
def examine(level: Level) -> Examination:
    """Start a worker at one level and see."""
    why_not = level.why_not()
    if why_not:
        return Examination(level, why_not, {})
    worker = None
    try:
        worker = WorkerProcess(level, canaries())
        worker.await_hello()
    except GraderError as error:
        return Examination(level, str(error), worker.canaries if worker else {})
    worker.kill()
    return Examination(level, "", worker.canaries)


@dataclass(frozen=True)
class Choice:
    """The level to use, and what to tell whoever asked for a better one."""

    level: Level
    warning: str = ""


def choose(wanted: str = "auto") -> Choice:
    """The level to use: the best one there is ("auto"), the best sandbox there is ("required"), or one by its name.

    NoSandboxError where there is none such.
    """
    if wanted == LIMITS.name:
        return Choice(LIMITS)
    examined = []
    for level in LEVELS:
        if level.is_sandbox and wanted in ("auto", "required", level.name):
            examined.append(examine(level))
            if not examined[-1].why_not:
                return Choice(level)
    if wanted == "auto":
        return Choice(LIMITS, messages.UNCONFINED)
    reasons = "; ".join(f"{found.level.name}: {found.why_not.rstrip('.')}" for found in examined)
    why, fix = (reasons, examined[0].level.fix) if examined else (messages.NONE_FOR_SYSTEM, LIMITS.fix)
    raise NoSandboxError(messages.NO_SANDBOX.format(why=why, fix=fix))
