"""What is handed in is opened under limits: nobody's archive or notebook costs the grader time or memory."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bombs import BOMBS, MIB
from conftest import ROOT

MOST_MEMORY = 300  # MB, of the grader and of every process that it started
TIME_BUDGET = 30.0
START = 10.0  # for a busy machine


def _run(said: Path, *arguments: str) -> tuple[float, float, int, str]:
    """Run the grader; the seconds, the most memory that any of the processes took in MB, the exit status, what was
    said."""
    command = [sys.executable, "-m", "grader", *arguments]
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
    report = tmp_path / "report.json"
    seconds, memory, status, said = _run(tmp_path / "said", "grade", str(folder), "-q", "--json", str(report))
    assert "Traceback" not in said
    assert status in (0, 2), said
    assert memory < MOST_MEMORY
    assert seconds < TIME_BUDGET + START
    if status == 0:
        assert report.stat().st_size < 300_000
        assert json.loads(report.read_text())["points"] == 0


def _many_files(folder: Path) -> Path:
    (folder / "mallory").mkdir()
    for number in range(60_000):
        (folder / "mallory" / f"{number}.txt").touch()
    return folder


def _archive(folder: Path, members: Iterator[tuple[str, int]]) -> Path:
    """The class as an archive with more members, of so many MiB."""
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for file in folder.rglob("*.py"):
            archive.write(file, file.relative_to(folder))
        for name, size in members:
            with archive.open(name, "w") as member:
                for _ in range(size):
                    member.write(os.urandom(10_000) + b"#" * (MIB - 10_000))
    return path


CLASSES: dict[str, Callable[[Path], Path]] = {
    "many files": _many_files,
    "many deep files": lambda at: _archive(at, ((f"mallory/{i}/" + "a/" * 400 + "n.txt", 0) for i in range(30_000))),
    "a large file": lambda at: _archive(at, iter([("mallory/big.py", 600)])),
    "many large files": lambda at: _archive(at, ((f"mallory/n{i}.ipynb", 60) for i in range(12))),
    "a long name": lambda at: _archive(at, iter([("_" * 60_000 + "/engine.py", 0), ("_" * 250 + "/engine.py", 0)])),
}


@pytest.mark.world  # they take half a minute
@pytest.mark.parametrize("name", CLASSES)
def test_a_class_with_a_bomb(name: str, tmp_path: Path) -> None:
    """Who hands in too much costs the class no memory, not much time, and nobody else their grade."""
    folder = tmp_path / "class"
    for student in ("ada", "zoe"):
        shutil.copytree(ROOT / "tests" / "samples" / "ada", folder / student)
    out = tmp_path / "out"
    path = CLASSES[name](folder)
    seconds, memory, status, said = _run(tmp_path / "said", "batch", str(path), "--out", str(out), "-j", "2")
    assert status == 0, said
    assert memory < MOST_MEMORY
    assert seconds < TIME_BUDGET + START
    with (out / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        points = {row["student"]: row["points"] for row in csv.DictReader(file)}
    assert (points["ada"], points["zoe"]) == ("6", "6")
