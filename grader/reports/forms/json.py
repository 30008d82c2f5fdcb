"""The JSON report, format 3: a contract with other programs, and what a gradebook keeps. It is read again as a Report.

Points are the numbers that are shown; beside them stand the fractions that they are, as texts, and those are read.
Formats 1 and 2, of older gradebooks, are read as well: they have rounded points only, and format 1 has no finding of a
test, but its text.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from grader.base import messages
from grader.base.errors import Fault, OutputError
from grader.base.model import Note, NoteKind, Place
from grader.base.points import exactly, number
from grader.base.report import (
    Adjustment,
    Comment,
    Confinement,
    Excerpt,
    ExerciseResult,
    Finding,
    Mistake,
    NodeShown,
    Phase,
    Report,
    Status,
    Symptom,
    SymptomKind,
    TestResult,
    Verdict,
    Versions,
    WrongGraph,
)
from grader.base.text import for_markup
from grader.reports.wording import message

SUFFIX = ".json"
FORMAT = 3
# How what is not printable begins in JSON; apart from each other they are found at once.
UNUSUAL = re.compile(r"\\[ubfrt]"), re.compile("##")
UNREADABLE = (
    *(ValueError, KeyError, TypeError, AttributeError, IndexError),
    *(ZeroDivisionError, OverflowError, RecursionError, StopIteration),
)


def render(report: Report) -> str:
    """The report as one JSON document, ending with a newline."""
    return json.dumps(as_data(report), indent=1, ensure_ascii=True) + "\n"


def compact(report: Report) -> str:
    """The same on one line: half as long, and written twice as fast."""
    return json.dumps(as_data(report))


def as_data(report: Report) -> dict[str, Any]:
    """The report as plain data; the exercises in the order of the kit, all of them.

    What can be derived from the rest (sums, texts) is there for other programs, and not read again.
    """
    return {
        "format": FORMAT,
        "kit": {"name": report.versions.kit, "version": report.versions.kit_version},
        "grader": report.versions.grader,
        "python": report.versions.python,
        **({} if report.seed is None else {"seed": report.seed}),
        "sandbox": {"level": report.confinement.level, "is_sandbox": report.confinement.is_sandbox},
        "submission": {"name": report.name, "path": report.path},
        "grade": number(report.given),
        "points": number(report.points),
        "max_points": number(report.max_points),
        "bonus_points": number(report.bonus_points),
        "adjustments": [_adjustment(one) for one in report.adjustments],
        "comments": [dict(vars(one)) for one in report.comments],
        "exercises": [_exercise(result) for result in report.results],
        "wrong_graph": _graph(report.wrong_graph) if report.wrong_graph else None,
        "warnings": [_said(found) for found in report.notes],
    }


def _exercise(result: ExerciseResult) -> dict[str, Any]:
    return {
        "id": result.id,
        "title": result.title,
        "file": result.file,
        "chapter": result.chapter,
        "points": number(result.points),
        "max_points": number(result.max_points),
        "exact": {"points": str(result.points), "max_points": str(result.max_points)},
        "counts": result.counts,
        "excused": result.excused,
        "bonus": result.bonus,
        "minutes": result.minutes,
        "learnt": result.learnt,
        "gap": result.gap,
        "status": str(result.status),
        "carried_forward": result.carried_forward,
        "blocked_by": list(result.blocked_by),
        "place": _place(result.place),
        "hint": result.hint,
        "misconceptions": [dict(vars(mistake)) for mistake in result.mistakes],
        "misconceptions_together": result.are_together,
        "symptoms": [_said(found) for found in result.symptoms],
        **({"excerpt": dataclasses.asdict(result.excerpt)} if result.excerpt else {}),
        "tests": [_test(test) for test in result.tests],
        "seconds": round(result.seconds, 4),
    }


def _adjustment(one: Adjustment) -> dict[str, Any]:
    return {"points": number(one.points), "exact": str(one.points), "reason": one.reason, "exercise": one.exercise}


def _test(test: TestResult) -> dict[str, Any]:
    data = {
        "id": test.id,
        "node": test.node,
        "status": str(test.verdict),
        "message": message(test),
        "phases": {name: [phase.outcome, phase.seconds] for name, phase in test.phases.items()},
        "seconds": round(test.seconds, 4),
    }
    if test.finding:
        data["finding"] = _finding(test.finding)
    if test.detail:
        data["detail"] = test.detail
    return data


def _finding(finding: Finding) -> dict[str, Any]:
    fault = str(finding.fault) if finding.fault else None
    data = {**vars(finding), "fault": fault, "place": _place(finding.place)}
    return {name: value for name, value in data.items() if value}  # what is empty or false is so where nothing is said


def _place(place: Place | None) -> dict[str, Any] | None:
    return dict(vars(place)) if place else None


def _graph(graph: WrongGraph) -> dict[str, Any]:
    return {
        "script": graph.script,
        "first_wrong": graph.first_wrong.name,
        "nodes": [dataclasses.asdict(node) for node in graph.nodes],
        "exercises": list(graph.exercises),
    }


def _said(found: Note | Symptom) -> dict[str, Any]:
    return {"kind": str(found.kind), "data": dict(found.data), "text": str(found)}


def read(text: str) -> Report:
    """The report that a document holds; OutputError where it is none, or one of a newer format.

    What moves a cursor in a text of it, as in those of some earlier versions, is shown as an escape.
    """
    try:
        data = json.loads(text, parse_constant=_refuse)
        if not text.isascii() or any(mark.search(text) for mark in UNUSUAL):
            data = _printable(data)
        form = FORMATS.get(data["format"])
        if form is None:
            raise OutputError(messages.REPORT_FORMAT.format(format=data["format"], known=FORMAT))
        return _read(data, form())
    except UNREADABLE as error:
        why = f"{type(error).__name__}: {error}"
        raise OutputError(messages.REPORT_UNREADABLE.format(why=why)) from error


def _printable(value: Any) -> Any:
    if isinstance(value, dict):
        return {_printable(name): _printable(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_printable(item) for item in value]
    return for_markup(value) if isinstance(value, str) else value


def _refuse(name: str) -> Any:
    raise ValueError(name)


def _read(data: Mapping[str, Any], form: _Format3) -> Report:
    return Report(
        versions=Versions(data["kit"]["name"], data["kit"]["version"], data.get("grader", ""), data.get("python", "")),
        seed=data.get("seed"),
        confinement=form.confinement(data["sandbox"]),
        name=data["submission"]["name"],
        path=data["submission"]["path"],
        results=tuple(_read_exercise(row, form) for row in data["exercises"]),
        notes=tuple(form.note(row) for row in data["warnings"]),
        wrong_graph=_read_graph(data["wrong_graph"]) if data["wrong_graph"] else None,
        adjustments=tuple(
            Adjustment(exactly(one["exact"]), one["reason"], one.get("exercise", ""))
            for one in data.get("adjustments", ())
        ),
        comments=tuple(Comment(one["text"], one["exercise"]) for one in data.get("comments", ())),
    )


def _read_exercise(row: Mapping[str, Any], form: _Format3) -> ExerciseResult:
    points, max_points = form.points(row)
    return ExerciseResult(
        id=row["id"],
        title=row["title"],
        file=row["file"],
        chapter=row["chapter"],
        points=points,
        max_points=max_points,
        counts=row.get("counts", True),
        bonus=row["bonus"],
        minutes=row.get("minutes", 0),
        learnt=row.get("learnt", ""),
        gap=row.get("gap", row["id"]),
        status=Status(row["status"]),
        tests=tuple(form.test(test) for test in row["tests"]),
        carried_forward=row["carried_forward"],
        blocked_by=tuple(row.get("blocked_by", ())),
        place=_read_place(row.get("place")),
        hint=row.get("hint", ""),
        mistakes=tuple(Mistake(m["id"], m["title"], m["explanation"]) for m in row["misconceptions"]),
        are_together=row.get("misconceptions_together", False),
        symptoms=tuple(form.symptom(found) for found in row.get("symptoms", ())),
        excerpt=_read_excerpt(row.get("excerpt")),
        excused=row.get("excused", ""),
    )


def _read_excerpt(excerpt: Mapping[str, Any] | None) -> Excerpt | None:
    return Excerpt(**{**excerpt, "lines": tuple(excerpt["lines"])}) if excerpt else None


def _read_graph(graph: Mapping[str, Any]) -> WrongGraph:
    nodes = tuple(NodeShown(**{**node, "children": tuple(node["children"])}) for node in graph["nodes"])
    found = WrongGraph(graph["script"], nodes, tuple(graph.get("exercises", ())))
    if not {name for node in nodes for name in node.children} <= {node.name for node in nodes}:
        raise KeyError(found.first_wrong.name)
    return found


def _read_place(place: Mapping[str, Any] | None) -> Place | None:
    return Place(**place) if place else None


class _Format3:
    """The parts of a report that the formats write differently."""

    def points(self, row: Mapping[str, Any]) -> tuple[Fraction, Fraction]:
        return exactly(row["exact"]["points"]), exactly(row["exact"]["max_points"])

    def confinement(self, sandbox: Any) -> Confinement:
        return Confinement(sandbox["level"], sandbox["is_sandbox"])

    def note(self, row: Any) -> Note:
        found = Note(NoteKind(row["kind"]), row["data"])
        str(found)  # KeyError where something is missing
        return found

    def symptom(self, row: Any) -> Symptom:
        found = Symptom(SymptomKind(row["kind"]), row["data"])
        str(found)
        return found

    def test(self, row: Mapping[str, Any]) -> TestResult:
        finding = row.get("finding")
        if finding:
            fault = Fault(finding["fault"]) if "fault" in finding else None
            printed = tuple(finding.get("printed", ()))
            place = _read_place(finding.get("place"))
            finding = Finding(**{"asked": "", **finding, "fault": fault, "place": place, "printed": printed})
        phases = {name: Phase(outcome, seconds) for name, (outcome, seconds) in row["phases"].items()}
        return TestResult(row["id"], Verdict(row["status"]), finding, row.get("detail", ""), row["node"], phases)


class _Format2(_Format3):
    """Points that were rounded to four decimals."""

    def points(self, row: Mapping[str, Any]) -> tuple[Fraction, Fraction]:
        """As the tests that passed give them, if that is what was rounded."""
        points, most = exactly(row["points"]), exactly(row["max_points"])
        passed = [test["status"] == Verdict.PASSED for test in row["tests"]]
        exact = most * Fraction(sum(passed), len(passed)) if passed else points
        return (exact if abs(exact - points) < Fraction(1, 10**4) else points), most


class _Format1(_Format2):
    """Texts in the place of what is typed now."""

    def confinement(self, sandbox: Any) -> Confinement:
        return Confinement(sandbox, sandbox != "limits")

    def note(self, row: Any) -> Note:
        return Note(NoteKind.OTHER, {"text": row})

    def symptom(self, row: Any) -> Symptom:
        return Symptom(SymptomKind.OTHER, {"text": row})

    def test(self, row: Mapping[str, Any]) -> TestResult:
        phases = {"call": Phase(row["status"], row["seconds"])}
        return TestResult(row["id"], Verdict(row["status"]), detail=row["message"], phases=phases)


FORMATS: dict[Any, type[_Format3]] = {1: _Format1, 2: _Format2, FORMAT: _Format3}
