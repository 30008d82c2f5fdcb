"""The report that a learner reads: a table by chapter, then a short block for each exercise that failed."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Iterator

import click

from grader.base import messages
from grader.base.model import Note, NoteKind
from grader.base.points import shown, signed, total
from grader.base.report import ExerciseResult, Finding, Report, Status, Verdict, WrongGraph
from grader.base.text import columns, for_terminal, to_the_right, wrapped
from grader.base.wording import printed, verdict
from grader.reports import drawing
from grader.reports.wording import (
    comment,
    grade,
    has_grade,
    is_told_elsewhere,
    missing_files,
    out_of,
    problems,
    reason,
    remarks,
    where_next,
    without_bonus,
)

SUFFIX = ".txt"
WIDTH = 80
CODE = "    "
MARKS = {
    Status.PASSED: ("ok", "green"),
    Status.PARTIAL: ("!!", "yellow"),
    Status.FAILED: ("!!", "red"),
    Status.BLOCKED: ("..", "yellow"),
    Status.NOT_STARTED: ("--", "bright_black"),
    Status.ERROR: ("??", "magenta"),
}
ID_WIDTH = 18
POINTS_WIDTH = 13
SHORT_PLACE = 24  # columns, beside a title that can still be read


def render(report: Report) -> str:
    """The whole report, with ANSI colours (strip them where they are not wanted), ending with a newline."""
    parts = [*_table(report), "", *_total(report)]
    said: set[str] = set()
    shown = {result.id for result in report.counted}
    graph = report.wrong_graph  # with the first of the exercises whose mistake it shows
    for result in report.counted:
        if is_told_elsewhere(result, shown):
            continue
        if result.status in (Status.PARTIAL, Status.FAILED, Status.BLOCKED):
            its = graph if graph is not None and result.id in graph.exercises else None
            graph = None if its is not None else graph
            parts += _block(result, said, WIDTH, its)
    if graph is not None:
        parts += _graph(graph, WIDTH)
    parts += ["", *_closing(report, said)]
    return for_terminal("\n".join(parts)) + "\n"


def summary(report: Report) -> str:
    """The total alone, on one line (the grade, where something changes that), and what the grader failed at."""
    total = _line(messages.GRADE, grade(report)) if report.adjustments else _total(report)[0]
    return "\n".join([total, *_faults(report)]) + "\n"


def table(report: Report) -> str:
    """The exercises with their points, by chapter, and the total."""
    return "\n".join([*_table(report), "", *_total(report)]) + "\n"


def one(report: Report, exercise_id: str, width: int = WIDTH, is_brief: bool = False) -> str:
    """One exercise by itself: its row, and what is wrong with it or where to begin. is_brief: without the question that
    was asked and the lines to paste, where a graph shows as much."""
    result, graph = report.result(exercise_id), report.wrong_graph
    unread = _unread(report, result)
    place = _place(result) if result.is_begun and not unread else ""
    lines = [_row(result, width, place if columns(place) <= SHORT_PLACE else "")]
    lines += _wrapped(place, then=CODE, width=width) if columns(place) > SHORT_PLACE else []
    if unread is not None:
        lines += ["", *_wrapped(str(unread), then=CODE, width=width)]
        lines += _wrapped(messages.NOTHING_BEFORE.format(file=result.file), width=width)
    elif result.status is Status.NOT_STARTED:
        text = messages.STUDY_NEXT.format(
            id=result.id, place=result.place or result.file, minutes=result.minutes, gap=result.gap
        )
        lines += ["", *_wrapped(text, "", "  ", width)]
    elif result.status is Status.PASSED:
        lines += ["", *_wrapped(messages.LEARNT.format(text=result.learnt), "", "  ", width)]
    else:
        lines += ["", *_told(result, width, graph if graph and exercise_id in graph.exercises else None, is_brief)]
    return for_terminal("\n".join(lines)) + "\n"


def learnt(result: ExerciseResult, width: int = WIDTH) -> str:
    """That an exercise passes now, and what is to be taken from it."""
    done = paragraph(messages.STUDY_DONE.format(id=result.id, title=result.title), width)
    return f"{click.style(done.rstrip(), fg='green')}\n{paragraph(messages.LEARNT.format(text=result.learnt), width)}"


def rows(report: Report, width: int = WIDTH) -> list[str]:
    """A row for each exercise, asked for or not."""
    return [_row(result, width) for result in report.results]


def notes(report: Report, exercise_id: str = "", width: int = WIDTH) -> str:
    """What went wrong while the files were read, or was not quite as it should be; nothing where all was well.
    exercise_id: the exercise beside which it stands, which has told its own part already."""
    told = _unread(report, report.result(exercise_id)) if exercise_id else None
    said = [found for found in problems(report.notes) if found is not told]
    return "".join(f"{line}\n" for found in said for line in _wrapped(str(found), messages.NOTE, width=width))


def paragraph(text: str, width: int = WIDTH) -> str:
    """A text in lines that fit."""
    return "\n".join(_wrapped(text, "", "  ", width)) + "\n"


def _table(report: Report) -> Iterator[str]:
    missing = missing_files(report.counted)
    for (file, chapter), group in itertools.groupby(report.listed, key=lambda r: (r.file, r.chapter)):
        if file in missing:
            continue
        results = list(group)
        counted = [r for r in results if r.counts and not r.bonus]
        points = f"{shown(total(r.points for r in counted))} / {shown(total(r.max_points for r in counted))}"
        yield click.style(_line(f"{file}  {chapter}", points), bold=True)
        yield from (_row(result) for result in results)
    if missing:
        number = sum(map(len, missing.values()))
        points = shown(total(r.max_points for results in missing.values() for r in results if not r.bonus))
        text = messages.NOTHING_HANDED_IN.format(files=", ".join(missing), number=number, points=points)
        yield from _wrapped(text, indent="", then="  ")


def _unread(report: Report, result: ExerciseResult) -> Note | None:
    """Why the file of an exercise that does not pass cannot be read as Python, if it cannot."""
    if result.status is Status.PASSED:
        return None
    unread = (found for found in report.notes if found.kind in (NoteKind.NOT_PYTHON, NoteKind.NEWER_PYTHON))
    return next((found for found in unread if f"/{found.data['place']}".rpartition(f"/{result.file}:")[1]), None)


def _row(result: ExerciseResult, width: int = WIDTH, place: str = "") -> str:
    title_width = width - ID_WIDTH - POINTS_WIDTH - 10
    title = textwrap.shorten(result.title, title_width - columns(place) - 2 * bool(place), placeholder="...")
    title += to_the_right(place, title_width - len(title))
    row = f"{result.id:<{ID_WIDTH}}  {title:<{title_width}}"
    star = "*" if result.carried_forward else " "
    if result.excused:
        points = messages.EXCUSED
    elif result.status is Status.NOT_STARTED:
        points = messages.NOT_STARTED
    elif result.status is Status.ERROR:
        points = messages.ERROR_STATUS
    else:
        points = out_of(result) + star
    return f"  {_marked(result)}  {row}{points.rjust(POINTS_WIDTH + 1)}".rstrip()


def _marked(result: ExerciseResult) -> str:
    mark, colour = MARKS[result.status]
    return click.style(mark, fg=colour)


def _total(report: Report) -> list[str]:
    lines = [click.style(_line(messages.TOTAL, without_bonus(report)), bold=True)]
    if report.earned_bonus:
        lines.append(_line(messages.BONUS, signed(report.earned_bonus)))
    for one in report.adjustments:
        *before, last = _wrapped(reason(one), width=WIDTH - POINTS_WIDTH)
        lines += [*before, _line(last, signed(one.points))]
    if has_grade(report):
        lines.append(click.style(_line(messages.GRADE, grade(report)), bold=True))
    for said in report.comments:
        lines += _wrapped(comment(said))
    if any(result.carried_forward for result in report.counted):
        lines += ["", messages.CARRIED]
    return lines


def _block(result: ExerciseResult, said: set[str], width: int, graph: WrongGraph | None) -> list[str]:
    """What a learner needs to see of a failed exercise, with a heading. said: the errors that several exercises share;
    each is told once."""
    finding = _finding(result)
    if finding is not None:
        if finding.error in said and not finding.script and not result.carried_forward:
            return []
        if result.status is not Status.BLOCKED:
            said.add(finding.error)
    return ["", *_heading(result, width), *_told(result, width, graph)]


def _heading(result: ExerciseResult, width: int) -> Iterator[str]:
    """What an exercise is, and where to look: on a line of its own where both have no room on one."""
    title, place = f"{result.id}  {result.title}", _place(result)
    has_room = columns(title + place) < width - 2
    yield click.style(_line(title, place if has_room else "", width), bold=True)
    if not has_room:
        yield from (click.style(line, bold=True) for line in _wrapped(place, then=CODE, width=width))


def _told(result: ExerciseResult, width: int, graph: WrongGraph | None, is_brief: bool = False) -> list[str]:
    """The same without the heading: the graph that shows it first. is_brief: whether a graph stands for the question
    that was asked, and that without lines to paste."""
    drawn = _graph(graph, width, is_brief)[1:] if graph is not None else []
    finding = _finding(result)
    if finding is None:  # of a report that was stored by an earlier version
        detail = result.first_failed.detail if result.first_failed else ""
        return [*drawn, *(f"  {line}" for line in detail.splitlines()), *_remarks(result, width)]
    if result.status is Status.BLOCKED:
        return _wrapped(messages.BLOCKED.format(ids=", ".join(result.blocked_by)), width=width)
    if not finding.script and not result.carried_forward:
        return [
            *_wrapped(finding.error, then=CODE, width=width),
            *(f"{CODE}{line}" for line in finding.source.splitlines()),
            *(_remarks(result, width) if finding.source else ()),
        ]
    lines = [*drawn, ""] if drawn else []
    if drawn and is_brief:
        lines += _wrapped(messages.QUESTION_LEFT_OUT, width=width)
    else:
        lines += _wrapped(finding.asked, width=width)
        lines += [f"{CODE}{line}".rstrip() for line in finding.script.splitlines()]
        lines += [f"  {line}".rstrip() for line in printed(finding)]
        for line in verdict(finding):
            lines += _wrapped(line, then=" " * 12, width=width)
    lines += _remarks(result, width)
    failed = sum(test.verdict is not Verdict.PASSED for test in result.tests)
    if failed < len(result.tests):
        text = messages.TESTS_PASS.format(passed=len(result.tests) - failed, total=len(result.tests))
        lines += _wrapped(text, width=width)
    return lines


def _finding(result: ExerciseResult) -> Finding | None:
    return result.first_failed.finding if result.first_failed else None


def _place(result: ExerciseResult) -> str:
    return str(result.where or "")


def _remarks(result: ExerciseResult, width: int) -> list[str]:
    return [line for remark in remarks(result) for line in _wrapped(remark, width=width)]


def _graph(graph: WrongGraph, width: int, is_brief: bool = False) -> list[str]:
    """The graph as a tree from the root, with the learner's numbers and the right ones beside them. is_brief: without
    the lines to paste."""
    lines = ["", *(click.style(line, bold=True) for line in _wrapped(messages.FIRST_WRONG, width=width))]
    lines += [] if is_brief else [*(f"{CODE}{line}" for line in graph.script.splitlines()), ""]
    return lines + drawing.tree(graph.nodes, width=width)


def _closing(report: Report, said: set[str]) -> Iterator[str]:
    for text in (text for text in map(str, report.notes) if text not in said):
        yield from _wrapped(text, indent=messages.NOTE)  # on every line: none begins with a learner's text
    yield from _faults(report)
    yield from _wrapped(where_next(report), indent="", then="  ")


def _faults(report: Report) -> Iterator[str]:
    faults: dict[str, list[str]] = {}
    for result in report.grader_faults:
        detail = next(test.detail for test in result.tests if test.verdict is Verdict.ERROR)
        faults.setdefault(detail, []).append(result.id)
    for detail, ids in faults.items():
        is_all = len(ids) == len(report.results) > 1
        text = messages.GRADER_FAILED_ON_ALL if is_all else messages.GRADER_FAILED
        text = text.format(ids=", ".join(ids), detail=detail)
        yield from _wrapped(text, indent=messages.NOTE)


def _line(left: str, right: str, width: int = WIDTH) -> str:
    room = width - 2 - columns(right)
    left = left if len(left) <= room or not right else f"{left[: room - 3].rstrip()}..."
    return f"{left} {to_the_right(right, width - 2 - len(left))}" if right else left


def _wrapped(text: str, indent: str = "  ", then: str = "", width: int = WIDTH) -> list[str]:
    """Lines of a text, indented; those after the first with `then`, if it is given."""
    return wrapped(text, width, indent, then or indent)
