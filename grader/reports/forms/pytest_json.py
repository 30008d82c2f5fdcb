"""The document of pytest-json-report for a graded submission, for tools that read that format.

https://github.com/numirias/pytest-json-report#format. Where an exercise was asked again with the reference in the place
of what was unfinished, the tests that count stand here. Expected values and what the learner's code said are in it only
as far as the report shows them.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from grader.base.report import ExerciseResult, Report, TestResult, Verdict
from grader.reports.wording import adjustment, comment, grade, message

SUFFIX = ".json"


def render(report: Report) -> str:
    """The report as one JSON document, ending with a newline."""
    tests = [_test(result, test) for result in report.counted for test in result.tests]
    summary = Counter(test["outcome"] for test in tests)
    has_failed = any(test["outcome"] != "passed" for test in tests)
    document = {
        "created": 0.0,  # a report holds no date: the same submission gives the same document
        "duration": round(sum(result.seconds for result in report.counted), 6),
        "exitcode": 1 if has_failed else 0,
        "root": "hidden",
        "environment": {
            "Python": report.versions.python,
            "mg-grade": report.versions.grader,
            "kit": f"{report.versions.kit} {report.versions.kit_version}",
            "sandbox": report.confinement.level,
            "grade": grade(report),
            "adjustments": "\n".join(map(adjustment, report.adjustments)),
            "comments": "\n".join(map(comment, report.comments)),
        },
        "summary": {**summary, "total": len(tests), "collected": len(tests)},
        "tests": tests,
    }
    return json.dumps(document, indent=1) + "\n"


def _test(result: ExerciseResult, test: TestResult) -> dict[str, Any]:
    """One test, with its phases as they were seen, and with the exercise that it belongs to as its metadata."""
    phases: dict[str, dict[str, Any]] = {
        name: {"duration": round(phase.seconds, 6), "outcome": phase.outcome} for name, phase in test.phases.items()
    }
    text = message(test)
    failed = next((phase for phase in phases.values() if phase["outcome"] != "passed"), None)
    if failed is not None and text:
        failed["longrepr"] = text
    metadata: dict[str, Any] = {"exercise": result.id, "carried_forward": result.carried_forward}
    if test.finding is not None:
        finding = test.finding
        metadata |= {"asked": finding.asked, "script": finding.script, "got": finding.got, "expected": finding.want}
    outcome = "error" if test.verdict is Verdict.ERROR else str(test.verdict)
    node = test.node or f"{result.id}::{test.id}"  # of an earlier version, or of an exercise that could not be run
    return {"nodeid": node, "lineno": None, "outcome": outcome, **phases, "metadata": metadata}
