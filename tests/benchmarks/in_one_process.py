"""What others do: plain pytest and the learner's code in one process, and no isolation of any kind.

Run in the submission's folder. The hidden tests are the kit's own, with a stand-in for the session that answers every
probe in this process: equal checks, to be timed against the real thing.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import pytest

from grader.kit import paths as kit_paths
from grader.grading.hidden_run import HiddenTests
from grader.kit.manifest import kit_manifest
from grader.base.model import Place
from grader.sandbox.inside import probes


class InProcess:
    """Answers as a session does, with no process behind it."""

    def __init__(self) -> None:
        manifest = kit_manifest()
        modules = {home: __import__(home) for home in set(manifest.homes.values())}
        self._namespace = {name: vars(modules[home])[name] for name, home in manifest.homes.items()}
        self.symbols = {symbol: Place("", 1) for e in manifest.exercises for symbol in e.symbols}
        self.broken: dict[str, str] = {}
        self.measured: dict[str, Any] = {}

    def ask(self, script: str, reads: Sequence[str], _: float = 0.0) -> list[Any]:
        return probes.answer(self._namespace, probes.compiled(script, reads))


sys.path.insert(0, "")
ids = [exercise.id for exercise in kit_manifest().exercises]
tests = HiddenTests(InProcess(), kit_manifest(), {}, ids, 1)  # type: ignore[arg-type]  # a stand-in for a session
folder = str(kit_paths.hidden_tests())


class Loop:
    """Runs the tests as the grader's own pytest does."""

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        tests.run(session)
        return True


assert pytest.main(["-q", "--rootdir", folder, "-c", f"{folder}/pytest.ini", folder], plugins=[tests, Loop()]) == 0
assert all(outcome.status == "passed" for outcome in tests.outcomes())
