"""What is handed in is opened under limits: nobody's archive or notebook costs the grader time or memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from bombs import BOMBS
from conftest import ROOT

MOST_MEMORY = 300  # MB, of the grader and of every process that it started
TIME_BUDGET = 30.0
START = 10.0  # for a busy machine


def _graded(folder: Path, report: Path) -> tuple[float, float, int, str]:
    """Grade a folder; the seconds, the most memory that any of the processes took in MB, the exit status, what was
    said."""
    said = report.with_suffix(".txt")
    command = [sys.executable, "-m", "grader", "grade", str(folder), "-q", "--json", str(report)]
    begin = time.monotonic()
    actions = [
        (os.POSIX_SPAWN_OPEN, 1, str(said), os.O_WRONLY | os.O_CREAT, 0o600),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    child = os.posix_spawn(sys.executable, command, os.environ | {"PYTHONPATH": str(ROOT)}, file_actions=actions)
    _, status, used = os.wait4(child, 0)
    return time.monotonic() - begin, used.ru_maxrss / 1024, os.waitstatus_to_exitcode(status), said.read_text()


@pytest.mark.world  # twenty bombs take a minute
@pytest.mark.parametrize("name", BOMBS)
def test_bombs(name: str, tmp_path: Path) -> None:
    """A bomb is refused, or what is beside it is graded, within the time and memory that one submission has."""
    folder = tmp_path / "submission"
    folder.mkdir()
    subprocess.run([sys.executable, str(ROOT / "tests" / "bombs.py"), name, str(folder)], check=True)
    seconds, memory, status, said = _graded(folder, tmp_path / "report.json")
    assert "Traceback" not in said
    assert status in (0, 2), said
    assert memory < MOST_MEMORY
    assert seconds < TIME_BUDGET + START
    if status == 0:
        assert (tmp_path / "report.json").stat().st_size < 300_000
        assert json.loads((tmp_path / "report.json").read_text())["points"] == 0
