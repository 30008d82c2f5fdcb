"""What tests share: folders of the checkout, and submissions made of the solutions with changes."""

from __future__ import annotations

import compileall
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.kit import Kit, read_kit
from grader.sandbox.confine import LEVELS, examine

ROOT = Path(__file__).resolve().parent.parent
collect_ignore = ["cases", "hostile", "samples", "styles"]  # submissions, and one of them brings a conftest.py

# How many exercises the kit has, their points, and the points of a bonus.
EXERCISES = len(read_kit().manifest.exercises)
MOST = float(sum(exercise.points for exercise in read_kit().manifest.exercises if not exercise.bonus))
BONUS = float(sum(exercise.points for exercise in read_kit().manifest.exercises if exercise.bonus))

# The manuals: the README, and those that lie beside what they are about.
MANUALS = {
    name: (ROOT / name).read_text(encoding="utf-8")
    for name in (
        "README.md",
        "exercises/README.md",
        *(f"grader/{room}README.md" for room in ("", "classes/", "kit/", "sandbox/", "site/")),
    )
}

NOT_HERE = "not on this machine: "

LONGEST = [
    "test_windows.py",
    "test_hostile.py",
    "test_cluster.py",
    "test_site.py",
    "test_site_pages.py",
    "test_book_browser.py",
    "test_autograder.py",
    "test_answers.py",
    "test_snippets.py",
    "test_batch.py",
    "test_notebook.py",
    "test_readme.py",
    "test_watch.py",
    "test_lost_work.py",
    "test_batch_killed.py",
    "test_bombs.py",
    "test_intake.py",
    "test_study.py",
    "test_check_kit.py",
    "test_pictures.py",
    "test_sandbox.py",
    "test_cases.py",
    "test_upgrade.py",
    "test_cli.py",
    "test_mistakes.py",
]

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def copy_of_the_kit(folder: Path) -> Kit:
    """A kit of its own in a folder, to be spoilt."""
    for part in ("exercises", "solutions", "datasets"):
        shutil.copytree(ROOT / part, folder / part)
    return read_kit(folder)


def every(step: int, names: Iterable[str]) -> list[Any]:
    """Values for a test of which the README's command takes one in so many; `pytest -m world` takes the others."""
    return [name if i % step == 0 else pytest.param(name, marks=pytest.mark.world) for i, name in enumerate(names)]


def needs_level(name: str) -> None:
    """Skip a test for a level of confinement that this machine has not."""
    found = examine(next(level for level in LEVELS if level.name == name))
    if found.why_not:
        missing_on_this_machine(f"the level {name} ({found.why_not.rstrip('.')})", found.level.fix)


def missing_on_this_machine(what: str, fix: str) -> None:
    """Skip a test that needs something, and say so at the end of the run.

    Where MG_GRADE_ALL_LEVELS is set, as in CI, that is a failure instead.
    """
    if os.environ.get("MG_GRADE_ALL_LEVELS"):
        pytest.fail(f"{what} is not available")
    pytest.skip(f"{NOT_HERE}{what} is not available. To have it: {fix}")


def pytest_configure(config: pytest.Config) -> None:
    """Compile the grader once: where the environment lets nobody keep what was compiled, each of the thousand processes
    that tests start would do it anew, and workers, which are told to keep nothing, do so everywhere."""
    if not hasattr(config, "workerinput"):  # before xdist starts its own
        compileall.compile_dir(ROOT / "grader", quiet=2)


@pytest.hookimpl(optionalhook=True)  # there is no xdist where tests run on Windows
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One more than there are cores: many of the tests wait most of the time."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take longest come first: what is left for the end fills the gaps."""
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what could not be tested on this machine."""
    left_out = terminalreporter.stats.get("deselected", [])
    if left_out and "not world" in terminalreporter.config.option.markexpr:
        terminalreporter.write_line(f"{len(left_out)} tests need minutes, and were left out: python -m pytest -m world")
    skipped = (str(report.longrepr) for report in terminalreporter.stats.get("skipped", []))
    reasons = {text.partition(NOT_HERE)[2].rstrip("')") for text in skipped if NOT_HERE in text}
    if reasons:
        terminalreporter.section("NOT TESTED ON THIS MACHINE", red=True, bold=True)
    for reason in sorted(reasons):
        terminalreporter.write_line(reason)


@pytest.fixture
def solved(tmp_path: Path) -> Path:
    """A folder with the solutions, to be spoilt."""
    return Path(shutil.copytree(ROOT / "solutions", tmp_path / "solved"))


@pytest.fixture
def stubs(tmp_path: Path) -> Path:
    """A folder with the exercises as a learner gets them, to be filled in."""
    folder = tmp_path / "exercises"
    folder.mkdir()
    for file in (ROOT / "exercises").glob("*.py"):
        shutil.copy(file, folder)
    return folder


@pytest.fixture
def mg_grade() -> Run:
    """The command as a real process: mg_grade(arguments..., cwd=, env=) -> what it printed and its status."""

    def run(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "grader", *map(str, arguments)]
        settings = {"capture_output": True, "text": True, "timeout": 120, "check": False, "cwd": ROOT} | options
        return subprocess.run(command, **settings)  # type: ignore[call-overload,no-any-return]  # any options at all

    return run


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One for all tests of a file (tests/browser.py)."""
    from browser import chromium

    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def course(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A window with the course in it, which has been opened before (tests/course.py)."""
    from course import made_in, served, visit

    folder = tmp_path_factory.mktemp("web")
    made_in(folder)
    with served(folder) as web, visit(browser, web) as window:
        yield window


@pytest.fixture
def learner(course: Any) -> Iterator[Any]:
    """Somebody who is new to the course, in that window. Nothing goes wrong there, and nothing is loaded from
    elsewhere."""
    course.forget()
    yield course
    course.no_fault()
