"""Statuses and points from outcomes, and what happens when the grader is at fault."""

from __future__ import annotations

import dataclasses
import gc
from pathlib import Path

import pytest
from conftest import ROOT, Run

from grader.base.errors import GraderError
from grader.base.model import Place
from grader.base.report import Finding, Status, TestResult, Verdict
from grader.grading import hidden_run, scoring
from grader.grading.hidden_tests import HiddenTests
from grader.grading.outcomes import Score, TestOutcome
from grader.grading.pipeline import grade
from grader.intake.submission import read_submission
from grader.kit import read_kit
from grader.kit.model import Manifest
from grader.reports.forms import terminal
from grader.sandbox.confine import LIMITS
from grader.sandbox.levels import Start

MANIFEST = read_kit().manifest


def _manifest(*ids: str) -> Manifest:
    return dataclasses.replace(MANIFEST, exercises=tuple(MANIFEST.by_id[i] for i in ids))


def _outcome(exercise: str, status: str, gap: str = "") -> TestOutcome:
    finding = Finding("asked", error="NotImplementedError" if gap else "", gap=gap) if status == "failed" else None
    return TestOutcome(exercise, TestResult(f"{status}-{gap}", Verdict(status), finding))


def _score(
    outcomes: list[TestOutcome], carried: dict[str, list[TestOutcome]] | None = None, ids: str = "mul"
) -> dict[str, Score]:
    results = scoring.score(_manifest(*ids.split()), outcomes, carried or {}, {"Value.__mul__": Place("engine.py", 5)})
    return {result.exercise.id: result for result in results}


@pytest.mark.parametrize(
    ("outcomes", "status", "points"),
    [
        ([("passed", ""), ("passed", "")], Status.PASSED, 4.0),
        ([("passed", ""), ("failed", "")], Status.PARTIAL, 2.0),
        ([("failed", ""), ("failed", "")], Status.FAILED, 0.0),
        ([("failed", "mul"), ("failed", "mul")], Status.NOT_STARTED, 0.0),
        ([("failed", "mul"), ("failed", "")], Status.FAILED, 0.0),
        ([("passed", ""), ("failed", "mul")], Status.PARTIAL, 2.0),
        ([("passed", ""), ("error", "")], Status.ERROR, 0.0),
        ([], Status.NOT_STARTED, 0.0),
    ],
)
def test_status_and_points(outcomes: list[tuple[str, str]], status: Status, points: float) -> None:
    """Every test has the same share; unfilled gaps are not started; an error of the grader is never a zero."""
    result = _score([_outcome("mul", s, gap) for s, gap in outcomes])["mul"]
    assert (result.status, float(result.points)) == (status, points)


def test_blocked() -> None:
    """An exercise that fails and rests on an unfinished one is blocked, and says by which."""
    outcomes = [_outcome("add", "passed"), _outcome("mul", "failed"), _outcome("neg-sub", "failed")]
    result = _score(outcomes, ids="add mul neg-sub")["neg-sub"]
    assert (result.status, result.blocked_by) == (Status.BLOCKED, ("mul",))


def test_its_own_gap_is_not_blocked_by_another() -> None:
    """Where its own gap is unfilled, an exercise is not started, whatever else is unfinished."""
    outcomes = [_outcome("mul", "failed"), _outcome("neg-sub", "failed", "neg-sub")]
    assert _score(outcomes, ids="add mul neg-sub")["neg-sub"].status is Status.NOT_STARTED


def test_carried_forward_counts_only_where_it_is_better() -> None:
    """The second run's outcomes replace the first's where more tests passed, and only then."""
    failed, passed = _outcome("mul", "failed"), _outcome("mul", "passed")
    better = _score([failed, failed], {"mul": [passed, failed]})["mul"]
    assert (float(better.points), better.carried_forward) == (2.0, True)
    same = _score([passed, failed], {"mul": [failed, passed]})["mul"]
    assert (float(same.points), same.carried_forward) == (2.0, False)


