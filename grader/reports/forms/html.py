"""Feedback as a page that stands alone (pages/feedback.html): what the terminal shows, and the learner's own lines."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from markupsafe import Markup

from grader.base import messages
from grader.base.points import total
from grader.base.report import ExerciseResult, Report, Status, Verdict, WrongGraph
from grader.base.wording import answers
from grader.reports import drawing
from grader.reports.pages import page
from grader.reports.wording import beside, is_told_elsewhere, missing_files, remarks, where_next

SUFFIX = ".html"
TOLD = (Status.PARTIAL, Status.FAILED, Status.BLOCKED, Status.ERROR)  # of these there is something to say


@dataclass(frozen=True)
class _Chapter:
    title: str
    file: str
    results: Sequence[ExerciseResult]
    is_missing: bool

    @property
    def points(self) -> Fraction:
        return total(result.points for result in self.results if result.counts and not result.bonus)

    @property
    def max_points(self) -> Fraction:
        return total(result.max_points for result in self.results if result.counts and not result.bonus)

    @property
    def missing(self) -> str:
        return messages.PAGE_NOTHING_HANDED_IN.format(number=len(self.results))


@dataclass(frozen=True)
class _Graph:
    """Where the engine's gradients first go wrong: as a picture, and as text."""

    script: str
    picture: Markup
    tree: str


@dataclass(frozen=True)
class _Told:
    """What is said of an exercise that does not pass. answers: each with its label."""

    result: ExerciseResult
    place: str
    asked: str = ""
    script: str = ""
    answers: Sequence[tuple[str, str]] = ()
    printed: str = ""
    remarks: Sequence[str] = ()
    graph: _Graph | None = None
    tests: str = ""


def render(report: Report) -> str:
    """The report as a page: the grade, the table by chapter, then every exercise that was begun and has not passed."""
    missing = missing_files(report.counted)
    chapters = [
        _Chapter(title, file, list(results), file in missing)
        for (title, file), results in itertools.groupby(report.listed, key=lambda r: (r.chapter, r.file))
    ]
    ids = {result.id for result in report.counted}
    graph = report.wrong_graph
    told = {}
    for result in report.counted:
        if result.status in TOLD and not is_told_elsewhere(result, ids):
            its = graph if graph is not None and result.id in graph.exercises else None
            told[result.id] = _told(result, its)
    # Of a report stored by an older version it belongs to no exercise.
    is_loose = graph is not None and not any(one.graph for one in told.values())
    return page(
        "feedback.html",
        report=report,
        beside=beside(report),
        chapters=chapters,
        told=told,
        loose_graph=_graph(graph) if graph is not None and is_loose else None,
        has_carried=any(result.carried_forward for result in report.counted),
        next=where_next(report),
        notes=list(map(str, report.notes)),
    )


def nothing(why: str, name: str, is_excused: bool = False) -> str:
    """The page of somebody for whom there is no report."""
    return page("nothing.html", name=name, why=why, is_excused=is_excused)


def _told(result: ExerciseResult, graph: WrongGraph | None) -> _Told:
    place = str(result.where or "")
    if result.status is Status.BLOCKED:
        return _Told(result, place, asked=messages.BLOCKED.format(ids=", ".join(result.blocked_by)))
    first = result.first_failed
    finding = first.finding if first else None
    drawn = _graph(graph) if graph else None
    if finding is None:  # the grader failed, or the report was stored by an earlier version
        return _Told(result, place, asked=first.detail if first else "", remarks=remarks(result), graph=drawn)
    failed = sum(test.verdict is not Verdict.PASSED for test in result.tests)
    tests = messages.TESTS_PASS.format(passed=len(result.tests) - failed, total=len(result.tests))
    return _Told(
        result,
        place,
        asked=finding.asked,
        script=finding.script or finding.source,
        answers=answers(finding),
        printed="\n".join(finding.printed),
        remarks=remarks(result),
        graph=drawn,
        tests=tests if failed < len(result.tests) else "",
    )


def _graph(graph: WrongGraph) -> _Graph:
    picture = Markup(drawing.svg(graph.nodes))  # noqa: S704 - it has escaped its texts
    return _Graph(graph.script, picture, "\n".join(drawing.tree(graph.nodes)))
