"""A batch that is killed with SIGKILL, at any moment: no process, semaphore, lock or file of it is left."""

from __future__ import annotations

import contextlib
import os
import random
import re
import select
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest
from conftest import ROOT, needs_level
from test_batch import COMMAND, LEVEL, children, many, table, wait_for

from grader.sandbox import forking
from grader.sandbox.confine import LEVELS
from grader.sandbox.levels import WORKER

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks at /proc")

MARK = "MG_GRADE_TEST_OF"
SECONDS = 5.0  # for what ends with it to end


def _marked(mark: str) -> set[int]:
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


def _kill_and_look(process: subprocess.Popen[str], mark: str) -> None:
    """Kill a process; what it had started, whatever environment that has, must be gone soon, with its semaphores."""
    started = children(process.pid) | _marked(mark)
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
    wait_for(lambda: not _marked(mark) and not any(path.exists() for path in semaphores), SECONDS)


def _alive(group: int) -> list[str]:
    """The processes of a group that have not ended."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, its_group = path.read_text().rpartition(")")[2].split()[:3]
            found += [path.parent.name] if its_group == str(group) and state not in "ZX" else []
    return found


HOLDS_THE_LOCK = """
import re
from grader.classes import batch

if __name__ == "__main__":
    executor = batch.processes(1)
    executor.submit(int, "1").result()
    executor.submit(re.match, "(a+)+$", "a" * 60 + "b")
    print("busy", flush=True)
    executor.submit(int, "2").result()
"""


def test_killed_while_a_c_function_holds_the_interpreter(tmp_path: Path) -> None:
    """No thread of a process can run then; it ends with its parent all the same."""
    program, mark = tmp_path / "holds.py", uuid.uuid4().hex
    program.write_text(HOLDS_THE_LOCK)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), MARK: mark}
    process = subprocess.Popen([sys.executable, str(program)], env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "busy\n"
    time.sleep(0.3)  # until it is in there
    _kill_and_look(process, mark)
    process.stdout.close()


def _world(level: str, kills: int) -> object:
    return pytest.param(level, kills, marks=pytest.mark.world)


@pytest.mark.parametrize(("level", "kills"), [(LEVEL, 1), *(_world(level.name, 5) for level in LEVELS)])
def test_killed_at_any_moment(tmp_path: Path, level: str, kills: int) -> None:
    """Killed and begun again, as often as that is, a batch leaves nothing, and everybody has their grade."""
    needs_level(level)
    folder, out, scratch = many(tmp_path / "class", 12 if kills == 1 else 60), tmp_path / "out", tmp_path / "tmp"
    scratch.mkdir()
    command = [*COMMAND, "batch", str(folder), "--out", str(out), "-j", "2", "--sandbox", level]
    draw = random.Random(15)
    for _ in range(kills):
        mark = uuid.uuid4().hex
        environment = {**os.environ, MARK: mark, "TMPDIR": str(scratch)}
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, text=True)
        time.sleep(draw.uniform(0.3, 2.0))
        _kill_and_look(process, mark)
        assert list(scratch.iterdir()) == []
    (out / "reports").mkdir(exist_ok=True)
    left = [out / ".grades.csv.x.part", out / "reports" / ".s000.md.x.part", out / ".somebody's.part"]
    for path in left:
        path.touch()
    subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    rows = table(out)
    assert len({row["points"] for row in rows.values()}) == 1
    assert {row["status"] for row in rows.values()} == {"graded"}
    assert list(out.rglob(".*.part")) == left[-1:]


def test_bubblewrap_that_is_killed_while_it_starts() -> None:
    """It is two processes then, of which one waits for the other, for ever: it ends with the server that it was for."""
    needs_level("bubblewrap")
    level = next(level for level in LEVELS if level.name == "bubblewrap")
    draw = random.Random(1)
    for _ in range(20):
        server = forking.ForkServer(level, WORKER)
        time.sleep(draw.uniform(0, 0.004))
        server._process.kill()
        server._process.wait()
        server.end()
        wait_for(lambda group=server._process.pid: not _alive(group), SECONDS)
