"""The pytest plugin that the hidden tests run with: it gives each test its check and its draw, and keeps its finding.

A hidden test that fails raises LearnerFailure. By hand pytest shows that as it shows any exception. When a submission
is graded the failure is set in pytest's report instead, as raising costs ten times the test itself.
"""

from __future__ import annotations

import dataclasses
import inspect
import time
import traceback
from collections.abc import Callable, Collection, Generator, Mapping
from typing import Any

import pytest

from grader.base import messages
from grader.base.errors import GraderError
from grader.base.model import Place
from grader.base.report import Finding
from grader.grading.checking import Checker, LearnerFailure, nothing_to_ask
from grader.grading.outcomes import Asked
from grader.kit import Kit
from grader.kit.asking import Draw
from grader.kit.model import Exercise
from grader.sandbox.session import Session

EXERCISE_SECONDS = 10.0  # by the clock: an exercise that is slow every time leaves time for the others

Progress = Callable[[Exercise], None]


class HiddenTests:
    """One run of the hidden tests on one session.

    asked: test -> the questions that it put, for the diagnosis. tracebacks: of tests that failed through a fault of
    the grader's.
    """

    def __init__(
        self,
        session: Session,
        kit: Kit,
        seed: int,
        refused: Mapping[str, str],
        ids: Collection[str],
        progress: Progress = lambda exercise: None,
        is_by_hand: bool = False,
        keeps_answers: bool = True,
    ) -> None:
        """refused: file name -> why it could not be read. ids: the exercises whose tests are run. keeps_answers:
        whether to fill `asked`."""
        self.asked: dict[str, tuple[Asked, ...]] = {}
        self.tracebacks: list[str] = []
        self.is_stopped = False
        self._session = session
        self._kit = kit
        self._refused = refused
        self._ids = ids
        self._progress = progress
        self._is_by_hand = is_by_hand
        self._keeps_answers = keeps_answers
        self._check = Checker(session, kit, self._has_passed)
        self._draw = Draw(seed)
        self._exercises: dict[str, Exercise] = {}  # of each test that was chosen
        self._findings: dict[str, Finding] = {}  # an exception would keep what was answered, in its frames
        self._errors: dict[str, str] = {}  # of the grader's
        self._passed: set[str] = set()  # tests
        self._hung: set[str] = set()  # exercises
        self._seconds: dict[str, float] = {}

    def stop(self) -> None:
        """From another thread: ask nothing any more."""
        self.is_stopped = True
        self._session.stop()

    def chosen(self, items: Collection[pytest.Item]) -> list[pytest.Item]:
        """Those of the collected tests that are asked for, in the order of the manifest."""
        order = {exercise_id: i for i, exercise_id in enumerate(self._kit.manifest.by_id)}
        found = sorted((i for i in items if exercise_of(i) in self._ids), key=lambda i: order[exercise_of(i)])
        self._exercises = {item.nodeid: self._kit.manifest.by_id[exercise_of(item)] for item in found}
        return found

    @property
    def exercises(self) -> Mapping[str, Exercise]:
        """Node id of each test that was chosen -> its exercise."""
        return self._exercises

    def begin(self, item: pytest.Item) -> None:
        """Give a test its arguments, those of parametrize as well; as fixtures they would take as long as the test."""
        if isinstance(item, pytest.Function):
            given = item.callspec.params if hasattr(item, "callspec") else {}
            item.funcargs |= {"check": self._check, "draw": self._draw, **given}

    def end(self, item: pytest.Item) -> None:
        """Take the arguments back, so that the test keeps nothing of this run; and tell how far that is."""
        if isinstance(item, pytest.Function):
            item.funcargs.clear()
        self._progress(self._exercises[item.nodeid])

    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> Generator[None, Any, Any]:
        """Run a test, and keep why it failed."""
        node, exercise = pyfuncitem.nodeid, self._exercises[pyfuncitem.nodeid]
        refusal = self._cannot_be_asked(exercise)  # loads the submission, which is no exercise's time
        start = time.monotonic()
        end = start + EXERCISE_SECONDS - self._seconds.get(exercise.id, 0.0)
        self._draw.begin(pyfuncitem.name)
        self._check.begin(_truth(pyfuncitem), refusal, end)
        try:
            result = yield
            if not self._check.has_asked:
                raise GraderError(messages.TEST_ASKS_NOTHING)
            self._passed.add(node)
            return result
        except LearnerFailure as failure:
            self._findings[node] = failure.finding
            if failure.hung:
                self._hung.add(exercise.id)
            if self._is_by_hand:
                raise
            return True
        finally:
            if self._keeps_answers:
                self.asked[node] = tuple(self._check.asked)
            self._seconds[exercise.id] = self._seconds.get(exercise.id, 0.0) + time.monotonic() - start

    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Set a failure in the report of its phase."""
        report = yield
        finding = self._findings.get(item.nodeid)
        if report.when == "call" and finding and report.passed:
            report.outcome, report.longrepr = "failed", finding.asked
        if call.excinfo and not call.excinfo.errisinstance(LearnerFailure):
            error = call.excinfo.value
            self._passed.discard(item.nodeid)
            self._errors.setdefault(item.nodeid, f"{type(error).__name__}: {error}")
            self.tracebacks.append("".join(traceback.format_exception(error)))
        return report

    def pytest_json_runtest_metadata(self, item: pytest.Item) -> dict[str, Any] | None:
        """What a pytest-json-report document tells of a test beside its phases: its finding, or what went wrong."""
        if item.nodeid in self._errors:
            return {"error": self._errors[item.nodeid]}
        finding = self._findings.get(item.nodeid)
        return {"finding": _plain(finding)} if finding else None

    def _cannot_be_asked(self, exercise: Exercise) -> Finding | None:
        """Why no question of this exercise will get an answer, where that is known before."""
        if exercise.id in self._hung:
            return Finding("", error=messages.NOT_ASKED_AGAIN)
        nothing = nothing_to_ask(exercise, self._session, self._refused, self._kit.manifest)
        stuck = self._stuck_need(exercise)
        if nothing is None and stuck:
            return Finding("", error=messages.NEEDS_STUCK.format(id=stuck))
        return nothing

    def _stuck_need(self, exercise: Exercise) -> str:
        """A prerequisite that hung whatever was asked of it: what needs it would hang as well."""
        for need in exercise.needs:
            is_stuck = need in self._hung and not any(self._exercises[node].id == need for node in self._passed)
            stuck = need if is_stuck else self._stuck_need(self._kit.manifest.by_id[need])
            if stuck:
                return stuck
        return ""

    def _has_passed(self, exercise_id: str) -> bool:
        """Whether all the tests of an exercise have been run and have passed."""
        nodes = [node for node, exercise in self._exercises.items() if exercise.id == exercise_id]
        return bool(nodes) and self._passed.issuperset(nodes)


class Hooks:
    """What pytest is given in the place of a run: it hands on to the run that is going on.

    pytest keeps every plugin that it was ever given, so a process that grades many submissions gives it one.
    """

    def __init__(self) -> None:
        self.tests: HiddenTests | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        if self.tests:
            self.tests.begin(item)

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> Generator[None, Any, Any]:
        return (yield from self.tests.pytest_pyfunc_call(pyfuncitem)) if self.tests else (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        return (yield from self.tests.pytest_runtest_makereport(item, call)) if self.tests else (yield)

    @pytest.hookimpl(optionalhook=True)
    def pytest_json_runtest_metadata(self, item: pytest.Item) -> dict[str, Any] | None:
        return self.tests.pytest_json_runtest_metadata(item) if self.tests else None


def exercise_of(item: pytest.Item) -> str:
    """The id of the exercise that a hidden test is marked with."""
    marker = item.get_closest_marker("exercise")
    if marker is None:
        raise GraderError(messages.TEST_WITHOUT_EXERCISE.format(test=item.nodeid))
    return str(marker.args[0])


def _truth(item: pytest.Item) -> str:
    """The truth that a test states: the first sentence of its docstring."""
    return (inspect.getdoc(getattr(item, "obj", None)) or "").split("\n\n")[0].replace("\n", " ")


def _plain(finding: Finding) -> dict[str, Any]:
    """A finding as JSON data; document.py reads it again."""
    place: Place | None = finding.place
    return {**vars(finding), "place": dataclasses.asdict(place) if place else None}
