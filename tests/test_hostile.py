"""Submissions that cheat, attack or break, each at every level of confinement: tests/hostile/, a folder for each.

A folder holds submission/, which is laid over some of the solutions, and expected.json: "what" it does, the "levels"
at which it is stopped, the status of each exercise that is "lost" (all others pass), the "points" that are left (or
"points_at_most", where it is not certain what is lost), what the report "says", and "files" of names that git or
other systems would not take.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest
from conftest import ROOT, needs_level

from grader.grading.pipeline import grade
from grader.intake.submission import read_submission
from grader.kit import read_kit
from grader.reports.forms import json as json_form
from grader.reports.forms import terminal
from grader.sandbox.confine import LEVELS, choose

CORPUS = ROOT / "tests" / "hostile"
EXPECTED = {folder.name: json.loads((folder / "expected.json").read_text()) for folder in sorted(CORPUS.iterdir())}
RUNS = [(name, level) for name, expected in EXPECTED.items() for level in expected["levels"]]
RUNS.sort(key=lambda run: -EXPECTED[run[0]].get("seconds", 0))  # what takes long starts first
QUICK_SECONDS = 10
PATIENCE = 10.0  # seconds
AROUND = ("derivatives.py", "chain_rule.py", "engine.py", "graph.py")  # the solutions that it is laid over
ASKED = [exercise.id for exercise in read_kit().manifest.exercises if exercise.file in AROUND]
FULL_MARKS = sum(exercise.points for exercise in read_kit().manifest.exercises if exercise.file in AROUND)


@dataclass(frozen=True)
class Graded:
    """What became of a submission."""

    report: dict[str, Any]
    said: str
    shown: str


def _grade(name: str, level: str, folder: Path) -> Graded:
    for file in AROUND:
        shutil.copy(ROOT / "solutions" / file, folder)
    shutil.copytree(CORPUS / name / "submission", folder, dirs_exist_ok=True)
    for file, text in EXPECTED[name].get("files", {}).items():
        (folder / file).write_text(text)
    graded = grade(read_submission(folder, read_kit().manifest), read_kit(), only=ASKED, level=choose(level).level)
    shown = click.unstyle(terminal.render(graded))
    report = json.loads(json_form.render(graded))
    messages = [test["message"] for row in report["exercises"] for test in row["tests"]]
    said = " ".join(" ".join([*(found["text"] for found in report["warnings"]), *messages, shown]).split())
    return Graded(report, said, shown)


def _left_behind() -> set[str]:
    """Processes of workers, files in the places where everybody may write, and shared memory."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
        except OSError:  # it has ended
            continue
        if b"inside.worker" in command and _is_ours(process.name):
            found.add(f"process {process.name}")
    for folder in ("/dev/shm", "/dev/mqueue", "/tmp", "/var/tmp", "/run", "/", str(ROOT), str(Path.home())):
        if Path(folder).is_dir():
            names = [path for path in Path(folder).iterdir() if "pytest" not in path.name]
            found |= {str(path) for path in names if "hostile" in path.name or _is_shared_memory(path)}
    for kind in ("shm", "sem", "msg"):
        segments = Path("/proc/sysvipc", kind)
        found |= {f"{kind} {line}" for line in segments.read_text().splitlines()[1:]} if segments.exists() else set()
    return found


def _is_ours(process: str) -> bool:
    """Whether a process was started from here, or has lost whoever started it; other tests run at the same time."""
    with contextlib.suppress(OSError):
        # Where a grader is killed while bwrap starts, as others do, the inner bwrap waits on: there is no worker in it.
        if Path("/proc", process, "comm").read_text() == "bwrap\n":
            return False
    ancestors = []
    while process not in ("0", "1"):
        try:
            status = Path("/proc", process, "stat").read_text()
        except OSError:  # it has ended
            return False
        process = status.rpartition(")")[2].split()[1]
        ancestors.append(process)
    return str(os.getpid()) in ancestors or str(os.getppid()) not in ancestors


def _is_shared_memory(path: Path) -> bool:
    """Whether it is in memory that is shared, apart from the semaphores of Python's own pools of processes."""
    return path.parent == Path("/dev/shm") and not path.name.startswith("sem.mp-")


@pytest.fixture(scope="module")
def graded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[tuple[str, str], Future[Graded]]]:
    """The runs that are to be tested, several at a time: many of them wait most of the time."""
    chosen = {(item.callspec.params.get("name"), item.callspec.params.get("level"))
              for item in request.session.items if hasattr(item, "callspec")}  # fmt: skip
    before = _left_behind()
    with ProcessPoolExecutor(4, multiprocessing.get_context("spawn")) as pool:
        runs = [run for run in RUNS if run in chosen]
        yield {run: pool.submit(_grade, *run, tmp_path_factory.mktemp("hostile")) for run in runs}
    end = time.monotonic() + PATIENCE
    while _left_behind() - before and time.monotonic() < end:  # what other tests kill ends soon
        time.sleep(0.2)
    assert _left_behind() - before == set()


def _run(name: str, level: str) -> Any:
    """A row of the test: what takes long, and all levels but the strongest that stops it, are left to CI."""
    is_quick = level == EXPECTED[name]["levels"][0] and EXPECTED[name].get("seconds", 0) <= QUICK_SECONDS
    return pytest.param(name, level, marks=() if is_quick else pytest.mark.world)


@pytest.mark.parametrize(("name", "level"), [_run(name, level) for name, level in RUNS])
def test_hostile(graded: dict[tuple[str, str], Future[Graded]], name: str, level: str) -> None:
    """It gets the stated outcome: never full marks, never a grader that fails, never a report that is not civil."""
    needs_level(level)
    done, expected = graded[name, level].result(), EXPECTED[name]
    assert done.report["sandbox"]["level"] == level
    rows = [row for row in done.report["exercises"] if row["id"] in ASKED]
    lost = {row["id"]: row["status"] for row in rows if row["status"] != "passed"}
    assert "error" not in lost.values()
    if expected["lost"] is not None:
        assert lost == expected["lost"]
    assert done.report["points"] <= expected.get("points_at_most", expected.get("points")) < FULL_MARKS
    assert done.report["points"] == expected.get("points", done.report["points"])
    for words in expected["says"]:
        assert words in done.said
    for line in done.shown.splitlines():
        assert line.isprintable()
        assert not line.lstrip().startswith("::")
        assert "##[" not in line
        assert "##vso" not in line
    assert "Traceback" not in done.shown
    assert len(done.shown) < 60_000


def test_the_corpus_says_what_it_is() -> None:
    """Each folder says what it does in a sentence, and names levels that there are."""
    assert len(EXPECTED) > 80
    for name, expected in EXPECTED.items():
        assert expected["what"].endswith("."), name
        assert set(expected["levels"]) <= {level.name for level in LEVELS}, name
        assert (CORPUS / name / "submission").is_dir()
