"""Ends batches as the system would, and looks at what they leave."""

from __future__ import annotations

import contextlib
import os
import re
import select
import subprocess
import time
import uuid
from pathlib import Path

from conftest import ROOT
from test_batch import COMMAND, children, wait_for

MARK = "MG_GRADE_TEST_OF"
SECONDS = 5.0  # for what ends with it to end


def start(command: list[str], scratch: Path) -> tuple[subprocess.Popen[str], str]:
    """Start a command whose temporary files go to a folder; the process, and the mark that all of its are known by."""
    mark = uuid.uuid4().hex
    environment = {**os.environ, MARK: mark, "TMPDIR": str(scratch)}
    said = subprocess.DEVNULL
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=said, text=True), mark


def batch(folder: Path, out: Path, *options: str) -> list[str]:
    return [*COMMAND, "batch", str(folder), "--out", str(out), "-j", "2", *options]


def marked(mark: str) -> set[int]:
    """The processes that have a mark in their environment."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if mark.encode() in path.read_bytes():
                found.add(int(path.parent.name))
    return found


def _semaphores(processes: set[int]) -> set[Path]:
    """The named semaphores that processes have open."""
    found: set[str] = set()
    for process in processes:
        with contextlib.suppress(OSError):
            found |= set(re.findall(r"/dev/shm/sem\.mp-\w+", Path(f"/proc/{process}/maps").read_text()))
    return set(map(Path, found))


def kill_and_look(process: subprocess.Popen[str], mark: str) -> None:
    """Kill a process; what it had started, whatever environment that has, must be gone soon, with its semaphores."""
    started = children(process.pid) | marked(mark)
    pidfds = {}
    for child in started - {process.pid}:
        with contextlib.suppress(ProcessLookupError):
            pidfds[child] = os.pidfd_open(child)
    semaphores = _semaphores(started)
    process.kill()
    process.wait()
    end = time.monotonic() + SECONDS
    for child, pidfd in pidfds.items():
        assert select.select([pidfd], [], [], max(0.0, end - time.monotonic()))[0], f"{child} lives on"
        os.close(pidfd)
    wait_for(lambda: not marked(mark) and not any(path.exists() for path in semaphores), SECONDS)
