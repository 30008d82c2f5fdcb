"""What others do: plain pytest and the learner's code in one process, and no isolation of any kind.

Run in the submission's folder. The hidden tests are the kit's own, with a stand-in for the session that answers every
probe in this process: equal checks, to be timed against the real thing.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import pytest

from grader.base.model import Place
from grader.grading.hidden_tests import HiddenTests, Hooks
from grader.kit import read_kit
from grader.sandbox.inside import probes


class InProcess:
    """Answers as a session does, with no process behind it."""

    def __init__(self) -> None:
        manifest = read_kit().manifest
        modules = {home: __import__(home) for home in set(manifest.homes.values())}
        self._namespace = {name: vars(modules[home])[name] for name, home in manifest.homes.items()}
        self.symbols = {symbol: Place("", 1) for e in manifest.exercises for symbol in e.symbols}
        self.broken: dict[str, str] = {}
        self.measured: dict[tuple[str, tuple[str, ...]], Any] = {}

    def printed(self) -> tuple[str, ...]:
        return ()

    def ask(self, script: str, reads: Sequence[str], _: float = 0.0, _meanwhile: object = None) -> list[Any]:
        return probes.answer(self._namespace, probes.compiled(script, reads))


sys.path.insert(0, "")
kit = read_kit()
folder = str(kit.hidden_tests)


class Loop(Hooks):
    """Runs the tests in the grader's order, and counts what passes."""

    passed = 0

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        session_like: Any = InProcess()
        self.tests = HiddenTests(session_like, kit, 1, {}, list(kit.manifest.by_id))
        for item in self.tests.chosen(session.items):
            session.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.passed += report.when == "call" and report.passed


loop = Loop()
arguments = ["-q", "--noconftest", "--rootdir", folder, "-c", f"{folder}/pytest.ini", folder]
assert pytest.main(arguments, plugins=[loop]) == 0
assert loop.tests is not None
assert loop.passed == len(loop.tests.exercises)
