"""Runs the hidden tests on a session: pytest.main in this process, and a plugin that notes what became of each.

Fail closed: a test has passed only when its setup, call and teardown were all seen to pass. Nobody's
environment counts: plugins are not loaded by themselves, and PYTEST_* variables are put aside.

pytest is started once a process, in a thread of its own, and asked for one run after the other: starting it and
collecting the tests takes as long as running half of them.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import inspect
import io
import os
import queue
import threading
import time
from collections.abc import Callable, Collection, Generator, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from grader import kit_paths, messages
from grader.checking import Check, Draw, LearnerFailure, nothing_to_ask
from grader.errors import GraderError
from grader.model import Asked, Exercise, Finding, Manifest, TestOutcome
from grader.sandbox.session import Session

# What pytest would load for every session, and what these tests do not use: half of its time.
_UNUSED_PLUGINS = """
    cacheprovider capture debugging doctest faulthandler junitxml legacypath logging monkeypatch pastebin recwarn
    setuponly setupplan skipping stepwise subtests terminal terminalprogress threadexception tmpdir unittest
    unraisableexception warnings
"""
EXERCISE_SECONDS = 10.0  # by the clock: an exercise that is slow every time leaves time for the others
_ARGUMENTS = ["--assert=plain", "--import-mode=importlib", "--strict-markers"]

Progress = Callable[[Exercise], None]


@dataclass
class _Record:
    """What was seen of one test."""

    id: str
    exercise: Exercise
    phases: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    failure: LearnerFailure | None = None
    detail: str = ""
    asked: tuple[Asked, ...] = ()

    def outcome(self) -> TestOutcome:
        if self.phases == {"setup": "passed", "call": "passed", "teardown": "passed"}:
            if self.failure is not None:
                finding = self.failure.finding
                return TestOutcome(self.id, self.exercise.id, "failed", self.seconds, finding, asked=self.asked)
            return TestOutcome(self.id, self.exercise.id, "passed", self.seconds, asked=self.asked)
        detail = self.detail or messages.TEST_ENDED_EARLY
        return TestOutcome(self.id, self.exercise.id, "error", self.seconds, detail=detail)


class HiddenTests:
    """The pytest plugin that the hidden tests are run with; it notes what becomes of each."""

    def __init__(
        self,
        session: Session,
        manifest: Manifest,
        refused: dict[str, str],
        ids: Collection[str],
        seed: int,
        progress: Progress = lambda exercise: None,
    ) -> None:
        self.session = session
        self.manifest = manifest
        self.refused = refused
        self.ids = ids
        self.progress = progress
        self.check = Check(session, manifest, self._has_passed)
        self.draw = Draw(seed)
        self.records: dict[str, _Record] = {}
        self.hung: set[str] = set()
        self.seconds: dict[str, float] = {}

    def run(self, collected: pytest.Session) -> None:
        """Run those of the collected tests that are asked for, in manifest order."""
        order = {exercise.id: i for i, exercise in enumerate(self.manifest.exercises)}
        items = sorted(
            (i for i in collected.items if _exercise_id(i) in self.ids), key=lambda i: order[_exercise_id(i)]
        )
        for item in items:
            test_id = item.name.removeprefix("test_")
            self.records[item.nodeid] = _Record(test_id, self.manifest.by_id[_exercise_id(item)])
        for item, following in zip(items, [*items[1:], None], strict=False):
            collected.config.hook.pytest_runtest_protocol(item=item, nextitem=following)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Function) -> None:
        """Give every test its two arguments; as fixtures they would take as long as the test."""
        item.funcargs |= {"check": self.check, "draw": self.draw}

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> Generator[None, Any, Any]:
        """Note a LearnerFailure and let pytest go on: as an exception it would cost ten times the test itself."""
        record = self.records[pyfuncitem.nodeid]
        exercise = record.exercise.id
        refusal = self._cannot_be_asked(record.exercise)  # loads the submission, which is no exercise's time
        start = time.monotonic()
        end = start + EXERCISE_SECONDS - self.seconds.get(exercise, 0.0)
        self.draw.begin(pyfuncitem.name)
        self.check.begin(_asked(pyfuncitem), refusal, end)
        try:
            result = yield
            if not self.check.has_asked:
                raise GraderError(messages.TEST_ASKS_NOTHING)
            return result
        except LearnerFailure as failure:
            record.failure = failure
            if failure.hung:
                self.hung.add(exercise)
            return True
        finally:
            record.asked = tuple(self.check.asked)
            self.seconds[exercise] = self.seconds.get(exercise, 0.0) + time.monotonic() - start

    def _cannot_be_asked(self, exercise: Exercise) -> Finding | None:
        """Why no probe of this exercise will get an answer, where that is known before."""
        if exercise.id in self.hung:
            return Finding("", error=messages.NOT_ASKED_AGAIN)
        nothing = nothing_to_ask(exercise, self.session, self.refused)
        stuck = self._stuck_need(exercise)
        if nothing is None and stuck:
            return Finding("", error=messages.NEEDS_STUCK.format(id=stuck))
        return nothing

    def _stuck_need(self, exercise: Exercise) -> str:
        """A prerequisite that hung whatever was asked of it: what needs it would hang as well."""
        for need in exercise.needs:
            is_stuck = need in self.hung and not self._has_passed_a_test(need)
            stuck = need if is_stuck else self._stuck_need(self.manifest.by_id[need])
            if stuck:
                return stuck
        return ""

    def _has_passed(self, exercise_id: str) -> bool:
        """Whether all the tests of an exercise have been run and have passed."""
        outcomes = [record.outcome() for record in self.records.values() if record.exercise.id == exercise_id]
        return bool(outcomes) and all(outcome.status == "passed" for outcome in outcomes)

    def _has_passed_a_test(self, exercise_id: str) -> bool:
        return any(r.exercise.id == exercise_id and r.outcome().status == "passed" for r in self.records.values())

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        record = self.records[item.nodeid]
        record.phases[report.when or ""] = report.outcome
        record.seconds += report.duration
        if call.excinfo:
            record.detail = f"{type(call.excinfo.value).__name__}: {call.excinfo.value}"
        return report

    def outcomes(self) -> list[TestOutcome]:
        """One outcome for each test that was collected, in manifest order."""
        return [record.outcome() for record in self.records.values()]

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        self.progress(self.records[nodeid].exercise)


def run_hidden_tests(
    session: Session,
    manifest: Manifest,
    refused: dict[str, str],
    ids: Collection[str],
    seed: int,
    progress: Progress = lambda exercise: None,
) -> list[TestOutcome]:
    """Run the hidden tests of the exercises ids; one outcome for each test, in manifest order.

    refused: {file name: why it could not be read}. GraderError where the tests themselves cannot be run.
    """
    plugin = HiddenTests(session, manifest, refused, ids, seed, progress)
    _pytest(str(kit_paths.hidden_tests())).run(plugin)
    outcomes = plugin.outcomes()
    without = [exercise_id for exercise_id in ids if exercise_id not in {o.exercise for o in outcomes}]
    if without:
        raise GraderError(messages.TESTS_MISSING.format(ids=", ".join(without)))
    return outcomes


class _Pytest:
    """pytest with the hidden tests of a folder, collected once, in a thread that waits for runs."""

    def __init__(self, folder: str) -> None:
        """GraderError where the tests cannot be collected."""
        self._folder = folder
        self._problems: list[str] = []
        self._tests: HiddenTests | None = None  # of the run that is going on
        self._runs: queue.SimpleQueue[HiddenTests] = queue.SimpleQueue()
        self._results: queue.SimpleQueue[pytest.ExitCode | int | BaseException | None] = queue.SimpleQueue()
        said = io.StringIO()
        # The tests run with nothing put aside any more: what they say, they say to the plugin.
        with _without_pytest_variables(), contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            threading.Thread(target=self._main, daemon=True).start()
            status = self._results.get()
        if status is not None:
            errors = [line for line in said.getvalue().splitlines() if "error" in line.lower()]
            why = " ".join(self._problems or errors or [str(status)])
            shown = int(status) if isinstance(status, int) else pytest.ExitCode.INTERNAL_ERROR.value
            raise GraderError(messages.TESTS_BROKEN.format(status=shown, why=why))
        gc.freeze()  # spares Python looking for garbage among pytest's modules, run for run

    def run(self, tests: HiddenTests) -> None:
        """Run them, and wait; raises what pytest itself fails with."""
        self._runs.put(tests)
        try:
            failure = self._results.get()
        except BaseException:  # whoever interrupts it leaves it busy: the next run begins with another one
            _pytest.cache_clear()
            raise
        if failure is not None:
            _pytest.cache_clear()
            raise GraderError(messages.TESTS_BROKEN.format(status=pytest.ExitCode.INTERNAL_ERROR.value, why=failure))

    def _main(self) -> None:
        folder = self._folder
        arguments = [*_ARGUMENTS, "--rootdir", folder, "--confcutdir", folder, "-c", f"{folder}/pytest.ini", folder]
        for name in _UNUSED_PLUGINS.split():
            arguments[:0] = ["-p", f"no:{name}"]
        status: object = pytest.ExitCode.INTERNAL_ERROR
        try:
            status = pytest.main(arguments, plugins=[self])
        finally:
            self._results.put(int(status) if isinstance(status, int) else 3)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._problems.append(str(report.longrepr).strip().splitlines()[-1])

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """In place of pytest's own loop: one run for each that is asked for, as long as the process lives."""
        if self._problems:
            return True
        self._results.put(None)
        while True:
            self._tests = self._runs.get()
            try:
                self._tests.run(session)
                self._results.put(None)
            except BaseException as error:  # noqa: BLE001 - whoever waits for the result is told
                self._results.put(error)
            self._tests = None

    # pytest keeps every plugin that it was ever given, so it is given this one only, which hands on to the run.

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Function) -> None:
        if self._tests:
            self._tests.pytest_runtest_setup(item)

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> Generator[None, Any, Any]:
        return (yield from self._tests.pytest_pyfunc_call(pyfuncitem)) if self._tests else (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        return (yield from self._tests.pytest_runtest_makereport(item, call)) if self._tests else (yield)

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        if self._tests:
            self._tests.pytest_runtest_logfinish(nodeid)


@functools.cache
def _pytest(folder: str) -> _Pytest:
    return _Pytest(folder)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pytest.cache_clear)  # its thread is not there in the child


def _exercise_id(item: pytest.Item) -> str:
    marker = item.get_closest_marker("exercise")
    if marker is None:
        raise GraderError(messages.TEST_WITHOUT_EXERCISE.format(test=item.nodeid))
    return str(marker.args[0])


def _asked(item: pytest.Item) -> str:
    """The truth that a test states: the first sentence of its docstring."""
    return (inspect.getdoc(getattr(item, "obj", None)) or "").split("\n\n")[0].replace("\n", " ")


@contextlib.contextmanager
def _without_pytest_variables() -> Iterator[None]:
    aside = {name: value for name, value in os.environ.items() if name.startswith("PYTEST_")}
    for name in aside:
        del os.environ[name]
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        for name in [name for name in os.environ if name.startswith("PYTEST_")]:
            del os.environ[name]
        os.environ.update(aside)
