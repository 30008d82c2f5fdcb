"""Gradescope's results.json: a test for each exercise, with its points and its feedback."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from grader.reports.wording import first_failure, remarks


def render(report: Mapping[str, Any]) -> str:
    """A report, as the data of its JSON, as the file that Gradescope reads, ending with a newline."""
    counted = [exercise for exercise in report["exercises"] if exercise["counts"]]
    results = {
        "score": round(report["points"] + report["bonus_points"], 4),
        "output": "\n".join(report["warnings"]),
        "output_format": "text",
        "test_output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [_test(number, exercise) for number, exercise in enumerate(counted, 1)],
        "extra_data": {"kit": report["kit"], "seed": report["seed"], "sandbox": report["sandbox"]},
    }
    return json.dumps(results, indent=1) + "\n"


def nothing_to_grade(why: str) -> str:
    """The file for a submission in which there is nothing to grade."""
    return json.dumps({"score": 0, "output": why, "output_format": "text"}, indent=1) + "\n"


def _test(number: int, exercise: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": f"{exercise['id']}: {exercise['title']}",
        "number": str(number),
        "score": exercise["points"],
        "max_score": 0 if exercise["bonus"] else exercise["max_points"],
        "status": "passed" if exercise["status"] == "passed" else "failed",
        "output": "\n\n".join(text for text in (first_failure(exercise), *remarks(exercise)) if text),
        "visibility": "visible",
        "tags": [exercise["file"]],
    }
