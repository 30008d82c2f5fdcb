"""Reads a pytest-json-report document of one run of the hidden tests.

The format: https://github.com/numirias/pytest-json-report#format. It fails closed: a test has passed only where its
call is there and has passed. Whatever is missing, doubled or contradicts itself is the grader's fault.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

from grader.base import messages
from grader.base.errors import Fault, GraderError
from grader.base.model import Place
from grader.base.report import Finding, Phase, TestResult, Verdict

PHASE = "call"  # the only one of pytest's three that is run
FINISHED = (0, 1)  # pytest's exit codes for "all passed" and "some failed"


def read(document: Mapping[str, Any], nodes: Mapping[str, str]) -> dict[str, TestResult]:
    """The result of each test, by its node id.

    nodes: of the tests that the run was to hold, node id -> the id that the report has. GraderError where the run as a
    whole is not to be believed; a test that is not to be believed has the verdict "error".
    """
    exit_code = document.get("exitcode")
    if type(exit_code) is not int or exit_code not in FINISHED:
        raise GraderError(messages.TESTS_BROKEN.format(status=exit_code, why=""))
    collectors = document.get("collectors") or [{}]
    bad = next((collector for collector in collectors if collector.get("outcome") != "passed"), None)
    if bad is not None:
        raise GraderError(messages.TESTS_BROKEN.format(status=exit_code, why=problem(str(bad.get("longrepr") or ""))))
    tests = document.get("tests")
    rows = tests if isinstance(tests, list) else []
    times = Counter(row.get("nodeid") for row in rows)
    foreign = next((node for node in times if node not in nodes), None)
    if foreign is not None:
        raise GraderError(messages.TEST_NOT_ASKED_FOR.format(test=foreign))
    by_node = {row["nodeid"]: row for row in rows}
    found = {}
    for node, test_id in nodes.items():
        if times[node] == 1:
            found[node] = _result(by_node[node], test_id)
        else:
            why = messages.TEST_NOT_RUN if node not in times else messages.TEST_RUN_TWICE
            found[node] = TestResult(test_id, Verdict.ERROR, detail=why, node=node)
    return found


def problem(longrepr: str) -> str:
    """Why a file of hidden tests cannot be collected, in a line, with the last place that pytest tells of it."""
    lines = longrepr.strip().splitlines() or [messages.NOT_COLLECTED]
    why = lines[-1].removeprefix("E").strip()
    places = re.findall(r"^(.+\.py):(\d+): in |^E +File \"(.+)\", line (\d+)$", longrepr, re.MULTILINE)
    if not places:
        return why
    file, line = (part for part in places[-1] if part)
    return f"{PurePath(file).name}:{line}: {why}"


def _result(row: Mapping[str, Any], test_id: str) -> TestResult:
    metadata = row.get("metadata") or {}
    finding = metadata.get("finding")
    phases = dict(_phases(row))
    outcome = row.get("outcome")
    if [phase.outcome for phase in phases.values()] != [outcome]:
        outcome = None  # it contradicts itself
    if outcome == "passed" and not metadata:
        return TestResult(test_id, Verdict.PASSED, node=row["nodeid"], phases=phases)
    if outcome == "failed" and "error" not in metadata and finding is not None:
        return TestResult(test_id, Verdict.FAILED, _finding(finding), node=row["nodeid"], phases=phases)
    detail = str(metadata.get("error") or messages.TEST_ENDED_EARLY)
    return TestResult(test_id, Verdict.ERROR, detail=detail, node=row["nodeid"], phases=phases)


def _phases(row: Mapping[str, Any]) -> Iterator[tuple[str, Phase]]:
    phase = row.get(PHASE)
    if isinstance(phase, Mapping):
        yield PHASE, Phase(str(phase.get("outcome")), round(float(phase.get("duration") or 0.0), 6))


def _finding(data: Mapping[str, Any]) -> Finding:
    place, fault = data["place"], data["fault"]
    return Finding(**{**data, "place": Place(**place) if place else None, "fault": Fault(fault) if fault else None})
