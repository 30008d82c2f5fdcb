"""mg-grade watch: grades on every save, and shows the exercise that is being worked on."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from grader.base import messages
from grader.base.errors import StudyError
from grader.base.report import ExerciseResult
from grader.cli.keyboard import KEYS_AT_ONCE, has_come, keys, pressed
from grader.cli.output import bar, can_move, say, terminal_size
from grader.cli.study import folder_argument
from grader.kit import read_kit
from grader.reports import screen as screens
from grader.reports.forms import terminal
from grader.reports.wording import amount
from grader.sandbox.confine import choose
from grader.study.changes import Changes
from grader.study.watching import State, Watching

CLEAR = "\x1b[2J\x1b[H"
NEWS = 2  # exercises of which it is said what was learnt, when several pass at once


@dataclass(frozen=True)
class Saved:
    """Files have changed."""

    files: frozenset[str]


@dataclass(frozen=True)
class Pressed:
    """A key."""

    key: str


@dataclass(frozen=True)
class Resized:
    """The screen has to be drawn anew."""


@dataclass(frozen=True)
class Closed:
    """There are no keys any more."""


Event = Saved | Pressed | Resized | Closed


@click.command("watch", help=messages.HELP_WATCH)
@folder_argument
def watch_command(folder: Path) -> int:
    """Watch until somebody quits."""
    if not (sys.stdin and sys.stdin.isatty()):
        raise StudyError(messages.WATCH_NO_TERMINAL)
    watching = Watching(folder, read_kit(), choose().level)
    changes = Changes(folder)
    try:
        with keys() as (keyboard, drawn_over):
            state = watching.begin()
            draw(state)
            for event in _events(changes, keyboard, drawn_over):
                match event:
                    case Saved(files):
                        _say_that_it_grades()
                        state, rest = watching.changed(state, files)
                        # What was pressed meanwhile was meant for what stood there before.
                        if has_come(keyboard) and b"q" in os.read(keyboard, KEYS_AT_ONCE):
                            return 0
                        draw(state)
                        if rest:  # a key pressed now is meant for what is shown, and read afterwards
                            state = watching.graded(state, rest)
                            draw(state)
                    case Pressed("q") | Closed():
                        return 0
                    case Pressed(key):
                        state = watching.pressed(state, key)
                        draw(state)
                    case Resized():
                        draw(state)
    finally:
        changes.close()
    return 0


def _events(changes: Changes, keyboard: int, drawn_over: int) -> Iterator[Event]:
    """What happens, one after the other, for as long as it is asked for."""
    while True:
        changed = changes.wait([keyboard, drawn_over])
        if changed:
            yield Saved(frozenset(changed))
        if has_come(drawn_over):
            os.read(drawn_over, KEYS_AT_ONCE)
            yield Resized()
        if not changed and has_come(keyboard):
            text = os.read(keyboard, KEYS_AT_ONCE).decode("utf-8", "replace")
            yield from map(Pressed, pressed(text.lower())) if text else [Closed()]


def _say_that_it_grades() -> None:
    if can_move():
        say(f"{messages.PROGRESS} ...", nl=False)
        sys.stdout.flush()


def draw(state: State) -> None:
    """Draw the screen, or print it where there is none that can be drawn on."""
    if can_move():
        sys.stdout.write(CLEAR)
        say(screen(state, terminal_size()))
    else:
        say(f"\n{'-' * 40}")
        say(screen(state, None))
    sys.stdout.flush()


def screen(state: State, size: os.terminal_size | None) -> str:
    """The text of the screen. Where not all fits, feedback comes before news and before lines of code."""
    whole = _screen(state, _news(state))
    if size is None:
        return whole
    if state.learnt and not screens.fits(whole, size):
        whole = _screen(state, terminal.paragraph(messages.WATCH_MORE.format(ids=_ids(state.learnt))))
    return screens.fitted(whole, size)


def _news(state: State) -> str:
    """What was learnt just now: of many the last in full, and the others by their names."""
    told = "\n".join(terminal.learnt(result) for result in state.learnt[-NEWS:])
    if len(state.learnt) <= NEWS:
        return told
    return f"{terminal.paragraph(messages.WATCH_MORE.format(ids=_ids(state.learnt[:-NEWS])))}{told}"


def _screen(state: State, news: str) -> str:
    """The exercise, what there is to say of it, and how far it goes."""
    report, passed = state.studied.report, state.studied.passed
    if state.has_list:
        parts = ["\n".join(terminal.rows(report))]
    elif state.solution:
        parts = [f"{messages.WATCH_PAGE.format(id=state.shown)}\n\n{state.solution}"]
    else:
        parts = [terminal.one(report, state.shown), terminal.notes(report)]
    if state.studied.is_done:
        left = state.studied.current
        text = messages.ALL_BUT_BONUS.format(id=left.id) if left else messages.ALL_DONE
        parts.append(terminal.paragraph(text))
    parts += [terminal.paragraph(state.below) if state.below else "", news]
    parts += [terminal.paragraph(state.trouble) if state.trouble else ""]
    lines = [f"{part.rstrip()}\n\n" for part in parts if part]
    bonus = f" + {amount(report.bonus_points)}" if report.bonus_points else ""
    points = f"{amount(report.points)} / {amount(report.max_points)}{bonus}"
    text = messages.WATCH_PROGRESS.format(passed=passed, total=len(report.results), points=points)
    return "".join([*lines, f"{bar(passed, len(report.results))} {text}\n", messages.WATCH_KEYS])


def _ids(results: Sequence[ExerciseResult]) -> str:
    return ", ".join(result.id for result in results)
