"""Feedback as pieces of HTML, for a cell of a notebook or a part of a platform's page: their style is in their
elements. No text in them becomes markup."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from grader.base import messages
from grader.base.pasteable import without_imports
from grader.base.report import ExerciseResult, Report, Status
from grader.base.text import for_html
from grader.reports import drawing
from grader.reports.wording import first_failure, out_of, problems, remarks

COLOURS = {
    Status.PASSED: "#2e7d32",
    Status.PARTIAL: "#b26a00",
    Status.FAILED: "#c62828",
    Status.BLOCKED: "#b26a00",
    Status.ERROR: "#7b1fa2",
    Status.NOT_STARTED: "#757575",
}
TOLD = (Status.PARTIAL, Status.FAILED, Status.ERROR)  # of these there is something to say
CODE = "padding: 6px 10px; border-left: 3px solid #b0bec5; overflow-x: auto; white-space: pre-wrap"


def render(report: Report, ids: Collection[str]) -> str:
    """A piece of HTML for a cell of a notebook: the rows of these exercises, and what there is to say of the first of
    them that is not finished."""
    results = [result for result in report.results if result.id in ids]
    parts = [_table(results), *_what_to_say(results, report)]
    parts += [_paragraph(f"{messages.NOTE}{found}") for found in problems(report.notes)]
    return f'<div class="mg-grade">{"".join(parts)}</div>'


def _table(results: Sequence[ExerciseResult]) -> str:
    return f'<table style="text-align: left">{"".join(map(_row, results))}</table>'


def _row(result: ExerciseResult) -> str:
    is_begun = result.status is not Status.NOT_STARTED
    points = out_of(result) if is_begun else ""
    status = f'<b style="color: {COLOURS[result.status]}">{for_html(result.status)}</b>'
    texts = [status, *map(for_html, (result.id, result.title, points))]
    return "<tr>" + "".join(f'<td style="text-align: left; padding-right: 1em">{text}</td>' for text in texts) + "</tr>"


def _what_to_say(results: Sequence[ExerciseResult], report: Report) -> Iterator[str]:
    begun = [result for result in results if result.status in TOLD]
    if begun:
        yield f"<p><b>{for_html(begun[0].id)}</b></p>"
        yield from details(begun[0], report, has_imports=False)
        return
    for result in results:
        if result.status is Status.PASSED:
            yield _paragraph(messages.LEARNT.format(text=result.learnt))
        elif result.status is Status.NOT_STARTED:
            yield _paragraph(messages.CHECK_NEXT.format(id=result.id, minutes=result.minutes, gap=result.gap))
            return
        else:
            yield _paragraph(first_failure(result))
            return


def told(result: ExerciseResult, report: Report) -> Iterator[str]:
    """What there is to say of one exercise, in parts; nothing of one that is not begun."""
    if result.status is Status.PASSED:
        yield _paragraph(messages.LEARNT.format(text=result.learnt))
    elif result.status is not Status.NOT_STARTED:
        yield from details(result, report)


def details(result: ExerciseResult, report: Report, has_imports: bool = True) -> Iterator[str]:
    """What is wrong with an exercise, in parts. has_imports: whether code is shown with its imports: in a notebook the
    names are there already."""
    modules = dict.fromkeys(other.file.removesuffix(".py") for other in report.results)

    def code(text: str) -> str:
        return _code(text if has_imports else without_imports(text, modules))

    graph = report.wrong_graph
    if graph and result.id in graph.exercises:
        yield _paragraph(messages.FIRST_WRONG_PICTURE)
        yield code(graph.script) + drawing.svg(graph.nodes)
    if failure := first_failure(result):
        yield code(failure)
    for remark in remarks(result):
        yield _paragraph(remark)


def _code(text: str) -> str:
    return f'<pre style="{CODE}">{for_html(text)}</pre>'


def _paragraph(text: str) -> str:
    return f"<p>{for_html(text)}</p>"
