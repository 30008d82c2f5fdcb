"""Runs the hidden tests on a session with pytest, in this process, and reads what became of each.

pytest-json-report is the interface between the two: a document for every run. pytest is started once a process, in a
thread of its own (a browser has none: there its session ends, and what it has collected is run), and asked for one run
after the other: starting it and collecting the tests takes as long as running half of them. Of a test's three phases
only the call is run, as hidden tests set nothing up: the other two cost as much as all the rest. Nobody's environment
counts: no plugin is loaded by itself, and PYTEST_* variables are put aside.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import io
import os
import queue
import sys
import threading
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import call_and_report  # what pytest-rerunfailures uses as well: nothing public runs one phase
from pytest_jsonreport.plugin import JSONReport  # type: ignore[import-untyped]  # it has no types

from grader.base import messages
from grader.base.errors import GraderError
from grader.grading import document
from grader.grading.hidden_tests import HiddenTests, Hooks, Progress
from grader.grading.outcomes import TestOutcome, of_fault
from grader.kit import Kit
from grader.sandbox.session import Session

# What pytest would load for every session, and what these tests do not use: half of its time.
_UNUSED_PLUGINS = """
    cacheprovider capture debugging doctest faulthandler junitxml legacypath logging monkeypatch pastebin recwarn
    setuponly setupplan skipping stepwise subtests terminal terminalprogress threadexception tmpdir unittest
    unraisableexception warnings
