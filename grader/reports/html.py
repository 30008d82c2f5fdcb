"""Feedback as a piece of HTML, for a cell of a notebook: what the terminal shows, the graph as a picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from grader import messages
from grader.first_wrong import EXERCISES
from grader.manifest import kit_manifest
from grader.model import NodeShown
from grader.pasteable import without_imports
from grader.reports import drawing
from grader.reports.wording import amount, first_failure, problems, remarks

COLOURS = {"passed": "#2e7d32", "partial": "#b26a00", "failed": "#c62828", "blocked": "#b26a00", "error": "#7b1fa2"}
GREY = "#757575"
CODE = "padding: 6px 10px; border-left: 3px solid #b0bec5; overflow-x: auto; white-space: pre-wrap"


def render(report: Mapping[str, Any], ids: Sequence[str]) -> str:
    """The rows of these exercises of a report (the data of its JSON), and what is to be said of the first of them that
    is not finished. No text in it becomes markup."""
    exercises = [exercise for exercise in report["exercises"] if exercise["id"] in ids]
    rows = "".join(_row(exercise) for exercise in exercises)
    parts = [f'<table style="text-align: left">{rows}</table>', *_what_to_say(exercises, report)]
    parts += [_paragraph(f"{messages.NOTE}{warning}") for warning in problems(report["warnings"])]
    return f'<div class="mg-grade">{"".join(parts)}</div>'


def _row(exercise: Mapping[str, Any]) -> str:
    status = exercise["status"]
    points = "" if status == "not-started" else f"{amount(exercise['points'])} / {amount(exercise['max_points'])}"
    colour = COLOURS.get(status, GREY)
    cells = [f'<b style="color: {colour}">{escape(status)}</b>', exercise["id"], exercise["title"], points]
    texts = [cells[0], *(escape(text) for text in cells[1:])]
    return "<tr>" + "".join(f'<td style="text-align: left; padding-right: 1em">{text}</td>' for text in texts) + "</tr>"


def _what_to_say(exercises: Sequence[Mapping[str, Any]], report: Mapping[str, Any]) -> Iterator[str]:
    begun = [exercise for exercise in exercises if exercise["status"] in ("partial", "failed", "error")]
    if begun:
        yield from _feedback(begun[0], report)
        return
    for exercise in exercises:
        its = kit_manifest().by_id[exercise["id"]]
        if exercise["status"] == "passed":
            yield _paragraph(messages.LEARNT.format(text=its.learnt))
        elif exercise["status"] == "not-started":
            yield _paragraph(messages.CHECK_NEXT.format(id=its.id, minutes=its.minutes, gap=its.gap))
            return
        else:
            yield _paragraph(first_failure(exercise))
            return


def _feedback(exercise: Mapping[str, Any], report: Mapping[str, Any]) -> Iterator[str]:
    yield f"<p><b>{escape(exercise['id'])}</b></p>"
    yield f'<pre style="{CODE}">{escape(without_imports(first_failure(exercise), kit_manifest()))}</pre>'
    for remark in remarks(exercise):
        yield _paragraph(remark)
    graph = report["wrong_graph"]
    operations = graph["script"].partition("\n")[2] if graph else ""
    if operations and EXERCISES.get(exercise["id"], operations + "?") in operations:
        nodes = [NodeShown(**{**node, "children": tuple(node["children"])}) for node in graph["nodes"]]
        yield _paragraph(messages.FIRST_WRONG_PICTURE)
        script = without_imports(graph["script"], kit_manifest())
        yield f'<pre style="{CODE}">{escape(script)}</pre>{drawing.svg(nodes)}'


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"
