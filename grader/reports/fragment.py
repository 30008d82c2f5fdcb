"""Feedback as pieces of HTML, for a cell of a notebook or a part of a platform's page: their style is in their
elements. No text in them becomes markup."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from grader.base import messages
from grader.base.pasteable import without_imports
from grader.base.report import ExerciseResult, Report, Status
from grader.base.text import for_html
from grader.reports import drawing
from grader.reports.wording import first_failure, is_told_elsewhere, out_of, problems, remarks

COLOURS = {
    Status.PASSED: "#2e7d32",
    Status.PARTIAL: "#b26a00",
    Status.FAILED: "#c62828",
    Status.BLOCKED: "#b26a00",
    Status.ERROR: "#7b1fa2",
    Status.NOT_STARTED: "#757575",
}
TOLD = (Status.PARTIAL, Status.FAILED, Status.BLOCKED, Status.ERROR)  # of these there is something to say
_CODE = re.compile("`([^`\n]+)`")  # in a hint
# With a font of its own, as the style sheets of notebooks take that of a pre away.
CODE = (
    "margin: 0 0 1em; padding: 6px 10px; border-left: 3px solid #b0bec5; overflow-x: auto; white-space: pre-wrap; "
    "font-family: monospace"
)


def render(report: Report, ids: Collection[str], also: Sequence[str] = ()) -> str:
    """A piece of HTML for a cell of a notebook: the rows of these exercises, and what there is to say of each of them.
    also: what else there is to say, a paragraph each."""
    results = [result for result in report.results if result.id in ids]
    parts = [_table(results), *_what_to_say(results, report)]
    parts += map(_paragraph, [*also, *(f"{messages.NOTE}{found}" for found in problems(report.notes))])
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
    ids = {result.id for result in results}
    told = [result for result in results if result.status in TOLD and not is_told_elsewhere(result, ids)]
    drawn = report.wrong_graph.exercises if report.wrong_graph else ()
    first = next((result for result in told if result.id in drawn), None)
    for result in told:
        if len(results) > 1:
            yield f"<p><b>{for_html(result.id)}</b></p>"
        yield from details(result, report, has_graph=result is first, has_imports=False)
    for result in results:
        if result.status is Status.PASSED and not told:
            yield _paragraph(messages.LEARNT.format(text=result.learnt))
    todo = next((result for result in results if result.status is Status.NOT_STARTED), None)
    if todo is not None:
        yield _paragraph(messages.CHECK_NEXT.format(id=todo.id, minutes=todo.minutes, gap=todo.gap))


def told(result: ExerciseResult, report: Report) -> Iterator[str]:
    """What there is to say of one exercise, in parts; nothing of one that is not begun."""
    if result.status is Status.PASSED:
        yield _paragraph(messages.LEARNT.format(text=result.learnt))
    elif result.status is not Status.NOT_STARTED:
        yield from details(result, report)


def details(result: ExerciseResult, report: Report, has_graph: bool = True, has_imports: bool = True) -> Iterator[str]:
    """What is wrong with an exercise, in parts. has_graph: with the graph that shows its mistake, where there is one.
    has_imports: whether code is shown with its imports: in a notebook the names are there already."""
    modules = dict.fromkeys(other.file.removesuffix(".py") for other in report.results)

    def code(text: str) -> str:
        return _code(text if has_imports else without_imports(text, modules))

    graph = report.wrong_graph
    if graph and result.id in graph.exercises and has_graph:
        yield _paragraph(messages.FIRST_WRONG_PICTURE)
        yield code(graph.script) + drawing.svg(graph.nodes)
    if failure := first_failure(result):
        yield code(failure)
    for remark in remarks(result):
        yield _paragraph(remark)


def _code(text: str) -> str:
    return f'<pre style="{CODE}">{for_html(text)}</pre>'


def _paragraph(text: str) -> str:
    with_code = _CODE.sub(r"<code>\1</code>", for_html(text))
    return f"<p>{with_code}</p>"
