"""Submissions that cheat, attack or break, each at every level of confinement that stops it: tests/hostile/."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from conftest import needs_level
from corpus import CHANGES, CORPUS, EXPECTED, asked, full_marks, lay_out, lost, points_left
from wild import ROOT, Graded, assert_civil, grade

from grader.sandbox import forking
from grader.sandbox.confine import LEVELS, choose
from grader.sandbox.session import RUN_SECONDS

RUNS = [(name, level) for name, expected in EXPECTED.items() for level in expected["levels"]]
RUNS.sort(key=lambda run: -EXPECTED[run[0]].get("seconds", 0))  # what takes long starts first
QUICK_SECONDS = 10
TIME_BUDGET = 120  # seconds, so that what is lost does not depend on what else a machine does
ROUNDED = 0.0051  # points, as they are shown: to two decimals
PATIENCE = 10.0  # seconds
ENOUGH_SECONDS = 80.0  # well within the time budget, on a machine that is slow and does seven other things


def _grade(name: str, level: str, folder: Path) -> Graded:
    chosen = () if EXPECTED[name].get("whole") else tuple(f"--exercise={exercise}" for exercise in asked(name))
    policy = folder / "policy.toml"
    policy.write_text(f"format = 1\ntime_budget = {TIME_BUDGET}\n")
    submission = lay_out(name, folder / "a b \u4f60\u597d")
    return grade(submission, folder, "--sandbox", level, "--policy", str(policy), *chosen)


@pytest.mark.world  # it takes all the time that there is
def test_a_submission_has_half_a_minute(tmp_path: Path) -> None:
    """Whatever it does, and without a policy that says otherwise, a submission costs no more than its time budget."""
    done = grade(lay_out("sleeps-and-dies", tmp_path / "s"), tmp_path, "--sandbox", choose().level.name)
    assert done.status == 0
    assert RUN_SECONDS - 15 < done.seconds < RUN_SECONDS + 10


def _left_behind() -> set[str]:
    """Processes of workers, files in the places where everybody may write, and shared memory."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
        except OSError:  # it has ended
            continue
        if b"inside." in command and _is_ours(process.name):
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
        if "(tmux" in status:  # a terminal of another test: its server has no parent here
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
    with ThreadPoolExecutor(4) as pool:
        runs = [run for run in RUNS if run in chosen]
        yield {run: pool.submit(_grade, *run, tmp_path_factory.mktemp("hostile")) for run in runs}
    forking.end_servers()  # this process has asked which levels there are
    end = time.monotonic() + PATIENCE
    while _left_behind() - before and time.monotonic() < end:  # what other tests kill ends soon
        time.sleep(0.2)
    assert _left_behind() - before == set()


def _run(name: str, level: str) -> Any:
    """A row of the test: two attacks of three, what takes long, and all levels but the strongest that stops it, are
    left to CI."""
    is_one_of_three = list(EXPECTED).index(name) % 3 == 0
    is_quick = level == EXPECTED[name]["levels"][0] and EXPECTED[name].get("seconds", 0) <= QUICK_SECONDS
    return pytest.param(name, level, marks=() if is_quick and is_one_of_three else pytest.mark.world)


@pytest.mark.parametrize(("name", "level"), [_run(name, level) for name, level in RUNS])
def test_hostile(graded: dict[tuple[str, str], Future[Graded]], name: str, level: str) -> None:
    """It gets the stated outcome in time: full marks for nothing but right answers, no grader that fails, a civil
    report."""
    needs_level(level)
    done, expected = graded[name, level].result(), EXPECTED[name]
    left, is_certain = points_left(name), expected["lost"] is not None
    assert done.status == 0, done.err
    assert done.report["sandbox"]["level"] == level
    rows = [row for row in done.report["exercises"] if row["id"] in asked(name)]
    gone = {row["id"]: row["status"] for row in rows if row["status"] != "passed"}
    assert "error" not in gone.values()
    assert gone == lost(name) or not is_certain
    assert done.report["points"] <= left + ROUNDED
    assert done.report["points"] == pytest.approx(left, abs=ROUNDED) or not is_certain
    assert left == full_marks(name) if gone == {} else left < full_marks(name)
    for words in expected["says"]:
        assert words in done.said
    assert_civil(done)
    for line in done.out.splitlines():
        assert "##[" not in line
        assert "##vso" not in line
    assert len(done.out) < 60_000
    assert len(done.suites) == len(done.report["exercises"]) + 1  # and the grade
    assert done.seconds < ENOUGH_SECONDS + expected.get("seconds", 0)


def test_the_corpus_says_what_it_is() -> None:
    """Each folder says what it does in a sentence, names levels that there are, and changes the solutions."""
    assert len(EXPECTED) > 80
    for name, expected in EXPECTED.items():
        assert expected["what"].endswith("."), name
        assert set(expected["levels"]) <= {level.name for level in LEVELS}, name
        there = {path.name for path in (CORPUS / name).iterdir()}
        assert there <= {*CHANGES, "expected.json"}, name
        assert there & set(CHANGES) or expected.get("edits") or expected.get("without"), name
