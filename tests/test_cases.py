"""Small submissions that were once graded wrongly, each with the exercises that it may cost."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from conftest import every, needs_level

from grader.base.report import ExerciseResult, Report, Status
from grader.grading.pipeline import grade
from grader.grading.reference import edited
from grader.intake.submission import read_submission
from grader.kit import read_kit
from grader.sandbox.confine import LEVELS, LIMITS

CASES = Path(__file__).resolve().parent / "cases"
MISTAKES: dict[str, dict[str, Any]] = tomllib.loads((CASES / "mistakes.toml").read_text(encoding="utf-8"))
ENGINES: dict[str, dict[str, Any]] = tomllib.loads((CASES / "engines.toml").read_text(encoding="utf-8"))
RECURSIVE = "deep-graph"  # the bonus that most engines of others do not try for


def graded(path: Path) -> Report:
    return grade(read_submission(path, read_kit().manifest), read_kit())


def lost(report: Report) -> set[str]:
    """The exercises that were tried, and lose points."""
    tried = (Status.PARTIAL, Status.FAILED, Status.BLOCKED, Status.ERROR)
    return {result.id for result in report.results if result.status in tried and result.points < result.max_points}


def check_names(report: Report, case: Mapping[str, Any]) -> None:
    """named: exercise -> the titles of the mistakes that are to be named, and no others. Of the rest none is asked for,
    but what is named in a case without any is said to be false there."""
    named = {result.id: [mistake.title for mistake in result.mistakes] for result in report.results if result.mistakes}
    named.pop(RECURSIVE, None)
    assert named == case.get("named", {})


def with_mistake(folder: Path, name: str) -> Mapping[str, Any]:
    """Put a mistake into a copy of the solutions."""
    case = MISTAKES[name]
    path = folder / case["file"]
    path.write_text(edited(case["file"], path.read_text(encoding="utf-8"), case["edits"]), encoding="utf-8")
    return case


@pytest.mark.parametrize("name", every(2, MISTAKES))
def test_a_mistake_costs_its_own_exercise(name: str, solved: Path) -> None:
    case = with_mistake(solved, name)
    report = graded(solved)
    assert lost(report) - {RECURSIVE} == set(case["lost"])
    check_names(report, case)


@pytest.mark.parametrize("name", every(2, ENGINES))
def test_an_engine_in_another_style(name: str, solved: Path, tmp_path: Path) -> None:
    case = ENGINES[name]
    folder = solved if case.get("beside-solutions") else tmp_path / "handed-in"
    if (CASES / "engines" / name).exists():
        shutil.copytree(CASES / "engines" / name, folder, dirs_exist_ok=True)
    folder.mkdir(exist_ok=True)
    if "edits" in case:
        text = (CASES / "common_engine.py").read_text(encoding="utf-8")
        (folder / case["file"]).write_text(edited(case["file"], text, case["edits"]), encoding="utf-8")
    report = graded(folder)
    assert lost(report) - {RECURSIVE} == set(case["lost"])
    check_names(report, case)


@pytest.mark.parametrize("level", ["bubblewrap", "landlock", "limits"])
def test_one_report_also_with_sets(level: str, solved: Path) -> None:
    """What a set of nodes has for an order is the same in every run, at every level."""
    needs_level(level)
    chosen = next(found for found in LEVELS if found.name == level)
    with_mistake(solved, "nondeterministic-set-children")
    submission = read_submission(solved, read_kit().manifest)
    reports = [grade(submission, read_kit(), level=one) for one in (chosen, chosen, chosen, LIMITS)]
    assert len({str([_without_times(result) for result in report.results]) for report in reports}) == 1


def _without_times(result: ExerciseResult) -> object:
    tests = [(test.verdict, test.finding, test.detail) for test in result.tests]
    return tests, result.mistakes, result.symptoms, result.points
