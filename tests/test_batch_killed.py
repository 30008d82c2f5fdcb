"""A batch that is killed with SIGKILL, at any moment: no process, semaphore, lock or file of it is left."""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest
from attacked_class import trial
from conftest import ROOT, needs_level
from killing import MARK, SECONDS, batch, kill_and_look, start
from test_batch import LEVEL, many, table, wait_for

from grader.sandbox import forking
from grader.sandbox.confine import LEVELS
from grader.sandbox.levels import WORKER

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks at /proc")


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
    kill_and_look(process, mark)
    process.stdout.close()


def _world(level: str, kills: int) -> object:
    return pytest.param(level, kills, marks=pytest.mark.world)


@pytest.mark.parametrize(("level", "kills"), [(LEVEL, 1), *(_world(level.name, 5) for level in LEVELS)])
def test_killed_at_any_moment(tmp_path: Path, level: str, kills: int) -> None:
    """Killed and begun again, as often as that is, a batch leaves nothing, and everybody has their grade."""
    needs_level(level)
    folder, out, scratch = many(tmp_path / "class", 12 if kills == 1 else 60), tmp_path / "out", tmp_path / "tmp"
    scratch.mkdir()
    command = batch(folder, out, "--sandbox", level)
    draw = random.Random(15)
    for _ in range(kills):
        process, mark = start(command, scratch)
        time.sleep(draw.uniform(0.3, 2.0))
        kill_and_look(process, mark)
        assert list(scratch.iterdir()) == []
    for name in ("reports", "pairs"):
        (out / name).mkdir(exist_ok=True)
    left = [out / ".grades.csv.x.part", out / ".index.html.x.part", out / "pairs" / ".1.html.x.part"]
    left += [out / "reports" / ".s000.md.x.part", out / ".somebody's.part"]
    for path in left:
        path.touch()
    subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    rows = table(out)
    assert len({row["points"] for row in rows.values()}) == 1
    assert {row["status"] for row in rows.values()} == {"graded"}
    assert list(out.rglob(".*.part")) == left[-1:]


@pytest.mark.world  # a minute for each level
@pytest.mark.parametrize("level", [level.name for level in LEVELS])
def test_a_class_under_attack(tmp_path: Path, level: str) -> None:
    """Whatever a third of a class hand in, everybody else has the grade that they get alone, and that in time."""
    needs_level(level)
    right, wrong = (24, 12) if level == LEVEL else (12, 6)
    _, seconds, most = trial(tmp_path, next(one for one in LEVELS if one.name == level), right, wrong, kills=1)
    assert seconds < most


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
