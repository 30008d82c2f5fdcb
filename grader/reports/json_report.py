"""The JSON report, format 1: a contract with other programs, and what all other files are made of."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from grader.model import ExerciseResult, Report, TestOutcome, WrongGraph
from grader.reports.wording import explain

FORMAT = 1


def render(report: Report) -> str:
    """The report as one JSON document, ending with a newline."""
    return as_text(as_data(report))


def as_text(data: Mapping[str, Any]) -> str:
    """The data of a report as one JSON document, ending with a newline."""
    return json.dumps(data, indent=1, ensure_ascii=True) + "\n"


def as_data(report: Report) -> dict[str, Any]:
    """The report as plain data; the exercises in manifest order, all of them."""
    return {
        "format": FORMAT,
        "kit": {"name": report.manifest.name, "version": report.manifest.version},
        "seed": report.seed,
        "sandbox": report.sandbox,
        "submission": {"name": report.submission.name, "path": report.submission.path},
        "points": report.points,
        "max_points": report.max_points,
        "bonus_points": report.bonus_points,
        "exercises": [_exercise(result, report) for result in report.results],
        "wrong_graph": _graph(report.wrong_graph) if report.wrong_graph else None,
        "warnings": list(report.warnings),
    }


def _exercise(result: ExerciseResult, report: Report) -> dict[str, Any]:
    exercise = result.exercise
    return {
        "id": exercise.id,
        "title": exercise.title,
        "file": exercise.file,
        "chapter": exercise.chapter,
        "points": result.points,
        "max_points": exercise.points,
        "counts": exercise.id in report.selected,
        "bonus": exercise.bonus,
        "status": str(result.status),
        "carried_forward": result.carried_forward,
        "misconceptions": [{"id": m.id, "title": m.title, "explanation": m.explanation} for m in result.misconceptions],
        "misconceptions_together": result.are_together,
        "symptoms": list(result.symptoms),
        "tests": [_test(test) for test in result.tests],
        "seconds": round(result.seconds, 4),
    }


def _graph(graph: WrongGraph) -> dict[str, Any]:
    return {
        "script": graph.script,
        "first_wrong": graph.first_wrong.name,
        "nodes": [dataclasses.asdict(node) for node in graph.nodes],
    }


def _test(test: TestOutcome) -> dict[str, Any]:
    return {"id": test.id, "status": test.status, "message": explain(test), "seconds": round(test.seconds, 4)}
