"""Gradescope's results.json: a test for each exercise, with its points and its feedback."""

from __future__ import annotations

import json
from typing import Any

from grader.base.points import number as number_of
from grader.base.report import ExerciseResult, Report, Status
from grader.reports.fragment import details
from grader.reports.wording import beside

SUFFIX = ".json"


def render(report: Report) -> str:
    """The report as the file that Gradescope reads, ending with a newline."""
    results = {
        "score": number_of(report.given),
        "output": "\n".join([*beside(report), *map(str, report.notes)]),
        "output_format": "text",
        "test_output_format": "html",
        "visibility": report.visibility,
        "stdout_visibility": "hidden",
        "tests": [_test(number, result, report) for number, result in enumerate(report.counted, 1)],
        "extra_data": {
            "kit": {"name": report.versions.kit, "version": report.versions.kit_version},
            "sandbox": report.confinement.level,
        },
    }
    return json.dumps(results, indent=1) + "\n"


def nothing_to_grade(why: str) -> str:
    """The file for a submission in which there is nothing to grade."""
    return json.dumps({"score": 0, "output": why, "output_format": "text"}, indent=1) + "\n"


def without_score(why: str) -> str:
    """The file for a submission that the grader failed on. Gradescope asks for a score, and where there is none it says
    that the autograder failed: nothing counts until it is run again."""
    return json.dumps({"output": why, "output_format": "text", "visibility": "visible"}, indent=1) + "\n"


def _test(number: int, result: ExerciseResult, report: Report) -> dict[str, Any]:
    return {
        "name": f"{result.id}: {result.title}",
        "number": str(number),
        "score": number_of(result.points),
        "max_score": 0 if result.bonus else number_of(result.max_points),
        "status": "passed" if result.status is Status.PASSED else "failed",
        "output": "\n".join(details(result, report)),
        "output_format": "html",
        "visibility": report.visibility,
        "tags": [result.file],
    }