"""
_ARGUMENTS = ["--noconftest", "--assert=plain", "--import-mode=importlib", "--strict-markers"]
# Of a document nobody reads these parts, or the tests have none of them.
_JSON_ARGUMENTS = ["-p", "pytest_jsonreport.plugin", "--json-report-file=none"]
_OMITTED = ["--json-report-omit", "log", "streams", "traceback", "warnings", "keywords"]

HAS_THREADS = sys.platform != "emscripten"  # a browser has none for Python
STOP_SECONDS = 2.0  # by the clock, for a run to notice that it has been stopped


@dataclass(frozen=True)
class Ran:
    """One run: an outcome for each test in the order of the manifest, and a fault for each exercise without any; and
    the tracebacks of faults of the grader."""

    outcomes: tuple[TestOutcome, ...]
    tracebacks: tuple[str, ...]


def run_hidden_tests(
    session: Session,
    kit: Kit,
    seed: int,
    refused: Mapping[str, str],
    ids: Collection[str],
    progress: Progress = lambda exercise: None,
    keeps_answers: bool = True,
) -> Ran:
    """Run the hidden tests of the exercises ids.

    refused: file name -> why it could not be read. keeps_answers: whether there is to be a diagnosis.
    GraderError where the tests themselves cannot be run.
    """
    tests = HiddenTests(session, kit, seed, refused, ids, progress, keeps_answers=keeps_answers)
    found = _pytest(kit.hidden_tests).run(tests)
    names = {node: node.rpartition("::")[2].removeprefix("test_") for node in tests.exercises}
    results = document.read(found, names)
    outcomes = [
        TestOutcome(exercise.id, results[node], tests.asked.get(node, ())) for node, exercise in tests.exercises.items()
    ]
    with_tests = {exercise.id for exercise in tests.exercises.values()}
    outcomes += [of_fault(exercise_id, messages.NO_HIDDEN_TEST) for exercise_id in ids if exercise_id not in with_tests]
    return Ran(tuple(outcomes), tuple(tests.tracebacks))


def collected(kit: Kit) -> dict[str, str | None]:
    """Each hidden test that there is, by its node id, and the exercise that it is marked with; None where it is marked
    with none. GraderError where they cannot be collected."""
    markers = {item.nodeid: item.get_closest_marker("exercise") for item in _pytest(kit.hidden_tests).items}
    return {node: str(marker.args[0]) if marker and marker.args else None for node, marker in markers.items()}


class _Documents(JSONReport):  # type: ignore[misc]  # pytest-json-report has no types
    """pytest-json-report, begun anew for each run of a session that lasts as long as the process."""

    # It wraps these to collect what is logged, which is left out here; that costs a tenth of a run.
    pytest_runtest_protocol = pytest_runtest_call = pytest_runtest_teardown = None

    def __init__(self) -> None:
        super().__init__()
        self.collectors: list[dict[str, Any]] = []  # recorded once, when the tests are collected

    def pytest_addoption(self, parser: pytest.Parser) -> None:
        """The report asks for this option of the terminal plugin, which is not loaded."""
        parser.addoption("--tb", dest="tbstyle", default="short")

    def pytest_collection_finish(self) -> None:
        self.collectors = self._json_collectors

    def pytest_json_runtest_stage(self, report: pytest.TestReport) -> dict[str, Any]:
        """One phase of a test. What failed is told as metadata, so there is no traceback to look for."""
        return {"duration": report.duration, "outcome": report.outcome}

    def begin(self, session: pytest.Session) -> None:
        """Forget the run before."""
        session.fspath = session.path  # the report asks for it, and the plugin legacypath is not loaded
        JSONReport.__init__(self, session.config)
        self.pytest_sessionstart(session)

    def end(self, session: pytest.Session) -> dict[str, Any]:
        """The document of this run."""
        has_failed = any(test["outcome"] != "passed" for test in self._json_tests.values())
        session.exitstatus = pytest.ExitCode.TESTS_FAILED if has_failed else pytest.ExitCode.OK
        self.pytest_sessionfinish(session)
        found: dict[str, Any] = self.report
        return {**found, "exitcode": int(session.exitstatus), "collectors": self.collectors}


class _Pytest(Hooks):
    """pytest with the hidden tests of a folder, collected once, in a thread that waits for runs."""

    def __init__(self, folder: Path) -> None:
        """GraderError where the tests cannot be collected."""
        super().__init__()
        self._folder = str(folder)
        self.items: list[pytest.Item] = []
        self._documents = _Documents()
        self._runs: queue.SimpleQueue[HiddenTests] = queue.SimpleQueue()
        self._session: pytest.Session | None = None
        self._results: queue.SimpleQueue[dict[str, Any] | BaseException | None] = queue.SimpleQueue()
        said = io.StringIO()
        # The tests run with nothing put aside any more: what they say, they say to the plugin.
        with _without_pytest_variables(), contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            if HAS_THREADS:
                threading.Thread(target=self._main, daemon=True).start()
            else:
                self._main()
            failure = self._results.get()
        if failure is not None:
            problems = [document.problem(str(c["longrepr"])) for c in self._broken_collectors()]
            errors = [line for line in said.getvalue().splitlines() if "error" in line.lower()]
            why = " ".join(problems or errors[-1:] or [str(failure)])
            raise GraderError(messages.TESTS_BROKEN.format(status=pytest.ExitCode.INTERNAL_ERROR.value, why=why))
        gc.freeze()  # spares Python looking for garbage among pytest's modules, run for run
        gc.enable()

    def _broken_collectors(self) -> list[dict[str, Any]]:
        return [collector for collector in self._documents.collectors if "longrepr" in collector]

    def run(self, tests: HiddenTests) -> dict[str, Any]:
        """Run them, and wait for the document; raises what pytest itself fails with."""
        if not HAS_THREADS:
            return self._run_here(tests)
        self._runs.put(tests)
        try:
            result = self._results.get()
        except BaseException:  # interrupted: nothing is to go on, and no worker to begin, behind the caller's back
            tests.stop()
            try:
                self._results.get(timeout=STOP_SECONDS)
            except queue.Empty:  # busy still: the next run begins with another one
                _pytest.cache_clear()
            raise
        if not isinstance(result, dict):
            _pytest.cache_clear()
            status = pytest.ExitCode.INTERNAL_ERROR.value
            raise GraderError(messages.TESTS_BROKEN.format(status=status, why=result)) from result
        return result

    def _run_here(self, tests: HiddenTests) -> dict[str, Any]:
        """The same in this thread: what pytest has collected can be run when its own session is over."""
        assert self._session is not None
        self.tests = tests
        try:
            return self._run(self._session, tests)
        except Exception as error:
            status = pytest.ExitCode.INTERNAL_ERROR.value
            raise GraderError(messages.TESTS_BROKEN.format(status=status, why=error)) from error
        finally:
            self.tests = None

    def _main(self) -> None:
        folder = self._folder
        arguments = [*_JSON_ARGUMENTS, *_OMITTED, *_ARGUMENTS]
        arguments += ["--rootdir", folder, "--confcutdir", folder, "-c", f"{folder}/pytest.ini", folder]
        for name in _UNUSED_PLUGINS.split():
            arguments[:0] = ["-p", f"no:{name}"]
        status: object = pytest.ExitCode.INTERNAL_ERROR
        try:
            status = pytest.main(arguments, plugins=[self, self._documents])
        finally:
            self._results.put(GraderError(messages.PYTEST_ENDED.format(status=status)))

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """In place of pytest's own loop: one run for each that is asked for, as long as the process lives."""
        if self._broken_collectors():
            return True
        self.items = session.items
        self._session = session
        self._results.put(None)
        if not HAS_THREADS:
            self._documents.begin(session)  # pytest ends this session now, and asks for its document
            session.config._json_report = None  # type: ignore[attr-defined]  # or it would take itself away then
            return True
        while True:
            self.tests = self._runs.get()
            try:
                self._results.put(self._run(session, self.tests))
            except BaseException as error:  # noqa: BLE001 - whoever waits for the result is told
                self._results.put(error)
            self.tests = None

    def _run(self, session: pytest.Session, tests: HiddenTests) -> dict[str, Any]:
        self._documents.begin(session)
        for item in tests.chosen(session.items):
            if tests.is_stopped:
                break
            tests.begin(item)
            item._json_report_extra = {document.PHASE: {}}  # type: ignore[attr-defined]  # the document's part on it
            call_and_report(item, "call")
            tests.end(item)
        return self._documents.end(session)

    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str]:
        """What the terminal plugin says in other runs: the report asks for it."""
        return (report.outcome if report.when == "call" or not report.passed else "", "", "")


@functools.cache
def _pytest(folder: Path) -> _Pytest:
    return _Pytest(folder)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pytest.cache_clear)  # its thread is not there in the child


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