HIDDEN = '''import pytest

@pytest.mark.exercise("{exercise}")
def test_it(check):
    """A truth."""
    {body}
'''


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ("raise KeyError('ours')", "KeyError: 'ours'"),
        ("assert 1 == 2", "AssertionError"),
        ("check.slopes({'a': 1.5}, 'y = a * a', result='nothing')", "NameError"),
        ("pytest.skip('never')", "Skipped"),
        ("import sys; sys.exit(0)", "SystemExit"),
        ("pass", "put no probe"),
    ],
)
def test_a_fault_of_the_grader_is_no_zero(
    body: str, detail: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hidden test that breaks is an error with its reason, not a failure, and never a pass."""
    (tmp_path / "pytest.ini").write_text((read_kit().hidden_tests / "pytest.ini").read_text())
    (tmp_path / f"test_{abs(hash(tmp_path))}.py").write_text(HIDDEN.format(exercise="add", body=body))
    monkeypatch.setattr("grader.kit.Kit.hidden_tests", tmp_path)
    report = grade(read_submission(ROOT / "solutions", MANIFEST), read_kit(), only=["add"])
    (result,) = report.counted
    assert (result.status, float(result.points)) == (Status.ERROR, 0.0)
    assert detail in result.tests[0].detail
    assert "our fault, not yours" in terminal.render(report)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("def broken(:\n", "pytest exit status"),
        (HIDDEN.format(exercise="mul", body="pass"), "no hidden test"),
        ("def test_nothing():\n    pass\n", "names no exercise"),
    ],
)
def test_hidden_tests_that_cannot_be_run(
    text: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where hidden tests cannot be collected, or there are none, nothing is passed: every exercise is an error."""
    (tmp_path / "pytest.ini").write_text((read_kit().hidden_tests / "pytest.ini").read_text())
    (tmp_path / f"test_{abs(hash(tmp_path))}.py").write_text(text)
    monkeypatch.setattr("grader.kit.Kit.hidden_tests", tmp_path)
    report = grade(read_submission(ROOT / "solutions", MANIFEST), read_kit(), only=["add"])
    assert [r.status for r in report.counted] == [Status.ERROR]
    assert words in terminal.render(report).replace("\nnote: ", " ").replace("\n", " ")


def test_oracles_that_disagree(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reference whose gradients are not its slopes is found before a learner is blamed for it."""
    from grader.grading.reference import Reference

    wrong = Reference(
        read_kit(),
        {"engine.py": [("self.grad += n * self.data ** (n - 1)", "self.grad += (n + 1) * self.data ** (n - 1)")]},
    )
    monkeypatch.setattr("grader.grading.checking.reference", lambda *_: wrong)
    report = grade(read_submission(ROOT / "solutions", MANIFEST), read_kit(), only=["pow"])
    assert Status.ERROR in {r.status for r in report.counted}
    assert "disagree" in terminal.render(report)


@pytest.mark.linux
def test_no_worker(mg_grade: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no worker can be started the report says so, with status error for every exercise, and exit 3."""
    monkeypatch.setattr(type(LIMITS), "start", lambda *_: Start(["/nonexistent/python"]))
    report = grade(read_submission(ROOT / "solutions", MANIFEST), read_kit(), only=["add"], level=LIMITS)
    assert {r.status for r in report.counted} == {Status.ERROR}
    monkeypatch.setattr(type(LIMITS), "start", lambda *_: Start(["/bin/echo", "nonsense"]))
    report = grade(read_submission(ROOT / "solutions", MANIFEST), read_kit(), only=["add"], level=LIMITS)
    assert {r.status for r in report.counted} == {Status.ERROR}
    assert "could not be started" in terminal.render(report)


def test_an_exercise_without_a_hidden_test() -> None:
    """Where an exercise has no hidden test yet, that is a fault of this exercise alone."""
    new = dataclasses.replace(MANIFEST.by_id["add"], id="new")
    kit = dataclasses.replace(read_kit(), manifest=dataclasses.replace(MANIFEST, exercises=(*MANIFEST.exercises, new)))
    report = grade(read_submission(ROOT / "solutions", MANIFEST), kit)
    assert {r.id for r in report.results if r.status is not Status.PASSED} == {"new"}
    assert report.result("new").status is Status.ERROR
    shown = " ".join(terminal.render(report).replace("\nnote: ", " ").split())
    assert "The grader failed on new: that is our fault, not yours. It has no hidden test." in shown
    alone = grade(read_submission(ROOT / "solutions", MANIFEST), kit, only=["new"])
    assert [result.status for result in alone.counted] == [Status.ERROR]


def test_what_fails_everywhere_is_told_without_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the grader fails on all exercises, the cause is told, and not the name of each."""

    def fails(*_: object) -> None:
        raise GraderError("no more workers")

    monkeypatch.setattr("grader.grading.first_run.run_hidden_tests", fails)
    shown = terminal.render(grade(read_submission(ROOT / "solutions", MANIFEST), read_kit()))
    assert "The grader failed: that is our fault, not yours. no more workers" in shown


def test_a_second_run_that_fails_loses_nothing(solved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where grading again with reference files fails, only what was to be graded again is an error."""
    (solved / "engine.py").unlink()
    real = hidden_run.run_hidden_tests
    calls: list[int] = []

    def fails_later(*args: object, **options: object) -> hidden_run.Ran:
        calls.append(1)
        if len(calls) > 1:
            raise GraderError("no more workers")
        return real(*args, **options)  # type: ignore[arg-type]  # what it was called with

    for which in ("first_run", "second_runs"):
        monkeypatch.setattr(f"grader.grading.{which}.run_hidden_tests", fails_later)
    report = grade(read_submission(solved, MANIFEST), read_kit())
    statuses = {r.id: r.status for r in report.results}
    assert len(calls) > 2  # one that fails keeps no other from being tried
    assert statuses["derivative"] is Status.PASSED
    assert statuses["neuron"] is Status.ERROR
    assert report.points >= 16


def test_nobodys_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """PYTEST_* variables change no grade, and are back afterwards."""
    monkeypatch.setenv("PYTEST_ADDOPTS", "--collect-only -k nothing")
    hidden_run._pytest.cache_clear()  # as in a process that has just begun
    report = grade(read_submission(ROOT / "solutions", MANIFEST), read_kit(), only=["add"])
    assert [r.status for r in report.counted] == [Status.PASSED]
    with pytest.raises(GraderError), hidden_run._without_pytest_variables():
        raise GraderError
    import os

    assert os.environ["PYTEST_ADDOPTS"] == "--collect-only -k nothing"


def test_a_run_leaves_nothing_behind() -> None:
    """What a run has held is let go, however many runs a process makes: a class of thousands needs no more memory."""
    for _ in range(3):
        grade(read_submission(ROOT / "tests" / "samples" / "ada", MANIFEST), read_kit(), only=["add"])
    gc.collect()
    held = [thing for thing in gc.get_objects() if isinstance(thing, HiddenTests)]
    assert held == []
