"""What mg-grade watch shows: the state of watching as the text of a screen."""

from __future__ import annotations

import os
from collections.abc import Sequence

import click

from grader.base import messages
from grader.base.report import ExerciseResult
from grader.cli.output import BAR, bar
from grader.reports import screen as screens
from grader.reports.forms import terminal
from grader.reports.wording import total
from grader.study.watching import State

NEWS = 2  # exercises of which it is said what was learnt, when several pass at once
NAMED = 3  # exercises that pass no more are named, of many


def pages(state: State, size: os.terminal_size | None) -> list[str]:
    """The text of the screen, in as many pages as it needs; one where there is no size. Where not all fits, less is
    said of what was learnt, and the first page has what matters most."""
    wide = screens.width(size)
    foot = _foot(state, wide)
    if state.has_list:
        room = len(state.studied.report.results) if size is None else size.lines - screens.rows(foot, size) - 2
        return [f"{_list(state, room, wide)}\n{foot}"]
    whole = _body(state, _news(state, wide), wide)
    if size is None:
        return [whole + foot]
    if state.text:
        return screens.pages(whole, foot, size)
    short = terminal.paragraph(messages.WATCH_MORE.format(ids=_ids(state.learnt)), wide) if state.learnt else ""
    shorter = [_body(state, short, wide), _body(state, short, wide, is_brief=True)]
    return screens.pages(whole, foot, size, shorter, _body(state, short, wide, is_answer_first=True))


def _list(state: State, room: int, wide: int) -> str:
    """The exercises, or those around the one that is shown, which is marked."""
    ids = [result.id for result in state.studied.report.results]
    rows = terminal.rows(state.studied.report, wide)
    at = ids.index(state.shown)
    rows[at] = click.style(">", bold=True) + rows[at][1:]
    return "".join(f"{line}\n" for line in screens.part_of_list(rows, at, room))


def _news(state: State, wide: int) -> str:
    """What was learnt just now: of many the last in full, and the others by their names."""
    told = "\n".join(terminal.learnt(result, wide) for result in state.learnt[-NEWS:])
    if len(state.learnt) <= NEWS:
        return told
    return f"{terminal.paragraph(messages.WATCH_MORE.format(ids=_ids(state.learnt[:-NEWS])), wide)}{told}"


def _body(state: State, news: str, wide: int, is_brief: bool = False, is_answer_first: bool = False) -> str:
    """The exercise, or what is read in its place, and what else there is to say."""
    report = state.studied.report
    answers = [terminal.paragraph(text, wide) if text else "" for text in (state.below, state.trouble)]
    if state.text:
        lines = state.text.lines(wide)
        text = lines if state.text.is_code else screens.prose(lines, wide)
        parts = [f"{terminal.paragraph(state.text.heading, wide)}\n{text}"]
    else:
        parts = [_broke(state, wide), terminal.one(report, state.shown, wide, is_brief)]
        parts.append(terminal.notes(report, state.shown, wide))
    if state.studied.is_done and not state.text:
        left = state.studied.current
        parts.append(terminal.paragraph(messages.ALL_BUT_BONUS.format(id=left.id) if left else messages.ALL_DONE, wide))
    parts = [*answers, *parts, news] if is_answer_first else [*parts, answers[0], news, answers[1]]
    return "".join(f"{part.rstrip()}\n\n" for part in parts if part)


def _broke(state: State, wide: int) -> str:
    """That what is shown, or else what broke beside it, had passed before the last save."""
    broke = state.change.broke
    if not broke or state.shown not in (*broke, state.change.worked_on):
        return ""
    ids = sorted(broke, key=lambda exercise_id: exercise_id != state.shown)
    if len(ids) > NAMED:
        ids[NAMED - 1 :] = [messages.WATCH_MORE_IDS.format(number=len(ids) - NAMED + 1)]
    named = messages.LAST_OF_LIST.join([", ".join(ids[:-1]), ids[-1]] if ids[1:] else ids)
    return click.style(terminal.paragraph(messages.WATCH_BROKE.format(ids=named), wide).rstrip(), fg="yellow")


def _foot(state: State, wide: int) -> str:
    """How far it goes, and the keys."""
    report, passed = state.studied.report, state.studied.passed
    text = messages.WATCH_PROGRESS.format(passed=passed, total=len(report.results), points=total(report))
    words = messages.WATCH_LIST_KEYS if state.has_list else messages.WATCH_KEYS
    length = max(0, min(BAR, wide - len(text) - 2))
    return f"{bar(passed, len(report.results), length)} {text}\n{screens.keys(words, wide)}"


def _ids(results: Sequence[ExerciseResult]) -> str:
    return ", ".join(result.id for result in results)
