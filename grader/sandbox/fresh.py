"""A worker that is a process of its own from the start: an interpreter that nobody has used before."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time

from grader.base import messages
from grader.base.errors import GraderError
from grader.sandbox.levels import ENVIRONMENT, Level


class Fresh:
    """One worker, as WorkerProcess takes it."""

    def __init__(self, level: Level, begins: str) -> None:
        """GraderError where the system does not start it."""
        try:
            self._process = subprocess.Popen(
                level.start(begins).command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment(),
                cwd="/" if os.name == "posix" else None,
                start_new_session=True,
                bufsize=0,
            )
        except OSError as error:
            raise GraderError(messages.NO_WORKER.format(why=error)) from error
        assert self._process.stdin and self._process.stdout and self._process.stderr
        self._pipes = (self._process.stdin, self._process.stdout, self._process.stderr)
        self.stdin, self.stdout, self.stderr = (pipe.fileno() for pipe in self._pipes)

    def find(self) -> int:
        """Its number."""
        return self._process.pid

    def wait(self, seconds: float) -> int | None:
        """Its exit status, minus a signal's number where one has ended it; None if it has not ended by then."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._process.wait(seconds)
        return None

    def cpu_seconds(self) -> float | None:
        """CPU seconds that it has used; None where the system does not tell, and when it has ended."""
        return cpu_seconds(self._process.pid)

    def stop(self) -> None:
        """End it and all that it started."""
        if hasattr(os, "killpg"):  # a worker that has ended may have left others in its group
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()

    def kill(self) -> None:
        """The same, and wait until it is gone."""
        self.stop()
        self._process.wait()
        for pipe in self._pipes:
            pipe.close()


def environment() -> dict[str, str]:
    """What the process has for an environment: on Windows no program starts without its folder."""
    return {**ENVIRONMENT, **{name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}}


def cpu_seconds(pid: int) -> float | None:
    """CPU seconds that a process has used; None where the system does not tell, and when it has ended."""
    try:
        # The CPU clock of another process, as clock_getcpuclockid(3) makes its number.
        return time.clock_gettime((~pid << 3) | 2)
    except (AttributeError, OSError, OverflowError):
        return None


def what_went_wrong(said: bytes) -> str:
    """The line of what a process said that tells most of why it failed."""
    lines = said.decode(errors="replace").strip().splitlines()
    return ([line for line in lines if "rror" in line] or lines or [""])[-1]
